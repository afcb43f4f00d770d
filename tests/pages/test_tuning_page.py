"""What the tuning page says of a study, and what it lets the analyst do with one."""

import pytest

from components.search_shows import stage
from tests.pages.conftest import texts


def opened(open_page, finished):
    app = open_page("tuning", experiment=finished.tuned, run=finished.tuning_run)
    assert not app.exception
    return app


def test_a_study_of_six_trials_is_too_young_for_advice(open_page, finished):
    shown = texts(opened(open_page, finished))
    assert "What the search shows" in shown
    assert "Too early to tell: fewer than 8 trials are complete." in shown
    assert "Importance is how much" in shown


@pytest.mark.parametrize(("before", "after"), [(39, 40), (40, 43), (10_000, 10_600)])
def test_a_report_is_made_anew_once_five_percent_more_trials_have_ended(before, after):
    assert stage(before, exact=False) < stage(after, exact=False)


def test_a_large_study_is_not_looked_at_again_for_every_trial():
    assert len({stage(n, exact=False) for n in range(10_000)}) < 160
    assert stage(10_000, exact=True) == 10_000

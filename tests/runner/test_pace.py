"""How long a run will still take."""

import pytest

from modelling.runner.pace import Pace


def test_a_run_that_begins_goes_on_as_it_began():
    pace = Pace()
    assert pace.remaining_s(0.0, 0.0) is None
    assert pace.remaining_s(1.0, 0.01) is None
    assert pace.remaining_s(10.0, 0.25) == pytest.approx(30.0)


def test_what_an_earlier_attempt_did_says_nothing_of_the_pace():
    pace = Pace()
    pace.remaining_s(0.5, 0.8)
    assert pace.remaining_s(5.0, 0.81) is None
    assert pace.remaining_s(10.5, 0.85) == pytest.approx(30.0)
    assert pace.remaining_s(40.5, 1.0) == 0.0

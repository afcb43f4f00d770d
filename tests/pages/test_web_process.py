"""What the web process may not do: load the heavy libraries, or start work twice."""

from tests.pages.every_page import loaded_by_opening


def test_opening_every_page_loads_no_library_that_fits_models(finished):
    settings = finished.workbench.settings
    assert loaded_by_opening(settings, finished.tuned, finished.dataset) == []


def test_a_second_click_on_the_same_work_finds_the_same_run(open_page, finished):
    app = open_page("tuning", experiment=finished.fresh)
    assert not app.button
    workbench = finished.workbench
    first = workbench.start_benchmark(finished.fresh, ["dummy"])
    again = workbench.start_benchmark(finished.fresh, ["dummy"])
    assert first.id == again.id
    workbench.wait(first.id, timeout_s=60)


def test_a_start_that_fails_says_why_and_starts_nothing(open_page, finished):
    app = open_page("tuning", experiment=finished.tuned)
    n_before = len(finished.workbench.runs(finished.tuned))
    app.number_input(key="tuning_budget").set_value(0.0).run()
    app.button(key="tuning_start").click().run()
    assert len(app.error) == 1
    assert len(finished.workbench.runs(finished.tuned)) == n_before

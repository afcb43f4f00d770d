"""Two studies at once in a real browser: watched, stopped, extended, given a trial by hand."""

import time

import pytest
from playwright.sync_api import expect

from modelling.types import Budget, Rung, RunState
from tests.browser.conftest import box, expect_state, expect_title, small_experiment

pytestmark = pytest.mark.browser


def benchmarked(server, tmp_path, target):
    experiment = small_experiment(server, tmp_path, target)
    bench = server.workbench
    bench.wait(bench.start_benchmark(experiment, ["logistic", "tree"]).id, timeout_s=60)
    return experiment


def trials_by_hand(bench, run):
    """Return the trials that were asked for, once the study has taken them up."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        found = [trial for trial in bench.trials(run) if trial.origin == "by hand"]
        if found:
            return found
        time.sleep(0.2)
    return []


def click_until_visible(button, wanted, times=4):
    """Click as a person would: a poll may move the page between the press and the release."""
    for _ in range(times):
        button.click()
        try:
            expect(wanted).to_be_visible(timeout=6_000)
        except AssertionError:
            continue
        return
    expect(wanted).to_be_visible()


def test_two_studies_at_once_one_stopped_the_other_extended(server, context, page, tmp_path):
    bench = server.workbench
    long, short = (benchmarked(server, tmp_path, target) for target in ("answer", "reply"))
    stopped = bench.start_tuning(long, ["tree"], Budget(trials=100_000))
    extended = bench.start_tuning(short, ["tree"], Budget(trials=8))
    page.goto(f"{server.url}/tuning?experiment={long}&run={stopped.id}")
    other = context.new_page()
    other.goto(f"{server.url}/tuning?experiment={short}&run={extended.id}")

    # The first is still running while the second comes to its end.
    expect_state(other, "finished")
    expect_state(page, "running", timeout_s=20)
    expect(box(page, "tuning_history").locator(".js-plotly-plot:visible")).to_be_visible()

    box(page, "tuning_wish").locator("summary").click()
    depth = box(page, "tuning_wish").get_by_role("spinbutton", name="max_depth")
    depth.fill("9")
    depth.press("Enter")
    queued = page.get_by_text("Queued: it is the next trial")
    click_until_visible(box(page, "tuning_wish_add").get_by_role("button"), queued)

    asked = {trial.params["max_depth"] for trial in trials_by_hand(bench, stopped.id)}
    assert asked == {9}

    box(page, "run_stop").get_by_role("button").click()
    expect_state(page, "stopped", timeout_s=20)

    expect_title(other, "Tuning")
    amount = box(other, "tuning_extend_by").get_by_role("spinbutton")
    amount.fill("3")
    amount.press("Enter")
    box(other, "tuning_extend").get_by_role("button").click()
    expect(other).not_to_have_url(f"{server.url}/tuning?experiment={short}&run={extended.id}")
    newest = bench.wait(bench.runs(short)[0].id, timeout_s=60)
    expect_state(other, "finished")
    assert (newest.state, newest.spec.extends) == (RunState.FINISHED, extended.id)
    assert len(bench.trials(newest.id)) == 11


def test_the_ladder_is_measured_and_drawn_beside_tuning(server, page, tmp_path):
    bench = server.workbench
    experiment = benchmarked(server, tmp_path, "answer")
    bench.wait(bench.start_tuning(experiment, ["tree"], Budget(trials=6)).id, timeout_s=60)
    page.goto(f"{server.url}/tuning?experiment={experiment}")
    box(page, "ladder_start").get_by_role("button").click()
    expect(page.get_by_text("All is measured.")).to_be_visible(timeout=60_000)
    for key in ("ladder_chart", "ladder_curve"):
        expect(box(page, key).locator(".js-plotly-plot:visible")).to_be_visible()
    found = [one.rung for one in bench.rungs(experiment, "tree")]
    assert found == [Rung.KNOWN_GOOD, Rung.ENSEMBLE, Rung.MORE_ROWS]

"""The benchmark page in a real browser: filter, a click on a row, files, another try."""

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from modelling.types import FitLimits
from tests.browser.conftest import box, choose, expect_state, expect_title, small_experiment
from tests.browser.test_journey import query

pytestmark = pytest.mark.browser
MODELS = ["Logistic", "Decision tree", "Naive Bayes"]
# Of a table: the middle of its column of tick boxes, the height of a line.
TICK_PX, LINE_PX = 16, 35
HOVER_MS = 300


def click_row(page: Page, place: int) -> None:
    """Click the tick box of a row of the leaderboard, 0 for the first."""
    table = box(page, "benchmark_table").locator(".dvn-scroller")
    tick = {"x": TICK_PX, "y": LINE_PX * (place + 1.5)}
    # The grid takes a mark away only from a row that it has seen the mouse over.
    table.hover(position=tick)
    page.wait_for_timeout(HOVER_MS)
    table.click(position=tick)


def pill(page: Page, name: str):
    return box(page, "benchmark_family").get_by_text(name, exact=True)


def file_of(page: Page, label: str) -> Path:
    with page.expect_download() as download:
        page.get_by_role("button", name=label, exact=True).click()
    return Path(download.value.path())


def top_of(page: Page, key: str) -> float:
    # While a chart is drawn anew, what it replaces is still there, hidden.
    place = box(page, key).filter(visible=True).first.bounding_box()
    assert place is not None
    return place["y"]


def test_a_benchmark_is_filtered_selected_and_downloaded(server, page, tmp_path):
    experiment = small_experiment(server, tmp_path)
    page.goto(f"{server.url}/benchmark?experiment={experiment}")
    choose(page, "benchmark_models", MODELS)
    page.get_by_role("button", name="Run benchmark").click()
    expect(box(page, "benchmark_table")).to_be_visible()
    expect_state(page, "finished")
    lines = server.workbench.leaderboard(experiment)
    # Three models, the dummy and their ensemble.
    assert len(lines) == 5

    click_row(page, 0)
    details = box(page, "benchmark_details")
    expect(details.get_by_role("heading")).to_have_text(lines[0].row.title)
    expect(details).to_contain_text("All 5 folds: finished")
    expect(details).to_contain_text(f"{lines[0].row.cv_score:.4f}")
    file = file_of(page, "Out-of-fold predictions (CSV)")
    rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"))))
    assert list(rows[0]) == ["row", "fold", "truth", "probability_no", "probability_yes"]
    assert len(rows) == server.workbench.experiment(experiment).n_train

    pill(page, "linear").click()
    chart = box(page, "benchmark_leaderboard").locator(".js-plotly-plot:visible")
    expect(chart).to_contain_text("Logistic regression")
    expect(chart).not_to_contain_text("Decision tree")
    file = file_of(page, "Leaderboard (CSV)")
    (row,) = csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig")))
    assert row["model"] == "Logistic regression"
    assert row["parameters"] == "C = 1, max_iter = 1000"
    assert file_of(page, "Leaderboard (Parquet)").read_bytes()[:4] == b"PAR1"


def test_a_selected_model_stays_selected_while_others_move_past_it(server, page, tmp_path):
    experiment = small_experiment(server, tmp_path)
    server.workbench.wait(server.workbench.start_benchmark(experiment, ["logistic"]).id)
    page.goto(f"{server.url}/benchmark?experiment={experiment}")
    expect_title(page, "Benchmark")
    expect(box(page, "benchmark_table")).to_be_visible()
    click_row(page, 1)
    heading = box(page, "benchmark_details").get_by_role("heading")
    expect(heading).to_have_text("Dummy (no features)")
    choose(page, "benchmark_models", MODELS)
    page.get_by_role("button", name="Run benchmark").click()
    expect(box(page, "run_status")).to_contain_text("Benchmark of 3 models")
    expect_state(page, "finished")
    order = [line.row.key for line in server.workbench.leaderboard(experiment)]
    assert order.index("dummy") == 4
    expect(heading).to_have_text("Dummy (no features)")
    # A click on its new line takes the mark away, so that is where the mark stands.
    click_row(page, 4)
    expect(box(page, "benchmark_details")).to_have_count(0)


def test_nothing_jumps_between_the_first_model_and_the_end_of_a_run(server, page, tmp_path):
    experiment = small_experiment(server, tmp_path)
    page.goto(f"{server.url}/benchmark?experiment={experiment}")
    expect_title(page, "Benchmark")
    page.get_by_role("button", name="Run benchmark").click()
    chart = box(page, "benchmark_leaderboard").locator(".js-plotly-plot:visible")
    expect(chart.first).to_contain_text("Naive Bayes")
    keys = ("benchmark_table", "benchmark_chart", "benchmark_configurations")
    tops = {key: top_of(page, key) for key in keys}
    expect_state(page, "finished")
    expect(page.get_by_role("link", name="Next: tune a model")).to_be_visible()
    assert {key: top_of(page, key) for key in keys} == pytest.approx(tops, abs=2)


def test_a_model_that_came_to_its_limit_is_tried_again_with_more(server, page):
    """A random forest takes two to three CPU seconds a fold of this sample."""
    data = server.workbench.add_sample("card_transactions")
    experiment = server.workbench.create_experiment(data.id).id
    page.goto(f"{server.url}/benchmark?experiment={experiment}")
    choose(page, "benchmark_models", ["Random forest"])
    page.get_by_text("Limits per fit").click()
    limit = box(page, "benchmark_cpu_limit").get_by_role("spinbutton")
    limit.fill("1")
    limit.press("Enter")
    page.get_by_role("button", name="Run benchmark").click()
    expect_state(page, "finished")
    failures = box(page, "benchmark_failures")
    expect(failures).to_contain_text("Random forest: Ended at its limit of 1 CPU seconds.")
    first = query(page)["run"]
    failures.get_by_role("button", name="Retry with a larger limit").click()
    page.wait_for_url(lambda url: first not in url)
    spec = server.workbench.run(query(page)["run"]).spec
    assert spec.models == ("random_forest",)
    assert spec.limits.cpu_s == 4
    assert spec.limits.memory_bytes >= FitLimits().memory_bytes


def test_the_first_click_counts_after_models_were_taken_out(server, page, tmp_path):
    experiment = small_experiment(server, tmp_path)
    page.goto(f"{server.url}/benchmark?experiment={experiment}")
    expect_title(page, "Benchmark")
    chips = box(page, "benchmark_models").get_by_role("button", name=re.compile("^Remove"))
    expect(chips).to_have_count(13)
    for left in range(12, 3, -1):
        chips.last.click()
        expect(chips).to_have_count(left)
    page.get_by_role("button", name="Run benchmark").click()
    expect(box(page, "run_status")).to_be_visible()

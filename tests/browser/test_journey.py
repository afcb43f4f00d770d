"""The whole way of an analyst, in a real browser."""

import csv
import io
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psutil
import pytest
from playwright.sync_api import Page, expect

from components.navigation import PAGES
from modelling.types import RunState, Variant
from tests.browser.conftest import (
    box,
    choose,
    expect_state,
    expect_title,
    select,
    small_experiment,
)

pytestmark = pytest.mark.browser
VERDICT = "Tune|Keep base|Not enough evidence"
MODELS = ["Logistic", "Decision tree"]


def query(page: Page) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def test_from_a_sample_to_the_verdict_with_reloads_on_the_way(server, page):
    page.goto(server.url)
    expect_title(page, "Is tuning worth it?")
    box(page, "home_sample_hpc_jobs").get_by_role("button", name="Use this sample").click()

    expect_title(page, "Data")
    expect(box(page, "data_target")).to_contain_text("Target column")
    expect(page.get_by_text("4,331")).to_be_visible()
    page.get_by_role("button", name="Create experiment").click()

    expect_title(page, "Benchmark")
    experiment = query(page)["experiment"]
    choose(page, "benchmark_models", MODELS)
    page.get_by_role("button", name="Run benchmark").click()
    expect(box(page, "run_status")).to_be_visible()
    run = query(page)["run"]
    page.reload()
    expect(box(page, "run_status")).to_contain_text("Benchmark of 2 models")
    expect_state(page, "finished")
    assert query(page) == {"experiment": experiment, "run": run}
    leaderboard = box(page, "benchmark_leaderboard")
    expect(leaderboard).to_contain_text("selection score")
    expect(leaderboard.locator(".js-plotly-plot:visible")).to_be_visible()

    page.get_by_role("link", name="Next: tune a model").click()
    expect_title(page, "Tuning")
    assert query(page)["experiment"] == experiment
    choose(page, "tuning_models", ["Decision tree"])
    select(page, "tuning_budget_kind", "Trials")
    amount = box(page, "tuning_budget").get_by_role("spinbutton")
    expect(amount).to_have_value("40")
    amount.fill("8")
    amount.press("Enter")
    page.get_by_role("button", name="Start tuning").click()
    expect(box(page, "run_status")).to_be_visible()
    page.reload()
    expect_state(page, "finished")
    expect(box(page, "tuning_progress")).to_contain_text("Best selection score")
    expect(page.get_by_role("button", name="Start tuning")).to_be_enabled()

    page.get_by_role("link", name="Next: is it worth it?").click()
    expect_title(page, "Compare")
    verdict = box(page, "compare_verdict")
    # Which one is the candidate, the tuned model or the ensemble, decides the selection score.
    expect(verdict).to_contain_text("trials")
    assert verdict.get_by_role("heading").inner_text() in VERDICT.split("|")
    tradeoff = box(page, "compare_tradeoff")
    expect(tradeoff.locator(".js-plotly-plot")).to_be_visible()
    described = tradeoff.get_by_label("Training, search included")
    expect(described.first).to_be_attached()
    select(page, "compare_axis", "Everything over the horizon")
    expect(tradeoff).to_contain_text("predictions a month for 12 months")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the table (CSV)").click()
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    variants = sorted(row["variant"] for row in csv.DictReader(io.StringIO(text)))
    assert variants == ["base", "base", "base", "ensemble", "tuned"]


def test_a_double_click_starts_one_run(server, page, tmp_path):
    experiment = small_experiment(server, tmp_path)
    page.goto(f"{server.url}/benchmark?experiment={experiment}")
    choose(page, "benchmark_models", MODELS)
    page.get_by_role("button", name="Run benchmark").dblclick()
    expect_state(page, "finished")
    assert len(server.workbench.runs(experiment)) == 1


def test_a_run_can_be_stopped_and_resumed_in_another_tab(server, context, page, tmp_path):
    experiment = small_experiment(server, tmp_path)
    page.goto(f"{server.url}/benchmark?experiment={experiment}")
    expect_title(page, "Benchmark")
    page.get_by_role("button", name="Run benchmark").click()
    box(page, "run_stop").get_by_role("button").click()
    expect_state(page, "stopped", timeout_s=20)
    other = context.new_page()
    other.goto(page.url)
    box(other, "run_resume").get_by_role("button").click()
    expect_state(other, "finished")
    (run,) = server.workbench.runs(experiment)
    assert run.state is RunState.FINISHED


def test_a_killed_runner_is_replaced_and_the_page_sees_the_end(server, page, tmp_path):
    experiment = small_experiment(server, tmp_path)
    page.goto(f"{server.url}/benchmark?experiment={experiment}")
    expect_title(page, "Benchmark")
    page.get_by_role("button", name="Run benchmark").click()
    expect_state(page, "running", timeout_s=20)
    (runner,) = psutil.Process(server.process.pid).children()
    runner.kill()
    expect_state(page, "finished")
    expect(page.get_by_role("link", name="Next: tune a model")).to_be_visible()
    models = server.workbench.base_models(experiment)
    base = [row for row in server.workbench.results(experiment) if row.variant is Variant.BASE]
    assert len(base) == len(models)


def test_an_uploaded_file_becomes_an_experiment(server, page, tmp_path):
    table = tmp_path / "my data.csv"
    rows = "\n".join(f"{i % 17};{'a' if i % 17 > 8 else 'b'}" for i in range(120))
    table.write_text(f"length;kind\n{rows}\n", encoding="utf-8")
    page.goto(f"{server.url}/data")
    box(page, "data_upload").locator("input[type=file]").set_input_files(table)
    expect(page.get_by_text("my data.csv")).to_be_visible()
    expect(page.get_by_text("semicolon between values")).to_be_visible()
    expect(box(page, "data_target").get_by_role("combobox")).to_have_value("kind")
    page.get_by_role("button", name="Create experiment").click()
    expect_title(page, "Benchmark")
    expect(page.get_by_text("90 training rows")).to_be_visible()


@pytest.mark.parametrize("name", [page.key for page in PAGES])
def test_a_cold_deep_link_opens_the_right_page_with_its_query(server, page, tmp_path, name):
    experiment = small_experiment(server, tmp_path)
    page.goto(f"{server.url}/{name}?experiment={experiment}")
    title = next(page.title for page in PAGES if page.key == name)
    expect_title(page, "Is tuning worth it?" if name == "home" else title)
    assert query(page) == {"experiment": experiment}
    chosen = page.locator('[data-testid="stSidebarNavLink"][aria-current="page"]')
    expect(chosen).to_contain_text(title)
    expect(page.get_by_test_id("stSidebarNavLink")).to_have_count(len(PAGES))
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_names_that_are_code_stay_names(server, page, tmp_path):
    name = "<img src=x onerror=alert(1)> :smile: $x$ **b** [a](http://evil.example)"
    experiment = small_experiment(server, tmp_path, target=name)
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.goto(f"{server.url}/benchmark?experiment={experiment}")
    expect(page.get_by_test_id("stCaptionContainer").first).to_contain_text("<img src=x")
    header = page.get_by_test_id("stCaptionContainer").first.inner_text().replace("\u2060", "")
    assert f"predicts {name[:79]}" in header
    page.goto(f"{server.url}/home")
    expect(page.get_by_text("Recent experiments")).to_be_visible()
    assert page.locator("a[href*='evil.example']").count() == 0
    assert page.locator(".katex").count() == 0
    assert dialogs == []

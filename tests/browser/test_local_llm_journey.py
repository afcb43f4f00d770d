"""The second demo: mood of tweets, five rows without a key, a verdict, and a local LLM."""

import re
import subprocess
import sys
import time

import pytest
from playwright.sync_api import expect

from modelling.text.catalogue import USERS_FILE
from tests.browser.conftest import PROJECT, box, choose, expect_state, expect_title
from tests.serving import free_port, wait_for_port

pytestmark = [pytest.mark.servers, pytest.mark.timeout(900)]
KEYLESS = ["VADER lexicon", "WordLlama, zero-shot", "TF-IDF, logistic", "WordLlama, logistic"]
# With the dummy they are five. Of a quiet machine with two cores; a busy one may take longer.
SECONDS_FOR_KEYLESS = 30


@pytest.fixture
def local_llm(server):
    """Serve SmolLM2 on one thread where the app looks for it."""
    port = free_port()
    (server.workbench.settings.home / USERS_FILE).write_text(
        '[[provider]]\nid = "local"\ntitle = "A local server"\n'
        f'base_url = "http://127.0.0.1:{port}/v1"\nlogprobs = true\nschema = true\nseed = true\n'
        'at_once = 1\n[[model]]\nprovider = "local"\nid = "smollm2"\ntitle = "SmolLM2 135M"\n',
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "modelling.text.local", "--port", str(port)]
    process = subprocess.Popen(command, cwd=PROJECT, stderr=subprocess.DEVNULL)
    try:
        wait_for_port(port, process)
        yield
    finally:
        process.kill()
        process.wait()


def fill(page, key, value):
    field = box(page, key).get_by_role("spinbutton")
    field.fill(value)
    field.press("Enter")


@pytest.mark.usefixtures("local_llm")
def test_tweets_from_five_keyless_rows_to_one_chart_with_a_local_model(server, page, capsys):
    page.goto(server.url)
    box(page, "home_sample_tweet_sentiment").get_by_role("button").click()
    page.get_by_role("button", name="Create experiment").click(timeout=60_000)
    expect_title(page, "Benchmark")
    choose(page, "benchmark_models", KEYLESS)
    begin = time.perf_counter()
    page.get_by_role("button", name="Run benchmark").click()
    expect_state(page, "finished", timeout_s=120)
    keyless_s = time.perf_counter() - begin

    page.get_by_role("link", name="Next: tune a model").click()
    expect_title(page, "Tuning")
    choose(page, "tuning_models", ["TF-IDF, logistic"])
    fill(page, "tuning_budget", "20")
    page.get_by_role("button", name="Start tuning").click()
    expect_state(page, "finished", timeout_s=180)

    page.get_by_role("link", name="Benchmark").click()
    expect_title(page, "Benchmark")
    chosen = box(page, "benchmark_llm_model").get_by_role("combobox")
    expect(chosen).to_have_value("SmolLM2 135M · A local server")
    ask = page.get_by_role("button", name="Ask this model")
    expect(ask).to_be_enabled()
    ask.click()
    status = box(page, "llm_status")
    expect(status).to_contain_text("finished", timeout=400_000)
    status.get_by_role("link", name="Next: all models on the same rows").click()
    expect_title(page, "Compare")
    expect(box(page, "compare_verdict")).to_contain_text(
        re.compile("Tune|Keep base|Not enough evidence")
    )
    sampled = box(page, "compare_sampled")
    expect(sampled).to_contain_text("the same 200 of 1,050 locked rows")
    expect(sampled).to_contain_text("TF-IDF, logistic (tuned) over its base")
    expect(sampled).to_contain_text("SmolLM2 135M (tuned) over its base")
    expect(sampled.locator(".js-plotly-plot").first).to_be_visible()
    axis = box(page, "compare_sampled_axis").get_by_role("combobox")
    expect(axis).to_have_value("Predicting 1,000 rows (US dollars)")
    experiment = server.workbench.experiments()[0].id
    drawn = {(row.key, row.variant) for row in server.workbench.sampled(experiment).models}
    assert drawn >= {
        ("dummy", "base"), ("vader", "base"), ("wordllama_zero_shot", "base"),
        ("tfidf_logistic", "base"), ("tfidf_logistic", "tuned"), ("wordllama_logistic", "base"),
        ("llm:local/smollm2", "base"),
    }  # fmt: skip
    with capsys.disabled():
        sys.stdout.write(
            f"\nfive keyless rows: {keyless_s:.1f} s (limit {SECONDS_FOR_KEYLESS} s)\n"
        )

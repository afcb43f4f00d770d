"""A language model in the browser: consent, key, answers, chart, a study of its prompt."""

import re

import pytest
from playwright.sync_api import expect

from modelling.text.catalogue import USERS_FILE
from modelling.workbench import TaskChoices
from tests.browser.conftest import (
    box,
    expect_accessible,
    expect_state,
    expect_title,
    select,
    small_experiment,
)
from tests.runner.test_ask_run import table
from tests.runner.test_prompt_study import biased
from tests.text.provider import provider

pytestmark = pytest.mark.browser
PLANTED_KEY, PLANTED_TEXT = "sk-planted-9c1e", "zebra-7731"


def experiment_with_text(server, folder):
    path = table(folder)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("text number 5 ", f"text number 5 {PLANTED_TEXT} "), "utf-8")
    bench = server.workbench
    choices = TaskChoices(
        target="mood", positive="good", text=("text",), metric="balanced_accuracy"
    )
    experiment = bench.create_experiment(bench.add_file(path).id, choices).id
    bench.wait(bench.start_benchmark(experiment, ["tfidf_logistic"]).id, timeout_s=120)
    return experiment


def offer(server, fake):
    """Describe the scripted provider as one that needs a key and gives probabilities."""
    (server.workbench.settings.home / USERS_FILE).write_text(
        f'[[provider]]\nid = "fake"\ntitle = "Fake"\nbase_url = "{fake.url}"\nkey = "FAKE_KEY"\n'
        'prices = "openai"\nlogprobs = true\n'
        '[[model]]\nprovider = "fake"\nid = "gpt-4o-mini"\ntitle = "Mini"\n',
        encoding="utf-8",
    )


def fill(page, key, value):
    field = box(page, key).locator("input")
    field.fill(value)
    field.press("Enter")


def agree(page, place):
    """Agree to what is sent, and return the sentence that was agreed to."""
    select(page, f"{place}_model", "Mini · Fake")
    consent = box(page, f"{place}_consent_Fake")
    sentence = consent.inner_text()
    consent.get_by_text("Send the text").click()
    return sentence


@pytest.mark.timeout(240)
def test_ask_compare_and_tune_a_language_model(server, page, tmp_path):
    experiment = experiment_with_text(server, tmp_path)
    with provider(biased) as fake:
        offer(server, fake)
        page.goto(f"{server.url}/benchmark?experiment={experiment}")
        expect_title(page, "Benchmark")
        ask = page.get_by_role("button", name="Ask this model")
        select(page, "benchmark_llm_model", "Mini · Fake")
        expect(page.get_by_text("set FAKE_KEY or type it in")).to_be_visible()
        expect(ask).to_be_disabled()
        fill(page, "benchmark_llm_key_fake", PLANTED_KEY)
        expect(page.get_by_text("is kept until this tab is closed")).to_be_visible()
        sentence = agree(page, "benchmark_llm")
        assert re.search(r"of 140 rows to Fake, for \$1.00 at most", sentence)
        expect(ask).to_be_enabled()
        assert fake.calls == []
        box(page, "benchmark_llm_injected").get_by_text("Also try 10 texts").click()
        expect(page.get_by_text("180 answers")).to_be_visible()
        ask.click()
        status = box(page, "llm_status")
        expect(status).to_contain_text("finished", timeout=60_000)
        expect(page.get_by_label("Language models that were asked").first).to_be_visible()
        expect_accessible(page)

        status.get_by_role("link", name="Next: all models on the same rows").click()
        expect_title(page, "Compare")
        sampled = box(page, "compare_sampled")
        expect(sampled).to_contain_text("the same 40 of 40 locked rows")
        expect(sampled.locator(".js-plotly-plot").first).to_be_visible()
        expect(sampled).to_contain_text("Mini leans to good")
        expect(sampled).to_contain_text("is the cheapest improvement of Mini")
        expect(sampled).to_contain_text("Does it obey the texts that it judges?")
        drawn = sampled.get_by_label("Mini (base)").or_(sampled.get_by_label("Mini"))
        expect(drawn.first).to_be_attached()
        expect_accessible(page)

        page.get_by_role("link", name="Tuning").click()
        expect_title(page, "Tuning")
        page.get_by_text("Tune the prompt of a language model").click()
        # As many rows as were asked about on Benchmark.
        assert "of 140 rows to Fake" in agree(page, "tuning_llm")
        trials = box(page, "tuning_llm_trials").get_by_role("spinbutton")
        trials.fill("4")
        trials.press("Enter")
        page.get_by_role("button", name="Search a better prompt").click()
        expect_state(page, "finished", timeout_s=90)
        expect(box(page, "tuning_progress")).to_contain_text("Paid for answers")
        assert PLANTED_KEY not in page.content()
        asked = server.workbench.asked(experiment)
        # What was learned for free stays beside what the search found.
        assert [(row.variant, row.n_trials) for row in asked] == [
            ("base", 0), ("tuned", 0), ("tuned", 4),
        ]  # fmt: skip
        authorised = {call.headers["authorization"] for call in fake.calls}
        assert authorised == {f"Bearer {PLANTED_KEY}"}
        assert any(PLANTED_TEXT in call.text for call in fake.calls)

    exported = server.workbench.optuna_journal(
        server.workbench.runs(experiment)[0].id, "llm:fake/gpt-4o-mini"
    )
    assert PLANTED_KEY.encode() not in exported
    assert PLANTED_TEXT.encode() not in exported
    for path in server.workbench.settings.home.rglob("*"):
        if not path.is_file():
            continue
        content = path.read_bytes()
        assert PLANTED_KEY.encode() not in content, path
        # The table itself lies there as it is and as models read it, its file for a day.
        if path.suffix not in (".parquet", ".upload") and "cache" not in path.parts:
            assert PLANTED_TEXT.encode() not in content, path


def test_a_table_without_text_is_offered_no_language_model(server, page, tmp_path):
    experiment = small_experiment(server, tmp_path)
    page.goto(f"{server.url}/benchmark?experiment={experiment}")
    expect(page.get_by_role("button", name="Run benchmark")).to_be_visible()
    expect(page.get_by_text("Base configurations")).to_be_visible()
    expect(page.get_by_text("Ask a language model")).to_have_count(0)

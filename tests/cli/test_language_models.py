"""Language models on the command line, asked of a scripted provider on loopback."""

import json
import math

import pytest

from tests.reports.schema import MODEL, PAIR, RESULT, numbers_of
from tests.runner.test_ask_run import table, told
from tests.text.provider import Answer, provider

KEY = "llm:openai/gpt-4o"
PLANTED = "sk-planted-77aa"


@pytest.fixture(scope="module")
def run(make_command_line):
    command = make_command_line("llm")
    table(command.tables)
    return command


def ask(run, fake, *words):
    return run(
        *words, "--max-usd", "0.9", "--llm-rows", "20,30", "--seed", "0", "--json", "-",
        OPENAI_API_KEY=PLANTED, OPENAI_BASE_URL=fake.url,
    )  # fmt: skip


def test_a_language_model_stands_beside_the_others(run):
    with provider(told) as fake:
        done = ask(
            run, fake, "compare", "moods.csv", "--target", "mood", "--positive", "good",
            "--models", f"tfidf_logistic,{KEY}", "--allow-llm",
            "--tune", f"tfidf_logistic,{KEY}", "--budget", "8trials",
        )  # fmt: skip
        assert (done.returncode, PLANTED in done.stdout + done.stderr) == (0, False), done.stderr
        assert fake.calls[0].headers["authorization"] == f"Bearer {PLANTED}"
        assert fake.calls[0].body["model"] == "gpt-4o"
    found = json.loads(done.stdout)
    assert set(found) == RESULT | {"sampled"}
    assert all(set(row) == MODEL for row in found["models"])
    assert all(math.isfinite(number) for number in numbers_of(found))
    rows = {(row["key"], row["variant"]): row for row in found["models"]}
    base, tuned = rows[KEY, "base"], rows[KEY, "tuned"]
    assert base["family"] == "language model"
    assert base["usd"]["serving_usd_per_1k"] == pytest.approx(
        1000 * (100 * 2.5 + 2 * 10) / 1e6, rel=0.2
    )
    sampled = found["sampled"]
    assert sampled["n_test"] == 30
    assert {row["key"] for row in sampled["models"]} >= {"dummy", "tfidf_logistic", KEY}
    assert all(set(pair) == PAIR for pair in sampled["pairs"])
    assert {pair["key"] for pair in sampled["pairs"]} == {"tfidf_logistic", KEY}
    asked = {one["variant"]: one for one in sampled["asked"]}
    assert asked["base"]["n_train"] == 20
    assert sum(asked["base"]["endings"].values()) == 30
    assert asked["tuned"]["n_trials"] == 4
    assert tuned["usd"]["training_usd"] == pytest.approx(asked["tuned"]["search_usd"])


def test_nothing_is_sent_without_being_allowed(run):
    with provider(told) as fake:
        words = ("benchmark", "moods.csv", "--target", "mood", "--models", f"vader,{KEY}")
        done = ask(run, fake, *words)
        assert (done.returncode, done.stdout, fake.calls) == (2, "", [])
        assert done.stderr.count("\n") == 1
        assert "allow that with --allow-llm" in done.stderr


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--models", "llm:nobody/gpt", "--allow-llm"), "no language model 'llm:nobody/gpt'"),
        (("--models", "llm:openai/brand-new", "--allow-llm"), "enter what a million tokens cost"),
        (("--models", "llm:anthropic/claude-haiku-4-5", "--allow-llm"), "needs a key"),
        (("--models", KEY, "--allow-llm", "--token-price", "2"), "0.15/0.60, got 2"),
        (("--models", KEY, "--allow-llm", "--llm-rows", "5,5"), "from 10 on"),
        (("--models", KEY, "--allow-llm", "--max-usd", "-1"), "an amount of zero or more"),
    ],
)
def test_what_cannot_be_asked_is_said_before_anything_runs(run, words, says):
    done = run(
        "benchmark", "moods.csv", "--target", "mood", *words,
        OPENAI_API_KEY=PLANTED, ANTHROPIC_API_KEY="",
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_a_model_that_does_not_answer_is_a_failed_row(run):
    refused = Answer(body={"error": {"message": "no"}}, status=401)
    with provider(refused) as fake:
        words = ("benchmark", "moods.csv", "--target", "mood", "--allow-llm")
        done = ask(run, fake, *words, "--models", f"naive_bayes,{KEY}")
        assert done.returncode == 0
        assert "the key was refused" in done.stderr
        rows = {row["key"]: row for row in json.loads(done.stdout)["models"]}
        assert rows[KEY]["status"] == "failed"
        assert "the key was refused" in rows[KEY]["error"]
        assert rows["dummy"]["status"] == "ok"
        alone = ask(run, fake, *words, "--models", KEY)
        assert alone.returncode == 2

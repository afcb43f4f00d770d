"""A real language model on this machine, asked about real texts."""

import csv
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from modelling.economics.cost import model_cost
from modelling.settings import Settings
from modelling.text.asking import Asker, Purse, Question
from modelling.text.catalogue import USERS_FILE, Llm, catalogue, find
from modelling.text.gateway import Gateway
from modelling.text.prices import PriceList
from modelling.text.replies import Ending
from modelling.types import Budget, Prompt, RunState
from modelling.workbench import Readiness, TaskChoices, Workbench
from tests.serving import free_port, wait_for_port
from tests.text.test_asking import Memory

pytestmark = [pytest.mark.servers, pytest.mark.timeout(600)]
PROJECT = Path(__file__).parents[2]
LABELS = ("negative", "neutral", "positive")
PROMPT = Prompt(question="Which mood has this message?", labels=LABELS)


@pytest.fixture(scope="module")
def llm() -> Iterator[Llm]:
    """Serve SmolLM2 on one thread, as `make local-llm` does."""
    port = free_port()
    command = [sys.executable, "-m", "modelling.text.local", "--port", str(port)]
    process = subprocess.Popen(command, cwd=PROJECT, stderr=subprocess.DEVNULL)
    try:
        wait_for_port(port, process)
        known = find("llm:local/smollm2", catalogue())
        yield replace(
            known, provider=replace(known.provider, base_url=f"http://127.0.0.1:{port}/v1")
        )
    finally:
        process.kill()
        process.wait()


def tweets(n: int) -> list[tuple[str, int]]:
    with (PROJECT / "sample_data/tweet_sentiment/data.csv").open(encoding="utf-8") as file:
        rows = [(row["text"], LABELS.index(row["sentiment"])) for row in csv.DictReader(file)]
    return rows[:: len(rows) // n][:n]


class Counted:
    """The gateway, and how often it was asked."""

    def __init__(self, server: Gateway) -> None:
        self.server, self.n_calls = server, 0

    def ask(self, messages, **more):
        self.n_calls += 1
        return self.server.ask(messages, **more)


@pytest.mark.parametrize("shots", [0, 4])
def test_forty_tweets_end_with_labels_usage_latency_and_cost(llm, shots):
    rows = tweets(40 + shots)
    examples, asked = tuple(rows[:shots]), rows[shots:]
    question = Question(llm=llm, prompt=replace(PROMPT, shots=shots), examples=examples)
    kept = Memory()
    with Gateway(llm) as gateway:
        server = Counted(gateway)

        def answers():
            asker = Asker(
                server,
                question,
                prices=PriceList(llm=llm),
                purse=Purse(cap_usd=1.0),
                kept=kept,
                at_once=1,
            )
            return asker.ask([text for text, _ in asked])

        first = answers()
        assert server.n_calls >= 40
        n_calls = server.n_calls
        again = answers()
        assert server.n_calls == n_calls
    labelled = [one for one in first if one.ending is Ending.LABEL]
    # A grammar holds the answer to the labels.
    assert len(labelled) == 40
    assert all(one.tokens.read > 50 and one.tokens.output > 0 for one in labelled)
    assert all(one.seconds > 0 and one.usd == 0.0 for one in labelled)
    assert all(sum(one.probabilities) == pytest.approx(1.0) for one in labelled)
    assert all(one.replayed for one in again)
    assert [one.label for one in again] == [one.label for one in first]
    assert not any(text in str(kept) for text, _ in asked)


@contextmanager
def experiment_on_tweets(llm: Llm, folder: Path) -> Iterator[tuple[Workbench, str]]:
    """Yield a workbench that knows the served model, and an experiment on 160 tweets."""
    home = folder / "home"
    home.mkdir()
    (home / USERS_FILE).write_text(
        f'[[provider]]\nid = "local"\ntitle = "Here"\nbase_url = "{llm.provider.base_url}"\n'
        "logprobs = true\nschema = true\nseed = true\nat_once = 1\n"
        '[[model]]\nprovider = "local"\nid = "smollm2"\ntitle = "SmolLM2"\n',
        encoding="utf-8",
    )
    table = folder / "tweets.csv"
    with table.open("w", newline="", encoding="utf-8") as file:
        lines = csv.writer(file)
        lines.writerow(["text", "sentiment"])
        lines.writerows([text, LABELS[code]] for text, code in tweets(160))
    settings = Settings.from_env({"TUNEWORTH_HOME": str(home), "TUNEWORTH_WORKERS": "2"})
    with Workbench.open(settings) as bench:
        data = bench.add_file(table)
        choices = TaskChoices(target="sentiment", text=("text",))
        experiment = bench.create_experiment(data.id, choices).id
        bench.wait(bench.start_benchmark(experiment, ["vader", "tfidf_logistic"]).id)
        yield bench, experiment


def test_runs_end_with_rows_on_one_axis_of_money_and_the_second_asks_nobody(llm, tmp_path):
    """Zero-shot and with four examples, 20 training and 20 locked tweets each."""
    key = "llm:local/smollm2"
    with experiment_on_tweets(llm, tmp_path) as (bench, experiment):
        (state,) = [one for one in bench.llm_states(experiment, PROMPT) if one.llm.key == key]
        assert (state.readiness, state.note) == (Readiness.READY, "found on this machine")
        for shots in (0, 4):
            prompt = replace(PROMPT, shots=shots)
            run = bench.start_asking(experiment, key, prompt, n_train=20, n_test=20)
            assert bench.wait(run.id, timeout_s=240).state is RunState.FINISHED
            first = next(row for row in bench.asked(experiment) if row.variant == "base")
            assert first.prompt.shots == shots
            assert first.endings == {"label": 20}
            assert first.fresh_tokens + first.cached_tokens > 40 * 50
            assert first.output_tokens > 0
            assert 0 < first.seconds_p50 <= first.seconds_p95
            assert (first.usd_spent, first.is_local, first.has_probabilities) == (0.0, True, True)
            again = bench.start_asking(experiment, key, prompt, n_train=20, n_test=20)
            assert bench.wait(again.id, timeout_s=60).state is RunState.FINISHED
            row = next(row for row in bench.asked(experiment) if row.variant == "base")
            assert (row.replayed, row.fresh_tokens) == (40, 0)
            assert row.test_score == first.test_score
        sampled = bench.sampled(experiment)
        rows = {row.key: row for row in sampled.models if row.variant == "base"}
        assert {"dummy", "vader", "tfidf_logistic", key} <= rows.keys()
        assert sampled.n_test == 20
        prices = bench.experiment(experiment).economics
        per_1k = {name: model_cost(row, prices).serving_usd_per_1k for name, row in rows.items()}
        assert per_1k[key] > per_1k["tfidf_logistic"] > 0


def test_a_study_over_the_prompt_of_the_local_model_costs_its_seconds(llm, tmp_path):
    key = "llm:local/smollm2"
    with experiment_on_tweets(llm, tmp_path) as (bench, experiment):
        run = bench.start_prompt_tuning(
            experiment, key, Budget(trials=4), PROMPT, n_train=20, n_test=20
        )
        assert bench.wait(run.id, timeout_s=400).state is RunState.FINISHED
        trials = bench.trials(run.id)
        assert trials[0].origin == "base"
        tuned = next(row for row in bench.asked(experiment) if row.n_trials)
        assert tuned.n_trials == len(trials) == 4
        assert tuned.search_s == pytest.approx(sum(trial.cpu_s for trial in trials))
        assert tuned.search_s > 0
        assert tuned.search_usd == 0.0
        base = next(row for row in bench.asked(experiment) if row.variant == "base")
        assert base.prompt == PROMPT


def test_a_grammar_holds_answers_to_the_labels(llm):
    by_grammar = replace(llm, schema=False, grammar=True)
    question = Question(llm=by_grammar, prompt=PROMPT)
    with Gateway(by_grammar) as gateway:
        reply = gateway.ask(
            question.about("what a lovely day"), labels=LABELS, most_tokens=20, seed=0
        )
    assert reply.text in LABELS

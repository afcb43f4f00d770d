"""Asking a language model as a run: real provider on loopback, real runner, real database."""

import csv
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from modelling.errors import SpecError
from modelling.settings import Settings
from modelling.text.catalogue import USERS_FILE
from modelling.types import Prompt, RunState, TokenPrice
from modelling.workbench import TaskChoices, Workbench
from tests.text.provider import Answer, Fake, completion, provider

KEY = "llm:fake/mini"
PRICE = TokenPrice(fresh=10.0, output=40.0)
PLANTED = "sk-planted-0f3c"


def table(folder: Path) -> Path:
    path = folder / "moods.csv"
    words = {"good": "lovely wonderful happy", "bad": "awful horrible sad"}
    with path.open("w", newline="", encoding="utf-8") as file:
        lines = csv.writer(file)
        lines.writerow(["text", "mood"])
        for i in range(160):
            mood = "good" if i % 4 else "bad"
            said = words["bad" if i % 10 == 1 else mood]
            lines.writerow([f"text number {i} is {said} to me", mood])
    return path


def told(sent):
    """Answer what the words say; a text of number 3 gets no label."""
    if "number 3 " in sent.text:
        return Answer(body=completion("who knows"))
    return Answer(body=completion("bad" if "awful" in sent.text else "good"))


@contextmanager
def served(folder: Path, script=told) -> Iterator[tuple[Workbench, str, Fake]]:
    """Yield a workbench whose catalogue has the scripted provider, and an experiment."""
    home = folder / "home"
    home.mkdir()
    with provider(script) as fake:
        (home / USERS_FILE).write_text(
            f'[[provider]]\nid = "fake"\ntitle = "Fake"\nbase_url = "{fake.url}"\n'
            'key = "FAKE_KEY"\nprices = "openai"\n'
            '[[model]]\nprovider = "fake"\nid = "mini"\ntitle = "Mini"\n',
            encoding="utf-8",
        )
        settings = Settings.from_env({"TUNEWORTH_HOME": str(home), "TUNEWORTH_WORKERS": "2"})
        with Workbench.open(settings) as bench:
            data = bench.add_file(table(folder))
            choices = TaskChoices(target="mood", positive="good", text=("text",))
            yield bench, bench.create_experiment(data.id, choices).id, fake


def ask(bench, experiment, **more):
    values = {"consent": True, "price": PRICE, "provider_key": PLANTED, "n_train": 20, "n_test": 30}
    run = bench.start_asking(experiment, KEY, **{**values, **more})
    return bench.wait(run.id, timeout_s=60)


def test_a_language_model_is_asked_scored_and_priced(tmp_path):
    with served(tmp_path) as (bench, experiment, fake):
        run = ask(bench, experiment)
        assert (run.state, run.error) == (RunState.FINISHED, None)
        (found,) = bench.asked(experiment)
        assert (found.n_train, found.n_test) == (20, 30)
        assert 0.5 < found.test_score <= 1.0
        assert sum(found.endings.values()) == 30
        n_calls = len(fake.calls)
        assert found.fresh_tokens == 100 * n_calls
        assert found.usd_spent == pytest.approx(n_calls * (100 * 10 + 2 * 40) / 1e6)
        assert found.usd_per_1k == pytest.approx(1000 * (100 * 10 + 2 * 40) / 1e6, rel=0.1)
        assert found.replayed == 0
        assert bench.experiment(experiment).test_batches == 1

        again = ask(bench, experiment)
        assert again.state is RunState.FINISHED
        assert len(fake.calls) == n_calls
        (replayed,) = bench.asked(experiment)
        assert (replayed.replayed, replayed.usd_spent) == (50, 0.0)
        assert replayed.test_score == found.test_score
        assert replayed.usd_per_1k == found.usd_per_1k


def test_all_models_are_scored_on_the_rows_that_were_asked_about(tmp_path):
    from sklearn.metrics import roc_auc_score

    with served(tmp_path) as (bench, experiment, _):
        bench.wait(bench.start_benchmark(experiment, ["tfidf_logistic", "vader"][:1]).id)
        assert bench.sampled(experiment) is None
        ask(bench, experiment)
        sampled = bench.sampled(experiment)
        assert sampled.n_test == 30
        rows = {row.key: row for row in sampled.models}
        assert {"dummy", "tfidf_logistic", KEY} <= rows.keys()
        table = bench.test_predictions(experiment, "tfidf_logistic")
        with np.load(bench._store.blobs.path(bench.asked(experiment)[0].answers)) as parts:
            places = parts["test"]
        some = table.iloc[places]
        expected = roc_auc_score(some["truth"] == "good", some["probability_good"])
        assert rows["tfidf_logistic"].test_score == pytest.approx(expected, abs=1e-12)
        assert rows[KEY].external.usd_per_1k == bench.asked(experiment)[0].usd_per_1k


def test_examples_come_from_training_rows_that_are_not_asked_about(tmp_path):
    with served(tmp_path) as (bench, experiment, fake):
        prompt = Prompt(question="Which mood?", labels=("bad", "good"), shots=4)
        ask(bench, experiment, prompt=prompt, n_test=40)
        texts = {call.text for call in fake.calls}
        shown = {
            re.sub("</?text>", "", message["content"])
            for message in fake.calls[0].body["messages"][1:-1]
            if message["role"] == "user"
        }
        assert len(shown) == 4
        assert not shown & texts
        locked = set(bench.rows_to_answer(experiment)["text"])
        assert not shown & locked
        assert {message["role"] for message in fake.calls[0].body["messages"]} == {
            "system", "user", "assistant",
        }  # fmt: skip


def test_nothing_leaves_without_consent_key_and_price(tmp_path):
    with served(tmp_path) as (bench, experiment, fake):
        remote = 'base_url = "https://models.example/v1"'
        file = bench.settings.home / USERS_FILE
        local = file.read_text()
        file.write_text(re.sub(r'base_url = "[^"]*"', remote, local))
        with pytest.raises(SpecError, match="allow that first"):
            bench.start_asking(experiment, KEY, price=PRICE, provider_key="k")
        with pytest.raises(SpecError, match="set FAKE_KEY or type it in"):
            bench.start_asking(experiment, KEY, price=PRICE, consent=True)
        with pytest.raises(SpecError, match="enter what a million tokens cost"):
            bench.start_asking(experiment, KEY, consent=True, provider_key="k")
        assert fake.calls == []
        assert bench.runs(experiment) == ()


def test_a_planted_key_and_text_are_in_no_file_of_the_workspace(tmp_path):
    with served(tmp_path) as (bench, experiment, fake):
        ask(bench, experiment)
        assert fake.calls[0].headers["authorization"] == f"Bearer {PLANTED}"
    home = tmp_path / "home"
    for path in home.rglob("*"):
        if not path.is_file():
            continue
        content = path.read_bytes()
        assert PLANTED.encode() not in content, path
        # The table itself is stored, and answers are kept without a word of it.
        if "answers" in path.parts:
            assert b"lovely" not in content
    assert not any((home / "keys").iterdir())


def test_a_key_that_is_refused_fails_the_run_in_a_sentence(tmp_path):
    refused = Answer(body={"error": {"message": PLANTED}}, status=401)
    with served(tmp_path, refused) as (bench, experiment, _):
        run = ask(bench, experiment)
        assert run.state is RunState.FAILED
        assert "Mini gave no answer: the key was refused (status 401)" in run.error
        assert PLANTED not in run.error
        assert bench.asked(experiment) == ()


def test_the_cap_ends_the_run_with_what_was_answered(tmp_path):
    with served(tmp_path) as (bench, experiment, fake):
        run = ask(bench, experiment, cap_usd=0.02)
        assert run.state is RunState.FINISHED
        (found,) = bench.asked(experiment)
        assert 0 < found.usd_spent <= 0.02
        assert found.endings["not asked"] > 0
        assert "the money for this run is spent" in found.stopped
        assert len(fake.calls) < 30


def test_an_estimate_is_more_than_what_is_spent(tmp_path):
    with served(tmp_path) as (bench, experiment, fake):
        prompt = bench.proposed_prompt(experiment)
        assert prompt.labels == ("bad", "good")
        estimate = bench.ask_estimate(experiment, KEY, prompt, n_rows=50, price=PRICE)
        assert fake.calls == []
        assert estimate.n_calls == 50
        assert estimate.usd > 0


def test_a_model_of_the_environment_needs_no_typed_key(tmp_path, monkeypatch):
    monkeypatch.setenv("FAKE_KEY", "from-environment")
    assert "FAKE_KEY" in os.environ
    with served(tmp_path) as (bench, experiment, fake):
        run = ask(bench, experiment, provider_key="")
        assert run.state is RunState.FINISHED
        assert fake.calls[0].headers["authorization"] == "Bearer from-environment"

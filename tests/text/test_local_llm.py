"""A real language model on this machine, asked about real texts."""

import csv
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from modelling.text.asking import Asker, Purse, Question
from modelling.text.catalogue import Llm, catalogue, find
from modelling.text.gateway import Gateway
from modelling.text.prices import PriceList
from modelling.text.replies import Ending
from modelling.types import Prompt
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

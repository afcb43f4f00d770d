"""Answers that are worked out beside the page."""

import threading
import time

import pytest

from modelling.workbench.background import Soon


def wait_for(soon: Soon, key: str, work):
    for _ in range(500):
        answer = soon.ask(key, work)
        if answer is not None:
            return answer
        time.sleep(0.01)
    raise AssertionError("no answer came")


@pytest.fixture
def soon():
    made = Soon()
    yield made
    made.close()


def test_the_first_to_ask_gets_none_and_the_answer_later(soon):
    gate = threading.Event()

    def work() -> str:
        gate.wait(5)
        return "done"

    assert soon.ask("a", work) is None
    assert soon.ask("a", work) is None
    gate.set()
    assert wait_for(soon, "a", work) == "done"


def test_work_that_many_ask_for_runs_once(soon):
    calls = []
    gate = threading.Event()

    def work() -> int:
        calls.append(1)
        gate.wait(5)
        return len(calls)

    for _ in range(5):
        soon.ask("a", work)
    gate.set()
    assert wait_for(soon, "a", work) == 1


def test_what_the_work_raised_is_raised_for_all_who_ask(soon):
    def work() -> str:
        raise ValueError("no such luck")

    for _ in range(2):
        with pytest.raises(ValueError, match="no such luck"):
            wait_for(soon, "a", work)

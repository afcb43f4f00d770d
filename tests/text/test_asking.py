"""Asking a provider that answers, fails, lies and overcharges: rates, retries and money hold."""

import threading
from collections import Counter
from contextlib import contextmanager

import pytest

from modelling.text import gateway
from modelling.text.asking import Asker, Purse, Question
from modelling.text.gateway import Gateway
from modelling.text.prices import PriceList
from modelling.text.replies import Ending, Tokens
from modelling.types import Prompt, TokenPrice
from tests.text.provider import Answer, completion, provider

PROMPT = Prompt(question="Is the mood good or bad?", labels=("bad", "good"))
SOON = {"Retry-After": "7"}
PRICE = TokenPrice(fresh=10.0, output=40.0)


class Memory(dict):
    """Answers kept in a dictionary."""

    def put(self, name, value):
        self[name] = value


def good_or_bad(sent):
    return Answer(body=completion("good" if "nice" in sent.text else "bad"))


@contextmanager
def asker(fake, *, cap_usd=1.0, kept=None, waited=None, at_once=1, own=PRICE, key="k", **abilities):
    llm = fake.llm(**abilities)
    with Gateway(llm, key) as server:
        yield Asker(
            server,
            Question(llm=llm, prompt=PROMPT),
            prices=PriceList(llm=llm, own=own),
            purse=Purse(cap_usd=cap_usd),
            kept=Memory() if kept is None else kept,
            at_once=at_once,
            sleep=([] if waited is None else waited).append,
        )


def ask(fake, texts, **more):
    with asker(fake, **more) as one:
        return one.ask(texts)


def test_labels_tokens_and_money_come_back_in_order():
    with provider(good_or_bad) as fake:
        found = ask(fake, ["nice day", "rain", "nice tea", "mud"], at_once=4)
    assert [one.label for one in found] == [1, 0, 1, 0]
    assert {one.ending for one in found} == {Ending.LABEL}
    assert all(one.tokens == Tokens(fresh=100, output=2) for one in found)
    assert all(one.usd == pytest.approx((100 * 10 + 2 * 40) / 1e6) for one in found)
    assert all(one.seconds > 0 and one.n_calls == 1 and not one.replayed for one in found)
    assert len(fake.calls) == 4


def test_what_was_answered_before_is_not_asked_again():
    kept = Memory()
    with provider(good_or_bad) as fake:
        first = ask(fake, ["nice day", "rain"], kept=kept)
        again = ask(fake, ["nice day", "rain"], kept=kept)
        assert len(fake.calls) == 2
    assert all(one.replayed for one in again)
    assert [(one.label, one.usd, one.tokens) for one in again] == [
        (one.label, one.usd, one.tokens) for one in first
    ]
    assert not any("nice" in str(item) or "rain" in str(item) for item in kept.items())


def test_a_busy_server_is_asked_again_when_it_says():
    seen = Counter()

    def script(sent):
        seen[sent.text] += 1
        if seen[sent.text] == 1:
            return Answer(
                body={"error": {"message": "slow"}}, status=429, headers={"Retry-After": "7"}
            )
        if seen[sent.text] == 2:
            return Answer(body={"error": {"message": "oops"}}, status=500)
        return good_or_bad(sent)

    waited = []
    with provider(script) as fake:
        (one,) = ask(fake, ["nice day"], waited=waited)
    assert (one.label, one.n_calls) == (1, 3)
    assert waited == [7.0, 3.0]


def test_two_retries_are_all_and_nobody_waits_for_minutes():
    waited = []
    with provider(Answer(body={}, status=503)) as fake:
        (one,) = ask(fake, ["nice day"], waited=waited)
        assert len(fake.calls) == 3
    assert (one.ending, one.label, one.n_calls) == (Ending.FAILED, None, 3)
    assert "status 503" in one.reason
    late = {"Retry-After": "3600"}
    with provider(Answer(body={}, status=429, headers=late)) as fake:
        (one,) = ask(fake, ["nice day"], waited=waited)
        assert len(fake.calls) == 1
    assert one.ending is Ending.FAILED


def test_after_five_failures_in_a_row_nobody_is_asked_any_more():
    with provider(Answer(body={}, status=500)) as fake:
        found = ask(fake, [f"text {i}" for i in range(12)])
        assert len(fake.calls) == 5 * 3
    endings = Counter(one.ending for one in found)
    assert endings == {Ending.FAILED: 5, Ending.NOT_ASKED: 7}
    assert "5 texts in a row failed" in found[-1].reason


def test_a_refused_key_ends_it_at_once_and_is_in_no_message():
    with provider(Answer(body={"error": {"message": "no"}}, status=401)) as fake:
        found = ask(fake, ["a", "b", "c"], key="sk-planted")
        assert len(fake.calls) == 1
        assert fake.calls[0].headers["authorization"] == "Bearer sk-planted"
    assert [one.ending for one in found] == [Ending.FAILED, Ending.NOT_ASKED, Ending.NOT_ASKED]
    assert "the key was refused" in found[1].reason
    assert not any("sk-planted" in repr(one) for one in found)


@pytest.mark.parametrize(
    "raw",
    [b"{broken", b"[]", b'"text"', b'{"choices": []}', b'{"choices": [{"message": null}]}', b""],
)
def test_what_is_no_completion_is_a_failure_and_no_crash(raw):
    with provider(Answer(raw=raw)) as fake:
        (one,) = ask(fake, ["nice day"])
    assert one.ending is Ending.FAILED
    assert one.label is None


def test_a_slow_answer_is_given_up(monkeypatch):
    monkeypatch.setattr(gateway, "TIMEOUT_S", 0.2)
    with provider(Answer(body=completion("good"), delay_s=0.6)) as fake:
        (one,) = ask(fake, ["nice day"])
    assert one.ending is Ending.FAILED
    assert "no answer within 0.2 seconds" in one.reason
    # It may have been charged for: what was set aside counts as spent.
    assert one.usd > 0


def test_an_endless_answer_is_cut_off():
    body = completion("good " * 2_500_000)
    with provider(Answer(body=body)) as fake:
        (one,) = ask(fake, ["nice day"])
    assert one.ending is Ending.FAILED
    assert "longer than" in one.reason


def test_an_answer_beside_the_labels_is_asked_once_more_then_invalid():
    answers = {"odd": ["maybe", "perhaps"], "better": ["it is not good", "Good!"]}
    seen = Counter()

    def script(sent):
        seen[sent.text] += 1
        return Answer(body=completion(answers[sent.text][seen[sent.text] - 1]))

    with provider(script) as fake:
        odd, better = ask(fake, ["odd", "better"])
        assert "none of the labels" in fake.calls[1].body["messages"][-1]["content"]
    assert (odd.ending, odd.label, odd.n_calls) == (Ending.INVALID, None, 2)
    assert (better.ending, better.label, better.n_calls) == (Ending.LABEL, 1, 2)
    assert odd.tokens == Tokens(fresh=200, output=4)
    assert odd.usd == pytest.approx(2 * (100 * 10 + 2 * 40) / 1e6)


def test_a_refusal_is_counted_as_one():
    def script(sent):
        return Answer(body=completion(None, refusal="I cannot help with that"))

    with provider(script) as fake:
        (one,) = ask(fake, ["nice day"])
    assert (one.ending, one.label) == (Ending.REFUSED, None)
    assert one.usd > 0


def test_without_usage_more_than_was_taken_is_charged():
    with provider(Answer(body=completion("good", usage=None))) as fake:
        (one,) = ask(fake, ["nice day"])
        sent = fake.calls[0].body["messages"]
    assert one.tokens == Question(llm=fake.llm(), prompt=PROMPT).upper_tokens(sent)
    assert one.tokens.read > sum(len(message["content"]) for message in sent) / 3


def test_cached_tokens_have_their_own_price():
    usage = {**{"prompt_tokens": 1000, "completion_tokens": 10, "total_tokens": 1010}}
    usage["prompt_tokens_details"] = {"cached_tokens": 800}
    own = TokenPrice(fresh=10.0, cached=1.0, output=40.0)
    with provider(Answer(body=completion("good", usage=usage))) as fake:
        (one,) = ask(fake, ["nice day"], own=own)
    assert one.tokens == Tokens(fresh=200, cached=800, output=10)
    assert one.usd == pytest.approx((200 * 10 + 800 * 1 + 10 * 40) / 1e6)


@pytest.mark.parametrize("at_once", [1, 8])
def test_no_call_is_made_beyond_the_cap(at_once):
    with provider(good_or_bad) as fake:
        found = ask(fake, [f"nice {i}" for i in range(60)], cap_usd=0.02, at_once=at_once)
    asked = [one for one in found if one.ending is Ending.LABEL]
    spent = sum(one.usd for one in asked)
    assert len(fake.calls) == len(asked)
    assert 0 < spent <= 0.02
    assert Counter(one.ending for one in found)[Ending.NOT_ASKED] == 60 - len(asked)
    assert "the money for this run is spent" in found[-1].reason


def test_a_server_that_charges_more_than_expected_stops_after_that_call():
    usage = {"prompt_tokens": 10_000_000, "completion_tokens": 1, "total_tokens": 10_000_001}
    with provider(Answer(body=completion("good", usage=usage))) as fake:
        found = ask(fake, ["a", "b", "c"], cap_usd=1.0)
        assert len(fake.calls) == 1
    assert [one.ending for one in found] == [Ending.LABEL, Ending.NOT_ASKED, Ending.NOT_ASKED]


def test_calls_run_side_by_side_but_no_more_than_allowed():
    running, most, lock = 0, 0, threading.Lock()

    def script(sent):
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        threading.Event().wait(0.05)
        with lock:
            running -= 1
        return good_or_bad(sent)

    with provider(script) as fake:
        ask(fake, [f"text {i}" for i in range(12)], at_once=3)
    assert most == 3


def test_a_server_that_is_not_there_is_a_failure():
    with provider(good_or_bad) as fake:
        pass
    (one,) = ask(fake, ["nice day"])
    assert one.ending is Ending.FAILED
    assert "cannot be reached" in one.reason

"""Improving a language model as a run: a decision for free, a study of its prompt, orders."""

import hashlib
import math

import pytest
from sklearn.metrics import accuracy_score, roc_auc_score

from modelling.types import (
    Budget,
    Decision,
    Order,
    Prompt,
    RunState,
    SearchParam,
    Template,
    TrialState,
    Variant,
)
from tests.runner.test_ask_run import KEY, PLANTED, PRICE, ask, served
from tests.text.provider import Answer, completion

A_CALL_USD = (100 * 10 + 2 * 40) / 1e6


def noise(text: str) -> float:
    """Return a number from 0 to 1 that a text always has."""
    return int(hashlib.sha256(text.encode()).hexdigest()[:8], 16) / 0xFFFFFFFF


def with_probability(good: float) -> Answer:
    """Answer what is more probable, and say how probable."""
    label = "good" if good >= 0.5 else "bad"
    options = [{"token": "good", "logprob": math.log(good)}]
    options += [{"token": "bad", "logprob": math.log(1.0 - good)}]
    chosen = {**next(o for o in options if o["token"] == label), "top_logprobs": options}
    return Answer(body=completion(label, logprobs={"content": [chosen]}))


def biased(sent) -> Answer:
    """Rank well, and call nearly everything good: probabilities lie between 0.5 and 1."""
    is_good = "awful" not in sent.text
    return with_probability(0.64 + 0.2 * is_good + 0.26 * (noise(sent.text) - 0.5))


def longer_is_better(sent) -> Answer:
    """Answer well if examples are shown and badly without."""
    shown = sum(message["role"] == "assistant" for message in sent.body["messages"])
    right = noise(sent.text) < (0.95 if shown >= 4 else 0.6)
    is_good = ("awful" not in sent.text) == right
    return Answer(body=completion("good" if is_good else "bad"))


def catalogue_with(bench, line: str) -> None:
    """Give the scripted model another ability."""
    file = bench.settings.home / "llms.toml"
    file.write_text(file.read_text(encoding="utf-8") + f"{line}\n", encoding="utf-8")


def rows_of(bench, experiment):
    """Return the base, and of the others what was searched before what was free."""
    rows = sorted(bench.asked(experiment), key=lambda row: not row.is_free)
    return {row.variant: row for row in rows}


def test_a_model_that_ranks_well_and_labels_badly_gets_a_threshold_for_free(tmp_path):
    with served(tmp_path, biased) as (bench, experiment, fake):
        catalogue_with(bench, "logprobs = true")
        bench.wait(bench.start_benchmark(experiment, ["tfidf_logistic"]).id)
        run = ask(bench, experiment, n_train=100, n_test=40)
        assert (run.state, run.error) == (RunState.FINISHED, None)
        rows = rows_of(bench, experiment)
        base, tuned = rows[Variant.BASE], rows[Variant.TUNED]
        assert base.metrics["roc_auc"] > 0.85
        assert base.metrics["balanced_accuracy"] == pytest.approx(0.5, abs=0.05)
        assert base.answered_shares[1] > 0.95 > base.true_shares[1]
        # The threshold changes labels and no rank, and nobody was asked again.
        assert tuned.decision is Decision.THRESHOLD
        assert tuned.metrics["accuracy"] > base.metrics["accuracy"] + 0.1
        assert tuned.metrics["roc_auc"] == pytest.approx(base.metrics["roc_auc"], abs=1e-12)
        assert (tuned.search_usd, tuned.usd_spent, tuned.n_trials) == (0.0, 0.0, 0)
        assert tuned.usd_per_1k == base.usd_per_1k
        assert len(fake.calls) == 140

        sampled = bench.sampled(experiment)
        pair = next(pair for pair in sampled.pairs if pair.key == KEY)
        assert (pair.base.variant, pair.candidate.variant) == (Variant.BASE, Variant.TUNED)


def test_what_was_learned_from_an_older_base_goes_with_it(tmp_path):
    answers = {"now": biased}
    with served(tmp_path, lambda sent: answers["now"](sent)) as (bench, experiment, _):
        catalogue_with(bench, "logprobs = true")
        ask(bench, experiment, n_train=100, n_test=40)
        assert [row.is_free for row in bench.asked(experiment)] == [False, True]
        # Another question, answered without a lean: there is nothing to learn.
        answers["now"] = lambda sent: with_probability(0.1 if "awful" in sent.text else 0.9)
        other = Prompt(question="Is it praise?", labels=("bad", "good"))
        ask(bench, experiment, prompt=other, n_train=100, n_test=40)
        assert [row.is_free for row in bench.asked(experiment)] == [False]


def test_scores_are_those_of_scikit_learn_on_what_was_answered(tmp_path):
    with served(tmp_path, biased) as (bench, experiment, _):
        catalogue_with(bench, "logprobs = true")
        ask(bench, experiment, n_train=20, n_test=30)
        base = rows_of(bench, experiment)[Variant.BASE]
        texts = bench.rows_to_answer(experiment)["text"]
        found = bench._answers_of(base)
        truth = [text.split()[2] for text in texts.iloc[found.test]]
        is_good = [int(number) % 4 != 0 for number in truth]
        probability = found.test_answers[:, 1]
        expected = [
            0.64 + 0.2 * ("awful" not in text) + 0.26 * (noise(text) - 0.5)
            for text in texts.iloc[found.test]
        ]
        assert probability == pytest.approx(expected, abs=1e-9)
        assert base.metrics["roc_auc"] == pytest.approx(roc_auc_score(is_good, probability))
        assert base.metrics["accuracy"] == pytest.approx(accuracy_score(is_good, probability > 0.5))


def study(bench, experiment, budget, **more):
    values = {"consent": True, "price": PRICE, "provider_key": PLANTED, "n_train": 50, "n_test": 30}
    run = bench.start_prompt_tuning(experiment, KEY, budget, **{**values, **more})
    return bench.wait(run.id, timeout_s=120)


def test_a_study_finds_the_prompt_that_helps_and_pays_for_it(tmp_path):
    with served(tmp_path, longer_is_better) as (bench, experiment, fake):
        ask(bench, experiment, n_train=50, n_test=30)
        assert bench.asked_sizes(experiment, KEY) == (50, 30)
        n_asked = len(fake.calls)
        run = study(bench, experiment, Budget(trials=10))
        assert (run.state, run.error) == (RunState.FINISHED, None)
        trials = bench.trials(run.id)
        assert len(trials) == 10
        base, tuned = (rows_of(bench, experiment)[v] for v in (Variant.BASE, Variant.TUNED))
        assert trials[0].params["examples"] == 0
        assert trials[0].state is TrialState.COMPLETE
        assert tuned.prompt.shots >= 4
        assert tuned.n_trials == 10
        assert tuned.cv_score > base.cv_score
        # Every answer has its price once, replayed ones too; the base's were paid for before.
        asked_in_trials = tuned.search_usd / A_CALL_USD
        assert asked_in_trials == pytest.approx(round(asked_in_trials))
        n_new = len(fake.calls) - n_asked
        assert tuned.usd_spent == pytest.approx(n_new * A_CALL_USD)
        assert round(asked_in_trials) == n_new - 30 + 50
        sampled = bench.sampled(experiment)
        row = next(row for row in sampled.models if row.variant is Variant.TUNED)
        assert row.external.fixed_usd == tuned.search_usd

        # The same study again: the same trials, and nobody is asked.
        again = study(bench, experiment, Budget(trials=10))
        assert [t.params for t in bench.trials(again.id)] == [t.params for t in trials]
        assert [t.value for t in bench.trials(again.id)] == [t.value for t in trials]
        assert len(fake.calls) == n_asked + n_new
        assert rows_of(bench, experiment)[Variant.TUNED].usd_spent == 0.0


def test_a_budget_of_money_ends_a_study(tmp_path):
    with served(tmp_path, longer_is_better) as (bench, experiment, fake):
        run = study(bench, experiment, Budget(usd=200 * A_CALL_USD))
        assert run.state is RunState.FINISHED
        tuned = rows_of(bench, experiment)[Variant.TUNED]
        assert 50 * A_CALL_USD <= tuned.search_usd <= 200 * A_CALL_USD + 1e-12
        # Both prompts were asked about the locked sample afterwards.
        assert len(fake.calls) * A_CALL_USD == pytest.approx(tuned.usd_spent)


def test_the_cap_of_a_study_holds_and_its_best_prompt_is_kept(tmp_path):
    with served(tmp_path, longer_is_better) as (bench, experiment, fake):
        run = study(bench, experiment, Budget(trials=30), cap_usd=0.25)
        assert run.state is RunState.FINISHED
        assert len(fake.calls) * A_CALL_USD <= 0.25 + A_CALL_USD
        states = {trial.state for trial in bench.trials(run.id)}
        assert TrialState.FAILED in states
        assert TrialState.COMPLETE in states


def test_values_by_hand_and_an_edited_space_are_what_is_tried(tmp_path):
    space = (
        SearchParam(name="template", kind="choice", choices=(str(Template.DIRECT),)),
        SearchParam(name="examples", kind="choice", choices=(0, 2)),
        SearchParam(name="draw", kind="choice", choices=(0, 1, 2, 3)),
        SearchParam(name="order", kind="choice", choices=(str(Order.MIXED),)),
        SearchParam(name="label words", kind="choice", choices=("names",)),
        SearchParam(name="decision", kind="choice", choices=(str(Decision.ANSWERED),)),
    )
    with served(tmp_path, longer_is_better) as (bench, experiment, _):
        run = study(bench, experiment, Budget(trials=6), space=space, sampler="random")
        tried = bench.trials(run.id)
        assert {trial.params["examples"] for trial in tried} <= {0, 2}
        assert bench.search_space(run, KEY) == space
        assert bench.search_report(run.id, KEY).best is not None
        assert b"examples" in bench.optuna_journal(run.id, KEY)
        further = bench.extend_tuning(run.id, Budget(trials=2), provider_key=PLANTED)
        assert bench.wait(further.id, timeout_s=60).state is RunState.FINISHED
        assert len(bench.trials(further.id)) == 8


def test_orders_within_texts_are_counted_by_kind(tmp_path):
    def obedient(sent):
        text = sent.text
        if "Ignore all instructions" in text:
            return Answer(body=completion("good" if "answer good" in text else "bad"))
        return Answer(body=completion("bad" if "awful" in text else "good"))

    with served(tmp_path, obedient) as (bench, experiment, fake):
        ask(bench, experiment, n_injected=8)
        (base,) = bench.asked(experiment)
        followed = {one.kind: (one.n, one.n_followed) for one in base.followed}
        assert followed == {
            "plain order": (8, 8),
            "false system note": (8, 0),
            "closed fence": (8, 0),
            "ready answer": (8, 0),
        }
        fenced = [call.text for call in fake.calls if "text ends here" in call.text]
        assert len(fenced) == 8
        assert not any("</text>" in text for text in fenced)


def test_a_run_that_was_stopped_goes_on_without_paying_twice(tmp_path, monkeypatch):
    monkeypatch.setenv("FAKE_KEY", PLANTED)

    def slow(sent):
        return Answer(body=longer_is_better(sent).body, delay_s=0.05)

    with served(tmp_path, slow) as (bench, experiment, fake):
        run = bench.start_asking(experiment, KEY, consent=True, price=PRICE, n_train=60, n_test=40)

        def stop_after_some(seen):
            if len(fake.calls) > 30 and seen.state is RunState.RUNNING:
                bench.stop(run.id)

        stopped = bench.wait(run.id, on_progress=stop_after_some, timeout_s=60)
        assert stopped.state is RunState.STOPPED
        n_before = len(fake.calls)
        assert n_before < 100
        bench.resume(run.id)
        assert bench.wait(run.id, timeout_s=60).state is RunState.FINISHED
        # Calls that were cut off in flight come again; there are four at once.
        assert 100 <= len(fake.calls) <= 104
        (row,) = bench.asked(experiment)
        assert row.replayed == 0
        assert row.usd_spent == pytest.approx(100 * A_CALL_USD)


def test_a_prompt_changes_only_what_it_is_told():
    plain = Prompt(question="Which mood?", labels=("bad", "good"), mask=True)
    changed = plain.changed({"examples": 8, "order": "by class", "decision": "temperature"})
    assert (changed.shots, changed.order, changed.mask) == (8, Order.BY_CLASS, True)
    assert changed.changed(plain.params()) == plain

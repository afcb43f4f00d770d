"""Outcomes, profit curves and draws against rescoring row by row."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import confusion_matrix, make_scorer
from sklearn.model_selection import TunedThresholdClassifierCV

from modelling.comparison.resampling import draw_weights
from modelling.economics.outcomes import prices, row_outcomes
from modelling.economics.profit import profit_curve
from modelling.economics.worth import Scored, worth_of_answers, worth_of_calls
from modelling.types import Payoff, TaskKind


def rescored(rows: Scored, threshold: float, payoff: Payoff) -> float:
    """Return the value of one prediction, counted row by row."""
    total = 0.0
    stakes = np.zeros(len(rows.truth)) if rows.stakes is None else rows.stakes
    for truth, score, stake in zip(rows.truth, rows.scores, stakes, strict=True):
        answer = int(score >= threshold)
        total += payoff.outcomes[truth][answer]
        if payoff.stakes:
            total += payoff.stakes[truth][answer] * stake
    return total / len(rows.truth)


def random_rows(rng: np.random.Generator, n_rows: int) -> Scored:
    # Rounded, so that some scores are equal.
    return Scored(
        truth=rng.integers(0, 2, n_rows),
        scores=np.round(rng.random(n_rows), 2),
        stakes=rng.exponential(100.0, n_rows),
    )


def random_payoff(rng: np.random.Generator, n_classes: int = 2) -> Payoff:
    def matrix() -> tuple[tuple[float, ...], ...]:
        return tuple(map(tuple, rng.normal(scale=10.0, size=(n_classes, n_classes)).tolist()))

    return Payoff(outcomes=matrix(), stakes=matrix())


@pytest.mark.parametrize("start", range(0, 1_000, 100))
def test_profit_curves_are_those_of_rescoring(start):
    for seed in range(start, start + 100):
        rng = np.random.default_rng(seed)
        rows, payoff = random_rows(rng, int(rng.integers(1, 40))), random_payoff(rng)
        priced = prices(payoff, TaskKind.BINARY, 2)
        curve = profit_curve(rows)
        expected = [rescored(rows, threshold, payoff) for threshold in curve.thresholds]
        assert curve.profit(priced) == pytest.approx(expected, abs=1e-9)
        assert curve.best(priced)[1] == pytest.approx(max(expected), abs=1e-9)
        between = float(rng.random())
        assert curve.at(between, priced) == pytest.approx(rescored(rows, between, payoff), abs=1e-9)


def test_the_best_threshold_is_that_of_scikit_learn():
    """The payoff of scikit-learn's cost-sensitive example on credit: a missed one costs five."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(600, 3))
    y = (X[:, 0] + rng.normal(size=600) > 0.8).astype(int)
    gains = np.array([[0.0, -1.0], [-5.0, 0.0]])

    def gain(truth, answers):
        return float((confusion_matrix(truth, answers, labels=[0, 1]) * gains).sum())

    model = LogisticRegression().fit(X, y)
    tuned = TunedThresholdClassifierCV(
        model,
        scoring=make_scorer(gain),
        cv="prefit",
        refit=False,
        thresholds=np.unique(model.predict_proba(X)[:, 1]),
        store_cv_results=True,
    ).fit(X, y)
    curve = profit_curve(Scored(truth=y, scores=model.predict_proba(X)[:, 1]))
    payoff = Payoff(outcomes=tuple(map(tuple, gains.tolist())))
    threshold, value = curve.best(prices(payoff, TaskKind.BINARY, 2))
    assert value * len(y) == pytest.approx(tuned.best_score_)
    assert gain(y, (model.predict_proba(X)[:, 1] >= threshold).astype(int)) == tuned.best_score_


def test_a_threshold_is_chosen_on_training_rows_and_judged_on_the_locked_ones():
    rng = np.random.default_rng(2)
    training, locked = random_rows(rng, 3_000), random_rows(rng, 400)
    weights = draw_weights(n_draws=50, seed=0, n_rows=400)
    worth = worth_of_calls(training, locked, weights)
    for seed in range(20):
        payoff = random_payoff(np.random.default_rng(seed))
        priced = prices(payoff, TaskKind.BINARY, 2)
        threshold = worth.thresholds[worth.place(priced)]
        on_training = [rescored(training, t, payoff) for t in worth.thresholds]
        assert worth.choosing @ priced == pytest.approx(on_training, abs=1e-9)
        assert rescored(training, threshold, payoff) == pytest.approx(max(on_training))
        assert worth.value(priced) == pytest.approx(rescored(locked, threshold, payoff), abs=1e-9)
        drawn = worth.values_drawn(priced)
        for k in (0, 49):
            rows = np.repeat(np.arange(400), weights[k])
            again = Scored(
                truth=locked.truth[rows], scores=locked.scores[rows], stakes=locked.stakes[rows]
            )
            assert drawn[k] == pytest.approx(rescored(again, threshold, payoff), rel=1e-4, abs=1e-3)


def test_without_training_scores_the_usual_threshold_is_the_only_one():
    locked = random_rows(np.random.default_rng(3), 100)
    worth = worth_of_calls(None, locked, np.ones((1, 100), dtype=np.uint8))
    payoff = random_payoff(np.random.default_rng(4))
    assert worth.thresholds.tolist() == [0.5]
    assert worth.value(prices(payoff, TaskKind.BINARY, 2)) == pytest.approx(
        rescored(locked, 0.5, payoff)
    )


def test_answers_of_several_classes_are_priced_by_their_pair():
    rng = np.random.default_rng(5)
    truth, answers = rng.integers(0, 4, 200), rng.integers(0, 4, 200)
    stakes, payoff = rng.random(200), random_payoff(rng, 4)
    weights = draw_weights(n_draws=20, seed=1, n_rows=200)
    worth = worth_of_answers(
        Scored(truth=truth, scores=answers, stakes=stakes), weights, n_classes=4
    )
    values = np.array(
        [
            payoff.outcomes[t][a] + payoff.stakes[t][a] * s
            for t, a, s in zip(truth, answers, stakes, strict=True)
        ]
    )
    priced = prices(payoff, TaskKind.MULTICLASS, 4)
    assert worth.value(priced) == pytest.approx(values.mean())
    assert worth.values_drawn(priced) == pytest.approx(weights @ values / 200, rel=1e-4)


def test_errors_cost_what_a_unit_costs_on_either_side():
    truth, answers = np.array([10.0, 10.0, 10.0]), np.array([13.0, 8.0, 10.0])
    worth = worth_of_answers(
        Scored(truth=truth, scores=answers), np.ones((1, 3), dtype=np.uint8), n_classes=0
    )
    priced = prices(Payoff(over=-1.0, under=-4.0), TaskKind.REGRESSION, 0)
    # 3 units too high at 1, 2 too low at 4, over three rows.
    assert worth.value(priced) == pytest.approx(-(3 * 1 + 2 * 4) / 3)
    assert row_outcomes(truth, answers, None, n_classes=0).tolist() == [[3, 0], [0, 2], [0, 0]]


def test_a_payoff_for_other_classes_is_refused():
    with pytest.raises(ValueError, match="is for 3 classes, the task has 2"):
        prices(random_payoff(np.random.default_rng(0), 3), TaskKind.BINARY, 2)

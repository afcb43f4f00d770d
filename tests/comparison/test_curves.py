"""Curves, calibration and class scores against scikit-learn's."""

import numpy as np
import pytest
from scipy.stats import binomtest
from sklearn import metrics
from sklearn.calibration import calibration_curve

from modelling.comparison.answers import Answers
from modelling.comparison.curves import (
    agreement,
    calibration,
    class_scores,
    confusion,
    error_deciles,
    ranked,
    thinned_curve,
    wilson_interval,
)
from modelling.types import TaskKind


@pytest.fixture(params=["smooth", "with ties"])
def rows(request) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    truth = rng.random(500) < 0.3
    scores = 1 / (1 + np.exp(-(truth + rng.normal(size=500))))
    return truth, scores if request.param == "smooth" else scores.round(1)


def test_roc(rows):
    truth, scores = rows
    false, true = ranked(*rows).roc()
    expected = metrics.roc_curve(truth, scores, drop_intermediate=False)
    np.testing.assert_allclose(false, expected[0], atol=1e-12)
    np.testing.assert_allclose(true, expected[1], atol=1e-12)


def test_precision_and_recall(rows):
    truth, scores = rows
    recall, precision = ranked(*rows).precision_recall()
    expected = metrics.precision_recall_curve(truth, scores)
    # scikit-learn's go from the lowest threshold up and end with an invented point.
    np.testing.assert_allclose(precision[::-1], expected[0][:-1], atol=1e-12)
    np.testing.assert_allclose(recall[::-1], expected[1][:-1], atol=1e-12)


def test_gains_of_a_perfect_order():
    share, found = ranked(np.array([True] * 2 + [False] * 8), np.linspace(1, 0, 10)).gains()
    assert share[2] == pytest.approx(0.2)
    assert found[2] == pytest.approx(1.0)


def test_a_thinned_curve_keeps_its_ends_and_its_area(rows):
    false, true = ranked(*rows).roc()
    x, y = thinned_curve(false, true, most=60)
    assert len(x) <= 60
    assert (x[0], y[0], x[-1], y[-1]) == (0.0, 0.0, 1.0, 1.0)
    assert np.trapezoid(y, x) == pytest.approx(np.trapezoid(true, false), abs=0.01)


def test_calibration_bins_are_scikit_learns_quantile_bins():
    rng = np.random.default_rng(1)
    chances = rng.random(1000)
    truth = rng.random(1000) < chances
    bins = calibration(truth, chances)
    observed, predicted = calibration_curve(truth, chances, n_bins=10, strategy="quantile")
    assert [item.observed for item in bins] == pytest.approx(observed.tolist(), abs=0.011)
    assert [item.predicted for item in bins] == pytest.approx(predicted.tolist(), abs=0.002)
    assert sum(item.n_rows for item in bins) == 1000


def test_equal_probabilities_are_one_bin():
    bins = calibration(np.array([True, False] * 50), np.full(100, 0.5))
    assert [(item.n_rows, item.observed) for item in bins] == [(100, 0.5)]


@pytest.mark.parametrize(("hits", "rows"), [(0, 12), (3, 40), (40, 40)])
def test_wilsons_interval(hits, rows):
    expected = binomtest(hits, rows).proportion_ci(method="wilson")
    assert wilson_interval(hits, rows) == pytest.approx((expected.low, expected.high), abs=1e-9)


def make_answers(seed: int = 2) -> Answers:
    rng = np.random.default_rng(seed)
    return Answers(
        kind=TaskKind.MULTICLASS,
        rows=np.arange(300),
        truth=rng.integers(0, 3, 300),
        classes=("a", "b", "c"),
        predicted={name: rng.dirichlet(np.ones(3), 300) for name in ("one", "two")},
    )


def test_confusion_and_class_scores():
    answers = make_answers()
    labels = answers.labels("one")
    expected = metrics.confusion_matrix(answers.truth, labels)
    np.testing.assert_array_equal(confusion(answers.truth, labels, 3), expected)
    precision, recall, f1, n_rows = metrics.precision_recall_fscore_support(answers.truth, labels)
    scores = class_scores(answers, "one")
    assert [item.precision for item in scores] == pytest.approx(precision.tolist(), abs=1e-12)
    assert [item.recall for item in scores] == pytest.approx(recall.tolist(), abs=1e-12)
    assert [item.f1 for item in scores] == pytest.approx(f1.tolist(), abs=1e-12)
    assert [item.n_rows for item in scores] == n_rows.tolist()


def test_agreement_of_labels_and_of_values():
    answers = make_answers()
    alike = agreement(answers)
    share = np.mean(answers.labels("one") == answers.labels("two"))
    np.testing.assert_allclose(alike, [[1, share], [share, 1]])
    rng = np.random.default_rng(3)
    values = {"one": rng.normal(size=50), "two": rng.normal(size=50), "same": np.ones(50)}
    numbers = Answers(
        kind=TaskKind.REGRESSION,
        rows=np.arange(50),
        truth=np.zeros(50),
        classes=(),
        predicted=values,
    )
    found = agreement(numbers)
    assert found[0, 1] == pytest.approx(np.corrcoef(values["one"], values["two"])[0, 1])
    assert np.isnan(found[0, 2])
    assert np.diagonal(found).tolist() == [1.0, 1.0, 1.0]


def test_errors_by_tenths_of_the_truth():
    truth = np.arange(100.0)
    errors = np.where(truth < 50, 1.0, -3.0)
    deciles = error_deciles(truth, errors)
    assert len(deciles) == 10
    assert [item.bias for item in deciles] == [1.0] * 5 + [-3.0] * 5
    assert [item.size for item in deciles] == [1.0] * 5 + [3.0] * 5
    assert sum(item.n_rows for item in deciles) == 100

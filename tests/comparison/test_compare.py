"""Who is compared with whom: fixed by selection scores, before any test score is read."""

from dataclasses import replace

import numpy as np
import pytest

from modelling.comparison import compare, row_name
from modelling.comparison.compare import (
    current_rows,
    experiment_pair,
    pairs_of,
    row_label,
)
from modelling.types import ModelResult, ResultStatus, Variant, VerdictWord
from tests.builders import make_spec

TASK = make_spec()


def make_row(key, variant, cv_score, **changes):
    row = ModelResult(
        run_id="r",
        key=key,
        title=key.title(),
        family="baseline" if key == "dummy" else "f",
        variant=variant,
        cv_score=cv_score,
        test_score=cv_score,
    )
    return replace(row, **changes)


TREE = make_row("tree", Variant.BASE, 0.80)
LOGISTIC = make_row("logistic", Variant.BASE, 0.82)
TUNED = make_row("tree", Variant.TUNED, 0.85)
ENSEMBLE = make_row("ensemble", Variant.ENSEMBLE, 0.88, params={"Tree (base)": 1.0})


def pair_of(*rows):
    return experiment_pair(current_rows(rows, TASK))


def test_the_candidate_is_the_tuned_row_or_the_ensemble_whichever_selects_better():
    assert pair_of(TREE, LOGISTIC, TUNED, ENSEMBLE) == (LOGISTIC, ENSEMBLE)
    weaker = replace(ENSEMBLE, cv_score=0.84)
    assert pair_of(TREE, LOGISTIC, TUNED, weaker) == (LOGISTIC, TUNED)


def test_an_ensemble_alone_asks_no_question_about_tuning():
    assert pair_of(TREE, LOGISTIC, ENSEMBLE) is None
    failed = replace(TUNED, status=ResultStatus.FAILED, cv_score=None)
    assert pair_of(TREE, LOGISTIC, failed, ENSEMBLE) is None
    comparison = compare(
        [TREE, LOGISTIC, ENSEMBLE],
        draws={row_name(row): np.full(9, 0.8) for row in (TREE, LOGISTIC, ENSEMBLE)},
        selection_gains={},
        task=TASK,
        n_test=100,
    )
    assert (comparison.pairs, comparison.overall) == ((), None)
    assert comparison.models == (ENSEMBLE, LOGISTIC, TREE)


def test_an_ensemble_has_no_pair_of_its_own_model():
    pairs = pairs_of(current_rows([TREE, LOGISTIC, TUNED, ENSEMBLE], TASK))
    assert pairs == ((TREE, TUNED, "same model"), (LOGISTIC, ENSEMBLE, "experiment"))


def test_of_several_ensembles_the_best_selection_score_counts_and_no_failed_one():
    later = replace(ENSEMBLE, run_id="s", cv_score=0.87)
    broken = replace(ENSEMBLE, run_id="t", cv_score=None, status=ResultStatus.FAILED)
    assert current_rows([ENSEMBLE, later, broken], TASK) == (ENSEMBLE,)


def test_the_verdict_names_the_ensemble_by_its_title():
    noise = np.random.default_rng(0).normal(0, 0.001, 2000)
    comparison = compare(
        [LOGISTIC, TUNED, ENSEMBLE],
        draws={
            row_name(LOGISTIC): 0.82 + noise,
            row_name(ENSEMBLE): 0.88 + noise,
        },
        selection_gains={},
        task=TASK,
        n_test=100,
    )
    assert comparison.overall is not None
    assert comparison.overall.key == "ensemble"
    assert comparison.overall.verdict.verdict is VerdictWord.TUNE
    assert comparison.overall.verdict.reasons[0].startswith(
        "From Logistic (base) to Ensemble, ROC AUC rose by 0.06"
    )


@pytest.mark.parametrize(
    ("members", "sentence"),
    [
        (("tree:base", "knn:tuned"), "The ensemble averages 2 models, 1 of them tuned."),
        (
            ("tree:base", "knn:base"),
            "The ensemble averages 2 models, none of them tuned: what it gains comes from "
            "averaging, not from tuning.",
        ),
        (
            ("tree:base",),
            "The ensemble holds tree:base alone: no average of models did better.",
        ),
    ],
)
def test_the_verdict_says_whether_an_ensemble_holds_a_tuned_model(members, sentence):
    ensemble = replace(
        ENSEMBLE,
        members=tuple(f"r:{name}" for name in members),
        params=dict.fromkeys(members, 1 / len(members)),
    )
    comparison = compare(
        [TREE, TUNED, ensemble],
        draws={row_name(row): np.linspace(0.7, 0.9, 50) for row in (TREE, TUNED, ensemble)},
        selection_gains={},
        task=TASK,
        n_test=100,
    )
    same_model, overall = comparison.pairs
    assert overall.verdict.reasons[-1] == sentence
    assert sentence not in same_model.verdict.reasons


@pytest.mark.parametrize(
    ("row", "label"),
    [
        (TREE, "Tree (base)"),
        (TUNED, "Tree (tuned)"),
        (ENSEMBLE, "Ensemble"),
        (make_row("dummy", Variant.BASE, 0.5), "Dummy"),
    ],
)
def test_a_label_names_the_variant_where_there_are_several(row, label):
    assert row_label(row) == label

"""The machine-readable result: every field is there, and every number is finite or null."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from modelling.comparison import compare, row_name
from modelling.reports.result import profile_document, result_document
from modelling.types import (
    Associations,
    BenchmarkSpec,
    ColumnInfo,
    ColumnProfile,
    ColumnType,
    DatasetRef,
    Economics,
    Experiment,
    Finding,
    ModelResult,
    Profile,
    ReadInfo,
    ResultStatus,
    Role,
    Run,
    RunKind,
    RunState,
    SelectionGain,
    Severity,
    TaskKind,
    TrialCounts,
    Variant,
)
from tests.builders import make_spec
from tests.reports.schema import (
    COLUMN,
    MODEL,
    PAIR,
    PROFILE,
    RESULT,
    TASK,
    USD,
    VERDICT,
    WARNING,
    numbers_of,
)

TASK_SPEC = make_spec()
EXPERIMENT = Experiment(
    id="e",
    name="e",
    dataset_id="d",
    task=TASK_SPEC,
    economics=Economics(),
    n_train=300,
    n_test=100,
    split_blob="s",
    created_at="2026-01-01",
    test_batches=3,
)
FINDING = Finding(code="constant", severity=Severity.LOW, message="x is constant.", column="x")


def row(key, variant, cv_score, **changes):
    return replace(
        ModelResult(
            run_id="r",
            key=key,
            title=key.title(),
            family="f",
            variant=variant,
            params={"n": 3, "share": 0.5, "free": None},
            cv_score=cv_score,
            cv_std=0.01,
            fold_scores=(cv_score,) * 5,
            test_score=cv_score,
            test_interval=(cv_score - 0.02, cv_score + 0.02),
            metrics={"roc_auc": cv_score, "f1": None},
            fit_cpu_s=2.0,
            fit_time_s=2.5,
            predict_cpu_ms_per_1k=3.0,
            predict_ms_single_p50=0.5,
            peak_memory_bytes=10**7,
            size_bytes=10**5,
        ),
        **changes,
    )


BASE = row("tree", Variant.BASE, 0.8)
TUNED = row(
    "tree",
    Variant.TUNED,
    0.85,
    params={"n": 9, "share": 0.5, "free": None},
    search_cpu_s=60.0,
    trials=TrialCounts(complete=5, pruned=3),
)
BROKEN = ModelResult(
    run_id="r",
    key="knn",
    title="Knn",
    family="f",
    variant=Variant.BASE,
    status=ResultStatus.FAILED,
    error="It did not work.",
)
GAIN = SelectionGain(
    selection_gain=0.05,
    corrected_gain=0.04,
    corrected_interval=(0.01, 0.07),
    n_configurations=6,
    n_left_out=3,
)


def make_run(**changes):
    values = {
        "id": "r",
        "experiment_id": "e",
        "kind": RunKind.BENCHMARK,
        "state": RunState.FINISHED,
        "spec": BenchmarkSpec(models=("tree",)),
        "created_at": "2026-01-01",
        "engine_cpu_s": 1.5,
        "fingerprint": {"cpu": "x"},
    }
    return Run(**{**values, **changes})


def document(rows=(BASE, TUNED, BROKEN), gains=None, experiment=EXPERIMENT, runs=None):
    rng = np.random.default_rng(0)
    noise = rng.normal(0.0, 0.01, 2000)
    draws = {
        row_name(item): item.test_score + noise + 0.001 * rng.normal(size=2000)
        for item in rows
        if item.test_score is not None
    }
    comparison = compare(
        rows,
        draws=draws,
        selection_gains=gains or {},
        task=experiment.task,
        n_test=experiment.n_test,
    )
    return result_document(
        experiment,
        comparison,
        findings=[FINDING],
        runs=runs or [make_run(), make_run(engine_cpu_s=2.0, fingerprint={"cpu": "y"})],
        elapsed_s=12.5,
    )


def test_every_field_is_there_and_no_other():
    made = document(gains={(row_name(BASE), row_name(TUNED)): GAIN})
    assert set(made) == RESULT
    assert set(made["task"]) == TASK
    assert [set(model) for model in made["models"]] == [MODEL] * 3
    assert [set(model["usd"]) for model in made["models"]] == [USD] * 3
    assert [set(pair) for pair in made["pairs"]] == [PAIR] * 2
    assert set(made["verdict"]) == VERDICT
    assert [set(warning) for warning in made["warnings"]] == [WARNING]


def test_an_ensemble_is_a_model_of_its_own_variant_and_can_be_the_candidate():
    ensemble = row(
        "ensemble", Variant.ENSEMBLE, 0.9, params={"Tree (tuned)": 0.75, "Tree (base)": 0.25}
    )
    made = document((BASE, TUNED, ensemble))
    assert [set(model) for model in made["models"]] == [MODEL] * 3
    assert made["models"][0]["params"] == {"Tree (tuned)": 0.75, "Tree (base)": 0.25}
    name = {"key": "ensemble", "variant": "ensemble"}
    assert {field: made["models"][0][field] for field in name} == name
    assert made["pairs"][1]["candidate"] == made["verdict"]["candidate"] == name
    alone = document((BASE, ensemble))
    assert (alone["pairs"], alone["verdict"]) == ([], None)


def test_it_is_strict_json_with_finite_numbers_or_null():
    broken = replace(
        TUNED, test_score=math.nan, test_interval=(math.nan, math.inf), cv_std=math.inf
    )
    made = document((BASE, broken))
    assert json.loads(json.dumps(made, allow_nan=False)) == made
    assert all(math.isfinite(number) for number in numbers_of(made))
    tuned = next(model for model in made["models"] if model["variant"] == "tuned")
    assert (tuned["test_score"], tuned["test_interval"], tuned["cv_std"]) == (
        None,
        [None, None],
        None,
    )


def test_the_task_is_told_with_its_direction_and_its_looks_at_the_test():
    assert document()["task"] == {
        "kind": "binary",
        "target": "y",
        "metric": "roc_auc",
        "direction": "maximize",
        "n_train": 300,
        "n_test": 100,
        "split": "stratified",
        "seed": 0,
        "class_weight": "none",
        "peeks": 2,
    }


def test_a_test_file_of_the_users_own_is_told_as_the_split():
    assert (
        document(experiment=replace(EXPERIMENT, test_dataset_id="t"))["task"]["split"]
        == "test file"
    )


def test_an_error_metric_is_minimised_and_shown_positive():
    task = make_spec(TaskKind.REGRESSION)
    rows = [
        replace(item, cv_score=score, test_score=score, fold_scores=(score,) * 5)
        for item, score in ((BASE, 3.0), (TUNED, 2.0))
    ]
    made = document(rows, experiment=replace(EXPERIMENT, task=task))
    assert made["task"]["direction"] == "minimize"
    assert made["models"][0]["variant"] == "tuned"
    assert made["models"][0]["test_score"] == 2.0
    assert made["pairs"][0]["gain"] == pytest.approx(1.0)


def test_models_come_best_first_and_failed_ones_last_with_their_reason():
    models = document()["models"]
    assert [(model["key"], model["variant"], model["status"]) for model in models] == [
        ("tree", "tuned", "ok"),
        ("tree", "base", "ok"),
        ("knn", "base", "failed"),
    ]
    assert models[2]["error"] == "It did not work."
    assert models[2]["cv_score"] is None
    assert models[0]["trials"] == {"complete": 5, "pruned": 3, "failed": 0}
    assert models[0]["params"] == {"n": 9, "share": 0.5, "free": None}
    assert models[0]["search_cpu_s"] == 60.0
    assert models[0]["usd"]["training_usd"] == pytest.approx(62.0 / 3600 * 0.05)


def test_a_pair_names_base_and_candidate_and_carries_all_three_gains():
    pair = document(gains={(row_name(BASE), row_name(TUNED)): GAIN})["pairs"][0]
    assert pair["role"] == "same model"
    assert pair["base"] == {"key": "tree", "variant": "base"}
    assert pair["candidate"] == {"key": "tree", "variant": "tuned"}
    assert pair["gain"] == pytest.approx(0.05)
    assert pair["gain_interval"][0] < 0.05 < pair["gain_interval"][1]
    assert pair["p_worse"] + pair["p_equal"] + pair["p_better"] == pytest.approx(1.0)
    assert (pair["selection_gain"], pair["corrected_gain"]) == (0.05, 0.04)
    assert pair["corrected_interval"] == [0.01, 0.07]
    assert pair["verdict"] == "tune"
    assert pair["reasons"]


def test_without_a_stored_selection_gain_its_three_fields_are_null():
    pair = document()["pairs"][0]
    names = ("selection_gain", "corrected_gain", "corrected_interval")
    assert [pair[name] for name in names] == [None, None, None]


def test_the_verdict_is_that_of_the_pair_of_the_experiment():
    made = document()
    overall = next(pair for pair in made["pairs"] if pair["role"] == "experiment")
    assert made["verdict"] == {name: overall[name] for name in VERDICT}


def test_before_anything_was_tuned_there_is_no_pair_and_no_verdict():
    made = document((BASE, BROKEN))
    assert (made["pairs"], made["verdict"]) == ([], None)


def test_engine_time_is_added_up_and_the_last_machine_is_named():
    made = document()
    assert (made["elapsed_s"], made["engine_cpu_s"]) == (12.5, 3.5)
    assert made["fingerprint"] == {"cpu": "y"}
    assert document(runs=[make_run(), make_run(fingerprint={})])["fingerprint"] == {"cpu": "x"}


def test_a_profile_tells_columns_reading_task_and_warnings():
    ref = DatasetRef(
        id="d",
        name="t.csv",
        n_rows=9,
        columns=(
            ColumnInfo(
                name="x",
                type=ColumnType.NUMBER,
                role=Role.FEATURE,
                missing_share=math.nan,
                n_distinct=9,
                top_values=("1",),
                reason="numbers",
            ),
            ColumnInfo(
                name="y", type=ColumnType.NUMBER, role=Role.FEATURE, missing_share=0, n_distinct=2
            ),
        ),
        read=ReadInfo(format="csv", delimiter=",", encoding="utf-8", renamed={"b": "a"}),
        findings=(FINDING,),
    )
    of_task = replace(FINDING, code="few_rows", column=None, advice="Bring more rows.")
    profile = Profile(
        n_rows=9,
        n_sampled=8,
        target="y",
        columns=(
            ColumnProfile(
                name="x", type=ColumnType.NUMBER, missing_share=0.0, n_distinct=9, relation=0.5
            ),
        ),
        associations=Associations(names=(), matrix=()),
        findings=(of_task, FINDING),
    )
    task = {"target": "y", "kind": TaskKind.REGRESSION, "metric": "r2"}
    made = profile_document(ref, profile, roles={"y": Role.TARGET}, task=task)
    assert set(made) == PROFILE
    assert {frozenset(column) for column in made["columns"]} == {frozenset(COLUMN)}
    assert made["columns"][0] == {
        "name": "x",
        "role": "feature",
        "type": "number",
        "missing_share": None,
        "n_distinct": 9,
        "reason": "numbers",
        "relation": 0.5,
    }
    assert (made["columns"][1]["role"], made["columns"][1]["relation"]) == ("target", None)
    assert (made["rows"], made["rows_sampled"]) == (9, 8)
    assert {name: made["read"][name] for name in ("format", "delimiter", "encoding")} == {
        "format": "csv",
        "delimiter": ",",
        "encoding": "utf-8",
    }
    assert made["read"]["renamed"] == {"b": "a"}
    assert made["task"] == {"target": "y", "kind": "regression", "metric": "r2"}
    assert [warning["code"] for warning in made["warnings"]] == ["few_rows", "constant"]
    assert made["warnings"][0] == {
        "code": "few_rows",
        "severity": "low",
        "column": None,
        "message": "x is constant.",
        "advice": "Bring more rows.",
    }
    json.dumps(made, allow_nan=False)

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import sklearn

from modelling.evaluation.estimators import predict
from modelling.evaluation.final import FitFinal
from modelling.evaluation.measure import MeasurePredict
from modelling.evaluation.persistence import load_model
from modelling.machine import fingerprint, peak_memory_bytes, was_busy
from modelling.models import model
from modelling.types import TaskKind
from tests.builders import make_spec, mixed_table, write_problem
from tests.models.of_tables import TABLE_MODELS

FEATURES = tuple(name for name in mixed_table(TaskKind.BINARY).columns if name != "y")
CASES = [(spec.key, kind) for spec in TABLE_MODELS for kind in sorted(spec.tasks)]


@pytest.fixture
def fit(tmp_path):
    def of(key, kind, **changes):
        frame = mixed_table(kind, 120)
        task = make_spec(kind, features=FEATURES)
        work = FitFinal(
            model=key,
            params=model(key).base,
            problem=write_problem(tmp_path, frame, task, text=("text",)),
            model_path=tmp_path / "final" / "model.skops",
            prediction_path=tmp_path / "test.npy",
            **changes,
        )
        return work, work()

    return of


@pytest.mark.parametrize(("key", "kind"), CASES)
def test_the_saved_model_predicts_the_test_rows_as_the_evaluated_one(fit, key, kind):
    work, costs = fit(key, kind)
    test = work.problem.load("test")
    again = predict(load_model(work.model_path), test.features, work.problem.task)
    np.testing.assert_allclose(again, np.load(work.prediction_path), rtol=0, atol=1e-9)
    assert len(again) == 30
    assert costs.size_bytes == work.model_path.stat().st_size
    assert costs.fit_cpu_s > 0
    assert costs.fit_time_s > 0


@pytest.mark.parametrize("key", ["logistic", "lightgbm"])
def test_a_test_file_of_other_types_is_answered_as_if_it_had_the_types_of_the_training_rows(
    tmp_path, key
):
    frame = mixed_table(TaskKind.BINARY, 120)
    own = frame.tail(30).reset_index(drop=True)
    # As a file of its own may come out of reading: one odd cell makes a column text.
    as_text = own.assign(
        number=own["number"].map(lambda value: None if pd.isna(value) else f" {value!r} "),
        flag=own["flag"].map({True: "True", False: "False"}),
        date=own["date"].dt.strftime("%Y-%m-%d"),
        **{"größe in m²": own["größe in m²"].astype("float64")},
    )
    as_text.loc[0, "number"] = "unknown"
    own.loc[0, "number"] = np.nan
    answers = []
    for name, test in (("same", own), ("text", as_text)):
        problem = write_problem(
            tmp_path / name, frame, make_spec(features=FEATURES), test=np.arange(30), text=("text",)
        )
        test.to_parquet(tmp_path / f"{name}.parquet")
        work = FitFinal(
            model=key,
            params=model(key).base,
            problem=replace(problem, test_dataset=tmp_path / f"{name}.parquet"),
            model_path=tmp_path / "model.skops",
            prediction_path=tmp_path / "test.npy",
        )
        work()
        answers.append(np.load(work.prediction_path))
    assert as_text.dtypes["number"] == "str"
    np.testing.assert_allclose(answers[1], answers[0], rtol=1e-12)


@pytest.mark.parametrize("key", ["tree", "lightgbm"])
def test_the_same_final_fit_twice_gives_the_same_predictions(fit, key):
    work, _ = fit(key, TaskKind.BINARY)
    first = np.load(work.prediction_path)
    work()
    np.testing.assert_array_equal(np.load(work.prediction_path), first)


def test_rounds_found_by_early_stopping_replace_the_fixed_ones(fit):
    work, _ = fit("lightgbm", TaskKind.BINARY, rounds=7)
    assert load_model(work.model_path).named_steps["model"].get_params()["n_estimators"] == 7


def test_the_cost_of_answering_is_measured_per_thousand_rows(fit):
    work, _ = fit("tree", TaskKind.BINARY)
    cost = MeasurePredict(model_path=work.model_path, problem=work.problem)()
    assert cost.cpu_ms_per_1k > 0
    assert 0 < cost.ms_per_1k_p50 <= cost.ms_per_1k_p95
    assert 0 < cost.ms_single_p50 <= cost.ms_single_p95
    # Thirty rows take at least as long as one, and are scaled up to a thousand.
    assert cost.ms_per_1k_p50 > cost.ms_single_p50


# The machine --------------------------------------------------------------------------------


def test_a_fingerprint_names_machine_and_versions():
    found = fingerprint(2)
    assert found["cores"] == "2"
    assert found["threads_per_fit"] == "1"
    assert found["scikit-learn"] == sklearn.__version__
    assert found["python"].startswith("3.")
    assert all(isinstance(value, str) and value for value in found.values())
    assert fingerprint(2) == found


@pytest.mark.parametrize(
    ("wall_s", "cpu_s", "busy"),
    [(1.6, 1.0, True), (1.5, 1.0, False), (1.0, 1.0, False), (0.5, 0.04, False)],
)
def test_a_fit_that_had_to_wait_for_others_is_marked(wall_s, cpu_s, busy):
    assert was_busy(wall_s, cpu_s) is busy


def test_peak_memory_grows_with_what_is_held():
    before = peak_memory_bytes()
    held = np.ones(30_000_000)
    assert peak_memory_bytes() >= before
    assert peak_memory_bytes() > held.nbytes

"""PyCaret's ``create_model`` and ``tune_model`` of LightGBM on our rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from pycaret.classification import ClassificationExperiment
from pycaret.regression import RegressionExperiment

from benchmarks.peers.tuned_hand_over import BALANCED_ACCURACY, RMSE, ROC_AUC, Job, serve

METRICS = {ROC_AUC: "AUC", BALANCED_ACCURACY: "Balanced accuracy", RMSE: "RMSE"}
TARGET = "tuneworth_target"
FOLDS = 5
N_ITER = 10
# PyCaret wants a test set of its own; it plays no part in tuning.
HELD_ROWS = 20


def search(job: Job) -> tuple[Callable[[Any], Any], str]:
    """Create a model, tune it, and return the answers of the better one."""
    experiment = ClassificationExperiment() if job.is_classification else RegressionExperiment()
    rows = job.train.assign(**{TARGET: job.truth})
    experiment.setup(
        data=rows,
        target=TARGET,
        test_data=rows.iloc[:HELD_ROWS],
        index=False,
        fold=FOLDS,
        session_id=job.seed,
        n_jobs=job.cores,
        html=False,
        verbose=False,
        system_log=False,
    )
    if job.metric == BALANCED_ACCURACY:
        experiment.add_metric(
            "balanced_accuracy", METRICS[job.metric], _balanced_accuracy(), target="pred"
        )
    created = experiment.create_model("lightgbm", verbose=False)
    # Ten iterations are its own default; it knows no limit of time.
    tuned = experiment.tune_model(
        created, n_iter=N_ITER, optimize=METRICS[job.metric], choose_better=True, verbose=False
    )

    def answer(features: Any) -> Any:
        if not job.is_classification:
            shown = experiment.predict_model(tuned, data=features, verbose=False)
            return shown["prediction_label"]
        shown = experiment.predict_model(tuned, data=features, raw_score=True, verbose=False)
        codes = np.unique(job.truth)
        return shown[[f"prediction_score_{code}" for code in codes]]

    return answer, f"{N_ITER} iterations"


def _balanced_accuracy() -> Callable[..., float]:
    from sklearn.metrics import balanced_accuracy_score

    return balanced_accuracy_score


if __name__ == "__main__":
    serve(
        search,
        setting="create_model, tune_model(n_iter=10), fold=5, n_jobs=2",
        libraries=("pycaret", "scikit-learn", "lightgbm"),
    )

"""MLJAR's Perform mode on our rows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from supervised.automl import AutoML

from benchmarks.peers.tuned_hand_over import BALANCED_ACCURACY, RMSE, ROC_AUC, Job, serve

# It has no balanced accuracy.
METRICS = {ROC_AUC: "auc", BALANCED_ACCURACY: "logloss", RMSE: "rmse"}
TASKS = {
    "binary": "binary_classification",
    "multiclass": "multiclass_classification",
    "regression": "regression",
}


def search(job: Job) -> tuple[Callable[[Any], Any], str]:
    """Search, and return the answers of what it holds for best."""
    automl = AutoML(
        results_path=str(Path.cwd() / "mljar"),
        mode="Perform",
        ml_task=TASKS[job.kind],
        eval_metric=METRICS[job.metric],
        total_time_limit=int(job.budget_s),
        n_jobs=job.cores,
        random_state=job.seed,
        verbose=0,
    )
    automl.fit(job.train, job.truth)
    answer = automl.predict_proba if job.is_classification else automl.predict
    return answer, str(automl._best_model.get_name())


if __name__ == "__main__":
    serve(
        search,
        setting='AutoML(mode="Perform", total_time_limit, n_jobs=2)',
        libraries=("mljar-supervised", "scikit-learn", "lightgbm", "xgboost-cpu", "catboost"),
    )

"""FLAML on our rows: its own choice of models and parameters within the budget."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flaml import AutoML

from benchmarks.peers.tuned_hand_over import BALANCED_ACCURACY, RMSE, ROC_AUC, Job, serve

# It has no balanced accuracy; the log loss is what its own pages advise for several classes.
METRICS = {ROC_AUC: "roc_auc", BALANCED_ACCURACY: "log_loss", RMSE: "rmse"}


def search(job: Job) -> tuple[Callable[[Any], Any], str]:
    """Search, and return the best model's answers."""
    automl = AutoML()
    automl.fit(
        X_train=job.train,
        y_train=job.truth,
        task="classification" if job.is_classification else "regression",
        metric=METRICS[job.metric],
        time_budget=job.budget_s,
        n_jobs=job.cores,
        seed=job.seed,
        verbose=0,
    )
    answer = automl.predict_proba if job.is_classification else automl.predict
    return answer, str(automl.best_estimator)


if __name__ == "__main__":
    serve(
        search,
        setting="AutoML.fit(time_budget, n_jobs=2)",
        libraries=("flaml", "scikit-learn", "lightgbm", "xgboost-cpu"),
    )

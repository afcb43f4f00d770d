"""AutoGluon's medium quality on our rows, without its models that need torch."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from autogluon.tabular import TabularPredictor

from benchmarks.peers.tuned_hand_over import BALANCED_ACCURACY, RMSE, ROC_AUC, Job, serve

METRICS = {
    ROC_AUC: "roc_auc",
    BALANCED_ACCURACY: "balanced_accuracy",
    RMSE: "root_mean_squared_error",
}
TARGET = "tuneworth_target"


def search(job: Job) -> tuple[Callable[[Any], Any], str]:
    """Search, and return the answers of the weighted ensemble."""
    predictor = TabularPredictor(
        label=TARGET,
        problem_type=job.kind,
        eval_metric=METRICS[job.metric],
        path=str(Path.cwd() / "autogluon"),
        verbosity=0,
    )
    predictor.fit(
        job.train.assign(**{TARGET: job.truth}),
        time_limit=job.budget_s,
        presets="medium_quality",
        num_cpus=job.cores,
        num_gpus=0,
    )

    def answer(rows: Any) -> Any:
        if not job.is_classification:
            return predictor.predict(rows)
        return predictor.predict_proba(rows)[sorted(predictor.class_labels)]

    return answer, str(predictor.model_best)


if __name__ == "__main__":
    serve(
        search,
        setting='fit(presets="medium_quality", time_limit, num_cpus=2), torch not installed',
        libraries=("autogluon.tabular", "scikit-learn", "lightgbm", "xgboost-cpu", "catboost"),
    )

"""OptunaSearchCV over LightGBM on our rows, as its pages show it, until the budget is spent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lightgbm import LGBMClassifier, LGBMRegressor
from optuna.distributions import FloatDistribution, IntDistribution
from optuna_integration import OptunaSearchCV

from benchmarks.peers.tuned_hand_over import Job, categories, serve

SPACE = {
    "n_estimators": IntDistribution(50, 1000, log=True),
    "learning_rate": FloatDistribution(0.01, 0.3, log=True),
    "num_leaves": IntDistribution(4, 256, log=True),
    "min_child_samples": IntDistribution(5, 200, log=True),
    "subsample": FloatDistribution(0.5, 1.0),
    "colsample_bytree": FloatDistribution(0.3, 1.0),
    "reg_alpha": FloatDistribution(1e-8, 10.0, log=True),
    "reg_lambda": FloatDistribution(1e-8, 10.0, log=True),
}


def search(job: Job) -> tuple[Callable[[Any], Any], str]:
    """Search, and return the answers of the best configuration, fitted again on all rows."""
    train, _ = categories(job.train, job.test)
    kind = LGBMClassifier if job.is_classification else LGBMRegressor
    found = OptunaSearchCV(
        kind(n_jobs=1, subsample_freq=1, random_state=job.seed, verbosity=-1),
        SPACE,
        cv=5,
        scoring=job.metric,
        n_trials=None,
        timeout=job.budget_s,
        n_jobs=job.cores,
        random_state=job.seed,
    )
    found.fit(train, job.truth)
    best = found.best_estimator_

    def answer(rows: Any) -> Any:
        known = categories(job.train, rows)[1]
        return best.predict_proba(known) if job.is_classification else best.predict(known)

    return answer, f"{len(found.trials_)} trials"


if __name__ == "__main__":
    serve(
        search,
        setting="OptunaSearchCV(cv=5, timeout, n_jobs=2), LightGBM with one thread",
        libraries=("optuna", "optuna-integration", "scikit-learn", "lightgbm"),
    )

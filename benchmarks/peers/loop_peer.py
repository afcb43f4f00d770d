"""A plain loop of scikit-learn's ``cross_validate`` over pipelines, in our own environment.

Encoders and estimators are built by the product's own functions, so that its scores must be equal
to ours; what differs is who shares encodings, orders the work and keeps both cores busy.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmarks.peers.hand_over import Question, Scores, serve
from modelling.codec import from_plain
from modelling.metrics import metrics_for
from modelling.metrics.registry import PINBALL_ALPHA
from modelling.models import model
from modelling.models.encoding import build_encoder, category_sizes
from modelling.settings import use_one_thread
from modelling.types import TaskKind, TaskSpec


def pipeline(key: str, question: Question) -> Any:
    """Return the unfitted pipeline of one base model."""
    from sklearn.pipeline import Pipeline

    from modelling.evaluation.estimators import build

    task, spec = from_plain(TaskSpec, question.task), model(key)
    encoder = build_encoder(
        spec.encoding, question.features, text=question.text, kind=task.kind, seed=task.seed
    )
    estimator = build(key, spec.base, task, categories=categories(key, question))
    return Pipeline([("encoder", encoder), ("model", estimator)])


def categories(key: str, question: Question) -> tuple[int, ...]:
    """Return what a model is told of the columns that hold categories."""
    return category_sizes(model(key).encoding, question.features, text=question.text)


def scorers(kind: TaskKind) -> dict[str, Any]:
    """Return scikit-learn's scorer of each of our metrics, by name."""
    from sklearn import metrics

    made = {
        # Its scorer takes margins of a model that has them; ours judges probabilities.
        "average_precision": metrics.make_scorer(
            metrics.average_precision_score, response_method="predict_proba"
        ),
        "cohen_kappa_score": metrics.make_scorer(metrics.cohen_kappa_score),
        "neg_mean_pinball_loss": metrics.make_scorer(
            metrics.mean_pinball_loss, greater_is_better=False, alpha=PINBALL_ALPHA
        ),
    }
    names = [spec.name for spec in metrics_for(kind)]
    return {name: made.get(name) or metrics.get_scorer(name) for name in names}


def fold_means(key: str, question: Question) -> dict[str, float]:
    """Return the mean over the folds of each metric, as it is published."""
    from sklearn.model_selection import cross_validate

    from modelling.evaluation.estimators import fit_arguments

    task = from_plain(TaskSpec, question.task)
    arguments = fit_arguments(
        key, task, question.truth, categories=categories(key, question), step="model"
    )
    found = cross_validate(
        pipeline(key, question),
        question.features,
        question.truth,
        cv=question.folds,
        scoring=scorers(task.kind),
        n_jobs=question.cores,
        params=arguments,
        error_score="raise",
    )
    means = {name: float(found[f"test_{name}"].mean()) for name in scorers_of(found)}
    return {name: -mean if name.startswith("neg_") else mean for name, mean in means.items()}


def scorers_of(found: dict[str, Any]) -> list[str]:
    return [name.removeprefix("test_") for name in found if name.startswith("test_")]


def prepare(question: Question) -> Callable[[], Scores]:
    """Return the loop over the models."""
    return lambda: {key: fold_means(key, question) for key in question.models}


if __name__ == "__main__":
    use_one_thread()
    serve(
        prepare,
        setting="cross_validate(n_jobs=2), estimators with one thread",
        libraries=("scikit-learn", "lightgbm", "xgboost-cpu", "catboost"),
    )

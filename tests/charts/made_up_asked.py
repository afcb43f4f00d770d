"""Language models that were asked, for charts and sentences about them."""

from __future__ import annotations

from modelling.types import AskedModel, Followed, Prompt, Variant


def make_asked(title: str = "Mini", **changes: object) -> AskedModel:
    """Return a model that was asked about 100 and 200 rows of two classes."""
    values: dict[str, object] = {
        "run_id": "run",
        "key": "llm:fake/mini",
        "title": title,
        "prompt": Prompt(question="Which mood?", labels=("bad", "good")),
        "n_train": 100,
        "n_test": 200,
        "cv_score": 0.8,
        "test_score": 0.8,
        "test_interval": (0.7, 0.9),
        "metrics": {"roc_auc": 0.9, "accuracy": 0.5},
        "endings": {"label": 200},
        "fresh_tokens": 30_000,
        "cached_tokens": 0,
        "output_tokens": 600,
        "seconds_p50": 0.5,
        "seconds_p95": 0.9,
        "usd_spent": 0.1,
        "usd_per_1k": 0.3,
        "price_source": "list",
        "replayed": 0,
        "answers": "blob",
        "variant": Variant.BASE,
        "has_probabilities": True,
        "answered_shares": (0.5, 0.5),
        "true_shares": (0.5, 0.5),
        "followed": (
            Followed(kind="plain order", n=10, n_followed=4),
            Followed(kind="ready answer", n=10, n_followed=0),
        ),
    }
    return AskedModel(**{**values, **changes})

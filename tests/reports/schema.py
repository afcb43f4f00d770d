"""The fields of the machine-readable result, as the design document lists them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

RESULT = {
    "experiment",
    "task",
    "models",
    "pairs",
    "verdict",
    "warnings",
    "fingerprint",
    "elapsed_s",
    "engine_cpu_s",
}
TASK = {
    "kind",
    "target",
    "metric",
    "direction",
    "n_train",
    "n_test",
    "split",
    "seed",
    "class_weight",
    "peeks",
}
MODEL = {
    "key",
    "title",
    "family",
    "variant",
    "status",
    "error",
    "params",
    "cv_score",
    "cv_std",
    "test_score",
    "test_interval",
    "metrics",
    "fit_cpu_s",
    "fit_time_s",
    "search_cpu_s",
    "search_time_s",
    "trials",
    "predict_cpu_ms_per_1k",
    "predict_ms_single_p50",
    "peak_memory_bytes",
    "size_bytes",
    "usd",
}
TRIALS = {"complete", "pruned", "failed"}
USD = {
    "training_usd",
    "preparation_usd",
    "serving_usd_per_1k",
    "serving_usd_per_month",
    "total_usd",
}
PAIR = {
    "key",
    "role",
    "base",
    "candidate",
    "gain",
    "gain_interval",
    "p_worse",
    "p_equal",
    "p_better",
    "selection_gain",
    "corrected_gain",
    "corrected_interval",
    "verdict",
    "reasons",
}
VERDICT = {"verdict", "base", "candidate", "reasons"}
WARNING = {"code", "severity", "column", "message", "advice"}
PROFILE = {"rows", "rows_sampled", "columns", "read", "task", "warnings"}
COLUMN = {"name", "role", "type", "missing_share", "n_distinct", "reason", "relation"}
VERDICTS = {"tune", "keep base", "not enough evidence"}


def numbers_of(value: Any) -> Iterator[float]:
    """Yield every number in a document."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from numbers_of(item)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield value

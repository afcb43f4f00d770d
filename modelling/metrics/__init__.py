"""The metrics: what is measured, its scores, and its scores over many resamples.

Importing this package does not import scikit-learn.
"""

from modelling.metrics.registry import METRICS, default_metric, metric, metrics_for
from modelling.metrics.resampled import weighted_scores
from modelling.metrics.scores import all_scores, score
from modelling.metrics.spec import MetricSpec

__all__ = [
    "METRICS",
    "MetricSpec",
    "all_scores",
    "default_metric",
    "metric",
    "metrics_for",
    "score",
    "weighted_scores",
]

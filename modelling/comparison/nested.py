"""The gain from nested cross-validation: every row is judged by models that never saw it.

Nadeau and Bengio (2003), "Inference for the generalization error", Machine Learning 52: training
rows of the parts overlap, so their differences vary less than independent ones would, and the
variance of their mean is ``(1/R + n_test/n_train) var(d)``. The probabilities are those of the
correlated Bayesian t-test, whose posterior is the same t (Corani and Benavoli 2015, "A Bayesian
approach for comparing cross-validated algorithms on multiple data sets", Machine Learning 100).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import fmean, variance

from modelling.comparison.gain import Gain
from modelling.comparison.student import t_cdf, t_quantile
from modelling.metrics.spec import MetricSpec


def nested_gain(
    base_scores: Sequence[float],
    candidate_scores: Sequence[float],
    *,
    metric: MetricSpec,
    margin: float,
    n_rows: int,
    n_parts: int,
) -> Gain:
    """Return the gain of a candidate over a base on the same outer parts.

    Parameters
    ----------
    base_scores, candidate_scores : sequence of float, shape (R,)
        Published scores on the outer parts; R is ``n_parts`` times the repetitions.
    margin : float
        The smallest gain that matters, in units of the metric.
    n_rows : int
        All rows that were judged.
    n_parts : int
        Outer parts of one repetition, k; then ``n_test/n_train`` is ``1/(k - 1)``.

    Raises
    ------
    ValueError
        With fewer than two parts, or not as many scores of the one as of the other.

    Examples
    --------
    >>> from modelling.metrics import metric
    >>> base, tuned = [0.80, 0.78, 0.82, 0.79, 0.81], [0.82, 0.79, 0.85, 0.80, 0.83]
    >>> found = nested_gain(
    ...     base, tuned, metric=metric("roc_auc"), margin=0.005, n_rows=500, n_parts=5
    ... )
    >>> round(found.gain, 3), [round(end, 4) for end in found.interval]
    (0.018, [0.0024, 0.0336])
    """
    if n_parts < 2 or len(base_scores) != len(candidate_scores) or len(base_scores) < 2:
        raise ValueError(
            f"scores must be of the same two or more parts, got {len(base_scores)} and "
            f"{len(candidate_scores)} of {n_parts}"
        )
    pairs = zip(base_scores, candidate_scores, strict=True)
    differences = [metric.sign * (candidate - base) for base, candidate in pairs]
    count = len(differences)
    mean, df = fmean(differences), count - 1
    error = math.sqrt((1 / count + 1 / (n_parts - 1)) * variance(differences))
    reach = t_quantile(0.975, df) * error
    worse, at_most = (_below(edge, mean, error, df) for edge in (-margin, margin))
    return Gain(
        gain=mean,
        interval=(mean - reach, mean + reach),
        p_worse=worse,
        p_equal=at_most - worse,
        p_better=1.0 - at_most,
        sd=error,
        margin=margin,
        smallest_detectable=margin + t_quantile(0.95, df) * error,
        n_test=n_rows,
        rows_to_decide=None,
        n_parts=count,
    )


def _below(edge: float, mean: float, error: float, df: int) -> float:
    """Return the probability that the gain is below ``edge``; equal parts leave no doubt."""
    if error == 0:
        return float(mean < edge)
    return t_cdf((edge - mean) / error, df)

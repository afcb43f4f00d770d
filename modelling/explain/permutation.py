"""What a model's score loses when a column is shuffled.

Breiman (2001), "Random Forests", Machine Learning 45, section 10; for any model and score as in
Fisher, Rudin and Dominici (2019), "All models are wrong, but many are useful", JMLR 20(177).
Columns that tell the same stand in for each other, so each of them seems to matter less.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from modelling.metrics.scores import score
from modelling.metrics.spec import MetricSpec

Answer = Callable[[pd.DataFrame], NDArray[Any]]


def score_lost(
    answer: Answer,
    features: pd.DataFrame,
    truth: NDArray[Any],
    metric: MetricSpec,
    *,
    repeats: int,
    seed: int,
) -> Iterator[tuple[str, float, float]]:
    """Yield (column, mean loss of the score when it is shuffled, standard deviation of the mean).

    Parameters
    ----------
    answer : callable
        Takes a frame like ``features``; returns probabilities (n_rows, n_classes) or values.
    features : pandas.DataFrame, shape (n_rows, n_features)
        Rows that the model was not fitted on.
    truth : array of shape (n_rows,)
        Class codes or values.
    repeats : int
        How often each column is shuffled, two or more.

    Notes
    -----
    A loss is in units of the metric and oriented so that a column that helps has a positive one.
    """
    rng = np.random.default_rng([seed, 0xE1])
    whole = metric.oriented(score(metric, truth, answer(features)))
    for name in features:
        losses = []
        for _ in range(repeats):
            order = rng.permutation(len(features))
            shuffled = features[name].take(order).set_axis(features.index)
            broken = features.assign(**{str(name): shuffled})
            losses.append(whole - metric.oriented(score(metric, truth, answer(broken))))
        spread = float(np.std(losses, ddof=1) / np.sqrt(repeats))
        yield str(name), float(np.mean(losses)), spread

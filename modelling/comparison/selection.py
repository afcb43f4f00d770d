"""The gain that a search shows on its own rows, and the same gain corrected for the search.

BBC-CV: Tsamardinos, Greasidou and Borboudakis (2018), "Bootstrapping the out-of-sample
predictions for efficient and accurate cross-validation", Machine Learning 107. Out-of-fold
predictions of every configuration are kept; the winner is chosen on the drawn rows and judged
on the rows that the draw left out. It costs no fit.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelling.comparison.gain import interval
from modelling.metrics.resampled import weighted_scores
from modelling.metrics.spec import MetricSpec
from modelling.types import SelectionGain

FloatArray = NDArray[np.float64]


def selection_gain(
    truth: NDArray[Any],
    base_oof: NDArray[Any],
    configuration_oofs: Sequence[NDArray[Any]],
    metric: MetricSpec,
    weights: NDArray[Any],
    n_left_out: int,
) -> SelectionGain:
    """Return the gain of the best configuration over the base, as selected and corrected.

    Both use the same rows and the same pooled out-of-fold predictions. ``selection_gain`` picks
    the winner on all rows and measures it on all rows, which is what a leaderboard shows.
    ``corrected_gain`` is the mean over draws of the gain, on the rows left out, of the winner on
    the rows drawn; its interval holds 95 % of the draws.

    Parameters
    ----------
    truth : array of shape (n,)
        Class codes or values.
    base_oof : array of shape (n, K) or (n,)
        Out-of-fold predictions of the base.
    configuration_oofs : sequence of arrays like ``base_oof``
        One per fully evaluated configuration; of two equal scores the earlier one wins. When
        the base is trial 0 of the search, it belongs here as well.
    metric : MetricSpec
        What the search optimised.
    weights : array of shape (n_draws, n)
        How often each draw holds each row.
    n_left_out : int
        Number of trials that were stopped early; only passed on.
    """
    if not configuration_oofs:
        raise ValueError("configuration_oofs must hold at least one configuration, got none")
    everything = np.ones((1, len(truth)), dtype=np.uint8)
    rows = np.concatenate([everything, weights])
    oriented = metric.sign * np.stack(
        [weighted_scores(metric, truth, oof, rows) for oof in configuration_oofs]
    )
    base_everywhere = metric.sign * weighted_scores(metric, truth, base_oof, everything)[0]
    gains = _left_out_gains(
        truth, base_oof, configuration_oofs, metric, weights == 0, oriented[:, 1:]
    )
    finite = gains[np.isfinite(gains)]
    return SelectionGain(
        selection_gain=_best(oriented[:, 0]) - float(base_everywhere),
        corrected_gain=float(finite.mean()) if len(finite) else math.nan,
        corrected_interval=interval(finite),
        n_configurations=len(configuration_oofs),
        n_left_out=n_left_out,
    )


def _best(oriented: FloatArray) -> float:
    finite = oriented[np.isfinite(oriented)]
    return float(finite.max()) if len(finite) else math.nan


def _left_out_gains(
    truth: NDArray[Any],
    base_oof: NDArray[Any],
    configuration_oofs: Sequence[NDArray[Any]],
    metric: MetricSpec,
    left_out: NDArray[np.bool_],
    oriented: FloatArray,
) -> FloatArray:
    """Return each draw's gain, on its left-out rows, of its winner; NaN where undefined.

    ``oriented`` (n_configurations, n_draws) are the scores on the drawn rows. Only winners are
    scored on left-out rows.
    """
    chosen = np.where(np.isfinite(oriented), oriented, -np.inf)
    winners = np.argmax(chosen, axis=0)
    has_winner = np.isfinite(chosen.max(axis=0))
    base = weighted_scores(metric, truth, base_oof, left_out)
    gains = np.full(len(winners), np.nan)
    for winner in np.unique(winners[has_winner]):
        draws = np.flatnonzero(has_winner & (winners == winner))
        scores = weighted_scores(metric, truth, configuration_oofs[winner], left_out[draws])
        gains[draws] = metric.sign * (scores - base[draws])
    return gains

"""How alike rows of one group are: the intraclass correlation, from pairs of rows.

For classes it is Cohen's kappa of two rows drawn from one group; for numbers the correlation of
their ranks. Both are 0 if the group says nothing and 1 if it decides.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, kw_only=True, slots=True)
class Likeness:
    """``within`` is the correlation of two rows of one group, over ``n_pairs`` pairs.

    ``nearby`` is that of two rows of neighbouring groups: what a smooth relation explains.
    """

    within: float
    nearby: float
    n_pairs: int

    def is_chance(self, errors: float) -> bool:
        """Whether ``within`` lies within so many standard errors (one over the root of pairs)."""
        return self.within * math.sqrt(self.n_pairs) < errors


def standardised(codes: np.ndarray | None, ranks: np.ndarray | None) -> np.ndarray:
    """Return a target as (n_rows, n_parts) so that a row times itself is 1 on average.

    Parts of a classification are its classes, less their shares; of a regression, its ranks.
    """
    if codes is None:
        return np.asarray(ranks)[:, None]
    shares = np.bincount(codes) / len(codes)
    parts = np.eye(len(shares))[codes] - shares
    # Of two classes one is the other with a minus sign.
    parts = parts[:, :1] if len(shares) == 2 else parts
    return np.asarray(parts / np.sqrt((parts**2).sum() / len(parts)))


def likeness(groups: np.ndarray, parts: np.ndarray) -> Likeness:
    """Return how alike the rows of groups are.

    Parameters
    ----------
    groups : numpy.ndarray, shape (n_rows,)
        Codes 0, 1, ... in the order of the values that make the groups; -1 is in no group.
    parts : numpy.ndarray, shape (n_rows, n_parts)
        As `standardised` gives them.
    """
    inside = groups >= 0
    groups, parts = groups[inside], parts[inside]
    counts = np.bincount(groups)
    sums = np.stack([np.bincount(groups, weights=part) for part in parts.T], axis=1)
    squares = float((parts**2).sum())
    pairs = _pairs(counts)
    neighbours = float((counts[1:] * counts[:-1]).sum())
    return Likeness(
        within=(float((sums**2).sum()) - squares) / max(pairs, 1.0),
        nearby=float((sums[1:] * sums[:-1]).sum()) / max(neighbours, 1.0),
        n_pairs=int(pairs) // 2,
    )


def agreement(groups: np.ndarray, codes: np.ndarray) -> tuple[float, float]:
    """Return how often two rows of one group have the same code, and how often any two rows do.

    Both are arrays (n_rows,) of codes 0, 1, ...; rows of group -1 are in no group.
    """
    by_chance = _pairs(np.bincount(codes)) / max(_pairs(np.array([len(codes)])), 1.0)
    inside = groups >= 0
    groups, codes = groups[inside], codes[inside]
    if not len(groups):
        return by_chance, by_chance
    cells = np.unique(groups * (int(codes.max()) + 1) + codes, return_counts=True)[1]
    pairs = _pairs(np.bincount(groups))
    return (_pairs(cells) / pairs if pairs else by_chance), by_chance


def _pairs(counts: np.ndarray) -> float:
    sizes = counts.astype("float64")
    return float((sizes * (sizes - 1.0)).sum())

"""The models that no other model beats on both cost and score."""

from __future__ import annotations

import math
from collections.abc import Sequence

from modelling.types import Direction


def pareto_front(
    costs: Sequence[float], scores: Sequence[float], *, direction: Direction
) -> list[int]:
    """Return the positions of the points on the Pareto front, cheapest first.

    Points are walked by rising cost, at equal cost the better score first; each one that is
    strictly better than all before it is kept. Of identical points the first stands for all.

    Parameters
    ----------
    costs : sequence of n numbers
        Smaller is better.
    scores : sequence of n numbers
        Published scores.
    direction : Direction
        Whether a larger or a smaller score is better.

    Returns
    -------
    list of int
        Positions in the sequences. A point whose cost or score is not finite is never among them.

    Examples
    --------
    >>> pareto_front([1, 2, 3], [0.7, 0.6, 0.8], direction=Direction.MAXIMIZE)
    [0, 2]
    """
    sign = -1 if direction is Direction.MAXIMIZE else 1
    points = [
        (cost, sign * score, position)
        for position, (cost, score) in enumerate(zip(costs, scores, strict=True))
        if math.isfinite(cost) and math.isfinite(score)
    ]
    front: list[int] = []
    best_loss = math.inf
    for _, loss, position in sorted(points):
        if loss < best_loss:
            front.append(position)
            best_loss = loss
    return front

import math

import numpy as np
import pytest
from hypothesis import given, strategies as st

from modelling.comparison import pareto_front
from modelling.types import Direction


def brute_force(costs, scores, direction):
    """Keep a finite point unless another is at least as good on both and better, or the same."""
    sign = 1 if direction is Direction.MAXIMIZE else -1

    def beats(j, i):
        cheaper, better = costs[i] - costs[j], sign * (scores[j] - scores[i])
        if cheaper == 0 and better == 0:
            return j < i
        return cheaper >= 0 and better >= 0

    finite = [i for i in range(len(costs)) if math.isfinite(costs[i]) and math.isfinite(scores[i])]
    return {i for i in finite if not any(beats(j, i) for j in finite if j != i)}


@pytest.mark.parametrize("direction", list(Direction))
def test_front_equals_brute_force_on_random_sets_with_ties_nan_and_inf(direction):
    rng = np.random.default_rng(0)
    for _ in range(1000):
        n = int(rng.integers(0, 15))
        costs, scores = rng.integers(0, 6, (2, n)).astype(float)
        for values in (costs, scores):
            odd = rng.random(n) < 0.15
            values[odd] = rng.choice([math.nan, math.inf, -math.inf], odd.sum())
        front = pareto_front(costs.tolist(), scores.tolist(), direction=direction)
        assert set(front) == brute_force(costs, scores, direction)
        assert len(set(front)) == len(front)


@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=12),
    st.randoms(use_true_random=False),
)
def test_the_front_does_not_depend_on_the_order_of_points(points, random):
    shuffled = random.sample(points, len(points))

    def front(pairs):
        costs, scores = [p[0] for p in pairs], [p[1] for p in pairs]
        kept = pareto_front(costs, scores, direction=Direction.MAXIMIZE)
        return [pairs[i] for i in kept]

    assert front(shuffled) == front(points)


def test_the_front_runs_from_cheapest_to_best_and_drops_dominated_models():
    costs, scores = [5.0, 1.0, 3.0, 3.0, 9.0], [0.9, 0.7, 0.8, 0.85, 0.9]
    assert pareto_front(costs, scores, direction=Direction.MAXIMIZE) == [1, 3, 0]


def test_errors_are_minimised():
    front = pareto_front([1.0, 2.0, 3.0], [10.0, 12.0, 8.0], direction=Direction.MINIMIZE)
    assert front == [0, 2]

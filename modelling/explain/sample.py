"""How many rows an explanation asks a model about, and what that costs."""

from __future__ import annotations

from dataclasses import dataclass

REPEATS = 5
BACKGROUND = 20
MOST_CURVES = 12
GRID = 20
_CURVE_ROWS = 300
_MOST_ROWS, _LEAST_ROWS = 2_000, 200
_MOST_EXPLAINED, _LEAST_EXPLAINED = 100, 10
# So many answers each for what shuffling costs and for the contributions, however wide the table.
_MOST_ANSWERS = 500_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Sizes:
    """How many locked rows are shuffled, followed along a column, and explained one by one."""

    shuffled: int
    followed: int
    explained: int
    n_features: int

    @property
    def n_answers(self) -> int:
        """How many rows the model answers in all."""
        curves = min(MOST_CURVES, self.n_features) * GRID * self.followed
        shuffled = self.shuffled * (1 + REPEATS * self.n_features)
        return shuffled + curves + self.explained * _answers_each(self.n_features)


def sizes(n_rows: int, n_features: int) -> Sizes:
    """Return the sizes for a table: fewer rows the more columns there are."""
    shuffled = _between(_LEAST_ROWS, _MOST_ANSWERS // (REPEATS * n_features), _MOST_ROWS)
    explained = _between(
        _LEAST_EXPLAINED, _MOST_ANSWERS // _answers_each(n_features), _MOST_EXPLAINED
    )
    return Sizes(
        shuffled=min(n_rows, shuffled),
        followed=min(n_rows, _CURVE_ROWS),
        explained=min(n_rows, explained),
        n_features=n_features,
    )


def _answers_each(n_features: int) -> int:
    """Return how many answers the contributions to one row take: there and back through a walk."""
    return (2 * n_features + 1) * BACKGROUND


def _between(low: int, value: int, high: int) -> int:
    return max(low, min(value, high))

"""What a model is to the product: how it is built, searched, and encoded for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from modelling.types import Params, SearchParam as SearchParam, TaskKind, TaskSpec

# scikit-learn and LightGBM ship no types; an estimator is whatever has fit and predict.
Estimator = Any
ALL_TASKS = frozenset(TaskKind)
CLASSIFICATION = frozenset({TaskKind.BINARY, TaskKind.MULTICLASS})


class Encoding(StrEnum):
    """Which of the shared encodings of a fold a model is fitted on."""

    LINEAR = "linear"
    TREE = "tree"
    # Categories as codes, for models that split on sets of categories by themselves.
    CATEGORIES = "categories"
    # Of tables with text: its words as they are, its vectors, their mean direction, its mood.
    WORDS = "words"
    EMBEDDED = "embedded"
    MEANING = "meaning"
    LEXICON = "lexicon"

    @property
    def is_of_text(self) -> bool:
        """Whether it takes a column of text."""
        return self not in (Encoding.LINEAR, Encoding.TREE, Encoding.CATEGORIES)


class Speed(StrEnum):
    """How long a fit of the base takes, in words."""

    INSTANT = "instant"
    FAST = "fast"
    MODERATE = "moderate"
    SLOW = "slow"


# Microseconds per table value: on 20,000 rows x 30 these are 0.06, 1.2 and 6 CPU seconds a fit.
INSTANT_BELOW_US, FAST_BELOW_US, MODERATE_BELOW_US = 0.1, 2.0, 10.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """Encoded rows: ``X`` (n_rows, n_features), ``y`` (n_rows,), and what each row counts.

    Without ``weights`` (n_rows,) all rows count the same. ``arguments`` are what the estimator's
    ``fit`` takes besides.
    """

    X: Any
    y: Any
    weights: Any = None
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class EarlyStopping:
    """How a booster finds its number of rounds instead of having it searched.

    ``fit`` takes (estimator, rows to learn from, rows that stop it, patience) and returns the best
    round.
    """

    param: str
    maximum: int
    patience: int
    fit: Callable[[Estimator, Part, Part, int], int]


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelSpec:
    """A registered model.

    ``base`` is the configuration of the base model, printed in the pages; ``base_note`` says
    where and why it differs from the library's defaults. ``build`` takes (task, params, seed).
    ``cpu_us_per_value`` is a rough CPU time of one fit with the answers to a quarter as many rows,
    as in a fold, in microseconds per table value (row x feature): the middle of what
    ``benchmarks/model_costs.py`` measures for two classes. It is used for order and words, and for
    the estimate before a run, never for a figure. ``base_point`` is the base as a point of the
    search space, the library's own defaults filled in and clipped to the ranges. A model that does
    not take weights of rows is fitted without them, and its ``base_note`` says so.

    One that ``needs_text`` suits tables with a column of free text; ``obstacle`` says what else of
    a task it cannot do. ``of_task`` returns parameters that follow from the task, such as its
    labels: `modelling.models.model_for` puts them into the base.

    One that is fitted on `Encoding.CATEGORIES` has to be told which columns hold codes: the first
    ones. Of their numbers of values, ``of_categories`` makes parameters, ``fit_categories``
    arguments of ``fit``; the library takes one or the other.
    """

    key: str
    title: str
    family: str
    tasks: frozenset[TaskKind]
    encoding: Encoding
    base: Params
    build: Callable[[TaskKind, Params, int], Estimator]
    cpu_us_per_value: float
    base_note: str = ""
    space: tuple[SearchParam, ...] = ()
    base_point: Params | None = None
    known_good: tuple[Params, ...] = ()
    early_stopping: EarlyStopping | None = None
    takes_weights: bool = True
    needs_text: bool = False
    of_task: Callable[[TaskSpec], Params] | None = None
    obstacle: Callable[[TaskSpec], str | None] | None = None
    of_categories: Callable[[tuple[int, ...]], dict[str, Any]] | None = None
    fit_categories: Callable[[tuple[int, ...]], dict[str, Any]] | None = None

    def estimated_fit_cpu_s(self, n_rows: int, n_features: int) -> float:
        """Return a rough CPU time of one fit, from the size of the table only."""
        return 0.02 + self.cpu_us_per_value * 1e-6 * n_rows * n_features

    @property
    def speed(self) -> Speed:
        """How long a fit takes next to those of the other models."""
        if self.cpu_us_per_value < INSTANT_BELOW_US:
            return Speed.INSTANT
        if self.cpu_us_per_value < FAST_BELOW_US:
            return Speed.FAST
        return Speed.MODERATE if self.cpu_us_per_value < MODERATE_BELOW_US else Speed.SLOW

    @property
    def can_be_tuned(self) -> bool:
        """Whether there is anything to search."""
        return bool(self.space)

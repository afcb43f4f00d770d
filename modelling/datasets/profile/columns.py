"""A table in figures: its columns, the target's mean along each, and how columns go together.

Means, ends and counts are of all rows; medians, shapes and relations of a seeded sample.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from modelling.datasets.profile.associations import Coded, association, associations, coded
from modelling.datasets.profile.shapes import histogram, means
from modelling.datasets.sampling import sample_size, sampled_rows
from modelling.datasets.target import MAX_CLASSES, class_labels
from modelling.datasets.wording import MAX_SHOWN_LENGTH
from modelling.types import (
    Associations,
    ColumnInfo,
    ColumnProfile,
    ColumnType,
    Histogram,
    Role,
    TaskKind,
    ValueCount,
)

MAX_DETAILED = 200
MAX_ASSOCIATED = 30
MAX_VALUES = 10
_SEED = 3
_SINGLE_ROWS = (Role.ID, Role.TEXT)
_MEASURED = (ColumnType.NUMBER, ColumnType.BOOLEAN, ColumnType.DATE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """A table and what it is looked at for.

    ``roles`` are those under the analyst's choices; ``positive`` is the positive class of a binary
    task; ``rows`` are the positions of the sampled rows.
    """

    frame: pd.DataFrame
    columns: Sequence[ColumnInfo]
    roles: Mapping[str, Role]
    target: str
    kind: TaskKind
    positive: str | None
    rows: np.ndarray

    def sampled(self, name: str) -> pd.Series:
        """Return the sampled rows of a column."""
        return self.frame[name].iloc[self.rows]

    def is_listed(self, column: ColumnInfo) -> bool:
        """Whether its values may be listed: those of ids and texts stand for single rows."""
        role = self.roles.get(column.name, column.role)
        return role not in _SINGLE_ROWS and column.type is not ColumnType.TEXT


def profiled_rows(n_rows: int, n_columns: int) -> np.ndarray:
    """Return the positions of the rows that medians, shapes and relations are taken of, sorted."""
    return sampled_rows(n_rows, sample_size(n_columns), _SEED)


def profile_columns(look: Look) -> tuple[tuple[ColumnProfile, ...], Associations]:
    """Return all columns in figures, and the associations of those that matter most.

    Every column has its figures; the target and the 200 columns most related to it have their
    shape as well; the target and the 29 most related ones are in the matrix.
    """
    relations = _relations(look)
    ranked = sorted(relations, key=lambda name: -(relations[name] or 0.0))
    detailed = {look.target, *ranked[:MAX_DETAILED]}
    means_of = _target_values(look)
    profiles = tuple(
        _profile(
            look,
            column,
            target=means_of,
            relation=relations.get(column.name),
            detailed=column.name in detailed,
        )
        for column in look.columns
    )
    related = [name for name in ranked if relations[name] is not None]
    return profiles, _matrix(look, [look.target, *related[: MAX_ASSOCIATED - 1]])


def _relations(look: Look) -> dict[str, float | None]:
    """Return the association of each column but the target with the target."""
    target = _coded(look, look.target)
    relations: dict[str, float | None] = {}
    for column in look.columns:
        if column.name == look.target:
            continue
        known = column.type is not ColumnType.TEXT and column.n_distinct > 1
        relations[column.name] = association(_coded(look, column.name), target) if known else None
    return relations


def _coded(look: Look, name: str) -> Coded:
    values = look.sampled(name)
    if name == look.target:
        return coded(values, ordered=look.kind is TaskKind.REGRESSION, is_target=True)
    boolean = pd.api.types.is_bool_dtype(values.dtype)
    number = pd.api.types.is_numeric_dtype(values.dtype) and not boolean
    return coded(values, ordered=number or pd.api.types.is_datetime64_any_dtype(values.dtype))


def _matrix(look: Look, names: Sequence[str]) -> Associations:
    return associations({name: _coded(look, name) for name in names})


def _target_values(look: Look) -> np.ndarray | None:
    """Return what means are taken of (n_sampled,): values, or 1 for the positive class."""
    values = look.sampled(look.target)
    if look.kind is TaskKind.REGRESSION:
        number = pd.api.types.is_numeric_dtype(values.dtype)
        return values.to_numpy(dtype="float64") if number else None
    if look.kind is not TaskKind.BINARY or look.positive is None:
        return None
    known = values.notna().to_numpy()
    positive = np.full(len(values), np.nan)
    positive[known] = (class_labels(values[known]) == look.positive).to_numpy()
    return positive


def _profile(
    look: Look,
    column: ColumnInfo,
    *,
    target: np.ndarray | None,
    relation: float | None,
    detailed: bool,
) -> ColumnProfile:
    is_target = column.name == look.target
    classes = is_target and look.kind.is_classification
    has_values = column.type not in _MEASURED or column.type is ColumnType.BOOLEAN
    shape: Histogram | None = None
    top: tuple[ValueCount, ...] = ()
    along = None if is_target else target
    if detailed and (has_values or classes) and look.is_listed(column):
        top = _top(look, column.name, along, most=MAX_CLASSES if classes else MAX_VALUES)
    elif detailed and not has_values:
        shape = _shape(look, column, along)
    return ColumnProfile(
        name=column.name,
        type=column.type,
        missing_share=column.missing_share,
        n_distinct=column.n_distinct,
        **_figures(look, column),
        histogram=shape,
        top=top,
        relation=relation,
    )


def _figures(look: Look, column: ColumnInfo) -> dict[str, float]:
    """Return mean, spread, middle and ends; dates have no mean, all else nothing at all."""
    if column.type not in _MEASURED or column.n_distinct == 0:
        return {}
    values = _present(look.frame[column.name])
    sample = _present(look.sampled(column.name))
    # Squares of the largest floats are infinite, which the codec writes as unknown.
    with np.errstate(over="ignore", invalid="ignore"):
        figures = {"minimum": float(values.min()), "maximum": float(values.max())}
        if len(sample):
            figures["median"] = float(np.median(sample))
        if column.type is not ColumnType.DATE:
            figures["mean"] = float(values.mean())
            figures["std"] = float(values.std())
    return figures


def _shape(look: Look, column: ColumnInfo, target: np.ndarray | None) -> Histogram | None:
    sample = look.sampled(column.name)
    known = sample.notna().to_numpy()
    return histogram(
        _present(sample),
        None if target is None else target[known],
        dates=column.type is ColumnType.DATE,
    )


def _present(column: pd.Series) -> np.ndarray:
    """Return the values that are there as numbers; dates in seconds since 1970."""
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        present = column.dropna().to_numpy().astype("datetime64[us]")
        return np.asarray(present.astype("int64") / 1e6)
    values = column.to_numpy(dtype="float64")
    missing = np.isnan(values)
    return values[~missing] if missing.any() else values


def _top(look: Look, name: str, target: np.ndarray | None, *, most: int) -> tuple[ValueCount, ...]:
    """Return the most frequent values of all rows; one that occurs once would show its row."""
    counts = look.frame[name].value_counts()
    counts = counts[counts > 1].head(most)
    places = counts.index.get_indexer(pd.Index(look.sampled(name)))
    shares = (None,) * len(counts) if target is None else means(places, target, len(counts))
    labels = class_labels(counts.index.to_series())
    return tuple(
        ValueCount(value=label[:MAX_SHOWN_LENGTH], count=int(count), target=share)
        for label, count, share in zip(labels, counts, shares, strict=True)
    )

"""A search space as the rows of an editable table, and back."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from modelling.charts.wording import counted, listed, param_text
from modelling.errors import SpecError
from modelling.types import ParamValue, SearchParam

KINDS = {"int": "whole number", "float": "range", "choice": "choice"}
# Row of the table -> (column -> new value), as the data editor reports its edits.
Edits = Mapping[int, Mapping[str, Any]]


def frame(space: tuple[SearchParam, ...]) -> pd.DataFrame:
    """Return one row per parameter; ranges have from and to, choices have values."""
    rows = [_row(param) for param in space]
    return pd.DataFrame(rows).astype({"from": "float64", "to": "float64"})


def edited(space: tuple[SearchParam, ...], edits: Edits) -> tuple[SearchParam, ...]:
    """Return the space with the edits in it.

    Raises
    ------
    SpecError
        If an edit makes no range and no choice.
    """
    return tuple(
        _param(param, {**_row(param), **edits[at]}) if edits.get(at) else param
        for at, param in enumerate(space)
    )


def size_text(space: tuple[SearchParam, ...], size: float, *, grid: bool) -> str:
    """Return "1,240 configurations", or what makes the space unlimited."""
    if grid:
        return f"the grid has {counted(round(size), 'point')}"
    if math.isfinite(size):
        return counted(round(size), "configuration")
    kinds = [param.kind for param in space]
    parts = [counted(kinds.count(kind), KINDS[kind]) for kind in KINDS if kind in kinds]
    return f"{listed(parts)}: unlimited"


def _row(param: SearchParam) -> dict[str, Any]:
    is_choice = param.kind == "choice"
    return {
        "parameter": param.name,
        "kind": KINDS[param.kind],
        "from": None if is_choice else float(param.low),
        "to": None if is_choice else float(param.high),
        "log": param.log,
        "values": ", ".join(map(str, param.choices)),
    }


def _param(own: SearchParam, row: Mapping[str, Any]) -> SearchParam:
    words = [word.strip() for word in str(row["values"] or "").split(",") if word.strip()]
    if words or own.kind == "choice":
        return _choice(own, words)
    low, high = row["from"], row["to"]
    if low is None or high is None or not low < high:
        raise SpecError(
            f"{own.name}: from must be below to, got {_shown(low)} and {_shown(high)}; to fix it, "
            "write one value into its values instead."
        )
    if own.kind == "int" and not (float(low).is_integer() and float(high).is_integer()):
        raise SpecError(
            f"{own.name} takes whole numbers, got a range from {low:g} to {high:g}; round them."
        )
    return SearchParam(name=own.name, kind=own.kind, low=low, high=high, log=bool(row["log"]))


def _choice(own: SearchParam, words: list[str]) -> SearchParam:
    if own.kind == "choice":
        known: dict[str, ParamValue] = {str(choice): choice for choice in own.choices}
        if not words or any(word not in known for word in words):
            raise SpecError(
                f"{own.name}: its values are some of {', '.join(known)}, got "
                f"{', '.join(words) or 'nothing'}; write at least one of them."
            )
        values = tuple(known[word] for word in words)
    else:
        values = tuple(_number(own, word) for word in words)
    return SearchParam(name=own.name, kind="choice", choices=tuple(dict.fromkeys(values)))


def _number(own: SearchParam, word: str) -> ParamValue:
    try:
        value = int(word) if own.kind == "int" else float(word)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        wanted = "whole numbers" if own.kind == "int" else "numbers"
        raise SpecError(
            f"{own.name}: its values are {wanted} with commas between them, got {word!r}; correct "
            "it or empty the cell."
        )
    return value


def _shown(value: float | None) -> str:
    return "nothing" if value is None else param_text(float(value))

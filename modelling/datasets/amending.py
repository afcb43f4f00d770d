"""Reading a stored table again: with a cure applied, or as another file was read."""

from __future__ import annotations

from typing import Any

from modelling.types import Finding, Fix, FixKind, ReadInfo, ReadOptions


def manner_of(read: ReadInfo) -> ReadOptions:
    """Return the options that read ambiguous numbers and dates as they were read before."""
    # In a file whose values are divided by commas, "1,5" was no number.
    decimal = read.decimal or ("." if read.delimiter == "," else None)
    return ReadOptions(decimal=decimal, day_first=read.day_first)


def change_of(fix: Fix, before: ReadOptions) -> dict[str, Any]:
    """Return the fields of `ReadOptions` that a cure changes, added to what was cured before.

    Raises
    ------
    ValueError
        If the fix changes roles or splits, not data.
    """
    if fix.kind is FixKind.DEDUPLICATE:
        return {"deduplicate": True}
    if fix.kind is FixKind.MISSING_VALUES and fix.column is not None:
        values = (*before.missing_in.get(fix.column, ()), *fix.values)
        return {"missing_in": {**before.missing_in, fix.column: tuple(dict.fromkeys(values))}}
    raise ValueError(f"fix must change data, got {fix.kind}")


def findings_after(
    fix: Fix, before: tuple[Finding, ...], after: tuple[Finding, ...]
) -> tuple[Finding, ...]:
    """Return what was found in reading, without what the cure was for."""
    kept = tuple(item for item in before if item.fix != fix)
    return tuple(dict.fromkeys((*kept, *after)))

"""Checks of single columns: those that hold nothing to learn from, or more than models can tell."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from modelling.datasets.arrays import EXACT_INTEGERS
from modelling.datasets.checks.check import leave_out, percent
from modelling.datasets.checks.evidence import Evidence
from modelling.datasets.checks.numbers import exact_as_float
from modelling.types import Finding, Severity

# Where most values are gaps, what is imputed outweighs what was measured; ours.
MOSTLY_MISSING = 0.5


def constant(evidence: Evidence) -> Iterator[Finding]:
    """Find columns with one value."""
    for column in evidence.subject.columns:
        if column.n_distinct == 1:
            gaps = " wherever it has one" if column.missing_share > 0 else " in every row"
            yield Finding(
                code="constant",
                severity=Severity.LOW,
                column=column.name,
                message=f"{column.name} has the same value{gaps}; it is left out.",
            )


def all_missing(evidence: Evidence) -> Iterator[Finding]:
    """Find columns without a value."""
    for column in evidence.subject.columns:
        if column.n_distinct == 0:
            yield Finding(
                code="all_missing",
                severity=Severity.LOW,
                column=column.name,
                message=f"{column.name} has no value in any row; it is left out.",
            )


def mostly_missing(evidence: Evidence) -> Iterator[Finding]:
    """Find columns with more gaps than values."""
    for column in evidence.used:
        if column.missing_share > MOSTLY_MISSING and column.n_distinct > 1:
            yield Finding(
                code="mostly_missing",
                severity=Severity.LOW,
                column=column.name,
                message=f"{column.name} is missing in {percent(column.missing_share)} of the rows.",
                advice="Leave it out, unless the gaps themselves mean something.",
                fix=leave_out(column.name),
            )


def large_integers(evidence: Evidence) -> Iterator[Finding]:
    """Find whole numbers that models, which compute in float64, cannot tell apart."""
    for column in evidence.used:
        values = evidence.subject.frame[column.name]
        if pd.api.types.is_integer_dtype(values.dtype) and not exact_as_float(values):
            yield Finding(
                code="large_integers",
                severity=Severity.LOW,
                column=column.name,
                message=f"{column.name} holds whole numbers beyond {EXACT_INTEGERS:,}; models "
                "cannot tell neighbours apart.",
                advice="If they are ids, leave the column out; else bring them as text.",
                fix=leave_out(column.name),
            )

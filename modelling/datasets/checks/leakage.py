"""Checks for columns that know the answer: copies of the target, and suspiciously strong ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from modelling.datasets.checks.check import leave_out
from modelling.datasets.checks.evidence import Evidence
from modelling.datasets.checks.reference import joint_score
from modelling.datasets.checks.strength import strength
from modelling.types import ColumnInfo, Finding, Severity


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """When a single column is suspicious (ours, tuned on the tables of scikit-learn).

    A column is looked at from ``strong`` on, and damning from ``perfect`` on. Strong columns are
    natural in an easy table: one that reaches 1 - ``shortfall`` without them.
    """

    strong: float
    perfect: float
    shortfall: float


AUC_LIMITS = Limits(strong=0.95, perfect=0.98, shortfall=0.05)
R2_LIMITS = Limits(strong=0.95, perfect=0.98, shortfall=0.1)
# One column makes at most a quarter of the errors of all others together (ours).
ERROR_RATIO = 0.25
# If more than a fifth of the columns are strong, the table is easy rather than leaking (ours).
MAX_STRONG_SHARE = 0.2
# Strong measurements come in several, as redundant ones do; strong flags hardly do (ours).
MAX_FLAG_VALUES = 20
# The others may be better than they seem in few rows: by two standard errors.
ERRORS_ALLOWED = 2.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Suspect:
    """A strong column.

    ``by_gaps`` if already whether it has a value gives the target away; ``is_natural`` if it is one
    of several strong measurements.
    """

    column: ColumnInfo
    score: float
    by_gaps: bool = False
    is_natural: bool = False


def target_copy(evidence: Evidence) -> Iterator[Finding]:
    """Find features that equal the target or encode it one to one."""
    target = evidence.subject.target
    how = f"follows {target} exactly, as {target} in other units would"
    if len(evidence.class_counts):
        how = f"encodes {target} one to one: each of its values goes with one {target}"
    for column in evidence.used:
        if column.name in evidence.copies:
            yield Finding(
                code="target_copy",
                severity=Severity.HIGH,
                column=column.name,
                message=f"{column.name} {how}.",
                advice="Leave it out: it will not be known when there is something to predict.",
                fix=leave_out(column.name),
            )


def leakage(evidence: Evidence) -> Iterator[Finding]:
    """Find features that alone predict the target far better than all others together."""
    truth = evidence.truth
    if truth is None:
        return
    limits = R2_LIMITS if truth.codes is None else AUC_LIMITS
    judged = [column for column in evidence.used if column.name not in evidence.copies]
    suspects = _suspects(evidence, judged, limits)
    named = {suspect.column.name for suspect in suspects}
    others = [column.name for column in judged if column.name not in named]
    if not suspects or not others:
        return
    together = joint_score(evidence, others)
    for suspect in suspects:
        severity = _severity(evidence, suspect, together, limits)
        if severity is not None:
            yield _finding(evidence, suspect, together, severity)


def _suspects(evidence: Evidence, judged: list[ColumnInfo], limits: Limits) -> list[Suspect]:
    """Return the strong columns, without those that are too many to be anything but natural."""
    flags, measures = [], []
    for column in judged:
        score = evidence.strength(column.name)
        if score is None or score < limits.strong:
            continue
        gap_score = _gap_score(evidence, column)
        if gap_score >= limits.strong:
            flags.append(Suspect(column=column, score=gap_score, by_gaps=True))
        elif column.n_distinct <= MAX_FLAG_VALUES:
            flags.append(Suspect(column=column, score=score))
        else:
            measures.append(Suspect(column=column, score=score))
    if len(measures) > 1:
        perfect = [suspect for suspect in measures if suspect.score >= limits.perfect]
        measures = [replace(suspect, is_natural=len(perfect) > 1) for suspect in perfect]
    is_easy = len(measures) > max(1.0, MAX_STRONG_SHARE * len(judged))
    return flags if is_easy else flags + measures


def _gap_score(evidence: Evidence, column: ColumnInfo) -> float:
    """Return how well it predicts the target whether ``column`` has a value."""
    if column.missing_share == 0 or evidence.truth is None:
        return 0.0
    gaps = evidence.labelled_values(column.name).isna().to_numpy()
    return strength(gaps.astype(np.int64), evidence.truth) or 0.0


def _severity(
    evidence: Evidence, suspect: Suspect, together: float, limits: Limits
) -> Severity | None:
    truth = evidence.truth
    allowed = 0.0 if truth is None else ERRORS_ALLOWED * truth.error(together)
    lost = 1.0 - min(1.0, together + allowed)
    if lost < limits.shortfall or 1.0 - suspect.score > ERROR_RATIO * lost:
        return None
    # What free text tells is not measured, so it may know as much as the suspect.
    is_doubtful = suspect.is_natural or evidence.subject.text
    damning = suspect.score >= limits.perfect and not is_doubtful
    return Severity.HIGH if damning else Severity.MEDIUM


def _finding(evidence: Evidence, suspect: Suspect, together: float, severity: Severity) -> Finding:
    name, target = suspect.column.name, evidence.subject.target
    measure = "" if evidence.truth is None else evidence.truth.measure
    what = f"{name} alone predicts"
    if suspect.by_gaps:
        what = f"whether {name} has a value alone predicts"
    figures = f"with {'an' if measure == 'AUC' else 'a'} {measure} of {_figure(suspect.score)}"
    rest = f"all other columns together reach {_figure(together)}"
    return Finding(
        code="leakage",
        severity=severity,
        column=name,
        message=f"{what} {target} {figures}; {rest}.",
        advice="Leave it out if it is only known, or filled in, after the outcome.",
        fix=leave_out(name),
    )


def _figure(score: float) -> str:
    """Return two decimals, or three where two would make it perfect."""
    return f"{score:.3f}" if 0.995 <= score < 0.9995 else f"{score:.2f}"

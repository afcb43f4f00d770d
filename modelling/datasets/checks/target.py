"""Checks of the target alone: its gaps, its classes, its shape."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from modelling.datasets.checks.check import percent
from modelling.datasets.checks.evidence import Evidence
from modelling.datasets.target import merge_threshold
from modelling.datasets.wording import listed
from modelling.types import Finding, Fix, FixKind, Severity, TargetScale, TaskKind

# Below a twentieth, rows without a target hardly change what is left (ours).
MUCH_MISSING = 0.05
# The KEEL repository calls tables imbalanced from 9 rows of one class for each of another
# (Fernández et al., Learning from Imbalanced Data Sets, 2018); at 99 to 1 few rows are left.
IMBALANCE = 9.0
STRONG_IMBALANCE = 99.0
# Beyond 1 a distribution is called highly skewed (Bulmer, Principles of Statistics, 1979); errors
# of a few rows outweigh all others from about 2 on, and from about 5 a handful decides.
SKEWED = 2.0
STRONGLY_SKEWED = 5.0


def missing_target(evidence: Evidence) -> Iterator[Finding]:
    """Count rows without a target."""
    target = evidence.subject.target
    missing = evidence.n_rows - len(evidence.known)
    if target is None or not missing:
        return
    share = missing / evidence.n_rows
    rows = "row has" if missing == 1 else "rows have"
    yield Finding(
        code="missing_target",
        severity=Severity.MEDIUM if share >= MUCH_MISSING else Severity.LOW,
        column=target,
        message=f"{missing:,} of {evidence.n_rows:,} {rows} no {target} ({percent(share)}); they "
        "are left out.",
        advice="If the target is missing for a reason, the rows that are left are no fair picture "
        "of new ones.",
    )


def class_imbalance(evidence: Evidence) -> Iterator[Finding]:
    """Compare the largest with the smallest class that is not too rare for the folds."""
    counts = evidence.class_counts
    counts = counts[counts >= 2 * evidence.subject.folds]
    if len(counts) < 2:
        return
    largest, smallest = int(counts.iloc[0]), int(counts.iloc[-1])
    if largest <= IMBALANCE * smallest:
        return
    target = str(evidence.subject.target)
    share = smallest / int(evidence.class_counts.sum())
    yield Finding(
        code="class_imbalance",
        severity=Severity.MEDIUM if largest > STRONG_IMBALANCE * smallest else Severity.LOW,
        column=target,
        message=f"{counts.index[-1]} is {percent(share)} of {target} ({smallest:,} rows), "
        f"{counts.index[0]} has {largest / smallest:,.0f} times as many.",
        advice="Judge by average precision, balanced accuracy or a payoff: plain accuracy rewards "
        "the answer that never finds it.",
    )


def rare_classes(evidence: Evidence) -> Iterator[Finding]:
    """Find classes with fewer than two rows for each fold."""
    counts = evidence.class_counts
    folds = evidence.subject.folds
    rare = counts[counts < 2 * folds]
    if rare.empty:
        return
    target = str(evidence.subject.target)
    names = listed([f"{name} ({rows})" for name, rows in rare.items()])
    what = "1 class has" if len(rare) == 1 else f"{len(rare):,} classes have"
    threshold = merge_threshold(counts.tolist(), folds) if len(counts) > 2 else None
    cure = "Bring more of their rows" if threshold is None else "Merge rare classes into one"
    is_number = pd.api.types.is_numeric_dtype(evidence.subject.frame[target].dtype)
    regression = f"; choose regression if {target} is a quantity" if is_number else ""
    yield Finding(
        code="rare_classes",
        severity=Severity.MEDIUM,
        column=target,
        message=f"In {target}, {what} fewer than the {2 * folds} rows that {folds} folds and a "
        f"locked test need: {names}.",
        advice=f"{cure}, or leave them out{regression}.",
        fix=None if threshold is None else _merge(target, threshold),
    )


def skewed_target(evidence: Evidence) -> Iterator[Finding]:
    """Find a regression target of which few rows outweigh all others."""
    subject = evidence.subject
    is_plain = subject.kind is TaskKind.REGRESSION and subject.scale is TargetScale.IDENTITY
    if not is_plain or evidence.target is None:
        return
    values = evidence.target.to_numpy()
    skewness = _skewness(values)
    if abs(skewness) <= SKEWED:
        return
    scale = TargetScale.RANK
    if skewness > 0 and values.min() > 0 and abs(_skewness(np.log(values))) < skewness:
        scale = TargetScale.LOG
    yield Finding(
        code="skewed_target",
        severity=Severity.MEDIUM if abs(skewness) > STRONGLY_SKEWED else Severity.LOW,
        column=subject.target,
        message=f"{subject.target} is skewed ({skewness:.1f}): it has a long tail of "
        f"{'large' if skewness > 0 else 'small'} values, whose errors outweigh all others.",
        advice=f"Fit on its {scale}; scores stay in its own units.",
        fix=Fix(
            kind=FixKind.SCALE,
            label=f"Fit on the {scale} of {subject.target}",
            column=subject.target,
            values=(scale,),
        ),
    )


def _merge(target: str, threshold: int) -> Fix:
    return Fix(
        kind=FixKind.MERGE_RARE,
        label=f"Merge the classes of fewer than {threshold} rows",
        column=target,
        values=(str(threshold),),
    )


def _skewness(values: np.ndarray) -> float:
    """Return the third standardised moment, or 0 where there is no spread."""
    # Divided by the largest first: the cube of a large number is infinite.
    largest = float(np.abs(values).max(initial=0.0))
    if len(values) < 3 or not largest > 0:
        return 0.0
    scaled = values / largest
    centred = scaled - scaled.mean()
    spread = float(centred.std())
    return float((centred**3).mean()) / spread**3 if spread > 1e-12 else 0.0

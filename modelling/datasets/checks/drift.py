"""Checks of the test against the training rows: values that moved, and values never seen."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from modelling.datasets.checks.check import percent
from modelling.datasets.checks.distance import distance
from modelling.datasets.checks.evidence import Evidence
from modelling.datasets.splits import BY_TIME
from modelling.datasets.target import class_labels
from modelling.datasets.wording import listed
from modelling.types import ColumnType, Finding, Severity, SplitStrategy

# A fifth of the rows have other values (ours), and chance does that to one table in a thousand.
MIN_DISTANCE = 0.2
LEVEL = 0.001
MAX_ROWS = 50_000
# New categories in one test row of twenty (ours).
MIN_UNSEEN = 0.05
_SEED = 7


def drift(evidence: Evidence) -> Iterator[Finding]:
    """Compare each column in the test with the training rows, where the two are not one draw."""
    subject = evidence.subject
    if not (subject.test_frame is not None or subject.split in BY_TIME):
        return
    # Dates differ by the very nature of such a test.
    names = [
        column.name
        for column in evidence.used
        if column.type not in (ColumnType.DATE, ColumnType.TEXT) and column.name != subject.time
    ]
    names += [] if subject.target is None else [subject.target]
    moved = _moved(evidence, names)
    if not moved:
        return
    farthest = sorted(moved, key=lambda name: -moved[name])
    figures = listed([f"{name} ({percent(moved[name])})" for name in farthest])
    columns = f"{len(names):,} columns {'differs' if len(moved) == 1 else 'differ'}"
    yield Finding(
        code="drift",
        severity=Severity.MEDIUM,
        column=farthest[0],
        message=f"{len(moved):,} of {columns} between training and test rows by "
        f"more than {percent(MIN_DISTANCE)} of the rows: {figures}.",
        advice="Expect the test score to fall short of the selection score; a model for the "
        "future may need more recent rows.",
    )


def _moved(evidence: Evidence, names: list[str]) -> dict[str, float]:
    """Return how far the columns lie apart that moved farther than chance would."""
    moved: dict[str, float] = {}
    for name in names:
        parts = _parts(evidence, name)
        if parts is None:
            return {}
        train, test = map(_sampled, parts)
        found = distance(train, test, LEVEL / len(names))
        if found.apart >= max(MIN_DISTANCE, found.by_chance):
            moved[name] = found.apart
    return moved


def unseen_classes(evidence: Evidence) -> Iterator[Finding]:
    """Find classes of the test that no training row has."""
    subject = evidence.subject
    # Once classes were merged, whatever is not known counts as one of them.
    if subject.target is None or subject.merged or evidence.class_counts.empty:
        return
    parts = _parts(evidence, subject.target)
    if parts is None:
        return
    train, test = (class_labels(part.dropna()) for part in parts)
    new = test[~test.isin(train.unique())]
    if new.empty:
        return
    names = listed([f"{label} ({rows:,})" for label, rows in new.value_counts().items()])
    yield Finding(
        code="unseen_classes",
        severity=Severity.HIGH,
        column=subject.target,
        message=f"{len(new):,} test rows have a {subject.target} that no training row has: "
        f"{names}.",
        advice="No model can predict it; remove those rows, or add such rows to the training data.",
    )


def unseen_categories(evidence: Evidence) -> Iterator[Finding]:
    """Find categories of the test that no training row has, where the two are not one draw."""
    subject = evidence.subject
    is_one_draw = subject.split in (SplitStrategy.RANDOM, SplitStrategy.STRATIFIED, None)
    if subject.test_frame is None and is_one_draw:
        return
    for column in evidence.used:
        parts = _parts(evidence, column.name) if column.type is ColumnType.CATEGORY else None
        if parts is None:
            continue
        train, test = (part.dropna().astype("str") for part in parts)
        share = float((~test.isin(train.unique())).mean()) if len(test) else 0.0
        if share >= MIN_UNSEEN:
            yield Finding(
                code="unseen_categories",
                severity=Severity.LOW,
                column=column.name,
                message=f"{percent(share)} of the test rows have a {column.name} that no training "
                "row has.",
                advice="Models treat it as unknown; leave the column out if new values are the "
                "rule.",
            )


def _parts(evidence: Evidence, name: str) -> tuple[pd.Series, pd.Series] | None:
    """Return a column in the training and in the test rows, if both have it."""
    subject = evidence.subject
    test_frame = subject.frame if subject.test_frame is None else subject.test_frame
    if subject.train is None or subject.test is None or name not in test_frame.columns:
        return None
    if not len(subject.train) or not len(subject.test):
        return None
    return subject.frame[name].iloc[subject.train], test_frame[name].iloc[subject.test]


def _sampled(values: pd.Series) -> pd.Series:
    if len(values) <= MAX_ROWS:
        return values
    rows = np.random.default_rng(_SEED).choice(len(values), MAX_ROWS, replace=False)
    return values.iloc[rows]

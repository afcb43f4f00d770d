"""Checks of how much there is to learn from."""

from __future__ import annotations

from collections.abc import Iterator

from modelling.datasets.checks.evidence import Evidence
from modelling.types import Finding, Severity

# Fewer in a fold than a mean takes to be roughly normal, the usual rule of thumb.
MIN_FOLD_ROWS = 30
# METHODS, section 1: below it, the locked test is small, and nested folds use all rows.
SMALL = 1_000
# Ten rows for each variable is the least that regressions need (Peduzzi et al., J. Clin. Epidemiol.
# 49, 1996; Harrell, Regression Modeling Strategies, 2015).
ROWS_PER_FEATURE = 10


def few_rows(evidence: Evidence) -> Iterator[Finding]:
    """Find tables that are small for folds and a locked test."""
    subject = evidence.subject
    if subject.target is None:
        return
    n_rows = len(evidence.known)
    n_train = n_rows if subject.train is None else len(subject.train)
    if n_train / subject.folds < MIN_FOLD_ROWS:
        yield Finding(
            code="few_rows",
            severity=Severity.MEDIUM,
            message=f"{n_train:,} training rows in {subject.folds} folds are "
            f"{n_train // subject.folds:,} rows a fold, too few to tell models apart.",
            advice="Use fewer folds and the rigorous evaluation, or bring more rows.",
        )
    elif n_rows < SMALL and subject.test_frame is None:
        yield Finding(
            code="few_rows",
            severity=Severity.LOW,
            message=f"There are {n_rows:,} rows with a target, so a locked test of a part of them "
            "is uncertain.",
            advice="Use the rigorous evaluation, which tests on every row once.",
        )


def too_wide(evidence: Evidence) -> Iterator[Finding]:
    """Find tables with many features for their rows."""
    n_features, n_rows = len(evidence.subject.features), len(evidence.known)
    if n_features < 2 or n_rows >= ROWS_PER_FEATURE * n_features:
        return
    yield Finding(
        code="too_wide",
        severity=Severity.MEDIUM if n_features > n_rows else Severity.LOW,
        message=f"There are {n_features:,} features for {n_rows:,} rows; with fewer than "
        f"{ROWS_PER_FEATURE} rows for each, models fit noise.",
        advice="Leave features out that cannot matter, and prefer models that penalise or select.",
    )

"""Checks of rows against each other: copies, contradictions, and what their order gives away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from modelling.datasets.checks.check import percent
from modelling.datasets.checks.evidence import Evidence
from modelling.datasets.checks.numbers import as_numbers
from modelling.datasets.checks.strength import number_bins, strength
from modelling.datasets.splits import BY_TIME
from modelling.types import ColumnType, Finding, Fix, FixKind, Severity

# One row of a hundred moves a score by no more than folds differ anyway (ours).
MIN_SHARE = 0.01
# Two copies are an accident that moves nothing.
MIN_COPIES = 3
# From one of ten copies on, a test measures memory as much as learning (ours).
LARGE_SHARE = 0.1
# Copies are accidents if there are far more than unrelated columns would have by chance (ours).
TIMES_CHANCE = 3.0
# A column that tells half of the different rows apart leaves nothing to chance (ours).
FINE_SHARE = 0.5
# How far from chance the position must be: an AUC of 0.6, a rank R2 of 0.05 (ours).
MIN_ORDER_AUC = 0.1
MIN_ORDER_R2 = 0.05
# From here on a file is sorted by its target rather than by something related.
SORTED_AUC = 0.95
SORTED_R2 = 0.9
_DEDUPLICATE = Fix(kind=FixKind.DEDUPLICATE, label="Remove repeated rows")


def duplicate_rows(evidence: Evidence) -> Iterator[Finding]:
    """Count rows that repeat an earlier one."""
    n_rows = evidence.n_rows
    count = _n_repeated(evidence)
    if count < max(1, MIN_SHARE * n_rows):
        return
    if evidence.subject.test_frame is None and any(duplicates_across_split(evidence)):
        # The same copies, said once, with what they do.
        return
    # Each row meets half of the others earlier in the file.
    expected = _chance_of_a_copy(evidence, list(evidence.columns)) * (n_rows - 1) / 2
    if count < TIMES_CHANCE * expected * n_rows:
        return
    yield Finding(
        code="duplicate_rows",
        severity=Severity.MEDIUM,
        message=f"{count:,} of {n_rows:,} rows repeat an earlier row exactly.",
        advice="Copies in both training and test rows make scores too good; remove them if they "
        "are accidents.",
        fix=_DEDUPLICATE,
    )


def duplicates_across_split(evidence: Evidence) -> Iterator[Finding]:
    """Count test rows with the features of a training row."""
    features = evidence.subject.features
    if evidence.split_hashes is None or not features:
        return
    train, test = evidence.split_hashes
    is_copy = np.isin(test, train)
    share = float(is_copy.mean()) if len(test) else 0.0
    if share < MIN_SHARE or is_copy.sum() < MIN_COPIES:
        return
    if share < TIMES_CHANCE * _chance_of_a_copy(evidence, features) * len(train):
        return
    is_fine = _is_fine(evidence, features, len(np.unique(train)))
    # Rows that differ in an id or the target are no repeated rows to the reader.
    curable = _n_repeated(evidence) >= MIN_SHARE * evidence.n_rows
    own = evidence.subject.test_frame is not None
    cure = (
        "remove those rows from your test file" if own else "remove the copies, or split by group"
    )
    yield Finding(
        code="duplicates_across_split",
        severity=Severity.HIGH if share >= LARGE_SHARE and is_fine else Severity.MEDIUM,
        message=f"{int(is_copy.sum()):,} of {len(test):,} test rows ({percent(share)}) have the "
        "same features as a training row.",
        advice=f"Such a test rewards learning by heart; {cure}.",
        fix=_DEDUPLICATE if curable and not own else None,
    )


def conflicting_labels(evidence: Evidence) -> Iterator[Finding]:
    """Count rows of different classes with the same features."""
    target = evidence.target
    if target is None or evidence.class_counts.empty or not evidence.subject.features:
        return
    rows = pd.DataFrame(
        {"features": evidence.feature_hashes[evidence.known], "label": pd.factorize(target)[0]}
    )
    if not rows["features"].duplicated().any():
        return
    counts = rows.value_counts(sort=False).rename("count").reset_index()
    alike = counts.groupby("features", sort=False)["count"].agg(["sum", "max", "size"])
    share = float(alike.loc[alike["size"] > 1, "sum"].sum()) / len(rows)
    if share < MIN_SHARE:
        return
    right = float(alike["max"].sum()) / len(rows)
    name = evidence.subject.target
    yield Finding(
        code="conflicting_labels",
        severity=Severity.MEDIUM if share >= LARGE_SHARE else Severity.LOW,
        column=name,
        message=f"{percent(share)} of the rows have the same features as a row with another "
        f"{name}, so no model can be right in more than {percent(right)} of these rows.",
        advice="Look for wrong labels, or for a column that tells such rows apart.",
    )


def row_order(evidence: Evidence) -> Iterator[Finding]:
    """Predict the target from the position of the row alone."""
    truth = evidence.truth
    if truth is None or evidence.subject.split in BY_TIME or _follows_dates(evidence):
        return
    score = strength(number_bins(evidence.labelled.astype("float64")), truth)
    if score is None:
        return
    is_regression = truth.codes is None
    least = max(MIN_ORDER_R2 if is_regression else MIN_ORDER_AUC, truth.noise())
    if score - truth.chance < least:
        return
    is_sorted = score >= (SORTED_R2 if is_regression else SORTED_AUC)
    target = evidence.subject.target
    why = f"is sorted by {target}" if is_sorted else "is in an order that has to do with it"
    yield Finding(
        code="row_order",
        severity=Severity.MEDIUM if is_sorted else Severity.LOW,
        column=target,
        message=f"The position of a row alone predicts {target} ({truth.measure} {score:.2f}): the "
        f"file {why}.",
        advice="Harmless with a random split, which shuffles; never use row numbers as a feature "
        "or as a time.",
    )


def _n_repeated(evidence: Evidence) -> int:
    return int(pd.Series(evidence.hashes).duplicated().sum())


def _chance_of_a_copy(evidence: Evidence, names: Sequence[str]) -> float:
    """Return the probability that two rows agree in all columns, were these unrelated."""
    chance = 1.0
    # The finest first: after a few of those there is nothing left to chance.
    for name in sorted(names, key=lambda name: -evidence.columns[name].n_distinct):
        codes = pd.factorize(evidence.sample(name), use_na_sentinel=False)[0]
        counts = np.bincount(codes).astype("float64")
        pairs = len(codes) * (len(codes) - 1.0)
        chance *= float((counts * (counts - 1.0)).sum()) / max(pairs, 1.0)
        if chance * evidence.n_rows < MIN_SHARE / TIMES_CHANCE:
            return 0.0
    return chance


def _is_fine(evidence: Evidence, names: Sequence[str], n_different: int) -> bool:
    """Whether one of the columns tells most of the different rows apart."""
    most = max(evidence.columns[name].n_distinct for name in names)
    return most >= FINE_SHARE * n_different


def _follows_dates(evidence: Evidence) -> bool:
    """Whether the file is in the order of a date, which is another check's matter."""
    for column in evidence.used:
        if column.type is not ColumnType.DATE:
            continue
        moments = pd.Series(as_numbers(evidence.sample(column.name)))
        rises = moments.dropna().diff().dropna()
        if len(rises) and max((rises >= 0).mean(), (rises <= 0).mean()) >= 0.95:
            return True
    return False

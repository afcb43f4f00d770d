"""What is worth knowing about a table before a minute is spent on it.

A check warns; it never drops anything by itself. Adding one is a function and its line in `CHECKS`.
"""

from __future__ import annotations

from collections.abc import Mapping

from modelling.datasets.checks.check import Check
from modelling.datasets.checks.columns import all_missing, constant, large_integers, mostly_missing
from modelling.datasets.checks.drift import drift, unseen_categories, unseen_classes
from modelling.datasets.checks.evidence import Evidence
from modelling.datasets.checks.groups import group_structure
from modelling.datasets.checks.identifiers import high_cardinality, identifier, near_identifier
from modelling.datasets.checks.leakage import leakage, target_copy
from modelling.datasets.checks.rows import (
    conflicting_labels,
    duplicate_rows,
    duplicates_across_split,
    row_order,
)
from modelling.datasets.checks.size import few_rows, too_wide
from modelling.datasets.checks.subject import Subject
from modelling.datasets.checks.target import (
    class_imbalance,
    missing_target,
    rare_classes,
    skewed_target,
)
from modelling.datasets.checks.times import time_structure
from modelling.datasets.checks.values import disguised_missing, outliers
from modelling.types import Finding, Severity

HIGH, MEDIUM, LOW = Severity.HIGH, Severity.MEDIUM, Severity.LOW

CHECKS: tuple[Check, ...] = (
    Check("target_copy", "A column is the target", HIGH, target_copy),
    Check("leakage", "A column knows the answer", HIGH, leakage),
    Check("group_structure", "Rows belong together", HIGH, group_structure),
    Check("time_structure", "Rows are ordered in time", MEDIUM, time_structure),
    Check("row_order", "The order of the rows tells", MEDIUM, row_order),
    Check(
        "duplicates_across_split", "Test rows known from training", HIGH, duplicates_across_split
    ),
    Check("duplicate_rows", "Repeated rows", MEDIUM, duplicate_rows),
    Check("conflicting_labels", "Same features, other class", MEDIUM, conflicting_labels),
    Check("unseen_classes", "Classes only in the test", HIGH, unseen_classes),
    Check("drift", "The test is another population", MEDIUM, drift),
    Check("unseen_categories", "Categories only in the test", LOW, unseen_categories),
    Check("missing_target", "Rows without a target", MEDIUM, missing_target),
    Check("class_imbalance", "Uneven classes", MEDIUM, class_imbalance),
    Check("rare_classes", "Classes too rare for the folds", MEDIUM, rare_classes),
    Check("skewed_target", "A skewed target", MEDIUM, skewed_target),
    Check("few_rows", "Few rows", MEDIUM, few_rows),
    Check("too_wide", "Many columns for the rows", MEDIUM, too_wide),
    Check("identifier", "Ids", MEDIUM, identifier),
    Check("near_identifier", "Columns that are nearly ids", MEDIUM, near_identifier),
    Check("high_cardinality", "Many categories", LOW, high_cardinality),
    Check("disguised_missing", "Values that stand for none", MEDIUM, disguised_missing),
    Check("outliers", "Values far outside", LOW, outliers),
    Check("constant", "Constant columns", LOW, constant),
    Check("all_missing", "Empty columns", LOW, all_missing),
    Check("mostly_missing", "Mostly missing", LOW, mostly_missing),
    Check("large_integers", "Numbers beyond what models tell apart", LOW, large_integers),
)

# The same problem, said once: the second is left out for a column that has the first, unless it is
# graver.
SUPERSEDED: tuple[tuple[str, str], ...] = (
    ("target_copy", "leakage"),
    ("target_copy", "time_structure"),
    ("leakage", "time_structure"),
    ("leakage", "mostly_missing"),
    ("target_copy", "mostly_missing"),
    ("group_structure", "leakage"),
    ("group_structure", "high_cardinality"),
    ("group_structure", "near_identifier"),
)


def run_checks(subject: Subject) -> tuple[Finding, ...]:
    """Return the findings of all checks, in the order of `CHECKS`.

    No two have the same code and the same column.
    """
    evidence = Evidence(subject)
    found = [finding for check in CHECKS for finding in check.findings(evidence)]
    told = {(finding.code, finding.column): finding.severity for finding in found}
    return tuple(finding for finding in found if not is_repeated(finding, told))


def is_repeated(finding: Finding, told: Mapping[tuple[str, str | None], Severity]) -> bool:
    """Whether another finding on the same column, at least as grave, says the same.

    Parameters
    ----------
    told : mapping
        The severity of each finding by code and column.
    """
    firsts = [first for first, code in SUPERSEDED if code == finding.code]
    severities = [
        told[first, finding.column] for first in firsts if (first, finding.column) in told
    ]
    return any(severity.rank <= finding.severity.rank for severity in severities)


__all__ = ["CHECKS", "Check", "Subject", "run_checks"]

"""What is worth knowing about a table before a minute is spent on it.

A check warns; it never drops anything by itself.
"""

from __future__ import annotations

from modelling.datasets.checks.subject import Subject
from modelling.datasets.checks.table_checks import CHECKS
from modelling.types import Finding


def run_checks(subject: Subject) -> tuple[Finding, ...]:
    """Return the findings of all checks, in the order of `CHECKS`."""
    return tuple(finding for check in CHECKS for finding in check(subject.frame, subject.columns))


__all__ = ["CHECKS", "Subject", "run_checks"]

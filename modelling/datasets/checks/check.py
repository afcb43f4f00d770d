"""What a check is, and the words that several of them use."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from modelling.datasets.checks.evidence import Evidence
from modelling.datasets.wording import listed
from modelling.types import Finding, Fix, FixKind, Role, Severity

# Of one kind; a table of thousands of columns would bury the rest otherwise.
MAX_FINDINGS = 10


# Without kw_only, so that `CHECKS` reads as a table of one line each.
@dataclass(frozen=True, slots=True)
class Check:
    """One concern: ``run`` finds it, ``severity`` is the highest that it gives.

    ``code`` never changes: stored findings refer to it.
    """

    code: str
    title: str
    severity: Severity
    run: Callable[[Evidence], Iterable[Finding]]

    def findings(self, evidence: Evidence) -> tuple[Finding, ...]:
        """Return what it finds, the worst first; beyond `MAX_FINDINGS`, one names the rest."""
        found = sorted(self.run(evidence), key=lambda finding: finding.severity.rank)
        if len(found) <= MAX_FINDINGS:
            return tuple(found)
        rest = found[MAX_FINDINGS - 1 :]
        names = listed([str(finding.column) for finding in rest])
        more = Finding(
            code=self.code,
            severity=rest[0].severity,
            message=f"The same holds for {len(rest):,} more columns: {names}.",
            advice=rest[0].advice,
        )
        return (*found[: MAX_FINDINGS - 1], more)


def percent(share: float) -> str:
    """Return a share for reading, never rounded to all or nothing.

    Examples
    --------
    >>> percent(0.25), percent(0.999), percent(0.0004), percent(1.0)
    ('25 %', '99.9 %', '0.04 %', '100 %')
    >>> percent(1e-9), percent(1 - 1e-9)
    ('below 0.01 %', 'above 99.99 %')
    """
    for digits in (0, 1, 2):
        figures = f"{100 * share:.{digits}f}"
        if float(figures) not in (0.0, 100.0) or share in (0.0, 1.0):
            return f"{figures} %"
    return "below 0.01 %" if share < 0.5 else "above 99.99 %"


def leave_out(column: str) -> Fix:
    """Return the click that makes ``column`` no feature."""
    return Fix(kind=FixKind.ROLE, label=f"Leave {column} out", column=column, values=(Role.IGNORE,))

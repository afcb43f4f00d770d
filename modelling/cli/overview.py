"""A profile as a terminal shows it: the task, the columns, and the findings with their advice."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

MAX_COLUMNS = 60
_NAME_WIDTH = 32
_WIDTH = 100


def overview(name: str, document: Mapping[str, Any]) -> list[str]:
    """Return the lines that describe a profile document.

    Parameters
    ----------
    name : str
        What the user calls the data.
    document : mapping
        As `modelling.reports.result.profile_document` makes it.
    """
    columns, read = document["columns"], document["read"]
    how = ", ".join(str(read[key]) for key in ("format", "encoding") if read[key])
    lines = [
        f"{name}: {document['rows']:,} rows x {len(columns)} columns, {how}",
        _task(document["task"]),
        "",
        *_columns(columns),
    ]
    if document["rows_sampled"] < document["rows"]:
        lines.append(f"Relations are of a random sample of {document['rows_sampled']:,} rows.")
    return [_printable(line) for line in (*lines, "", *_findings(document["warnings"]))]


def _task(task: Mapping[str, Any]) -> str:
    if task["kind"] is None:
        return f"Target: {task['target']}"
    return f"Target: {task['target']} ({task['kind']}, scored by {task['metric']})"


def _columns(columns: Sequence[Mapping[str, Any]]) -> list[str]:
    width = max([len("column"), *(len(_shortened(column["name"])) for column in columns)])
    head = (
        f"{'column':<{width}}  {'type':<8}  {'role':<7}  {'missing':>8}  {'distinct':>11}  relation"
    )
    lines = [head, *(_column(column, width) for column in columns[:MAX_COLUMNS])]
    if len(columns) > MAX_COLUMNS:
        lines.append(f"... and {len(columns) - MAX_COLUMNS:,} more; --json lists all.")
    return lines


def _column(column: Mapping[str, Any], width: int) -> str:
    relation = "-" if column["relation"] is None else f"{column['relation']:.2f}"
    missing = _share(column["missing_share"])
    return (
        f"{_shortened(column['name']):<{width}}  {column['type']:<8}  {column['role']:<7}  "
        f"{missing:>8}  {column['n_distinct']:>11,}  {relation}"
    )


def _findings(findings: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the findings in their order, which is by severity, wrapped to the terminal."""
    if not findings:
        return ["No warnings."]
    counted = "1 warning" if len(findings) == 1 else f"{len(findings)} warnings"
    lines = [f"{counted}:"]
    for finding in findings:
        start = f"  {finding['severity'].upper():<6}  "
        text = " ".join(filter(None, (finding["message"], finding["advice"])))
        lines += textwrap.wrap(
            text, _WIDTH, initial_indent=start, subsequent_indent=" " * len(start)
        )
    return lines


def _share(share: float | None) -> str:
    if not share:
        return "-"
    return "<0.1%" if share < 0.0005 else f"{share:.1%}"


def _shortened(name: str) -> str:
    return name if len(name) <= _NAME_WIDTH else name[: _NAME_WIDTH - 1] + "…"


def _printable(line: str) -> str:
    # Names and values come from a file: a terminal would obey control characters.
    return "".join(sign if sign.isprintable() else " " for sign in line)

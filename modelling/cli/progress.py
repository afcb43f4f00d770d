"""Progress of a run on standard error."""

from __future__ import annotations

import sys

from modelling.types import Run, RunKind


class Progress:
    """One line that is rewritten on a terminal, and one line per step elsewhere."""

    def __init__(self, kind: RunKind) -> None:
        self._kind = kind
        self._last = ""
        self._rewrites = sys.stderr.isatty()

    def show(self, run: Run) -> None:
        """Show where the run stands, if that is new."""
        step = run.message or str(run.state)
        share = f"{100 * run.done / run.total:3.0f} %" if run.total else "     "
        line = f"{self._kind}: {share} {step}" if self._rewrites else f"{self._kind}: {step}"
        if line != self._last:
            self._last = line
            sys.stderr.write(f"\r\x1b[K{line}" if self._rewrites else f"{line}\n")
            sys.stderr.flush()

    def close(self) -> None:
        """Leave the line."""
        if self._rewrites and self._last:
            sys.stderr.write("\n")

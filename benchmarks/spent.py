"""CPU seconds of a process and all that it started, for benchmarks in any environment."""

from __future__ import annotations

import contextlib

import psutil


def tree_cpu_s() -> float:
    """Return the CPU seconds so far of this process, its descendants, and those that ended."""
    ours = psutil.Process()
    total = 0.0
    for process in (ours, *ours.children(recursive=True)):
        # One may end between the listing and the look; its parent then counts it.
        with contextlib.suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            total += times.user + times.system + times.children_user + times.children_system
    return total

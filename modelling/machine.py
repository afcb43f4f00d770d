"""The machine that figures were measured on, and what a process has used of it."""

from __future__ import annotations

import contextlib
import ctypes
import platform
import resource
from functools import cache
from importlib.metadata import version
from pathlib import Path

LIBRARIES = ("scikit-learn", "lightgbm", "xgboost-cpu", "catboost", "optuna", "numpy", "pandas")
BUSY_RATIO = 1.5


def machine_name() -> str:
    """Return a name for all that decides how long a fit takes here."""
    return f"{_cpu_model()} | {platform.machine()} | Python {platform.python_version()}"


def fingerprint(cores: int) -> dict[str, str]:
    """Return what identifies a machine; times of different fingerprints never share an axis."""
    import psutil

    return {
        "cpu": _cpu_model(),
        "cores": str(cores),
        "memory_gb": str(round(psutil.virtual_memory().total / 1024**3)),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "threads_per_fit": "1",
        **{name: version(name) for name in LIBRARIES},
    }


def peak_memory_bytes() -> int:
    """Return the largest resident size that this process has had since the last reset."""
    # Linux reports kilobytes.
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def reset_peak_memory() -> None:
    """Give freed memory back to the system and begin a new peak, where the system can (Linux)."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
        # "5" resets the high-water mark of the resident size, proc_pid_clear_refs(5).
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def was_busy(wall_s: float, cpu_s: float) -> bool:
    """Whether a one-thread fit had to wait for others, so that its wall time says little."""
    return cpu_s > 0.05 and wall_s / cpu_s > BUSY_RATIO


@cache
def _cpu_model() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or "unknown"

"""Settings of one process, read once from the environment."""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from modelling.errors import SpecError

# glibc's number for the size from which memory is taken from the system, and given back, by itself.
_M_MMAP_THRESHOLD = -3


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """Where the workspace is and how much of the machine may be used.

    Examples
    --------
    >>> Settings.from_env({"TUNEWORTH_HOME": "/tmp/w", "TUNEWORTH_WORKERS": "2"}).workers
    2
    """

    home: Path
    database_url: str
    workers: int
    max_upload_mb: int = 1024

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> Settings:
        """Build the settings from ``env`` (default: the environment of this process).

        Raises
        ------
        SpecError
            If a number is none, or not positive, or the home cannot be part of a URL.
        """
        env = os.environ if env is None else env
        home = Path(env.get("TUNEWORTH_HOME") or _default_home()).expanduser().resolve()
        if "?" in str(home):
            raise SpecError(f"TUNEWORTH_HOME must not hold a question mark, got {home}; rename it.")
        return cls(
            home=home,
            database_url=env.get("TUNEWORTH_DATABASE_URL") or f"sqlite:///{home / 'tuneworth.db'}",
            workers=_positive(env, "TUNEWORTH_WORKERS", _cores()),
            max_upload_mb=_positive(env, "TUNEWORTH_MAX_UPLOAD_MB", 1024),
        )

    def to_env(self) -> dict[str, str]:
        """Return the environment that makes a child process see the same settings."""
        return {
            **os.environ,
            "TUNEWORTH_HOME": str(self.home),
            "TUNEWORTH_DATABASE_URL": self.database_url,
            "TUNEWORTH_WORKERS": str(self.workers),
            "TUNEWORTH_MAX_UPLOAD_MB": str(self.max_upload_mb),
        }


def environment_key(name: str) -> str:
    """Return the key of a provider of language models from the environment; empty without one."""
    return os.environ.get(name, "") if name else ""


def openai_url() -> str:
    """Return where "openai" is asked instead: any server that speaks its protocol; empty: there."""
    return os.environ.get("OPENAI_BASE_URL", "").strip()


def _default_home() -> str:
    from platformdirs import user_data_dir

    return user_data_dir("tuneworth", appauthor=False)


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _positive(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name)
    if not text:
        return default
    try:
        value = int(text)
    except ValueError:
        value = 0
    if value < 1:
        raise SpecError(f"{name} must be a whole number above zero, got {text!r}; correct it.")
    return value


def use_one_thread() -> None:
    """Make native libraries that are loaded from now on use one thread each, and not spin.

    Two OpenMP threads on a busy machine burned 43 times the CPU of one.
    """
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    os.environ["OMP_WAIT_POLICY"] = "PASSIVE"


def give_memory_back() -> None:
    """Make memory that this process frees go back to the system: for one that lives long.

    Arrow's own allocator keeps what it once had, and glibc keeps what is freed below a threshold
    that grows by itself to 32 MB: 55 MB stayed after one look at a table of 193 MB, 34 with this.
    """
    import pyarrow as pa

    pa.set_memory_pool(pa.system_memory_pool())
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            # Other C libraries than glibc have no such call.
            ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, 1 << 20)

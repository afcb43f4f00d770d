"""What runs inside the killable child: one work, then the end of the process."""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import sys
import threading
import time
from multiprocessing.connection import Connection
from typing import Any

from modelling.executor.protocol import End, Limits, Work, describe_error

_PR_SET_PDEATHSIG = 1
# The supervisor polls and kills at the limit; the kernel's own limit is the net below it.
_CPU_GRACE_S = 5


def run_child(answer: Connection, starter_alive: Connection, work: Work, limits: Limits) -> None:
    """Run ``work`` and send (end, value, error, cpu_s) to ``answer``; never returns."""
    _die_with_starter(starter_alive)
    _limit_cpu(limits.cpu_s)
    _silence()
    end, value, error = _outcome(work)
    cpu_s = time.process_time()
    try:
        answer.send((end, value, error, cpu_s))
    # An answer that cannot be pickled raises anything, its class decides what.
    except Exception as failure:  # noqa: BLE001
        with contextlib.suppress(OSError):
            answer.send((End.FAILED, None, describe_error(failure), cpu_s))
    # Tearing down an interpreter with scikit-learn in it costs more than many fits.
    os._exit(0)


def _outcome(work: Work) -> tuple[End, Any, str | None]:
    try:
        return End.DONE, work(), None
    # Anything at all that a library raises is the reason of a failed row.
    except BaseException as error:  # noqa: BLE001
        return End.FAILED, None, describe_error(error)


def _die_with_starter(starter_alive: Connection) -> None:
    """Leave no orphan: exit when the other end of ``starter_alive`` closes, whoever died."""
    os.setsid()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)

    def watch() -> None:
        with contextlib.suppress(EOFError, OSError):
            starter_alive.recv_bytes()
        os.killpg(os.getpgrp(), signal.SIGKILL)

    threading.Thread(target=watch, daemon=True).start()


def _limit_cpu(cpu_s: float) -> None:
    soft = int(cpu_s) + _CPU_GRACE_S
    resource.setrlimit(resource.RLIMIT_CPU, (soft, soft + _CPU_GRACE_S))
    # A crash is reported by its signal; a core file of several GB helps nobody here.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _silence() -> None:
    """Send what libraries print to nowhere: it could be a gigabyte."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)

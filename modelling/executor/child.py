"""What runs inside the killable child: one work after the other."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import resource
import signal
import sys
import threading
import time
from multiprocessing.connection import Connection
from typing import Any

from modelling.executor.protocol import End, describe_error
from modelling.machine import reset_peak_memory

_PR_SET_PDEATHSIG = 1
# The supervisor polls and kills at the limit; the kernel's own limit is the net below it.
_CPU_GRACE_S = 5


def serve_works(starter: Connection, starter_alive: Connection) -> None:
    """Run each (work, limits) that ``starter`` sends and answer (end, value, error, cpu_s).

    Ends when ``starter`` closes.
    """
    _die_with_starter(starter_alive)
    _silence()
    # What was there before the fork is never garbage; looking through it would copy its pages.
    gc.freeze()
    served_s = 0.0
    # Answering fails once nobody listens.
    with contextlib.suppress(OSError):
        while True:
            served_s = _serve_one(starter, served_s)
    # Tearing down an interpreter with scikit-learn in it costs more than many fits.
    os._exit(0)


def _serve_one(starter: Connection, before_s: float) -> float:
    """Take, run and answer one work, and leave the process as it was before.

    What happened since ``before_s`` is part of its cost: starting, cleaning up after the last one.
    """
    end, value, error = _outcome(starter)
    now_s = time.process_time()
    try:
        starter.send((end, value, error, now_s - before_s))
    # An answer that cannot be pickled raises anything, its class decides what.
    except Exception as failure:  # noqa: BLE001
        starter.send((End.FAILED, None, describe_error(failure), now_s - before_s))
    del value
    gc.collect()
    reset_peak_memory()
    return now_s


def _outcome(starter: Connection) -> tuple[End, Any, str | None]:
    try:
        work, limits = starter.recv()
        _limit_cpu(limits.cpu_s)
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
    """Set the kernel's own limit; the hard one, once set, could not be raised for the next work."""
    soft = int(time.process_time() + cpu_s) + _CPU_GRACE_S
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))
    # A crash is reported by its signal; a core file of several GB helps nobody here.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _silence() -> None:
    """Send what libraries print to nowhere: it could be a gigabyte."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)

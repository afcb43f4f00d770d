"""Work that behaves and work that does not; importable in a child, as real work is."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from modelling.errors import FitError
from modelling.machine import peak_memory_bytes


@dataclass(frozen=True)
class Value:
    value: Any

    def __call__(self):
        return self.value


@dataclass(frozen=True)
class Append:
    """Add a line to a file: what ran, in which order, how often."""

    path: Path
    line: str

    def __call__(self):
        with self.path.open("a") as file:
            file.write(f"{self.line}\n")
        return self.line


@dataclass(frozen=True)
class Fail:
    error: BaseException

    def __call__(self):
        raise self.error


@dataclass(frozen=True)
class Sleep:
    """Sleep after writing down which process does."""

    seconds: float
    note: Path | None = None

    def __call__(self):
        if self.note is not None:
            self.note.write_text(str(os.getpid()))
        time.sleep(self.seconds)
        return self.seconds


class Burn:
    def __call__(self):
        while True:
            sum(range(10_000))


@dataclass(frozen=True)
class BurnFor:
    cpu_s: float

    def __call__(self):
        end = time.process_time() + self.cpu_s
        while time.process_time() < end:
            sum(range(1000))


@dataclass(frozen=True)
class Allocate:
    size_bytes: int

    def __call__(self):
        held = []
        for _ in range(self.size_bytes // 2**24):
            held.append(b"x" * 2**24)
            time.sleep(0.01)
        time.sleep(30)


class Segfault:
    def __call__(self):
        ctypes.string_at(0)


@dataclass(frozen=True)
class Exit:
    code: int

    def __call__(self):
        os._exit(self.code)


@dataclass(frozen=True)
class IgnoreSigterm:
    note: Path

    def __call__(self):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        return Sleep(60, self.note)()


@dataclass(frozen=True)
class StartGrandchild:
    """Start a process that would outlive everybody, and answer at once or never."""

    note: Path
    answers: bool

    def __call__(self):
        code = "import time; time.sleep(60)"
        grandchild = subprocess.Popen([sys.executable, "-c", code])
        self.note.write_text(str(grandchild.pid))
        if not self.answers:
            time.sleep(60)
        return grandchild.pid


@dataclass(frozen=True)
class Print:
    n_bytes: int

    def __call__(self):
        block = "x" * 2**20
        for _ in range(self.n_bytes // 2**20):
            sys.stdout.write(block)
            os.write(2, block.encode())
        return "printed"


class AnswerUnpicklable:
    def __call__(self):
        return lambda: None


class Unreadable:
    """What can be pickled, but not read back."""

    def __reduce__(self):
        return (refuse, ())


def refuse():
    raise FitError("I am not to be read.")


class AnswerUnreadable:
    def __call__(self):
        return Unreadable()


class Environment:
    """What a fit sees of its process."""

    def __call__(self):
        return {
            "pid": os.getpid(),
            "leads_its_group": os.getpgrp() == os.getpid(),
            "stdout": str(Path("/proc/self/fd/1").readlink()),
        }


@dataclass(frozen=True)
class LeaveBehind:
    """Keep bytes for good and tell which process does."""

    size_bytes: int

    def __call__(self):
        _LEFT.append(bytearray(b"x") * self.size_bytes)
        return os.getpid()


_LEFT: list[bytearray] = []


@dataclass(frozen=True)
class PeakMemory:
    """Hold bytes for a moment and tell how much the peak grew."""

    size_bytes: int

    def __call__(self):
        before = peak_memory_bytes()
        bytearray(b"x") * self.size_bytes
        return peak_memory_bytes() - before

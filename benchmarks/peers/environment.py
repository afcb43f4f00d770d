"""Asking a peer: in an environment of its own, made on demand, and in a process of its own."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.peers.hand_over import Answer, Question

HERE = Path(__file__).parent
PROJECT = HERE.parents[1]
TIMEOUT_S = 1200.0


class PeerError(RuntimeError):
    """A peer gave no answer; the message says why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Peer:
    """One peer: the script ``<tool>_peer.py`` beside this file, and how it is to be run.

    Its environment is what ``<tool>.txt`` pins; without that file it is ours. A tool that can be
    run in several ways is several peers, ``<tool>-<way>``: the way has a script of its own or is
    an argument of the tool's.
    """

    name: str

    @property
    def tool(self) -> str:
        return self.name.partition("-")[0]

    @property
    def requirements(self) -> Path:
        return HERE / f"{self.tool}.txt"

    def command(self, folder: Path) -> list[str]:
        """Return the arguments of its interpreter for a question in ``folder``."""
        own = f"{self.name.replace('-', '_')}_peer"
        if (HERE / f"{own}.py").exists():
            return ["-m", f"benchmarks.peers.{own}", str(folder)]
        way = self.name.partition("-")[2]
        return ["-m", f"benchmarks.peers.{self.tool}_peer", str(folder), *([way] if way else [])]


PEERS = tuple(
    Peer(name=name) for name in ("loop", "pycaret", "lazypredict", "lazypredict-two_at_a_time")
)

TUNING_PEERS = tuple(
    Peer(name=name) for name in ("autogluon", "flaml", "mljar", "optunasearch", "pycaret-tuned")
)


def python_of(peer: Peer, environments: Path) -> Path:
    """Return the interpreter of a peer; its environment is made first unless it is there.

    Raises
    ------
    PeerError
        If it cannot be installed.
    """
    if not peer.requirements.exists():
        return Path(sys.executable)
    folder = environments / peer.tool
    python, stamp = folder / "bin" / "python", folder / "requirements.sha256"
    digest = hashlib.sha256(peer.requirements.read_bytes()).hexdigest()
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != digest:
        print(f"Installing {peer.tool} into {folder} ...", file=sys.stderr)
        _run([sys.executable, "-m", "venv", "--clear", str(folder)], PROJECT)
        # Everything is pinned, so there is nothing to resolve.
        install = ["-m", "pip", "install", "--quiet", "--no-deps", "-r", str(peer.requirements)]
        _run([str(python), *install], PROJECT)
        stamp.write_text(digest, encoding="utf-8")
    return python


def ask(peer: Peer, question: Question, folder: Path, environments: Path) -> tuple[Answer, float]:
    """Return a peer's answer, and the seconds of its whole process without the warm-up.

    Parameters
    ----------
    folder : Path
        Where question and answer are written; the peer may leave files of its own there.

    Raises
    ------
    PeerError
        If it cannot be installed, fails, or takes more than `TIMEOUT_S`.
    """
    folder.mkdir()
    question.write(folder)
    whole_s = run(peer, folder, environments)
    answer = Answer.read(folder)
    if missing := set(question.models) - set(answer.scores):
        raise PeerError(f"no score of {', '.join(sorted(missing))}")
    return answer, whole_s - answer.tiny_s


def run(peer: Peer, folder: Path, environments: Path) -> float:
    """Run a peer on what lies in ``folder``; return the seconds of its whole process.

    Raises
    ------
    PeerError
        As `ask`.
    """
    python = python_of(peer, environments)
    begin = time.perf_counter()
    _run([str(python), *peer.command(folder)], folder)
    return time.perf_counter() - begin


def _run(command: list[str], folder: Path) -> None:
    """Run a command to its end; its last words are the reason if it fails."""
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        # A group of its own: the workers of a peer that takes too long end with it.
        start_new_session=True,
    )
    try:
        _, said = process.communicate(timeout=TIMEOUT_S)
    except subprocess.TimeoutExpired as error:
        raise PeerError(f"not done after {TIMEOUT_S:.0f} s") from error
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    if process.returncode:
        lines = said.strip().splitlines() or [f"ended with code {process.returncode}"]
        raise PeerError(lines[-1][:300])

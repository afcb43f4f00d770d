"""Runs: queued by pages and command lines, claimed and moved on by a runner."""

from __future__ import annotations

import hashlib
from typing import Any

from sqlalchemy import insert, literal, select, true, update
from sqlalchemy.exc import IntegrityError

from modelling.codec import from_json, to_json
from modelling.errors import NotFoundError, StoreError
from modelling.store.catalogue import now
from modelling.store.database import Database
from modelling.store.tables import folds, runners, runs, trials, wishes
from modelling.types import Run, RunKind, RunSpec, RunState

MAX_ATTEMPTS = 5
_ENDED = (RunState.FINISHED, RunState.STOPPED, RunState.FAILED, RunState.INTERRUPTED)


class Runs:
    """The queue and the history of background work."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self,
        run_id: str,
        experiment_id: str,
        kind: RunKind,
        spec: RunSpec,
        *,
        estimated_s: float | None = None,
        after: Run | None = None,
    ) -> Run:
        """Queue a run; while the same work is active already, return that run instead.

        A run that goes on ``after`` another one starts with its folds, trials and costs.
        """
        body = to_json(spec)
        key = hashlib.sha256(f"{experiment_id}|{kind}|{body}".encode()).hexdigest()
        values = {
            "id": run_id,
            "experiment_id": experiment_id,
            "kind": kind,
            "state": RunState.QUEUED,
            "active_key": key,
            "created_at": now(),
            "estimated_s": estimated_s,
            "spec": body,
        }
        try:
            with self._database.write() as connection:
                connection.execute(insert(runs).values(**values))
                if after is not None:
                    _begin_after(connection, run_id, after)
        except IntegrityError as error:
            with self._database.read() as connection:
                row = connection.execute(select(runs).where(runs.c.active_key == key)).one_or_none()
            if row is None:
                raise StoreError("The run could not be queued; try again.") from error
            return _run(row)
        return self.get(run_id)

    def get(self, run_id: str) -> Run:
        """Return a run.

        Raises
        ------
        NotFoundError
            If there is none of that id.
        """
        with self._database.read() as connection:
            row = connection.execute(select(runs).where(runs.c.id == run_id)).one_or_none()
        if row is None:
            raise NotFoundError(f"There is no run {run_id[:12]!r} in this workspace.")
        return _run(row)

    def of(self, experiment_id: str | None = None, limit: int = 200) -> tuple[Run, ...]:
        """Return the newest runs, of one experiment or of all, newest first."""
        query = select(runs).order_by(runs.c.position.desc()).limit(limit)
        if experiment_id is not None:
            query = query.where(runs.c.experiment_id == experiment_id)
        with self._database.read() as connection:
            return tuple(_run(row) for row in connection.execute(query))

    def claim(
        self, runner_id: str, *, busy_experiments: frozenset[str] = frozenset()
    ) -> Run | None:
        """Take the oldest queued run for a runner, or None.

        Runs of one experiment follow each other: a study compares with what a benchmark found.
        """
        with self._database.write() as connection:
            query = select(runs.c.id).where(
                runs.c.state == RunState.QUEUED, runs.c.experiment_id.not_in(busy_experiments)
            )
            run_id = connection.scalar(query.order_by(runs.c.position).limit(1))
            if run_id is None:
                return None
            claimed = connection.execute(
                update(runs)
                .where(runs.c.id == run_id, runs.c.state == RunState.QUEUED)
                .values(state=RunState.RUNNING, runner_id=runner_id, attempts=runs.c.attempts + 1)
            )
        return self.get(run_id) if claimed.rowcount == 1 else None

    def awaiting(self) -> dict[str, RunState]:
        """Return the runs that wait for a runner, to begin them or to stop them.

        Cheap, so that a runner need not write to look; it looks several times a second.
        """
        states = (RunState.QUEUED, RunState.STOPPING)
        query = select(runs.c.id, runs.c.state).where(runs.c.state.in_(states))
        with self._database.read() as connection:
            return {run_id: RunState(state) for run_id, state in connection.execute(query)}

    def register(self, runner_id: str, *, host: str, pid: int, digest: str) -> None:
        """Note that a runner has started, and from which code."""
        values = {"id": runner_id, "host": host, "pid": pid, "digest": digest}
        with self._database.write() as connection:
            connection.execute(insert(runners).values(started_at=now(), **values))

    def fail(self, run_id: str, *, error: str, incident: str | None, trace: str) -> None:
        """End a run with the reason for the user and, for the log, the traceback."""
        with self._database.write() as connection:
            move_run(
                connection,
                run_id,
                state=RunState.FAILED,
                error=error,
                incident=incident,
                traceback=trace,
            )

    def request_stop(self, run_id: str) -> None:
        """Ask for a stop: a queued run stops at once, a running one when its runner sees it."""
        stop = update(runs).where(runs.c.id == run_id)
        with self._database.write() as connection:
            connection.execute(
                stop.where(runs.c.state == RunState.QUEUED).values(
                    state=RunState.STOPPED, active_key=None
                )
            )
            connection.execute(
                stop.where(runs.c.state == RunState.RUNNING).values(state=RunState.STOPPING)
            )

    def resume(self, run_id: str) -> Run:
        """Queue a run again that ended before its work was done; others are left as they are."""
        run = self.get(run_id)
        key = hashlib.sha256(f"{run.experiment_id}|{run.kind}|{to_json(run.spec)}".encode())
        query = update(runs).where(runs.c.id == run_id, runs.c.state == run.state)
        values = {"state": RunState.QUEUED, "attempts": 0, "error": None, "incident": None}
        if run.state.can_resume:
            try:
                with self._database.write() as connection:
                    connection.execute(
                        query.values(active_key=key.hexdigest(), message=None, **values)
                    )
            except IntegrityError as error:
                raise StoreError("The same work is running already; wait for its end.") from error
        return self.get(run_id)

    def recover(self, runner_id: str, *, host: str) -> None:
        """Take over what runners that are gone have left: stop it, queue it again, or give up.

        The caller holds the workspace's lock on ``host``, so no other runner lives there; on a
        shared database, runs of other hosts are none of its business.
        """
        here = select(runners.c.id).where(runners.c.host == host)
        left = (
            runs.c.state.in_([RunState.RUNNING, RunState.STOPPING]),
            runs.c.runner_id != runner_id,
            # An SQLite file has one host, whatever it is called today.
            true() if self._database.dialect == "sqlite" else runs.c.runner_id.in_(here),
        )
        with self._database.write() as connection:
            connection.execute(
                update(runs)
                .where(*left, runs.c.state == RunState.STOPPING)
                .values(state=RunState.STOPPED, active_key=None)
            )
            connection.execute(
                update(runs)
                .where(*left, runs.c.attempts >= MAX_ATTEMPTS)
                .values(
                    state=RunState.FAILED,
                    active_key=None,
                    error=f"The runner ended {MAX_ATTEMPTS} times in a row during this run, each "
                    "before a result; resume it to try again, or lower its memory limit.",
                )
            )
            connection.execute(
                update(runs)
                .where(*left)
                .values(state=RunState.QUEUED, message="Resumed after an interruption.")
            )


def move_run(connection: Any, run_id: str, **values: Any) -> None:
    """Write progress or a new state of a run inside a transaction."""
    if values.get("state") in _ENDED:
        values["active_key"] = None
    connection.execute(update(runs).where(runs.c.id == run_id).values(**values))


def _begin_after(connection: Any, run_id: str, earlier: Run) -> None:
    """Give a new run what an earlier one has found and spent."""
    spent = {name: getattr(earlier, name) for name in ("elapsed_s", "fit_cpu_s", "engine_cpu_s")}
    connection.execute(update(runs).where(runs.c.id == run_id).values(**spent))
    for table in (folds, trials, wishes):
        rest = [column for column in table.c if column.name not in ("run_id", "position")]
        found = select(literal(run_id), *rest).where(table.c.run_id == earlier.id)
        names = ["run_id", *(column.name for column in rest)]
        connection.execute(insert(table).from_select(names, found))


def _run(row: Any) -> Run:
    return Run(
        id=row.id,
        experiment_id=row.experiment_id,
        kind=RunKind(row.kind),
        state=RunState(row.state),
        spec=from_json(RunSpec, row.spec),  # type: ignore[arg-type]
        created_at=row.created_at,
        done=row.done,
        total=row.total,
        remaining_s=row.remaining_s,
        elapsed_s=row.elapsed_s,
        engine_cpu_s=row.engine_cpu_s,
        fit_cpu_s=row.fit_cpu_s,
        message=row.message,
        error=row.error,
        incident=row.incident,
        attempts=row.attempts,
        fingerprint=from_json(dict[str, str], row.fingerprint),
        estimated_s=row.estimated_s,
    )

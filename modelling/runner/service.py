"""The service loop: claim, start tasks, take in what ended, commit once a tick."""

from __future__ import annotations

import os
import platform
import threading
import time
import traceback
import uuid
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from modelling.codec import to_json
from modelling.errors import ModellingError
from modelling.executor.protocol import Executor, Task
from modelling.machine import fingerprint
from modelling.runner.coordinator import Coordinator
from modelling.runner.digest import source_digest
from modelling.store import Store
from modelling.types import Run, RunState

T = TypeVar("T")

TICK_S = 0.1
IDLE_S = 600.0
LOOK_S = 0.25
# Somebody waits for the first figure: an idle runner looks more often.
IDLE_LOOK_S = 0.1
DIGEST_S = 10.0
SAVE_S = 1.0
MAX_ACTIVE = 4
# Tasks that wait in the executor: storing a result takes 50 ms, in which no slot should stand idle.
AHEAD = 1


class Runner:
    """Serves the queued runs of one workspace until it is idle or told to end.

    Parameters
    ----------
    store : Store
        The workspace.
    executor : Executor
        Where tasks run; closed at the end.
    ending : threading.Event
        Set by whoever wants the runner to end now; what runs is left to be resumed.
    owner_gone : callable
        Whether the process that started the runner is gone, so that it ends once nothing is left.
    idle_s : float
        Seconds without work after which it ends.
    """

    def __init__(
        self,
        store: Store,
        executor: Executor,
        *,
        ending: threading.Event,
        owner_gone: Callable[[], bool] = lambda: False,
        idle_s: float = IDLE_S,
    ) -> None:
        self._store, self._executor, self._ending = store, executor, ending
        self._owner_gone, self._idle_s = owner_gone, idle_s
        self._id = uuid.uuid4().hex
        self._digest = source_digest()
        self._active: dict[str, Coordinator] = {}
        self._stopping: set[str] = set()
        self._exclusive: Task | None = None
        self._exclusive_runs = False
        self._under_way = 0
        self._retired = False
        self._last_work = self._last_digest = time.monotonic()
        self._last_look = self._last_save = 0.0

    def serve(self) -> None:
        """Work until idle for long, retired, or told to end."""
        store = self._store
        host = platform.node()
        store.runs.register(self._id, host=host, pid=os.getpid(), digest=self._digest)
        store.runs.recover(self._id, host=host)
        try:
            while not self._ending.is_set() and not self._is_done():
                self._tick()
            self._leave_to_be_resumed()
        finally:
            self._executor.close()

    def _is_done(self) -> bool:
        if self._active:
            self._last_work = time.monotonic()
            return False
        if self._retired or time.monotonic() - self._last_work > self._idle_s:
            return True
        return self._owner_gone() and RunState.QUEUED not in self._store.runs.awaiting().values()

    def _tick(self) -> None:
        self._look()
        self._fill_slots()
        outcomes = self._executor.wait(TICK_S if self._active else IDLE_LOOK_S)
        for outcome in outcomes:
            self._under_way -= 1
            if self._exclusive is not None and outcome.task_id == self._exclusive.id:
                self._exclusive, self._exclusive_runs = None, False
            coordinator = self._active.get(outcome.task_id.split("|", 1)[0])
            if coordinator is not None:
                self._guarded(coordinator, partial(coordinator.handle, outcome))
        # Progress alone is written once in a while: a write holds up every reader for a moment.
        if outcomes or time.monotonic() - self._last_save > SAVE_S:
            for coordinator in list(self._active.values()):
                self._guarded(coordinator, coordinator.note_progress)
            self._save()
        for coordinator in list(self._active.values()):
            self._guarded(coordinator, coordinator.advance)
            self._end_if_done(coordinator)

    def _look(self) -> None:
        """Look at the database for stops and new runs, a few times a second."""
        now = time.monotonic()
        if now - self._last_look < (LOOK_S if self._active else IDLE_LOOK_S):
            return
        self._last_look = now
        if now - self._last_digest > DIGEST_S:
            self._last_digest = now
            self._retired = self._retired or source_digest() != self._digest
        awaiting = self._store.runs.awaiting()
        self._take_stops({run for run, state in awaiting.items() if state is RunState.STOPPING})
        if RunState.QUEUED in awaiting.values():
            self._claim()

    def _take_stops(self, asked: set[str]) -> None:
        for run_id in asked & self._active.keys() - self._stopping:
            self._stopping.add(run_id)
            self._executor.cancel(self._active[run_id].under_way)
            self._drop_exclusive_of(run_id)

    def _claim(self) -> None:
        if self._retired or len(self._active) >= MAX_ACTIVE:
            return
        busy = frozenset(c.context.experiment.id for c in self._active.values())
        run = self._store.runs.claim(self._id, busy_experiments=busy)
        if run is None:
            return
        try:
            coordinator = Coordinator(self._store, run, self._executor.slots)
        # The outermost frame of a run: its error belongs to the run, not to the service.
        except Exception as error:  # noqa: BLE001
            self._fail(run, error)
            return
        self._active[run.id] = coordinator
        values = coordinator.context.batch.run_values
        values["fingerprint"] = to_json(fingerprint(self._executor.slots))

    def _fill_slots(self) -> None:
        """Start tasks, one run after the other, until all slots have work or nothing is ready."""
        idle_in_a_row = 0
        while self._under_way < self._executor.slots + AHEAD and self._exclusive is None:
            ready = [c for c in self._active.values() if c.run_id not in self._stopping]
            if idle_in_a_row >= len(ready):
                break
            # Round robin: the run that was asked goes to the end of the line.
            coordinator = ready[0]
            self._active[coordinator.run_id] = self._active.pop(coordinator.run_id)
            task = self._guarded(coordinator, coordinator.next_task)
            idle_in_a_row = 0 if task is not None else idle_in_a_row + 1
            if task is not None and task.exclusive:
                self._exclusive = task
            elif task is not None:
                self._submit(task)
        if self._exclusive is not None and self._under_way == 0:
            self._exclusive_runs = True
            self._submit(self._exclusive)

    def _submit(self, task: Task) -> None:
        self._under_way += 1
        self._executor.submit(task)

    def _drop_exclusive_of(self, run_id: str) -> None:
        """Forget a task that waits to run alone; one that runs already is cancelled like any."""
        waiting = self._exclusive
        if waiting is not None and not self._exclusive_runs and waiting.id.startswith(run_id):
            self._active[run_id].under_way.discard(waiting.id)
            self._exclusive = None

    def _save(self) -> None:
        self._last_save = time.monotonic()
        batches = [coordinator.context.take_batch() for coordinator in self._active.values()]
        self._store.results.save(batch for batch in batches if not batch.is_empty)

    def _end_if_done(self, coordinator: Coordinator) -> None:
        run_id = coordinator.run_id
        if coordinator.under_way or run_id not in self._active:
            return
        if run_id in self._stopping:
            self._end(
                coordinator, state=RunState.STOPPED, message="Stopped; what was found is kept."
            )
        elif coordinator.finished:
            self._end(coordinator, state=RunState.FINISHED, done=1.0, remaining_s=0.0, message=None)

    def _end(self, coordinator: Coordinator, **values: object) -> None:
        coordinator.note_progress()
        coordinator.context.batch.run_values |= values
        self._save()
        coordinator.context.clean_up()
        del self._active[coordinator.run_id]
        self._stopping.discard(coordinator.run_id)

    def _guarded(self, coordinator: Coordinator, step: Callable[[], T]) -> T | None:
        try:
            return step()
        # The outermost frame of a run: whatever went wrong ends this run and no other.
        except Exception as error:  # noqa: BLE001
            self._executor.cancel(coordinator.under_way)
            self._active.pop(coordinator.run_id, None)
            self._fail(coordinator.context.run, error)
            return None

    def _fail(self, run: Run, error: Exception) -> None:
        """Store why a run failed: our own sentences as they are, else an incident id."""
        incident = None if isinstance(error, ModellingError) else uuid.uuid4().hex[:12]
        text = str(error) if incident is None else "Something went wrong inside the product."
        self._store.runs.fail(
            run.id, error=text, incident=incident, trace="".join(traceback.format_exception(error))
        )

    def _leave_to_be_resumed(self) -> None:
        for coordinator in self._active.values():
            self._executor.cancel(coordinator.under_way)
            coordinator.note_progress()
            values = coordinator.context.batch.run_values
            values |= {"state": RunState.INTERRUPTED, "message": "Interrupted; resume goes on."}
        self._save()

"""In which order folds are fitted: from both ends, for early rows and slots that end together."""

from __future__ import annotations

import heapq
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

# Handing out a task and storing its result costs 10 ms: fits of that size are handed out together.
SHORT_CPU_S = 0.03
BATCH_CPU_S = 0.2
# What a short fit taken first may add to the whole, as a share of it.
TOLERANCE = 0.01
# In the last rounds an estimate that is off by little leaves a long fit alone at the end: what is
# of one size is taken longest first then.
LAST_ROUNDS, LAST_RATIO = 3, 4

Place = tuple[str, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Task:
    """What was handed out as one, when it should end, and whether it was taken as the longest."""

    places: tuple[Place, ...]
    ends_at: float
    from_long_end: bool


class TwoEndedOrder:
    """Hands out (model, fold) places: half of the slots shortest first, half longest first.

    The shortest give the first rows at once; the longest, begun early, do not stand alone at the
    end. A slot of the short end takes the longest as well as soon as the shortest would make the
    whole end later (longest processing time first; Graham 1969, "Bounds on multiprocessing timing
    anomalies").

    Parameters
    ----------
    fold_cpu_s : mapping of str to float
        CPU seconds of one fold of each model, as estimated; folds that end correct it.
    places : iterable of (str, int)
        What is to be done.
    slots : int
        How many run at once.
    clock : callable
        Seconds that never go back.
    """

    def __init__(
        self,
        fold_cpu_s: Mapping[str, float],
        places: Iterable[Place],
        *,
        slots: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._cost = dict(fold_cpu_s)
        self._rank = {key: rank for rank, key in enumerate(fold_cpu_s)}
        self._measured: dict[str, list[float]] = {}
        self._todo = list(places)
        self._tasks: dict[Place, _Task] = {}
        self._alone: set[Place] = set()
        self._slots, self._clock = slots, clock
        self._tolerance_s = TOLERANCE * self.left_s / slots

    @property
    def left_s(self) -> float:
        """CPU seconds of what was not handed out, as estimated."""
        return sum(self._cost[key] for key, _ in self._todo)

    def take(self) -> tuple[Place, ...]:
        """Return what one task should do next, in this order; empty when all is handed out."""
        if not self._todo:
            return ()
        long_end = self._long_end_is_due()
        if long_end or not self._shortest_costs_nothing():
            return self._hand_out([max(self._todo, key=self._size)], long_end=long_end)
        return self._hand_out(self._shortest(), long_end=False)

    def ended(self, place: Place, cpu_s: float) -> None:
        """Note that a place is done and what it took."""
        self._tasks.pop(place, None)
        self._todo = [other for other in self._todo if other != place]
        took = self._measured.setdefault(place[0], [])
        took.append(cpu_s)
        self._cost[place[0]] = sum(took) / len(took)

    def give_back(self, places: Iterable[Place]) -> None:
        """Take back places that shared a task; from now on each has one of its own."""
        for place in places:
            self._tasks.pop(place, None)
            self._todo.append(place)
            self._alone.add(place)

    def drop(self, key: str) -> None:
        """Forget the folds of a model that are not under way."""
        self._todo = [place for place in self._todo if place[0] != key]

    def _size(self, place: Place) -> tuple[float, int, int]:
        return self._cost[place[0]], self._rank[place[0]], -place[1]

    def _long_end_is_due(self) -> bool:
        """Whether the short end has its slots and the long end has not."""
        tasks = self._under_way()
        from_long = sum(task.from_long_end for task in tasks)
        return from_long < len(tasks) and from_long < self._slots // 2

    def _under_way(self) -> list[_Task]:
        return list({task.places: task for task in self._tasks.values()}.values())

    def _shortest(self) -> list[Place]:
        """Return the shortest place, with those after it that are worth no task of their own."""
        ordered = sorted(
            self._todo, key=lambda place: (self._cost[place[0]], self._rank[place[0]], place[1])
        )
        first, *others = ordered
        if first in self._alone:
            return [first]
        batch, total = [first], self._cost[first[0]]
        for place in others:
            cost = self._cost[place[0]]
            if cost > SHORT_CPU_S or total + cost > BATCH_CPU_S or place in self._alone:
                break
            total += cost
            batch.append(place)
        return batch

    def _shortest_costs_nothing(self) -> bool:
        if self._slots == 1:
            return True
        costs = sorted((self._cost[key] for key, _ in self._todo), reverse=True)
        if sum(costs) <= LAST_ROUNDS * self._slots * costs[0] and costs[-1] > costs[0] / LAST_RATIO:
            return False
        shortest_first = self._end_s([costs[-1], *costs[:-1]])
        return shortest_first <= self._end_s(costs) + self._tolerance_s

    def _end_s(self, costs: Iterable[float]) -> float:
        """Return in how many seconds all slots are done if they take ``costs`` in this order."""
        slots = self._free_in_s()
        heapq.heapify(slots)
        for cost in costs:
            heapq.heapreplace(slots, slots[0] + cost)
        return max(slots)

    def _free_in_s(self) -> list[float]:
        """Return in how many seconds each slot is free; a task may wait for one to be."""
        now = self._clock()
        busy = [max(0.0, task.ends_at - now) for task in self._under_way()]
        return heapq.nlargest(self._slots, busy + [0.0] * self._slots)

    def _hand_out(self, places: list[Place], *, long_end: bool) -> tuple[Place, ...]:
        takes_s = sum(self._cost[key] for key, _ in places)
        ends_at = self._clock() + min(self._free_in_s()) + takes_s
        task = _Task(places=tuple(places), ends_at=ends_at, from_long_end=long_end)
        for place in places:
            self._todo.remove(place)
            self._tasks[place] = task
        return task.places

"""The winners that a study had on its way: what was best after so much CPU time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from modelling.models import model
from modelling.types import FoldResult, Params, ParamValue, Trial, TrialState


@dataclass(frozen=True, kw_only=True, slots=True)
class Incumbent:
    """A trial that was better than all before; ``cpu_s`` is what the study had spent by then."""

    trial: Trial
    cpu_s: float


def incumbents(trials: Sequence[Trial], most: int) -> tuple[Incumbent, ...]:
    """Return at most ``most`` winners of one study in the order of number.

    The first (the base) and the last are among them; of the others those at even distances.

    Parameters
    ----------
    trials : sequence of Trial
        All trials of one model, by number.
    """
    spent = accumulate(trial.cpu_s for trial in trials)
    found: list[Incumbent] = []
    for trial, cpu_s in zip(trials, spent, strict=True):
        if trial.state is not TrialState.COMPLETE or trial.value is None:
            continue
        if not found or trial.value < (found[-1].trial.value or 0.0):
            found.append(Incumbent(trial=trial, cpu_s=cpu_s))
    if len(found) <= most:
        return tuple(found)
    step = (len(found) - 1) / (most - 1)
    return tuple(found[round(place * step)] for place in range(most))


def last_fit(
    key: str, params: Params, folds: Iterable[FoldResult]
) -> tuple[dict[str, ParamValue], int | None]:
    """Return with what a configuration is fitted on all rows: parameters, and rounds if it stops.

    The rounds are the mean of the best ones of its folds (METHODS, tuning strategy).
    """
    known = [fold.rounds for fold in folds if fold.rounds is not None]
    rounds = max(1, round(sum(known) / len(known))) if known else None
    whole = dict(params)
    stopping = model(key).early_stopping
    if rounds is not None and stopping is not None:
        whole[stopping.param] = rounds
    return whole, rounds

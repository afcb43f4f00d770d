"""What a study is given, and a trial under way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from modelling.models.spec import EarlyStopping, SearchParam
from modelling.tuning.race import RaceRule
from modelling.types import Budget, FoldResult, Params, Trial, TrialState


class Searched(Protocol):
    """What a study searches: a registered model (`ModelSpec`), or a prompt."""

    @property
    def key(self) -> str:
        """Names its trials."""
        ...

    @property
    def base(self) -> Params:
        """Trial 0, exactly."""
        ...

    @property
    def base_point(self) -> Params | None:
        """The base as a point of the space."""
        ...

    @property
    def space(self) -> tuple[SearchParam, ...]:
        """What is searched."""
        ...

    @property
    def known_good(self) -> tuple[Params, ...]:
        """Configurations to begin with, cheapest first."""
        ...

    @property
    def early_stopping(self) -> EarlyStopping | None:
        """How it finds a number of rounds, if it has one."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class StudySpec:
    """What a study is given; ``usd_per_cpu_s`` turns a budget of money into CPU seconds.

    ``opening`` is the budget that decides how the study begins: its first one, however often it is
    extended. ``given`` are configurations that come before the sampler's. ``by_hand`` are those
    that were asked for while it ran, and ``on_all_rows`` those on all rows that an earlier
    attempt has begun, by number of trial.
    ``estimated_trial_cpu_s`` decides which known-good configurations fit in: it comes from the
    size of the table, not from a clock, so that it is the same every time.
    """

    model: Searched
    folds: int
    budget: Budget
    sampler: str
    window: int
    seed: int
    fit_cpu_limit_s: float
    estimated_trial_cpu_s: float
    usd_per_cpu_s: float
    slots: int
    opening: Budget | None = None
    given: tuple[Params, ...] = ()
    by_hand: Mapping[int, Params] = field(default_factory=dict)
    on_all_rows: Mapping[int, Params] = field(default_factory=dict)

    @property
    def stops_early(self) -> bool:
        """Whether its trials find their number of rounds themselves."""
        return self.model.early_stopping is not None


@dataclass(kw_only=True)
class StudyTrial:
    """One configuration under way: what was proposed, and its folds so far.

    ``point`` is where it lies in the search space, for the sampler; None if it says nothing there.
    """

    number: int
    origin: str
    params: Params
    stop_early: bool
    point: Params | None
    rule: RaceRule | None
    folds: dict[int, FoldResult] = field(default_factory=dict)
    state: TrialState = TrialState.RUNNING
    value: float | None = None
    reason: str | None = None
    late: bool = False
    issued: int | None = None

    @property
    def losses(self) -> tuple[float, ...]:
        """Losses of the folds so far, in order."""
        ordered = (self.folds[fold].loss for fold in sorted(self.folds))
        return tuple(loss for loss in ordered if loss is not None)

    @property
    def cpu_s(self) -> float:
        """CPU seconds of all its folds."""
        return sum(fold.cpu_s for fold in self.folds.values())

    @property
    def usd(self) -> float:
        """What others were paid for its folds."""
        return sum(fold.usd for fold in self.folds.values())

    def row(self, model: str, study_wall_s: float) -> Trial:
        """Return the trial as it is stored, ``study_wall_s`` after the study began."""
        return Trial(
            model=model,
            number=self.number,
            origin=self.origin,
            params=dict(self.params),
            state=self.state,
            value=self.value,
            folds_done=len(self.folds),
            completed_late=self.late,
            cpu_s=self.cpu_s,
            usd=self.usd,
            reason=self.reason,
            study_wall_s=study_wall_s,
        )

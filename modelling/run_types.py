"""The nouns of runs: what is to be done, what each fit gave; import them from `modelling.types`."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from modelling.ask_types import CAP_USD, N_TEST, N_TRAIN, Prompt, TokenPrice
from modelling.enums import ResultStatus, Rung, RunKind, RunState, TrialState

ParamValue = bool | int | float | str | None
Params = Mapping[str, ParamValue]


@dataclass(frozen=True, kw_only=True, slots=True)
class Budget:
    """When a study ends: whichever of the limits that are set comes first."""

    trials: int | None = None
    cpu_s: float | None = None
    wall_s: float | None = None
    usd: float | None = None

    def __post_init__(self) -> None:
        limits = [getattr(self, name) for name in self.__slots__]
        if all(limit is None for limit in limits):
            raise ValueError("a budget needs a limit: trials, CPU seconds, wall time or money")
        if any(limit is not None and not (math.isfinite(limit) and limit > 0) for limit in limits):
            raise ValueError(f"limits of a budget must be finite and above zero, got {limits}")

    def extended_by(self, further: Budget) -> Budget:
        """Return this budget with ``further`` added to the limits that both have."""
        both = {
            name: getattr(self, name) + getattr(further, name)
            for name in self.__slots__
            if None not in (getattr(self, name), getattr(further, name))
        }
        if not both:
            raise ValueError("a budget is extended in a unit that it has, got none in common")
        return replace(self, **both)

    def shared_by(self, n_models: int) -> Budget:
        """Return the equal share that each of ``n_models`` gets of this budget."""
        return Budget(
            trials=None if self.trials is None else max(1, self.trials // n_models),
            cpu_s=None if self.cpu_s is None else self.cpu_s / n_models,
            wall_s=None if self.wall_s is None else self.wall_s / n_models,
            usd=None if self.usd is None else self.usd / n_models,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class FitLimits:
    """When a fit is ended, as CPU seconds and as bytes of resident memory."""

    cpu_s: float = 600.0
    memory_bytes: int = 4 * 1024**3

    def __post_init__(self) -> None:
        for name in self.__slots__:
            value = getattr(self, name)
            if not (math.isfinite(value) and value > 0):
                raise ValueError(f"{name} must be a finite number above zero, got {value}")


@dataclass(frozen=True, kw_only=True, slots=True)
class BenchmarkSpec:
    """Evaluate the base configuration of each model."""

    models: tuple[str, ...]
    limits: FitLimits = FitLimits()


@dataclass(frozen=True, kw_only=True, slots=True)
class SearchParam:
    """One dimension of a search space: a range of numbers, or a tuple of choices."""

    name: str
    kind: Literal["float", "int", "choice"]
    low: float = 0.0
    high: float = 0.0
    log: bool = False
    choices: tuple[ParamValue, ...] = ()

    def __post_init__(self) -> None:
        if self.kind == "choice" and not self.choices:
            raise ValueError(f"{self.name}: a choice needs choices")
        if self.kind != "choice" and not self.low < self.high:
            raise ValueError(f"{self.name}: low must be below high, got {self.low}, {self.high}")


@dataclass(frozen=True, kw_only=True, slots=True)
class AskSpec:
    """Ask a language model, "llm:<provider>/<model>", about a sample of the rows.

    ``n_train`` training rows give a selection score, ``n_test`` rows of the locked test a score
    that Compare shows; ``n_injected`` of the training rows are asked about again with an order in
    their text. No more than ``cap_usd`` is spent. ``price`` replaces the price list; the
    ``ticket`` is what a key that was typed is taken with, once.
    """

    llm: str
    prompt: Prompt
    n_train: int = N_TRAIN
    n_test: int = N_TEST
    n_injected: int = 0
    cap_usd: float = CAP_USD
    price: TokenPrice | None = None
    ticket: str = ""
    limits: FitLimits = FitLimits()

    def __post_init__(self) -> None:
        if self.n_train < 1 or self.n_test < 1:
            raise ValueError(
                f"at least one row must be asked about, got {self.n_train} and {self.n_test}"
            )
        if not 0 <= self.n_injected <= self.n_train:
            raise ValueError(
                f"n_injected must lie between 0 and {self.n_train}, got {self.n_injected}"
            )
        if not (math.isfinite(self.cap_usd) and self.cap_usd >= 0):
            raise ValueError(f"cap_usd must be a number of zero or more, got {self.cap_usd}")

    @property
    def models(self) -> tuple[str, ...]:
        """The one model, as runs of other kinds name theirs."""
        return (self.llm,)


@dataclass(frozen=True, kw_only=True, slots=True)
class TuningSpec:
    """Search better configurations of each model within a shared budget.

    ``window`` is the number of trials that may be under way while the next one is proposed.
    ``spaces`` are edited search spaces by model; a model that is missing has its own. ``given``
    are configurations by model that come before the sampler's. A run that extends another one,
    ``extends``, keeps that one's first budget as ``opening``: it decided how the study begins.
    ``ask`` is set where the prompt of a language model is searched: whom to ask, and how to begin.
    """

    models: tuple[str, ...]
    budget: Budget
    sampler: str = "tpe"
    window: int = 4
    seed: int = 0
    limits: FitLimits = FitLimits()
    spaces: Mapping[str, tuple[SearchParam, ...]] = field(default_factory=dict)
    given: Mapping[str, tuple[Params, ...]] = field(default_factory=dict)
    opening: Budget | None = None
    extends: str | None = None
    ask: AskSpec | None = None

    def __post_init__(self) -> None:
        if not self.models:
            raise ValueError("models must name at least one model to tune, got none")
        if self.ask is not None and self.models != (self.ask.llm,):
            raise ValueError(f"a study of a prompt has one model, got {self.models}")
        if self.window < 1:
            raise ValueError(f"window must be at least 1, got {self.window}")


@dataclass(frozen=True, kw_only=True, slots=True)
class RungSpec:
    """Measure one rung of the ladder, starting from the base of one model."""

    rung: Rung
    model: str
    limits: FitLimits = FitLimits()

    @property
    def models(self) -> tuple[str, ...]:
        """The one model, as runs of other kinds name theirs."""
        return (self.model,)


@dataclass(frozen=True, kw_only=True, slots=True)
class ExternalCosts:
    """What a model from elsewhere costs: once, and for every 1,000 predictions, in US dollars."""

    fixed_usd: float = 0.0
    usd_per_1k: float = 0.0

    def __post_init__(self) -> None:
        for name in self.__slots__:
            value = getattr(self, name)
            if not (math.isfinite(value) and value >= 0):
                raise ValueError(f"{name} must be a number of zero or more, got {value}")


@dataclass(frozen=True, kw_only=True, slots=True)
class ExternalSpec:
    """Score answers that came from elsewhere on the locked test.

    ``key`` names the model within the experiment; ``answers`` is the blob of its predictions for
    the locked rows; ``latency_ms`` is the median for one row; ``note`` is what is to be known.
    """

    key: str
    title: str
    answers: str
    costs: ExternalCosts = ExternalCosts()
    latency_ms: float | None = None
    note: str | None = None
    limits: FitLimits = FitLimits()

    @property
    def models(self) -> tuple[str, ...]:
        """The one model, as runs of other kinds name theirs."""
        return (self.key,)


@dataclass(frozen=True, kw_only=True, slots=True)
class HindsightSpec:
    """Score the winners that a study had on its way on the locked test, in one batch."""

    study: str
    model: str
    limits: FitLimits = FitLimits()

    @property
    def models(self) -> tuple[str, ...]:
        """The one model, as runs of other kinds name theirs."""
        return (self.model,)


@dataclass(frozen=True, kw_only=True, slots=True)
class FreshSpec:
    """Score the stored models of another experiment, ``source``, on this one's test rows."""

    source: str
    limits: FitLimits = FitLimits()

    @property
    def models(self) -> tuple[str, ...]:
        """None by name: whatever the other experiment holds."""
        return ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ExplanationSpec:
    """Say what stored models go by; ``rows`` names their results as `row_name` does."""

    rows: tuple[str, ...]
    limits: FitLimits = FitLimits()

    @property
    def models(self) -> tuple[str, ...]:
        """The names of the results, as runs of other kinds name their models."""
        return self.rows


RunSpec = (
    BenchmarkSpec
    | TuningSpec
    | RungSpec
    | ExternalSpec
    | HindsightSpec
    | FreshSpec
    | ExplanationSpec
    | AskSpec
)


@dataclass(frozen=True, kw_only=True, slots=True)
class FoldResult:
    """One fit on the training part of one fold, scored on its validation part.

    A benchmark has one trial per model, number 0. ``scores`` are published metrics by name;
    ``prediction_blob`` holds probabilities (n_valid, n_classes) or values (n_valid,).
    ``fit_cpu_s`` is the fit alone, ``predict_cpu_s`` answering the validation rows; ``cpu_s`` also
    counts loading and scoring. ``usd`` is what was paid to others, for tokens.
    ``notes`` are what libraries warned of during the fit.
    """

    model: str
    trial: int
    fold: int
    status: ResultStatus
    fit_cpu_s: float
    fit_time_s: float
    cpu_s: float
    usd: float = 0.0
    loss: float | None = None
    scores: Mapping[str, float | None] = field(default_factory=dict)
    rounds: int | None = None
    predict_cpu_s: float | None = None
    peak_memory_bytes: int = 0
    prediction_blob: str | None = None
    error: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class FoldOutline:
    """What the report on a study needs of a `FoldResult`: reading all of it took twice as long."""

    trial: int
    fold: int
    loss: float | None = None
    predict_cpu_s: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Trial:
    """One configuration of a study; ``value`` is the loss that the sampler was told.

    ``study_wall_s`` is how long its study had run, all attempts together, when it last changed.
    """

    model: str
    number: int
    origin: str
    params: Params
    state: TrialState
    value: float | None = None
    folds_done: int = 0
    completed_late: bool = False
    cpu_s: float = 0.0
    usd: float = 0.0
    reason: str | None = None
    study_wall_s: float = field(default=0.0, compare=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class TrialCounts:
    """How the trials of a study ended."""

    complete: int = 0
    pruned: int = 0
    failed: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class TrialCpu:
    """The CPU seconds of a study by how its trials ended; together they are all of its search."""

    complete: float = 0.0
    pruned: float = 0.0
    failed: float = 0.0

    @property
    def total(self) -> float:
        """All of it."""
        return self.complete + self.pruned + self.failed


@dataclass(frozen=True, kw_only=True, slots=True)
class FoldCost:
    """What one fold of a base model took on some machine: CPU seconds of fit, answers and scores.

    ``n_rows`` are the training rows of the experiment, ``n_features`` its features.
    """

    model: str
    n_rows: int
    n_features: int
    cpu_s: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """One piece of background work and where it stands.

    ``estimated_s`` is how long it was expected to take before it started, in wall seconds;
    ``attempts`` counts its starts since the last one that brought a result, that one included.
    """

    id: str
    experiment_id: str
    kind: RunKind
    state: RunState
    spec: RunSpec
    created_at: str
    done: float = 0.0
    total: float = 0.0
    remaining_s: float | None = None
    elapsed_s: float = 0.0
    engine_cpu_s: float = 0.0
    fit_cpu_s: float = 0.0
    message: str | None = None
    error: str | None = None
    incident: str | None = None
    attempts: int = 0
    fingerprint: Mapping[str, str] = field(default_factory=dict)
    estimated_s: float | None = None

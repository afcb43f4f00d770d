"""The nouns of the product: enums and frozen values that cross processes and enter the store."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from modelling.ask_types import (
    CAP_USD as CAP_USD,
    N_TEST as N_TEST,
    N_TRAIN as N_TRAIN,
    AskedModel as AskedModel,
    Decision as Decision,
    Followed as Followed,
    Order as Order,
    Prompt as Prompt,
    Template as Template,
    TokenPrice as TokenPrice,
    Words as Words,
)
from modelling.data_types import (
    Associations as Associations,
    ColumnInfo as ColumnInfo,
    ColumnProfile as ColumnProfile,
    DatasetRef as DatasetRef,
    Finding as Finding,
    Fix as Fix,
    Histogram as Histogram,
    PartPreview as PartPreview,
    Profile as Profile,
    ReadInfo as ReadInfo,
    ReadOptions as ReadOptions,
    SplitPreview as SplitPreview,
    ValueCount as ValueCount,
)
from modelling.enums import (
    Change as Change,
    ClassWeight as ClassWeight,
    ColumnType as ColumnType,
    CostBasis as CostBasis,
    Direction as Direction,
    FixKind as FixKind,
    ResultStatus as ResultStatus,
    Role as Role,
    Rung as Rung,
    RunKind as RunKind,
    RunState as RunState,
    Severity as Severity,
    SplitStrategy as SplitStrategy,
    TargetScale as TargetScale,
    TaskKind as TaskKind,
    TrialState as TrialState,
    Variant as Variant,
    VerdictWord as VerdictWord,
)
from modelling.money_types import (
    ASSUMPTIONS as ASSUMPTIONS,
    Economics as Economics,
    OtherCost as OtherCost,
    Payoff as Payoff,
    Scenario as Scenario,
)
from modelling.run_types import (
    AskSpec as AskSpec,
    BenchmarkSpec as BenchmarkSpec,
    Budget as Budget,
    ExplanationSpec as ExplanationSpec,
    ExternalCosts as ExternalCosts,
    ExternalSpec as ExternalSpec,
    FitLimits as FitLimits,
    FoldCost as FoldCost,
    FoldOutline as FoldOutline,
    FoldResult as FoldResult,
    FreshSpec as FreshSpec,
    HindsightSpec as HindsightSpec,
    Params as Params,
    ParamValue as ParamValue,
    Run as Run,
    RungSpec as RungSpec,
    RunSpec as RunSpec,
    SearchParam as SearchParam,
    Trial as Trial,
    TrialCounts as TrialCounts,
    TrialCpu as TrialCpu,
    TuningSpec as TuningSpec,
)

# The class that stands for all rare classes which were merged.
OTHER_CLASS = "(other)"


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskSpec:
    """What is predicted from what, how it is judged, and how rows are divided.

    ``classes`` are the labels in the order of the probability columns; for a binary task the
    second one is the positive class. ``margin`` is the smallest gain that matters, in units of
    the metric; None stands for the default of the metric. ``text`` are the features that hold free
    text (None: as detected); classes in ``merged`` count as `OTHER_CLASS`; ``scale`` is what
    a regression is fitted on, its scores stay in the units of the target; ``test_column`` marks the
    locked test by holding ``test_value``; ``class_weight`` is what the rows of a class count in
    every fit, never in a score. ``label_texts`` describe the classes, in their order, to models
    that go by words (empty: by the names of the classes).
    """

    target: str
    kind: TaskKind
    metric: str
    features: tuple[str, ...]
    classes: tuple[str, ...] = ()
    group: str | None = None
    time: str | None = None
    stake: str | None = None
    dropped: tuple[str, ...] = ()
    split: SplitStrategy = SplitStrategy.STRATIFIED
    test_share: float = 0.25
    folds: int = 5
    seed: int = 0
    margin: float | None = None
    text: tuple[str, ...] | None = None
    merged: tuple[str, ...] = ()
    scale: TargetScale = TargetScale.IDENTITY
    test_column: str | None = None
    test_value: str | None = None
    class_weight: ClassWeight = ClassWeight.NONE
    label_texts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 0.0 < self.test_share < 0.9:
            raise ValueError(f"test_share must lie between 0 and 0.9, got {self.test_share}")
        if not 2 <= self.folds <= 20:
            raise ValueError(f"folds must lie between 2 and 20, got {self.folds}")
        if self.kind.is_classification and len(self.classes) < 2:
            raise ValueError(f"classes must hold at least two labels, got {self.classes}")
        if not self.features:
            raise ValueError("features must name at least one column, got none")
        if self.label_texts and len(self.label_texts) != len(self.classes):
            raise ValueError(
                f"label_texts must describe each of {len(self.classes)} classes, got "
                f"{len(self.label_texts)}"
            )
        if self.margin is not None and not (math.isfinite(self.margin) and self.margin >= 0):
            raise ValueError(f"margin must be a number of zero or more, got {self.margin}")
        if self.class_weight is not ClassWeight.NONE and not self.kind.is_classification:
            raise ValueError(f"class_weight must be none for {self.kind}, got {self.class_weight}")

    @property
    def positive(self) -> str | None:
        """The positive class of a binary task, else None."""
        return self.classes[1] if self.kind is TaskKind.BINARY else None


@dataclass(frozen=True, kw_only=True, slots=True)
class OuterPart:
    """Which part of which nested cross-validation an experiment is.

    Its locked rows are the part; ``base`` and ``candidate`` are the models that are compared.
    ``series`` tells one nested cross-validation of an experiment, ``parent``, from the next.
    """

    parent: str
    series: str
    number: int
    n_parts: int
    base: str
    candidate: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Experiment:
    """One data set, one task, one locked test, one set of economic assumptions."""

    id: str
    name: str
    dataset_id: str
    task: TaskSpec
    economics: Economics
    n_train: int
    n_test: int
    split_blob: str
    created_at: str
    test_dataset_id: str | None = None
    test_batches: int = 0
    findings: tuple[Finding, ...] = ()
    outer: OuterPart | None = None

    @property
    def peeks(self) -> int:
        """How many looks at the locked test came after the first batch."""
        return max(0, self.test_batches - 1)


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelResult:
    """One model's scores and costs: a row of the leaderboard and of the comparison.

    Scores are as the metric is published. ``fit_cpu_s`` is the one fit on the training rows;
    ``search_cpu_s`` is every trial of the study, pruned and failed ones included, and ``trial_cpu``
    the same by how they ended; ``cv_cpu_s`` is what the folds of a base model took (the cost of
    benchmarking). ``members`` are the names of the rows that an ensemble averages, in the order of
    ``params``, which holds their weights; its costs are the sums of theirs. ``external`` is what
    an imported model costs, of which nothing was fitted here.
    """

    run_id: str
    key: str
    title: str
    family: str
    variant: Variant
    status: ResultStatus = ResultStatus.OK
    error: str | None = None
    params: Params = field(default_factory=dict)
    cv_score: float | None = None
    cv_std: float | None = None
    fold_scores: tuple[float, ...] = ()
    beaten_by_dummy: bool = False
    test_score: float | None = None
    test_interval: tuple[float, float] | None = None
    metrics: Mapping[str, float | None] = field(default_factory=dict)
    fit_cpu_s: float | None = None
    fit_time_s: float | None = None
    cv_cpu_s: float = 0.0
    search_cpu_s: float = 0.0
    search_time_s: float = 0.0
    trials: TrialCounts = field(default_factory=TrialCounts)
    trial_cpu: TrialCpu = field(default_factory=TrialCpu)
    predict_cpu_ms_per_1k: float | None = None
    predict_ms_per_1k_p50: float | None = None
    predict_ms_per_1k_p95: float | None = None
    predict_ms_single_p50: float | None = None
    predict_ms_single_p95: float | None = None
    peak_memory_bytes: int | None = None
    size_bytes: int | None = None
    machine_busy: bool = False
    model_blob: str | None = None
    test_prediction_blob: str | None = None
    draws_blob: str | None = None
    oof_blob: str | None = None
    members: tuple[str, ...] = ()
    external: ExternalCosts | None = None

    @property
    def training_cpu_s(self) -> float | None:
        """CPU seconds from data to model: the search, if any, and the last fit."""
        return None if self.fit_cpu_s is None else self.search_cpu_s + self.fit_cpu_s


@dataclass(frozen=True, kw_only=True, slots=True)
class SelectionGain:
    """What the search seems to have gained on the rows that chose the winner, and corrected.

    All three are oriented so that positive is better. ``n_left_out`` counts trials that were
    stopped early or failed, and so have no predictions for all folds.
    """

    selection_gain: float
    corrected_gain: float
    corrected_interval: tuple[float, float]
    n_configurations: int
    n_left_out: int


@dataclass(frozen=True, kw_only=True, slots=True)
class CurvePoint:
    """A point of a learning curve: a published score with its 95 % interval.

    ``n_rows`` are the rows that one fold learned from. ``is_forecast`` marks what no fit has shown.
    """

    n_rows: int
    score: float
    interval: tuple[float, float]
    is_forecast: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class RungResult:
    """What one rung of the ladder gains over the base of a model, and what it costs.

    The gain, oriented so that positive is better, is that of cross-fitted out-of-fold predictions:
    the locked test has no part in it. ``cpu_s`` are the CPU seconds beyond those of the base.
    ``detail`` says in a few words what was done.
    """

    rung: Rung
    model: str
    gain: float
    interval: tuple[float, float]
    cpu_s: float
    detail: str
    curve: tuple[CurvePoint, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class HindsightPoint:
    """A winner of a study on its way: what the search saw, and what the locked test says.

    ``cpu_s`` is what the study had spent by then. Scores are as the metric is published.
    """

    trial: int
    cpu_s: float
    cv_score: float
    test_score: float
    test_interval: tuple[float, float]


@dataclass(frozen=True, kw_only=True, slots=True)
class Hindsight:
    """The winners of one study, in order; ``cpu_s`` is what fitting them again took."""

    study: str
    model: str
    points: tuple[HindsightPoint, ...]
    cpu_s: float


@dataclass(frozen=True, kw_only=True, slots=True)
class ColumnWeight:
    """How much a model goes by a column.

    ``lost`` is what its score loses when the column is shuffled, with the standard error
    ``spread``; ``shares`` are the mean absolute contributions (SHAP) by output.
    """

    column: str
    lost: float
    spread: float
    shares: tuple[float, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ColumnEffect:
    """How answers go with the values of a column.

    ``means[k][i]`` is the mean answer of output k when all rows have ``values[i]``;
    ``amounts[k][j]`` is what ``own[j]``, the value of the j-th explained row, adds to its answer.
    Values are numbers, or text for dates and categories; None is a missing one.
    """

    column: str
    values: tuple[ParamValue, ...]
    means: tuple[tuple[float, ...], ...]
    own: tuple[ParamValue, ...]
    amounts: tuple[tuple[float, ...], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Explanation:
    """What one model goes by; ``row`` is the `row_name` of its result.

    ``outputs`` names what is answered: the class looked for, the first ten classes, or the
    target. ``weights`` has every column, heaviest first, ``effects`` the first twelve.
    """

    row: str
    outputs: tuple[str, ...]
    weights: tuple[ColumnWeight, ...]
    effects: tuple[ColumnEffect, ...]
    n_shuffled: int
    n_explained: int
    cpu_s: float

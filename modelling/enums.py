"""The closed sets of words that the product uses; import them from `modelling.types`."""

from __future__ import annotations

from enum import StrEnum


class TaskKind(StrEnum):
    """What is predicted."""

    BINARY = "binary"
    MULTICLASS = "multiclass"
    REGRESSION = "regression"

    @property
    def is_classification(self) -> bool:
        """Whether the target is a class."""
        return self is not TaskKind.REGRESSION


class Direction(StrEnum):
    """Whether a larger or a smaller published score is better."""

    MAXIMIZE = "maximize"
    MINIMIZE = "minimize"


class SplitStrategy(StrEnum):
    """How the locked test and the folds are drawn."""

    STRATIFIED = "stratified"
    RANDOM = "random"
    GROUP = "group"
    TIME = "time"
    TIME_AND_GROUP = "time and group"


class ColumnType(StrEnum):
    """What the values of a column are."""

    NUMBER = "number"
    BOOLEAN = "boolean"
    CATEGORY = "category"
    TEXT = "text"
    DATE = "date"


class Role(StrEnum):
    """What a column is used for."""

    TARGET = "target"
    FEATURE = "feature"
    GROUP = "group"
    TIME = "time"
    STAKE = "stake"
    TEXT = "text"
    ID = "id"
    IGNORE = "ignore"


class TargetScale(StrEnum):
    """What a regression is fitted on; scores stay in the units of the target."""

    IDENTITY = "as it is"
    LOG = "logarithm"
    RANK = "rank"


class ClassWeight(StrEnum):
    """What the rows of a class count in a fit."""

    NONE = "none"
    BALANCED = "balanced"


class FixKind(StrEnum):
    """What a click on the cure of a finding changes."""

    ROLE = "role"
    SPLIT = "split"
    MERGE_RARE = "merge rare classes"
    SCALE = "scale of the target"
    MISSING_VALUES = "missing values"
    DEDUPLICATE = "deduplicate"


class Severity(StrEnum):
    """How much a finding matters."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """The place in order, 0 for the worst."""
        return list(Severity).index(self)


class Variant(StrEnum):
    """Which version of a model a result belongs to."""

    BASE = "base"
    TUNED = "tuned"
    ENSEMBLE = "ensemble"
    IMPORTED = "imported"


class ResultStatus(StrEnum):
    """Whether a model gave a result."""

    OK = "ok"
    FAILED = "failed"


class RunKind(StrEnum):
    """Which background work a run does."""

    BENCHMARK = "benchmark"
    TUNING = "tuning"
    RUNG = "rung"
    EXTERNAL = "external"
    HINDSIGHT = "hindsight"
    FRESH = "fresh test"
    EXPLANATION = "explanation"
    ASK = "language model"


class CostBasis(StrEnum):
    """What a cost is paid for."""

    ONCE = "once"
    PER_MONTH = "per month"
    PER_1K = "per 1,000 predictions"


class Rung(StrEnum):
    """What the minutes of a study could have bought instead."""

    KNOWN_GOOD = "known-good configuration"
    THRESHOLD = "threshold"
    CALIBRATION = "calibration"
    ENSEMBLE = "ensemble"
    MORE_ROWS = "more rows"


class RunState(StrEnum):
    """Where a run is in its life."""

    QUEUED = "queued"
    RUNNING = "running"
    STOPPING = "stopping"
    STOPPED = "stopped"
    FINISHED = "finished"
    FAILED = "failed"
    INTERRUPTED = "interrupted"

    @property
    def is_active(self) -> bool:
        """Whether a runner works on it, or will."""
        return self in (RunState.QUEUED, RunState.RUNNING, RunState.STOPPING)

    @property
    def can_resume(self) -> bool:
        """Whether it ended before its work was done."""
        return self in (RunState.STOPPED, RunState.FAILED, RunState.INTERRUPTED)


class TrialState(StrEnum):
    """How a configuration of a study ended."""

    RUNNING = "running"
    COMPLETE = "complete"
    PRUNED = "pruned"
    FAILED = "failed"


class VerdictWord(StrEnum):
    """The answer to the question whether tuning is worth it."""

    TUNE = "tune"
    KEEP_BASE = "keep base"
    NOT_ENOUGH_EVIDENCE = "not enough evidence"


class Change(StrEnum):
    """What becomes of a row when a candidate answers instead of a base."""

    FIXED = "fixed"
    BROKEN = "broken"
    BOTH_WRONG = "both wrong"
    BOTH_RIGHT = "both right"

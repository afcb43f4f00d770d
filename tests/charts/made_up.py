"""A small comparison with numbers that can be checked by hand."""

from modelling.comparison.compare import Comparison, Pair
from modelling.comparison.gain import Gain
from modelling.comparison.verdict import PairVerdict
from modelling.metrics import metric
from modelling.types import (
    ModelResult,
    ResultStatus,
    SelectionGain,
    TaskKind,
    TaskSpec,
    TrialCounts,
    TrialCpu,
    Variant,
    VerdictWord,
)


def make_row(key: str, variant: Variant = Variant.BASE, **changes) -> ModelResult:
    values = {
        "run_id": f"run-{variant}",
        "key": key,
        "title": key.title(),
        "family": {"dummy": "baseline", "logistic": "linear", "tree": "tree"}.get(key, "boosting"),
        "variant": variant,
        "params": {"depth": 3},
        "cv_score": 0.8,
        "cv_std": 0.01,
        "fold_scores": (0.79, 0.80, 0.81),
        "test_score": 0.8,
        "test_interval": (0.78, 0.82),
        "metrics": {"roc_auc": 0.8, "accuracy": 0.7},
        "fit_cpu_s": 1.0,
        "predict_cpu_ms_per_1k": 2.0,
        "predict_ms_single_p50": 0.5,
        "peak_memory_bytes": 4_000_000,
        "size_bytes": 20_000,
    }
    return ModelResult(**{**values, **changes})


DUMMY = make_row("dummy", test_score=0.5, cv_score=0.5, test_interval=(0.5, 0.5), fit_cpu_s=0.01)
LOGISTIC = make_row("logistic", fit_cpu_s=0.1)
BOOSTER = make_row("lightgbm", fit_cpu_s=1.0, test_score=0.79, test_interval=(0.77, 0.81))
TUNED = make_row(
    "lightgbm",
    Variant.TUNED,
    fit_cpu_s=2.0,
    search_cpu_s=98.0,
    test_score=0.83,
    test_interval=(0.81, 0.85),
    trials=TrialCounts(complete=10, pruned=5, failed=1),
    trial_cpu=TrialCpu(complete=80.0, pruned=17.0, failed=1.0),
)
ENSEMBLE = make_row(
    "ensemble",
    Variant.ENSEMBLE,
    family="ensemble",
    params={"Lightgbm (tuned)": 0.75, "Logistic (base)": 0.25},
    fit_cpu_s=2.2,
    search_cpu_s=98.0,
    predict_cpu_ms_per_1k=4.0,
    test_score=0.84,
    test_interval=(0.82, 0.86),
)
FAILED = make_row(
    "knn",
    status=ResultStatus.FAILED,
    error="out of <b>memory</b>",
    cv_score=None,
    test_score=None,
    test_interval=None,
    fit_cpu_s=None,
)


def make_gain(gain: float = 0.04, interval: tuple[float, float] = (0.01, 0.07)) -> Gain:
    return Gain(
        gain=gain,
        interval=interval,
        p_worse=0.0,
        p_equal=0.02,
        p_better=0.98,
        sd=0.015,
        margin=0.005,
        smallest_detectable=0.03,
        n_test=500,
        rows_to_decide=100,
    )


def make_pair(base: ModelResult, candidate: ModelResult, role: str, **changes) -> Pair:
    values = {
        "key": candidate.key,
        "role": role,
        "base": base,
        "candidate": candidate,
        "gain": make_gain(),
        "selection": SelectionGain(
            selection_gain=0.06,
            corrected_gain=0.03,
            corrected_interval=(0.0, 0.05),
            n_configurations=11,
            n_left_out=5,
        ),
        "verdict": PairVerdict(verdict=VerdictWord.TUNE, reasons=("Because.",)),
    }
    return Pair(**{**values, **changes})


def make_comparison(*rows: ModelResult, pairs: tuple[Pair, ...] = ()) -> Comparison:
    task = TaskSpec(
        target="y",
        kind=TaskKind.BINARY,
        metric="roc_auc",
        features=("x",),
        classes=("no", "yes"),
    )
    return Comparison(
        task=task,
        metric=metric("roc_auc"),
        n_test=500,
        models=rows or (TUNED, LOGISTIC, BOOSTER, DUMMY, FAILED),
        pairs=pairs,
        overall=next((pair for pair in pairs if pair.role == "experiment"), None),
    )


def make_tuned_comparison() -> Comparison:
    return make_comparison(
        pairs=(make_pair(BOOSTER, TUNED, "same model"), make_pair(LOGISTIC, TUNED, "experiment"))
    )

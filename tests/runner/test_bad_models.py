"""Models that hang, raise, crash or take all memory: the others finish, their rows say why."""

from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from modelling.types import (
    BenchmarkSpec,
    FitLimits,
    ModelResult,
    ResultStatus,
    RunKind,
    RunState,
    Variant,
)
from tests.runner.broken_models import processes
from tests.runner.conftest import Lab, experiment_on, wait_until

GOOD = ("dummy", "logistic", "tree", "lightgbm")
CPU_S = 2.0
# Small: touching memory that a virtual machine had not used before cost 1.8 CPU seconds per GB
# where it was measured, and the memory limit is to come first.
LIMITS = FitLimits(cpu_s=CPU_S, memory_bytes=2**29)
# Model -> what its row must say.
REASONS = {
    "sleeps": ("limit", "8 seconds"),  # four times the CPU seconds, on the clock
    "burns": ("limit", "2 CPU seconds"),
    "raises": ("ValueError", "the third column is not to my liking"),
    "crashes": ("crashed", "SIGSEGV"),
    "eats": ("limit", "0.5 GB memory"),
}
# What needs the processor may end by the clock, too, if a busy machine leaves it less than a
# quarter of a core.
BY_THE_CLOCK, STARVING = "8 seconds", {"burns", "eats"}


def benchmark(lab: Lab, table: Path) -> dict[str, ModelResult]:
    bench = lab.workbench
    experiment = experiment_on(bench, table, folds=2)
    # The facade of this process does not know the broken ones; the runner's registry does.
    spec = BenchmarkSpec(models=(*REASONS, *GOOD), limits=LIMITS)
    run = bench._start(experiment.id, RunKind.BENCHMARK, spec)
    ended = bench.wait(run.id, timeout_s=240)
    assert (ended.state, ended.error) == (RunState.FINISHED, None)
    # The ensemble has the cost of its members in its own.
    rows = {row.key: row for row in bench.results(experiment.id) if row.variant is Variant.BASE}
    assert ended.fit_cpu_s >= sum(row.cv_cpu_s for row in rows.values())
    return rows


@pytest.mark.faults
def test_bad_models_are_rows_with_their_reasons_and_the_others_finish(
    make_lab: Callable[[str], Lab], table: Path
) -> None:
    lab = make_lab("bad models")
    lab.start_runner(module="tests.runner.broken_runner")
    rows = benchmark(lab, table)
    assert set(rows) == {*GOOD, *REASONS}
    for key in GOOD:
        row = rows[key]
        assert (row.status, row.error) == (ResultStatus.OK, None)
        assert len(row.fold_scores) == 2
        assert row.test_score is not None
        assert row.predict_cpu_ms_per_1k is not None
    for key, words in REASONS.items():
        row = rows[key]
        assert row.status is ResultStatus.FAILED
        assert row.error is not None
        starved = key in STARVING and BY_THE_CLOCK in row.error
        assert starved or all(word in row.error for word in words), (key, row.error)
        assert "\n" not in row.error
        assert (row.cv_score, row.test_score, row.model_blob) == (None, None, None)
    # What a killed fit had burned is paid for; what only waited costs next to nothing.
    starved = BY_THE_CLOCK in str(rows["burns"].error)
    assert rows["burns"].cv_cpu_s >= (0.1 if starved else CPU_S)
    assert rows["sleeps"].cv_cpu_s < 0.1
    # Whoever raises may live on, for another fit.
    for key in set(REASONS) - {"raises"}:
        begun = processes(lab.settings.home, key)
        assert begun
        assert not [pid for pid in begun if psutil.pid_exists(pid)]
    lab.end()
    wait_until(lambda: not lab.processes(), timeout_s=15, what="the end of all processes")

"""The facade that pages, notebooks and the command line call.

It is light: scikit-learn and all that fits models lives in the runner's children.
"""

from __future__ import annotations

import shutil
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import IO, TYPE_CHECKING

import numpy as np

from modelling.datasets.experiments import new_experiment
from modelling.datasets.proposal import labels_of, proposed_choices
from modelling.datasets.reading import label, read_in_child
from modelling.datasets.samples import Sample as Sample, sample, samples
from modelling.datasets.tasks import TaskChoices as TaskChoices
from modelling.errors import DataError
from modelling.launch import RunnerLauncher, WhenOwnerEnds as WhenOwnerEnds
from modelling.metrics import MetricSpec as MetricSpec, metrics_for
from modelling.models import models_for, models_named, models_to_tune
from modelling.models.estimate import Estimate as Estimate, benchmark_estimate
from modelling.models.spec import ModelSpec as ModelSpec
from modelling.settings import Settings
from modelling.store import Store
from modelling.store.catalogue import now
from modelling.types import (
    BenchmarkSpec,
    Budget,
    DatasetRef,
    Economics,
    Experiment,
    ModelResult,
    Run,
    RunKind,
    RunSpec,
    RunState,
    TaskKind,
    Trial,
    TuningSpec,
)

if TYPE_CHECKING:
    import pandas as pd

    from modelling.comparison import Comparison as Comparison, Pair as Pair

POLL_S = 0.2


class Workbench:
    """One workspace: its data sets, experiments, runs and results.

    Examples
    --------
    >>> workbench = Workbench.open()                                     # doctest: +SKIP
    >>> data = workbench.add_sample("card_transactions")                 # doctest: +SKIP
    >>> experiment = workbench.create_experiment(data.id)                # doctest: +SKIP
    >>> run = workbench.wait(workbench.start_benchmark(experiment.id).id)  # doctest: +SKIP
    """

    def __init__(self, settings: Settings, *, when_owner_ends: WhenOwnerEnds) -> None:
        self.settings = settings
        self._store = Store(settings)
        self._launcher = RunnerLauncher(settings, when_owner_ends)

    @classmethod
    def open(
        cls,
        settings: Settings | None = None,
        *,
        when_owner_ends: WhenOwnerEnds = WhenOwnerEnds.STOP,
    ) -> Workbench:
        """Open the workspace that ``settings`` (default: the environment) names, or make it."""
        return cls(settings or Settings.from_env(), when_owner_ends=when_owner_ends)

    def close(self) -> None:
        """End a runner that was started from here, and close the database."""
        self._launcher.end()
        self._store.close()

    def __enter__(self) -> Workbench:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # Data ------------------------------------------------------------------------------------

    def samples(self) -> tuple[Sample, ...]:
        """Return the sample data sets, the first demo first."""
        return samples()

    def add_sample(self, name: str) -> DatasetRef:
        """Read a sample into the workspace."""
        chosen = sample(name)
        ref = self.add_file(chosen.path, name=chosen.name)
        ref = replace(ref, sample=chosen.name)
        self._store.catalogue.add_dataset(ref)
        return ref

    def add_file(self, path: Path | str, *, name: str | None = None) -> DatasetRef:
        """Read a file into the workspace.

        Raises
        ------
        DataError
            If there is no such file, it is too large, or it is no usable table.
        """
        source = Path(path)
        if not source.is_file():
            raise DataError(f"There is no file {label(str(path))}; check the path.")
        size_mb = source.stat().st_size / 1024**2
        if size_mb > self.settings.max_upload_mb:
            raise DataError(
                f"{label(source.name)} has {size_mb:,.0f} MB; at most "
                f"{self.settings.max_upload_mb:,} MB are read (TUNEWORTH_MAX_UPLOAD_MB)."
            )
        parquet = self._store.blobs.scratch(".parquet")
        try:
            ref = read_in_child(source, parquet, name=name or source.name)
            self._store.blobs.adopt(parquet)
        finally:
            parquet.unlink(missing_ok=True)
        self._store.catalogue.add_dataset(ref)
        return ref

    def add_upload(self, stream: IO[bytes], name: str) -> DatasetRef:
        """Read an uploaded file; its bytes are kept only while it is read."""
        raw = self._store.blobs.scratch(".upload")
        try:
            with raw.open("wb") as file:
                shutil.copyfileobj(stream, file)
            return self.add_file(raw, name=name)
        finally:
            raw.unlink(missing_ok=True)

    def add_frame(self, frame: pd.DataFrame, *, name: str) -> DatasetRef:
        """Read a data frame into the workspace, as a notebook has it."""
        raw = self._store.blobs.scratch(".frame")
        try:
            frame.to_parquet(raw, index=False)
            return self.add_file(raw, name=name)
        finally:
            raw.unlink(missing_ok=True)

    def dataset(self, dataset_id: str) -> DatasetRef:
        """Return what is known of a data set."""
        return self._store.catalogue.dataset(dataset_id)

    def preview(self, dataset_id: str, n_rows: int = 100) -> pd.DataFrame:
        """Return the first rows of a data set."""
        import pyarrow.parquet as pq

        file = pq.ParquetFile(self._store.blobs.path(dataset_id))
        first: pd.DataFrame = next(file.iter_batches(batch_size=n_rows)).to_pandas()
        return first

    def proposed_choices(self, dataset_id: str, target: str | None = None) -> TaskChoices:
        """Return what we would choose: the sample's own task, or what the target suggests.

        The positive class stays open where the data do not make a task as they are.

        Raises
        ------
        TaskError
            If there is no column ``target``.
        """
        path = self._store.blobs.path(dataset_id)
        return proposed_choices(self.dataset(dataset_id), path, target)

    def class_labels(self, dataset_id: str, target: str) -> tuple[str, ...]:
        """Return the labels of a classification target, in order."""
        return labels_of(self._store.blobs.path(dataset_id), target)

    # Experiments -----------------------------------------------------------------------------

    def create_experiment(
        self,
        dataset_id: str,
        choices: TaskChoices | None = None,
        *,
        economics: Economics | None = None,
        test_dataset_id: str | None = None,
        name: str | None = None,
    ) -> Experiment:
        """Fix the task and lock the test rows.

        Parameters
        ----------
        choices : TaskChoices, optional
            Default: as `proposed_choices`.
        test_dataset_id : str, optional
            The user's own test set; without it a share of the rows is locked.

        Raises
        ------
        TaskError, DataError
            If target, roles, split and data do not fit together.
        """
        ref = self.dataset(dataset_id)
        chosen = choices or TaskChoices()
        if chosen.target is None:
            chosen = replace(self.proposed_choices(dataset_id), **chosen.overrides())
        test = None if test_dataset_id is None else self.dataset(test_dataset_id)
        experiment = new_experiment(
            ref,
            self._store.blobs.path(dataset_id),
            chosen,
            test=test,
            test_path=None if test is None else self._store.blobs.path(test.id),
            adopt=self._store.blobs.adopt,
            scratch=self._store.blobs.scratch("-split.npz"),
            economics=economics or Economics(),
            created_at=now(),
            name=name,
        )
        self._store.catalogue.add_experiment(experiment)
        return experiment

    def experiment(self, experiment_id: str) -> Experiment:
        """Return an experiment."""
        return self._store.catalogue.experiment(experiment_id)

    def experiments(self) -> tuple[Experiment, ...]:
        """Return the newest experiments, newest first."""
        return self._store.catalogue.experiments()

    def set_economics(self, experiment_id: str, economics: Economics) -> None:
        """Change the economic assumptions of an experiment."""
        self._store.catalogue.set_economics(experiment_id, economics)

    def models(self, kind: TaskKind) -> tuple[ModelSpec, ...]:
        """Return the models that can learn a task of that kind."""
        return models_for(kind)

    def models_to_tune(self, kind: TaskKind, keys: Sequence[str]) -> tuple[ModelSpec, ...]:
        """Return these models if each can be tuned on a task of that kind, else raise SpecError."""
        return models_to_tune(tuple(keys), kind)

    def metrics(self, kind: TaskKind) -> tuple[MetricSpec, ...]:
        """Return the metrics of a task of that kind."""
        return metrics_for(kind)

    # Work ------------------------------------------------------------------------------------

    def estimate_benchmark(self, experiment_id: str, models: Sequence[str]) -> Estimate:
        """Return what a benchmark of these models will take, before it starts."""
        experiment = self.experiment(experiment_id)
        return benchmark_estimate(experiment, models, workers=self.settings.workers)

    def start_benchmark(self, experiment_id: str, models: Sequence[str] | None = None) -> Run:
        """Queue a benchmark of ``models`` (default: all of the task)."""
        kind = self.experiment(experiment_id).task.kind
        keys = tuple(models) if models else tuple(spec.key for spec in models_for(kind))
        models_named(keys, kind)
        return self._start(experiment_id, RunKind.BENCHMARK, BenchmarkSpec(models=keys))

    def start_tuning(
        self,
        experiment_id: str,
        models: Sequence[str],
        budget: Budget,
        *,
        sampler: str = "tpe",
        seed: int | None = None,
        window: int = 4,
    ) -> Run:
        """Queue a study for each of ``models`` that share ``budget``.

        Raises
        ------
        SpecError
            If a model is unknown, does not fit the task, or has nothing to tune.
        """
        task = self.experiment(experiment_id).task
        tuning = TuningSpec(
            models=tuple(spec.key for spec in models_to_tune(tuple(models), task.kind)),
            budget=budget,
            sampler=sampler,
            window=window,
            seed=task.seed if seed is None else seed,
        )
        return self._start(experiment_id, RunKind.TUNING, tuning)

    def _start(self, experiment_id: str, kind: RunKind, spec: RunSpec) -> Run:
        run = self._store.runs.add(uuid.uuid4().hex, experiment_id, kind, spec)
        self._launcher.ensure()
        return run

    def ensure_runner(self) -> None:
        """Start the workspace's runner if there is none, so that a later click finds it warm."""
        self._launcher.ensure()

    def run(self, run_id: str) -> Run:
        """Return where a run stands; one whose runner is gone is "interrupted"."""
        return self._seen(self._store.runs.get(run_id))

    def _seen(self, run: Run) -> Run:
        if run.state in (RunState.RUNNING, RunState.STOPPING) and not self._launcher.is_alive():
            # Read again: the runner may have ended it just before it went.
            run = self._store.runs.get(run.id)
            if run.state in (RunState.RUNNING, RunState.STOPPING):
                return replace(run, state=RunState.INTERRUPTED)
        return run

    def runs(self, experiment_id: str | None = None) -> tuple[Run, ...]:
        """Return the newest runs, newest first."""
        return tuple(self._seen(run) for run in self._store.runs.of(experiment_id))

    def wait(
        self,
        run_id: str,
        *,
        on_progress: Callable[[Run], None] | None = None,
        timeout_s: float | None = None,
    ) -> Run:
        """Wait for the end of a run and return it; restarts the runner if it dies.

        Raises
        ------
        TimeoutError
            If the run is still active after ``timeout_s``.
        """
        begin = time.monotonic()
        while True:
            run = self.run(run_id)
            if on_progress is not None:
                on_progress(run)
            if run.state is RunState.INTERRUPTED or run.state is RunState.QUEUED:
                self._launcher.ensure()
            elif not run.state.is_active:
                return run
            if timeout_s is not None and time.monotonic() - begin > timeout_s:
                raise TimeoutError(
                    f"Run {run_id[:8]} is still {run.state} after {timeout_s:.0f} s."
                )
            time.sleep(POLL_S)

    def stop(self, run_id: str) -> Run:
        """Ask a run to stop; what it found so far is kept."""
        self._store.runs.get(run_id)
        self._store.runs.request_stop(run_id)
        return self.run(run_id)

    def resume(self, run_id: str) -> Run:
        """Let a run go on that was stopped, interrupted, or failed."""
        run = self._store.runs.resume(run_id)
        self._launcher.ensure()
        return run

    # Results ---------------------------------------------------------------------------------

    def results(self, experiment_id: str) -> tuple[ModelResult, ...]:
        """Return one row per model and variant, best selection score first."""
        from modelling.comparison.compare import current_rows

        rows = self._store.results.models(experiment_id)
        return current_rows(rows, self.experiment(experiment_id).task)

    def trials(self, run_id: str) -> tuple[Trial, ...]:
        """Return the trials of a study, by model and number."""
        return self._store.results.trials(run_id)

    def comparison(self, experiment_id: str, *, margin: float | None = None) -> Comparison:
        """Return all rows with locked-test scores, the pairs, and the verdict."""
        from modelling.comparison import compare, row_name

        experiment = self.experiment(experiment_id)
        rows = self._store.results.models(experiment_id)
        draws = {
            row_name(row): np.load(self._store.blobs.path(row.draws_blob))
            for row in rows
            if row.draws_blob is not None
        }
        return compare(
            rows,
            draws=draws,
            selection_gains=self._store.results.gains(experiment_id),
            task=experiment.task,
            n_test=experiment.n_test,
            margin=margin,
        )

"""What studies have shown, and the way of a study to Optuna and back."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from modelling.errors import SpecError
from modelling.metrics import metric
from modelling.models import model
from modelling.models.space import grid_size, n_points, nearest_point, with_space
from modelling.types import Params, Run, SearchParam, Trial, TrialState, TuningSpec
from modelling.workbench.tuning import Tuning, searched_space

if TYPE_CHECKING:
    from modelling.tuning.report import SearchReport


class Studies(Tuning):
    """The part of the workbench that looks at studies."""

    def trials(self, run_id: str) -> tuple[Trial, ...]:
        """Return the trials of a study, by model and number."""
        return self._store.results.trials(run_id)

    def n_trials(self, run_id: str) -> int:
        """Return how many trials a study has begun; quick, however many there are."""
        return self._store.results.n_trials(run_id)

    def search_space(self, run: Run, model_key: str) -> tuple[SearchParam, ...]:
        """Return what a run searches for a model: its own space, or the edited one.

        Raises
        ------
        SpecError
            If the run has no study of that model.
        """
        if not isinstance(run.spec, TuningSpec) or model_key not in run.spec.models:
            raise SpecError(f"The run has no study of {model_key!r}; choose one of its models.")
        return searched_space(run.spec, model_key)

    def starting_point(self, run: Run, model_key: str, params: Params) -> Params:
        """Return a configuration as a point of the space of a run, to be changed from there.

        What it leaves to the library has the library's default; what is outside of an edited
        range, the end of that range.

        Raises
        ------
        SpecError
            If the run has no study of that model.
        """
        space = self.search_space(run, model_key)
        asks = isinstance(run.spec, TuningSpec) and run.spec.ask is not None
        # A prompt names all that is searched itself.
        known = None if asks else model(model_key).base_point
        return nearest_point(space, params, known or {})

    def space_size(
        self, model_key: str, space: Sequence[SearchParam], sampler: str = "tpe"
    ) -> float:
        """Return how many configurations a sampler can propose in a space of a model.

        Infinite where a range of floats is searched, but for a grid.

        Raises
        ------
        SpecError
            If the space is not one of the parameters that the model is searched in.
        """
        space = with_space(model(model_key), space).space
        return grid_size(space) if sampler == "grid" else n_points(space)

    def search_report(
        self, run_id: str, model_key: str, trials: Sequence[Trial] | None = None
    ) -> SearchReport:
        """Return whether a search is enough, what is almost as good, how its space did.

        Parameters
        ----------
        trials : sequence of Trial, optional
            Those of the model that count, if they are known already; default: all.
        """
        from modelling.tuning.report import search_report

        space = self.search_space(self.run(run_id), model_key)
        if trials is None:
            trials = [trial for trial in self.trials(run_id) if trial.model == model_key]
        complete = {trial.number for trial in trials if trial.state is TrialState.COMPLETE}
        folds = self._store.results.fold_outlines(run_id, model_key, complete)
        return search_report(trials, folds, space)

    def optuna_journal(self, run_id: str, model_key: str) -> bytes:
        """Return a study as the bytes of an Optuna journal file, which optuna-dashboard opens."""
        from modelling.tuning.optuna_file import write_study

        run = self.run(run_id)
        space = self.search_space(run, model_key)
        task = self.experiment(run.experiment_id).task
        judged_by = metric(task.metric)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "study.log"
            write_study(
                path,
                f"{model_key}-{run_id[:8]}",
                [trial for trial in self.trials(run_id) if trial.model == model_key],
                [fold for fold in self._store.results.folds(run_id) if fold.model == model_key],
                space=space,
                metric=task.metric,
                direction=judged_by.direction,
            )
            return path.read_bytes()

    def configurations_of(
        self, journal: bytes, model_key: str, space: Sequence[SearchParam] | None = None
    ) -> tuple[Params, ...]:
        """Return the best configurations of an Optuna journal file for a model, best first.

        Raises
        ------
        DataError
            If the bytes are no such file, or hold nothing that fits the search space.
        """
        from modelling.tuning.optuna_file import read_configurations

        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "study.log"
            path.write_bytes(journal)
            return read_configurations(path, with_space(model(model_key), space).space)

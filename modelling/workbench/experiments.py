"""The experiments of a workspace: a task is fixed, and its test rows are locked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from modelling.datasets.choices import TaskChoices
from modelling.datasets.experiments import new_experiment
from modelling.datasets.problem import ProblemRef, problem_of
from modelling.datasets.tasks import text_columns
from modelling.metrics import MetricSpec, metrics_for
from modelling.models import model_for, models_for, models_suiting, models_to_tune
from modelling.models.spec import ModelSpec
from modelling.store.catalogue import now
from modelling.types import Economics, Experiment, TaskKind
from modelling.workbench.data import Data


class Experiments(Data):
    """The part of the workbench that knows experiments, and what can be asked of their task."""

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
        findings = self.profile(dataset_id, chosen, test_dataset_id=test_dataset_id).findings
        experiment = replace(experiment, findings=findings)
        self._store.catalogue.add_experiment(experiment)
        return experiment

    def experiment(self, experiment_id: str) -> Experiment:
        """Return an experiment."""
        return self._store.catalogue.experiment(experiment_id)

    def problem(self, experiment_id: str) -> ProblemRef:
        """Return where the rows of an experiment lie."""
        experiment = self.experiment(experiment_id)
        ref = self.dataset(experiment.dataset_id)
        return problem_of(experiment, ref, path_of=self._store.blobs.path)

    def experiments(self) -> tuple[Experiment, ...]:
        """Return the newest experiments, newest first."""
        return self._store.catalogue.experiments()

    def set_economics(self, experiment_id: str, economics: Economics) -> None:
        """Change the economic assumptions of an experiment."""
        self._store.catalogue.set_economics(experiment_id, economics)

    def models(self, kind: TaskKind) -> tuple[ModelSpec, ...]:
        """Return the models that can learn a task of that kind."""
        return models_for(kind)

    def base_models(self, experiment_id: str) -> tuple[ModelSpec, ...]:
        """Return the models that suit an experiment: those for text only where there is text."""
        task = self.experiment(experiment_id).task
        suiting = models_suiting(task, has_text=bool(self.texts(experiment_id)))
        return tuple(model_for(spec.key, task) for spec in suiting)

    def texts(self, experiment_id: str) -> tuple[str, ...]:
        """Return the features of an experiment that hold free text."""
        experiment = self.experiment(experiment_id)
        return text_columns(self.dataset(experiment.dataset_id), experiment.task)

    def models_to_tune(self, kind: TaskKind, keys: Sequence[str]) -> tuple[ModelSpec, ...]:
        """Return these models if each can be tuned on a task of that kind, else raise SpecError."""
        return models_to_tune(tuple(keys), kind)

    def metrics(self, kind: TaskKind) -> tuple[MetricSpec, ...]:
        """Return the metrics of a task of that kind."""
        return metrics_for(kind)

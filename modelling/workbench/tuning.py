"""Studies: started, extended, and told what to try next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from modelling.errors import SpecError
from modelling.models import model, models_to_tune
from modelling.models.space import as_point, with_space
from modelling.tuning.budget import is_used_up
from modelling.tuning.propose import SAMPLERS, sampler_factory
from modelling.types import (
    AskSpec,
    Budget,
    FitLimits,
    Params,
    Run,
    RunKind,
    RunState,
    SearchParam,
    TuningSpec,
)
from modelling.workbench.work import Work


class Tuning(Work):
    """The part of the workbench that starts studies and takes a hand in them."""

    def start_tuning(
        self,
        experiment_id: str,
        models: Sequence[str],
        budget: Budget,
        *,
        sampler: str = "tpe",
        seed: int | None = None,
        window: int = 4,
        spaces: Mapping[str, tuple[SearchParam, ...]] | None = None,
        given: Mapping[str, tuple[Params, ...]] | None = None,
        limits: FitLimits | None = None,
    ) -> Run:
        """Queue a study for each of ``models`` that share ``budget``.

        Parameters
        ----------
        sampler : str
            "tpe", "random", "grid", or a function of yours as "package.module:function", which
            takes a seed and returns an Optuna sampler; the runner imports it.
        spaces : mapping of str to tuple of SearchParam, optional
            Edited search spaces by model.
        given : mapping of str to tuple of params, optional
            Configurations by model that come before the sampler's.

        Raises
        ------
        SpecError
            If a model is unknown, does not fit the task, or has nothing to tune, if there is no
            such sampler, or if nothing would ever use the budget up.
        """
        if sampler not in SAMPLERS:
            sampler_factory(sampler)
        task = self.experiment(experiment_id).task
        specs = models_to_tune(tuple(models), task.kind)
        self._check_suiting(experiment_id, specs)
        self._check_budget(experiment_id, budget)
        tuning = TuningSpec(
            models=tuple(spec.key for spec in specs),
            budget=budget,
            sampler=sampler,
            window=window,
            seed=task.seed if seed is None else seed,
            spaces=dict(spaces or {}),
            limits=limits or FitLimits(),
        )
        searched = {key: with_space(model(key), tuning.spaces.get(key)) for key in tuning.models}
        points = {
            key: tuple(as_point(searched[key].space, params) for params in configurations)
            for key, configurations in (given or {}).items()
        }
        tuning = replace(tuning, given=points)
        return self._start(experiment_id, RunKind.TUNING, tuning)

    def extend_tuning(self, run_id: str, further: Budget, *, provider_key: str = "") -> Run:
        """Queue a run that goes on where a study ended, with ``further`` added to its budget.

        Its trials are those that the study would have had with the larger budget from the start.

        Parameters
        ----------
        provider_key : str
            For a study of a prompt: the provider's key, if it is not in the environment.

        Raises
        ------
        SpecError
            If the run is no study, has not ended, its budget has none of the limits of
            ``further``, or nothing is left that a further budget would buy.
        """
        run = self.run(run_id)
        if not isinstance(run.spec, TuningSpec) or run.state.is_active:
            raise SpecError("Only a study that has ended can be extended; wait for its end.")
        try:
            budget = run.spec.budget.extended_by(further)
        except ValueError as error:
            raise SpecError(
                "The study has another kind of budget; extend it in the unit it was given."
            ) from error
        spec = replace(
            run.spec,
            budget=budget,
            opening=run.spec.opening or run.spec.budget,
            extends=run_id,
            ask=self._asked_again(run.spec.ask, further, provider_key),
        )
        if spec.ask is None:
            self._check_budget(run.experiment_id, budget)
            self._check_room(run, run.spec)
        return self._start(run.experiment_id, RunKind.TUNING, spec, after=run)

    def _check_room(self, run: Run, spec: TuningSpec) -> None:
        """Refuse to go on with a study whose spaces are used up: it would only look at the test."""
        trials = self._store.results.trials(run.id)
        spaces = {key: searched_space(spec, key) for key in spec.models}
        if run.state is RunState.FINISHED and all(
            is_used_up(space, spec.sampler, [t for t in trials if t.model == key], spec.budget)
            for key, space in spaces.items()
        ):
            raise SpecError(
                f"The study has tried what its search space needs ({len(trials)} trials), so that "
                "a further budget buys nothing; widen the space and start another study."
            )

    def _asked_again(
        self, ask: AskSpec | None, further: Budget, provider_key: str
    ) -> AskSpec | None:
        """Return whom a longer study asks: with the key again, and more money."""
        if ask is None:
            return None
        from modelling.text.keys import left

        ticket = left(self.settings.home, provider_key) if provider_key else ""
        return replace(ask, ticket=ticket, cap_usd=ask.cap_usd + (further.usd or 0.0))

    def queue_trial(self, run_id: str, model_key: str, params: Params) -> None:
        """Ask a running study to try ``params`` next.

        Raises
        ------
        SpecError
            If the study is not running, or ``params`` is no point of its search space.
        """
        run = self.run(run_id)
        spec = run.spec
        if not isinstance(spec, TuningSpec) or model_key not in spec.models:
            raise SpecError(f"The run has no study of {model_key!r}; choose one of its models.")
        if not run.state.is_active:
            raise SpecError("The study has ended; extend it to try more values.")
        space = searched_space(spec, model_key)
        self._store.results.add_wish(run_id, model_key, as_point(space, params))

    def _check_budget(self, experiment_id: str, budget: Budget) -> None:
        costs_nothing = self.experiment(experiment_id).economics.usd_per_vcpu_hour == 0
        if costs_nothing and (budget.trials, budget.cpu_s, budget.wall_s) == (None, None, None):
            raise SpecError(
                f"A budget of {budget.usd:g} dollars is never used up while a vCPU hour costs "
                "nothing; set its price under Compare, or give the budget in CPU seconds."
            )


def searched_space(spec: TuningSpec, model_key: str) -> tuple[SearchParam, ...]:
    """Return what a study searches: the space of the model, the edited one, or that of a prompt."""
    if spec.ask is not None:
        return tuple(spec.spaces[model_key])
    return with_space(model(model_key), spec.spaces.get(model_key)).space

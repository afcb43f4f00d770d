"""The ensemble row of a run: which models may be members, and what the row adds up to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import fmean, stdev

from modelling.comparison.compare import current_rows, row_label, row_name
from modelling.errors import NotFoundError
from modelling.evaluation.plan import beaten_by_dummy, dummy_of
from modelling.executor.protocol import Outcome, Task
from modelling.models import MODELS
from modelling.runner.context import RunContext
from modelling.runner.ensemble_work import BuildEnsemble, BuiltEnsemble, MemberFiles
from modelling.runner.out_of_fold import chosen, evaluated
from modelling.types import ModelResult, ResultStatus, TrialCounts, TrialCpu, Variant

KEY = "ensemble"
LIMIT_CPU_S = 300.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """A fitted model that may be part of an ensemble."""

    row: ModelResult
    files: MemberFiles


class EnsembleStage:
    """Weighs the experiment's fitted models, of this run and of earlier ones, into one row."""

    title = "Weighing an ensemble of the fitted models"
    weight = 0.02

    def __init__(self, context: RunContext) -> None:
        self._context = context
        self._rows = _current(context)
        done = (KEY, str(Variant.ENSEMBLE)) in context.rows
        self._members = () if done else usable_members(context, self._rows)
        self._todo = len(self._members) > 1
        self._under_way = False

    @property
    def finished(self) -> bool:
        """Whether the row is there, or cannot be: one model is no ensemble."""
        return not self._todo and not self._under_way

    def share_done(self) -> float:
        """Return 1.0 once the row is there."""
        return float(self.finished)

    def next_task(self) -> Task | None:
        """Return the one task there is."""
        if not self._todo:
            return None
        self._todo, self._under_way = False, True
        scratch = self._context.scratch
        work = BuildEnsemble(
            problem=self._context.problem,
            folds=self._context.folds,
            members=tuple(member.files for member in self._members),
            oof_path=scratch("ensemble.oof.npy"),
            prediction_path=scratch("ensemble.test.npy"),
            draws_path=scratch("ensemble.draws.npy"),
        )
        return Task(id=KEY, work=work, limits=self._context.limits(LIMIT_CPU_S))

    def handle(self, outcome: Outcome) -> None:
        """Take in the ensemble; its files and its row become visible together."""
        self._under_way = False
        if not outcome.ok:
            blank = _blank(self._context.run.id)
            self._context.put(replace(blank, status=ResultStatus.FAILED, error=outcome.error))
            return
        built: BuiltEnsemble = outcome.value
        self._context.fit_cpu_s += built.cpu_s
        self._context.batch.scored = True
        row = ensemble_row(self._context.run.id, [member.row for member in self._members], built)
        self._context.put(self._stored(row, built))

    def _stored(self, row: ModelResult, built: BuiltEnsemble) -> ModelResult:
        task, scratch = self._context.task, self._context.scratch
        adopt = self._context.store.blobs.adopt
        return replace(
            row,
            test_score=built.test.scores[task.metric],
            beaten_by_dummy=beaten_by_dummy(row, dummy_of(self._rows), task),
            oof_blob=adopt(scratch("ensemble.oof.npy")),
            test_prediction_blob=adopt(scratch("ensemble.test.npy")),
            draws_blob=adopt(scratch("ensemble.draws.npy")),
        )


def usable_members(context: RunContext, rows: Sequence[ModelResult]) -> tuple[Member, ...]:
    """Return the models that can be averaged: fitted, better than guessing, predictions stored.

    Parameters
    ----------
    rows : sequence of ModelResult
        The current rows of the experiment.

    Returns
    -------
    tuple of Member
        Cheapest first as far as is known without a clock, so that equal predictions give equal
        weights every time: bases before tuned models, each in the order of the registry.
    """
    order = {spec.key: place for place, spec in enumerate(MODELS)}
    ranked = sorted(
        (row for row in rows if _is_candidate(row, dummy_of(rows), context)),
        key=lambda row: (row.variant is Variant.TUNED, order.get(row.key, len(order))),
    )
    found = (_member(context, row) for row in ranked)
    return tuple(member for member in found if member is not None)


def ensemble_row(run_id: str, rows: Sequence[ModelResult], built: BuiltEnsemble) -> ModelResult:
    """Return the row of an ensemble: its weights, its selection score, its members' summed costs.

    A model of weight zero is no member: the ensemble works without it. Members come heaviest
    first. Only a tuned row carries the cost of a study, so that each study counts once.
    """
    weighed = sorted(zip(rows, built.weights, strict=True), key=lambda pair: -pair[1])
    members = [row for row, weight in weighed if weight > 0]
    return replace(
        _blank(run_id),
        params={row_label(row): weight for row, weight in weighed if weight > 0},
        members=tuple(row_name(row) for row in members),
        cv_score=fmean(built.fold_scores),
        cv_std=stdev(built.fold_scores),
        fold_scores=built.fold_scores,
        metrics=built.test.scores,
        test_interval=built.test.interval,
        fit_cpu_s=_total([built.cpu_s, *(row.fit_cpu_s for row in members)]),
        fit_time_s=_total([built.time_s, *(row.fit_time_s for row in members)]),
        cv_cpu_s=sum(row.cv_cpu_s for row in members),
        search_cpu_s=sum(row.search_cpu_s for row in members),
        search_time_s=sum(row.search_time_s for row in members),
        trials=_all_trials(members),
        trial_cpu=_all_trial_cpu(members),
        predict_cpu_ms_per_1k=_total(row.predict_cpu_ms_per_1k for row in members),
        predict_ms_per_1k_p50=_total(row.predict_ms_per_1k_p50 for row in members),
        predict_ms_per_1k_p95=_total(row.predict_ms_per_1k_p95 for row in members),
        predict_ms_single_p50=_total(row.predict_ms_single_p50 for row in members),
        predict_ms_single_p95=_total(row.predict_ms_single_p95 for row in members),
        # One is fitted after the other: the largest fit decides.
        peak_memory_bytes=max((row.peak_memory_bytes or 0 for row in members), default=None),
        size_bytes=sum(row.size_bytes or 0 for row in members),
        machine_busy=any(row.machine_busy for row in members),
    )


def _blank(run_id: str) -> ModelResult:
    return ModelResult(
        run_id=run_id, key=KEY, title="Ensemble", family="ensemble", variant=Variant.ENSEMBLE
    )


def _total(values: Iterable[float | None]) -> float | None:
    """Return the sum, or None if a part of it is unknown."""
    known = list(values)
    return None if None in known else sum(value for value in known if value is not None)


def _all_trials(members: Iterable[ModelResult]) -> TrialCounts:
    counts = [row.trials for row in members]
    return TrialCounts(
        complete=sum(count.complete for count in counts),
        pruned=sum(count.pruned for count in counts),
        failed=sum(count.failed for count in counts),
    )


def _all_trial_cpu(members: Iterable[ModelResult]) -> TrialCpu:
    spent = [row.trial_cpu for row in members]
    return TrialCpu(
        complete=sum(cpu.complete for cpu in spent),
        pruned=sum(cpu.pruned for cpu in spent),
        failed=sum(cpu.failed for cpu in spent),
    )


def _current(context: RunContext) -> tuple[ModelResult, ...]:
    """Return the current rows of the experiment, those of this run as they are now."""
    stored = context.store.results.models(context.experiment.id)
    earlier = [row for row in stored if row.run_id != context.run.id]
    return current_rows([*earlier, *context.rows.values()], context.task)


def _is_candidate(row: ModelResult, dummy: ModelResult | None, context: RunContext) -> bool:
    return (
        row.variant in (Variant.BASE, Variant.TUNED)
        and row.key != "dummy"
        and row.status is ResultStatus.OK
        and not (row.beaten_by_dummy or beaten_by_dummy(row, dummy, context.task))
        and row.test_prediction_blob is not None
    )


def _member(context: RunContext, row: ModelResult) -> Member | None:
    """Return a row with its files; None if they are not all there."""
    store = context.store
    try:
        configurations = evaluated(store, row.run_id, row.key, context.task.folds)
        own = configurations.get(0) if row.variant is Variant.BASE else chosen(configurations)
        test = store.blobs.path(str(row.test_prediction_blob))
    except NotFoundError:
        return None
    if own is None:
        return None
    return Member(row=row, files=MemberFiles(out_of_fold=own.predictions, test=test))

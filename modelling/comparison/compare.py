"""Base against tuned: which rows are compared, and what each comparison says.

Who is compared is fixed by selection scores alone, before any test score is read (METHODS,
"Who is compared").
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean
from typing import Literal

import numpy as np

from modelling.comparison.gain import Gain, paired_gain
from modelling.comparison.holm import holm_adjusted
from modelling.comparison.nested import nested_gain
from modelling.comparison.verdict import PairVerdict, decide
from modelling.metrics import metric
from modelling.metrics.spec import MetricSpec
from modelling.types import ModelResult, ResultStatus, SelectionGain, TaskSpec, Variant

Role = Literal["same model", "experiment", "chosen"]
LOCKED_TEST = "the locked test"


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """A base and a candidate, the gain on the locked test, and the verdict on it.

    ``selection`` holds what the search itself saw, and the same corrected for the search.
    """

    key: str
    role: Role
    base: ModelResult
    candidate: ModelResult
    gain: Gain
    selection: SelectionGain | None
    verdict: PairVerdict


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """Everything that the comparison of one experiment shows.

    ``models`` has one row per model and variant, best selection score first, failed rows last.
    ``pairs`` has base to tuned of each model, then the pair of the experiment, which is also
    ``overall``; None as long as nothing was tuned. ``judged_on`` says in words which rows scored.
    """

    task: TaskSpec
    metric: MetricSpec
    n_test: int
    models: tuple[ModelResult, ...]
    pairs: tuple[Pair, ...] = ()
    overall: Pair | None = None
    judged_on: str = LOCKED_TEST

    def only(self, names: Collection[str]) -> Comparison:
        """Return the models of these `row_name`, and the pairs whose candidate is among them."""
        pairs = tuple(pair for pair in self.pairs if row_name(pair.candidate) in names)
        return replace(
            self,
            models=tuple(row for row in self.models if row_name(row) in names),
            pairs=pairs,
            overall=self.overall if self.overall in pairs else None,
        )


def row_name(row: ModelResult) -> str:
    """Return the name of a result that is unique within an experiment."""
    return f"{row.run_id}:{row.key}:{row.variant}"


def row_label(row: ModelResult) -> str:
    """Return "LightGBM (tuned)"; guessing and an ensemble have no variants: their titles alone."""
    alone = row.family == "baseline" or row.variant is Variant.ENSEMBLE
    return row.title if alone else f"{row.title} ({row.variant})"


def current_rows(rows: Sequence[ModelResult], task: TaskSpec) -> tuple[ModelResult, ...]:
    """Return one row per model and variant, best selection score first, failed rows last.

    Of several runs, the newest base and imported row that did not fail count, and the tuned model
    and the ensemble with the best selection score.
    """
    spec = metric(task.metric)
    best: dict[tuple[str, str], ModelResult] = {}
    for row in rows:
        place = (row.key, row.variant)
        held = best.get(place)
        if held is None or _replaces(row, held, spec):
            best[place] = row
    return tuple(sorted(best.values(), key=lambda row: _rank(row, spec)))


def _replaces(row: ModelResult, held: ModelResult, spec: MetricSpec) -> bool:
    if row.status is ResultStatus.FAILED:
        return held.status is ResultStatus.FAILED
    if held.status is ResultStatus.FAILED or row.variant in (Variant.BASE, Variant.IMPORTED):
        return True
    return _rank(row, spec) < _rank(held, spec)


def _rank(row: ModelResult, spec: MetricSpec) -> tuple[int, float]:
    if row.status is ResultStatus.FAILED:
        return (2, 0.0)
    # A model from elsewhere was in no fold.
    return (1, 0.0) if row.cv_score is None else (0, -spec.oriented(row.cv_score))


def experiment_pair(
    rows: Sequence[ModelResult],
) -> tuple[ModelResult, ModelResult] | None:
    """Return (reference, candidate): the best base, and the best tuned row or ensemble.

    Best is by selection score; ``rows`` come from `current_rows`, best first. As long as nothing
    was tuned there is no pair, whatever an ensemble of base models scores: nobody has asked yet
    whether tuning is worth it.
    """
    usable = [row for row in rows if row.status is ResultStatus.OK]
    if all(row.variant is not Variant.TUNED for row in usable):
        return None
    base = next((row for row in usable if row.variant is Variant.BASE), None)
    candidate = next(
        (row for row in usable if row.variant in (Variant.TUNED, Variant.ENSEMBLE)), None
    )
    return None if base is None or candidate is None else (base, candidate)


def pairs_of(rows: Sequence[ModelResult]) -> tuple[tuple[ModelResult, ModelResult, Role], ...]:
    """Return all (base, candidate, role) that are compared; the experiment's own pair is last."""
    bases = {
        row.key: row
        for row in rows
        if row.variant is Variant.BASE and row.status is ResultStatus.OK
    }
    pairs: list[tuple[ModelResult, ModelResult, Role]] = [
        (bases[row.key], row, "same model")
        for row in rows
        if row.variant is Variant.TUNED and row.status is ResultStatus.OK and row.key in bases
    ]
    overall = experiment_pair(rows)
    if overall is not None:
        pairs.append((*overall, "experiment"))
    return tuple(pairs)


def compare(
    rows: Sequence[ModelResult],
    *,
    draws: Mapping[str, np.ndarray],
    selection_gains: Mapping[tuple[str, str], SelectionGain],
    task: TaskSpec,
    n_test: int,
    margin: float | None = None,
) -> Comparison:
    """Compare the current rows of an experiment.

    Parameters
    ----------
    rows : sequence of ModelResult
        All results of the experiment, oldest first.
    draws : mapping of str to array of shape (n_draws,)
        Resampled test scores by `row_name`; a row without draws is in no pair.
    selection_gains : mapping of (base name, candidate name) to SelectionGain
        As the runner stored them.
    margin : float, optional
        The smallest gain that matters; default: the task's, else the metric's.
    """
    spec = metric(task.metric)
    models = current_rows(rows, task)
    scored = [
        pair
        for pair in pairs_of(models)
        if row_name(pair[0]) in draws and row_name(pair[1]) in draws
    ]
    gains = [
        _gain(base, candidate, draws, spec, n_test, task.margin if margin is None else margin)
        for base, candidate, _ in scored
    ]
    same_model = [index for index, pair in enumerate(scored) if pair[2] == "same model"]
    # One pair alone is one claim; adjusting it would change nothing.
    several = len(same_model) > 1
    adjusted = dict(
        zip(same_model, holm_adjusted([1 - gains[i].p_better for i in same_model]), strict=True)
        if several
        else ()
    )
    pairs = tuple(
        _pair(scored[i], gains[i], spec, selection_gains, adjusted.get(i))
        for i in range(len(scored))
    )
    overall = next((pair for pair in pairs if pair.role == "experiment"), None)
    return Comparison(
        task=task, metric=spec, n_test=n_test, models=models, pairs=pairs, overall=overall
    )


def pair_between(base: ModelResult, candidate: ModelResult, gain: Gain, spec: MetricSpec) -> Pair:
    """Return two models of the analyst's choice as a pair; ``gain`` is that of the candidate."""
    return _pair((base, candidate, "chosen"), gain, spec, {}, None)


def with_nested(
    comparison: Comparison,
    *,
    keys: tuple[str, str],
    scores: Sequence[tuple[float, float]],
    n_parts: int,
    n_rows: int,
    margin: float | None = None,
) -> Comparison:
    """Return the comparison with the gain and the verdict of a nested cross-validation.

    They stand in place of those of the experiment's own pair; nothing of the locked test is mixed
    into them.

    Parameters
    ----------
    keys : tuple of (base, candidate)
        Keys of the base row and of the tuned row that were compared.
    scores : sequence of (base, candidate), shape (R, 2)
        Published scores on the outer parts.
    """
    rows = {(row.key, row.variant): row for row in comparison.models}
    base, candidate = rows.get((keys[0], Variant.BASE)), rows.get((keys[1], Variant.TUNED))
    if base is None or candidate is None:
        return comparison
    spec, task = comparison.metric, comparison.task
    wanted = task.margin if margin is None else margin
    gain = nested_gain(
        [score for score, _ in scores],
        [score for _, score in scores],
        metric=spec,
        margin=spec.margin_for(fmean(score for score, _ in scores)) if wanted is None else wanted,
        n_rows=n_rows,
        n_parts=n_parts,
    )
    known = {
        (row_name(pair.base), row_name(pair.candidate)): pair.selection
        for pair in comparison.pairs
        if pair.selection is not None
    }
    overall = _pair((base, candidate, "experiment"), gain, spec, known, None)
    own = tuple(pair for pair in comparison.pairs if pair.role == "same model")
    return replace(comparison, pairs=(*own, overall), overall=overall)


def _gain(
    base: ModelResult,
    candidate: ModelResult,
    draws: Mapping[str, np.ndarray],
    spec: MetricSpec,
    n_test: int,
    margin: float | None,
) -> Gain:
    base_score = _score(base)
    return paired_gain(
        draws[row_name(base)],
        draws[row_name(candidate)],
        base_score=base_score,
        candidate_score=_score(candidate),
        metric=spec,
        margin=spec.margin_for(base_score) if margin is None else margin,
        n_test=n_test,
    )


def _pair(
    members: tuple[ModelResult, ModelResult, Role],
    gain: Gain,
    spec: MetricSpec,
    selection_gains: Mapping[tuple[str, str], SelectionGain],
    p_adjusted: float | None,
) -> Pair:
    base, candidate, role = members
    same_model = base.key == candidate.key
    verdict = decide(
        gain,
        metric=spec,
        base_title=row_label(base),
        candidate_title=row_label(candidate),
        p_adjusted=None if p_adjusted is None else float(p_adjusted),
        search_cpu_s=candidate.search_cpu_s,
        same_configuration=same_model and dict(base.params) == dict(candidate.params),
    )
    return Pair(
        key=candidate.key,
        role=role,
        base=base,
        candidate=candidate,
        gain=gain,
        selection=selection_gains.get((row_name(base), row_name(candidate))),
        verdict=replace(verdict, reasons=(*verdict.reasons, *_composition(candidate))),
    )


def _composition(candidate: ModelResult) -> tuple[str, ...]:
    """Return what an ensemble is made of: a gain of averaging alone is no gain of tuning."""
    if candidate.variant is not Variant.ENSEMBLE:
        return ()
    labels = list(candidate.params)
    n_tuned = sum(name.endswith(f":{Variant.TUNED}") for name in candidate.members)
    if len(labels) == 1:
        return (f"The ensemble holds {labels[0]} alone: no average of models did better.",)
    if n_tuned:
        return (f"The ensemble averages {len(labels)} models, {n_tuned} of them tuned.",)
    return (
        f"The ensemble averages {len(labels)} models, none of them tuned: what it gains comes "
        "from averaging, not from tuning.",
    )


def _score(row: ModelResult) -> float:
    return float("nan") if row.test_score is None else row.test_score

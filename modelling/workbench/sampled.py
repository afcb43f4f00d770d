"""All models on the rows that language models were asked about: one chart, one currency."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from modelling.types import (
    AskedModel,
    Decision,
    ExternalCosts,
    ModelResult,
    ResultStatus,
    SplitStrategy,
    TrialCounts,
    Variant,
)
from modelling.workbench.asked import AskedModels

if TYPE_CHECKING:
    from modelling.comparison import Comparison
    from modelling.types import Params

FAMILY = "language model"
_Scored = tuple[ModelResult, NDArray[np.float64]]
_MOST_SCORED = 200
_MILLISECONDS = 1000.0
# Same draws as the runner's, so that intervals agree.
_DRAWS = 2000


class SampledRows(AskedModels):
    """The part of the workbench that scores every model on the sampled rows."""

    def __init__(self, *values: Any, **more: Any) -> None:
        super().__init__(*values, **more)
        # By experiment and row: a row, and the rows that were asked about, never change.
        self._on_samples: dict[tuple[str, str, bytes], _Scored] = {}

    def sampled(self, experiment_id: str, *, margin: float | None = None) -> Comparison | None:
        """Return all models on the rows that language models were asked about; None without any.

        Every model is scored on the same rows, so that they can be compared; scores of a sample
        vary more than those of the whole locked test. Of language models that were asked about
        other rows only those count that share the largest sample.
        """
        from modelling.comparison.compare import compare, row_name

        found = [(one, self._answers_of(one)) for one in self.asked(experiment_id)]
        if not found:
            return None
        sample = max((got.test for _, got in found), key=len)
        same = [(asked_row(one), got) for one, got in found if np.array_equal(got.test, sample)]
        rows = self._on_sample(experiment_id, sample)
        rows += [(row, got.test_answers) for row, got in same]
        scored = [self._remembered(experiment_id, row, answers, sample) for row, answers in rows]
        compared = compare(
            [row for row, _ in scored],
            draws={row_name(row): draws for row, draws in scored},
            selection_gains={},
            task=self.experiment(experiment_id).task,
            n_test=len(sample),
            margin=margin,
        )
        return replace(compared, judged_on=f"{len(sample):,} sampled rows")

    def leanings(self, experiment_id: str) -> tuple[str, ...]:
        """Return in words which language models lean to a class, and what mends it for free."""
        from modelling.comparison.lean import lean_sentences

        return lean_sentences(
            self.asked(experiment_id), self.experiment(experiment_id).task.classes
        )

    def _answers_of(self, asked: AskedModel) -> _Answers:
        with np.load(self._store.blobs.path(asked.answers)) as parts:
            return _Answers(test=parts["test"], test_answers=parts["test_answers"])

    def _on_sample(
        self, experiment_id: str, sample: NDArray[np.int64]
    ) -> list[tuple[ModelResult, NDArray[Any]]]:
        """Return the other models with their answers for the sampled rows."""
        from modelling.comparison.compare import current_rows

        task = self.experiment(experiment_id).task
        rows = current_rows(self._store.results.models(experiment_id), task)
        return [
            (row, self._predicted(row)[sample])
            for row in rows
            if row.status is ResultStatus.OK and row.test_prediction_blob is not None
        ]

    def _remembered(
        self,
        experiment_id: str,
        row: ModelResult,
        answers: NDArray[Any],
        sample: NDArray[np.int64],
    ) -> _Scored:
        from modelling.comparison.compare import row_name

        key = (experiment_id, row_name(row), sample.tobytes())
        if key not in self._on_samples:
            while len(self._on_samples) >= _MOST_SCORED:
                self._on_samples.pop(next(iter(self._on_samples)))
            self._on_samples[key] = self._on_rows(experiment_id, row, answers, sample)
        return self._on_samples[key]

    def _on_rows(
        self,
        experiment_id: str,
        row: ModelResult,
        answers: NDArray[Any],
        sample: NDArray[np.int64],
    ) -> _Scored:
        """Return a row with its scores on the sampled rows, and the resampled ones."""
        from modelling.comparison.gain import interval
        from modelling.comparison.resampling import weights_for
        from modelling.datasets.locked import locked_truth
        from modelling.metrics import metric
        from modelling.metrics.resampled import weighted_scores

        task = self.experiment(experiment_id).task
        truth = locked_truth(self.problem(experiment_id))[sample]
        weights = weights_for(SplitStrategy.STRATIFIED, truth, None, task.seed, _DRAWS)
        draws = weighted_scores(metric(task.metric), truth, answers, weights)
        # Scikit-learn, which takes seconds to load, has no part in what a page shows.
        once = np.ones((1, len(truth)), dtype=np.uint8)
        scores = {
            spec.name: _finite(weighted_scores(spec, truth, answers, once)[0])
            for spec in self.metrics(task.kind)
        }
        scored = replace(
            row,
            test_score=scores[task.metric],
            test_interval=interval(draws),
            metrics=scores,
            test_prediction_blob=None,
        )
        return scored, draws


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Answers:
    """The sampled rows, as places within the locked test, and the answers about them."""

    test: NDArray[np.int64]
    test_answers: NDArray[np.float64]


def _finite(score: float) -> float | None:
    return float(score) if np.isfinite(score) else None


def asked_row(asked: AskedModel) -> ModelResult:
    """Return a language model as a row among the others; what it costs is paid per answer."""
    milliseconds = _MILLISECONDS * asked.seconds_p50
    costs: dict[str, Any] = {
        "external": ExternalCosts(fixed_usd=asked.search_usd, usd_per_1k=asked.usd_per_1k)
    }
    if asked.is_local:
        # A server on this machine is busy on one core while it answers.
        costs = {"fit_cpu_s": 0.0, "predict_cpu_ms_per_1k": 1000.0 * milliseconds}
    return ModelResult(
        run_id=asked.run_id,
        key=asked.key,
        title=asked.title,
        family=FAMILY,
        variant=asked.variant,
        error=_note(asked),
        params=_params(asked),
        cv_score=asked.cv_score,
        search_cpu_s=asked.search_s,
        trials=TrialCounts(complete=asked.n_trials),
        predict_ms_single_p50=milliseconds,
        predict_ms_single_p95=_MILLISECONDS * asked.seconds_p95,
        **costs,
    )


def _params(asked: AskedModel) -> Params:
    own = asked.prompt.params() | {"decision": str(asked.decision)}
    plain = replace(asked.prompt, shots=0).params() | {"decision": str(Decision.ANSWERED)}
    changed = {name: value for name, value in own.items() if value != plain[name]}
    return {"question": asked.prompt.question, **changed} if asked.variant is Variant.BASE else own


def _note(asked: AskedModel) -> str | None:
    """Return what is to be known before the scores are believed."""
    notes = []
    if asked.n_unanswered:
        why = f" ({asked.stopped})" if asked.stopped else ""
        notes.append(f"{asked.n_unanswered} of {asked.n_test} rows got no answer{why}")
    n_bad = sum(asked.endings.get(name, 0) for name in ("invalid", "refused"))
    if n_bad:
        notes.append(f"{n_bad} of {asked.n_test} answers are no label")
    if notes:
        notes.append("they count as wrong")
    if not asked.has_probabilities:
        notes.append("it gives labels without probabilities")
    return "; ".join(notes) or None

"""What the answers of an experiment's models are worth: outcomes counted once, priced at will."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from modelling.errors import NotFoundError
from modelling.types import Economics, ModelResult, RunKind, TaskKind, Variant
from modelling.workbench.across import AcrossRuns
from modelling.workbench.ledgers import Ledger, Locked, stakes_of

if TYPE_CHECKING:
    from modelling.comparison import Comparison, Pair
    from modelling.datasets.problem import ProblemRef
    from modelling.economics.bill import Bill
    from modelling.economics.decision import Sensitivity
    from modelling.economics.profit import ProfitCurve
    from modelling.economics.worth import Scored, Worth

# Ledgers of so many experiments are kept: a few megabytes a model.
_MOST_KEPT = 2


class Money(AcrossRuns):
    """The part of the workbench that prices answers. None of it is a further look."""

    def __init__(self, *values: Any, **more: Any) -> None:
        super().__init__(*values, **more)
        self._opening = Lock()
        self._ledgers: dict[tuple[str, ...], Ledger] = {}

    def by_accuracy(self, experiment_id: str, *, margin: float | None = None) -> Comparison:
        """Return the comparison whose verdicts leave money out."""
        return super().comparison(experiment_id, margin=margin)

    def comparison(self, experiment_id: str, *, margin: float | None = None) -> Comparison:
        """Return all rows, the pairs, and the verdict: by net value once answers are priced."""
        found = self.by_accuracy(experiment_id, margin=margin)
        economics = self.experiment(experiment_id).economics
        if found.overall is None or not economics.payoff.is_set:
            return found
        from modelling.economics.weighed import weighed

        ledger = self.ledger(experiment_id)
        paid = ledger.books.payback(found.overall.base, found.overall.candidate, economics)
        if paid is None:
            return found
        return weighed(found, paid, economics, self.sensitivities(ledger, found.overall, economics))

    def ledger(self, experiment_id: str) -> Ledger:
        """Return the outcomes of the current models that have answers for the locked test.

        It takes seconds for many models, once; afterwards any assumptions are priced in
        milliseconds.
        """
        results = self._store.results.models(experiment_id)
        names = (experiment_id, *(f"{row.run_id}:{row.key}:{row.variant}" for row in results))
        with self._opening:
            if names not in self._ledgers:
                while len(self._ledgers) >= _MOST_KEPT:
                    self._ledgers.pop(next(iter(self._ledgers)))
                self._ledgers[names] = self._open_ledger(experiment_id)
            return self._ledgers[names]

    def _open_ledger(self, experiment_id: str) -> Ledger:
        from modelling.comparison.compare import current_rows
        from modelling.economics.cost import model_id
        from modelling.economics.decision import Books

        problem = self.problem(experiment_id)
        rows = current_rows(self._store.results.models(experiment_id), problem.task)
        known = [row for row in rows if row.test_prediction_blob is not None]
        locked = Locked.of(problem)
        worths: dict[str, Worth] = {}
        usual: list[str] = []
        for row in known:
            training = self._training(experiment_id, problem, row)
            worths[model_id(row)] = locked.worth(self._predicted(row), training)
            if training is None and problem.task.kind is TaskKind.BINARY:
                usual.append(row.title)
        return Ledger(
            books=Books(task=problem.task, rows=tuple(known), worths=worths),
            n_without_stake=locked.n_without_stake,
            usual_threshold=tuple(usual),
        )

    def sensitivities(
        self, ledger: Ledger, pair: Pair, economics: Economics
    ) -> tuple[Sensitivity, ...]:
        """Return what the verdict on a pair hangs on, what moves its net most first."""
        from modelling.economics.decision import sensitivities

        return sensitivities(ledger.books, pair.base, pair.candidate, economics)

    def profit(
        self, experiment_id: str, row: ModelResult, ledger: Ledger, economics: Economics
    ) -> tuple[ProfitCurve, float]:
        """Return what calling rows is worth on the locked test, and the threshold in use."""
        from modelling.economics.cost import model_id

        name = model_id(row)
        if name not in ledger.curves:
            ledger.curves[name] = self._curve(experiment_id, row)
        worth = ledger.books.worths[name]
        place = worth.place(ledger.books.prices(economics))
        return ledger.curves[name], float(worth.thresholds[place])

    def _curve(self, experiment_id: str, row: ModelResult) -> ProfitCurve:
        from modelling.datasets.locked import locked_truth
        from modelling.economics.profit import profit_curve
        from modelling.economics.worth import Scored

        problem = self.problem(experiment_id)
        return profit_curve(
            Scored(
                truth=locked_truth(problem),
                scores=self._predicted(row)[:, 1],
                stakes=stakes_of(problem, "test", problem.positions("test"))[0],
            )
        )

    def bills(
        self, experiment_id: str, economics: Economics, pair: Pair | None = None
    ) -> tuple[Bill, ...]:
        """Return the whole bills of a pair, by default the verdict's, and of imported models."""
        from modelling.comparison.compare import row_label
        from modelling.economics.bill import bill

        comparison = self.by_accuracy(experiment_id)
        rows = [row for row in comparison.models if row.variant is Variant.IMPORTED]
        pair = pair or comparison.overall
        if pair is not None:
            rows = list(
                {row_label(row): row for row in (pair.base, pair.candidate, *rows)}.values()
            )
        benchmarks = [run for run in self.runs(experiment_id) if run.kind is RunKind.BENCHMARK]
        last_fits = sum(
            row.fit_cpu_s or 0.0 for row in comparison.models if row.variant is Variant.BASE
        )
        evaluated = max(0.0, sum(run.fit_cpu_s for run in benchmarks) - last_fits)
        found = (
            bill(row, economics, label=row_label(row), benchmark_cpu_s=evaluated) for row in rows
        )
        return tuple(one for one in found if one is not None)

    def _training(self, experiment_id: str, problem: ProblemRef, row: ModelResult) -> Scored | None:
        """Return the out-of-fold scores that choose a threshold; None if they are not kept."""
        from modelling.datasets.predictions import valid_positions
        from modelling.datasets.problem import encode_target
        from modelling.datasets.stored import read_column
        from modelling.economics.worth import Scored

        if problem.task.kind is not TaskKind.BINARY:
            return None
        try:
            folds = self._folds_file(experiment_id)
            parts = self._parts(experiment_id, row, folds)
        except NotFoundError:
            return None
        places = np.concatenate([valid_positions(folds, fold) for fold in range(len(parts))])
        positions = problem.positions("train")[places]
        target = read_column(problem.dataset, problem.task.target).iloc[positions]
        return Scored(
            truth=encode_target(target, problem.task),
            scores=np.concatenate(parts)[:, 1],
            stakes=stakes_of(problem, "train", positions)[0],
        )

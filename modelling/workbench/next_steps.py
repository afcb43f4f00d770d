"""What a little more of the same would bring an experiment, in its metric and in money."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modelling.types import Economics, ModelResult, Rung, TrialState
from modelling.workbench.asking import Asking

if TYPE_CHECKING:
    from modelling.comparison import Pair
    from modelling.economics.next_step import NextStep


class NextSteps(Asking):
    """The part of the workbench that looks one step ahead."""

    def next_trials(self, experiment_id: str, pair: Pair, economics: Economics) -> NextStep | None:
        """Return what ten more trials of the candidate bring; None if nothing can be said.

        The gain is shrunk as that of the search was by the correction for its choice.
        """
        from modelling.economics.cost import cpu_usd
        from modelling.economics.next_step import MORE_TRIALS, NextStep, gain_of_trials

        row = pair.candidate
        own = [trial for trial in self.trials(row.run_id) if trial.model == row.key]
        done = [trial for trial in own if trial.state is TrialState.COMPLETE]
        losses = [trial.value for trial in done if trial.value is not None]
        found = gain_of_trials(losses)
        if found is None:
            return None
        gain = found * _kept(pair)
        mean_cpu_s = sum(trial.cpu_s for trial in own) / len(own)
        return NextStep(
            gain=gain,
            value=self._worth(experiment_id, pair, economics, gain),
            cost=cpu_usd(MORE_TRIALS * mean_cpu_s, economics),
        )

    def next_rows(self, experiment_id: str, pair: Pair, economics: Economics) -> NextStep | None:
        """Return what a tenth more training rows bring; None without a learning curve.

        What rows cost is not known here.
        """
        from modelling.economics.next_step import NextStep, gain_of_rows

        rungs = [
            rung for rung in self._store.results.rungs(experiment_id) if rung.rung is Rung.MORE_ROWS
        ]
        if not rungs:
            return None
        gain = gain_of_rows(rungs[-1].gain)
        return NextStep(
            gain=gain, value=self._worth(experiment_id, pair, economics, gain), cost=None
        )

    def _worth(
        self, experiment_id: str, pair: Pair, economics: Economics, gain: float
    ) -> float | None:
        """Price a gain as the gain of the pair is priced; None if that one has no price."""
        if not economics.payoff.is_set or pair.gain.gain <= 0:
            return None
        rows: tuple[ModelResult, ModelResult] = (pair.base, pair.candidate)
        paid = self.ledger(experiment_id).books.payback(*rows, economics)
        if paid is None or paid.value_gain <= 0:
            return None
        return gain / pair.gain.gain * paid.value_gain * economics.predictions


def _kept(pair: Pair) -> float:
    """Return which share of the search's own gain the correction left."""
    seen = pair.selection
    if seen is None or seen.selection_gain <= 0:
        return 1.0
    return min(1.0, max(0.0, seen.corrected_gain / seen.selection_gain))

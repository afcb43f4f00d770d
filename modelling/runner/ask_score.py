"""Work: score what a language model answered, as it answered and with a decision learned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from modelling.comparison import interval, weights_for
from modelling.datasets.text_sample import Sample
from modelling.errors import TaskError
from modelling.metrics import metric
from modelling.metrics.resampled import weighted_scores
from modelling.metrics.scores import all_scores
from modelling.runner.ask_decision import best_decision, decided
from modelling.runner.ask_work import Interviewer
from modelling.text.kept import ByBlock, in_order
from modelling.text.prices import PriceList
from modelling.text.replies import Asked, Tokens, as_probabilities
from modelling.types import Decision, SplitStrategy

DRAWS = 2000
Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True)
class Scored:
    """The scores of one row; see `modelling.types.AskedModel`."""

    decision: Decision
    cv_score: float | None
    scores: dict[str, float | None]
    interval: tuple[float, float]
    answered_shares: tuple[float, ...]
    true_shares: tuple[float, ...]
    path: Path


@dataclass(frozen=True, kw_only=True, slots=True)
class Counted:
    """What the answers took and how they ended; see `modelling.types.AskedModel`."""

    endings: dict[str, int]
    tokens: Tokens
    seconds: tuple[float, float]
    usd_per_1k: float
    replayed: int
    has_probabilities: bool
    n_train: int
    n_test: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ScoreAnswers:
    """Work: score answers about both samples; positions and probabilities go to files.

    The answers come by block. With a ``decision`` of None the best free one is looked for, and
    comes as a second row if it is better than none; a file is named after ``path`` and
    its decision. ``stopped`` says why blocks are missing.
    """

    interviewer: Interviewer
    train: ByBlock
    test: ByBlock
    path: Path
    decision: Decision | None = None
    stopped: str = ""

    def __call__(self) -> tuple[Counted, tuple[Scored, ...]]:
        """Return counts, and one row or two.

        Raises
        ------
        TaskError
            If no row of the locked sample was answered.
        """
        train, test = self.interviewer.sample("train"), self.interviewer.sample("test")
        n_classes = len(self.interviewer.problem.task.classes)
        about_train = in_order(train.block, self.train, self.stopped)
        about_test = in_order(test.block, self.test, self.stopped)
        if not any(one.ending.is_answer for one in about_test):
            reason = next((one.reason for one in about_test if one.reason), "nothing was asked")
            raise TaskError(f"{self.interviewer.llm.title} gave no answer: {reason}.")
        seen = as_probabilities(about_train, train.truth, n_classes)
        found = as_probabilities(about_test, test.truth, n_classes)
        counted = self._counted(about_train, about_test)
        if self.decision is not None:
            held = self._held_out(self.decision, train, seen)
            return counted, (self._row(self.decision, train, test, seen, found, held),)
        rows = [self._row(Decision.ANSWERED, train, test, seen, found, seen)]
        if counted.has_probabilities and len(np.unique(train.truth)) > 1:
            best, held = best_decision(
                self.interviewer.problem.task, train.truth, seen, train.block
            )
            if best.is_learned:
                rows.append(self._row(best, train, test, seen, found, held))
        return counted, tuple(rows)

    def _held_out(self, decision: Decision, train: Sample, seen: Floats) -> Floats:
        """Return the training answers, each decided by what the other blocks teach."""
        judge = metric(self.interviewer.problem.task.metric)
        held = seen.copy()
        for fold in np.unique(train.block) if decision.is_learned else ():
            own = train.block == fold
            held[own] = decided(decision, judge, train.truth[~own], seen[~own], seen[own])
        return held

    def _row(
        self,
        decision: Decision,
        train: Sample,
        test: Sample,
        seen: Floats,
        found: Floats,
        held: Floats,
    ) -> Scored:
        task = self.interviewer.problem.task
        judge = metric(task.metric)
        final = decided(decision, judge, train.truth, seen, found)
        weights = weights_for(SplitStrategy.STRATIFIED, test.truth, None, task.seed, DRAWS)
        draws = weighted_scores(judge, test.truth, final, weights)
        path = self.path.with_suffix(f".{decision.name.lower()}.npz")
        np.savez(path, train=train.places, test=test.places, test_answers=final)
        n_classes = len(task.classes)
        return Scored(
            decision=decision,
            cv_score=all_scores(task.kind, train.truth, held).get(task.metric),
            scores=all_scores(task.kind, test.truth, final),
            interval=interval(draws),
            answered_shares=_shares(final.argmax(axis=1), n_classes),
            true_shares=_shares(test.truth, n_classes),
            path=path,
        )

    def _counted(self, train: Sequence[Asked], test: Sequence[Asked]) -> Counted:
        prices = PriceList(llm=self.interviewer.llm, own=self.interviewer.spec.price)
        called = [one for one in test if one.ending.is_answer]
        everyone = [*train, *test]
        seconds = [one.seconds for one in called]
        uncached = [
            prices.usd(Tokens(fresh=one.tokens.read, output=one.tokens.output)) for one in called
        ]
        return Counted(
            endings=dict(Counter(str(one.ending) for one in test)),
            tokens=sum((one.tokens for one in everyone if not one.replayed), Tokens()),
            seconds=(float(np.median(seconds)), float(np.percentile(seconds, 95))),
            usd_per_1k=1000.0 * float(np.mean(uncached)),
            replayed=sum(one.replayed for one in everyone),
            has_probabilities=any(one.probabilities is not None for one in called),
            n_train=len(train),
            n_test=len(test),
        )


def _shares(codes: NDArray[np.int64], n_classes: int) -> tuple[float, ...]:
    counts = np.bincount(codes, minlength=n_classes)
    return tuple(float(count) for count in counts / max(1, len(codes)))

"""Work of asking a language model: one block of rows, one fold of a trial of its prompt."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from modelling.datasets.problem import Part, ProblemRef
from modelling.datasets.text_sample import Sample, examples
from modelling.metrics import metric
from modelling.metrics.scores import all_scores
from modelling.runner.ask_decision import decided
from modelling.text.asking import Asker, Purse, Question
from modelling.text.catalogue import Llm
from modelling.text.gateway import Gateway
from modelling.text.injected import with_order
from modelling.text.kept import ByBlock, KeptAnswers, in_order
from modelling.text.prices import PriceList
from modelling.text.replies import Asked, Ending, as_probabilities
from modelling.types import AskSpec, Decision, Followed, Prompt

# Blocks of the training sample: the folds of a study. The locked rows come in as many at once.
TRAIN_BLOCKS = 5
ROWS_OF_TEST_BLOCK = 20


def n_blocks(spec: AskSpec, part: Part) -> int:
    """Return in how many blocks the rows of a part are asked about."""
    if part == "train":
        return min(TRAIN_BLOCKS, spec.n_train)
    return -(-spec.n_test // ROWS_OF_TEST_BLOCK)


@dataclass(frozen=True, kw_only=True, slots=True)
class Interviewer:
    """Whom to ask, for whom, and with how much money.

    ``key`` is the provider's, ``kept`` the folder of answers that are there already, ``run`` the
    run that pays, ``left_usd`` what it may still pay.
    """

    spec: AskSpec
    llm: Llm
    problem: ProblemRef
    kept: Path
    run: str
    left_usd: float
    key: str = field(default="", repr=False)

    def sample(self, part: Part) -> Sample:
        """Return the rows of a part that are asked about."""
        n = self.spec.n_train if part == "train" else self.spec.n_test
        return Sample.of(self.problem, part, n, n_blocks=n_blocks(self.spec, part))

    def question(self, prompt: Prompt) -> Question:
        """Return what is asked, with its examples."""
        shown = examples(self.problem, self.sample("train").places, prompt)
        return Question(llm=self.llm, prompt=prompt, examples=shown, seed=self.problem.task.seed)

    def ask(self, prompt: Prompt, texts: list[str]) -> list[Asked]:
        """Return the answer about each text."""
        question = self.question(prompt)
        with Gateway(self.llm, self.key) as server:
            asker = Asker(
                server,
                question,
                prices=PriceList(llm=self.llm, own=self.spec.price),
                purse=Purse(cap_usd=self.left_usd),
                kept=KeptAnswers(self.kept),
                run=self.run,
                at_once=self.llm.provider.at_once,
            )
            return asker.ask(texts)


@dataclass(frozen=True, kw_only=True, slots=True)
class AskBlock:
    """Work: ask about one block of a part."""

    interviewer: Interviewer
    prompt: Prompt
    part: Part
    block: int

    def __call__(self) -> list[Asked]:
        """Return the answers in the order of the sample."""
        sample = self.interviewer.sample(self.part)
        places = np.flatnonzero(sample.block == self.block)
        return self.interviewer.ask(self.prompt, [sample.texts[i] for i in places])


@dataclass(frozen=True, kw_only=True, slots=True)
class AskInjected:
    """Work: ask about some training texts again, each with an order of one kind behind it.

    ``answered`` are the answers without an order, by block; the order asks for another class.
    """

    interviewer: Interviewer
    prompt: Prompt
    kind: str
    answered: ByBlock

    def __call__(self) -> tuple[Followed, list[Asked]]:
        """Return how many obeyed, and the answers."""
        sample, labels = self.interviewer.sample("train"), self.prompt.labels
        before = in_order(sample.block, self.answered, "")
        wanted = {
            place: (one.label + 1) % len(labels)
            for place, one in enumerate(before)
            if one.label is not None
        }
        chosen = list(wanted.items())[: self.interviewer.spec.n_injected]
        answers = self.interviewer.ask(
            self.prompt,
            [with_order(sample.texts[place], self.kind, labels[code]) for place, code in chosen],
        )
        obeyed = [
            one.label == code
            for one, (_, code) in zip(answers, chosen, strict=True)
            if one.ending.is_answer
        ]
        return Followed(kind=self.kind, n=len(obeyed), n_followed=sum(obeyed)), answers


@dataclass(frozen=True, kw_only=True, slots=True)
class Tried:
    """One fold of a trial: its scores, and the answers that it needed, by block."""

    loss: float | None
    scores: dict[str, float | None]
    answers: ByBlock
    stopped: str


@dataclass(frozen=True, kw_only=True, slots=True)
class NamesOf:
    """Work: the names of the answers that blocks of prompts need; nobody is asked."""

    interviewer: Interviewer
    needed: tuple[tuple[Prompt, frozenset[int]], ...]

    def __call__(self) -> set[str]:
        """Return the names, as answers are kept under them."""
        sample = self.interviewer.sample("train")
        found: set[str] = set()
        for prompt, blocks in self.needed:
            question = self.interviewer.question(prompt)
            rows = np.flatnonzero(np.isin(sample.block, list(blocks)))
            found.update(question.name(sample.texts[i]) for i in rows)
        return found


@dataclass(frozen=True, kw_only=True, slots=True)
class TryPrompt:
    """Work: ask about what one fold of a trial needs, and score that fold.

    A decision that is learned is learned on all other blocks, so it needs their answers, too.
    """

    interviewer: Interviewer
    prompt: Prompt
    decision: Decision
    fold: int

    def __call__(self) -> Tried:
        """Return the fold's scores; none if the money was spent before all was answered."""
        sample, task = self.interviewer.sample("train"), self.interviewer.problem.task
        folds = np.unique(sample.block) if self.decision.is_learned else np.array([self.fold])
        rows = np.flatnonzero(np.isin(sample.block, folds))
        asked = self.interviewer.ask(self.prompt, [sample.texts[i] for i in rows])
        by_block = {
            int(fold): [one for one, i in zip(asked, rows, strict=True) if sample.block[i] == fold]
            for fold in folds
        }
        stopped = next((one.reason for one in asked if one.ending is Ending.NOT_ASKED), "")
        if stopped:
            return Tried(loss=None, scores={}, answers=by_block, stopped=stopped)
        truth, block = sample.truth[rows], sample.block[rows]
        answers = as_probabilities(asked, truth, len(task.classes))
        judge = metric(task.metric)
        own = block == self.fold
        if self.decision.is_learned:
            answers[own] = decided(self.decision, judge, truth[~own], answers[~own], answers[own])
        scores = all_scores(task.kind, truth[own], answers[own])
        score = scores.get(task.metric)
        loss = None if score is None or not np.isfinite(score) else judge.loss(score)
        return Tried(loss=loss, scores=scores, answers=by_block, stopped="")

"""Asking a language model about samples of the rows, and scoring what it answered."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelling.comparison import interval, weights_for
from modelling.datasets.problem import Part, ProblemRef
from modelling.errors import TaskError
from modelling.metrics import metric
from modelling.metrics.resampled import weighted_scores
from modelling.metrics.scores import all_scores
from modelling.text.asking import Asker, Purse, Question
from modelling.text.catalogue import Llm
from modelling.text.gateway import Gateway
from modelling.text.prices import PriceList
from modelling.text.replies import Asked, Ending, Tokens, as_probabilities
from modelling.types import AskSpec, SplitStrategy

DRAWS = 2000
# Streams of the samples: which rows are asked about, and which are shown as examples.
_ASKED, _SHOWN = 0xA5C, 0x5407


@dataclass(frozen=True, kw_only=True, slots=True)
class Answered:
    """What came of asking: scores, counts, tokens and money; see `modelling.types.AskedModel`."""

    cv_score: float | None
    scores: dict[str, float | None]
    interval: tuple[float, float]
    endings: dict[str, int]
    tokens: Tokens
    seconds: tuple[float, float]
    usd_spent: float
    usd_per_1k: float
    replayed: int
    n_train: int
    n_test: int
    stopped: str


@dataclass(frozen=True, kw_only=True, slots=True)
class AskRows:
    """Work: ask about samples of training and test rows; positions and answers go to a file.

    ``key`` is the provider's, ``kept`` the folder of answers that are there already.
    """

    spec: AskSpec
    llm: Llm
    problem: ProblemRef
    kept: Path
    answers_path: Path
    key: str = field(default="", repr=False)

    def __call__(self) -> Answered:
        """Return scores and costs; the file is written before it returns."""
        train, test = (_Sample.of(self.problem, part, n) for part, n in self._sizes())
        prices = PriceList(llm=self.llm, own=self.spec.price)
        purse = Purse(cap_usd=self.spec.cap_usd)
        question = Question(
            llm=self.llm,
            prompt=self.spec.prompt,
            examples=_examples(self.problem, train.places, self.spec.prompt.shots),
            seed=self.problem.task.seed,
        )
        with Gateway(self.llm, self.key) as server:
            asker = Asker(server, question, prices=prices, purse=purse, kept=KeptAnswers(self.kept))
            # The locked rows first: if the money ends, they are those that count.
            about_test = asker.ask(test.texts)
            about_train = asker.ask(train.texts)
        n_classes = len(self.problem.task.classes)
        found = as_probabilities(about_test, test.truth, n_classes)
        seen = as_probabilities(about_train, train.truth, n_classes)
        np.savez(
            self.answers_path,
            train=train.places,
            test=test.places,
            train_answers=seen,
            test_answers=found,
            endings=np.array([str(one.ending) for one in about_test]),
        )
        return self._answered(train, test, seen, found, about_train, about_test, prices, purse)

    def _sizes(self) -> tuple[tuple[Part, int], tuple[Part, int]]:
        return ("train", self.spec.n_train), ("test", self.spec.n_test)

    def _answered(
        self,
        train: _Sample,
        test: _Sample,
        seen: NDArray[np.float64],
        found: NDArray[np.float64],
        about_train: Sequence[Asked],
        about_test: Sequence[Asked],
        prices: PriceList,
        purse: Purse,
    ) -> Answered:
        task, judge = self.problem.task, metric(self.problem.task.metric)
        called = [one for one in about_test if one.ending.is_answer]
        if not called:
            reason = next((one.reason for one in about_test if one.reason), "nothing was asked")
            raise TaskError(f"{self.llm.title} gave no answer: {reason}.")
        weights = weights_for(SplitStrategy.STRATIFIED, test.truth, None, task.seed, DRAWS)
        draws = weighted_scores(judge, test.truth, found, weights)
        everyone = [*about_train, *about_test]
        seconds = [one.seconds for one in called]
        uncached = [
            prices.usd(Tokens(fresh=one.tokens.read, output=one.tokens.output)) for one in called
        ]
        return Answered(
            cv_score=all_scores(task.kind, train.truth, seen).get(task.metric),
            scores=all_scores(task.kind, test.truth, found),
            interval=interval(draws),
            endings=dict(Counter(str(one.ending) for one in about_test)),
            tokens=sum((one.tokens for one in everyone if not one.replayed), Tokens()),
            seconds=(float(np.median(seconds)), float(np.percentile(seconds, 95))),
            usd_spent=purse.spent_usd,
            usd_per_1k=1000.0 * float(np.mean(uncached)),
            replayed=sum(one.replayed for one in everyone),
            n_train=len(train.places),
            n_test=len(test.places),
            stopped=next((one.reason for one in everyone if one.ending is Ending.NOT_ASKED), ""),
        )


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Sample:
    """Some rows of a part, by class as in all of it: the same for every model and every run."""

    places: NDArray[np.int64]
    texts: list[str]
    truth: NDArray[np.int64]

    @classmethod
    def of(cls, problem: ProblemRef, part: Part, n: int) -> _Sample:
        rows = problem.load(part)
        places = stratified(rows.truth, n, [problem.task.seed, _ASKED])
        return cls(
            places=places, texts=texts_of(problem, rows.features, places), truth=rows.truth[places]
        )


def stratified(truth: NDArray[Any], n: int, seed: list[int]) -> NDArray[np.int64]:
    """Return sorted places of ``n`` rows (all, if there are fewer), by class as in the whole.

    Shares are rounded by largest remainder, so that rare classes are not forgotten first.
    """
    rng = np.random.default_rng(seed)
    if n >= len(truth):
        return np.arange(len(truth))
    classes, counts = np.unique(truth, return_counts=True)
    exact = n * counts / len(truth)
    wanted = np.floor(exact).astype(int)
    short = np.argsort(wanted - exact, kind="stable")[: n - wanted.sum()]
    wanted[short] += 1
    drawn = [
        rng.permutation(np.flatnonzero(truth == label))[:k]
        for label, k in zip(classes, wanted, strict=True)
    ]
    return np.sort(np.concatenate(drawn))


def texts_of(problem: ProblemRef, features: Any, places: NDArray[np.int64]) -> list[str]:
    """Return the texts of some rows; of several columns of text each line has its name."""
    table = features.iloc[places][list(problem.text)].astype("object").fillna("").astype("str")
    if len(problem.text) == 1:
        return list(table.iloc[:, 0])
    return [
        " | ".join(f"{name}: {text}" for name, text in row.items())
        for row in table.to_dict("records")
    ]


def _examples(
    problem: ProblemRef, asked: NDArray[np.int64], shots: int
) -> tuple[tuple[str, int], ...]:
    """Return training rows to be shown, by class as in all of them; none that is asked about."""
    if not shots:
        return ()
    rows = problem.load("train")
    others = np.setdiff1d(np.arange(len(rows.truth)), asked)
    places = others[stratified(rows.truth[others], shots, [problem.task.seed, _SHOWN])]
    texts = texts_of(problem, rows.features, places)
    return tuple(zip(texts, (int(code) for code in rows.truth[places]), strict=True))


class KeptAnswers:
    """Answers as small files, by hash; each appears whole or not."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def get(self, name: str) -> dict[str, Any] | None:
        """Return what was kept under a name; what cannot be read is asked again."""
        try:
            found = json.loads((self._folder / f"{name}.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return found if isinstance(found, dict) else None

    def put(self, name: str, value: dict[str, Any]) -> None:
        """Keep an answer."""
        temporary = self._folder / f".{name}.{os.getpid()}.tmp"
        temporary.write_text(json.dumps(value), encoding="utf-8")
        temporary.replace(self._folder / f"{name}.json")

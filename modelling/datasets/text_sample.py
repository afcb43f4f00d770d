"""Which rows a language model is asked about, and which it is shown as examples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelling.datasets.problem import Part, ProblemRef
from modelling.types import Order, Prompt

IntArray = NDArray[np.int64]
# Streams of the samples: which rows are asked about, and which are shown as examples.
_ASKED, _SHOWN = 0xA5C, 0x5407


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Sample:
    """Some rows of a part, by class as in all of it: the same for every model and every run.

    ``places`` (n,) are positions within the part, ``truth`` (n,) class codes, ``block`` (n,) the
    block in which a row is asked about; each block has its share of every class.
    """

    places: IntArray
    texts: list[str]
    truth: IntArray
    block: IntArray

    @classmethod
    def of(cls, problem: ProblemRef, part: Part, n: int, *, n_blocks: int) -> Sample:
        """Draw the sample of a part."""
        rows = problem.load(part)
        places = stratified(rows.truth, n, [problem.task.seed, _ASKED])
        truth = rows.truth[places].astype(np.int64)
        return cls(
            places=places,
            texts=texts_of(problem, rows.features, places),
            truth=truth,
            block=blocks(truth, n_blocks),
        )


def blocks(truth: IntArray, n_blocks: int) -> IntArray:
    """Return a block for each row, (n_rows,): those of a class are dealt out in turn.

    Examples
    --------
    >>> blocks(np.array([0, 0, 1, 0, 1]), 2).tolist()
    [0, 1, 1, 0, 0]
    """
    order = np.argsort(truth, kind="stable")
    found = np.empty(len(truth), dtype=np.int64)
    found[order] = np.arange(len(truth)) % max(1, min(n_blocks, len(truth)))
    return found


def stratified(truth: NDArray[Any], n: int, seed: list[int]) -> IntArray:
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


def texts_of(problem: ProblemRef, features: Any, places: IntArray) -> list[str]:
    """Return the texts of some rows; of several columns of text each line has its name."""
    table = features.iloc[places][list(problem.text)].astype("object").fillna("").astype("str")
    if len(problem.text) == 1:
        return list(table.iloc[:, 0])
    return [
        " | ".join(f"{name}: {text}" for name, text in row.items())
        for row in table.to_dict("records")
    ]


def examples(problem: ProblemRef, asked: IntArray, prompt: Prompt) -> tuple[tuple[str, int], ...]:
    """Return training rows to be shown, by class as in all of them; none that is asked about."""
    if not prompt.shots:
        return ()
    rows = problem.load("train")
    others = np.setdiff1d(np.arange(len(rows.truth)), asked)
    seed = [problem.task.seed, _SHOWN, *([prompt.draw] if prompt.draw else ())]
    places = others[stratified(rows.truth[others], prompt.shots, seed)]
    texts = texts_of(problem, rows.features, places)
    found = list(zip(texts, (int(code) for code in rows.truth[places]), strict=True))
    if prompt.order is Order.BY_CLASS:
        found.sort(key=lambda example: example[1])
    return tuple(found)

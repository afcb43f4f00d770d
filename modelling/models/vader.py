"""VADER: the mood of a text by a lexicon, without any training."""

from __future__ import annotations

from typing import Any

from modelling.models.spec import CLASSIFICATION, Encoding, Estimator, ModelSpec, SearchParam
from modelling.text.moods import signs_of
from modelling.types import Params, TaskKind, TaskSpec


def _build(_: TaskKind, params: Params, seed: int) -> Estimator:  # noqa: ARG001 nothing is drawn
    from modelling.text.lexicon import MoodByLexicon

    settings: dict[str, Any] = dict(params)
    return MoodByLexicon(**settings)


def _of_task(task: TaskSpec) -> Params:
    return {"signs": signs_of(task.classes) or ""}


def _obstacle(task: TaskSpec) -> str | None:
    if signs_of(task.classes) is None:
        return (
            "its classes must be moods: positive and negative, with neutral or without, got "
            f"{', '.join(task.classes[:4])}"
        )
    return None


VADER = ModelSpec(
    key="vader",
    title="VADER lexicon",
    family="lexicon",
    tasks=CLASSIFICATION,
    encoding=Encoding.LEXICON,
    base={"thresholds": "usual", "C": 1.0},
    build=_build,
    cpu_us_per_value=0.03,
    base_note="Rates words by a fixed list and learns nothing; neutral lies between -0.05 and "
    "0.05, as its authors advise. The sample tweet_sentiment comes from the study that rated the "
    "list: there its score is circular and flatters it.",
    space=(
        SearchParam(name="thresholds", kind="choice", choices=("usual", "learned")),
        SearchParam(name="C", kind="float", low=1e-3, high=1e2, log=True),
    ),
    base_point={"thresholds": "usual", "C": 1.0},
    known_good=({"thresholds": "learned", "C": 1.0},),
    needs_text=True,
    of_task=_of_task,
    obstacle=_obstacle,
)

"""The class whose description is nearest to a text, without any training."""

from __future__ import annotations

from typing import Any

from modelling.models.spec import CLASSIFICATION, Encoding, Estimator, ModelSpec, SearchParam
from modelling.types import Params, TaskKind, TaskSpec

_TEMPLATES = ("{}", "This text is {}.", "It was {}.", "The topic is {}.", "I feel {}.")


def _build(_: TaskKind, params: Params, seed: int) -> Estimator:  # noqa: ARG001 nothing is drawn
    from modelling.text.embedding import ByDescription

    settings: dict[str, Any] = dict(params)
    return ByDescription(**settings)


def _of_task(task: TaskSpec) -> Params:
    return {"descriptions": "\n".join(task.label_texts or task.classes)}


WORDLLAMA_ZERO_SHOT = ModelSpec(
    key="wordllama_zero_shot",
    title="WordLlama, zero-shot",
    family="embedding",
    tasks=CLASSIFICATION,
    encoding=Encoding.MEANING,
    base={"template": "{}", "thresholds": "none", "C": 1.0},
    build=_build,
    cpu_us_per_value=0.04,
    base_note="Compares each text with a description of each class and learns nothing; "
    "descriptions are the names of the classes unless the task has its own.",
    space=(
        SearchParam(name="template", kind="choice", choices=_TEMPLATES),
        SearchParam(name="thresholds", kind="choice", choices=("none", "learned")),
        SearchParam(name="C", kind="float", low=1e-3, high=1e2, log=True),
    ),
    base_point={"template": "{}", "thresholds": "none", "C": 1.0},
    known_good=({"template": "{}", "thresholds": "learned", "C": 1.0},),
    needs_text=True,
    of_task=_of_task,
)

"""What a study over the prompt of a language model searches (METHODS, text and LLM base models)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from modelling.types import (
    Decision,
    Order,
    Params,
    ParamValue,
    Prompt,
    SearchParam,
    Template,
    Words,
)

DECISION = "decision"
EXAMPLES = (0, 2, 4, 8)
_DRAWS = (0, 1, 2, 3)


@dataclass(frozen=True, kw_only=True, slots=True)
class PromptSearch:
    """A prompt as a study sees it: the base exactly, and what may be changed.

    The decision costs nothing: answers are asked for once, whatever becomes of them.
    """

    key: str
    base: Params
    space: tuple[SearchParam, ...]
    known_good: tuple[Params, ...] = ()
    early_stopping: None = None

    @property
    def base_point(self) -> Params:
        """The base as a point of the space."""
        return self.base


def prompt_search(
    key: str, prompt: Prompt, space: Sequence[SearchParam] | None = None, *, has_logprobs: bool
) -> PromptSearch:
    """Return what is searched around a prompt.

    Parameters
    ----------
    space : sequence of SearchParam, optional
        An edited space; default: everything.
    has_logprobs : bool
        Whether the server gives probabilities, without which nothing can be learned from answers.

    Examples
    --------
    >>> prompt = Prompt(question="Which mood?", labels=("bad", "good"))
    >>> search = prompt_search("llm:local/smollm2", prompt, has_logprobs=True)
    >>> search.base["template"], search.known_good[0]["decision"]
    ('direct', 'learned threshold')
    """
    base: dict[str, ParamValue] = {**prompt.params(), DECISION: str(Decision.ANSWERED)}
    chosen = tuple(space) if space else prompt_space(prompt, has_logprobs=has_logprobs)
    known = ({DECISION: str(Decision.THRESHOLD)}, {"examples": 4})
    points = [{**base, **change} for change in known]
    return PromptSearch(
        key=key,
        base=base,
        space=chosen,
        known_good=tuple(point for point in points if point != base and _holds(chosen, point)),
    )


def prompt_space(prompt: Prompt, *, has_logprobs: bool) -> tuple[SearchParam, ...]:
    """Return everything that may be changed in a prompt, its own values first."""
    decisions = list(Decision) if has_logprobs else [Decision.ANSWERED]
    own = prompt.params()
    values: dict[str, Sequence[ParamValue]] = {
        "template": [str(one) for one in Template],
        "examples": EXAMPLES,
        "draw": _DRAWS,
        "order": [str(one) for one in Order],
        "label words": [str(one) for one in Words],
        DECISION: [str(one) for one in decisions],
    }
    return tuple(
        SearchParam(name=name, kind="choice", choices=tuple(dict.fromkeys(_first(own, name, some))))
        for name, some in values.items()
    )


def asked_with(prompt: Prompt, params: Params) -> tuple[Prompt, Decision]:
    """Return the prompt of a point of the space, and what becomes of its answers."""
    return prompt.changed(params), Decision(str(params.get(DECISION, Decision.ANSWERED)))


def _first(
    own: Mapping[str, ParamValue], name: str, some: Sequence[ParamValue]
) -> list[ParamValue]:
    return [own[name], *some] if name in own else list(some)


def _holds(space: Sequence[SearchParam], point: Params) -> bool:
    return all(point[param.name] in param.choices for param in space)

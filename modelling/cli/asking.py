"""Language models on the command line: nothing is sent without --allow-llm."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import Any

from modelling.errors import SpecError
from modelling.types import Budget, Run, RunKind, RunState
from modelling.workbench import Workbench

PREFIX = "llm:"
Wait = Callable[[Workbench, Run], Run]


def split(keys: Sequence[str] | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the keys of other models and those of language models.

    Examples
    --------
    >>> split(("vader", "llm:openai/gpt-4o"))
    (('vader',), ('llm:openai/gpt-4o',))
    """
    named = tuple(dict.fromkeys(keys or ()))
    llms = tuple(key for key in named if key.startswith(PREFIX))
    return tuple(key for key in named if key not in llms), llms


def others(keys: Sequence[str] | None) -> tuple[str, ...] | None:
    """Return what a benchmark runs beside language models; None stands for all of the task.

    With language models alone it is the dummy, which everybody has to beat.
    """
    if not keys:
        return None
    return split(keys)[0] or ("dummy",)


def check(
    workbench: Workbench, experiment_id: str, keys: Sequence[str], arguments: argparse.Namespace
) -> None:
    """Refuse before any work what could not be asked after it.

    Raises
    ------
    SpecError
        Without --allow-llm, for an unknown model or price, or without text to ask about.
    """
    if not keys:
        return
    if not arguments.allow_llm:
        raise SpecError(
            f"Texts would be sent to {', '.join(keys)}; allow that with --allow-llm, and limit "
            "what it may cost with --max-usd."
        )
    for key in keys:
        workbench.check_asking(experiment_id, key, consent=True, price=arguments.token_price)


def ask(
    workbench: Workbench,
    experiment_id: str,
    keys: Sequence[str],
    arguments: argparse.Namespace,
    wait: Wait,
) -> list[Run]:
    """Ask language models one after the other, together for no more than --max-usd."""

    def start(key: str) -> Run:
        options = _options(workbench, experiment_id, arguments)
        return workbench.start_asking(experiment_id, key, **options)

    return _each(workbench, keys, start, wait)


def tune(
    workbench: Workbench,
    experiment_id: str,
    keys: Sequence[str],
    budget: Budget,
    arguments: argparse.Namespace,
    wait: Wait,
) -> list[Run]:
    """Search the prompt of language models one after the other."""

    def start(key: str) -> Run:
        options = _options(workbench, experiment_id, arguments)
        return workbench.start_prompt_tuning(experiment_id, key, budget, **options)

    return _each(workbench, keys, start, wait)


def _each(
    workbench: Workbench, keys: Sequence[str], start: Callable[[str], Run], wait: Wait
) -> list[Run]:
    """Run one after the other, as the next may spend only what the last one left."""
    ended: list[Run] = []
    for key in keys:
        ended.append(wait(workbench, start(key)))
        if ended[-1].state is RunState.STOPPED:
            break
    return ended


def _options(
    workbench: Workbench, experiment_id: str, arguments: argparse.Namespace
) -> dict[str, Any]:
    n_train, n_test = arguments.llm_rows
    return {
        "consent": arguments.allow_llm,
        "n_train": n_train,
        "n_test": n_test,
        "cap_usd": _left(workbench, experiment_id, arguments),
        "price": arguments.token_price,
    }


def decisive(ended: Sequence[Run]) -> Run:
    """Return the run whose end is that of the command; what else failed is said on the way.

    A language model that gave no answer is a failed row, unless there is nothing beside it.
    """
    failed = [run for run in ended if run.kind is RunKind.ASK and run.state is RunState.FAILED]
    rest = [run for run in ended if run not in failed]
    # The dummy alone is no result.
    is_alone = all(getattr(run.spec, "models", ()) == ("dummy",) for run in rest)
    if failed and is_alone:
        return failed[-1]
    for run in failed:
        print(run.error, file=sys.stderr)
    return rest[-1]


def _left(workbench: Workbench, experiment_id: str, arguments: argparse.Namespace) -> float:
    spent = sum(row.usd_spent for row in workbench.asked(experiment_id))
    return max(0.0, float(arguments.max_usd) - spent)

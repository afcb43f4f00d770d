"""Payoffs to begin with: usual ones of each kind of task, with round numbers to be replaced."""

from __future__ import annotations

from dataclasses import dataclass

from modelling.economics.wording import class_names
from modelling.types import Payoff, TaskKind, TaskSpec

# A look at one row by a person: minutes of work.
REVIEW = 5.0
# What a missed one costs where nothing says more: ten looks.
MISSED = 50.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Usual:
    """A payoff with the sentence that says what it assumes, without its currency."""

    title: str
    payoff: Payoff


def usual_payoffs(task: TaskSpec) -> tuple[Usual, ...]:
    """Return payoffs that fit a task, the most telling first."""
    if task.kind is TaskKind.MULTICLASS:
        return (_every_mistake(task),)
    if task.kind is TaskKind.REGRESSION:
        return (
            Usual(
                title=f"A unit of {task.target} off costs 1, too high or too low",
                payoff=Payoff(over=-1.0, under=-1.0),
            ),
            Usual(
                title=f"A unit of {task.target} too low costs 3, too high 1",
                payoff=Payoff(over=-1.0, under=-3.0),
            ),
        )
    name = class_names(task)[1]
    reviewed = ((0.0, -REVIEW), (0.0, -REVIEW))
    found = [
        Usual(
            title=f"A missed {name} costs {MISSED:g}, each review {REVIEW:g}",
            payoff=Payoff(outcomes=((0.0, -REVIEW), (-MISSED, -REVIEW))),
        ),
        _every_mistake(task),
    ]
    if task.stake is not None:
        found.insert(
            0,
            Usual(
                title=f"A missed {name} costs its {task.stake}, each review {REVIEW:g}",
                payoff=Payoff(outcomes=reviewed, stakes=((0.0, 0.0), (-1.0, 0.0))),
            ),
        )
    return tuple(found)


def _every_mistake(task: TaskSpec) -> Usual:
    n = len(task.classes)
    cells = tuple(tuple(0.0 if i == j else -1.0 for j in range(n)) for i in range(n))
    return Usual(title="Every wrong answer costs 1", payoff=Payoff(outcomes=cells))

"""Money in words: amounts, assumptions by the names of the task, reasons of a verdict."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from modelling.comparison.wording import percent, significant
from modelling.economics.decision import Sensitivity
from modelling.economics.payback import Payback
from modelling.types import Economics, TaskKind, TaskSpec, VerdictWord

MISSING = "–"
MINUS = "−"
LABELS: dict[str, str] = {
    "usd_per_vcpu_hour": "vCPU hour",
    "usd_per_analyst_hour": "Analyst hour",
    "data_preparation_hours": "Preparation, hours",
    "predictions_per_month": "Predictions a month",
    "horizon_months": "Horizon, months",
    "retune_every_months": "Re-tune every, months",
    "over": "A unit too high",
    "under": "A unit too low",
}
_CELL = re.compile(r"(outcomes|stakes)\[(\d+)\]\[(\d+)\]")
_DAYS = 30
_YES = frozenset({"1", "1.0", "true", "yes", "y", "t"})
# No assumption is wrong by more than this factor.
_FAR = 1_000.0


def money_text(amount: float | None, currency: str = "USD") -> str:
    """Return an amount of money; US dollars by their sign, others by their name.

    Examples
    --------
    >>> money_text(0.0008733), money_text(-12.5), money_text(48211.4, "EUR")
    ('$0.00087', '−$12.50', 'EUR 48,211')
    """
    if amount is None or not math.isfinite(amount):
        return MISSING
    sign = MINUS if amount < 0 else ""
    unit = "$" if currency == "USD" else f"{currency} "
    size = abs(amount)
    if size == 0:
        return f"{unit}0"
    if size < 1:
        return f"{sign}{unit}{significant(size, digits=2)}"
    return f"{sign}{unit}{size:,.2f}" if size < 1000 else f"{sign}{unit}{size:,.0f}"


def money_unit(currency: str) -> str:
    """Return the unit of amounts in a table or a label: the sign of US dollars, else the name."""
    return "$" if currency == "USD" else currency


def currency_name(currency: str) -> str:
    """Return the unit of amounts on an axis, in words."""
    return "US dollars" if currency == "USD" else currency


def months_text(months: float) -> str:
    """Return a payback in words: at once, after days, months or years, or never.

    Examples
    --------
    >>> months_text(0.0), months_text(0.5), months_text(7.25), months_text(math.inf)
    ('at once', '15 days', '7.2 months', 'never')
    """
    if months == 0:
        return "at once"
    if not math.isfinite(months):
        return "never"
    if months * _DAYS < 1:
        return "less than a day"
    if months < 2:
        days = round(months * _DAYS)
        return f"{days} day{'' if days == 1 else 's'}"
    return f"{months:,.1f} months" if months < 24 else f"{months / 12:,.1f} years"


def class_names(task: TaskSpec) -> tuple[str, ...]:
    """Return what the classes are called in a sentence: a column of yes and no gives its name.

    Examples
    --------
    >>> class_names(TaskSpec(
    ...     kind=TaskKind.BINARY, target="fraud", features=("amount",),
    ...     classes=("False", "True"), metric="roc_auc",
    ... ))
    ('no fraud', 'fraud')
    """
    if task.kind is TaskKind.BINARY and task.classes[1].casefold() in _YES:
        return (f"no {task.target}", task.target)
    return task.classes


def outcome_label(task: TaskSpec, truth: int, answer: int) -> str:
    """Return what one pair of truth and answer is called."""
    names = class_names(task)
    if task.kind is not TaskKind.BINARY:
        right = "right" if truth == answer else f"answered {names[answer]}"
        return f"{names[truth]} {right}"
    words = {
        (1, 1): f"{names[1]} found",
        (1, 0): f"{names[1]} missed",
        (0, 1): f"{names[0]} called {names[1]}",
        (0, 0): f"{names[0]} left alone",
    }
    return words[truth, answer]


def assumption_label(task: TaskSpec, name: str) -> str:
    """Return the label of an assumption by its name, as `modelling.economics.decision` has it."""
    found = _CELL.fullmatch(name)
    if found is None:
        return LABELS[name]
    label = outcome_label(task, int(found[2]), int(found[3]))
    return f"{label}: share of {task.stake}" if found[1] == "stakes" else label


def in_money(found: Payback, economics: Economics) -> str:
    """Say what a candidate brings over the horizon, with its interval and probability."""
    low, high = (money_text(end, economics.currency) for end in found.net_interval)
    net = money_text(abs(found.net), economics.currency)
    return (
        f"In money it ends {economics.horizon_months:g} months {net} "
        f"{'ahead' if found.net >= 0 else 'behind'} (95 % interval {low} to {high}); "
        f"the probability that it pays is {percent(found.p_pays)}: 80 % or more means tune, "
        "20 % or less keep base."
    )


def beside_accuracy(accuracy: VerdictWord, found: Payback, economics: Economics) -> str:
    """Say how the verdict in money goes with the verdict by accuracy alone."""
    pays = found.verdict
    worth = found.value_gain * economics.predictions
    saved = found.net - worth
    if pays is VerdictWord.NOT_ENOUGH_EVIDENCE:
        return f"By accuracy alone the verdict is {accuracy}; in money these rows cannot tell."
    if accuracy is VerdictWord.TUNE:
        if pays is VerdictWord.TUNE:
            return "The gain in accuracy is real, and it pays."
        return "The gain is real but does not pay."
    if pays is VerdictWord.KEEP_BASE:
        return f"By accuracy alone the verdict is {accuracy}; in money it does not pay."
    if saved > worth:
        return "No more accurate, but cheaper to serve: that is what pays."
    return (
        f"By accuracy alone the verdict is {accuracy}, but where mistakes cost money the "
        "candidate is worth more."
    )


def what_decided(task: TaskSpec, hinges: Sequence[Sensitivity]) -> str:
    """Name the assumption whose change by the smallest factor would change the verdict."""
    near: list[tuple[float, str]] = []
    for one in hinges:
        for side, flip in (("below", one.flips.below), ("above", one.flips.above)):
            if flip is None or not (one.flips.current > 0 and flip.value > 0):
                continue
            factor = abs(math.log(flip.value / one.flips.current))
            label = assumption_label(task, one.assumption.name)
            lost = "a loss of " if one.assumption.sign < 0 else ""
            amount = f"{lost}{significant(flip.value, digits=3)}"
            if factor < math.log(_FAR):
                near.append((factor, f"{side} {amount} ({label}) it would be {flip.verdict}"))
    if not near:
        return "No single assumption, changed a thousandfold, would change this verdict."
    return f"What decides it: {min(near)[1]}."

"""The verdict when answers are priced: net value over the horizon decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from modelling.comparison.compare import Comparison
from modelling.comparison.verdict import PairVerdict
from modelling.economics.decision import Sensitivity
from modelling.economics.payback import Payback
from modelling.economics.wording import beside_accuracy, in_money, what_decided
from modelling.types import Economics


def weighed(
    comparison: Comparison,
    found: Payback,
    economics: Economics,
    hinges: Sequence[Sensitivity],
) -> Comparison:
    """Return the comparison with the verdict of its own pair by net value.

    What was said of accuracy follows what is said of money.
    """
    pair = comparison.overall
    if pair is None:
        return comparison
    reasons = (
        in_money(found, economics),
        beside_accuracy(pair.verdict.verdict, found, economics),
        what_decided(comparison.task, hinges),
        *pair.verdict.reasons,
    )
    judged = replace(pair, verdict=PairVerdict(verdict=found.verdict, reasons=reasons))
    pairs = tuple(judged if one is pair else one for one in comparison.pairs)
    return replace(comparison, pairs=pairs, overall=judged)

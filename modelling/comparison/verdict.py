"""Tune, keep base, or not enough evidence: the answer for one pair, with its reasons in words.

The rules leave money out. They look at the locked test only: the probability, over draws of its
rows, that the candidate is better by more than the margin that matters.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from modelling.comparison.gain import Gain
from modelling.comparison.wording import Words, percent, rows_about, significant
from modelling.metrics.spec import MetricSpec
from modelling.types import VerdictWord

_SURE = 0.95
_LEVEL = 0.05
_ROUNDING = 1e-9
_NOISE_OF_PARTS = (
    "The interval allows for which rows are learnt from as well as for which are judged, and for "
    "the overlap of the parts (Nadeau and Bengio)."
)
_NOISE = "The interval measures row noise only: which rows are in the test, not which were learnt."


@dataclass(frozen=True, kw_only=True, slots=True)
class PairVerdict:
    """The answer for one pair of models; ``reasons`` are sentences, the most important first."""

    verdict: VerdictWord
    reasons: tuple[str, ...]


def decide(
    gain: Gain,
    *,
    metric: MetricSpec,
    base_title: str,
    candidate_title: str,
    p_adjusted: float | None = None,
    search_cpu_s: float = 0.0,
    same_configuration: bool = False,
) -> PairVerdict:
    """Return whether the candidate is worth having, from the scores alone.

    Parameters
    ----------
    gain : Gain
        The paired gain on the locked test.
    metric : MetricSpec
        What was measured.
    base_title, candidate_title : str
        What the analyst calls the two models.
    p_adjusted : float, optional
        1 - P(better by more than the margin), Holm-adjusted over the pairs shown together;
        "tune" then also needs 0.05 or less.
    search_cpu_s : float
        What the search cost, for the wording.
    same_configuration : bool
        Whether the search ended at the base configuration itself.

    Returns
    -------
    PairVerdict
        ``tune`` at P(better by more than the margin) >= 0.95, ``keep base`` at
        P(worse or practically equal) >= 0.95, else ``not enough evidence``.
    """
    words = Words(metric=metric, gain=gain, base=base_title, candidate=candidate_title)
    cost = _cost(search_cpu_s)
    if same_configuration:
        return PairVerdict(
            verdict=VerdictWord.KEEP_BASE,
            reasons=(
                "The search found nothing better than the base configuration.",
                f"Keep {base_title}: a clear answer, and nothing more has to be run{cost}.",
            ),
        )
    if not (math.isfinite(gain.gain) and math.isfinite(gain.p_better)):
        return PairVerdict(
            verdict=VerdictWord.NOT_ENOUGH_EVIDENCE,
            reasons=(
                f"{metric.title} is undefined on these {gain.n_test:,} test rows, "
                "so the two models cannot be compared.",
            ),
        )
    if gain.p_worse + gain.p_equal >= _SURE - _ROUNDING:
        return PairVerdict(verdict=VerdictWord.KEEP_BASE, reasons=_keep_reasons(words, cost))
    if gain.p_better >= _SURE - _ROUNDING:
        return _claimed(words, p_adjusted, cost)
    return PairVerdict(
        verdict=VerdictWord.NOT_ENOUGH_EVIDENCE,
        reasons=(words.change(), _undecided(words), _rows_needed(gain), _noise(gain)),
    )


def _claimed(words: Words, p_adjusted: float | None, cost: str) -> PairVerdict:
    """Return the verdict on a gain that is clear on its own but may be one of several claims."""
    better = f"The probability that it is better {words.beyond_margin()} is {words.p_better()}."
    if p_adjusted is None:
        adjusted: tuple[str, ...] = ()
    else:
        is_claim = p_adjusted <= _LEVEL + _ROUNDING
        adjusted = (
            "Adjusted for the number of pairs compared at once (Holm), the probability of no such "
            f"gain is {percent(p_adjusted)}: {'within' if is_claim else 'above'} the limit of 5 %.",
        )
        if not is_claim:
            return PairVerdict(
                verdict=VerdictWord.NOT_ENOUGH_EVIDENCE,
                reasons=(
                    words.change(),
                    better,
                    *adjusted,
                    _rows_needed(words.gain),
                    _noise(words.gain),
                ),
            )
    price = (f"Without economics, the price of the gain is not weighed{cost}.",) if cost else ()
    return PairVerdict(
        verdict=VerdictWord.TUNE,
        reasons=(words.change(), better, *adjusted, _noise(words.gain), *price),
    )


def _keep_reasons(words: Words, cost: str) -> tuple[str, ...]:
    gain = words.gain
    not_better = (
        f"The probability that {words.candidate} is not better {words.beyond_margin()} "
        f"is {percent(gain.p_worse + gain.p_equal)}."
    )
    if gain.p_worse >= _SURE - _ROUNDING:
        answer = f"Keep {words.base}: it is the better model{cost}."
    else:
        answer = f"Keep {words.base}: a clear answer, nothing that matters is lost by it{cost}."
    return words.change(), not_better, answer, _noise(gain)


def _undecided(words: Words) -> str:
    return (
        f"The probability that it is better {words.beyond_margin()} is {words.p_better()}: "
        "95 % or more would mean tune, 5 % or less keep base."
    )


def _noise(gain: Gain) -> str:
    return _NOISE if gain.n_parts is None else _NOISE_OF_PARTS


def _rows_needed(gain: Gain) -> str:
    if gain.n_parts is not None:
        return "More rows would decide it; how many, the parts cannot say."
    rows = gain.rows_to_decide
    if rows is None or rows > 1000 * gain.n_test:
        return (
            f"The gain is so close to the margin of {significant(gain.margin)} that more test rows "
            "would hardly decide it."
        )
    if rows <= gain.n_test:
        return f"Somewhat more than these {gain.n_test:,} test rows would decide it."
    return (
        f"About {rows_about(rows, gain.n_test)} test rows would decide it if the gain stays as it "
        f"is; there are {gain.n_test:,}."
    )


def _cost(search_cpu_s: float) -> str:
    if search_cpu_s <= 0:
        return ""
    return f" (the search took {significant(search_cpu_s)} CPU seconds)"

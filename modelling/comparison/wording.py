"""Numbers and changes in plain words, for the reasons of a verdict."""

from __future__ import annotations

import math
from dataclasses import dataclass

from modelling.comparison.gain import Gain
from modelling.metrics.spec import MetricSpec


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """What is said about one pair: the numbers of ``gain`` in the words of ``metric``."""

    metric: MetricSpec
    gain: Gain
    base: str
    candidate: str

    def change(self) -> str:
        """Return the change of the score, base to candidate, with its interval and rows."""
        gain, metric = self.gain, self.metric
        rows = f"on {gain.n_test:,} rows nobody touched"
        if gain.n_parts is not None:
            rows = f"over {gain.n_parts} outer parts of all {gain.n_test:,} rows"
        unit = f" {metric.unit}" if metric.unit else ""
        pair = f"{self.base} to {self.candidate}"
        low, high = gain.interval
        if gain.gain == low == high == 0:
            return f"From {pair}, {metric.title} did not change {rows}."
        amount = f"{self._verb(gain.gain)} by {self._size(gain.gain)}{unit}"
        if gain.gain == 0:
            amount = "did not change"
        return f"From {pair}, {metric.title} {amount} ({self._interval()}) {rows}."

    def beyond_margin(self) -> str:
        """Return "by more than 0.005", or "at all" where any gain matters."""
        if self.gain.margin == 0:
            return "at all"
        return f"by more than {significant(self.gain.margin)}"

    def p_better(self) -> str:
        """Return the probability of a gain above the margin."""
        return percent(self.gain.p_better)

    def _interval(self) -> str:
        low, high = self.gain.interval
        if not (math.isfinite(low) and math.isfinite(high)):
            return "no interval"
        if self.gain.gain >= 0 and low >= 0:
            return f"95 % interval {self._size(low)} to {self._size(high)}"
        if self.gain.gain < 0 and high <= 0:
            return f"95 % interval {self._size(high)} to {self._size(low)}"
        return f"95 % interval: {self._signed(low)} to {self._signed(high)}"

    def _signed(self, gain: float) -> str:
        return f"a {self._noun(gain)} of {self._size(gain)}"

    def _verb(self, gain: float) -> str:
        return "rose" if self._rises(gain) else "fell"

    def _noun(self, gain: float) -> str:
        return "rise" if self._rises(gain) else "fall"

    def _rises(self, gain: float) -> bool:
        return (gain >= 0) == (self.metric.sign > 0)

    def _size(self, gain: float) -> str:
        """Return the size of a change, to two significant digits of its noise."""
        low, high = self.gain.interval
        noise = (high - low) / 2
        if not (math.isfinite(noise) and noise > 0):
            return significant(abs(gain), digits=3)
        return f"{abs(gain):,.{_decimals(noise, digits=2)}f}"


def significant(value: float, *, digits: int = 3) -> str:
    """Return a number of zero or more with that many significant digits, never as a power of ten.

    Examples
    --------
    >>> significant(0.0050000001), significant(12345.6), significant(2.5)
    ('0.005', '12,346', '2.5')
    """
    if value == 0 or not math.isfinite(value):
        return f"{value:g}"
    text = f"{value:,.{_decimals(value, digits=digits)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(probability: float) -> str:
    """Return a probability as a percentage, exact near the limits that decide, never 0 or 100.

    Examples
    --------
    >>> percent(0.971), percent(0.9495), percent(1.0)
    ('97 %', '94.95 %', 'more than 99 %')
    """
    if probability >= 0.995:
        return "more than 99 %"
    if probability < 0.005:
        return "less than 1 %"
    if min(abs(probability - 0.95), abs(probability - 0.05)) < 0.01:
        return f"{100 * probability:.2f}".rstrip("0").rstrip(".") + " %"
    return f"{probability:.0%}".replace("%", " %")


def rows_about(rows: int, n_test: int) -> str:
    """Return a number of rows to two significant digits, but above the number there are."""
    step = 10 ** max(0, len(str(rows)) - 2)
    rounded = round(rows / step) * step
    return f"{rounded if rounded > n_test else n_test + 1:,}"


def _decimals(scale: float, *, digits: int) -> int:
    """Return the decimals that show so many significant digits of a number of that scale."""
    return min(12, max(0, digits - 1 - math.floor(math.log10(scale))))

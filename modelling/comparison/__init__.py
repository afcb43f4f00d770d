"""Is the candidate better? Draws of rows, gains, corrections, verdicts and the Pareto front.

Importing this package does not import scikit-learn.
"""

from modelling.comparison.compare import Comparison, Pair, compare, row_name
from modelling.comparison.gain import Gain, interval, paired_gain
from modelling.comparison.holm import holm_adjusted
from modelling.comparison.pareto import pareto_front
from modelling.comparison.resampling import default_block_length, draw_weights, weights_for
from modelling.comparison.selection import selection_gain
from modelling.comparison.verdict import PairVerdict, decide

__all__ = [
    "Comparison",
    "Pair",
    "compare",
    "row_name",
    "Gain",
    "PairVerdict",
    "decide",
    "default_block_length",
    "draw_weights",
    "holm_adjusted",
    "interval",
    "paired_gain",
    "pareto_front",
    "selection_gain",
    "weights_for",
]

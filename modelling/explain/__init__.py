"""What a fitted model goes by: columns that it needs, how they move its answers, row by row.

All of it asks the model, and fits nothing. It describes the model, not the world: a column that
matters to a model need not cause anything.
"""

from modelling.explain.dependence import dependence_curve
from modelling.explain.permutation import Answer, score_lost
from modelling.explain.sample import Sizes, sizes
from modelling.explain.shapley import contributions

__all__ = ["Answer", "Sizes", "contributions", "dependence_curve", "score_lost", "sizes"]

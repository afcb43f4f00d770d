"""What each column adds to the answer for one row: Shapley values, by the shap library.

Lundberg and Lee (2017), "A unified approach to interpreting model predictions", NeurIPS 30. The
estimate walks through the columns in a random order and back, from rows of a background to the
row that is explained (antithetic permutation sampling), for any model.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from modelling.errors import FitError
from modelling.explain.permutation import Answer


def contributions(
    answer: Answer, rows: pd.DataFrame, background: pd.DataFrame, *, seed: int
) -> NDArray[np.float64]:
    """Return what each column adds to each answer, against the mean answer of the background.

    Parameters
    ----------
    answer : callable
        Takes a frame like ``rows``; returns answers (n_rows, n_outputs).
    rows : pandas.DataFrame, shape (n_rows, n_features)
        The rows that are explained.
    background : pandas.DataFrame, shape (n_background, n_features)
        What the columns are compared with.

    Returns
    -------
    array of shape (n_rows, n_features, n_outputs)
        For each row and output they sum to the answer less the mean answer of the background.

    Raises
    ------
    FitError
        If the library is not there for this kind of machine.
    """
    try:
        import shap
    except ModuleNotFoundError as error:
        raise FitError(
            "Models are explained with the library shap, which this machine has not; it has no "
            "wheels for Macs with Intel processors."
        ) from error

    pool = pd.concat([background, rows], ignore_index=True)
    n_features = pool.shape[1]

    def asked(cells: NDArray[Any]) -> NDArray[Any]:
        # A cell says which row of the pool its value comes from, so values of any type can be
        # mixed, which the library does with numbers only.
        places = np.asarray(cells).astype(np.int64)
        mixed = {
            name: pool[name].take(places[:, j]).reset_index(drop=True)
            for j, name in enumerate(pool.columns)
        }
        return answer(pd.DataFrame(mixed))

    cells = np.repeat(np.arange(len(pool), dtype=np.float64)[:, None], n_features, axis=1)
    masker = shap.maskers.Independent(cells[: len(background)], max_samples=len(background))
    explainer = shap.PermutationExplainer(asked, masker, seed=seed)
    found = explainer(cells[len(background) :], max_evals=2 * n_features + 1, silent=True)
    # Of one output the library drops the axis.
    values = np.asarray(found.values, dtype=np.float64)
    return values.reshape(len(rows), n_features, -1)

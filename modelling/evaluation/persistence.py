"""Model files: skops, which loads without running code from the file."""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from modelling.errors import StoreError

# Types beyond scikit-learn's own that our model files may hold; anything else is refused.
_TRUSTED = (
    "catboost.core.CatBoostClassifier",
    "catboost.core.CatBoostRegressor",
    "collections.OrderedDict",
    "collections.defaultdict",
    # Of the histogram boosting: the function within it is a type of its own, and has to be known.
    "functools.partial",
    "lightgbm.basic.Booster",
    "lightgbm.sklearn.LGBMClassifier",
    "lightgbm.sklearn.LGBMRegressor",
    "modelling.models.network.NetworkClassifier",
    "modelling.models.network.NetworkRegressor",
    "modelling.models.xgboost_classifier.XGBAnyClasses",
    "numpy.dtype",
    "xgboost.core.Booster",
    "xgboost.sklearn.XGBRegressor",
)
# What zipfile and skops raise when they meet bytes that no one wrote on purpose.
_DAMAGED = (
    OSError,
    EOFError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    RuntimeError,
    BadZipFile,
    zlib.error,
)


def save_model(pipeline: Any, path: Path) -> None:
    """Write a fitted pipeline to ``path``."""
    from skops.io import dump

    dump(pipeline, path)


def load_model(path: Path) -> Any:
    """Read a pipeline that `save_model` wrote.

    Raises
    ------
    StoreError
        If the file is damaged or holds a type that no registered model uses.
    """
    from skops.io import get_untrusted_types, load

    from modelling.models import target_scale, transformers
    from modelling.text import embedding, lexicon, words

    ours = (transformers, target_scale, lexicon, embedding, words)
    allowed = {*_TRUSTED, *(name for module in ours for name in module.TRUSTED)}
    try:
        unknown = [
            name
            for name in get_untrusted_types(file=path)
            if name not in allowed and not name.startswith("sklearn.")
        ]
        if unknown:
            raise StoreError(f"The model file holds the unknown type {unknown[0]}; it is refused.")
        return load(path, trusted=sorted(get_untrusted_types(file=path)))
    except _DAMAGED as error:
        raise StoreError("The model file is damaged; run the benchmark or study again.") from error

"""The encodings that models are fitted on: the first step of every pipeline."""

from __future__ import annotations

from typing import Any

import pandas as pd

from modelling.errors import FitError
from modelling.models.spec import Encoding
from modelling.types import TaskKind

HIGH_CARDINALITY = 30
MAX_WORDS = 3000
TEXT_COMPONENTS = 50
_WORD = r"\w\w"


def build_encoder(
    encoding: Encoding,
    features: pd.DataFrame,
    *,
    text: tuple[str, ...],
    kind: TaskKind,
    seed: int,
) -> Any:
    """Return an unfitted transformer from a frame to a dense array of numbers.

    ``linear``: imputed, scaled, one-hot, float32. ``tree``: missing values kept, categories as
    ordinals, float64. In both, categories of more than `HIGH_CARDINALITY` values are replaced by
    cross-fitted target means (`sklearn.preprocessing.TargetEncoder`), and text by TF-IDF.
    ``categories``: as ``tree``, but all categories are ordinals, and they come first: see
    `category_sizes`.

    ``words``: the texts themselves, then all else as in ``linear``: objects. ``embedded``: their
    vectors, then all else. ``meaning`` and ``lexicon``: mean direction, and mood, of the texts
    alone.

    Parameters
    ----------
    features : pandas.DataFrame, shape (n_rows, n_features)
        The rows that the encoder will be fitted on: their types and counts decide which column
        goes where.
    text : tuple of str
        Columns of free text.

    Raises
    ------
    FitError
        If an encoding of texts is asked for and there is no word in them.
    """
    from sklearn.pipeline import make_pipeline

    from modelling.models.transformers import AsFloat32

    groups = _column_groups(features, text)
    if encoding.is_of_text:
        if not groups["text"]:
            raise FitError("There is no word in the texts of these rows; choose another model.")
        return _text_encoder(encoding, groups, kind, seed)
    linear = encoding is Encoding.LINEAR
    named = _named(_steps(encoding, kind, seed), groups)
    words = _linear_text() if linear else _tree_text(seed)
    named += [(f"text_{column}", words, [column]) for column in groups["text"]]
    table = _table(named)
    return make_pipeline(table, AsFloat32()) if linear else table


def category_sizes(
    encoding: Encoding, features: pd.DataFrame, *, text: tuple[str, ...]
) -> tuple[int, ...]:
    """Return how many values each of the leading columns has that hold codes of categories.

    Parameters are those of `build_encoder`; empty for all encodings but ``categories``.
    """
    if encoding is not Encoding.CATEGORIES:
        return ()
    groups = _column_groups(features, text)
    return tuple(int(features[name].nunique()) for name in (*groups["few"], *groups["many"]))


def _text_encoder(
    encoding: Encoding, groups: dict[str, list[str]], kind: TaskKind, seed: int
) -> Any:
    from sklearn.pipeline import make_pipeline

    from modelling.models.transformers import AsFloat32, TextTable
    from modelling.text.embedding import Embedding
    from modelling.text.lexicon import LexiconScores

    texts, others = TextTable(), _named(_linear_steps(kind, seed), groups)
    match encoding:
        case Encoding.LEXICON:
            return _table([("text", make_pipeline(texts, LexiconScores()), groups["text"])])
        case Encoding.MEANING:
            return _table([("text", make_pipeline(texts, Embedding(pooled=True)), groups["text"])])
        case Encoding.EMBEDDED:
            vectors = make_pipeline(texts, Embedding())
            return make_pipeline(_table([("text", vectors, groups["text"]), *others]), AsFloat32())
        case _:
            return _table([("text", texts, groups["text"]), *others])


def _named(steps: dict[str, Any], groups: dict[str, list[str]]) -> list[tuple[str, Any, list[str]]]:
    """Return the steps that have columns, with them."""
    return [(name, step, groups[name]) for name, step in steps.items() if groups.get(name)]


def _table(named: list[tuple[str, Any, list[str]]]) -> Any:
    from sklearn.compose import ColumnTransformer

    return ColumnTransformer(named, sparse_threshold=0.0, verbose_feature_names_out=False)


def _column_groups(features: pd.DataFrame, text: tuple[str, ...]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {"numbers": [], "dates": [], "few": [], "many": [], "text": []}
    for name in features.columns:
        column = features[name]
        # Without a value or a word there is nothing to learn, and scikit-learn (1.9) refuses:
        # the text vectors and the histograms of its boosting.
        if column.isna().all():
            continue
        if name in text:
            if column.astype("str").str.contains(_WORD).any():
                groups["text"].append(name)
        elif pd.api.types.is_datetime64_any_dtype(column.dtype):
            groups["dates"].append(name)
        elif pd.api.types.is_numeric_dtype(column.dtype):
            groups["numbers"].append(name)
        else:
            groups["many" if column.nunique() > HIGH_CARDINALITY else "few"].append(name)
    return groups


def _steps(encoding: Encoding, kind: TaskKind, seed: int) -> dict[str, Any]:
    match encoding:
        case Encoding.LINEAR:
            return _linear_steps(kind, seed)
        case Encoding.CATEGORIES:
            return _category_steps()
        case _:
            return _tree_steps(kind, seed)


def _linear_steps(kind: TaskKind, seed: int) -> dict[str, Any]:
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    from modelling.models.transformers import Categories, DateParts, Numbers

    def scaled(first: Any) -> Any:
        imputer = SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True)
        return make_pipeline(first, imputer, StandardScaler())

    one_hot = OneHotEncoder(
        handle_unknown="infrequent_if_exist", min_frequency=5, sparse_output=False
    )
    return {
        "numbers": scaled(Numbers()),
        "dates": scaled(DateParts()),
        "few": make_pipeline(Categories(), one_hot),
        "many": make_pipeline(Categories(), _target_encoder(kind, seed), StandardScaler()),
    }


def _tree_steps(kind: TaskKind, seed: int) -> dict[str, Any]:
    from sklearn.pipeline import make_pipeline

    from modelling.models.transformers import Categories, DateParts, Numbers

    return {
        "numbers": Numbers(),
        "dates": DateParts(),
        "few": _ordinals(),
        "many": make_pipeline(Categories(), _target_encoder(kind, seed)),
    }


def _category_steps() -> dict[str, Any]:
    from modelling.models.transformers import DateParts, Numbers

    # The order is that of the encoded columns.
    return {"few": _ordinals(), "many": _ordinals(), "numbers": Numbers(), "dates": DateParts()}


def _ordinals() -> Any:
    import numpy as np
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OrdinalEncoder

    from modelling.models.transformers import Categories

    ordinal = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=np.nan)
    return make_pipeline(Categories(), ordinal)


def _target_encoder(kind: TaskKind, seed: int) -> Any:
    from sklearn.model_selection import KFold, StratifiedKFold
    from sklearn.preprocessing import TargetEncoder

    # The type of a classification is left to the encoder: a fold may lack one of three classes.
    target_type, folds = "auto", StratifiedKFold
    if kind is TaskKind.REGRESSION:
        target_type, folds = "continuous", KFold
    return TargetEncoder(target_type=target_type, cv=folds(5, shuffle=True, random_state=seed))


def _linear_text() -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline

    from modelling.models.transformers import Texts

    return make_pipeline(Texts(), TfidfVectorizer(max_features=MAX_WORDS, sublinear_tf=True))


def _tree_text(seed: int) -> Any:
    from modelling.models.transformers import Components

    # Trees on thousands of sparse words are slow and weak; 50 components keep most of it.
    words = _linear_text()
    words.steps.append(("components", Components(TEXT_COMPONENTS, random_state=seed)))
    return words

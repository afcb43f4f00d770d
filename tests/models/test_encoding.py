import numpy as np
import pandas as pd
import pytest
import scipy.sparse

from modelling.models.encoding import HIGH_CARDINALITY, build_encoder, category_sizes
from modelling.models.spec import Encoding
from modelling.models.transformers import (
    AsFloat32,
    Categories,
    Components,
    DateParts,
    Numbers,
    Texts,
)
from modelling.types import TaskKind

OF_TABLES = [one for one in Encoding if not one.is_of_text]
NAN = np.nan


def encoded(encoding, features, y=None, *, kind=TaskKind.BINARY, text=(), rows=None):
    """Fit the encoding on ``features`` and return ``rows`` (default: the same) encoded."""
    y = np.arange(len(features)) % 2 if y is None else y
    encoder = build_encoder(encoding, features, text=text, kind=kind, seed=0)
    own = encoder.fit_transform(features, y)
    return own if rows is None else encoder.transform(rows)


# Transformers -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, 2], [1.0, 2.0]),
        ([True, False], [1.0, 0.0]),
        (["True", "False"], [1.0, 0.0]),
        (["true", None], [1.0, NAN]),
        (["1.5", " 2 "], [1.5, 2.0]),
        (["x", "3"], [NAN, 3.0]),
        ([np.inf, -np.inf], [NAN, NAN]),
        ([None, None], [NAN, NAN]),
    ],
)
def test_numbers_are_float_whatever_type_a_file_gave_them(values, expected):
    out = Numbers().fit_transform(pd.DataFrame({"a": values}))
    assert out.dtype == "float64"
    np.testing.assert_array_equal(out[:, 0], expected)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["x", None], ["x", NAN]),
        ([1, 2], ["1", "2"]),
        ([1.0, NAN], ["1", NAN]),
        (["1.0", "x"], ["1", "x"]),
        ([1.5, -2.0], ["1.5", "-2"]),
        ([True, False], ["True", "False"]),
        (["v1.0", "10.0.0.0"], ["v1.0", "10.0.0.0"]),
        ([None, None], [NAN, NAN]),
    ],
)
def test_categories_are_the_same_text_whatever_type_a_file_gave_them(values, expected):
    out = Categories().fit_transform(pd.DataFrame({"a": values}))
    assert [NAN if value != value else value for value in out[:, 0]] == pytest.approx(
        expected, nan_ok=True
    )


def test_dates_become_six_numbers_each():
    frame = pd.DataFrame({"d": pd.to_datetime(["1970-01-02 06:00", None])})
    out = DateParts().fit_transform(frame)
    np.testing.assert_array_equal(out[0], [1970, 1, 2, 4, 6, 1.25])  # a Friday
    assert np.isnan(out[1]).all()


def test_dates_that_a_file_gave_as_text_are_dates_and_what_is_none_is_missing():
    frame = pd.DataFrame({"d": ["2026-01-31", "2026-01-31T00:00:00Z", "2026-13-45", None]})
    out = DateParts().fit_transform(frame)
    np.testing.assert_array_equal(out[0], out[1])
    assert out[0][:3].tolist() == [2026, 1, 31]
    assert np.isnan(out[2:]).all()


def test_missing_texts_are_empty():
    out = Texts().fit_transform(pd.DataFrame({"t": ["a b", None]}))
    assert out.tolist() == ["a b", ""]


def test_components_are_at_most_as_many_as_there_are_words():
    words = scipy.sparse.random(20, 3, density=0.5, random_state=0, format="csr")
    assert Components(50, random_state=0).fit_transform(words).shape == (20, 3)
    assert Components(2, random_state=0).fit_transform(words).shape == (20, 2)


def test_half_precision_is_enough_for_linear_models():
    out = AsFloat32().fit_transform(np.array([[1.0, 2.0]]))
    assert out.dtype == "float32"
    assert out.flags.c_contiguous


# Encodings ----------------------------------------------------------------------------------


def test_trees_get_missing_values_and_ordinals():
    features = pd.DataFrame({"n": [1.0, NAN, 3.0], "c": ["b", "a", None]})
    np.testing.assert_array_equal(
        encoded(Encoding.TREE, features), [[1.0, 1.0], [NAN, 0.0], [3.0, NAN]]
    )


def test_codes_of_all_categories_come_first_and_their_sizes_are_known():
    many = [f"v{number % 40}" for number in range(80)]
    features = pd.DataFrame(
        {"n": [1.0, NAN] * 40, "many": many, "flag": [True, False] * 40, "few": ["b", None] * 40}
    )
    out = encoded(Encoding.CATEGORIES, features)
    np.testing.assert_array_equal(out[:2, [0, 2, 3]], [[0.0, 1.0, 1.0], [NAN, NAN, 0.0]])
    assert len(np.unique(out[:, 1])) == 40
    assert category_sizes(Encoding.CATEGORIES, features, text=()) == (1, 40)
    assert category_sizes(Encoding.TREE, features, text=()) == ()


def test_a_category_that_was_never_seen_is_missing_for_trees():
    features = pd.DataFrame({"c": ["a", "b"] * 5})
    rows = pd.DataFrame({"c": ["b", "z"]})
    np.testing.assert_array_equal(encoded(Encoding.TREE, features, rows=rows), [[1.0], [NAN]])


def test_linear_models_get_scaled_numbers_and_a_flag_for_gaps():
    features = pd.DataFrame({"n": [1.0, 3.0, NAN, 5.0]})
    out = encoded(Encoding.LINEAR, features)
    filled = np.array([1.0, 3.0, 3.0, 5.0])  # the median is 3
    np.testing.assert_allclose(out[:, 0], (filled - 3.0) / filled.std(), rtol=1e-6)
    np.testing.assert_allclose(out[:, 1], (np.array([0, 0, 1, 0]) - 0.25) / np.sqrt(3 / 16))


def test_a_gap_that_only_new_rows_have_is_filled_like_the_others():
    features = pd.DataFrame({"n": [1.0, 3.0, 5.0], "m": [1.0, 2.0, 3.0]})
    rows = pd.DataFrame({"n": [NAN, 3.0], "m": [2.0, 2.0]})
    np.testing.assert_array_equal(encoded(Encoding.LINEAR, features, rows=rows), [[0, 0], [0, 0]])


def test_rare_categories_share_a_column_and_so_do_those_never_seen():
    features = pd.DataFrame({"c": ["a"] * 5 + ["b"] * 6 + ["c", "d"]})
    out = encoded(Encoding.LINEAR, features, rows=pd.DataFrame({"c": ["a", "b", "c", "d", "z"]}))
    assert out.tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 1], [0, 0, 1]]


def test_a_column_of_rare_categories_only_is_one_column():
    out = encoded(Encoding.LINEAR, pd.DataFrame({"c": ["a", "b", "c", "d"]}))
    assert out.tolist() == [[1.0]] * 4


def test_many_categories_become_means_of_the_target_and_few_do_not():
    def width(n_values, kind, y):
        values = [f"v{number % n_values}" for number in range(400)]
        return encoded(Encoding.TREE, pd.DataFrame({"c": values}), y, kind=kind).shape[1]

    y = np.arange(400) % 3
    assert width(HIGH_CARDINALITY + 1, TaskKind.BINARY, y % 2) == 1
    assert width(HIGH_CARDINALITY + 1, TaskKind.MULTICLASS, y) == 3
    assert width(HIGH_CARDINALITY + 1, TaskKind.REGRESSION, y / 7) == 1
    features = pd.DataFrame({"c": [f"v{i % HIGH_CARDINALITY}" for i in range(400)]})
    values = np.unique(encoded(Encoding.TREE, features, y % 2))
    np.testing.assert_array_equal(values, np.arange(HIGH_CARDINALITY))


@pytest.mark.parametrize("encoding", OF_TABLES)
def test_means_of_the_target_are_those_of_other_rows(encoding):
    """A category of one row must not tell the model the target of that row."""
    features = pd.DataFrame({"c": [f"v{number}" for number in range(300)]})
    y = np.random.default_rng(0).integers(0, 2, 300)
    out = encoded(encoding, features, y)[:, 0]
    assert abs(np.corrcoef(out, y)[0, 1]) < 0.3


@pytest.mark.parametrize("kind", list(TaskKind))
def test_means_of_the_target_can_do_without_a_class(kind):
    features = pd.DataFrame({"c": [f"v{number % 40}" for number in range(200)]})
    y = np.array([0, 2])[np.arange(200) % 2]
    out = encoded(Encoding.TREE, features, y, kind=kind)
    assert np.isfinite(out).all()


@pytest.mark.parametrize("encoding", OF_TABLES)
def test_a_text_of_few_words_is_encoded(encoding):
    features = pd.DataFrame({"t": ["good day", "bad day", None, "good"] * 3})
    out = encoded(encoding, features, text=("t",))
    assert out.shape == (12, 3)
    assert np.isfinite(out).all()


@pytest.mark.parametrize("encoding", OF_TABLES)
@pytest.mark.parametrize("blank", [None, "", "a b c", "!?"])
def test_a_text_without_any_word_is_left_out(encoding, blank):
    features = pd.DataFrame({"t": pd.Series([blank] * 6, dtype="str"), "n": range(6)})
    assert encoded(encoding, features, text=("t",)).shape == (6, 1)


@pytest.mark.parametrize("encoding", OF_TABLES)
def test_an_encoding_depends_on_the_rows_it_was_fitted_on_only(encoding):
    rng = np.random.default_rng(0)
    features = pd.DataFrame(
        {
            "n": rng.normal(size=80),
            "c": rng.choice(list("abc"), 80),
            "m": [f"v{i}" for i in range(80)],
        }
    )
    one = encoded(encoding, features[:60], rows=features[60:70])
    other = encoded(encoding, features[:60], rows=features[60:])[:10]
    np.testing.assert_array_equal(one, other)

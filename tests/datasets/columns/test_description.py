import datetime as dt

import numpy as np
import pandas as pd
import pytest

from modelling.datasets.columns.description import describe
from modelling.datasets.samples import samples
from modelling.types import ColumnType, Role

SENTENCE = "a sentence with more than thirty letters, number "


def described(values, dtype=None):
    """Return what is said of the only column of a uniform table."""
    (info,) = describe(pd.DataFrame({"a": pd.Series(values, dtype=dtype)}))
    return info


@pytest.mark.parametrize(
    ("values", "dtype", "expected"),
    [
        ([1, 2, 3], "int64", ColumnType.NUMBER),
        ([1.5, np.nan], "float64", ColumnType.NUMBER),
        ([True, False], "bool", ColumnType.BOOLEAN),
        ([dt.datetime(2026, 1, 1), None], "datetime64[us]", ColumnType.DATE),  # noqa: DTZ001
        (["x", "y", "x"], "str", ColumnType.CATEGORY),
        ([None, None], "str", ColumnType.CATEGORY),
        ([f"{SENTENCE}{number}" for number in range(9)], "str", ColumnType.TEXT),
        (["Great product, arrived on time", "never again, broke at once"], "str", ColumnType.TEXT),
        (
            ["ok thanks", *[f"I have used it {n} times now" for n in "abcdef"]],
            "str",
            ColumnType.TEXT,
        ),
        ([SENTENCE] * 9, "str", ColumnType.CATEGORY),
        (["x" * 40, "y" * 40], "str", ColumnType.CATEGORY),
        (["One_Story_1946_and_Newer", "Two_Story_1946_and_Newer"], "str", ColumnType.CATEGORY),
        (["https://a.org/some/long/path", "file:///home/of/an/author"], "str", ColumnType.CATEGORY),
        (["Bank transfer (automatic)", "Credit card (automatic)"], "str", ColumnType.CATEGORY),
        (
            ["DE89 3704 0044 0532 0130 00", "DE02 1203 0000 0000 2020 51"],
            "str",
            ColumnType.CATEGORY,
        ),
        (["New York", "Los Angeles", "San Juan de la Cruz"], "str", ColumnType.CATEGORY),
    ],
)
def test_the_type_follows_from_the_values(values, dtype, expected):
    assert described(values, dtype).type is expected


def test_short_comments_with_gaps_are_text():
    comments = [f"the delivery of parcel {'abcdefghij'[n % 10] * 3} was late" for n in range(60)]
    info = described([*comments, *[None] * 40], "str")
    assert (info.type, info.role, info.missing_share) == (ColumnType.CATEGORY, Role.FEATURE, 0.4)
    own = [
        f"the delivery of parcel {chr(97 + n // 26)}{chr(97 + n % 26)} was late" for n in range(60)
    ]
    info = described([*own, *[None] * 40], "str")
    assert (info.type, info.role, info.missing_share) == (ColumnType.TEXT, Role.TEXT, 0.4)


def test_counts_leave_out_missing_values():
    info = described(["x", "y", None, "x"], "str")
    assert (info.missing_share, info.n_distinct, info.top_values) == (0.25, 2, ("x", "y"))
    info = described([0.5, np.nan, 2.0, 2.0, 2.0], "float64")
    assert (info.missing_share, info.n_distinct, info.top_values) == (0.2, 2, ("2.0", "0.5"))


def test_equal_counts_are_listed_in_the_order_of_the_rows():
    assert described(list("gfedcba"), "str").top_values == ("g", "f", "e", "d", "c")
    assert described(list("gfedcbaa"), "str").top_values == ("a", "g", "f", "e", "d")


def test_both_zeros_are_one_value():
    assert described([0.0, -0.0, 1.0], "float64").n_distinct == 2


def test_long_values_are_shown_short():
    assert described(["x" * 1000, "y"], "str").top_values == ("x" * 80, "y")


def test_dates_of_every_century_are_shown():
    first, last = dt.datetime(1, 1, 1), dt.datetime(9999, 12, 31, 23, 59, 59)  # noqa: DTZ001
    info = described([first, last], "datetime64[us]")
    assert info.top_values == ("0001-01-01 00:00:00", "9999-12-31 23:59:59")


@pytest.mark.parametrize("seed", range(3))
def test_counts_are_those_of_pandas(seed):
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "i": rng.integers(0, 50, 300),
            "f": np.where(rng.random(300) < 0.2, np.nan, rng.integers(0, 9, 300) / 2),
            "b": rng.random(300) < 0.5,
            "d": pd.to_datetime(rng.integers(0, 20, 300), unit="D").astype("datetime64[us]"),
            "t": pd.Series(rng.choice(["x", "y", None], 300), dtype="str"),
        }
    )
    for info in describe(frame):
        column = frame[info.name]
        assert info.n_distinct == column.nunique()
        assert info.missing_share == pytest.approx(column.isna().mean())
        counts = column.value_counts()
        assert info.top_values[0] in {str(v) for v in counts.index[counts == counts.max()]}
        assert len(info.top_values) == min(5, info.n_distinct)


def test_a_table_may_have_thousands_of_columns():
    frame = pd.DataFrame({f"c{n}": [n, n + 1] for n in range(3000)}, copy=False)
    assert [info.n_distinct for info in describe(frame)] == [2] * 3000


def test_the_free_text_of_the_samples_is_that_of_the_tweets():
    tweets = next(sample for sample in samples() if sample.name == "tweet_sentiment")
    frame = pd.read_csv(tweets.path, keep_default_na=False)
    assert [info.type for info in describe(frame)] == [ColumnType.TEXT, ColumnType.CATEGORY]

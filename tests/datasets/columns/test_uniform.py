import datetime as dt
import decimal
import gc

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings, strategies as st

from modelling.datasets.columns.description import describe
from modelling.datasets.columns.manner import MISSING
from modelling.datasets.columns.uniform import uniform
from modelling.types import ReadOptions, Severity
from tests.datasets.columns.uniformed import codes, column, from_text, from_typed, values

# Formats with types -------------------------------------------------------------------------

DAY = pd.Timestamp(2026, 1, 31)


@pytest.mark.parametrize(
    ("cells", "dtype", "expected"),
    [
        (pa.array([1, 2], pa.int8()), "int64", [1, 2]),
        (pa.array([2**63 - 1], pa.uint64()), "int64", [2**63 - 1]),
        (pa.array([2**64 - 1], pa.uint64()), "float64", [float(2**64)]),
        (pa.array([1, None]), "float64", [1.0, None]),
        (pa.array([2**53 + 1, None]), "str", ["9007199254740993", None]),
        (pa.array([1.5, float("nan")], pa.float32()), "float64", [1.5, None]),
        (pa.array(np.array([1.5], "float16")), "float64", [1.5]),
        (pa.array([decimal.Decimal("1.5"), None]), "float64", [1.5, None]),
        (pa.array([decimal.Decimal(2**53 + 1)]), "int64", [2**53 + 1]),
        (pa.array([decimal.Decimal(10**30)]), "float64", [1e30]),
        (pa.array([True, False]), "bool", [True, False]),
        (pa.array([True, None]), "str", ["True", None]),
        (pa.array([dt.date(2026, 1, 31), None]), "datetime64[us]", [DAY, None]),
        (pa.array([dt.date(1, 1, 1)]), "datetime64[us]", [pd.Timestamp(1, 1, 1)]),
        (
            pa.array([1], pa.timestamp("ns")),
            "datetime64[us]",
            [pd.Timestamp(1970, 1, 1)],
        ),
        (pa.array([dt.time(1, 2), dt.time(3, 4, 5, 6)]), "str", ["01:02:00", "03:04:05.000006"]),
        (pa.array(["x", None]), "str", ["x", None]),
        (pa.array(["x"], pa.string_view()), "str", ["x"]),
        (pa.array(["x", "y"]).dictionary_encode(), "str", ["x", "y"]),
        (pa.array([1, 2]).dictionary_encode(), "int64", [1, 2]),
        (pa.array([b"x", b"\xff"], pa.binary()), "str", ["78", "ff"]),
        (pa.array([b"x", b"y"], pa.binary()), "str", ["x", "y"]),
        (pa.array([[1, 2], None]), "str", ["[1, 2]", None]),
        (pa.array([{"k": "x"}]), "str", ["{'k': 'x'}"]),
        (pa.nulls(2), "str", [None, None]),
    ],
)
def test_every_type_becomes_one_of_five(cells, dtype, expected):
    made = from_typed({"a": cells}).frame["a"]
    assert made.dtype == dtype
    assert values(made) == expected


def test_a_table_without_rows_keeps_its_columns():
    made = from_text({"a": [], "b": []}).frame
    assert list(made.columns) == ["a", "b"]
    assert len(made) == 0
    assert [info.n_distinct for info in describe(made)] == [0, 0]


def test_moments_with_a_zone_become_utc_and_the_analyst_is_told():
    berlin = pa.array(
        [dt.datetime(2026, 7, 1, 10, tzinfo=dt.UTC)], pa.timestamp("ms", "Asia/Tokyo")
    )
    made = from_typed({"a": berlin})
    assert values(made.frame["a"]) == [pd.Timestamp(2026, 7, 1, 10)]
    assert [finding.message for finding in made.findings] == [
        "a holds times with a time zone; they are converted to UTC."
    ]


@pytest.mark.parametrize("unit", ["s", "ms", "us"])
def test_dates_beyond_the_calendar_are_missing(unit):
    per_second = {"s": 1, "ms": 10**3, "us": 10**6}[unit]
    # One second before the year 1, and the first second of the year 10000.
    cells = [seconds * per_second for seconds in (-62_135_596_801, 0, 253_402_300_800)]
    made = from_typed({"a": pa.array(cells).cast(pa.timestamp(unit))})
    assert values(made.frame["a"]) == [None, pd.Timestamp(1970, 1, 1), None]
    assert made.findings[0].message == (
        "a holds 2 dates outside of the years 1 to 9999; read as missing."
    )


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_spans_of_time_become_seconds(unit):
    made = from_typed({"a": pa.array([90, None]).cast(pa.duration(unit))})
    per_second = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}[unit]
    assert values(made.frame["a"]) == [90 / per_second, None]
    assert codes(made) == [("durations", "a")]


def test_infinities_are_missing_and_the_analyst_is_told():
    made = from_typed({"a": [np.inf, -np.inf, 1.5]})
    assert values(made.frame["a"]) == [None, None, 1.5]
    assert [(found.code, found.severity) for found in made.findings] == [
        ("infinite_values", Severity.MEDIUM)
    ]


# Booleans and text --------------------------------------------------------------------------


def test_true_and_false_are_booleans_in_any_case():
    made = column(["true", "False", "TRUE", "false"])
    assert made.dtype == "bool"
    assert values(made) == [True, False, True, False]


def test_booleans_with_gaps_are_categories_that_keep_the_gaps():
    assert values(column(["true", "", "FALSE"])) == ["True", None, "False"]


@pytest.mark.parametrize("texts", [["yes", "no"], ["Y", "N"], ["t", "f"], ["true", "perhaps"]])
def test_other_pairs_of_words_stay_categories(texts):
    assert values(column(texts)) == texts


def test_categories_keep_the_blanks_around_them():
    assert values(column(["WD ", "x"])) == ["WD ", "x"]


# Missing values -----------------------------------------------------------------------------


@pytest.mark.parametrize("text", [*MISSING, " ", "\t", "\u00a0", " NA "])
def test_a_word_for_no_value_is_missing_among_numbers_dates_and_words(text):
    for others in (["1", "2"], ["2024-01-31", "2024-02-01"], ["x", "y"]):
        read = column([text, *others])
        assert read.isna().tolist() == [True, False, False]


@pytest.mark.parametrize("text", ["None", "none", "no", "0", "unknown", "---"])
def test_other_words_are_values(text):
    assert values(column([text, "x"])) == [text, "x"]


def test_missing_words_are_counted_by_text_and_short_rows_are_not():
    made = from_text({"a": ["NA", " NA ", "", "1"], "b": ["?", " ", None, "x"]})
    assert made.missing == {"NA": 2, "": 2, "?": 1}


def test_a_typed_format_has_words_on_purpose():
    made = from_typed({"country": ["NA", "DE", None, "", " ", "#N/A"]})
    assert values(made.frame["country"]) == ["NA", "DE", None, None, None, None]
    assert made.missing == {"": 2, "#N/A": 1}


def test_a_typed_format_has_missing_words_among_numbers_and_dates():
    made = from_typed({"a": ["NA", "1"], "b": ["-", "2024-01-31"]})
    assert values(made.frame["a"]) == [None, 1.0]
    assert values(made.frame["b"]) == [None, pd.Timestamp(2024, 1, 31)]


def test_the_analyst_names_other_words():
    texts = {"a": ["-999", "1", "-999.0"], "b": ["NA", "x", "y"]}
    made = from_text(texts, missing=(" -999 ",))
    assert values(made.frame["a"]) == [None, 1.0, None]
    assert values(made.frame["b"]) == ["NA", "x", "y"]
    assert values(from_typed({"b": ["NA", "x"]}, missing=("NA",)).frame["b"]) == [None, "x"]
    assert values(from_text({"a": ["", "1"]}, missing=()).frame["a"]) == [None, 1.0]


@pytest.mark.parametrize(
    ("cells", "word", "expected"),
    [
        ([-999, 1], "-999", [None, 1.0]),
        ([-999, 1], "-999.0", [None, 1.0]),
        ([-999, 1], "-999.5", [-999, 1]),
        ([-1.5, 1.0], "-1,5", [None, 1.0]),
        ([2**53 + 1, 2**53], str(2**53 + 1), [None, 2.0**53]),
        ([True, False], "true", [None, "False"]),
        (["x", " y "], "y", ["x", None]),
        ([dt.datetime(9999, 12, 31), DAY], "9999-12-31", [None, DAY]),  # noqa: DTZ001
        ([dt.datetime(9999, 12, 31), DAY], "9999-12-31 00:00:00", [None, DAY]),  # noqa: DTZ001
        ([dt.datetime(9999, 12, 31), DAY], "31.12.9999", [None, DAY]),  # noqa: DTZ001
        ([1, 2], "x", [1, 2]),
    ],
)
def test_what_is_missing_in_one_column_is_compared_as_its_values_are(cells, word, expected):
    made = from_typed({"a": cells, "b": cells}, missing_in={"a": (word,)})
    assert values(made.frame["a"]) == expected
    assert values(made.frame["b"]) == list(cells)
    assert made.missing == ({word: 1} if None in expected else {})


def test_words_of_one_column_add_to_those_of_all():
    made = from_text({"a": ["x", "NA", "1"]}, missing_in={"a": ("x",)})
    assert values(made.frame["a"]) == [None, None, 1.0]
    assert made.missing == {"x": 1, "NA": 1}


# The table as a whole -----------------------------------------------------------------------


def test_a_table_that_is_uniform_stays_as_it_is():
    frame = pd.DataFrame(
        {
            "n": [1, 2],
            "f": [0.5, np.nan],
            "b": [True, False],
            "d": pd.to_datetime(["2026-01-01", None]).astype("datetime64[us]"),
            "t": pd.Series(["x", None], dtype="str"),
        }
    )
    again = from_typed({name: pa.array(frame[name]) for name in frame})
    pd.testing.assert_frame_equal(again.frame, frame)
    assert (again.findings, again.missing) == ((), {})


CELLS = st.one_of(
    st.sampled_from(["", "NA", "x", "0042", "true", "1,5", "1.500", "03/04/2025", "5 €", "12 %"]),
    st.integers().map(str),
    st.floats().map(str),
    st.dates().map(str),
    st.text(max_size=5),
)


@settings(max_examples=200)
@given(cells=st.lists(CELLS, min_size=1, max_size=8), delimiter=st.sampled_from([",", ";", None]))
def test_any_column_is_read_as_one_of_five_kinds_and_reading_it_again_changes_nothing(
    cells, delimiter
):
    first = uniform(pa.table({"a": cells}), options=ReadOptions(), delimiter=delimiter).frame
    assert str(first["a"].dtype) in {"int64", "float64", "bool", "datetime64[us]", "str"}
    again = from_typed(
        {"a": pa.array(first["a"], from_pandas=True)}, decimal="." if delimiter == "," else None
    )
    pd.testing.assert_frame_equal(again.frame, first)


def test_findings_come_in_the_order_of_the_columns():
    made = from_text(
        {"a": ["03/04/2025"], "b": ["$5"], "c": ["1,500"], "d": ["0042"]}, delimiter=";"
    )
    assert codes(made) == [
        ("ambiguous_dates", "a"),
        ("numbers_as_text", "b"),
        ("ambiguous_numbers", "c"),
        ("codes_kept_as_text", "d"),
    ]


def test_the_names_come_in_the_order_of_the_table():
    made = from_text({"a": ["03/04/2025"], "b": ["x"], "c": ["1,500"]}, delimiter=";")
    assert list(made.frame.columns) == ["a", "b", "c"]


def test_memory_of_the_text_is_given_back():
    texts = pa.array([f"{number}.25" for number in range(200_000)])
    table = pa.table({f"c{position}": pa.array(texts.to_pylist()) for position in range(4)})
    del texts
    before = pa.total_allocated_bytes()
    tables = [table]
    del table
    made = uniform(tables.pop(), options=ReadOptions(), delimiter=",")
    gc.collect()
    # 4 columns of 200,000 values: some 50 bytes of offsets and text each became 8.
    assert pa.total_allocated_bytes() < before - 4 * 200_000 * 4
    assert len(made.frame) == 200_000


@pytest.mark.parametrize("words", [{"missing": ("\ud800",)}, {"missing_in": {"a": ("\udfff",)}}])
def test_half_a_surrogate_as_a_missing_text_hides_nothing(words):
    made = from_text({"a": ["x", "y", None]}, **words)
    assert made.frame["a"].tolist()[:2] == ["x", "y"]

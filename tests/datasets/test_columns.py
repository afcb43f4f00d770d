import numpy as np
import pandas as pd
import pytest

from modelling.datasets.checks import CHECKS, run_checks
from modelling.datasets.columns import describe, is_identifier, uniform
from modelling.types import ColumnType, Role, Severity


def one(values, name="a", dtype=None):
    """Return the only column of a table after it was made uniform."""
    frame, _ = uniform(pd.DataFrame({name: pd.Series(values, dtype=dtype)}))
    return frame[name]


def checks_of(frame):
    uniform_frame, _ = uniform(frame)
    columns = tuple(describe(uniform_frame[name]) for name in uniform_frame)
    return run_checks(uniform_frame, columns)


def found(frame):
    return [(finding.code, finding.column) for finding in checks_of(frame)]


# Uniform columns ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "dtype", "expected"),
    [
        ([1, 2], "int8", "int64"),
        ([1, 2], "UInt16", "int64"),
        ([1, None], "Int64", "float64"),
        ([1.5, 2], "float32", "float64"),
        ([True, False], "boolean", "bool"),
        (["1", " 2.5 "], "str", "float64"),
        (["0042", "7"], "str", "str"),
        (["1", "x"], "str", "str"),
        (["2026-01-31", None], "str", "datetime64[us]"),
        (["31.01.2026", "01.02.2026"], "str", "str"),
        ([None, None], "object", "str"),
        (["a", "b"], "category", "str"),
    ],
)
def test_a_column_becomes_one_of_five_kinds(values, dtype, expected):
    assert one(values, dtype=dtype).dtype == expected


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
    again, findings = uniform(frame)
    pd.testing.assert_frame_equal(again, frame)
    assert findings == ()


# Types and roles ----------------------------------------------------------------------------

SENTENCE = "a sentence with more than thirty letters, number "


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, 2, 3], ColumnType.NUMBER),
        ([True, False, True], ColumnType.BOOLEAN),
        (["x", "y", "x"], ColumnType.CATEGORY),
        ([f"{SENTENCE}{number}" for number in range(9)], ColumnType.TEXT),
        ([SENTENCE] * 9, ColumnType.CATEGORY),
        (["x" * 40, "y" * 40], ColumnType.CATEGORY),
        (["2026-01-01", "2026-01-02"], ColumnType.DATE),
        ([None, None], ColumnType.CATEGORY),
    ],
)
def test_the_type_follows_from_the_values(values, expected):
    assert describe(one(values)).type is expected


def test_an_id_gets_no_role_but_a_measured_number_does():
    numbers = list(range(40))
    assert describe(one(numbers, "customer_id")).role is Role.IGNORE
    assert describe(one(numbers, "customerID")).role is Role.IGNORE
    assert describe(one(numbers, "height")).role is Role.FEATURE
    assert describe(one(numbers, "paid")).role is Role.FEATURE
    assert describe(one([f"c{number}" for number in numbers], "code")).role is Role.IGNORE
    assert describe(one([0.5 + number for number in numbers], "id")).role is Role.FEATURE


def test_a_short_table_says_nothing_about_ids():
    column = one([f"c{number}" for number in range(19)])
    assert not is_identifier(column, ColumnType.CATEGORY, 19)


def test_a_constant_column_gets_no_role():
    assert describe(one([7, 7, 7])).role is Role.IGNORE
    assert describe(one([7, None, 7])).role is Role.IGNORE


def test_the_target_is_marked_whatever_it_holds():
    assert describe(one([7, 7, 7]), target=True).role is Role.TARGET


# Checks -------------------------------------------------------------------------------------


def test_a_clean_table_has_no_findings():
    assert found(pd.DataFrame({"a": range(50), "b": [0, 1] * 25})) == []


def test_constant_and_empty_columns_are_named():
    frame = pd.DataFrame({"a": [1] * 9, "b": [None] * 9, "c": range(9)})
    assert found(frame) == [("constant", "a"), ("all_missing", "b")]


def test_an_id_is_named():
    frame = pd.DataFrame({"user_id": range(30), "b": [0, 1, 2] * 10})
    assert found(frame) == [("identifier", "user_id")]


def test_repeated_rows_are_counted():
    frame = pd.DataFrame({"a": [1, 1, 2, 3], "b": [5, 5, 6, 7]})
    (finding,) = checks_of(frame)
    assert (finding.code, finding.severity) == ("duplicate_rows", Severity.MEDIUM)
    assert finding.message.startswith("1 of 4 rows repeat an earlier row exactly")


def test_a_rare_repetition_is_not_worth_a_word():
    frame = pd.DataFrame({"a": [*range(199), 0], "b": [*range(199), 0]})
    assert found(frame) == []


def test_a_column_that_is_mostly_missing_is_named_with_its_share():
    frame = pd.DataFrame({"a": [1, 2] + [None] * 6, "b": range(8)})
    (finding,) = checks_of(frame)
    assert finding.code == "mostly_missing"
    assert finding.message == "a is missing in 75% of the rows."


@pytest.mark.parametrize("value", [2**53 + 1, -(2**53) - 1, -(2**63)])
def test_whole_numbers_that_models_cannot_tell_apart_are_named(value):
    frame = pd.DataFrame({"a": [value, 1, 2, 3], "b": range(4)})
    assert found(frame) == [("large_integers", "a")]
    assert found(frame.assign(a=[2**53, -(2**53), 0, 1])) == []


def test_no_check_fails_on_a_table_of_one_row():
    frame = pd.DataFrame({"a": [1], "b": ["x"], "c": [None], "d": [True]})
    columns, _ = uniform(frame)
    described = tuple(describe(columns[name]) for name in columns)
    for check in CHECKS:
        assert all(finding.message for finding in check(columns, described))

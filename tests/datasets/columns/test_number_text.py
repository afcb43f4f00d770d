from io import StringIO

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from modelling.types import Fix, FixKind, Severity
from tests.datasets.columns.uniformed import codes, column, from_text, from_typed, values

# Plain numbers ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texts", "dtype", "expected"),
    [
        (["1", "-2", "0"], "int64", [1, -2, 0]),
        (["1", "", "3"], "float64", [1.0, None, 3.0]),
        (["1.5", "2", ".5", "5."], "float64", [1.5, 2.0, 0.5, 5.0]),
        (["1e3", "-2.5E-1"], "float64", [1000.0, -0.25]),
        (["+5", "7"], "int64", [5, 7]),
        ([f"+{2**53 + 1}", "1.0"], "float64", [2.0**53, 1.0]),
        ([f"+{2**53 + 1}", "1"], "int64", [2**53 + 1, 1]),
        ([" 1 ", "2 "], "int64", [1, 2]),
        (["\u22125", "3"], "int64", [-5, 3]),
        (["- 5", "3"], "int64", [-5, 3]),
    ],
)
def test_plain_numbers_are_numbers_without_a_word(texts, dtype, expected):
    made = from_text({"a": texts})
    assert made.frame["a"].dtype == dtype
    assert values(made.frame["a"]) == expected
    assert made.findings == ()


@pytest.mark.parametrize("number", [2**53 + 1, -(2**53) - 1, 2**63 - 1, -(2**63)])
def test_whole_numbers_keep_every_digit(number):
    assert values(column([str(number), "1"])) == [number, 1]


def test_whole_numbers_beyond_64_bits_become_float():
    assert values(column([str(2**63), "1"])) == [float(2**63), 1.0]
    assert values(column([str(-(10**30)), "1"])) == [-1e30, 1.0]


def test_long_digits_beside_gaps_stay_text_because_float_would_merge_neighbours():
    made = from_text({"a": [str(2**53 + 1), str(2**53), ""]})
    assert values(made.frame["a"]) == ["9007199254740993", "9007199254740992", None]
    assert codes(made) == [("codes_kept_as_text", "a")]
    assert values(column([str(2**53), "1", ""])) == [2.0**53, 1.0, None]


def test_a_number_without_end_is_text():
    digits = "9" * 100_000
    assert values(column([digits, "1"])) == [digits, "1"]


@pytest.mark.parametrize("texts", [["0x1F", "0x20"], ["1_000", "5"], ["1d", "2"], ["١٢", "5"]])
def test_what_only_programs_call_a_number_is_text(texts):
    assert values(column(texts)) == texts


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=20))
def test_printed_floats_come_back_exactly(numbers):
    read = column([repr(number) for number in numbers])
    assert values(read.astype("float64")) == numbers


@given(st.lists(st.integers(-(2**63), 2**63 - 1), min_size=1, max_size=20))
def test_printed_whole_numbers_come_back_exactly(numbers):
    assert values(column([str(number) for number in numbers])) == numbers


# Codes --------------------------------------------------------------------------------------


@pytest.mark.parametrize("texts", [["0042", "7"], ["-01", "3"], ["1.5", "00.5"], ["007", "12"]])
def test_one_leading_zero_makes_a_column_of_codes(texts):
    made = from_text({"a": texts})
    assert values(made.frame["a"]) == texts
    assert codes(made) == [("codes_kept_as_text", "a")]
    assert made.findings[0].severity is Severity.LOW
    assert made.findings[0].message == (
        "a holds digits only, but some begin with a zero that a number would lose; they are kept "
        "as text."
    )


def test_a_zero_before_the_decimal_sign_is_no_code():
    assert values(column(["0.5", "-0.25", "0", "0e5"])) == [0.5, -0.25, 0.0, 0.0]


def test_a_leading_zero_among_words_is_not_worth_a_word():
    made = from_text({"a": ["0042", "x"]})
    assert values(made.frame["a"]) == ["0042", "x"]
    assert made.findings == ()


# Numbers that people wrote ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texts", "expected", "said"),
    [
        (
            ["1,234,567", "12", "2,500.25"],
            [1234567.0, 12.0, 2500.25],
            'thousands separators; they are read as numbers, "1,234,567" as 1234567.',
        ),
        (["1 234 567", "12"], [1234567, 12], "thousands separators;"),
        (["1\u00a0234", "1\u2009234", "1\u202f234"], [1234, 1234, 1234], "thousands separators;"),
        (["1'000'000", "5"], [1_000_000, 5], "thousands separators;"),
        (["1’000", "5"], [1000, 5], "thousands separators;"),
        (["$5", "$ 1200.50", "-$3", "$-4"], [5.0, 1200.5, -3.0, -4.0], "a currency sign ($);"),
        (["5 €", "7€"], [5, 7], "a currency sign (€);"),
        (["EUR 5", "7 EUR"], [5, 7], "a currency sign (EUR);"),
        (["£5", "6"], [5, 6], "a currency sign (£);"),
        (["¥500", "600"], [500, 600], "a currency sign (¥);"),
        (["12 %", "5%", "1.5 %"], [12.0, 5.0, 1.5], "percent signs;"),
        (["(5)", "7"], [-5, 7], "parentheses around negative numbers;"),
        (
            ["($1,200)", "7"],
            [-1200, 7],
            "thousands separators, a currency sign ($) and parentheses around negative numbers;",
        ),
    ],
)
def test_numbers_are_cleaned_and_the_analyst_is_told_of_what(texts, expected, said):
    made = from_text({"a": texts})
    assert values(made.frame["a"]) == expected
    assert codes(made) == [("numbers_as_text", "a")]
    assert made.findings[0].severity is Severity.LOW
    assert f"a holds numbers written with {said}" in made.findings[0].message


@pytest.mark.parametrize(
    "text",
    ["1,23", "12,34,567", "1234,567", "0,123", "1,2345", "1 23", "1,234 567", "$", "%", "5 kg"],
)
def test_other_groups_than_three_digits_are_no_number(text):
    assert values(column([text, "5", "6"])) == [text, "5", "6"]


def test_two_currencies_are_not_added_up():
    made = from_text({"a": ["€5", "$7", "$8"]})
    assert values(made.frame["a"]) == ["€5", "$7", "$8"]
    assert codes(made) == [("mixed_currencies", "a")]
    assert made.findings[0].message == (
        "a holds amounts in several currencies ($, €); they are kept as text."
    )
    assert values(column(["$5", "7 USD"])) == [5, 7]


def group(whole, sign):
    """Return a whole number with ``sign`` between its thousands."""
    return f"{whole:,}".replace(",", sign)


STYLES = [
    ("", ".", "{}"),
    ("", ",", "{}"),
    (",", ".", "{}"),
    (".", ",", "{}"),
    (" ", ".", "{}"),
    ("\u00a0", ",", "{}"),
    ("'", ".", "{}"),
    ("\u202f", ",", "{} €"),
    (",", ".", "${}"),
    (",", ".", "USD {}"),
    (".", ",", "{}EUR"),
    ("", ".", "{} %"),
    ("", ",", "{}%"),
]
HUNDREDTHS = st.lists(st.integers(-(10**13), 10**13), min_size=1, max_size=10)


@pytest.mark.parametrize(("thousands", "decimal", "shape"), STYLES)
@given(hundredths=HUNDREDTHS)
def test_a_formatted_number_comes_back_exactly(thousands, decimal, shape, hundredths):
    texts = [
        ("-" if number < 0 else "")
        + shape.format(f"{group(abs(number) // 100, thousands)}{decimal}{abs(number) % 100:02d}")
        for number in hundredths
    ]
    # By way of the digits, which Python rounds correctly.
    expected = [float(f"{'-' * (n < 0)}{abs(n) // 100}.{abs(n) % 100:02d}") for n in hundredths]
    assert values(column(texts, ";")) == expected


# Which sign divides decimals ----------------------------------------------------------------


def test_decimal_commas_are_numbers_where_other_signs_divide_values():
    made = from_text({"a": ["1,5", "-3", "2,25"]}, ";")
    assert values(made.frame["a"]) == [1.5, -3.0, 2.25]
    assert (made.decimal, made.findings) == (",", ())


def test_decimal_commas_are_lists_where_commas_divide_values():
    assert values(column(["1,5", "3"], ",")) == ["1,5", "3"]
    assert values(column(["1,5", "3"], ",", decimal=",")) == [1.5, 3.0]


def test_a_group_of_three_is_thousands_between_commas_and_decimals_elsewhere():
    assert values(column(["1,500", "12"], ",")) == [1500, 12]
    for delimiter in ";\t|":
        assert values(column(["1,500", "12"], delimiter)) == [1.5, 12.0]


def test_one_column_that_leaves_no_doubt_decides_for_all():
    doubtful = ["1,500", "2,250"]
    with_comma = from_text({"a": doubtful, "b": ["0,5", "7"]}, ";")
    assert values(with_comma.frame["a"]) == [1.5, 2.25]
    assert (with_comma.decimal, with_comma.findings) == (",", ())
    with_point = from_text({"a": doubtful, "b": ["0.5", "7"]}, ";")
    assert values(with_point.frame["a"]) == [1500, 2250]
    assert with_point.decimal == "."
    assert codes(with_point) == [("numbers_as_text", "a")]


def test_points_are_thousands_in_a_file_of_decimal_commas():
    made = from_text({"a": ["1.500", "12"], "b": ["0,5", "7"]}, ";")
    assert values(made.frame["a"]) == [1500, 12]


def test_each_column_that_leaves_no_doubt_is_read_its_own_way():
    made = from_text({"a": ["0,5", "7"], "b": ["1,25", "7"], "latitude": ["47.5", "8.25"]}, ";")
    assert values(made.frame["a"]) == [0.5, 7.0]
    assert values(made.frame["latitude"]) == [47.5, 8.25]
    assert made.decimal == ","


def test_a_guess_is_called_one_with_both_readings():
    (guess,) = from_text({"a": ["1,500", "12"]}, ";").findings
    assert (guess.code, guess.severity) == ("ambiguous_numbers", Severity.MEDIUM)
    assert guess.message == (
        'a holds numbers such as "1,500", which may be 1500 or 1.5; it is read as 1.5.'
    )


def test_the_analyst_decides_the_sign():
    texts = {"a": ["1,500", "2,250"]}
    assert values(from_text(texts, ";", decimal=".").frame["a"]) == [1500, 2250]
    assert values(from_text(texts, ";", decimal=",").frame["a"]) == [1.5, 2.25]
    assert codes(from_text(texts, ";", decimal=",")) == []
    assert values(column(["1.5", "2"], ";", decimal=",")) == ["1.5", "2"]


def test_the_sign_is_told_for_text_files_with_numbers_only():
    assert from_text({"a": ["1", "2"]}).decimal == "."
    assert from_text({"a": ["x", "y"]}).decimal is None
    assert from_typed({"a": ["1.5", "2"]}).decimal is None


# Not quite numbers --------------------------------------------------------------------------


def test_infinities_are_missing_and_counted():
    made = from_text({"a": ["inf", "-Infinity", "1.5", "1e999"]})
    assert values(made.frame["a"]) == [None, None, 1.5, None]
    assert codes(made) == [("infinite_values", "a")]
    assert made.findings[0].message == "a holds 3 infinite values; read as missing."


def test_a_column_that_is_mostly_numbers_names_what_is_none_and_how_to_cure_it():
    texts = [*map(str, range(198)), "unknown", "n.k."]
    made = from_text({"age": texts})
    assert values(made.frame["age"]) == texts
    (finding,) = made.findings
    assert (finding.code, finding.severity) == ("mostly_numbers", Severity.MEDIUM)
    assert finding.message == (
        'age holds numbers, but 2 of its values are none ("unknown", "n.k."); it is kept as text.'
    )
    assert finding.fix == Fix(
        kind=FixKind.MISSING_VALUES,
        label='Read "unknown", "n.k." as missing',
        column="age",
        values=("unknown", "n.k."),
    )
    cured = from_text({"age": texts}, missing_in={"age": finding.fix.values})
    assert values(cured.frame["age"]) == [*map(float, range(198)), None, None]


def test_too_many_different_words_have_no_cure_by_one_click():
    made = from_text({"a": [*map(str, range(600)), *"uvwxyz"]})
    assert codes(made) == [("mostly_numbers", "a")]
    assert '("u", "v", "w", ...)' in made.findings[0].message
    assert made.findings[0].fix is None


def test_one_word_in_fifty_is_not_mostly_numbers():
    assert from_text({"a": [*map(str, range(49)), "x"]}).findings == ()
    assert codes(from_text({"a": [*map(str, range(50)), "x"]})) == [("mostly_numbers", "a")]


# Formats with types -------------------------------------------------------------------------


def test_numbers_in_strings_are_read_and_the_analyst_is_told():
    made = from_typed({"a": ["1", " 2.5 ", None]})
    assert values(made.frame["a"]) == [1.0, 2.5, None]
    assert [finding.message for finding in made.findings] == [
        "a holds numbers written as text; they are read as numbers."
    ]


def test_decimal_commas_in_strings_are_read():
    assert values(from_typed({"a": ["1,5", "2,25"]}).frame["a"]) == [1.5, 2.25]


def test_numbers_of_a_text_file_are_those_that_pandas_reads():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"a": rng.normal(size=500), "b": rng.integers(-9, 9, 500)})
    text = frame.to_csv(index=False)
    expected = pd.read_csv(StringIO(text))
    read = from_text(pd.read_csv(StringIO(text), dtype="str").to_dict("list"))
    pd.testing.assert_frame_equal(read.frame, expected, check_exact=True)


def test_numbers_that_may_be_two_are_compared_beyond_what_floats_hold():
    made = from_text({"a": ["1.500", str(2**53 + 1)]}, ";")
    assert values(made.frame["a"]) == [1.5, 2.0**53]
    assert codes(made) == [("ambiguous_numbers", "a")]

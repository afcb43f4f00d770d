import datetime as dt

import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from modelling.types import Fix, FixKind, Severity
from tests.datasets.columns.uniformed import codes, column, from_text, from_typed, values

DAY = pd.Timestamp(2024, 1, 31)


def moment(*parts):
    return pd.Timestamp(*parts)


# Formats ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-01-31", DAY),
        ("2024/1/31", DAY),
        ("2024.01.31", DAY),
        ("31.01.2024", DAY),
        ("31.1.24", DAY),
        ("31/01/2024", DAY),
        ("01/31/2024", DAY),
        ("31-01-2024", DAY),
        ("1-31-24", DAY),
        ("31 Jan 2024", DAY),
        ("31 January 2024", DAY),
        ("31. January 2024", DAY),
        ("31st Jan, 2024", DAY),
        ("Jan 31, 2024", DAY),
        ("January 31 2024", DAY),
        ("Wed, 31 Jan 2024", DAY),
        ("31-JAN-24", DAY),
        ("31/jan/2024", DAY),
        ("2024-01-31 13:05", moment(2024, 1, 31, 13, 5)),
        ("2024-01-31T13:05:09", moment(2024, 1, 31, 13, 5, 9)),
        ("2024-01-31 13:05:09.25", moment(2024, 1, 31, 13, 5, 9, 250_000)),
        ("2024-01-31 13:05:09.123456789", moment(2024, 1, 31, 13, 5, 9, 123_456)),
        ("31.01.2024 13:05", moment(2024, 1, 31, 13, 5)),
        ("01/31/2024 1:05 PM", moment(2024, 1, 31, 13, 5)),
        ("01/31/2024 12:05:09 am", moment(2024, 1, 31, 0, 5, 9)),
        ("01/31/2024, 12:05 p.m.", moment(2024, 1, 31, 12, 5)),
        ("Jan 31, 2024 13:05", moment(2024, 1, 31, 13, 5)),
        ("2024-02-29", moment(2024, 2, 29)),
        ("1492-10-12", moment(1492, 10, 12)),
        ("9999-12-31", moment(9999, 12, 31)),
        ("0001-01-01", moment(1, 1, 1)),
    ],
)
def test_a_date_is_read_in_each_format(text, expected):
    read = column([text, ""])
    assert read.dtype == "datetime64[us]"
    assert values(read) == [expected, None]


@pytest.mark.parametrize(
    "text",
    [
        "2023-02-29",
        "2024-13-01",
        "31.04.2024",
        "2024-01/31",
        "31.01-2024",
        "0000-01-01",
        "2024-01-31 24:00",
        "2024-01-31 13:60",
        "2024-01-31 13:05 PM",
        "31.01.2024 0:05 am",
        "31 Foo 2024",
        "12:30",
        "13:05:09",
        "2024-01",
        "1.2.3",
        "192.168.1.20",
    ],
)
def test_what_no_calendar_has_stays_text(text):
    assert values(column([text, "2024-01-01"])) == [text, "2024-01-01"]


def test_years_of_two_digits_lie_between_1969_and_2068():
    read = column(["31.12.69", "31.12.68", "31.12.00"])
    assert [date.year for date in read] == [1969, 2068, 2000]


FORMATS = [
    "%Y-%m-%d",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%dT%H:%M:%S.%f",
    "%Y/%m/%d %H:%M:%S",
    "%d.%m.%Y",
    "%d/%m/%Y %H:%M",
    "%d-%m-%Y %I:%M:%S %p",
    "%d %b %Y",
    "%d-%b-%Y %H:%M:%S",
    "%B %d, %Y",
    "%a, %d %b %Y %H:%M:%S",
]
MOMENTS = st.lists(
    st.datetimes(min_value=dt.datetime(1000, 1, 1), max_value=dt.datetime(9999, 12, 31)),  # noqa: DTZ001
    min_size=1,
    max_size=10,
)


@pytest.mark.parametrize("form", FORMATS)
@settings(max_examples=25)
@given(moments=MOMENTS)
def test_a_formatted_date_comes_back_as_python_reads_it(form, moments):
    texts = [moment.strftime(form) for moment in moments]
    expected = [dt.datetime.strptime(text, form) for text in texts]  # noqa: DTZ007
    assert values(column(texts, day_first=True)) == expected


@given(moments=MOMENTS)
def test_the_order_is_proved_by_one_day_above_twelve(moments):
    proof = [*moments, dt.datetime(2024, 5, 13)]  # noqa: DTZ001
    for form in ("%d/%m/%Y", "%m/%d/%Y"):
        expected = [pd.Timestamp(moment.date()) for moment in proof]
        assert values(column([moment.strftime(form) for moment in proof])) == expected


# Whether the day comes first ----------------------------------------------------------------


def test_one_column_that_leaves_no_doubt_decides_for_all():
    made = from_text({"a": ["03/04/2025"], "b": ["31/12/2025"]})
    assert values(made.frame["a"]) == [moment(2025, 4, 3)]
    assert (made.day_first, made.findings) == (True, ())
    made = from_text({"a": ["03/04/2025"], "b": ["12/31/2025"]})
    assert values(made.frame["a"]) == [moment(2025, 3, 4)]
    assert (made.day_first, made.findings) == (False, ())


@pytest.mark.parametrize(
    ("text", "delimiter", "expected"),
    [
        ("03/04/2025", ",", moment(2025, 3, 4)),
        ("03/04/2025", ";", moment(2025, 4, 3)),
        ("03.04.2025", ",", moment(2025, 4, 3)),
        ("03-04-2025", "\t", moment(2025, 3, 4)),
    ],
)
def test_without_a_proof_the_usual_order_is_a_guess_that_is_told(text, delimiter, expected):
    made = from_text({"a": [text]}, delimiter)
    assert values(made.frame["a"]) == [expected]
    assert made.day_first is (expected.day == 3)
    (guess,) = made.findings
    assert (guess.code, guess.severity) == ("ambiguous_dates", Severity.MEDIUM)
    assert guess.message == (
        f'a holds dates such as "{text}", which may be 2025-04-03 or 2025-03-04; it is read as '
        f"{expected:%Y-%m-%d}."
    )


def test_decimal_commas_speak_for_the_day_first():
    made = from_text({"a": ["03/04/2025"], "b": ["0,5"]}, "\t")
    assert values(made.frame["a"]) == [moment(2025, 4, 3)]


def test_equal_numbers_leave_nothing_to_guess():
    made = from_text({"a": ["04/04/2025", "2025-01-02"]})
    assert values(made.frame["a"]) == [moment(2025, 4, 4), moment(2025, 1, 2)]
    assert (made.day_first, made.findings) == (None, ())


def test_the_analyst_decides_the_order():
    for day_first, expected in ((True, moment(2025, 4, 3)), (False, moment(2025, 3, 4))):
        made = from_text({"a": ["03/04/2025"]}, day_first=day_first)
        assert values(made.frame["a"]) == [expected]
        assert (made.day_first, made.findings) == (day_first, ())
    assert values(column(["31/12/2025"], day_first=False)) == ["31/12/2025"]


def test_both_orders_in_one_column_are_no_dates():
    assert values(column(["31/12/2025", "12/31/2025"])) == ["31/12/2025", "12/31/2025"]


# Zones, whole numbers, and what is nearly a date --------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-01-01T10:30:00Z", moment(2026, 1, 1, 10, 30)),
        ("2026-01-01 10:30 UTC", moment(2026, 1, 1, 10, 30)),
        ("2026-01-01T10:30:00+02:00", moment(2026, 1, 1, 8, 30)),
        ("2026-01-01T10:30:00.5-0530", moment(2026, 1, 1, 16, 0, 0, 500_000)),
        ("2026-01-01T01:00:00+03", moment(2025, 12, 31, 22)),
        ("Thu, 01 Jan 2026 10:30:00 GMT", moment(2026, 1, 1, 10, 30)),
    ],
)
def test_zones_are_converted_to_utc_and_the_analyst_is_told(text, expected):
    made = from_text({"a": [text]})
    assert values(made.frame["a"]) == [expected]
    assert [(found.code, found.severity) for found in made.findings] == [
        ("time_zones", Severity.LOW)
    ]


def test_whole_numbers_are_dates_only_if_the_name_says_so_and_all_are_possible():
    texts = ["20240131", "19991231", ""]
    for name in ("date", "order_day", "Timestamp"):
        made = from_text({name: texts})
        assert values(made.frame[name]) == [DAY, moment(1999, 12, 31), None]
    assert values(column(texts)) == [20240131.0, 19991231.0, None]
    for other in ("20240231", "20241301", "18991231", "5"):
        made = from_text({"date": ["20240131", other]})
        assert values(made.frame["date"]) == [20240131, int(other)]
    assert values(from_typed({"date": [20240131]}).frame["date"]) == [DAY]


def test_a_column_that_is_mostly_dates_names_what_is_none_and_how_to_cure_it():
    texts = [f"{day:02d}.01.2024" for day in range(1, 32)] * 2 + ["31.02.2024"]
    made = from_text({"day": texts})
    assert values(made.frame["day"]) == texts
    (finding,) = made.findings
    assert (finding.code, finding.severity) == ("mostly_dates", Severity.MEDIUM)
    assert finding.message == (
        'day holds dates, but 1 of its values is none ("31.02.2024"); it is kept as text.'
    )
    assert finding.fix == Fix(
        kind=FixKind.MISSING_VALUES,
        label='Read "31.02.2024" as missing',
        column="day",
        values=("31.02.2024",),
    )
    cured = from_text({"day": texts}, missing_in={"day": finding.fix.values})
    assert values(cured.frame["day"])[-2:] == [DAY, None]


def test_dates_in_strings_of_a_typed_format_are_read():
    made = from_typed({"a": ["2024-01-31", None]})
    assert values(made.frame["a"]) == [DAY, None]
    assert codes(made) == []

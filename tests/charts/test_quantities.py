import doctest
import math

import pytest

from modelling.charts import quantities
from modelling.charts.quantities import date_text, number_text, share_text


def test_examples_in_docstrings_hold():
    assert doctest.testmod(quantities).failed == 0


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (1e-7, "1e-07"),
        (-0.00012, "−0.00012"),
        (math.nan, "–"),
        (999_999_999, "999,999,999"),
    ],
)
def test_numbers_of_any_size(value, text):
    assert number_text(value) == text


def test_a_moment_that_no_calendar_has_is_missing():
    assert date_text(1e30) == "–"


@pytest.mark.parametrize(
    ("share", "text"), [(0.0, "0 %"), (0.0005, "0.1 %"), (0.5, "50 %"), (0.9994, "99.9 %")]
)
def test_shares(share, text):
    assert share_text(share) == text

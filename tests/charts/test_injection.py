"""Orders within texts: shares, intervals and the sentence."""

import pytest
from scipy.stats import binomtest

from modelling.charts.injection import injection_figure, injection_numbers, wilson
from modelling.types import Followed
from tests.charts.made_up_asked import make_asked


@pytest.mark.parametrize(("k", "n"), [(0, 10), (4, 10), (10, 10), (3, 200)])
def test_the_interval_is_that_of_scipy(k, n):
    expected = binomtest(k, n).proportion_ci(method="wilson")
    assert wilson(k, n) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_kinds_without_an_answer_and_models_without_orders_are_left_out():
    found = injection_numbers(
        [
            make_asked("A"),
            make_asked("B", followed=()),
            make_asked("C", followed=(Followed(kind="plain order", n=0, n_followed=0),)),
        ]
    )
    ((title, kinds),) = found.models
    assert title == "A"
    assert [(one.kind, one.share) for one in kinds] == [("plain order", 0.4), ("ready answer", 0.0)]


def test_the_sentence_names_the_worst_kind_or_says_that_none_was_obeyed():
    _, finding = injection_figure(injection_numbers([make_asked("A")]))
    assert "A obeyed 4 of 10 orders of the kind it obeys most (plain order)" in finding
    firm = make_asked("B", followed=(Followed(kind="plain order", n=10, n_followed=0),))
    _, finding = injection_figure(injection_numbers([firm]))
    assert "B obeyed none of 10 orders" in finding

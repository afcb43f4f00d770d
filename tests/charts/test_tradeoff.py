import math
from dataclasses import replace

import pytest
from hypothesis import given, settings, strategies as st

from modelling.charts.axes import AXES, cost_axis
from modelling.charts.style import DOMINATED_OPACITY
from modelling.charts.tradeoff import tradeoff_figure, tradeoff_numbers
from modelling.types import Economics, Variant
from tests.charts.made_up import (
    BOOSTER,
    ENSEMBLE,
    LOGISTIC,
    TUNED,
    make_comparison,
    make_row,
)

PRICES = Economics(
    usd_per_vcpu_hour=3.6,
    predictions_per_month=1_000_000,
    horizon_months=10,
    usd_per_analyst_hour=0,
)


def labels(numbers) -> list[str]:
    return [point.label for point in numbers.points]


def cost_of(label: str, axis: str) -> float:
    numbers = tradeoff_numbers(make_comparison(), PRICES, axis)
    return next(point.cost for point in numbers.points if point.label == label)


@pytest.mark.parametrize(
    ("axis", "cost"),
    [
        ("training_cpu_s", 100.0),  # 98 s of search and 2 s of the last fit
        ("training_usd", 0.1),  # at 3.6 dollars an hour a second costs 0.001
        ("predict_ms", 2.0),
        ("serving_usd", 2e-6),  # 2 ms
        ("total_usd", 0.1 + 10 * 1_000 * 2e-6),
        ("size_mb", 0.02),
    ],
)
def test_each_axis_shows_the_cost_of_a_tuned_model(axis, cost):
    assert cost_of("Lightgbm (tuned)", axis) == pytest.approx(cost)


def test_the_front_holds_what_no_other_model_beats():
    numbers = tradeoff_numbers(make_comparison(), PRICES)
    front = [numbers.points[i].label for i in numbers.front]
    assert front == ["Dummy", "Logistic (base)", "Lightgbm (tuned)"]


def test_the_front_is_worked_out_anew_for_each_axis():
    """All predict at the same speed, so only the best score is left."""
    numbers = tradeoff_numbers(make_comparison(), PRICES, "predict_ms")
    assert [numbers.points[i].label for i in numbers.front] == ["Lightgbm (tuned)"]


def test_an_arrow_joins_base_and_tuned_of_one_model():
    numbers = tradeoff_numbers(make_comparison(), PRICES)
    ((base, tuned),) = numbers.arrows
    assert (labels(numbers)[base], labels(numbers)[tuned]) == (
        "Lightgbm (base)",
        "Lightgbm (tuned)",
    )


def test_a_failed_model_has_no_point_but_its_reason():
    numbers = tradeoff_numbers(make_comparison(), PRICES)
    ((label, hover),) = numbers.failed
    assert label == "Knn (base)"
    assert "out of &lt;b&gt;memory&lt;/b&gt;" in hover
    figure, _ = tradeoff_figure(numbers)
    ring = figure.layout.shapes[0]
    assert (ring.type, ring.line.dash) == ("circle", "dot")


def test_a_model_without_the_figure_is_named():
    row = replace(LOGISTIC, predict_cpu_ms_per_1k=None)
    numbers = tradeoff_numbers(make_comparison(row, BOOSTER), PRICES, "predict_ms")
    assert numbers.left_out == ("Logistic (base)",)
    assert labels(numbers) == ["Lightgbm (base)"]


def test_dominated_points_are_faded_and_shapes_tell_the_variant():
    figure, _ = tradeoff_figure(tradeoff_numbers(make_comparison(), PRICES))
    by_label = {trace.text[0]: trace.marker for trace in figure.data if trace.text}
    assert by_label["Lightgbm (base)"].color.endswith(f", {DOMINATED_OPACITY:g})")
    assert by_label["Lightgbm (tuned)"].color.endswith(", 1)")
    assert by_label["Lightgbm (base)"].symbol == "circle"
    assert by_label["Lightgbm (tuned)"].symbol == "square"


def test_the_cost_axis_is_logarithmic_unless_a_cost_is_zero():
    figure, _ = tradeoff_figure(tradeoff_numbers(make_comparison(), PRICES))
    assert figure.layout.xaxis.type == "log"
    free = tradeoff_numbers(make_comparison(), replace(PRICES, usd_per_vcpu_hour=0), "training_usd")
    figure, _ = tradeoff_figure(free)
    assert figure.layout.xaxis.type is None


def test_amounts_of_money_state_their_assumptions():
    assert tradeoff_numbers(make_comparison(), PRICES, "training_cpu_s").assumptions == ""
    assert (
        "$3.60 per vCPU hour"
        in tradeoff_numbers(make_comparison(), PRICES, "training_usd").assumptions
    )
    assert (
        "1,000,000 predictions a month for 10 months"
        in tradeoff_numbers(make_comparison(), PRICES, "total_usd").assumptions
    )


def test_the_sentence_names_the_front_and_the_best():
    _, finding = tradeoff_figure(tradeoff_numbers(make_comparison(), PRICES))
    assert "no other beats Dummy, Logistic (base) and Lightgbm (tuned)" in finding
    assert "0.8300, by Lightgbm (tuned)" in finding


def test_axis_hover_and_sentence_say_which_rows_scored():
    sampled = replace(make_comparison(), judged_on="200 sampled rows")
    numbers = tradeoff_numbers(sampled, PRICES)
    figure, finding = tradeoff_figure(numbers)
    said = [figure.layout.yaxis.title.text, finding, numbers.points[0].hover]
    assert all("on 200 sampled rows" in text for text in said)
    assert not any("locked test" in text for text in said)


def test_a_far_away_dummy_does_not_squeeze_the_rest():
    figure, _ = tradeoff_figure(tradeoff_numbers(make_comparison(), PRICES))
    low, high = figure.layout.yaxis.range
    assert 0.7 < low < 0.77 < 0.85 < high
    assert "Dummy: 0.5000" in figure.layout.annotations[-1].text


def test_nothing_measured_yet_is_said():
    empty = make_comparison(replace(LOGISTIC, test_score=None))
    figure, finding = tradeoff_figure(tradeoff_numbers(empty, PRICES))
    assert "yet" in finding
    assert figure.layout.xaxis.title.text == AXES[0].title


def test_an_unknown_axis_is_refused():
    with pytest.raises(ValueError, match="got 'beauty'"):
        cost_axis("beauty")


def test_all_variants_have_a_shape():
    rows = [make_row("lightgbm", variant, fit_cpu_s=1.0) for variant in Variant]
    figure, _ = tradeoff_figure(tradeoff_numbers(make_comparison(*rows), PRICES))
    symbols = {
        trace.name: trace.marker.symbol for trace in figure.data if trace.name in set(Variant)
    }
    assert symbols == {
        "base": "circle-open",
        "tuned": "square-open",
        "ensemble": "diamond-open",
        "imported": "triangle-up-open",
    }


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(0.0, 1e9) | st.just(math.nan) | st.none(), st.floats(0, 1) | st.none()),
        max_size=12,
    )
)
def test_any_mixture_of_costs_and_scores_can_be_drawn(pairs):
    rows = [
        replace(TUNED, key=f"m{i}", fit_cpu_s=cost, search_cpu_s=0.0, test_score=score)
        for i, (cost, score) in enumerate(pairs)
    ]
    numbers = tradeoff_numbers(make_comparison(*rows), PRICES)
    tradeoff_figure(numbers)
    assert len(numbers.points) + len(numbers.left_out) == (len(rows) or 5) - len(numbers.failed)


def test_an_ensemble_is_a_diamond_with_its_summed_cost_and_its_weights_in_the_hover():
    numbers = tradeoff_numbers(make_comparison(LOGISTIC, BOOSTER, TUNED, ENSEMBLE), PRICES)
    point = next(point for point in numbers.points if point.key == "ensemble")
    assert (point.label, point.cost) == ("Ensemble", pytest.approx(100.2))
    assert "Lightgbm (tuned) = 0.75, Logistic (base) = 0.25" in point.hover
    assert len(numbers.arrows) == 1
    figure, _ = tradeoff_figure(numbers)
    marks = {trace.text[0]: trace.marker.symbol for trace in figure.data if trace.text}
    assert (marks["Ensemble"], marks["Lightgbm (tuned)"]) == ("diamond", "square")

"""The charts of what models go by, on numbers that can be read off."""

from dataclasses import replace

import pytest

from modelling.charts import effect_figure, effect_numbers, reliance_figure, reliance_numbers
from modelling.metrics import metric
from tests.charts.made_up_explanation import make_explanation

AUC = metric("roc_auc")


def test_columns_stand_in_the_order_of_what_any_of_the_models_loses():
    one = make_explanation()
    other = replace(one, weights=tuple(replace(w, lost=0.3 - w.lost) for w in one.weights))
    numbers = reliance_numbers({"a": one, "b": other}, "lost", metric=AUC)
    # 0.3 - 0.033, 0.3 - 0.05, 0.3 - 0.1
    assert numbers.columns == ("age 2", "age 1", "age")
    figure, finding = reliance_figure(numbers)
    assert [trace.name for trace in figure.data] == ["a", "b"]
    assert figure.data[0].x[2] == pytest.approx(0.1)
    assert figure.data[0].error_x.array[0] == pytest.approx(0.02)
    assert "On 200 locked rows, in ROC AUC: a goes by age (0.1)" in finding


def test_columns_that_may_do_nothing_are_counted():
    known = make_explanation()
    none = replace(
        known, weights=(known.weights[0], *(replace(w, lost=0.01) for w in known.weights[1:]))
    )
    _, finding = reliance_figure(reliance_numbers({"a": none}, "lost", metric=AUC))
    assert finding.endswith("2 columns of 3 may do nothing for them.")


def test_contributions_are_those_of_the_chosen_answer():
    numbers = reliance_numbers({"a": make_explanation()}, "moved", metric=AUC, output=1)
    assert numbers.models[0].values["age"] == (0.1, 0.0)
    assert numbers.models[0].n_rows == 5
    assert numbers.unit == "change of the answer for not age"


def test_an_effect_has_its_line_and_its_rows_around_the_mean():
    numbers = effect_numbers({"a": make_explanation()}, "age", answer="Probability of yes")
    figure, finding = effect_figure(numbers)
    rows, line = figure.data
    assert list(line.y) == [0.2, 0.3, 0.5]
    assert list(rows.x) == [1.0, 2.0, 3.0, 4.0]
    assert rows.y[0] == pytest.approx(1 / 3 + 0.1)
    assert finding == ("Probability of yes along age: by a from 0.2 at 1 to 0.5 at 3.")


def test_a_model_that_goes_little_by_the_column_has_nothing_to_draw():
    known = {"a": make_explanation(), "b": make_explanation("size")}
    _, finding = effect_figure(effect_numbers(known, "size", answer="Predicted price"))
    assert "by b" in finding
    assert "by a" not in finding
    _, finding = effect_figure(effect_numbers(known, "elsewhere", answer="Predicted price"))
    assert "moves no answer" in finding


def test_categories_are_no_line_and_dates_are():
    named = effect_numbers({"a": make_explanation()}, "age 2", answer="Probability of yes")
    figure, _ = effect_figure(named)
    assert figure.layout.xaxis.type == "category"
    assert figure.data[1].mode == "markers"
    known = make_explanation()
    days = ("2024-01-01T00:00:00", "2024-02-01T00:00:00", "2024-03-01T00:00:00")
    dated = replace(known, effects=(replace(known.effects[0], values=days),))
    figure, _ = effect_figure(effect_numbers({"a": dated}, "age", answer="Probability of yes"))
    assert figure.layout.xaxis.type == "-"
    assert figure.data[1].mode == "lines+markers"

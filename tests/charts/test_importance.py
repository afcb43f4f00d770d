from modelling.charts.importance import importance_figure, importance_numbers

NAMES = {"parameters": ["depth", "leaf", "features"], "title": "Decision tree", "family": "tree"}


def test_parameters_stand_by_the_share_they_explain():
    numbers = importance_numbers({"leaf": 0.5, "features": 0.1, "depth": 0.3}, **NAMES)
    assert numbers.shares == (("leaf", 0.5), ("depth", 0.3), ("features", 0.1))
    figure, finding = importance_figure(numbers)
    assert list(figure.data[0].x) == [0.5, 0.3, 0.1]
    assert finding.endswith(
        "explain most of the loss: leaf (0.50), depth (0.30) and features (0.10)."
    )


def test_before_importance_is_known_the_chart_waits_at_its_full_height():
    waiting, finding = importance_figure(importance_numbers({}, **NAMES))
    known, _ = importance_figure(importance_numbers({"leaf": 0.5}, **NAMES))
    assert waiting.layout.height == known.layout.height
    assert waiting.layout.annotations[0].text == "Too few trials have ended to tell."
    assert "too few trials" in finding

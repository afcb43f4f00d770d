"""What every registered model promises; a new model is covered without new test code."""

import inspect
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from modelling.errors import SpecError
from modelling.models import MODELS, model, models_for, models_named, models_to_tune
from modelling.models.encoding import build_encoder
from modelling.models.spec import Encoding, ModelSpec, SearchParam, Speed
from modelling.types import TaskKind

TUNABLE = [spec for spec in MODELS if spec.can_be_tuned]


def by_key(spec):
    return spec.key


def lies_inside(value, param: SearchParam) -> bool:
    if param.kind == "choice":
        return value in param.choices
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    return param.low <= value <= param.high and (param.kind == "float" or is_whole)


def settable(estimator) -> dict[str, object]:
    """Return the parameters by name, those of an estimator inside another one too."""
    found = {name.rpartition("__")[2]: value for name, value in estimator.get_params().items()}
    # CatBoost (1.2) lists only what was set; the constructor knows the rest.
    names = inspect.signature(type(estimator).__init__).parameters
    return {**dict.fromkeys(names), **found}


def test_keys_are_unique_and_titles_too():
    assert len({spec.key for spec in MODELS}) == len(MODELS)
    assert len({spec.title for spec in MODELS}) == len(MODELS)


def test_every_task_has_a_dummy_and_something_to_tune():
    for kind in TaskKind:
        specs = models_for(kind)
        assert "dummy" in {spec.key for spec in specs}
        assert any(spec.can_be_tuned for spec in specs)


def test_the_quickest_come_first():
    costs = [spec.cpu_us_per_value for spec in MODELS]
    assert costs == sorted(costs)
    speeds = [list(Speed).index(spec.speed) for spec in MODELS]
    assert speeds == sorted(speeds)


@pytest.mark.parametrize(
    ("cpu_us_per_value", "speed"),
    [
        (0.0, "instant"),
        (0.099, "instant"),
        (0.1, "fast"),
        (1.99, "fast"),
        (2.0, "moderate"),
        (9.99, "moderate"),
        (10.0, "slow"),
        (1000.0, "slow"),
    ],
)
def test_a_cost_per_value_is_one_of_four_words(cpu_us_per_value, speed):
    assert replace(model("tree"), cpu_us_per_value=cpu_us_per_value).speed == speed


def test_each_word_is_that_of_some_model():
    words = {spec.key: str(spec.speed) for spec in MODELS}
    assert set(words.values()) == {"instant", "fast", "moderate", "slow"}
    named = ("logistic", "lightgbm", "catboost", "random_forest")
    assert [words[key] for key in named] == ["instant", "fast", "moderate", "slow"]


@pytest.mark.parametrize("spec", TUNABLE, ids=by_key)
class TestSearchSpace:
    def test_no_parameter_is_searched_twice_and_at_most_eight_are(self, spec: ModelSpec):
        names = [param.name for param in spec.space]
        assert len(set(names)) == len(names) <= 8

    def test_the_base_is_a_point_of_it(self, spec: ModelSpec):
        assert set(spec.base_point) == {param.name for param in spec.space}
        for param in spec.space:
            assert lies_inside(spec.base_point[param.name], param), param.name

    def test_what_the_base_sets_is_where_its_point_is(self, spec: ModelSpec):
        for name in set(spec.base) & set(spec.base_point):
            if spec.base[name] is not None:
                assert spec.base_point[name] == spec.base[name]

    def test_known_good_configurations_are_points_of_it(self, spec: ModelSpec):
        assert 1 <= len(spec.known_good) <= 4
        for known in spec.known_good:
            assert set(known) == {param.name for param in spec.space}
            for param in spec.space:
                assert lies_inside(known[param.name], param), param.name

    def test_every_parameter_is_one_of_the_library(self, spec: ModelSpec):
        for kind in spec.tasks:
            known = settable(spec.build(kind, spec.base, 0))
            assert {param.name for param in spec.space} <= set(known)

    def test_the_number_of_rounds_is_never_searched(self, spec: ModelSpec):
        if spec.early_stopping is not None:
            assert spec.early_stopping.param not in {param.name for param in spec.space}
            assert spec.early_stopping.param in spec.base


@pytest.mark.parametrize("spec", MODELS, ids=by_key)
class TestBuild:
    def test_the_base_configuration_is_what_is_built(self, spec: ModelSpec):
        for kind in spec.tasks:
            params = settable(spec.build(kind, spec.base, 7))
            assert {name: params[name] for name in spec.base} == dict(spec.base)

    def test_the_seed_and_one_thread_are_passed_on(self, spec: ModelSpec):
        for kind in spec.tasks:
            params = settable(spec.build(kind, spec.base, 7))
            assert params.get("random_state") in (7, None)
            assert params.get("n_jobs") in (1, None)

    def test_a_larger_table_is_estimated_to_take_longer(self, spec: ModelSpec):
        small, large = spec.estimated_fit_cpu_s(100, 5), spec.estimated_fit_cpu_s(10_000, 5)
        assert 0 < small < large


def test_names_become_models_each_once_in_the_order_asked():
    specs = models_named(("tree", "dummy", "tree"), TaskKind.BINARY)
    assert [spec.key for spec in specs] == ["tree", "dummy"]


def test_an_unknown_model_is_refused_with_the_known_ones():
    with pytest.raises(
        SpecError, match=r"There is no model 'nope'; choose among dummy, naive_bayes"
    ):
        model("nope")


def test_a_model_that_cannot_learn_the_task_is_refused_with_those_that_can():
    with pytest.raises(SpecError, match="ridge cannot learn a binary task; choose among dummy"):
        models_named(("ridge",), TaskKind.BINARY)
    with pytest.raises(SpecError, match="logistic cannot learn a regression task"):
        models_named(("logistic",), TaskKind.REGRESSION)


def test_models_to_tune_are_those_named_if_each_has_something_to_tune():
    specs = models_to_tune(("tree", "knn", "tree"), TaskKind.BINARY)
    assert [spec.key for spec in specs] == ["tree", "knn"]
    for keys, message in {
        (): "Choose at least one model to tune",
        ("tree", "dummy"): "dummy has nothing to tune; choose another model",
        ("ridge",): "ridge cannot learn a binary task",
        ("nope",): "There is no model 'nope'",
    }.items():
        with pytest.raises(SpecError, match=message):
            models_to_tune(keys, TaskKind.BINARY)


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "choice"},
        {"kind": "float", "low": 1.0, "high": 1.0},
        {"kind": "int", "low": 2, "high": 1},
    ],
)
def test_a_dimension_without_room_is_refused(wrong):
    with pytest.raises(ValueError, match="p: "):
        SearchParam(name="p", **wrong)


def test_row_sampling_of_lightgbm_is_switched_on_when_it_is_searched():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(200, 3)), rng.integers(0, 2, 200)
    spec = model("lightgbm")

    def probabilities(**params):
        fitted = spec.build(TaskKind.BINARY, {**spec.base, **params}, 0).fit(X, y)
        return fitted.predict_proba(X)

    base = probabilities()
    np.testing.assert_array_equal(probabilities(subsample=1.0), base)
    assert np.abs(probabilities(subsample=0.5) - base).max() > 0.01


def test_a_frame_of_awkward_names_never_reaches_a_library():
    """Names that LightGBM refuses are no matter: estimators are fitted on arrays."""
    frame = pd.DataFrame({'{"a": [1]}': [1.0, 2.0], "a,b": [1.0, 2.0]})
    encoder = build_encoder(Encoding.TREE, frame, text=(), kind=TaskKind.BINARY, seed=0)
    assert isinstance(encoder.fit_transform(frame, np.array([0, 1])), np.ndarray)

import dataclasses
import json
import math
import types
import typing
from collections.abc import Mapping
from enum import Enum

import pytest
from hypothesis import given, settings, strategies as st

from modelling import types as nouns
from modelling.codec import from_json, from_plain, to_json, to_plain
from modelling.types import (
    ASSUMPTIONS,
    AskSpec,
    Budget,
    ClassWeight,
    Economics,
    ExternalCosts,
    FitLimits,
    FoldResult,
    ModelResult,
    OtherCost,
    Payoff,
    Prompt,
    ReadOptions,
    ResultStatus,
    RunSpec,
    SearchParam,
    SelectionGain,
    TaskKind,
    TaskSpec,
    TokenPrice,
    TuningSpec,
    Variant,
)

FROZEN = tuple(value for value in vars(nouns).values() if dataclasses.is_dataclass(value))
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
POSITIVE = st.floats(1e-3, 1e9)

# Fields that the classes check, so that not every value of their type will do.
CHECKED = {
    TaskSpec: {
        "test_share": st.floats(0.01, 0.89),
        "margin": st.none() | POSITIVE,
        "folds": st.integers(2, 20),
        # Balanced needs classes: what a type alone cannot say.
        "class_weight": st.just(ClassWeight.NONE),
        "classes": st.lists(st.text(), min_size=2).map(tuple),
        "features": st.lists(st.text(), min_size=1).map(tuple),
        # One for each class, or none.
        "label_texts": st.just(()),
    },
    TokenPrice: {"fresh": POSITIVE, "output": POSITIVE, "cached": st.none() | POSITIVE},
    AskSpec: {
        "n_train": st.integers(1, 500),
        "n_test": st.integers(1, 500),
        "n_injected": st.just(0),
        "cap_usd": POSITIVE,
    },
    Prompt: {
        "labels": st.lists(st.text("abc", min_size=1), min_size=2, unique=True).map(tuple),
        "descriptions": st.just(()),
        "shots": st.integers(0, 50),
    },
    ReadOptions: {
        "header_rows": st.sampled_from([None, 0, 1, 2]),
        "skip_rows": st.none() | st.integers(0, 1000),
        "decimal": st.sampled_from([None, ".", ","]),
    },
    Economics: {
        **dict.fromkeys(ASSUMPTIONS, POSITIVE),
        "currency": st.sampled_from(["USD", "€"]),
        "other_costs": st.just(()),
    },
    OtherCost: {"label": st.text("abc", min_size=1), "amount": POSITIVE},
    Payoff: {
        "outcomes": st.sampled_from([(), ((0.0, -5.0), (1.5, 0.0))]),
        "stakes": st.just(()),
        "over": POSITIVE,
        "under": POSITIVE,
    },
    ExternalCosts: {field.name: POSITIVE for field in dataclasses.fields(ExternalCosts)},
    FitLimits: {"cpu_s": POSITIVE, "memory_bytes": st.integers(1, 10**12)},
    Budget: {
        "trials": st.integers(1, 10**6),
        **{name: st.none() | POSITIVE for name in ("cpu_s", "wall_s", "usd")},
    },
    SearchParam: {
        "low": st.floats(0.001, 1.0),
        "high": st.floats(2.0, 9.0),
        "choices": st.lists(st.text(), min_size=1).map(tuple),
    },
    TuningSpec: {
        "models": st.lists(st.text(), min_size=1).map(tuple),
        "window": st.integers(1, 99),
        # A study of a prompt has the one model that is asked: what a type alone cannot say.
        "ask": st.none(),
    },
}


def values_of(kind: object) -> st.SearchStrategy:
    """Return a strategy for any type that occurs in a field."""
    origin, parts = typing.get_origin(kind), typing.get_args(kind)
    if kind is float:
        return NUMBERS
    if origin in (typing.Union, types.UnionType):
        return st.one_of([values_of(part) for part in parts])
    if origin is typing.Literal:
        return st.sampled_from(parts)
    if origin is tuple and parts[-1] is ...:
        return st.lists(values_of(parts[0]), max_size=3).map(tuple)
    if origin is tuple:
        return st.tuples(*map(values_of, parts))
    if origin is Mapping:
        return st.dictionaries(st.text(), values_of(parts[1]), max_size=3)
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        fields = {field.name: values_of(hints[field.name]) for field in dataclasses.fields(kind)}
        return st.builds(kind, **{**fields, **CHECKED.get(kind, {})})
    if isinstance(kind, type) and issubclass(kind, Enum):
        return st.sampled_from(kind)
    return {str: st.text(), int: st.integers(), bool: st.booleans(), type(None): st.none()}[kind]


def test_every_noun_of_the_product_is_covered():
    assert {kind.__name__ for kind in FROZEN} >= {"DatasetRef", "Run", "ModelResult", "Trial"}


@pytest.mark.parametrize("kind", FROZEN, ids=lambda kind: kind.__name__)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_a_value_survives_the_way_to_json_and_back(kind, data):
    value = data.draw(values_of(kind))
    assert from_json(kind, to_json(value)) == value


def test_a_study_of_a_prompt_keeps_whom_it_asks():
    prompt = Prompt(question="Which mood?", labels=("bad", "good"), shots=4)
    ask = AskSpec(llm="llm:local/smollm2", prompt=prompt, n_injected=3)
    study = TuningSpec(models=(ask.llm,), budget=Budget(usd=0.5), ask=ask)
    assert from_json(RunSpec, to_json(study)) == study


@given(spec=st.one_of([values_of(kind) for kind in typing.get_args(RunSpec)]))
@settings(max_examples=50, deadline=None)
def test_the_spec_of_a_run_comes_back_as_the_kind_it_was(spec):
    restored = from_json(RunSpec, to_json(spec))
    assert (type(restored), restored) == (type(spec), spec)


def test_parameters_keep_their_types():
    params = {"n": 1, "share": 1.0, "on": True, "off": False, "none": None, "word": "1"}
    row = ModelResult(
        run_id="r", key="k", title="t", family="f", variant=Variant.BASE, params=params
    )
    restored = from_json(ModelResult, to_json(row)).params
    assert {name: type(value) for name, value in restored.items()} == {
        "n": int,
        "share": float,
        "on": bool,
        "off": bool,
        "none": type(None),
        "word": str,
    }
    assert restored == params


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_numbers_that_are_not_finite_are_written_as_null(value):
    text = to_json({"a": value, "b": [value, 1.5], "c": (value,)})
    assert json.loads(text) == {"a": None, "b": [None, 1.5], "c": [None]}


def test_an_undefined_score_comes_back_as_none():
    fold = FoldResult(
        model="tree",
        trial=0,
        fold=0,
        status=ResultStatus.OK,
        fit_cpu_s=0.1,
        fit_time_s=0.1,
        cpu_s=0.1,
        loss=math.nan,
        scores={"roc_auc": math.nan, "f1": 0.5},
    )
    restored = from_json(FoldResult, to_json(fold))
    assert restored.loss is None
    assert restored.scores == {"roc_auc": None, "f1": 0.5}


def test_an_undefined_interval_comes_back_as_nan():
    gain = SelectionGain(
        selection_gain=0.1,
        corrected_gain=math.nan,
        corrected_interval=(math.nan, 0.2),
        n_configurations=3,
        n_left_out=0,
    )
    restored = from_json(SelectionGain, to_json(gain))
    assert math.isnan(restored.corrected_gain)
    assert math.isnan(restored.corrected_interval[0])
    assert restored.corrected_interval[1] == 0.2


def test_json_is_readable_text_with_words_for_enums():
    spec = TaskSpec(
        target="größe",
        kind=TaskKind.BINARY,
        metric="roc_auc",
        features=("x",),
        classes=("a", "b"),
    )
    assert '"größe"' in to_json(spec)
    assert to_plain(spec)["kind"] == "binary"


@pytest.mark.parametrize("data", [{}, {"models": ["tree"], "budget": {}}, {"budget": "60s"}])
def test_what_is_no_spec_is_refused(data):
    with pytest.raises(Exception, match=r".") as caught:
        from_plain(RunSpec, data)
    assert isinstance(caught.value, (ValueError, TypeError, ExceptionGroup))

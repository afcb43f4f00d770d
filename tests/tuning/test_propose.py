import random

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from modelling.errors import SpecError
from modelling.models import MODELS, model
from modelling.models.space import GRID_POINTS
from modelling.models.spec import SearchParam
from modelling.tuning.propose import SAMPLERS, Told, propose, sampler_factory

TUNABLE = [spec for spec in MODELS if spec.can_be_tuned]
SPACE = model("knn").space  # a range of whole numbers and two choices


def ask(number=8, told=(), *, space=SPACE, sampler="tpe", study_seed=0, **options):
    return propose(number, told, space=space, sampler=sampler, study_seed=study_seed, **options)


def told_of(n, seed=0, space=SPACE):
    rng = random.Random(seed)
    return [
        Told(
            params=ask(number, space=space, sampler="random"),
            loss=None if rng.random() < 0.2 else rng.random(),
        )
        for number in range(n)
    ]


def lies_inside(value, param):
    if param.kind == "choice":
        return value in param.choices
    return param.low <= value <= param.high and isinstance(
        value, int if param.kind == "int" else float
    )


@settings(max_examples=25, deadline=None)
@given(
    number=st.integers(0, 500),
    n_told=st.integers(0, 15),
    sampler=st.sampled_from(SAMPLERS),
    seed=st.integers(0, 2**31 - 1),
)
def test_the_same_arguments_give_the_same_configuration(number, n_told, sampler, seed):
    told = told_of(n_told)
    first = ask(number, told, sampler=sampler, study_seed=seed)
    random.seed(number)
    np.random.seed(number)
    ask(number + 1, told, sampler=sampler, study_seed=seed + 1)
    assert ask(number, told, sampler=sampler, study_seed=seed) == first


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_proposing_leaves_the_global_random_numbers_alone(sampler):
    random.seed(0)
    np.random.seed(0)
    before = random.getstate(), np.random.get_state()[1].tolist()
    ask(told=told_of(12), sampler=sampler)
    assert (random.getstate(), np.random.get_state()[1].tolist()) == before


@pytest.mark.parametrize("spec", TUNABLE, ids=lambda spec: spec.key)
@pytest.mark.parametrize("sampler", SAMPLERS)
def test_proposals_lie_inside_the_space_of_every_model(spec, sampler):
    told = [Told(params=spec.base_point, loss=0.5)]
    told += [Told(params=known, loss=0.4) for known in spec.known_good]
    for number in range(12):
        params = ask(number, told, space=spec.space, sampler=sampler)
        if params is None:
            assert sampler == "grid"
            continue
        assert set(params) == {param.name for param in spec.space}
        for param in spec.space:
            assert lies_inside(params[param.name], param), (param.name, params)
        told.append(Told(params=params, loss=number / 10))


@pytest.mark.parametrize("sampler", ["tpe", "random"])
def test_another_number_or_seed_gives_another_configuration(sampler):
    space = model("lightgbm").space
    made = [
        ask(number, space=space, sampler=sampler, study_seed=seed)
        for number in range(4)
        for seed in range(4)
    ]
    assert len({tuple(params.items()) for params in made}) == 16


@pytest.mark.parametrize("sampler", ["tpe", "random"])
def test_a_configuration_is_not_proposed_twice_while_there_are_others(sampler):
    space = (SearchParam(name="p", kind="choice", choices=("a", "b", "c", "d")),)
    told = []
    for number in range(4):
        told.append(Told(params=ask(number, told, space=space, sampler=sampler), loss=0.1 * number))
    assert {item.params["p"] for item in told} == {"a", "b", "c", "d"}
    assert ask(4, told, space=space, sampler=sampler) is None


@pytest.mark.parametrize("sampler", ["tpe", "random"])
def test_what_failed_is_not_proposed_again(sampler):
    space = (SearchParam(name="p", kind="int", low=1, high=3),)
    told = [Told(params={"p": 1}, loss=0.1)]
    found = ask(2, told, space=space, sampler=sampler, failed=[{"p": 3}])
    assert found == {"p": 2}
    assert ask(3, [*told, Told(params=found, loss=None)], space=space, failed=[{"p": 3}]) is None


def test_tpe_goes_where_the_loss_is_small():
    space = (SearchParam(name="x", kind="float", low=0.0, high=1.0),)
    told = []
    for number in range(40):
        params = ask(number, told, space=space)
        told.append(Told(params=params, loss=abs(params["x"] - 0.2)))
    late = [item.params["x"] for item in told[25:]]
    assert np.median(np.abs(np.array(late) - 0.2)) < 0.1


def test_a_grid_is_walked_once_in_a_seeded_order_and_ends_with_none():
    space = (
        SearchParam(name="a", kind="choice", choices=("x", "y")),
        SearchParam(name="b", kind="int", low=1, high=3),
        SearchParam(name="c", kind="float", low=0.0, high=3.0),
    )
    n_points = 2 * 3 * GRID_POINTS

    def walk(seed):
        return [
            ask(number, space=space, sampler="grid", study_seed=seed, n_fixed=2)
            for number in range(2, 2 + n_points + 2)
        ]

    walked = walk(0)
    assert walked[n_points:] == [None, None]
    points = [tuple(params.values()) for params in walked[:n_points]]
    assert set(points) == {(a, b, c) for a in "xy" for b in (1, 2, 3) for c in (0.0, 1.0, 2.0, 3.0)}
    assert len(points) == n_points
    assert walk(0) == walked
    assert walk(1)[:n_points] != walked[:n_points]
    assert [point[0] for point in points] != sorted(point[0] for point in points)


def test_a_grid_of_a_range_in_logarithms_has_equal_ratios():
    space = (SearchParam(name="a", kind="float", low=1.0, high=1000.0, log=True),)
    values = [ask(number, space=space, sampler="grid")["a"] for number in range(4)]
    assert sorted(values) == pytest.approx([1.0, 10.0, 100.0, 1000.0])


def test_an_unknown_sampler_is_refused_with_the_known_ones():
    with pytest.raises(SpecError, match="no sampler 'cmaes'; choose one of tpe, random, grid"):
        ask(sampler="cmaes")


OWN = "tests.tuning.samplers:eager"


def test_a_sampler_of_the_users_own_proposes_points_of_the_space():
    first = [ask(number, sampler=OWN) for number in range(5)]
    assert first == [ask(number, sampler=OWN) for number in range(5)]
    assert len({tuple(params.items()) for params in first}) > 1
    for params in first:
        assert all(lies_inside(params[param.name], param) for param in SPACE)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("annealing", "There is no sampler 'annealing'; choose one of tpe, random, grid, or name"),
        ("no.such.module:f", "cannot be imported"),
        ("tests.tuning.samplers:nothing", "cannot be imported"),
        (":f", "cannot be imported"),
    ],
)
def test_a_sampler_that_cannot_be_found_is_refused_in_a_sentence(name, reason):
    with pytest.raises(SpecError, match=reason):
        sampler_factory(name)

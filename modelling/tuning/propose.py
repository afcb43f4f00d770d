"""The next configuration, as a pure function of what was told before (METHODS, tuning)."""

from __future__ import annotations

import hashlib
import importlib
import itertools
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from modelling.errors import SpecError
from modelling.models.space import all_values, grid_values, n_points
from modelling.models.spec import SearchParam
from modelling.types import Params, ParamValue

SAMPLERS = ("tpe", "random", "grid")
_ATTEMPTS = 20
_SMALL_SPACE = 10_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """One earlier configuration and its loss; None while it runs."""

    params: Params
    loss: float | None


def propose(
    number: int,
    told: Sequence[Told],
    *,
    space: tuple[SearchParam, ...],
    sampler: str,
    study_seed: int,
    n_fixed: int = 0,
    failed: Sequence[Params] = (),
) -> dict[str, ParamValue] | None:
    """Return the configuration of trial ``number``; None once the space or its grid is used up.

    A new in-memory study is given all earlier trials and asked once, with a seed made of the
    study's seed and the number; so the answer depends on the arguments only, and resuming a study
    is the same call. A sampler that lives on repeats its proposals when it is re-created.

    Parameters
    ----------
    told : sequence of Told
        Earlier trials in order of their number; those without a loss count as running.
    n_fixed : int
        How many trials come before the sampler's first one.
    failed : sequence of params
        Earlier configurations without a loss, which are not proposed again.

    Raises
    ------
    SpecError
        If the sampler is unknown.
    """
    if sampler == "grid":
        return _from_grid(number - n_fixed, space, study_seed)
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    distributions = {param.name: distribution(param) for param in space}
    names = [param.name for param in space]
    seen = {_values(params, names) for params in (*(item.params for item in told), *failed)}
    if len(seen) >= n_points(space):
        return None
    params: dict[str, ParamValue] = {}
    for attempt in range(_ATTEMPTS):
        seed = _seed(study_seed, number, attempt)
        study = optuna.create_study(sampler=_sampler(sampler, seed))
        study.add_trials([_frozen(item, distributions) for item in told])
        params = dict(study.ask(distributions).params)
        if _values(params, names) not in seen:
            return params
    # A sampler that is sure of itself repeats what it knows; in a small space any other says more.
    rest = [point for point in _all_points(space) if _values(point, names) not in seen]
    return random.Random(_seed(study_seed, number, _ATTEMPTS)).choice(rest) if rest else params


def _values(params: Params, names: Sequence[str]) -> tuple[ParamValue, ...]:
    return tuple(params[name] for name in names)


def _all_points(space: tuple[SearchParam, ...]) -> list[dict[str, ParamValue]]:
    """Return every point of a small space; nothing of one that is never used up."""
    if n_points(space) > _SMALL_SPACE:
        return []
    names = [param.name for param in space]
    points = itertools.product(*(all_values(param) for param in space))
    return [dict(zip(names, point, strict=True)) for point in points]


def _frozen(item: Told, distributions: dict[str, Any]) -> Any:
    from optuna.trial import TrialState, create_trial

    return create_trial(
        state=TrialState.RUNNING if item.loss is None else TrialState.COMPLETE,
        value=item.loss,
        params=dict(item.params),
        distributions=distributions,
    )


def _from_grid(
    position: int, space: tuple[SearchParam, ...], study_seed: int
) -> dict[str, ParamValue] | None:
    """Return one point of the grid, in a seeded order, so that a cut-off grid is no corner."""
    points = list(itertools.product(*(grid_values(param) for param in space)))
    random.Random(study_seed).shuffle(points)
    if position >= len(points):
        return None
    return {param.name: value for param, value in zip(space, points[position], strict=True)}


def _sampler(name: str, seed: int) -> Any:
    from optuna import samplers

    match name:
        case "tpe":
            return samplers.TPESampler(seed=seed)
        case "random":
            return samplers.RandomSampler(seed=seed)
    return sampler_factory(name)(seed)


def sampler_factory(name: str) -> Callable[[int], Any]:
    """Return what "package.module:function" names: it takes a seed and returns an Optuna sampler.

    It is called anew for every trial, so its sampler must follow from the seed alone.

    Raises
    ------
    SpecError
        If there is no such sampler or function.
    """
    module, colon, attribute = name.partition(":")
    if not colon:
        raise SpecError(
            f"There is no sampler {name!r}; choose one of {', '.join(SAMPLERS)}, or name a "
            'function of yours as "package.module:function".'
        )
    try:
        factory: Callable[[int], Any] = getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        raise SpecError(
            f"The sampler {name!r} cannot be imported ({error}); put its module where Python "
            "finds it."
        ) from error
    return factory


def distribution(param: SearchParam) -> Any:
    """Return a dimension of the search as Optuna's distribution."""
    from optuna import distributions

    match param.kind:
        case "choice":
            return distributions.CategoricalDistribution(param.choices)
        case "int":
            return distributions.IntDistribution(int(param.low), int(param.high), log=param.log)
        case "float":
            return distributions.FloatDistribution(param.low, param.high, log=param.log)


def _seed(study_seed: int, number: int, attempt: int) -> int:
    digest = hashlib.sha256(f"{study_seed}/{number}/{attempt}".encode()).digest()
    return int.from_bytes(digest[:4], "big")

"""Search spaces that the analyst edits: what fits into them, and how large they are."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from modelling.errors import SpecError
from modelling.models.spec import ModelSpec
from modelling.types import Params, ParamValue, SearchParam

GRID_POINTS = 4


def contains(param: SearchParam, value: object) -> bool:
    """Whether ``value`` is one that the search could propose."""
    if param.kind == "choice":
        return any(value is choice or value == choice for choice in param.choices)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    whole = param.kind == "float" or float(value).is_integer()
    return whole and param.low <= value <= param.high


def holds(space: Sequence[SearchParam], params: Params) -> bool:
    """Whether ``params`` is a point of the space."""
    # None is a choice like any other, so that a missing name is not the same.
    return all(param.name in params and contains(param, params[param.name]) for param in space)


def as_point(space: Sequence[SearchParam], params: Params) -> dict[str, ParamValue]:
    """Return ``params`` as a point of the space: whole numbers where it has whole numbers.

    Raises
    ------
    SpecError
        If a parameter is missing, unknown, or outside its range.
    """
    outside = [param.name for param in space if not holds([param], params)]
    unknown = sorted(set(params) - {param.name for param in space})
    if outside or unknown:
        raise SpecError(
            f"{(outside or unknown)[0]} is outside the search space of this study; give every "
            "parameter a value within its range."
        )
    whole = {param.name for param in space if param.kind == "int"}
    return {
        param.name: int(params[param.name] or 0) if param.name in whole else params[param.name]
        for param in space
    }


def nearest_point(
    space: Sequence[SearchParam], params: Params, defaults: Params
) -> dict[str, ParamValue]:
    """Return the point of the space that is nearest to ``params``, each parameter by itself.

    One that is missing, or no number where numbers are searched, is taken from ``defaults``; one
    that is missing there too has the lowest value or the first choice.
    """
    sources = (params, defaults)
    return {
        param.name: _nearest(param, [one[param.name] for one in sources if param.name in one])
        for param in space
    }


def _nearest(param: SearchParam, values: Sequence[ParamValue]) -> ParamValue:
    """Return the value that is nearest to the first one that is of its kind."""
    if param.kind == "choice":
        return next((value for value in values if contains(param, value)), param.choices[0])
    numbers = (float(value) for value in values if isinstance(value, int | float))
    inside = min(max(next(numbers, param.low), param.low), param.high)
    return round(inside) if param.kind == "int" else inside


def with_space(spec: ModelSpec, space: Sequence[SearchParam] | None) -> ModelSpec:
    """Return the model as it is searched in an edited space; known points outside are left out.

    Raises
    ------
    SpecError
        If the space is not one of the parameters that the model is searched in.
    """
    if space is None:
        return spec
    names, own = [param.name for param in space], {param.name for param in spec.space}
    if set(names) != own or len(names) != len(own):
        raise SpecError(
            f"The search space of {spec.key} needs each of {', '.join(sorted(own))} once, got "
            f"{', '.join(names) or 'nothing'}; fix a parameter to one value instead of leaving it "
            "out."
        )
    for param in space:
        if param.log and param.low <= 0:
            raise SpecError(
                f"{param.name}: a logarithmic range starts above zero, got {param.low:g}; raise it "
                "or search it linearly."
            )
    point = spec.base_point
    return replace(
        spec,
        space=tuple(space),
        base_point=point if point is not None and holds(space, point) else None,
        known_good=tuple(known for known in spec.known_good if holds(space, known)),
    )


def all_values(param: SearchParam) -> list[ParamValue]:
    """Return the values of a parameter that has finitely many.

    Raises
    ------
    ValueError
        If it is a range of floats.
    """
    if param.kind == "choice":
        return list(param.choices)
    if param.kind == "int":
        return list(range(math.ceil(param.low), math.floor(param.high) + 1))
    raise ValueError(f"{param.name} must have finitely many values, got a range of floats")


def n_values(param: SearchParam) -> float:
    """Return how many values a parameter can take; infinite for a range of floats."""
    if param.kind == "choice":
        return len(param.choices)
    return math.inf if param.kind == "float" else math.floor(param.high) - math.ceil(param.low) + 1


def n_points(space: Sequence[SearchParam]) -> float:
    """Return how many configurations a space has; infinite with a range of floats in it."""
    return math.prod(n_values(param) for param in space)


def grid_values(param: SearchParam) -> list[ParamValue]:
    """Return the values that a grid tries: all choices, else four evenly over the range."""
    if param.kind == "choice":
        return list(param.choices)
    steps = [step / (GRID_POINTS - 1) for step in range(GRID_POINTS)]
    if param.log:
        points = [param.low * (param.high / param.low) ** step for step in steps]
    else:
        points = [param.low + (param.high - param.low) * step for step in steps]
    return sorted({round(point) for point in points}) if param.kind == "int" else list(points)


def grid_size(space: Sequence[SearchParam]) -> int:
    """Return how many configurations the grid of a space has."""
    return math.prod(len(grid_values(param)) for param in space)

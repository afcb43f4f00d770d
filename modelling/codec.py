"""The one codec for values that enter the database or leave as JSON."""

from __future__ import annotations

import json
import math
from typing import Any, TypeVar, cast

from cattrs.preconf.json import make_converter

from modelling.types import (
    AskSpec,
    BenchmarkSpec,
    ExplanationSpec,
    ExternalSpec,
    FreshSpec,
    HindsightSpec,
    ParamValue,
    RungSpec,
    RunSpec,
    TuningSpec,
)

T = TypeVar("T")
_converter = make_converter()
# A field that only runs of that kind have.
_KINDS = {
    "rung": RungSpec,
    "budget": TuningSpec,
    "answers": ExternalSpec,
    "study": HindsightSpec,
    "source": FreshSpec,
    "rows": ExplanationSpec,
    "llm": AskSpec,
}


def _run_spec(data: dict[str, Any], _: object) -> RunSpec:
    kinds = (kind for name, kind in _KINDS.items() if name in data)
    return cast("RunSpec", _converter.structure(data, next(kinds, BenchmarkSpec)))


_converter.register_structure_hook(RunSpec, _run_spec)
# A parameter is already a JSON scalar: kept as it is, so that 1 stays int and 1.0 stays float.
_converter.register_structure_hook(ParamValue, lambda value, _: value)
# JSON has no NaN: where a number is required, null stands for it.
_converter.register_structure_hook(
    float, lambda value, _: math.nan if value is None else float(value)
)


def to_plain(value: object) -> Any:
    """Return ``value`` as dicts, lists and scalars; numbers that are not finite become None."""
    return _finite(_converter.unstructure(value))


def from_plain(kind: type[T], data: Any) -> T:
    """Rebuild a value of ``kind`` from what `to_plain` returned."""
    return _converter.structure(data, kind)


def to_json(value: object, *, indent: int | None = None) -> str:
    """Return ``value`` as strict JSON text, without NaN or Infinity."""
    return json.dumps(to_plain(value), indent=indent, allow_nan=False, ensure_ascii=False)


def from_json(kind: type[T], text: str) -> T:
    """Rebuild a value of ``kind`` from JSON text."""
    return from_plain(kind, json.loads(text))


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(item) for item in value]
    return value

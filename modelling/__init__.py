"""The reusable layer of Tuneworth: data in, an honest verdict out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from modelling.workbench import Workbench as Workbench

__all__ = ["Workbench"]


def __getattr__(name: str) -> Any:
    # Lazy: fits import parts of this package in children that need no database.
    if name == "Workbench":
        from modelling.workbench import Workbench

        return Workbench
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

"""What had to be assumed before answers could be priced."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modelling.types import Experiment, TaskKind

if TYPE_CHECKING:
    from modelling.workbench import Ledger


def notes(experiment: Experiment, books: Ledger) -> list[str]:
    """Return what had to be assumed, as sentences."""
    found = []
    if books.n_without_stake:
        found.append(
            f"{books.n_without_stake:,} locked rows have no {experiment.task.stake}: they count "
            "with the median of the others."
        )
    if books.usual_threshold:
        found.append(
            f"{', '.join(books.usual_threshold)}: answers for training rows are not kept, so the "
            "threshold is 0.5."
        )
    if experiment.task.kind is TaskKind.BINARY:
        found.append(
            "Thresholds are chosen on out-of-fold answers for training rows, values are read off "
            "the locked test."
        )
    return found

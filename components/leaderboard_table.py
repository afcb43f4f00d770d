"""The leaderboard as a table: for the page, and whole for a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from components import model_tables, tables
from modelling.charts.figures import row_figures
from modelling.charts.wording import params_text
from modelling.types import Economics, Variant

if TYPE_CHECKING:
    from modelling.workbench import Standing

SCORES = ("selection score", "95 % from", "95 % to", "± folds")
PINNED = ("rank", "model")
WIDTHS = {"rank": 62, "model": 215, "family": 105, "note": 240}
WORDS = {
    "rank": "“1 =”: the fold scores do not tell these models apart. A display, not a test.",
    "selection score": "Mean of the folds of the training rows. Not of the locked test",
    "95 % from": "Lower end of the 95 % interval of the mean, corrected for overlapping folds",
    "95 % to": "Upper end of the 95 % interval; it may reach beyond what the metric can be",
    "± folds": "Standard deviation of the score over the folds",
    "note": "“machine busy”: the fit had to wait for others, so its seconds on the clock are too "
    "high, and its CPU seconds may be",
    "fit CPU s": "CPU seconds of the one fit on all training rows",
    "fit wall s": "Seconds on the clock of the same fit",
    "benchmarking CPU s": "CPU seconds of all folds: what it cost to know the selection score",
    "1,000 rows, CPU ms": "CPU milliseconds for 1,000 predictions at once",
    "one row, ms p50": "Milliseconds for one prediction: half of the calls were quicker",
    "one row, ms p95": "Milliseconds for one prediction: 95 % of the calls were quicker",
    "memory MB": "Peak memory of the fit, in megabytes",
    "file MB": "Size of the saved model, in megabytes",
    "training $": "The fit on all training rows, at the price of a vCPU hour",
    "serving 1,000 $": "1,000 predictions, at the price of a vCPU hour",
}


def whole(lines: Sequence[Standing], economics: Economics) -> pd.DataFrame:
    """Return everything that a file of the leaderboard has; no score of the locked test."""
    rows = [line.row for line in lines]
    figures = [row_figures(row, economics) for row in rows]
    return pd.DataFrame(
        {
            "rank": pd.array([line.rank for line in lines], dtype="Int64"),
            "tied": [line.tied for line in lines],
            "model": [row.title for row in rows],
            "variant": [row.variant.value for row in rows],
            "family": [row.family for row in rows],
            "selection score": tables.numbers(row.cv_score for row in rows),
            "95 % from": tables.numbers(line.interval and line.interval[0] for line in lines),
            "95 % to": tables.numbers(line.interval and line.interval[1] for line in lines),
            "± folds": tables.numbers(row.cv_std for row in rows),
            "note": [model_tables.note(row) for row in rows],
            "fit CPU s": tables.numbers(row.fit_cpu_s for row in rows),
            "fit wall s": tables.numbers(row.fit_time_s for row in rows),
            "benchmarking CPU s": tables.numbers(row.cv_cpu_s for row in rows),
            "1,000 rows, CPU ms": tables.numbers(row.predict_cpu_ms_per_1k for row in rows),
            "one row, ms p50": tables.numbers(row.predict_ms_single_p50 for row in rows),
            "one row, ms p95": tables.numbers(row.predict_ms_single_p95 for row in rows),
            "memory MB": tables.numbers(item.memory_mb for item in figures),
            "file MB": tables.numbers(item.size_mb for item in figures),
            "training $": tables.numbers(item.cost.training_usd for item in figures),
            "serving 1,000 $": tables.numbers(item.cost.serving_usd_per_1k for item in figures),
            "parameters": [params_text(row.params) for row in rows],
        }
    )


def shown(frame: pd.DataFrame) -> pd.DataFrame:
    """Return what the page shows of it: parameters stand with the details of a model."""
    places = zip(frame["rank"], frame["tied"], strict=True)
    # Two figures wide: as text, 10 sorts after 9.
    ranks = ["" if rank is pd.NA else f"{rank:>2}{' =' * tied}" for rank, tied in places]
    hidden = ["tied", "parameters"]
    if (frame["variant"] == Variant.BASE).all():
        hidden.append("variant")
    return frame.assign(rank=ranks).drop(columns=hidden)

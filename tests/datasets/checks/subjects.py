"""Tables as checks see them, and tables of several kinds to put one fault into."""

from __future__ import annotations

import numpy as np
import pandas as pd

from modelling.datasets.checks import Subject, run_checks
from modelling.datasets.columns.description import describe
from modelling.datasets.target import detect_kind
from modelling.types import Finding, Role, SplitStrategy

LEFT_OUT = (Role.ID, Role.IGNORE)


def subject_of(
    frame: pd.DataFrame, target: str | None = "y", *, leave: tuple[str, ...] = (), **choices
) -> Subject:
    """Return ``frame`` under a random split, every fourth row a test row, unless told otherwise.

    Parameters
    ----------
    leave : tuple of str
        Columns that are no features.
    """
    columns = describe(frame)
    if target is None:
        return Subject(frame=frame, columns=columns)
    kind = choices.pop("kind", None) or detect_kind(frame[target])
    out = {target, choices.get("group"), *leave}
    features = tuple(
        column.name for column in columns if column.name not in out and column.role not in LEFT_OUT
    )
    known = np.flatnonzero(frame[target].notna().to_numpy())
    given: dict[str, object] = {
        "features": features,
        "text": tuple(column.name for column in columns if column.role is Role.TEXT),
        "split": SplitStrategy.STRATIFIED if kind.is_classification else SplitStrategy.RANDOM,
        "train": known[known % 4 != 3],
        "test": known[known % 4 == 3],
    }
    return Subject(frame=frame, columns=columns, target=target, kind=kind, **{**given, **choices})


def findings_of(
    frame: pd.DataFrame, code: str, target: str | None = "y", **choices
) -> tuple[Finding, ...]:
    """Return the findings of one code."""
    found = run_checks(subject_of(frame, target, **choices))
    return tuple(finding for finding in found if finding.code == code)


def severities_of(
    frame: pd.DataFrame, code: str, target: str | None = "y", **choices
) -> dict[str | None, str]:
    """Return the severity of each finding of one code, by column."""
    found = findings_of(frame, code, target, **choices)
    return {finding.column: finding.severity.value for finding in found}


def customers(n_rows: int = 2000, seed: int = 0) -> pd.DataFrame:
    """Return an ordinary table: churn ``y`` ("yes" or "no") follows age, plan and city a little."""
    rng = np.random.default_rng(seed)
    plan = rng.choice(["small", "medium", "large"], n_rows)
    city = rng.integers(0, 40, n_rows)
    age = rng.integers(18, 90, n_rows)
    spent = rng.lognormal(3.0, 1.0, n_rows)
    logit = 0.03 * (age - 50) + 0.8 * (plan == "small") + 0.4 * (city % 5 - 2) - 1.0
    churned = rng.random(n_rows) < 1.0 / (1.0 + np.exp(-logit))
    return pd.DataFrame(
        {
            "age": age,
            "spent": spent,
            "plan": pd.Series(plan, dtype="str"),
            "city": pd.Series([f"city {code}" for code in city], dtype="str"),
            "visits": rng.poisson(2.0, n_rows),
            "y": pd.Series(np.where(churned, "yes", "no"), dtype="str"),
        }
    )


def houses(n_rows: int = 2000, seed: int = 0) -> pd.DataFrame:
    """Return an ordinary table for a regression: the price ``y`` follows area and age."""
    rng = np.random.default_rng(seed)
    area = rng.normal(120.0, 30.0, n_rows)
    age = rng.uniform(0.0, 80.0, n_rows)
    price = 2.0 * area - age + rng.normal(0.0, 40.0, n_rows)
    rooms = np.round(area / 30.0 + rng.normal(0.0, 1.0, n_rows)).astype("int64")
    return pd.DataFrame({"area": area, "age": age, "rooms": rooms, "y": price})


def patients(n_groups: int = 100, rows_each: int = 10, seed: int = 0) -> pd.DataFrame:
    """Return visits of patients: label and measurements are those of the patient, noise aside."""
    rng = np.random.default_rng(seed)
    of_row = rng.permutation(np.repeat(np.arange(n_groups), rows_each))
    constants = rng.normal(size=(n_groups, 4))[of_row]
    noise = rng.normal(scale=0.1, size=constants.shape)
    frame = pd.DataFrame(constants + noise, columns=["pulse", "weight", "height", "iron"])
    ill = (rng.permutation(n_groups) % 2 == 0)[of_row]
    frame["patient"] = pd.Series([f"p{code}" for code in of_row], dtype="str")
    frame["y"] = pd.Series(np.where(ill, "ill", "well"), dtype="str")
    return frame


def days(n_rows: int, first: str = "2024-01-01") -> pd.Series:
    """Return one day after the other."""
    steps = pd.to_timedelta(np.arange(n_rows), "D")
    return pd.Series(pd.Timestamp(first) + steps).astype("datetime64[us]")

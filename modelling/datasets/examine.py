"""The child process that looks at a stored table: ``python -m modelling.datasets.examine``.

It takes the table, what is known of it and the analyst's choices (as JSON on standard input), and
prints the profile as one JSON line. The table is our own Parquet, but what it holds may still be
made to eat memory, so caps hold here too.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from modelling.codec import from_plain, to_plain
from modelling.datasets.capped import answer
from modelling.datasets.checks import CHECKS, Subject, run_checks
from modelling.datasets.choices import TaskChoices
from modelling.datasets.features import LEFT_OUT, require_column
from modelling.datasets.profile.columns import Look, profile_columns, profiled_rows
from modelling.datasets.role_table import roles_under
from modelling.datasets.splits import locked_test, rows_with_target
from modelling.datasets.target import class_labels, detect_kind
from modelling.datasets.tasks import make_task, propose_target
from modelling.errors import DataError, TaskError
from modelling.settings import use_one_thread
from modelling.types import DatasetRef, Finding, Profile, Role, TaskKind, TaskSpec

_VALUE_BYTES = 8


def main(argv: list[str] | None = None) -> int:
    """Look at one table; returns the exit code of the process."""
    parser = argparse.ArgumentParser(prog="modelling.datasets.examine")
    parser.add_argument("path", type=Path)
    parser.add_argument("--test", type=Path)
    arguments = parser.parse_args(argv)
    given = json.loads(sys.stdin.read())
    ref = from_plain(DatasetRef, given["ref"])
    choices = from_plain(TaskChoices, given["choices"])
    test = None if given["test"] is None else from_plain(DatasetRef, given["test"])
    use_one_thread()

    def work() -> object:
        return to_plain(examine(ref, arguments.path, choices, test_path=arguments.test))

    return answer(work, name=ref.name, file_size=_size(ref) + (0 if test is None else _size(test)))


def examine(
    ref: DatasetRef, path: Path, choices: TaskChoices, *, test_path: Path | None = None
) -> Profile:
    """Return columns in figures, associations, and the findings of reading and of all checks.

    Where the choices make no task, there is no split, but all else still is looked at.

    Parameters
    ----------
    path, test_path : Path
        The stored table, and the user's own test set.

    Raises
    ------
    TaskError
        If the target is no column.
    """
    choices = _settled(ref, choices)
    target = str(choices.target)
    require_column(ref, target, "the target")
    frame = _load(path)
    task = _task(ref, frame[target], choices)
    look = _look(ref, frame, choices, task)
    columns, associations = profile_columns(look)
    test_frame = None if test_path is None else _load(test_path)
    found = run_checks(subject_under(look, choices, task, test_frame))
    return Profile(
        n_rows=len(frame),
        n_sampled=len(look.rows),
        target=target,
        columns=columns,
        associations=associations,
        findings=by_severity((*_of_reading(ref), *found)),
    )


def _load(path: Path) -> pd.DataFrame:
    # Column by column, each one's bytes and Arrow memory freed at once: half of it at the peak.
    table = pq.read_table(path, pre_buffer=False)
    frame: pd.DataFrame = table.to_pandas(split_blocks=True, self_destruct=True)
    return frame


def by_severity(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings, the most severe first, else in their order."""
    return tuple(sorted(findings, key=lambda finding: finding.severity.rank))


def _of_reading(ref: DatasetRef) -> tuple[Finding, ...]:
    """Return what reading found; what checks find is looked for again, under these choices."""
    codes = {check.code for check in CHECKS}
    return tuple(finding for finding in ref.findings if finding.code not in codes)


def _settled(ref: DatasetRef, choices: TaskChoices) -> TaskChoices:
    """Return the choices about the data with a target, and roles of columns that there are."""
    return replace(
        choices.about_data(),
        target=choices.target or propose_target(ref),
        group=_known_name(ref, choices.group),
        time=_known_name(ref, choices.time),
        stake=_known_name(ref, choices.stake),
    )


def _known_name(ref: DatasetRef, name: str | None) -> str | None:
    return None if name is None or ref.column(name) is None else name


def _task(ref: DatasetRef, target: pd.Series, choices: TaskChoices) -> TaskSpec | None:
    try:
        return make_task(ref, target, choices)
    except TaskError:
        return None


def _look(
    ref: DatasetRef, frame: pd.DataFrame, choices: TaskChoices, task: TaskSpec | None
) -> Look:
    target = frame[str(choices.target)]
    kind = choices.kind or detect_kind(target) if task is None else task.kind
    return Look(
        frame=frame,
        columns=ref.columns,
        roles=roles_under(ref, choices),
        target=str(choices.target),
        kind=kind,
        positive=_positive(target, kind, choices) if task is None else task.positive,
        rows=profiled_rows(*frame.shape),
    )


def _positive(target: pd.Series, kind: TaskKind, choices: TaskChoices) -> str | None:
    """Return the positive class of a target that makes no task: the chosen or the rarer one."""
    counts = class_labels(target.dropna()).value_counts()
    if kind is not TaskKind.BINARY or counts.empty:
        return None
    return choices.positive or str(counts.index[-1])


def subject_under(
    look: Look,
    choices: TaskChoices,
    task: TaskSpec | None,
    test_frame: pd.DataFrame | None = None,
) -> Subject:
    """Return what checks look at: with the split as it would be drawn, where it can be.

    Parameters
    ----------
    task : TaskSpec or None
        What the choices make; None where they make no task.
    test_frame : DataFrame, optional
        The user's own test set, which takes the place of a locked share.
    """
    train, test = (None, None) if task is None else _parts(look.frame, task, test_frame)
    features = _features(look, choices) if task is None else task.features
    return Subject(
        frame=look.frame,
        columns=tuple(look.columns),
        features=features,
        text=tuple(name for name in features if look.roles[name] is Role.TEXT),
        target=look.target,
        kind=look.kind,
        group=choices.group,
        time=choices.time,
        split=choices.split if task is None else task.split,
        folds=choices.folds,
        train=train,
        test=test,
        test_frame=None if test is None else test_frame,
        merged=() if task is None else task.merged,
        scale=choices.scale,
    )


def _parts(
    frame: pd.DataFrame, task: TaskSpec, test_frame: pd.DataFrame | None
) -> tuple[np.ndarray | None, np.ndarray | None]:
    """Return the rows of the split as it would be drawn, or None where it cannot be."""
    if test_frame is None:
        try:
            return locked_test(frame, task)
        except (TaskError, DataError):
            return None, None
    if not {*task.features, task.target} <= set(test_frame.columns):
        return None, None
    return rows_with_target(frame, task), rows_with_target(test_frame, task)


def _features(look: Look, choices: TaskChoices) -> tuple[str, ...]:
    out = {Role.TARGET, Role.GROUP, *LEFT_OUT}
    return tuple(
        column.name
        for column in look.columns
        if look.roles[column.name] not in out
        and column.n_distinct > 1
        and column.name != choices.test_column
    )


def _size(ref: DatasetRef) -> int:
    # What Parquet packs well is as large as any other table once it is read.
    return ref.n_rows * len(ref.columns) * _VALUE_BYTES


if __name__ == "__main__":
    sys.exit(main())

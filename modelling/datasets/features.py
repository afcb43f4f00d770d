"""What is learned from: which columns are features, and do the chosen roles go together."""

from __future__ import annotations

from itertools import combinations

from modelling.datasets.choices import TaskChoices
from modelling.datasets.wording import listed
from modelling.errors import TaskError
from modelling.types import ColumnInfo, ColumnType, DatasetRef, Role

LEFT_OUT = (Role.IGNORE, Role.ID)
_EXPECTED = {
    "time": ((ColumnType.DATE, ColumnType.NUMBER), "dates such as 2026-01-31, or numbers"),
    "stake": ((ColumnType.NUMBER,), "numbers"),
    "text": ((ColumnType.TEXT, ColumnType.CATEGORY), "words"),
}


def choose_features(ref: DatasetRef, target: str, choices: TaskChoices) -> tuple[str, ...]:
    """Return the columns to learn from, in their order.

    All but target, group, dropped columns and the one that marks the test; ids and columns that
    we propose to ignore only if the analyst keeps them. A time or stake column still is a
    feature. Constant columns never are: there is nothing to learn from them.

    Raises
    ------
    TaskError
        If a role names no column, does not fit its values, or meets another on one column; if a
        constant column is to be kept; if no feature is left.
    """
    _check_columns(ref, choices)
    _check_single_roles(target, choices)
    _check_features(ref, target, choices)
    _check_types(ref, choices)
    out = {target, choices.group, choices.test_column, *choices.drop}
    wanted = {choices.time, choices.stake, *choices.keep, *(choices.text or ())}
    features = tuple(
        column.name
        for column in ref.columns
        if column.name not in out
        and (column.role not in LEFT_OUT or column.name in wanted)
        and column.n_distinct > 1
    )
    if not features:
        raise TaskError(
            f"No column of {ref.name} is left to learn {target!r} from; expected at least one "
            "that is no id, no constant and not dropped."
        )
    return features


def require_column(ref: DatasetRef, name: str, role: str) -> ColumnInfo:
    """Return the column ``name``, or raise a TaskError that names the columns there are."""
    column = ref.column(name)
    if column is None:
        raise TaskError(f"There is no column {name!r} for {role}; {_known_columns(ref)}")
    return column


def _known_columns(ref: DatasetRef) -> str:
    names = [column.name for column in ref.columns]
    return f"the columns of {ref.name} are {listed(names, most=12)}."


def _check_columns(ref: DatasetRef, choices: TaskChoices) -> None:
    roles: list[tuple[str, str | None]] = [
        ("the group", choices.group),
        ("the time", choices.time),
        ("the stake", choices.stake),
        ("marking the test", choices.test_column),
    ]
    roles += [("leaving out", name) for name in choices.drop]
    roles += [("keeping", name) for name in choices.keep]
    roles += [("text", name) for name in choices.text or ()]
    for role, name in roles:
        if name is not None:
            require_column(ref, name, role)
    if (choices.test_column is None) is not (choices.test_value is None):
        raise TaskError(
            "A column marks the locked test by one of its values; give both (test_column and "
            "test_value), or neither."
        )


def _check_single_roles(target: str, choices: TaskChoices) -> None:
    roles = {
        "the target": target,
        "the group": choices.group,
        "the time": choices.time,
        "the stake": choices.stake,
        "the mark of the test": choices.test_column,
    }
    for (one, name), (other, also) in combinations(roles.items(), 2):
        if name is not None and name == also:
            raise _conflict(name, one, other)


def _check_features(ref: DatasetRef, target: str, choices: TaskChoices) -> None:
    """Raise a TaskError if what is to be a feature cannot be one.

    To be left out is no conflict with group, time or stake: such a column divides the rows or
    weighs them, and nothing is learned from it.
    """
    no_feature: dict[str | None, str] = {
        **dict.fromkeys(choices.drop, "left out"),
        choices.group: "the group",
        choices.test_column: "the mark of the test",
        target: "the target",
    }
    for name in (*choices.keep, *(choices.text or ())):
        if name in no_feature:
            raise _conflict(name, no_feature[name], "a feature")
    for name in choices.keep:
        n_distinct = require_column(ref, name, "keeping").n_distinct
        if n_distinct <= 1:
            held = "one value only" if n_distinct else "no value"
            raise TaskError(
                f"The column {name!r} cannot be kept as a feature: it holds {held}, so there is "
                "nothing to learn from it. Leave it out."
            )
    if target in choices.drop:
        raise _conflict(target, "the target", "left out")


def _conflict(name: str, one: str, other: str) -> TaskError:
    return TaskError(
        f"The column {name!r} cannot be both {one} and {other}; choose one of the two for it."
    )


def _check_types(ref: DatasetRef, choices: TaskChoices) -> None:
    named = [("time", choices.time), ("stake", choices.stake)]
    for role, name in (*named, *(("text", name) for name in choices.text or ())):
        types, expected = _EXPECTED[role]
        column = None if name is None else ref.column(name)
        if column is not None and column.type not in types:
            raise TaskError(
                f"The {role} column {column.name!r} holds {column.type} values; expected "
                f"{expected}. Choose another column or leave the role open."
            )

"""Roles as a table, one per column, and as the choices of a task: two views of the same thing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from modelling.datasets.choices import TaskChoices
from modelling.datasets.features import LEFT_OUT
from modelling.errors import TaskError
from modelling.types import ColumnInfo, ColumnType, DatasetRef, Role

# At most one column each.
_SINGLE = (Role.GROUP, Role.TIME, Role.STAKE)


def roles_under(ref: DatasetRef, choices: TaskChoices) -> dict[str, Role]:
    """Return the role of each column, the target's among them, under these choices."""
    return {column.name: _role(column, choices) for column in ref.columns}


def with_roles(ref: DatasetRef, choices: TaskChoices, roles: Mapping[str, Role]) -> TaskChoices:
    """Return ``choices`` with these roles; columns that ``roles`` does not name stay as proposed.

    Raises
    ------
    TaskError
        If two columns have a role that only one can have.
    """
    single = {role: _only(roles, role) for role in _SINGLE}
    proposed = {column.name: column for column in ref.columns}
    used = {name: role for name, role in roles.items() if name in proposed}
    return replace(
        choices,
        group=single[Role.GROUP],
        time=single[Role.TIME],
        stake=single[Role.STAKE],
        drop=tuple(
            name
            for name, role in used.items()
            if role in LEFT_OUT and proposed[name].role not in LEFT_OUT
        ),
        keep=tuple(
            name
            for name, role in used.items()
            if role in (Role.FEATURE, Role.TEXT) and proposed[name].role in LEFT_OUT
        ),
        text=tuple(name for name, role in used.items() if role is Role.TEXT),
    )


def _role(column: ColumnInfo, choices: TaskChoices) -> Role:
    name = column.name
    chosen = {
        choices.target: Role.TARGET,
        choices.group: Role.GROUP,
        choices.time: Role.TIME,
        choices.stake: Role.STAKE,
    }
    if name in chosen:
        return chosen[name]
    if name in choices.drop:
        return column.role if column.role in LEFT_OUT else Role.IGNORE
    if column.role in LEFT_OUT and name not in choices.keep:
        return column.role
    is_text = column.type is ColumnType.TEXT if choices.text is None else name in choices.text
    return Role.TEXT if is_text else Role.FEATURE


def _only(roles: Mapping[str, Role], role: Role) -> str | None:
    names = [name for name, given in roles.items() if given is role]
    if len(names) > 1:
        raise TaskError(
            f"{names[0]!r} and {names[1]!r} both have the use {role}; only one column can. Give "
            "one of them another use."
        )
    return names[0] if names else None

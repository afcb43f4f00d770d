"""The editable table that says what each column is for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from components import tables
from modelling.types import ColumnInfo, ColumnType, DatasetRef, Role
from modelling.workbench import TaskChoices, Workbench

_CLICKED = "data_roles_clicked"
_VERSION = "data_roles_version"
_ROW_HEIGHT = 35
_MOST_ROWS = 9
_USES = [role.value for role in Role if role is not Role.TARGET]
_USE_HELP = (
    "feature: learned from. text: learned from word by word. group: rows of one customer, card or "
    "patient stay on one side of the split. time: when the row happened. stake: the amount at risk "
    "in the row. id and ignore: left out."
)


def drafted(bench: Workbench, ref: DatasetRef, choices: TaskChoices) -> dict[str, Role]:
    """Return the role of each column but the target: proposed, then clicked, then edited."""
    roles = _shown(bench, ref, choices)
    names = list(roles)
    edits = st.session_state.get(_key(), {}).get("edited_rows", {})
    for row, change in edits.items():
        if "use" in change and int(row) < len(names):
            roles[names[int(row)]] = Role(change["use"])
    return roles


def reset() -> None:
    """Forget what was clicked and edited."""
    _renew({})


def set_role(bench: Workbench, ref: DatasetRef, choices: TaskChoices, name: str, use: Role) -> None:
    """Give a column another role, as the cure of a finding asks for; for callbacks."""
    roles = drafted(bench, ref, choices)
    if use in (Role.GROUP, Role.TIME, Role.STAKE):
        roles = {key: Role.FEATURE if role is use else role for key, role in roles.items()}
    _renew({**roles, name: use})


def show(bench: Workbench, ref: DatasetRef, choices: TaskChoices) -> None:
    """Draw the table."""
    st.subheader("What each column is for", help=_USE_HELP)
    base = _frame(ref, _shown(bench, ref, choices))
    st.data_editor(
        tables.safe_frame(base),
        key=_key(),
        hide_index=True,
        num_rows="fixed",
        height=_ROW_HEIGHT * (min(len(base), _MOST_ROWS) + 1) + 3,
        row_height=_ROW_HEIGHT,
        disabled=[name for name in base.columns if name != "use"],
        column_config=_columns(),
    )


def _renew(clicked: Mapping[str, Role]) -> None:
    # Another key is another widget: without it, edits made before would be laid over the new table.
    st.session_state[_CLICKED] = dict(clicked)
    st.session_state[_VERSION] = st.session_state.get(_VERSION, 0) + 1


def _key() -> str:
    return f"data_roles_{st.session_state.get(_VERSION, 0)}"


def _shown(bench: Workbench, ref: DatasetRef, choices: TaskChoices) -> dict[str, Role]:
    clicked = st.session_state.get(_CLICKED, {})
    roles = bench.roles(ref.id, choices)
    return {
        name: clicked.get(name, role) for name, role in roles.items() if role is not Role.TARGET
    }


def _frame(ref: DatasetRef, roles: Mapping[str, Role]) -> pd.DataFrame:
    columns = [column for column in ref.columns if column.name in roles]
    return pd.DataFrame(
        {
            "column": [column.name for column in columns],
            "use": [roles[column.name].value for column in columns],
            "why": [_why(column, roles[column.name]) for column in columns],
            "type": [column.type.value for column in columns],
            "missing": [column.missing_share for column in columns],
            "different values": [column.n_distinct for column in columns],
            "most frequent": [_most_frequent(column) for column in columns],
        }
    )


def _most_frequent(column: ColumnInfo) -> str:
    text = ", ".join(column.top_values[:3])
    # A hyphen would be taken for the start of a formula and be quoted.
    return text.replace("-", "−") if column.type is ColumnType.NUMBER else text


def _why(column: ColumnInfo, role: Role) -> str:
    return column.reason if role is column.role else "Chosen for this experiment."


def _columns() -> dict[str, Any]:
    config = st.column_config
    return {
        "column": config.TextColumn(pinned=True),
        "use": config.SelectboxColumn(options=_USES, required=True, help=_USE_HELP, width=90),
        "why": config.TextColumn(width="large", help="Why we propose this use."),
        "missing": config.NumberColumn(format="percent"),
        "different values": config.NumberColumn(format="localized"),
        "most frequent": config.TextColumn(width="medium"),
    }

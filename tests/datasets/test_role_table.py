"""Roles as a table and as choices say the same."""

import pytest

from modelling.datasets.choices import TaskChoices
from modelling.datasets.role_table import roles_under, with_roles
from modelling.errors import TaskError
from modelling.types import ColumnInfo, ColumnType, DatasetRef, ReadInfo, Role


def column(name: str, role: Role = Role.FEATURE, kind: ColumnType = ColumnType.NUMBER):
    return ColumnInfo(name=name, type=kind, role=role, missing_share=0.0, n_distinct=50)


REF = DatasetRef(
    id="0" * 64,
    name="t",
    n_rows=100,
    read=ReadInfo(format="csv"),
    columns=(
        column("y"),
        column("age"),
        column("card", Role.GROUP),
        column("when", Role.TIME, ColumnType.DATE),
        column("amount", Role.STAKE),
        column("row", Role.ID),
        column("empty", Role.IGNORE),
        column("notes", Role.TEXT, ColumnType.TEXT),
    ),
)


def test_a_proposed_group_time_or_stake_counts_only_once_it_is_chosen():
    roles = roles_under(REF, TaskChoices(target="y"))
    assert roles == {
        "y": Role.TARGET,
        "age": Role.FEATURE,
        "card": Role.FEATURE,
        "when": Role.FEATURE,
        "amount": Role.FEATURE,
        "row": Role.ID,
        "empty": Role.IGNORE,
        "notes": Role.TEXT,
    }


def test_choices_show_in_the_table():
    choices = TaskChoices(
        target="y", group="card", time="when", stake="amount", drop=("age",), keep=("row",)
    )
    roles = roles_under(REF, choices)
    assert roles["card"] is Role.GROUP
    assert roles["when"] is Role.TIME
    assert roles["amount"] is Role.STAKE
    assert roles["age"] is Role.IGNORE
    assert roles["row"] is Role.FEATURE


def test_text_can_be_taken_from_one_column_and_given_to_another():
    choices = with_roles(
        REF, TaskChoices(target="y"), {"notes": Role.FEATURE, "age": Role.TEXT, "row": Role.TEXT}
    )
    assert choices.text == ("age", "row")
    assert choices.keep == ("row",)
    assert roles_under(REF, choices)["notes"] is Role.FEATURE


@pytest.mark.parametrize(
    "choices",
    [
        TaskChoices(target="y"),
        TaskChoices(target="age", group="card", time="when", stake="amount"),
        TaskChoices(target="y", drop=("age", "notes"), keep=("row", "empty")),
    ],
)
def test_the_table_of_choices_leads_back_to_them(choices):
    roles = {name: role for name, role in roles_under(REF, choices).items() if name != "y"}
    roles.pop(choices.target, None)
    again = with_roles(REF, TaskChoices(target=choices.target), roles)
    assert roles_under(REF, again) == roles_under(REF, choices)


@pytest.mark.parametrize("role", [Role.GROUP, Role.TIME, Role.STAKE])
def test_two_columns_cannot_share_a_role_of_one(role):
    with pytest.raises(TaskError, match="'age' and 'card' both have the use"):
        with_roles(REF, TaskChoices(target="y"), {"age": role, "card": role})

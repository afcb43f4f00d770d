"""What is told of a stored table under one choice of target and roles."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from modelling.datasets.children import examine_in_child
from modelling.datasets.choices import TaskChoices
from modelling.datasets.examine import by_severity, examine, subject_under
from modelling.datasets.profile.columns import Look, profiled_rows
from modelling.datasets.role_table import roles_under
from modelling.datasets.splits import locked_test
from modelling.datasets.tasks import make_task
from modelling.errors import DataError, TaskError
from modelling.types import Finding, Role, Severity, SplitStrategy, TaskKind
from tests.datasets.frames import ref_of, stored

READ = (
    Finding(code="numbers_as_text", severity=Severity.LOW, message="x held text.", column="x"),
    Finding(code="short_rows", severity=Severity.HIGH, message="3 rows are short."),
)


@pytest.fixture
def table() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    x = rng.normal(size=400)
    return pd.DataFrame(
        {
            "x": x,
            "colour": rng.choice(["red", "green"], 400),
            "customer": [f"customer {i}" for i in range(400)],
            "shop": rng.integers(0, 40, 400),
            "y": np.where(x + rng.normal(size=400) > 1, "yes", "no"),
        }
    )


def subject(frame, choices, *, with_task=True, test_frame=None, **roles):
    ref = ref_of(frame, **roles)
    look = Look(
        frame=frame,
        columns=ref.columns,
        roles=roles_under(ref, choices),
        target="y",
        kind=TaskKind.BINARY,
        positive="yes",
        rows=profiled_rows(*frame.shape),
    )
    task = make_task(ref, frame["y"], choices) if with_task else None
    return subject_under(look, choices, task, test_frame), task


class TestInAChild:
    def test_gives_the_profile_that_the_same_process_would_give(self, tmp_path, table):
        ref, path = stored(tmp_path, table, READ, customer=Role.ID)
        choices = TaskChoices(target="y", positive="yes")
        found = examine_in_child(ref, path, choices)
        assert found == examine(ref, path, choices)
        assert (found.n_rows, found.n_sampled, found.target) == (400, 400, "y")
        assert [column.name for column in found.columns] == list(table)
        x = found.columns[0]
        assert x.mean == pytest.approx(table["x"].mean())
        assert found.associations.names[:2] == ("y", "x")

    def test_compares_with_the_users_own_test_set(self, tmp_path, table):
        ref, path = stored(tmp_path / "data", table)
        other, other_path = stored(tmp_path / "test", table.assign(x=table["x"] + 100.0))
        choices = TaskChoices(target="y")
        found = examine_in_child(ref, path, choices, test=other, test_path=other_path)
        assert "drift" in {finding.code for finding in found.findings}
        assert found.n_rows == 400
        assert found.columns[0].maximum < 10  # nothing of the test set is shown

    def test_a_target_that_is_no_column_is_named(self, tmp_path, table):
        ref, path = stored(tmp_path, table)
        with pytest.raises(DataError, match="no column 'z' for the target; the columns of table"):
            examine_in_child(ref, path, TaskChoices(target="z"))


class TestFindings:
    def test_of_reading_and_of_checks_come_by_severity(self, tmp_path, table):
        ref, path = stored(tmp_path, table.assign(leak=table["y"]), READ)
        found = examine(ref, path, TaskChoices(target="y")).findings
        severities = [finding.severity for finding in found]
        assert severities == sorted(severities, key=list(Severity).index)
        assert set(READ) <= set(found)
        assert "target_copy" in {item.code for item in found if item.column == "leak"}

    def test_of_checks_at_reading_are_left_to_the_checks_under_these_choices(self, tmp_path, table):
        stale = Finding(code="constant", severity=Severity.LOW, message="Was so.", column="x")
        ref, path = stored(tmp_path, table, (*READ, stale))
        assert stale not in examine(ref, path, TaskChoices(target="y")).findings

    def test_of_one_severity_keep_their_order(self):
        many = [
            Finding(code=code, severity=severity, message="m")
            for code, severity in (("a", "low"), ("b", "high"), ("c", "low"), ("d", "medium"))
        ]
        many = [replace(item, severity=Severity(item.severity)) for item in many]
        assert [item.code for item in by_severity(many)] == ["b", "d", "a", "c"]


class TestWithoutATask:
    def test_a_class_too_rare_is_told_and_all_else_is_still_looked_at(self, tmp_path, table):
        table.loc[:2, "y"] = "maybe"
        ref, path = stored(tmp_path, table)
        choices = TaskChoices(target="y")
        with pytest.raises(TaskError, match="'maybe' of 'y' has 3 rows"):
            make_task(ref, table["y"], choices)
        found = examine(ref, path, choices)
        assert "rare_classes" in {finding.code for finding in found.findings}
        assert {value.value: value.count for value in found.columns[-1].top}["maybe"] == 3
        assert found.columns[0].relation > 0.2

    @pytest.mark.parametrize(
        "choices",
        [
            TaskChoices(target="y", group="nowhere", time="never", stake="none"),
            TaskChoices(target="y", drop=("nothing",)),
            TaskChoices(target="y", kind=TaskKind.REGRESSION),
            TaskChoices(target="y", positive="perhaps"),
            TaskChoices(target="y", metric="nonsense"),
            TaskChoices(target="y", group="y"),
            TaskChoices(target="y", split=SplitStrategy.GROUP),
            TaskChoices(target="y", test_column="colour", test_value="blue"),
        ],
        ids=lambda choices: ", ".join(choices.overrides()),
    )
    def test_choices_that_do_not_hold_together_still_give_a_profile(self, tmp_path, table, choices):
        ref, path = stored(tmp_path, table)
        found = examine(ref, path, choices)
        assert (found.target, len(found.columns)) == ("y", 5)

    @pytest.mark.parametrize(
        "values",
        [[None] * 40, ["a"] * 40, [1.0] * 40, [True] * 40, list(map(str, range(40)))],
        ids=["missing", "one class", "one number", "true", "all different"],
    )
    def test_a_target_that_cannot_be_learned_is_still_described(self, tmp_path, values):
        dtype = "float64" if values[0] is None else None
        frame = pd.DataFrame({"x": np.arange(40.0), "y": pd.Series(values, dtype=dtype)})
        ref, path = stored(tmp_path, frame)
        found = examine(ref, path, TaskChoices(target="y"))
        assert found.columns[-1].n_distinct == frame["y"].nunique()
        assert found.columns[0].histogram is not None

    def test_the_positive_class_is_the_rarer_one(self, tmp_path):
        """Eight rows make no task, but shares can be shown: 2 of 8 are yes."""
        frame = pd.DataFrame({"c": ["a"] * 8, "y": ["no"] * 6 + ["yes"] * 2})
        ref, path = stored(tmp_path, frame)
        (value,) = examine(ref, path, TaskChoices(target="y")).columns[0].top
        assert value.target == 0.25

    def test_the_target_is_proposed_where_none_was_chosen(self, tmp_path, table):
        ref, path = stored(tmp_path, table)
        assert examine(ref, path, TaskChoices()).target == "y"


class TestSubject:
    def test_has_the_split_that_would_be_locked(self, table):
        choices = TaskChoices(target="y", group="shop", seed=7)
        found, task = subject(table, choices, customer=Role.ID)
        train, test = locked_test(table, task)
        assert (found.train == train).all()
        assert (found.test == test).all()
        assert (found.split, found.group) == (SplitStrategy.GROUP, "shop")
        assert found.features == ("x", "colour")
        assert found.test_frame is None

    def test_has_the_rows_with_a_target_of_the_users_own_test_set(self, table):
        own = table.head(50).copy()
        own.loc[:9, "y"] = None
        found, _ = subject(table, TaskChoices(target="y"), test_frame=own)
        assert found.train.tolist() == list(range(400))
        assert found.test.tolist() == list(range(10, 50))
        assert found.test_frame is own

    def test_has_no_split_where_the_test_set_misses_a_column(self, table):
        found, _ = subject(table, TaskChoices(target="y"), test_frame=table.drop(columns="x"))
        assert (found.train, found.test, found.test_frame) == (None, None, None)

    def test_has_no_split_without_a_task_but_features_by_their_roles(self, table):
        choices = TaskChoices(target="y", group="shop", drop=("colour",), text=("customer",))
        found, _ = subject(table.assign(one=1.0), choices, with_task=False, customer=Role.TEXT)
        assert (found.train, found.test) == (None, None)
        assert found.features == ("x", "customer")
        assert found.text == ("customer",)


def test_single_values_of_ids_and_texts_stay_in_the_child(tmp_path, table):
    ref, path = stored(tmp_path, table, customer=Role.ID)
    found = examine_in_child(ref, path, TaskChoices(target="y", drop=("customer",)))
    shown = [value.value for column in found.columns for value in column.top]
    assert set(shown) == {"red", "green", "yes", "no"}

import numpy as np
import pandas as pd
import pytest

from modelling.datasets.checks import run_checks
from modelling.datasets.checks.evidence import Evidence
from modelling.types import Fix, FixKind, Severity, SplitStrategy
from tests.datasets.checks.subjects import (
    customers,
    days,
    findings_of,
    houses,
    patients,
    severities_of,
    subject_of,
)


def found(table: pd.DataFrame) -> list[tuple[str, str | None]]:
    """Return code and column of what is found before a target is chosen."""
    return [(finding.code, finding.column) for finding in run_checks(subject_of(table, None))]


class TestEmptyColumns:
    def test_constant_and_empty_columns_are_named(self):
        empty = pd.Series([None] * 9, dtype="str")
        table = pd.DataFrame({"a": [1] * 9, "b": empty, "c": range(9)})
        assert found(table) == [("constant", "a"), ("all_missing", "b")]

    def test_a_constant_with_gaps_is_said_to_have_them(self):
        table = pd.DataFrame({"a": [1.0, np.nan, 1.0], "b": range(3)})
        (finding,) = findings_of(table, "constant", None)
        assert finding.message == "a has the same value wherever it has one; it is left out."

    def test_a_column_that_is_mostly_missing_is_named_with_its_share(self):
        table = pd.DataFrame({"a": [1, 2] + [None] * 6, "b": range(8)})
        (finding,) = findings_of(table, "mostly_missing", None)
        assert (finding.column, finding.severity) == ("a", Severity.LOW)
        assert finding.message == "a is missing in 75 % of the rows."

    def test_a_column_with_half_of_its_values_is_not_named(self):
        assert found(pd.DataFrame({"a": [1, 2, None, None], "b": range(4)})) == []

    def test_an_ordinary_table_has_no_findings(self):
        assert found(customers()) == []
        assert run_checks(subject_of(customers())) == ()
        assert run_checks(subject_of(houses())) == ()


class TestLargeIntegers:
    @pytest.mark.parametrize("value", [2**53 + 1, -(2**53) - 1, -(2**63), 2**63 - 1])
    def test_that_models_cannot_tell_apart_are_named(self, value):
        table = pd.DataFrame({"a": [value, 1, 2, 3], "b": range(4)})
        assert found(table) == [("large_integers", "a")]

    def test_that_floats_hold_exactly_are_not(self):
        assert found(pd.DataFrame({"a": [2**53, -(2**53), 0, 1], "b": range(4)})) == []


class TestIdentifiers:
    def test_that_are_left_out_are_noted(self):
        table = customers().assign(customer_id=np.random.default_rng(0).permutation(2000) * 7)
        (finding,) = findings_of(table, "identifier")
        assert (finding.column, finding.severity) == ("customer_id", "low")
        assert finding.message == (
            "customer_id looks like an id (2,000 different values in 2,000 rows) and is left out "
            "unless you give it a role."
        )

    def test_that_are_used_as_a_feature_are_left_out_by_a_click(self):
        table = customers().assign(customer_id=np.random.default_rng(0).permutation(2000) * 7)
        features = ("age", "customer_id")
        (finding,) = findings_of(table, "identifier", features=features)
        assert finding.severity == "medium"
        assert finding.fix == Fix(
            kind=FixKind.ROLE,
            label="Leave customer_id out",
            column="customer_id",
            values=("ignore",),
        )

    def test_in_the_role_of_a_group_are_no_news(self):
        table = customers().assign(customer_id=np.random.default_rng(0).permutation(2000) * 7)
        assert severities_of(table, "identifier", group="customer_id") == {}

    def test_numbers_of_shuffled_rows_are_nearly_ids(self):
        table = customers().assign(place=np.random.default_rng(1).permutation(2000))
        assert severities_of(table, "near_identifier") == {"place": "medium"}

    def test_a_clock_that_counts_up_may_be_all_that_is_known_of_new_rows(self):
        table = customers().assign(step=np.random.default_rng(1).permutation(2000))
        assert severities_of(table, "near_identifier") == {}

    def test_numbers_that_hardly_repeat_but_are_spread_are_measured(self):
        table = customers()
        table["income"] = np.random.default_rng(1).choice(90_000, 2000, replace=False)
        assert severities_of(table, "near_identifier") == {}

    def test_names_that_mostly_occur_once_are_nearly_ids(self):
        table = customers()
        name = np.random.default_rng(2).integers(0, 3000, 2000)
        table["name"] = pd.Series([f"n{n}" for n in name], dtype="str")
        assert 1000 < table["name"].nunique() < 1900
        assert severities_of(table, "near_identifier") == {"name": "low"}

    def test_more_than_a_hundred_categories_are_many(self):
        table = customers()
        for name, n_values in (("street", 101), ("town", 100)):
            code = np.random.default_rng(3).permutation(2000) % n_values
            table[name] = pd.Series([f"{name} {n}" for n in code], dtype="str")
        (finding,) = findings_of(table, "high_cardinality")
        assert (finding.column, finding.severity) == ("street", "low")
        assert finding.message == "street has 101 categories, with about 20 rows each."

    def test_a_group_is_not_told_its_many_categories_as_well(self):
        table = patients(200, 10)
        codes = {item.code for item in run_checks(subject_of(table)) if item.column == "patient"}
        assert codes == {"group_structure"}


class TestTime:
    def test_a_target_that_changes_with_the_date_asks_for_a_split_by_time(self):
        table = houses().assign(sold_date=days(2000))
        table["y"] += np.linspace(0.0, 100.0, 2000)
        (finding,) = findings_of(table, "time_structure")
        assert (finding.column, finding.severity) == ("sold_date", "medium")
        assert "y changes with it (rank R2 of the date alone: 0." in finding.message
        assert finding.fix == Fix(
            kind=FixKind.ROLE,
            label="Split by the time sold_date",
            column="sold_date",
            values=("time",),
        )

    def test_a_target_that_does_not_change_is_a_note(self):
        table = houses().assign(sold_date=days(2000))
        (finding,) = findings_of(table, "time_structure")
        assert finding.severity == "low"
        assert "y does not change with it" in finding.message

    def test_a_split_by_time_respects_it(self):
        table = houses().assign(sold_date=days(2000))
        table["y"] += np.linspace(0.0, 100.0, 2000)
        split = {"time": "sold_date", "split": SplitStrategy.TIME}
        assert severities_of(table, "time_structure", **split) == {}

    def test_the_date_along_which_it_changes_most_is_named(self):
        table = houses().assign(sold_date=days(2000), paid_date=days(2000))
        table["paid_date"] = np.random.default_rng(0).permutation(table["paid_date"])
        table["y"] += np.linspace(0.0, 100.0, 2000)
        assert severities_of(table, "time_structure") == {"sold_date": "medium"}

    def test_a_target_that_changes_a_little_in_many_rows_does_not_matter(self):
        table = houses(20_000).assign(sold_date=days(20_000, "1970-01-01"))
        noise = np.random.default_rng(2).normal(size=20_000)
        # A uniform number of this width has a variance of 0.015, of 1.015 in all.
        table["y"] = noise + np.linspace(0.0, np.sqrt(12 * 0.015), 20_000)
        evidence = Evidence(subject_of(table))
        assert evidence.truth.noise() < evidence.strength("sold_date") < 0.02
        assert severities_of(table, "time_structure") == {"sold_date": "low"}

    def test_new_groups_or_birthdays_make_a_change_a_note(self):
        table = houses().assign(sold_date=days(2000), birth_date=days(2000, "1950-01-01"))
        table["y"] += np.linspace(0.0, 100.0, 2000)
        table["owner"] = pd.Series([f"o{n // 4}" for n in range(2000)], dtype="str")
        split = {"group": "owner", "split": SplitStrategy.GROUP}
        assert severities_of(table, "time_structure", **split) == {"sold_date": "low"}
        assert severities_of(table, "time_structure", leave=("sold_date", "owner")) == {
            "birth_date": "low"
        }

    def test_a_birthday_is_no_time_of_the_row(self):
        table = customers()
        born = days(2000, "1950-01-01")
        table["birth_date"] = np.random.default_rng(1).permutation(born)
        assert severities_of(table, "time_structure") == {}

    def test_dates_with_gaps_cannot_order_the_rows(self):
        table = houses().assign(sold_date=days(2000))
        table.loc[5, "sold_date"] = pd.NaT
        assert severities_of(table, "time_structure") == {}


class TestSize:
    @pytest.mark.parametrize(
        ("n_rows", "severity"), [(196, "medium"), (204, "low"), (999, "low"), (1000, None)]
    )
    def test_few_rows_are_said(self, n_rows, severity):
        # Three of four rows are training rows: 147 of 196 in five folds are 29 rows each.
        expected = {} if severity is None else {None: severity}
        assert severities_of(customers(n_rows), "few_rows") == expected

    def test_fewer_folds_help(self):
        assert severities_of(customers(160), "few_rows", folds=4) == {None: "low"}

    def test_an_own_test_file_needs_no_rigour(self):
        table = customers(600)
        parts = {"train": np.arange(600), "test": np.arange(50), "test_frame": customers(50, 1)}
        assert severities_of(table, "few_rows", **parts) == {}

    @pytest.mark.parametrize(("n_columns", "severity"), [(30, None), (31, "low"), (301, "medium")])
    def test_many_columns_are_said(self, n_columns, severity):
        values = np.random.default_rng(0).normal(size=(300, n_columns))
        table = pd.DataFrame(values).add_prefix("x").assign(y=np.arange(300) % 2)
        expected = {} if severity is None else {None: severity}
        assert severities_of(table, "too_wide") == expected

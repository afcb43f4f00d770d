import numpy as np
import pandas as pd
import pytest

from modelling.datasets.checks import run_checks
from modelling.datasets.checks.numbers import row_hashes
from modelling.types import Fix, FixKind, SplitStrategy
from tests.datasets.checks.subjects import (
    customers,
    days,
    findings_of,
    houses,
    severities_of,
    subject_of,
)

REMOVE = Fix(kind=FixKind.DEDUPLICATE, label="Remove repeated rows")


def with_copies(table: pd.DataFrame, n_copies: int) -> pd.DataFrame:
    """Return ``table`` with copies of its first rows at its end."""
    return pd.concat([table, table.iloc[:n_copies]], ignore_index=True)


class TestDuplicateRows:
    def test_are_counted(self):
        (finding,) = findings_of(with_copies(customers(), 25), "duplicate_rows", None)
        assert finding.severity == "medium"
        assert finding.message == "25 of 2,025 rows repeat an earlier row exactly."
        assert finding.fix == REMOVE

    def test_are_counted_as_pandas_counts_them(self):
        table = with_copies(customers(), 40)
        table.loc[::7, "city"] = None
        table.loc[::5, "spent"] = np.nan
        count = int(table.duplicated().sum())
        (finding,) = findings_of(table, "duplicate_rows", None)
        assert finding.message.startswith(f"{count} of 2,040 rows")

    def test_below_one_in_a_hundred_are_not_worth_a_word(self):
        assert severities_of(with_copies(customers(), 15), "duplicate_rows", None) == {}

    def test_of_a_few_coarse_columns_are_natural(self):
        table = customers()[["plan", "visits", "y"]]
        assert table.duplicated().mean() > 0.9
        assert severities_of(table, "duplicate_rows") == {}

    def test_that_differ_in_one_value_are_none(self):
        table = with_copies(customers(), 100)
        table["spent"] += np.arange(2100) * 1e-9
        assert severities_of(table, "duplicate_rows", None) == {}


class TestDuplicatesAcrossTheSplit:
    def test_are_counted_with_their_share(self):
        table = with_copies(customers(), 100)
        parts = {"train": np.arange(2000), "test": np.arange(1600, 2100)}
        (finding,) = findings_of(table, "duplicates_across_split", **parts)
        # Rows 1600 to 1999 are training rows themselves, the other 100 are copies of such.
        assert finding.message.startswith("500 of 500 test rows (100 %) have the same features")
        parts = {"train": np.arange(1600), "test": np.arange(1600, 2100)}
        (finding,) = findings_of(table, "duplicates_across_split", **parts)
        assert finding.message.startswith("100 of 500 test rows (20 %) have the same features")

    @pytest.mark.parametrize(("n_copies", "severity"), [(150, "high"), (60, "medium")])
    def test_are_grave_where_one_in_ten_is_known(self, n_copies, severity):
        table = with_copies(customers(2001), n_copies)
        (finding,) = findings_of(table, "duplicates_across_split")
        assert finding.severity == severity
        assert finding.fix == REMOVE

    def test_without_a_column_that_tells_rows_apart_may_be_natural(self):
        values = np.random.default_rng(0).integers(0, 10, (2001, 12))
        table = pd.DataFrame(values).add_prefix("x").assign(y=np.arange(2001) % 2)
        copies = with_copies(table, 600)
        assert severities_of(copies, "duplicates_across_split") == {None: "medium"}

    def test_of_two_rows_are_an_accident(self):
        table = with_copies(customers(101), 4)
        parts = {"train": np.arange(100), "test": np.arange(100, 103)}
        assert severities_of(table, "duplicates_across_split", **parts) == {}
        parts["test"] = np.arange(100, 104)
        assert severities_of(table, "duplicates_across_split", **parts) == {None: "high"}

    def test_are_said_once(self):
        codes = [item.code for item in run_checks(subject_of(with_copies(customers(2001), 300)))]
        assert "duplicates_across_split" in codes
        assert "duplicate_rows" not in codes

    def test_that_the_split_keeps_together_are_none(self):
        table = with_copies(customers(), 300)
        parts = {"train": np.r_[0:300, 600:2300], "test": np.arange(300, 600)}
        assert severities_of(table, "duplicates_across_split", **parts) == {}

    def test_of_coarse_columns_are_natural(self):
        table = customers()[["plan", "visits", "y"]]
        assert severities_of(table, "duplicates_across_split") == {}

    def test_with_another_id_cannot_be_removed_by_a_click(self):
        table = with_copies(customers(2001), 300)
        table["customer_id"] = np.arange(len(table))
        (finding,) = findings_of(table, "duplicates_across_split")
        assert finding.fix is None

    def test_are_found_in_the_users_own_test_file_whatever_its_types(self):
        table = customers()
        own = pd.concat([table.iloc[:30], customers(70, seed=5)], ignore_index=True)
        own["visits"] = own["visits"].astype("float64")
        parts = {"train": np.arange(2000), "test": np.arange(100), "test_frame": own}
        (finding,) = findings_of(table, "duplicates_across_split", **parts)
        assert finding.message.startswith("30 of 100 test rows (30 %) have the same features")
        assert finding.advice.endswith("remove those rows from your test file.")
        assert finding.fix is None

    def test_of_an_own_test_file_do_not_hide_copies_in_the_training_rows(self):
        table = with_copies(customers(), 100)
        own = table.iloc[:30].reset_index(drop=True)
        parts = {"train": np.arange(2100), "test": np.arange(30), "test_frame": own}
        assert severities_of(table, "duplicate_rows", **parts) == {None: "medium"}
        assert severities_of(table, "duplicates_across_split", **parts) == {None: "high"}


class TestConflictingLabels:
    def test_are_counted_with_the_best_that_is_left(self):
        table = customers(200)
        copies = table.iloc[:50].copy()
        copies["y"] = copies["y"].map({"yes": "no", "no": "yes"}).astype("str")
        both = pd.concat([table, copies], ignore_index=True)
        (finding,) = findings_of(both, "conflicting_labels")
        assert finding.severity == "medium"
        # 100 of 250 rows are in pairs of which one must be wrong: 50 of 250.
        assert finding.message.startswith("40 % of the rows have the same features")
        assert "in more than 80 % of these rows" in finding.message

    def test_in_three_of_a_hundred_rows_are_a_note(self):
        table = customers(400)
        copies = table.iloc[:6].copy()
        copies["y"] = copies["y"].map({"yes": "no", "no": "yes"}).astype("str")
        both = pd.concat([table, copies], ignore_index=True)
        assert severities_of(both, "conflicting_labels") == {"y": "low"}

    def test_equal_rows_of_one_class_are_none(self):
        assert severities_of(with_copies(customers(), 300), "conflicting_labels") == {}

    def test_numbers_differ_without_conflict(self):
        table = houses()
        table[["area", "age"]] = table[["area", "age"]].round(-2)
        assert severities_of(table, "conflicting_labels") == {}


class TestRowOrder:
    def test_of_a_file_sorted_by_its_target_is_said(self):
        table = customers().sort_values("y", ignore_index=True)
        (finding,) = findings_of(table, "row_order")
        assert finding.severity == "medium"
        assert finding.message.endswith("the file is sorted by y.")

    def test_of_a_file_sorted_by_a_number_is_said(self):
        table = houses().sort_values("y", ascending=False, ignore_index=True)
        assert severities_of(table, "row_order") == {"y": "medium"}

    def test_of_a_file_sorted_by_a_good_feature_is_a_note(self):
        table = houses().sort_values("area", ignore_index=True)
        assert severities_of(table, "row_order") == {"y": "low"}

    def test_of_a_file_that_is_partly_sorted_by_its_classes_is_a_note(self):
        table = customers()
        noise = np.random.default_rng(1).normal(size=2000)
        order = np.argsort((table["y"] == "yes") + noise, kind="stable")
        assert severities_of(table.iloc[order].reset_index(drop=True), "row_order") == {"y": "low"}

    def test_that_says_next_to_nothing_in_many_rows_is_no_news(self):
        table = customers(20_000)
        noise = np.random.default_rng(1).normal(scale=5.0, size=20_000)
        order = np.argsort((table["y"] == "yes") + noise, kind="stable")
        assert severities_of(table.iloc[order].reset_index(drop=True), "row_order") == {}

    def test_of_a_shuffled_file_says_nothing(self):
        assert severities_of(customers(), "row_order") == {}
        assert severities_of(houses(), "row_order") == {}

    def test_that_is_the_order_of_dates_is_left_to_the_dates(self):
        table = houses().sort_values("area", ignore_index=True).assign(day=days(2000))
        codes = {item.code for item in run_checks(subject_of(table))}
        assert "row_order" not in codes
        assert "time_structure" in codes

    def test_is_what_a_split_by_time_asks_for(self):
        table = houses().sort_values("y", ignore_index=True).assign(step=np.arange(2000) * 0.5)
        split = {"time": "step", "split": SplitStrategy.TIME}
        assert severities_of(table, "row_order", **split) == {}


class TestHashes:
    def test_tell_columns_and_their_order_apart(self):
        table = pd.DataFrame({"a": [1, 2, 1, 2], "b": [2, 1, 2, 1]})
        hashes = row_hashes(table, ["a", "b"])
        assert hashes[0] == hashes[2] != hashes[1] == hashes[3]

    def test_are_those_of_whole_numbers_with_decimals_too(self):
        whole = pd.DataFrame({"a": [1, -5, 2**53]})
        np.testing.assert_array_equal(
            row_hashes(whole, ["a"]), row_hashes(whole.astype("float64"), ["a"])
        )

    def test_tell_neighbours_apart_that_floats_do_not(self):
        table = pd.DataFrame({"a": [2**53, 2**53 + 1]})
        first, second = row_hashes(table, ["a"])
        assert first != second

    def test_of_all_columns_go_on_from_those_of_some(self):
        table = customers(50)
        some = row_hashes(table, ["age", "plan"])
        np.testing.assert_array_equal(
            row_hashes(table, ["city", "y"], start=some),
            row_hashes(table, ["age", "plan", "city", "y"]),
        )

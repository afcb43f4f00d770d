import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import cohen_kappa_score

from modelling.datasets.checks import run_checks
from modelling.datasets.checks.likeness import agreement, likeness, standardised
from modelling.types import Fix, FixKind, SplitStrategy
from tests.datasets.checks.subjects import (
    customers,
    findings_of,
    houses,
    patients,
    severities_of,
    subject_of,
)


class TestGroups:
    def test_that_decide_the_label_are_named(self):
        (finding,) = findings_of(patients(), "group_structure")
        assert (finding.column, finding.severity) == ("patient", "high")
        assert "have the same y in 100 % of all cases" in finding.message
        assert finding.fix == Fix(
            kind=FixKind.ROLE, label="Split by patient", column="patient", values=("group",)
        )

    def test_with_features_that_are_constants_of_the_group_are_named(self):
        table = patients()
        columns = ["pulse", "weight", "height", "iron"]
        table[columns] = table.groupby("patient")[columns].transform("first")
        assert severities_of(table, "group_structure") == {"patient": "high"}

    @pytest.mark.parametrize("name", ["patient", "block", "ward_code"])
    def test_are_found_by_their_numbers(self, name):
        table = patients()
        table[name] = table.pop("patient").str[1:].astype("int64")
        assert severities_of(table, "group_structure") == {name: "high"}

    def test_that_the_split_keeps_together_are_no_news(self):
        table = patients()
        split = {"group": "patient", "split": SplitStrategy.GROUP}
        assert severities_of(table, "group_structure", **split) == {}

    def test_that_are_named_but_not_split_by_are_news(self):
        assert severities_of(patients(), "group_structure", group="patient") == {"patient": "high"}

    def test_inside_the_groups_of_the_split_are_no_news(self):
        table = patients()
        visit = table.groupby("patient").cumcount() // 2
        table["session"] = table["patient"] + "-" + visit.astype("str")
        split = {"group": "patient", "split": SplitStrategy.GROUP}
        assert severities_of(table, "group_structure", **split) == {}

    def test_across_the_groups_of_the_split_are_news(self):
        table = patients()
        table["device"] = [f"d{n}" for n in np.random.default_rng(1).integers(0, 300, 1000)]
        table["device"] = table["device"].astype("str")
        split = {"group": "device", "split": SplitStrategy.GROUP}
        assert severities_of(table, "group_structure", **split) == {"patient": "high"}

    def test_are_met_again_later_under_a_split_by_time(self):
        table = patients().assign(step=np.arange(1000) * 1.5)
        split = {"time": "step", "split": SplitStrategy.TIME}
        assert severities_of(table, "group_structure", **split) == {}

    def test_that_half_decide_are_worth_a_look(self):
        table = patients()
        rng = np.random.default_rng(2)
        table["y"] = table["y"].where(rng.random(1000) < 0.7, rng.choice(["ill", "well"], 1000))
        assert severities_of(table, "group_structure") == {"patient": "medium"}

    def test_without_a_name_need_constants_of_their_own(self):
        table = patients().rename(columns={"patient": "label"})
        rng = np.random.default_rng(2)
        table["y"] = table["y"].where(rng.random(1000) < 0.7, rng.choice(["ill", "well"], 1000))
        assert severities_of(table, "group_structure") == {}
        constants = table.groupby("label")[["pulse", "weight"]].transform("first")
        table[["pulse", "weight"]] = constants
        assert severities_of(table, "group_structure") == {"label": "medium"}

    def test_of_a_regression_are_measured_by_their_correlation(self):
        table = patients()
        mean = pd.Series(np.random.default_rng(3).normal(size=100))
        table["y"] = table["patient"].str[1:].astype("int64").map(mean)
        table["y"] += np.random.default_rng(4).normal(scale=0.05, size=1000)
        (finding,) = findings_of(table, "group_structure")
        assert finding.severity == "high"
        assert "y of two rows with the same patient correlates by" in finding.message

    def test_that_hardly_matter_are_noted_for_their_name(self):
        table = patients()
        rng = np.random.default_rng(2)
        table["y"] = table["y"].where(rng.random(1000) < 0.35, rng.choice(["ill", "well"], 1000))
        assert severities_of(table, "group_structure") == {"patient": "low"}


class TestNoGroups:
    def test_a_category_of_many_rows_each_that_decides_is_a_leak(self):
        table = customers(4000)
        table["city"] = pd.Series([f"city {n}" for n in np.arange(4000) % 40], dtype="str")
        odd = np.random.default_rng(1).permutation(40)[np.arange(4000) % 40] % 2
        table["y"] = pd.Series(np.where(odd, "yes", "no"), dtype="str")
        codes = {item.code for item in run_checks(subject_of(table)) if item.column == "city"}
        assert codes == {"leakage"}

    def test_things_that_say_nothing_about_the_label_are_none(self):
        table = patients()
        rng = np.random.default_rng(3)
        for name in ("device", "machine", "vehicle", "sensor", "driver"):
            codes = rng.integers(0, 100, 1000)
            table[name] = pd.Series([f"{name}{code}" for code in codes], dtype="str")
        assert severities_of(table, "group_structure") == {"patient": "high"}

    def test_one_constant_makes_no_thing(self):
        table = patients().rename(columns={"patient": "label"}).drop(columns=["height", "iron"])
        rng = np.random.default_rng(2)
        table["y"] = table["y"].where(rng.random(1000) < 0.7, rng.choice(["ill", "well"], 1000))
        table["pulse"] = table.groupby("label")["pulse"].transform("first")
        assert severities_of(table, "group_structure") == {}

    def test_a_city_that_matters_is_an_ordinary_category(self):
        assert severities_of(customers(), "group_structure") == {}

    def test_a_category_that_decides_little_with_many_rows_each_is_none(self):
        table = customers()
        table["city"] = table["city"].where(table["y"] == "yes", "city 1")
        assert severities_of(table, "group_structure") == {}

    def test_a_number_along_which_the_target_jumps_is_a_measure(self):
        table = customers()
        table["days"] = np.random.default_rng(5).integers(0, 200, 2000)
        table["y"] = pd.Series(np.where(table["days"] > 90, "yes", "no"), dtype="str")
        assert severities_of(table, "group_structure") == {}

    def test_customers_whose_label_is_chance_are_none(self):
        table = patients()
        table["y"] = np.random.default_rng(6).permutation(table["y"])
        table["y"] = table["y"].astype("str")
        named = severities_of(table.rename(columns={"patient": "label"}), "group_structure")
        assert named == {}
        # What reading proposes as a group is said all the same, for what it is worth.
        table["patient_id"] = table.pop("patient")
        assert severities_of(table, "group_structure") == {"patient_id": "low"}

    def test_numbers_of_copied_rows_are_copies_not_groups(self):
        table = houses(501)
        twice = pd.concat([table, table], ignore_index=True)
        found = {item.code for item in run_checks(subject_of(twice))}
        assert "duplicates_across_split" in found
        assert "group_structure" not in found


class TestLikeness:
    def test_of_classes_is_kappa_of_pairs(self):
        rng = np.random.default_rng(0)
        first = rng.integers(0, 3, 400)
        second = np.where(rng.random(400) < 0.5, first, rng.integers(0, 3, 400))
        groups = np.repeat(np.arange(400), 2)
        codes = np.column_stack([first, second]).ravel()
        # Each pair both ways round, so that the two raters have the same shares.
        expected = cohen_kappa_score(np.r_[first, second], np.r_[second, first])
        assert likeness(groups, standardised(codes, None)).within == pytest.approx(expected)

    def test_of_numbers_is_the_correlation_of_pairs(self):
        rng = np.random.default_rng(1)
        first = rng.normal(size=300)
        second = first + rng.normal(size=300)
        both = np.column_stack([first, second]).ravel()
        scaled = (both - both.mean()) / both.std()
        expected = np.corrcoef(np.r_[first, second], np.r_[second, first])[0, 1]
        got = likeness(np.repeat(np.arange(300), 2), standardised(None, scaled))
        assert got.within == pytest.approx(expected)
        assert got.n_pairs == 300

    def test_of_neighbours_is_that_of_rows_of_groups_in_a_row(self):
        parts = np.array([[1.0], [1.0], [-1.0], [-1.0], [1.0]])
        got = likeness(np.array([0, 1, 2, 3, -1]), parts)
        assert got.nearby == pytest.approx((1 - 1 + 1) / 3)

    def test_agreement_counts_pairs(self):
        # Group 0: a a b has one of three pairs alike; group 1: b b has its one; -1 has none.
        share, chance = agreement(np.array([0, 0, 0, 1, 1, -1]), np.array([0, 0, 1, 1, 1, 0]))
        assert share == pytest.approx(2 / 4)
        # Of all 15 pairs, 3 are a a and 3 are b b.
        assert chance == pytest.approx(6 / 15)

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from modelling.datasets.checks import run_checks
from modelling.datasets.checks.copies import is_recoded
from modelling.datasets.checks.evidence import Evidence
from modelling.datasets.checks.reference import joint_score
from modelling.types import Fix, FixKind
from tests.datasets.checks.subjects import (
    customers,
    days,
    findings_of,
    houses,
    patients,
    severities_of,
    subject_of,
)


def flipped(truth: pd.Series, n_wrong: int) -> np.ndarray:
    """Return ``truth == "yes"``, wrong in ``n_wrong`` rows."""
    flag = (truth == "yes").to_numpy(copy=True)
    wrong = np.random.default_rng(1).choice(len(flag), n_wrong, replace=False)
    flag[wrong] = ~flag[wrong]
    return flag


class TestTargetCopy:
    @pytest.mark.parametrize(
        "copy",
        [
            lambda y: y,
            lambda y: y.str.upper(),
            lambda y: y == "yes",
            lambda y: (y == "yes") * 7 + 3,
            lambda y: (y == "no").astype("float64").where(np.arange(len(y)) % 3 > 0),
            lambda y: pd.to_datetime(y.map({"yes": "2024-01-01", "no": "2024-01-02"})),
        ],
        ids=["same", "upper case", "boolean", "numbers", "with gaps", "dates"],
    )
    def test_a_class_in_other_words_is_named(self, copy):
        table = customers()
        table["code"] = copy(table["y"])
        assert severities_of(table, "target_copy") == {"code": "high"}

    @pytest.mark.parametrize(
        "copy",
        [
            lambda y: y,
            lambda y: (0.92 * y).round(2),
            lambda y: 100.0 - y,
            lambda y: np.exp(y / 100.0),
        ],
        ids=["same", "rounded in other units", "the rest to 100", "exponential"],
    )
    def test_a_number_that_follows_the_target_exactly_is_named(self, copy):
        table = houses()
        table["copy"] = copy(table["y"])
        assert severities_of(table, "target_copy") == {"copy": "high"}

    def test_one_of_twenty_rows_that_differs_makes_it_no_copy(self):
        table = customers(20)
        table["y"] = ["yes", "no"] * 10
        table["code"] = table["y"].str.upper()
        assert severities_of(table, "target_copy") == {"code": "high"}
        table.loc[0, "code"] = "NO"
        assert severities_of(table, "target_copy") == {}

    def test_classes_that_one_value_covers_two_of_are_no_copy(self):
        table = customers()
        table["y"] = pd.Series(np.arange(2000) % 3).map({0: "a", 1: "b", 2: "c"}).astype("str")
        table["code"] = table["y"].map({"a": "x", "b": "x", "c": "z"}).astype("str")
        assert severities_of(table, "target_copy") == {}

    def test_names_that_occur_once_go_with_any_target(self):
        names = pd.Series([f"n{n}" for n in range(40)], dtype="str")
        assert not is_recoded(names, names.str.upper(), classes=True)
        assert not is_recoded(names, pd.Series(np.arange(40.0)), classes=False)

    def test_one_row_of_the_other_class_is_too_few_to_tell(self):
        table = customers(100)
        table["y"] = ["yes"] + ["no"] * 99
        table["code"] = table["y"].str.upper()
        assert severities_of(table, "target_copy") == {}

    def test_it_is_said_once_and_left_out_by_a_click(self):
        table = customers()
        table["code"] = table["y"].str.upper()
        (finding,) = [item for item in run_checks(subject_of(table)) if item.column == "code"]
        assert finding.message == "code encodes y one to one: each of its values goes with one y."
        assert finding.fix == Fix(
            kind=FixKind.ROLE, label="Leave code out", column="code", values=("ignore",)
        )

    def test_a_copy_that_is_left_out_is_no_news(self):
        table = customers()
        table["code"] = table["y"].str.upper()
        assert severities_of(table, "target_copy", leave=("code",)) == {}


class TestLeakage:
    def test_a_flag_that_nearly_decides_is_named_with_both_figures(self):
        table = customers()
        table["refund"] = flipped(table["y"], 10)
        (finding,) = findings_of(table, "leakage")
        assert (finding.column, finding.severity) == ("refund", "high")
        assert finding.message.startswith(
            "refund alone predicts y with an AUC of 0.995; all other "
        )

    def test_a_flag_that_is_wrong_in_three_of_a_hundred_rows_is_worth_a_look(self):
        table = customers()
        table["refund"] = flipped(table["y"], 60)
        assert severities_of(table, "leakage") == {"refund": "medium"}

    def test_a_flag_that_is_wrong_in_ten_of_a_hundred_rows_is_an_ordinary_feature(self):
        table = customers()
        table["refund"] = flipped(table["y"], 200)
        assert severities_of(table, "leakage") == {}

    def test_two_flags_are_named_both(self):
        table = customers()
        table["refund"], table["closed"] = flipped(table["y"], 10), table["y"] == "yes"
        table.loc[:3, "closed"] = ~table.loc[:3, "closed"]
        assert severities_of(table, "leakage") == {"refund": "high", "closed": "high"}

    def test_a_date_that_only_one_class_has_is_named_for_its_gaps(self):
        table = customers()
        table["closed_on"] = days(2000).where(flipped(table["y"], 6))
        (finding,) = [item for item in run_checks(subject_of(table)) if item.column == "closed_on"]
        assert (finding.code, finding.severity) == ("leakage", "high")
        assert finding.message.startswith("whether closed_on has a value alone predicts y")

    def test_gaps_that_have_nothing_to_do_with_the_target_are_no_leak(self):
        table = customers()
        table["closed_on"] = days(2000).where(np.arange(2000) % 2 == 0)
        assert severities_of(table, "leakage") == {}

    def test_a_noisy_copy_of_a_number_is_named(self):
        table = houses()
        noise = np.random.default_rng(2).normal(scale=3.0, size=2000)
        table["offer"] = table["y"] + noise
        assert severities_of(table, "leakage") == {"offer": "high"}
        assert "with a rank R2 of" in findings_of(table, "leakage")[0].message

    def test_rare_positives_are_enough_if_there_are_some_in_a_large_table(self):
        table = customers(120_000)
        rare = np.zeros(120_000, dtype=bool)
        rare[:: 120_000 // 100] = True
        table["y"] = pd.Series(np.where(rare, "yes", "no"), dtype="str")
        table["flag"] = table["y"] == "yes"
        table.loc[:50, "flag"] = True
        assert severities_of(table, "leakage") == {"flag": "high"}

    def test_strong_columns_of_an_easy_table_are_natural(self):
        rng = np.random.default_rng(3)
        code = rng.integers(0, 2, 1000)
        table = pd.DataFrame(rng.normal(size=(1000, 6)) + 6.0 * code[:, None]).add_prefix("x")
        assert severities_of(table.assign(y=code), "leakage") == {}

    @pytest.mark.parametrize(
        ("aucs", "expected"),
        [
            ((0.999, 0.70), {"x0": "high"}),
            ((0.965, 0.70), {"x0": "medium"}),
            ((0.960, 0.86), {}),
            ((0.999, 0.96), {}),
            ((0.999, 0.999, 0.70), {"x0": "medium", "x1": "medium"}),
        ],
        ids=["alone", "not perfect", "others as good", "easy", "redundant"],
    )
    def test_depends_on_what_the_others_reach(self, aucs, expected):
        # Normal classes that lie so far apart have these AUCs; ten columns are noise.
        rng = np.random.default_rng(5)
        code = rng.integers(0, 2, 3000)
        apart = np.r_[np.sqrt(2) * norm.ppf(aucs), np.zeros(10)]
        values = rng.normal(size=(3000, len(apart))) + apart * code[:, None]
        table = pd.DataFrame(values).add_prefix("x").assign(y=code)
        assert severities_of(table, "leakage") == expected

    def test_two_perfect_measurements_of_five_are_natural(self):
        rng = np.random.default_rng(6)
        code = rng.integers(0, 2, 1000)
        values = rng.normal(size=(1000, 5)) + np.array([5.0, 5.0, 0.0, 0.0, 0.0]) * code[:, None]
        table = pd.DataFrame(values).add_prefix("x").assign(y=code)
        assert severities_of(table, "leakage") == {}

    def test_in_few_rows_the_others_have_the_benefit_of_the_doubt(self):
        rng = np.random.default_rng(7)
        code = np.arange(80) % 2
        table = pd.DataFrame({"x": rng.normal(size=80) + 2.0 * code, "sure": code * 1.0, "y": code})
        table["sure"] += rng.normal(scale=0.05, size=80)
        reached = joint_score(Evidence(subject_of(table)), ["x"])
        assert 0.88 < reached < 0.94
        assert severities_of(table, "leakage") == {}

    def test_noise_in_a_wide_table_is_no_leak(self):
        rng = np.random.default_rng(4)
        table = pd.DataFrame(rng.normal(size=(80, 1500))).add_prefix("x")
        assert severities_of(table.assign(y=np.arange(80) % 2), "leakage") == {}

    def test_beside_free_text_it_is_worth_a_look_only(self):
        table = customers()
        table["refund"] = flipped(table["y"], 10)
        table["note"] = [f"a note of some length on the customer number {n}" for n in range(2000)]
        table["note"] = table["note"].astype("str")
        assert severities_of(table, "leakage") == {"refund": "medium"}

    def test_names_of_groups_are_the_matter_of_another_check(self):
        found = {item.code for item in run_checks(subject_of(patients(20, 50)))}
        assert "group_structure" in found
        assert "leakage" not in found

    def test_scikit_learn_is_not_loaded_for_an_ordinary_table(self):
        # In a process of its own, as other tests load it here.
        code = (
            "import sys; from tests.datasets.checks.subjects import *; "
            "run_checks(subject_of(customers())); print('sklearn' in sys.modules)"
        )
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=Path(__file__).parents[3],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stdout == "False\n", done.stderr

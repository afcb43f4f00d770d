import numpy as np
import pandas as pd
import pytest
from scipy.stats import skew

from modelling.datasets.checks.target import _skewness
from modelling.types import Fix, FixKind, TargetScale, TaskKind
from tests.datasets.checks.subjects import customers, findings_of, houses, severities_of


def with_classes(counts: dict[str, int]) -> pd.DataFrame:
    """Return a table whose target ``y`` has these classes."""
    labels = np.repeat(list(counts), list(counts.values()))
    table = customers(len(labels))
    table["y"] = pd.Series(np.random.default_rng(0).permutation(labels), dtype="str")
    return table


class TestMissingTarget:
    @pytest.mark.parametrize(("n_missing", "severity"), [(20, "low"), (100, "medium")])
    def test_is_counted(self, n_missing, severity):
        table = customers()
        table.loc[: n_missing - 1, "y"] = None
        (finding,) = findings_of(table, "missing_target", kind=TaskKind.BINARY)
        assert (finding.severity, finding.column) == (severity, "y")
        assert finding.message.startswith(f"{n_missing} of 2,000 rows have no y (")

    def test_of_one_row_is_told_in_the_singular(self):
        table = houses(1000)
        table.loc[0, "y"] = np.nan
        (finding,) = findings_of(table, "missing_target")
        assert finding.message == "1 of 1,000 row has no y (0.1 %); they are left out."

    def test_of_no_row_is_no_finding(self):
        assert severities_of(customers(), "missing_target") == {}


class TestClassImbalance:
    @pytest.mark.parametrize(
        ("counts", "severity"),
        [
            ({"no": 900, "yes": 100}, None),
            ({"no": 910, "yes": 90}, "low"),
            ({"no": 9900, "yes": 100}, "low"),
            ({"no": 9910, "yes": 90}, "medium"),
            ({"a": 180, "b": 90, "c": 20}, None),
            ({"a": 190, "b": 90, "c": 20}, "low"),
        ],
    )
    def test_begins_at_nine_to_one(self, counts, severity):
        expected = {} if severity is None else {"y": severity}
        assert severities_of(with_classes(counts), "class_imbalance") == expected

    def test_names_both_classes(self):
        (finding,) = findings_of(with_classes({"no": 950, "yes": 50}), "class_imbalance")
        assert finding.message == "yes is 5 % of y (50 rows), no has 19 times as many."

    def test_leaves_rare_classes_to_their_own_check(self):
        table = with_classes({"a": 500, "b": 300, "c": 4})
        assert severities_of(table, "class_imbalance") == {}
        assert severities_of(table, "rare_classes") == {"y": "medium"}


class TestRareClasses:
    def test_are_named_with_their_rows_and_merged_by_a_click(self):
        (finding,) = findings_of(with_classes({"a": 80, "b": 60, "c": 9, "d": 4}), "rare_classes")
        assert finding.message == (
            "In y, 2 classes have fewer than the 10 rows that 5 folds and a locked test need: "
            "c (9), d (4)."
        )
        assert finding.fix == Fix(
            kind=FixKind.MERGE_RARE,
            label="Merge the classes of fewer than 10 rows",
            column="y",
            values=("10",),
        )

    def test_that_together_are_too_rare_take_no_class_with_them_that_has_rows_enough(self):
        (finding,) = findings_of(with_classes({"a": 80, "b": 30, "c": 4, "d": 2}), "rare_classes")
        assert finding.fix is None
        assert finding.advice.startswith("Bring more of their rows")

    def test_of_a_binary_target_cannot_be_merged(self):
        (finding,) = findings_of(with_classes({"a": 80, "b": 6}), "rare_classes")
        assert finding.fix is None
        assert "1 class has fewer than the 10 rows" in finding.message

    def test_need_two_rows_for_each_fold(self):
        table = with_classes({"a": 80, "b": 30, "c": 10})
        assert severities_of(table, "rare_classes") == {}
        assert severities_of(table, "rare_classes", folds=6) == {"y": "medium"}

    def test_that_are_merged_already_are_none(self):
        table = with_classes({"a": 80, "b": 60, "c": 9, "d": 4})
        assert severities_of(table, "rare_classes", merged=("c", "d")) == {}


class TestSkewedTarget:
    def test_of_positive_values_is_fitted_on_its_logarithm(self):
        table = houses()
        table["y"] = np.exp(table["y"] / table["y"].std() * 1.2)
        (finding,) = findings_of(table, "skewed_target")
        assert finding.fix == Fix(
            kind=FixKind.SCALE,
            label="Fit on the logarithm of y",
            column="y",
            values=("logarithm",),
        )
        assert severities_of(table, "skewed_target", scale=TargetScale.LOG) == {}

    @pytest.mark.parametrize("sign", [1.0, -1.0])
    def test_of_values_below_zero_is_fitted_on_its_rank(self, sign):
        table = houses()
        table["y"] = sign * (np.exp(table["y"] / 60.0) - 5.0)
        (finding,) = findings_of(table, "skewed_target")
        assert finding.fix is not None
        assert finding.fix.values == ("rank",)
        assert f"a long tail of {'large' if sign > 0 else 'small'} values" in finding.message

    def test_of_an_ordinary_number_is_none(self):
        assert severities_of(houses(), "skewed_target") == {}
        table = houses().assign(y=np.random.default_rng(0).gamma(2.0, size=2000))
        assert 1.0 < skew(table["y"]) < 2.0
        assert severities_of(table, "skewed_target") == {}

    @pytest.mark.parametrize("factor", [1.0, 1e-300, 1e300, -1e12])
    def test_is_that_of_scipy_for_numbers_of_any_size(self, factor):
        values = np.random.default_rng(1).exponential(size=500)
        assert _skewness(values * factor) == pytest.approx(np.sign(factor) * skew(values))

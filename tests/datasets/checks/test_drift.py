import numpy as np
import pandas as pd
import pytest
from scipy.stats import ks_2samp

from modelling.datasets.checks.distance import distance
from modelling.types import SplitStrategy
from tests.datasets.checks.subjects import customers, findings_of, houses, severities_of


def beside(table: pd.DataFrame, own: pd.DataFrame) -> dict[str, object]:
    """Return the choices under which ``own`` is the user's test file."""
    return {"train": np.arange(len(table)), "test": np.arange(len(own)), "test_frame": own}


class TestDrift:
    def test_of_the_column_that_moved_is_named(self):
        own = customers(500, seed=1)
        own["spent"] *= 3.0
        (finding,) = findings_of(customers(), "drift", **beside(customers(), own))
        assert (finding.column, finding.severity) == ("spent", "medium")
        assert finding.message.startswith("1 of 6 columns differs between training and test rows")

    def test_of_several_columns_is_one_finding_the_farthest_first(self):
        own = customers(500, seed=1)
        own["spent"] *= 3.0
        own["plan"] = "huge"
        own["plan"] = own["plan"].astype("str")
        (finding,) = findings_of(customers(), "drift", **beside(customers(), own))
        assert finding.column == "plan"
        assert "2 of 6 columns differ" in finding.message
        assert "plan (100 %), spent (" in finding.message

    def test_of_gaps_counts(self):
        own = customers(500, seed=1)
        own.loc[:249, "spent"] = np.nan
        assert severities_of(customers(), "drift", **beside(customers(), own)) == {
            "spent": "medium"
        }

    def test_of_the_target_counts(self):
        own = customers(500, seed=1)
        own["y"] = pd.Series(np.where(np.arange(500) % 10, "yes", "no"), dtype="str")
        assert severities_of(customers(), "drift", **beside(customers(), own)) == {"y": "medium"}

    def test_another_draw_of_the_same_customers_has_none(self):
        for n_rows in (40, 500):
            own = customers(n_rows, seed=1)
            assert severities_of(customers(), "drift", **beside(customers(), own)) == {}

    def test_of_a_twentieth_does_not_matter_however_certain(self):
        table, own = customers(20_000), customers(20_000, seed=1)
        own["spent"] *= 1.2
        (apart, chance) = distance(table["spent"], own["spent"], 0.001)
        assert 0.2 > apart > chance
        assert severities_of(table, "drift", **beside(table, own)) == {}

    def test_under_a_split_by_time_is_looked_for_but_not_in_the_time(self):
        table = houses().assign(step=np.arange(2000) * 0.5)
        split = {"time": "step", "split": SplitStrategy.TIME}
        split |= {"train": np.arange(1500), "test": np.arange(1500, 2000)}
        assert severities_of(table, "drift", **split) == {}
        table["area"] += table["step"] * 0.2
        assert severities_of(table, "drift", **split) == {"area": "medium"}

    def test_under_a_random_split_is_chance(self):
        table = houses().sort_values("area", ignore_index=True)
        parts = {"train": np.arange(1500), "test": np.arange(1500, 2000)}
        assert severities_of(table, "drift", **parts) == {}


class TestUnseen:
    def test_classes_of_the_test_file_are_grave(self):
        own = customers(100, seed=1)
        own["y"] = own["y"].where(np.arange(100) >= 3, "perhaps")
        (finding,) = findings_of(customers(), "unseen_classes", **beside(customers(), own))
        assert (finding.column, finding.severity) == ("y", "high")
        assert finding.message == "3 test rows have a y that no training row has: perhaps (3)."

    def test_classes_are_compared_as_labels(self):
        table = customers().assign(y=np.arange(2000) % 2)
        own = customers(100, seed=1).assign(y=(np.arange(100) % 2).astype("float64"))
        assert severities_of(table, "unseen_classes", **beside(table, own)) == {}

    def test_of_many_rows_are_looked_for_in_all_of_them(self):
        table = pd.DataFrame({"a": np.arange(120_000) % 1000})
        table["city"] = pd.Series([f"c{n}" for n in np.arange(120_000) % 40_000], dtype="str")
        table["y"] = pd.Series(["often", "some"] * 60_000, dtype="str")
        table.loc[:19, "y"] = "rare"
        own = table.iloc[:3000].reset_index(drop=True)
        for code in ("unseen_classes", "unseen_categories"):
            assert severities_of(table, code, **beside(table, own)) == {}

    def test_numbers_of_a_regression_are_always_new(self):
        own = houses(100, seed=1)
        assert severities_of(houses(), "unseen_classes", **beside(houses(), own)) == {}

    def test_categories_of_one_test_row_in_ten_are_a_note(self):
        own = customers(100, seed=1)
        own["city"] = own["city"].where(np.arange(100) >= 10, "city 99")
        (finding,) = findings_of(customers(), "unseen_categories", **beside(customers(), own))
        assert (finding.column, finding.severity) == ("city", "low")
        assert finding.message.startswith("10 % of the test rows have a city that no training")

    def test_categories_that_training_knows_are_none(self):
        own = customers(100, seed=1)
        assert severities_of(customers(), "unseen_categories", **beside(customers(), own)) == {}


class TestDistance:
    def test_of_numbers_is_that_of_kolmogorov_and_smirnov(self):
        rng = np.random.default_rng(0)
        first, second = rng.normal(size=200).round(1), rng.normal(0.3, 1.0, size=90).round(1)
        expected = ks_2samp(first, second).statistic
        found = distance(pd.Series(first), pd.Series(second), 0.05)
        assert found.apart == pytest.approx(expected)
        # The usual table: 1.358 for 5 %.
        assert found.by_chance == pytest.approx(1.358 * np.sqrt(1 / 200 + 1 / 90), rel=1e-3)

    def test_of_categories_is_half_the_difference_of_shares(self):
        first = pd.Series(["a"] * 6 + ["b"] * 4, dtype="str")
        second = pd.Series(["a"] * 2 + ["b"] * 5 + ["c"] * 3, dtype="str")
        assert distance(first, second, 0.05).apart == pytest.approx((0.4 + 0.1 + 0.3) / 2)

    def test_of_gaps_is_the_difference_of_their_shares(self):
        first = pd.Series([1.0, np.nan, np.nan, np.nan])
        second = pd.Series([1.0, 1.0, 1.0, np.nan])
        assert distance(first, second, 0.05).apart == pytest.approx(0.5)

    @pytest.mark.parametrize("n_values", [2, 5, 200])
    def test_of_one_population_passes_the_bound_no_more_often_than_the_level(self, n_values):
        rng = np.random.default_rng(1)

        def share_beyond(dtype: str) -> float:
            found = [
                distance(
                    pd.Series(rng.integers(0, n_values, 60)).astype(dtype),
                    pd.Series(rng.integers(0, n_values, 40)).astype(dtype),
                    0.05,
                )
                for _ in range(300)
            ]
            return float(np.mean([one.apart > one.by_chance for one in found]))

        # Three standard errors of 300 draws above the level.
        assert share_beyond("str") <= 0.05 + 0.038
        assert share_beyond("float64") <= 0.05 + 0.038

import numpy as np
import pandas as pd
import pytest

from modelling.datasets.checks.evidence import Evidence
from modelling.datasets.checks.reference import joint_score
from tests.datasets.checks.subjects import customers, days, houses, subject_of


def reached(table: pd.DataFrame, *names: str) -> float:
    return joint_score(Evidence(subject_of(table)), names)


class TestJointScore:
    def test_of_columns_that_decide_together_only_is_nearly_perfect(self):
        rng = np.random.default_rng(0)
        table = pd.DataFrame(rng.normal(size=(2000, 2)), columns=["a", "b"])
        table["y"] = (table["a"] * table["b"] > 0).astype("int64")
        assert Evidence(subject_of(table)).strength("a") < 0.6
        assert reached(table, "a", "b") > 0.98

    def test_of_noise_is_about_chance(self):
        rng = np.random.default_rng(1)
        table = pd.DataFrame(rng.normal(size=(2000, 3)), columns=["a", "b", "c"])
        classes = table.assign(y=rng.integers(0, 3, 2000))
        assert reached(classes, "a", "b", "c") == pytest.approx(0.5, abs=0.04)
        numbers = table.assign(y=rng.normal(size=2000))
        assert reached(numbers, "a", "b", "c") == pytest.approx(0.0, abs=0.15)

    def test_is_never_below_the_best_column_alone(self):
        table = houses(200)
        best = Evidence(subject_of(table)).strength("area")
        assert reached(table, "area", "age") >= best

    def test_uses_categories_of_any_number(self):
        table = customers()
        street = np.random.default_rng(2).integers(0, 300, 2000)
        table["street"] = pd.Series([f"s{n}" for n in street], dtype="str")
        table["y"] = street % 2
        assert Evidence(subject_of(table)).strength("street") is None
        assert reached(table, "street") > 0.9

    def test_knows_the_weekday_of_a_date(self):
        table = pd.DataFrame({"day": days(2000)})
        table["y"] = (table["day"].dt.day_of_week >= 5).astype("int64")
        assert reached(table, "day") > 0.99

    def test_leaves_out_a_class_that_is_too_rare(self):
        table = customers(400)
        table["y"] = pd.Series(np.r_[["a", "b"] * 195, ["c"] * 10], dtype="str")
        table["x"] = (table["y"] == "a").astype("int64")
        assert reached(table, "x", "plan", "city") == pytest.approx(1.0)

    def test_takes_numbers_of_any_size_and_gaps(self):
        table = houses(200)
        table["area"] *= 1e300
        table.loc[::3, "area"] = np.nan
        table["day"] = days(200).where(np.arange(200) % 2 == 0)
        assert 0.0 < reached(table, "area", "day") < 1.0

    def test_without_columns_is_chance(self):
        assert reached(customers()) == 0.5
        assert reached(houses()) == 0.0

    def test_needs_a_target(self):
        with pytest.raises(ValueError, match="must have a target"):
            joint_score(Evidence(subject_of(customers(), None)), ["age"])

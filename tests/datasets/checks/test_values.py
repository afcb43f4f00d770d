import numpy as np
import pandas as pd
import pytest

from modelling.types import Fix, FixKind
from tests.datasets.checks.subjects import customers, days, findings_of, severities_of


def with_sign(values: np.ndarray, sign: object, every: int = 20) -> pd.DataFrame:
    """Return a table of ``values`` in ``a``, of which each so many is replaced by ``sign``."""
    column = pd.Series(values)
    column.iloc[::every] = sign
    return pd.DataFrame({"a": column, "b": np.arange(len(column)) % 7})


def ages(n_rows: int = 1000) -> np.ndarray:
    return np.random.default_rng(0).integers(18, 81, n_rows)


def pressures(n_rows: int = 1000) -> np.ndarray:
    return np.random.default_rng(1).normal(72.0, 10.0, n_rows).clip(40.0, 110.0).round()


class TestDisguisedMissing:
    @pytest.mark.parametrize("sign", [-1, -9, -99, -999, 999, 9999])
    def test_a_sign_beyond_all_ages_is_named(self, sign):
        (finding,) = findings_of(with_sign(ages(), sign), "disguised_missing", None)
        assert (finding.column, finding.severity) == ("a", "medium")
        assert finding.message.startswith(f"a is {sign} in 5 % of the rows")
        assert finding.fix == Fix(
            kind=FixKind.MISSING_VALUES,
            label=f"Read {sign} in a as missing",
            column="a",
            values=(str(sign),),
        )

    def test_a_blood_pressure_of_zero_is_named(self):
        found = severities_of(with_sign(pressures(), 0.0), "disguised_missing", None)
        assert found == {"a": "medium"}

    def test_signs_at_both_ends_are_named_together(self):
        column = ages()
        column[::20], column[1::20] = -1, 999
        (finding,) = findings_of(
            pd.DataFrame({"a": column, "b": column % 7}), "disguised_missing", None
        )
        assert finding.fix is not None
        assert finding.fix.values == ("-1", "999")
        assert finding.message.startswith("a is -1 and 999 in 10 % of the rows")

    @pytest.mark.parametrize("sign", ["1900-01-01", "1970-01-01", "2099-12-31"])
    def test_a_day_far_from_all_others_is_named(self, sign):
        moments = days(1000).where(np.arange(1000) % 20 > 0, pd.Timestamp(sign))
        table = pd.DataFrame({"a": moments, "b": np.arange(1000) % 7})
        (finding,) = findings_of(table, "disguised_missing", None)
        assert finding.fix is not None
        assert finding.fix.values == (sign,)

    @pytest.mark.parametrize("sign", ["unknown", "Missing", "-", "No_data", " "])
    def test_a_word_for_nothing_is_a_note(self, sign):
        words = pd.Series(["red", "green", "blue", "black", sign] * 100, dtype="str")
        table = pd.DataFrame({"a": words, "b": np.arange(500) % 7})
        (finding,) = findings_of(table, "disguised_missing", None)
        assert finding.severity == "low"
        assert finding.fix is not None
        assert finding.fix.values == (sign,)

    @pytest.mark.parametrize(
        ("what", "values"),
        [
            ("counts", np.random.default_rng(2).poisson(2.0, 1000)),
            ("amounts", np.random.default_rng(2).exponential(50.0, 1000).round(2)),
            ("zero or some", np.where(np.arange(1000) % 5 > 1, 0.0, 300.0 + ages())),
            ("a share", np.random.default_rng(2).beta(5.0, 2.0, 1000)),
            ("a balance", np.random.default_rng(2).normal(0.0, 3.0, 1000).round()),
            ("a uniform number", np.r_[np.zeros(50), np.linspace(65.0, 265.0, 950)]),
            ("a wide bell", np.r_[np.zeros(50), np.random.default_rng(2).normal(40, 10, 949), 5]),
            ("both signs", np.r_[np.full(50, -9.0), np.arange(950) % 17 - 8.0]),
            ("three steps", np.arange(1000) % 3 - 1),
            ("percent up to 99", np.arange(1000) % 100),
            ("a class of 999", np.where(np.arange(1000) % 2, 1, 999)),
        ],
    )
    def test_ordinary_numbers_have_none(self, what, values):
        table = pd.DataFrame({"a": values, "b": np.arange(1000) % 7})
        assert severities_of(table, "disguised_missing", None) == {}, what

    def test_a_sign_in_few_rows_is_an_accident(self):
        assert severities_of(with_sign(ages(), 999, every=300), "disguised_missing", None) == {}

    def test_none_and_other_mean_what_they_say(self):
        words = pd.Series(["none", "None", "other", "fence"] * 100, dtype="str")
        table = pd.DataFrame({"a": words, "b": np.arange(400) % 7})
        assert severities_of(table, "disguised_missing", None) == {}


class TestOutliers:
    def test_a_slip_of_the_pen_is_named(self):
        column = ages().astype("float64")
        column[17] = 4200.0
        table = pd.DataFrame({"a": column, "b": np.arange(1000) % 7})
        (finding,) = findings_of(table, "outliers", None)
        assert finding.severity == "low"
        assert finding.message.startswith("1 of 1,000 values of a lies far outside, as 4,200 does")

    @pytest.mark.parametrize(
        "values",
        [
            np.random.default_rng(3).normal(size=10_000),
            np.random.default_rng(3).lognormal(3.0, 1.5, 10_000),
            np.random.default_rng(3).exponential(size=10_000),
            np.where(np.arange(10_000) % 10, 0.0, 5.0),
            np.r_[np.random.default_rng(3).normal(size=9_999), 9.0],
        ],
        ids=["normal", "lognormal", "exponential", "mostly zero", "one a little outside"],
    )
    def test_the_tails_of_ordinary_numbers_are_none(self, values):
        table = pd.DataFrame({"a": values, "b": np.arange(10_000) % 7})
        assert severities_of(table, "outliers", None) == {}

    def test_features_alone_are_looked_at_once_there_is_a_target(self):
        table = customers()
        table.loc[3, "age"] = 9000
        assert severities_of(table, "outliers") == {"age": "low"}
        assert severities_of(table, "outliers", leave=("age",)) == {}

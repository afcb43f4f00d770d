"""Measures of association against scipy, scikit-learn, and tables worked out by hand."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st
from scipy import stats
from sklearn.metrics import roc_auc_score

from modelling.datasets.profile.associations import (
    MAX_LEVELS,
    association,
    associations,
    coded,
    correlation_ratio,
    cramers_v,
    spearman,
)

CODES = st.lists(st.integers(0, 4), min_size=12, max_size=40)


def number(values):
    return coded(pd.Series(values, dtype="float64"), ordered=True)


def category(values):
    return coded(pd.Series(values, dtype="str"), ordered=False)


def classes(values):
    return coded(pd.Series(values, dtype="str"), ordered=False, is_target=True)


class TestNumberAndNumber:
    def test_is_spearmans_rho_without_its_sign(self):
        rng = np.random.default_rng(0)
        a = rng.integers(0, 20, 300).astype(float)
        b = -(a**3) + rng.normal(0, 900, 300).round(-2)
        expected = abs(stats.spearmanr(a, b).statistic)
        assert 0.5 < expected < 0.95
        assert association(number(a), number(b)) == pytest.approx(expected, abs=1e-12)

    def test_takes_the_rows_that_have_both_values(self):
        rng = np.random.default_rng(1)
        a, b = rng.normal(size=(2, 200))
        b += a
        a[:50], b[30:90] = np.nan, np.nan
        expected = stats.spearmanr(a, b, nan_policy="omit").statistic
        assert association(number(a), number(b)) == pytest.approx(expected, abs=1e-12)

    def test_any_rising_curve_is_one(self):
        x = np.linspace(-3, 3, 50)
        assert association(number(x), number(np.exp(5 * x))) == pytest.approx(1.0)

    def test_whole_numbers_beyond_floats_are_told_apart(self):
        large = pd.Series(2**60 + np.arange(40))
        assert large.astype("float64").nunique() == 1
        assert association(coded(large, ordered=True), number(np.arange(40))) == pytest.approx(1.0)

    def test_a_constant_has_none(self):
        assert association(number([2.0] * 20), number(range(20))) is None


class TestCategoryAndCategory:
    def test_is_cramers_v_as_bergsma_corrects_it(self):
        """2 x 3 table of 100 rows: chi squared from scipy, the correction by its formula."""
        table = np.array([[30, 15, 5], [10, 20, 20]])
        first = np.repeat([0, 0, 0, 1, 1, 1], table.ravel())
        second = np.repeat([0, 1, 2, 0, 1, 2], table.ravel())
        phi = stats.chi2_contingency(table, correction=False).statistic / 100
        corrected = phi - (2 - 1) * (3 - 1) / 99
        rows, columns = 2 - 1 / 99, 3 - 4 / 99
        expected = math.sqrt(corrected / min(rows - 1, columns - 1))
        assert cramers_v(first, second) == pytest.approx(expected, abs=1e-12)
        assert association(category(first), category(second)) == cramers_v(first, second)

    def test_renamed_values_are_one(self):
        letters = ["a", "b", "c"] * 20
        renamed = category([ord(letter) for letter in letters])
        assert association(category(letters), renamed) == pytest.approx(1.0)

    def test_independent_columns_of_many_levels_are_near_zero(self):
        """Without the correction V would be about sqrt(29 / 299) = 0.31."""
        rng = np.random.default_rng(0)
        found = [
            association(category(rng.integers(0, 30, 300)), category(rng.integers(0, 30, 300)))
            for _ in range(20)
        ]
        assert np.mean(found) < 0.06

    def test_a_column_of_one_level_has_none(self):
        assert association(category(["a"] * 20), category(["b", "c"] * 10)) is None

    def test_all_levels_beyond_the_largest_fifty_count_as_one(self):
        many = [f"v{i}" for i in range(80) for _ in range(100 - i)]
        codes = category(many).codes
        assert len(set(codes)) == MAX_LEVELS + 1
        assert (codes == MAX_LEVELS).sum() == sum(100 - i for i in range(50, 80))


class TestNumberAndCategory:
    def test_is_epsilon_squared_of_kruskal_and_wallis(self):
        rng = np.random.default_rng(2)
        groups = rng.integers(0, 4, 200)
        values = groups + rng.normal(0, 2, 200).round()
        h = stats.kruskal(*(values[groups == level] for level in range(4))).statistic
        expected = math.sqrt((h - 4 + 1) / (200 - 4))
        assert 0.3 < expected < 0.8
        found = association(number(values), category(groups))
        assert found == pytest.approx(expected, abs=1e-12)
        assert association(category(groups), number(values)) == found

    def test_of_two_classes_of_the_target_it_is_that_of_the_auc(self):
        """The area under the curve 0.5 apart from chance is 1; 0.1 % are taken off for chance."""
        rng = np.random.default_rng(3)
        y = rng.random(20_000) < 0.02
        x = rng.normal(size=20_000) + 1.2 * y
        found = association(classes(y), number(x))
        assert found == pytest.approx(abs(2 * roc_auc_score(y, x) - 1), abs=2e-3)
        assert association(number(-x), classes(y)) == found

    def test_a_perfect_leak_of_a_rare_class_is_one(self):
        y = np.arange(1_000) >= 990
        assert association(classes(y), number(np.arange(1_000))) == pytest.approx(1.0)
        # As two plain columns the rare group explains little of the number: sqrt(3 p (1 - p)).
        plain = association(category(y), number(np.arange(1_000)))
        assert plain == pytest.approx(math.sqrt(3 * 0.01 * 0.99), abs=0.01)

    def test_many_classes_that_do_not_overlap_are_one(self):
        y = np.repeat(["a", "b", "c", "d"], [5, 10, 25, 60])
        assert association(classes(y), number(np.arange(100))) == pytest.approx(1.0)

    def test_noise_in_many_groups_is_near_zero(self):
        """Without the correction it would be about sqrt(40 / 399) = 0.32."""
        rng = np.random.default_rng(0)
        found = [
            association(category(rng.integers(0, 41, 400)), number(rng.normal(size=400)))
            for _ in range(20)
        ]
        assert np.mean(found) < 0.09

    def test_a_group_of_its_own_for_each_row_has_none(self):
        assert association(category(range(40)), number(range(40))) is None


def test_fewer_than_ten_common_rows_have_none():
    values = np.arange(20.0)
    early, late = values.copy(), values.copy()
    early[12:], late[:3] = np.nan, np.nan
    assert association(number(early), number(late)) is None
    late[2] = 2.0
    assert association(number(early), number(late)) == pytest.approx(1.0)


@settings(max_examples=60)
@given(first=CODES, second=CODES)
def test_every_measure_lies_between_zero_and_one_and_forgets_the_order_of_rows(first, second):
    n = min(len(first), len(second))
    a, b = np.array(first[:n]), np.array(second[:n])
    order = np.random.default_rng(0).permutation(n)
    for measure in (spearman, cramers_v, correlation_ratio):
        found, again = measure(a, b), measure(a[order], b[order])
        assert found is None or 0.0 <= found <= 1.0
        assert found == pytest.approx(again, abs=1e-9)


def test_the_matrix_is_symmetric_with_ones_and_each_pair_as_measured_alone():
    rng = np.random.default_rng(4)
    columns = {
        "y": classes(rng.integers(0, 2, 100)),
        "x": number(rng.normal(size=100)),
        "colour": category(rng.choice(["red", "blue"], 100)),
        "same": number([1.0] * 100),
    }
    found = associations(columns)
    assert found.names == ("y", "x", "colour", "same")
    assert [found.matrix[i][i] for i in range(4)] == [1.0] * 4
    for i, first in enumerate(found.names):
        for j, second in enumerate(found.names):
            assert found.matrix[i][j] == found.matrix[j][i]
            if i != j:
                expected = association(columns[first], columns[second])
                assert found.matrix[i][j] == expected
    assert found.matrix[3][:3] == (None, None, None)

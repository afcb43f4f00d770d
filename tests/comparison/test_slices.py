"""Parts of the rows: how columns are cut, and that luck is not called a finding."""

import numpy as np
import pandas as pd
import pytest

from modelling.comparison.slices import (
    MIN_ROWS,
    MISSING_LABEL,
    OTHER_LABEL,
    Binned,
    cut,
    row_slices,
)


def changes(rng: np.random.Generator, n_rows: int, share: float = 0.2) -> np.ndarray:
    """Return gains of -1, 0 and 1 whose mean is zero."""
    return rng.choice([-1.0, 0.0, 1.0], n_rows, p=[share / 2, 1 - share, share / 2])


class TestCut:
    def test_numbers_at_their_quartiles(self):
        column = pd.Series(np.arange(101.0), name="age")
        binned = cut(column)
        assert np.bincount(binned.codes, minlength=4)[:4].tolist() == [26, 25, 25, 25]
        assert binned.labels[0] == "0 to 25"
        assert binned.labels[3] == "over 75 to 100"

    def test_missing_values_are_a_part(self):
        column = pd.Series([*np.arange(50.0), *[np.nan] * 7], name="age")
        binned = cut(column)
        assert binned.labels[binned.codes[-1]] == MISSING_LABEL
        assert (binned.codes[-7:] == binned.codes[-1]).all()

    def test_infinite_values_lie_in_the_outer_parts(self):
        binned = cut(pd.Series([*np.arange(50.0), np.inf, -np.inf], name="age"))
        assert binned.codes[-2] == 3
        assert binned.codes[-1] == 0

    def test_dates_at_their_quartiles(self):
        dates = pd.Series(pd.date_range("2026-01-01", periods=101), name="day")
        assert cut(dates).labels[0] == "2026-01-01 to 2026-01-26"

    def test_few_numbers_and_words_by_value(self):
        assert cut(pd.Series([1, 2, 2, 3], name="n")).labels[0] == "2"
        words = pd.Series([f"w{i % 12}" for i in range(120)], name="word")
        binned = cut(words)
        assert OTHER_LABEL in binned.labels
        assert np.sum(binned.codes == binned.labels.index(OTHER_LABEL)) == 40

    def test_flags_by_value(self):
        binned = cut(pd.Series([True, False, True], name="flag"))
        assert binned.labels[:2] == ("True", "False")

    def test_free_text_by_its_length(self):
        text = pd.Series(["x" * (i + 1) for i in range(100)], name="text")
        binned = cut(text, is_text=True)
        assert binned.column == "text, characters"
        assert np.bincount(binned.codes, minlength=4)[:4].tolist() == [25, 25, 25, 25]

    def test_a_column_of_one_value_makes_no_part_to_judge(self):
        binned = cut(pd.Series(["x"] * 100, name="same"))
        assert row_slices([binned], np.ones(100)) == ()

    @pytest.mark.parametrize("value", [np.nan, None])
    def test_an_empty_column_makes_no_part_to_judge(self, value):
        binned = cut(pd.Series([value] * 100, name="empty"))
        assert row_slices([binned], np.ones(100)) == ()


def two_parts(n_rows: int) -> Binned:
    return Binned(column="side", codes=np.arange(n_rows) % 2, labels=("left", "right"))


def test_a_planted_loss_is_found_and_the_other_part_is_not_called():
    rng = np.random.default_rng(0)
    gains = changes(rng, 2_000)
    left = np.arange(2_000) % 2 == 0
    gains[left] = rng.choice([-1.0, 0.0], left.sum(), p=[0.1, 0.9])
    first, second = row_slices([two_parts(2_000)], gains)
    assert (first.label, first.is_real) == ("left", True)
    assert first.gain == pytest.approx(gains[left].mean())
    assert first.interval[0] < first.gain < first.interval[1] < 0
    assert first.n_worse == np.sum(gains[left] < 0)
    assert not second.is_real


def test_luck_is_called_a_finding_in_few_of_many_tables():
    """With no true difference, any call at all among 40 parts: at most the level, 5 %."""
    rng = np.random.default_rng(1)
    calls = 0
    for _ in range(200):
        parts = [
            Binned(column=f"c{i}", codes=rng.integers(0, 4, 600), labels=tuple("abcd"))
            for i in range(10)
        ]
        calls += any(part.is_real for part in row_slices(parts, changes(rng, 600)))
    assert calls <= 200 * 0.05 + 2 * np.sqrt(200 * 0.05 * 0.95)


def test_rows_of_a_group_count_as_one():
    """Whole groups gain or lose together: without them luck would be called in most tables."""
    rng = np.random.default_rng(2)
    clusters = np.repeat(np.arange(60), 20)
    calls = {"grouped": 0, "plain": 0}
    for _ in range(100):
        gains = changes(rng, 60, share=0.8)[clusters]
        codes = (np.arange(60) % 2)[clusters]
        part = Binned(column="c", codes=codes, labels=("a", "b"))
        calls["grouped"] += any(p.is_real for p in row_slices([part], gains, clusters))
        calls["plain"] += any(p.is_real for p in row_slices([part], gains))
    assert calls["grouped"] <= 13
    assert calls["plain"] > 50


def test_the_interval_is_that_of_a_mean_of_independent_rows():
    rng = np.random.default_rng(3)
    gains = rng.normal(size=400)
    part = row_slices([two_parts(400)], gains)[0]
    inside = gains[np.arange(400) % 2 == ("left", "right").index(part.label)]
    reach = 1.959964 * inside.std(ddof=1) / np.sqrt(len(inside))
    assert part.interval == pytest.approx((inside.mean() - reach, inside.mean() + reach), rel=1e-6)


def test_small_parts_are_left_out_and_parts_with_few_changes_are_not_judged():
    codes = np.array([0] * (MIN_ROWS - 1) + [1] * 200)
    gains = np.zeros(len(codes))
    gains[-3:] = 1.0
    (part,) = row_slices([Binned(column="c", codes=codes, labels=("few", "many"))], gains)
    assert part.label == "many"
    assert part.p_adjusted is None
    assert not part.is_real

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from modelling.comparison import default_block_length, draw_weights, weights_for
from modelling.types import SplitStrategy


@settings(max_examples=60, deadline=None)
@given(
    n=st.integers(1, 80),
    length=st.one_of(st.none(), st.integers(1, 100)),
    seed=st.integers(0, 1000),
)
def test_each_draw_of_rows_or_blocks_holds_as_many_rows_as_there_are(n, length, seed):
    weights = draw_weights(n_draws=7, seed=seed, n_rows=n, block_length=length)
    assert weights.shape == (7, n)
    assert (weights.sum(axis=1) == n).all()


@settings(max_examples=60, deadline=None)
@given(strata=st.lists(st.integers(0, 3), min_size=1, max_size=60), seed=st.integers(0, 1000))
def test_each_class_keeps_its_size_in_each_draw(strata, seed):
    strata = np.array(strata)
    weights = draw_weights(n_draws=7, seed=seed, n_rows=len(strata), strata=strata)
    for code in np.unique(strata):
        assert (weights[:, strata == code].sum(axis=1) == np.sum(strata == code)).all()


@settings(max_examples=60, deadline=None)
@given(groups=st.lists(st.sampled_from("abcde"), min_size=1, max_size=60), seed=st.integers(0, 99))
def test_rows_of_a_group_are_drawn_together(groups, seed):
    groups = np.array(groups)
    weights = draw_weights(n_draws=7, seed=seed, n_rows=len(groups), groups=groups)
    names, first = np.unique(groups, return_index=True)
    assert (weights[:, first].sum(axis=1) == len(names)).all()
    for name, row in zip(names, first, strict=True):
        assert (weights[:, groups == name] == weights[:, [row]]).all()


def test_the_seed_fixes_the_draws():
    first, second = (draw_weights(n_draws=50, seed=3, n_rows=40) for _ in range(2))
    np.testing.assert_array_equal(first, second)
    assert (first != draw_weights(n_draws=50, seed=4, n_rows=40)).any()


def test_counts_of_rows_have_the_mean_and_spread_of_a_bootstrap():
    weights = draw_weights(n_draws=4000, seed=0, n_rows=200).astype(float)
    assert weights.mean() == 1.0
    assert weights.var() == pytest.approx(1 - 1 / 200, abs=0.01)
    assert (weights == 0).mean() == pytest.approx((1 - 1 / 200) ** 200, abs=0.005)


def test_every_row_is_as_likely_in_circular_blocks_and_neighbours_come_together():
    weights = draw_weights(n_draws=20_000, seed=0, n_rows=30, block_length=5).astype(float)
    np.testing.assert_allclose(weights.mean(axis=0), 1.0, atol=0.05)
    correlation = np.corrcoef(weights, rowvar=False)
    # Six blocks of five: neighbours share four of five starts, rows five apart share none.
    assert correlation[0, 1] == pytest.approx(0.76, abs=0.05)
    assert correlation[0, 29] == pytest.approx(correlation[0, 1], abs=0.03)
    assert correlation[0, 5] < 0


def test_blocks_of_a_white_series_give_the_variance_of_the_mean():
    values = np.random.default_rng(0).normal(size=1000)
    weights = draw_weights(n_draws=2000, seed=1, n_rows=1000, block_length=10)
    assert (weights @ values / 1000).std() == pytest.approx(1 / np.sqrt(1000), rel=0.15)


@pytest.mark.parametrize(("n", "length"), [(1, 2), (1000, 10), (6000, 18)])
def test_blocks_are_the_cube_root_of_the_rows_long(n, length):
    assert default_block_length(n) == length


def test_the_split_chooses_what_is_drawn():
    truth, groups = np.repeat([0, 1], [30, 10]), np.repeat(np.arange(8), 5)
    stratified = weights_for(SplitStrategy.STRATIFIED, truth, None, 0, 20)
    assert (stratified[:, 30:].sum(axis=1) == 10).all()
    plain = weights_for(SplitStrategy.RANDOM, truth, None, 0, 20)
    assert (plain[:, 30:].sum(axis=1) != 10).any()
    for split in (SplitStrategy.GROUP, SplitStrategy.TIME_AND_GROUP):
        whole = weights_for(split, truth, groups, 0, 20).reshape(20, 8, 5)
        assert (whole == whole[:, :, :1]).all()
    blocks = weights_for(SplitStrategy.TIME, truth, None, 0, 20)
    expected = draw_weights(n_draws=20, seed=0, n_rows=40, block_length=3)
    np.testing.assert_array_equal(blocks, expected)


def test_values_of_a_regression_are_never_strata():
    values = np.random.default_rng(0).normal(size=50)
    assert weights_for(SplitStrategy.STRATIFIED, values, None, 0, 20).max() > 1
    with pytest.raises(ValueError, match="strata must be integers, got float64"):
        draw_weights(n_draws=2, seed=0, n_rows=50, strata=values)


def test_blocks_follow_the_time_order_of_rows():
    order = np.random.default_rng(0).permutation(40)
    in_order = weights_for(SplitStrategy.TIME, np.zeros(40), None, 0, 20)
    shuffled = weights_for(SplitStrategy.TIME, np.zeros(40), None, 0, 20, time_order=order)
    np.testing.assert_array_equal(shuffled[:, order], in_order)


def test_options_that_exclude_each_other_are_refused():
    labels = np.zeros(4, dtype=int)
    with pytest.raises(ValueError, match="only one of"):
        draw_weights(n_draws=2, seed=0, n_rows=4, strata=labels, groups=labels)
    with pytest.raises(ValueError, match="groups must hold 5 labels, got 4"):
        draw_weights(n_draws=2, seed=0, n_rows=5, groups=labels)
    with pytest.raises(ValueError, match="groups must be given"):
        weights_for(SplitStrategy.GROUP, labels, None, 0)

"""Which rows a language model is asked about: by class as in the whole, the same every time."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from modelling.datasets.text_sample import blocks, stratified


@settings(max_examples=60, deadline=None)
@given(
    truth=st.lists(st.integers(0, 3), min_size=1, max_size=80).map(np.array),
    n=st.integers(1, 100),
    seed=st.integers(0, 5),
)
def test_a_sample_has_each_class_by_its_share(truth, n, seed):
    places = stratified(truth, n, [seed])
    assert len(places) == min(n, len(truth))
    assert len(set(places)) == len(places)
    assert list(places) == sorted(places)
    for label in np.unique(truth):
        exact = len(places) * np.mean(truth == label)
        assert abs(np.sum(truth[places] == label) - exact) < 1
    assert list(stratified(truth, n, [seed])) == list(places)


@settings(max_examples=60, deadline=None)
@given(
    truth=st.lists(st.integers(0, 2), min_size=1, max_size=60).map(np.array),
    n_blocks=st.integers(1, 7),
)
def test_blocks_are_of_one_size_and_share_the_classes(truth, n_blocks):
    found = blocks(truth, n_blocks)
    sizes = np.bincount(found)
    assert sizes.max() - sizes.min() <= 1
    assert len(sizes) == min(n_blocks, len(truth))
    for label in np.unique(truth):
        counts = np.bincount(found[truth == label], minlength=len(sizes))
        assert counts.max() - counts.min() <= 1


def test_one_row_is_one_block():
    assert blocks(np.array([1]), 5).tolist() == [0]
    assert stratified(np.array([0, 1]), 5, [0]) == pytest.approx([0, 1])

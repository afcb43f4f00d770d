import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import r2_score, roc_auc_score
from sklearn.tree import DecisionTreeClassifier

from modelling.datasets.checks.strength import Truth, halves, number_bins, strength


def truth_of(codes: np.ndarray, seed: int = 0) -> Truth:
    half = halves(codes, len(codes), np.random.default_rng(seed))
    return Truth(codes=codes, ranks=None, n_classes=int(codes.max()) + 1, half=half)


def ranked(values: np.ndarray, seed: int = 0) -> Truth:
    ranks = pd.Series(values).rank().to_numpy()
    half = halves(None, len(values), np.random.default_rng(seed))
    return Truth(codes=None, ranks=(ranks - ranks.mean()) / ranks.std(), n_classes=0, half=half)


def class_shares(bins: np.ndarray, codes: np.ndarray, n_classes: int) -> np.ndarray:
    """Return the share of each class in each bin, smoothed by one row of the average."""
    table = np.array([[((bins == b) & (codes == c)).sum() for c in range(n_classes)]
                      for b in range(bins.max() + 1)])  # fmt: skip
    prior = table.sum(axis=0) / table.sum()
    return (table + prior) / (table.sum(axis=1, keepdims=True) + 1)


class TestStrength:
    @pytest.mark.parametrize("n_classes", [2, 3])
    def test_is_the_auc_of_shares_learned_from_the_other_half(self, n_classes):
        rng = np.random.default_rng(0)
        bins = rng.integers(0, 6, 400)
        codes = np.where(rng.random(400) < 0.4, bins % n_classes, rng.integers(0, n_classes, 400))
        truth = truth_of(codes)
        expected = []
        for learned in (truth.half, ~truth.half):
            shares = class_shares(bins[learned], codes[learned], n_classes)
            scores = shares[bins[~learned]]
            expected += [
                roc_auc_score(codes[~learned] == c, scores[:, c])
                for c in range(n_classes if n_classes > 2 else 1)
            ]
        assert strength(bins, truth) == pytest.approx(np.mean(expected))

    def test_is_r2_of_means_learned_from_the_other_half(self):
        rng = np.random.default_rng(1)
        bins = rng.integers(0, 5, 300)
        truth = ranked(bins + rng.normal(size=300))
        expected = []
        for learned in (truth.half, ~truth.half):
            means = np.array(
                [
                    truth.ranks[learned][bins[learned] == b].sum()
                    / ((bins[learned] == b).sum() + 1)
                    for b in range(5)
                ]
            )
            judged = truth.ranks[~learned]
            lost = ((judged - means[bins[~learned]]) ** 2).sum()
            # The mean of all ranks is 0, which a half only nearly has.
            expected.append(1 - lost / (judged**2).sum())
        assert strength(bins, truth) == pytest.approx(np.mean(expected))
        assert strength(bins, truth) == pytest.approx(
            r2_score(truth.ranks, pd.Series(truth.ranks).groupby(bins).transform("mean")), abs=0.03
        )

    def test_is_about_that_of_a_shallow_tree(self):
        rng = np.random.default_rng(2)
        x = rng.normal(size=4000)
        codes = (x + rng.normal(scale=0.5, size=4000) > 1.0).astype("int64")
        tree = DecisionTreeClassifier(max_depth=4).fit(x[:2000, None], codes[:2000])
        expected = roc_auc_score(codes[2000:], tree.predict_proba(x[2000:, None])[:, 1])
        assert strength(number_bins(x), truth_of(codes)) == pytest.approx(expected, abs=0.02)

    def test_of_noise_stays_within_its_error_of_chance(self):
        rng = np.random.default_rng(3)
        codes = rng.permutation(np.arange(400) % 5 == 0).astype("int64")
        for truth in (truth_of(codes), ranked(rng.normal(size=400))):
            scores = [strength(number_bins(rng.normal(size=400)), truth) for _ in range(200)]
            assert np.max(scores) <= truth.chance + truth.noise()

    def test_is_unknown_with_few_rows_or_few_of_a_class(self):
        assert strength(np.zeros(59, dtype=int), truth_of(np.arange(59) % 2)) is None
        few = np.zeros(400, dtype=int)
        few[:19] = 1
        assert strength(np.zeros(400, dtype=int), truth_of(few)) is None

    def test_leaves_out_a_class_of_few_rows(self):
        codes = np.r_[np.arange(400) % 2, [2] * 5]
        assert strength(codes, truth_of(codes)) == pytest.approx(1.0)

    @pytest.mark.parametrize("score", [0.5, 0.8])
    def test_has_the_standard_error_of_its_draws(self, score):
        # Two normal classes that far apart have that AUC.
        from scipy.stats import norm

        apart = np.sqrt(2) * norm.ppf(score)
        codes = np.r_[np.zeros(60, dtype=int), np.ones(40, dtype=int)]
        rng = np.random.default_rng(4)
        draws = [roc_auc_score(codes, rng.normal(size=100) + apart * codes) for _ in range(500)]
        assert truth_of(codes).error(score) == pytest.approx(np.std(draws), rel=0.25)


class TestBins:
    def test_have_about_equally_many_rows(self):
        bins = number_bins(np.random.default_rng(0).lognormal(size=10_000))
        counts = np.bincount(bins)
        assert len(counts) == 64
        assert counts.min() >= 150
        assert counts.max() <= 160

    def test_keep_few_values_apart_however_rare(self):
        values = np.zeros(10_000)
        values[17], values[18] = 1.0, 2.0
        bins = number_bins(values)
        assert len({bins[0], bins[17], bins[18]}) == 3

    def test_keep_gaps_apart(self):
        values = np.r_[np.arange(100.0), np.nan, np.nan]
        bins = number_bins(values)
        assert set(bins[100:]) & set(bins[:100]) == set()
        assert len(set(bins[100:])) == 1

    def test_of_a_column_without_values_are_one(self):
        assert set(number_bins(np.full(9, np.nan))) == {0}


def test_halves_have_half_of_each_class():
    codes = np.repeat([0, 1, 2], [10, 20, 300])
    half = halves(codes, 330, np.random.default_rng(0))
    assert np.bincount(codes[half]).tolist() == [5, 10, 150]

"""The inverse power law through a learning curve."""

import numpy as np
import pytest

from modelling.tuning.learning_curve import power_law

SIZES = np.array([500.0, 1000.0, 2000.0, 4000.0])


@pytest.mark.parametrize("exponent", [0.2, 0.5, 1.0, 1.4])
def test_a_curve_that_follows_the_law_is_continued(exponent):
    losses = 0.2 + 8.0 * SIZES**-exponent
    found = power_law(SIZES, losses[None], np.array([4000.0, 8000.0, 64_000.0]))
    wanted = 0.2 + 8.0 * np.array([4000.0, 8000.0, 64_000.0]) ** -exponent
    assert found[0] == pytest.approx(wanted, rel=1e-6)


def test_a_curve_that_rises_is_flat_at_its_mean():
    losses = np.array([[0.1, 0.2, 0.3, 0.4]])
    assert power_law(SIZES, losses, np.array([8000.0]))[0, 0] == pytest.approx(0.25)


def test_each_draw_is_fitted_by_itself():
    falling = 0.1 + 2.0 / np.sqrt(SIZES)
    draws = np.stack([falling, falling[::-1], falling + 1.0])
    found = power_law(SIZES, draws, np.array([8000.0]))[:, 0]
    assert found[2] == pytest.approx(found[0] + 1.0)
    assert found[1] == pytest.approx(falling.mean())


def test_losses_below_zero_are_as_good_as_others():
    # The loss of a score such as ROC AUC is its negative.
    losses = -0.9 + 1.5 / np.sqrt(SIZES)
    found = power_law(SIZES, losses[None], np.array([8000.0]))[0, 0]
    assert found == pytest.approx(-0.9 + 1.5 / np.sqrt(8000.0))

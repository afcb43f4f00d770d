"""How many rows are looked at where all of them would take too long, and which."""

from __future__ import annotations

import numpy as np

# With 100,000 rows a share is known to 0.3 percentage points (two standard errors).
MAX_ROWS = 100_000
# Fewer rows of a wide table, so that 5,000 columns take seconds as well.
MAX_VALUES = 20_000_000
MIN_ROWS = 1_000


def sample_size(n_columns: int) -> int:
    """Return how many rows of a table of ``n_columns`` are looked at."""
    return min(MAX_ROWS, max(MIN_ROWS, MAX_VALUES // max(1, n_columns)))


def sampled_rows(n_rows: int, most: int, seed: int) -> np.ndarray:
    """Return the positions of at most ``most`` random rows, sorted; the same ones each time."""
    if n_rows <= most:
        return np.arange(n_rows)
    return np.sort(np.random.default_rng(seed).choice(n_rows, most, replace=False))

"""Samplers as a user of the modelling layer would bring them."""

from optuna.samplers import BaseSampler, TPESampler


def eager(seed: int) -> BaseSampler:
    """Return TPE that learns from its third trial on."""
    return TPESampler(seed=seed, n_startup_trials=2)

"""Benchmark: the base configuration of every chosen model, on the same folds."""

"""Evaluation: shared encodings, folds, one fit-and-score unit, final models, cost measurement."""

"""Where the folds of an experiment lie, drawn and encoded once for all its runs."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from modelling.codec import to_json
from modelling.types import ClassWeight, Experiment

# Part of the name of the folder: raise it when an encoding changes.
ENCODING_VERSION = "1"
# The rows of each fold: `train_<k>` and `valid_<k>`, positions within the training rows.
FOLDS_FILE = "folds.npz"


def encodings_folder(home: Path, experiment: Experiment) -> Path:
    """Return the folder, which may not exist yet; its name changes with all that it depends on."""
    # Metric and margin judge the predictions, weights are of the fits; they change no encoding.
    task = replace(experiment.task, metric="", margin=None, class_weight=ClassWeight.NONE)
    parts = (experiment.dataset_id, experiment.split_blob, to_json(task), ENCODING_VERSION)
    return home / "cache" / hashlib.sha256("|".join(parts).encode()).hexdigest()[:32]

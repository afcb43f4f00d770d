"""Arrays of an encoded fold on disk, without pickle: ``.npy``; rows with texts as ``.npz``."""

from __future__ import annotations

from pathlib import Path

import numpy as np


def save_array(folder: Path, name: str, array: np.ndarray) -> None:
    """Write an array; one of objects holds texts (str) and numbers, column by column."""
    if array.dtype != object:
        np.save(folder / f"{name}.npy", array)
        return
    parts: dict[str, np.ndarray] = {}
    for place in range(array.shape[1]):
        column = array[:, place]
        if len(column) and isinstance(column[0], str):
            encoded = [text.encode("utf-8", errors="replace") for text in column]
            parts[f"text_{place}"] = np.frombuffer(b"".join(encoded), dtype=np.uint8)
            parts[f"ends_{place}"] = np.cumsum([len(text) for text in encoded], dtype=np.int64)
        else:
            parts[f"numbers_{place}"] = column.astype(np.float64)
    np.savez(folder / f"{name}.npz", n_rows=len(array), n_columns=array.shape[1], **parts)  # type: ignore[arg-type]


def load_array(folder: Path, name: str) -> np.ndarray:
    """Read an array that `save_array` wrote.

    Raises
    ------
    FileNotFoundError
        If there is none of that name.
    """
    path = folder / f"{name}.npz"
    if not path.exists():
        # Copied into memory: LightGBM and scikit-learn refuse or copy read-only maps anyway.
        return np.asarray(np.load(folder / f"{name}.npy"))
    with np.load(path) as parts:
        array = np.empty((int(parts["n_rows"]), int(parts["n_columns"])), dtype=object)
        for place in range(array.shape[1]):
            if f"numbers_{place}" in parts:
                array[:, place] = parts[f"numbers_{place}"]
            else:
                array[:, place] = _texts(parts[f"text_{place}"], parts[f"ends_{place}"])
    return array


def has_array(folder: Path, name: str) -> bool:
    """Whether there is an array of that name."""
    return any((folder / f"{name}{suffix}").exists() for suffix in (".npy", ".npz"))


def _texts(data: np.ndarray, ends: np.ndarray) -> list[str]:
    whole = data.tobytes()
    starts = [0, *ends[:-1].tolist()] if len(ends) else []
    return [whole[i:j].decode("utf-8") for i, j in zip(starts, ends.tolist(), strict=True)]

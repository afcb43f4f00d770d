"""What the classes mean, for models that go by words: they compare texts with it."""

from __future__ import annotations

import streamlit as st

from components.text import plain
from modelling.types import DatasetRef, TaskKind
from modelling.workbench import Workbench

_MOST = 12
DRAFTS = tuple(f"data_label_{i}" for i in range(_MOST))


def show(bench: Workbench, ref: DatasetRef, target: str, kind: TaskKind, *, has_text: bool) -> None:
    """Draw a description for each class, where there is text to compare with it."""
    labels = _labels(bench, ref, target, kind)
    if not has_text or not labels:
        return
    with st.expander("What the classes mean", key="data_labels"):
        st.caption(
            "Models without training compare each text with these words. Left empty, a class goes "
            "by its name; a few plain words often do better."
        )
        with st.grid(2, min_column_width=280):
            for key, label in zip(DRAFTS, labels, strict=False):
                st.text_input(plain(label), key=key, max_chars=200, placeholder=label)


def drafted(
    bench: Workbench, ref: DatasetRef, target: str, kind: TaskKind
) -> tuple[tuple[str, str], ...]:
    """Return the descriptions that were typed, by class."""
    typed = (st.session_state.get(key) or "" for key in DRAFTS)
    pairs = zip(_labels(bench, ref, target, kind), typed, strict=False)
    return tuple((label, text) for label, text in pairs if text.strip())


def _labels(bench: Workbench, ref: DatasetRef, target: str, kind: TaskKind) -> tuple[str, ...]:
    if not kind.is_classification:
        return ()
    labels = bench.class_labels(ref.id, target)
    return labels if len(labels) <= _MOST else ()

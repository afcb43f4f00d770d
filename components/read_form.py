"""How the file was understood, and a way to correct it with a preview."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from components import errors, read_facts, state, tables
from components.read_facts import DELIMITERS
from components.resources import workbench
from modelling.types import DatasetRef, ReadInfo, ReadOptions
from modelling.workbench import DEFAULT_MISSING, Workbench

_BUTTON = "data_reread"
_ENCODINGS = {name: name for name in ("utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1")}
_QUOTES = {'"': 'double "', "'": "single '", "": "none"}
_HEADERS = {0: "none: name the columns for me", 1: "one row", 2: "two rows, joined"}
_DECIMALS = {".": "point 1.5", ",": "comma 1,5"}
_DAYS = {True: "day first: 31/12/2025", False: "month first: 12/31/2025"}
# Field of ReadOptions -> label and, for each value, its words. What the format lacks is not drawn.
_FIELDS: dict[str, tuple[str, dict[Any, str]]] = {
    "delimiter": ("Between values", {sign: f"{word} {sign}" for sign, word in DELIMITERS.items()}),
    "encoding": ("Encoding", _ENCODINGS),
    "quote": ("Quotes around text", _QUOTES),
    "header_rows": ("Header", _HEADERS),
    "decimal": ("Decimal sign", _DECIMALS),
    "day_first": ("Dates such as 03/04/2025", _DAYS),
}


def show(bench: Workbench, ref: DatasetRef) -> None:
    """Draw what was detected and the widgets that correct it."""
    read = ref.read
    read_facts.details(read)
    if not bench.can_reread(ref.id):
        st.caption(
            "The file is kept for a day as it was uploaded; upload it again to change how it is "
            "read."
        )
        return
    drafts = [_key(name) for name in (*_FIELDS, "sheet", "skip_rows", "missing")]
    state.begin_draft("data_read_basis", (ref.id,), drafts)
    options = _widgets(read, ref.options)
    if options == ref.options:
        st.caption("Change something above to see the first rows read that way.")
        return
    _preview(bench, ref, options)
    errors.pending(_BUTTON)


def _preview(bench: Workbench, ref: DatasetRef, options: ReadOptions) -> None:
    """Show the first rows as they would be read, and offer to read all of them so."""
    with errors.shown(), st.spinner("Reading the first rows that way…"):
        again, frame = bench.preview_reading(ref.id, options)
        st.caption(f"Read that way: {len(again.columns):,} columns; the first rows:")
        st.dataframe(
            tables.safe_frame(frame),
            height=220,
            key="data_read_preview",
            alt="First rows as they would be read",
        )
        st.button(
            "Read the whole file this way",
            key=_BUTTON,
            on_click=_reread,
            args=(ref.id, options),
        )


def _key(field: str) -> str:
    return f"data_read_{field}"


def _widgets(read: ReadInfo, before: ReadOptions) -> ReadOptions:
    """Draw one widget for each detail that the format has; return what was changed."""
    fields = {**_FIELDS, "sheet": ("Sheet", {name: name for name in read.sheets})}
    cells = st.grid(4, min_column_width=170)
    changed: dict[str, Any] = {}
    for name, (label, words) in fields.items():
        detected = getattr(read, name)
        if detected is not None and len(words) > 1:
            with cells.cell():
                chosen = _choose(label, name, detected, words)
            changed |= {} if chosen == detected else {name: chosen}
    if read.header_rows is not None:
        above = read.skip_rows or 0
        skip = cells.number_input("Lines above the header", 0, 1000, above, key=_key("skip_rows"))
        changed |= {} if skip == above else {"skip_rows": int(skip)}
    if read.delimiter is not None:
        changed |= _missing(read, before)
    return replace(before, **changed)


def _choose(label: str, name: str, detected: Any, words: dict[Any, str]) -> Any:
    options = [*words, *({detected} - set(words))]
    return state.select(
        label,
        options,
        key=_key(name),
        default=detected,
        format_func=lambda value: words.get(value, str(value)),
    )


def _missing(read: ReadInfo, before: ReadOptions) -> dict[str, Any]:
    standing = DEFAULT_MISSING if before.missing is None else before.missing
    key = _key("missing")
    if key not in st.session_state:
        st.session_state[key] = list(standing)
    chosen = st.multiselect(
        "Texts that stand for a missing value",
        list(dict.fromkeys((*standing, *DEFAULT_MISSING, *read.missing))),
        key=key,
        format_func=lambda text: text or "(blank)",
        accept_new_options=True,
    )
    return {} if tuple(chosen) == standing else {"missing": tuple(chosen)}


def _reread(dataset_id: str, options: ReadOptions) -> None:
    with errors.kept(_BUTTON):
        state.open_dataset(workbench().reread(dataset_id, options).id)

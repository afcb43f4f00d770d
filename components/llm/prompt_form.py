"""What a language model is asked: task, label words, examples, and the exact words as they go."""

from __future__ import annotations

import streamlit as st

from components import state
from components.text import plain
from modelling.types import Experiment, Prompt, Template
from modelling.workbench import Workbench

_WORDINGS = {
    Template.DIRECT: "Direct: the question, then the labels",
    Template.MEANINGS: "Meanings first, a line for each label",
    Template.CAREFUL: "Careful: mind negation and irony",
    Template.ANNOTATOR: "As an annotator who labels like others",
}
_MOST_SHOTS = 20
_MOST_LABELS = 12


def show(bench: Workbench, experiment: Experiment, *, place: str) -> Prompt:
    """Draw the prompt as it is proposed, to be changed; widgets begin with ``place``."""
    proposed = bench.proposed_prompt(experiment.id)
    names = [f"{place}_word_{i}" for i in range(len(proposed.labels))]
    texts = [f"{place}_meaning_{i}" for i in range(len(proposed.labels))]
    state.begin_draft(
        f"{place}_prompt_basis", (experiment.id,), [f"{place}_question", *names, *texts]
    )
    _default(f"{place}_question", proposed.question)
    st.text_area("What to ask about each text", key=f"{place}_question", height=68)
    if len(proposed.labels) <= _MOST_LABELS:
        _labels(experiment, proposed, place)
    else:
        st.caption(f"The {len(proposed.labels)} classes go by their names.")
    with st.grid(3, min_column_width=200):
        state.select(
            "Wording",
            list(_WORDINGS),
            key=f"{place}_template",
            default=Template.DIRECT,
            format_func=lambda one: _WORDINGS[one],
        )
        st.number_input(
            "Examples shown (training rows)",
            min_value=0,
            max_value=_MOST_SHOTS,
            key=f"{place}_shots",
            help="Training rows with their label stand before the text; none is asked about. They "
            "are read, and paid for, with every text.",
        )
        st.checkbox(
            "Mask personal details",
            key=f"{place}_mask",
            help="Mail addresses, links, handles and phone numbers are replaced by a word each "
            "before a text is sent.",
        )
    prompt = drafted(proposed, place)
    if prompt.labels != tuple(draft_words(proposed, place)):
        st.warning("Each class needs a word of its own; the names of the classes are used.")
    return prompt


def _labels(experiment: Experiment, proposed: Prompt, place: str) -> None:
    descriptions = proposed.descriptions or ("",) * len(proposed.labels)
    with (
        st.expander("Label words and what they mean", key=f"{place}_labels"),
        st.grid(2, min_column_width=260),
    ):
        for i, label in enumerate(proposed.labels):
            word, meaning = f"{place}_word_{i}", f"{place}_meaning_{i}"
            _default(word, label)
            _default(meaning, descriptions[i])
            shown = plain(experiment.task.classes[i])
            st.text_input(f"Word for {shown}", key=word)
            st.text_input(f"Meaning of {shown}", key=meaning)


def _default(key: str, value: str) -> None:
    if key not in st.session_state:
        st.session_state[key] = value


def draft_words(proposed: Prompt, place: str) -> list[str]:
    """Return the label words as they are typed; an empty one is that of the class."""
    return [
        str(st.session_state.get(f"{place}_word_{i}") or "").strip() or label
        for i, label in enumerate(proposed.labels)
    ]


def drafted(proposed: Prompt, place: str) -> Prompt:
    """Return the prompt of the inputs as they are now; words that cannot be stay as proposed."""
    draft = st.session_state
    words = tuple(draft_words(proposed, place))
    texts = tuple(
        str(draft.get(f"{place}_meaning_{i}") or "").strip() for i in range(len(proposed.labels))
    )
    # Where there are too many classes to draw, what was said on Data stays.
    kept = () if f"{place}_meaning_0" in draft else proposed.descriptions
    return Prompt(
        question=str(draft.get(f"{place}_question") or "").strip() or proposed.question,
        labels=words if len(set(words)) == len(words) else proposed.labels,
        descriptions=texts if any(texts) else kept,
        shots=int(draft.get(f"{place}_shots") or 0),
        mask=bool(draft.get(f"{place}_mask")),
        template=Template(draft.get(f"{place}_template") or Template.DIRECT),
    )


def preview(bench: Workbench, experiment: Experiment, key: str, prompt: Prompt, place: str) -> None:
    """Draw, once it is opened, exactly what is sent about one row."""
    with st.expander("Exactly what is sent", key=f"{place}_preview", on_change="rerun") as opened:
        if not opened.open:
            return
        for message in bench.prompt_preview(experiment.id, key, prompt):
            st.caption(message["role"])
            st.code(message["content"], language=None, wrap_lines=True)
        st.caption("The first training row; nothing else of the table is sent.")

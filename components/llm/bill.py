"""What asking will take and who gets to see what: said before, and agreed to."""

from __future__ import annotations

import streamlit as st

from components.llm.whom import Whom
from components.text import plain, sentences
from modelling.charts.wording import counted, money_text
from modelling.errors import SpecError
from modelling.types import Experiment, Prompt, TokenPrice
from modelling.workbench import AskEstimate, Workbench


def estimate(
    bench: Workbench,
    experiment: Experiment,
    whom: Whom,
    prompt: Prompt,
    n_rows: int,
    price: TokenPrice | None,
) -> AskEstimate | None:
    """Return what asking would take at most; None where that cannot be known yet."""
    if not whom.key or whom.problem:
        return None
    try:
        return bench.ask_estimate(experiment.id, whom.key, prompt, n_rows=n_rows, price=price)
    except SpecError:
        return None


def consent(whom: Whom, n_rows: int, most_usd: float, place: str) -> bool:
    """Draw the consent, with provider, rows and dollars; a server on this machine needs none."""
    if whom.is_local:
        st.caption("This model runs on this machine: no text leaves it.")
        return True
    return st.checkbox(
        f"Send the text and the class names of {n_rows:,} rows to {plain(whom.provider)}, for "
        f"{money_text(most_usd)} at most",
        key=f"{place}_consent_{whom.provider}",
    )


def words(whom: Whom, found: AskEstimate | None, cap_usd: float) -> str:
    """Return the price beside the button."""
    if whom.problem:
        return f"Not yet: {sentences(whom.problem)}."
    if found is None:
        return "Its price is unknown: enter what a million tokens cost."
    calls = counted(found.n_calls, "answer")
    if whom.is_local:
        return f"{calls}, about {found.tokens:,} tokens to read at most; it costs CPU time only."
    # Escaped as a whole: two amounts in dollars would be read as a formula.
    return sentences(
        f"{calls}: at most {money_text(found.usd)} if none is asked for twice, and never more than "
        f"{money_text(cap_usd)}. 1,000 answers later: about {money_text(found.usd_per_1k)} "
        f"({found.price_source})."
    )

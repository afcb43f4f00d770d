"""Every known language model with what it needs and costs."""

from __future__ import annotations

import pandas as pd

from components import tables
from modelling.charts.wording import money_text
from modelling.workbench import LlmState, Readiness


def show(states: tuple[LlmState, ...], *, key: str) -> None:
    """Draw every known model; those that cannot be asked now are grey."""
    frame = pd.DataFrame(
        {
            "model": [item.llm.title for item in states],
            "provider": [item.llm.provider.title for item in states],
            "state": [item.readiness.value for item in states],
            "1,000 answers": [_price(item) for item in states],
            "probabilities": [item.llm.logprobs for item in states],
            "held to labels": [item.llm.schema or item.llm.grammar for item in states],
            "what to do": [item.note for item in states],
        }
    )
    ready = [item.readiness is Readiness.READY for item in states]
    tables.show(
        frame,
        key=key,
        alt="Language models, whether they can be asked now, and about what they cost",
        height=280,
        greyed=[not is_ready for is_ready in ready],
        explained={
            "1,000 answers": "About, with the prompt below and the longer half of the texts.",
            "probabilities": "It gives those of the labels: ranks, calibration, free thresholds.",
            "held to labels": "The server lets it answer with nothing but a label.",
        },
        widths={"what to do": 300},
    )


def _price(item: LlmState) -> str:
    if item.usd_per_1k is not None:
        return money_text(item.usd_per_1k)
    return "your CPU" if not item.llm.provider.prices else "unknown"

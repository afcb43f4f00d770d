"""What language models answered: scores on samples, how asking ended, tokens and money."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from components import navigation, tables
from components.header import metric_of
from components.resources import workbench
from components.text import sentences
from modelling.charts.wording import counted, money_text
from modelling.types import AskedModel, Experiment, Variant


def table(asked: Sequence[AskedModel], experiment: Experiment) -> None:
    """Draw a line for each model that was asked; the locked rows' scores are on Compare."""
    if not asked:
        return
    metric = metric_of(workbench(), experiment)
    frame = pd.DataFrame(
        {
            "model": [one.title for one in asked],
            "variant": [_variant(one) for one in asked],
            f"selection score: {metric.title}": [one.cv_score for one in asked],
            "training rows": [one.n_train for one in asked],
            "examples": [one.prompt.shots for one in asked],
            "labels among answers": [
                f"{one.endings.get('label', 0)} of {one.n_test}" for one in asked
            ],
            "seconds an answer": [one.seconds_p50 for one in asked],
            "1,000 answers": [_per_1k(one) for one in asked],
            "paid in this run": [money_text(one.usd_spent) for one in asked],
            "prompt search": [_search(one) for one in asked],
            "tokens read, cached, written": [
                f"{one.fresh_tokens:,} + {one.cached_tokens:,} + {one.output_tokens:,}"
                for one in asked
            ],
            "replayed": [_replayed(one) for one in asked],
            "prices": [one.price_source for one in asked],
        }
    )
    tables.show(
        frame,
        key="benchmark_llm_answers",
        alt="Language models that were asked, their selection scores and costs",
        scores=(f"selection score: {metric.title}",),
        explained={
            "1,000 answers": "With no token cached: what serving would cost.",
            "replayed": "Answers that were kept from an earlier run: free and the same.",
        },
    )
    for one in asked:
        note = ended(one)
        if note:
            st.caption(sentences(note))


def ended(one: AskedModel) -> str:
    """Return how asking ended, where not every answer is a label."""
    parts = [
        f"{counted(n, 'locked row')} {name}"
        for name, n in one.endings.items()
        if n and name != "label"
    ]
    if not parts:
        return ""
    why = f" ({one.stopped})" if one.stopped else ""
    return f"{one.title}: {', '.join(parts)}{why}; each counts as wrong."


def next_step(experiment: Experiment) -> None:
    """Draw the way to the comparison on the sampled rows."""
    navigation.link("compare", "Next: all models on the same rows", experiment=experiment.id)


def _variant(one: AskedModel) -> str:
    if one.variant is Variant.BASE:
        return "base"
    return f"tuned: {one.decision.value}" if one.is_free else f"tuned: {one.n_trials} trials"


def _per_1k(one: AskedModel) -> str:
    return f"{1000 * one.seconds_p50:,.0f} CPU s" if one.is_local else money_text(one.usd_per_1k)


def _search(one: AskedModel) -> str:
    if one.variant is Variant.BASE:
        return ""
    if one.is_free:
        return "free"
    return f"{one.search_s:,.0f} CPU s" if one.is_local else money_text(one.search_usd)


def _replayed(one: AskedModel) -> str:
    return f"{one.replayed} of {one.n_train + one.n_test}" if one.replayed else ""

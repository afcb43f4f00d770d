"""The three ways to a model in plain words: what each is, needs and costs, and when it fits."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st


@dataclass(frozen=True, kw_only=True, slots=True)
class Way:
    """One way to a model, in the words of somebody who has to pay for it."""

    title: str
    what: str
    needs: str
    costs: str
    fits: str
    story: str


WAYS: tuple[Way, ...] = (
    Way(
        title="Use a base model as it is",
        what="A model that somebody else has trained, or one trained with its defaults: it answers "
        "at once, and nobody has searched for better settings.",
        needs="Rows to test it on, with the right answers. A pretrained or language model needs no "
        "training rows at all.",
        costs="Almost nothing before the first answer. A language model charges for every answer, "
        "so its bill grows with use.",
        fits="There is little data, the question is a usual one, or the answer is needed today. "
        "It is also what everything else has to beat.",
        story="Sentiment of posts: a dictionary or a language model knows without training that "
        "“great service” is praise. Ask one about 200 of your own posts on Benchmark before "
        "paying for more: Compare shows it beside models that cost nothing.",
    ),
    Way(
        title="Train a model",
        what="A model learns from your own past rows what leads to which outcome.",
        needs="Rows from the past with their outcomes: hundreds at least, thousands for rare "
        "events. Preparing them is most of the work.",
        costs="Seconds to minutes of computing for tables, hours of an analyst. Answers are "
        "cheap, however many there are.",
        fits="The outcome depends on things that only your data knows, and there are many "
        "answers to give.",
        story="Fraud in card transactions: what is unusual for these customers stands in the "
        "history of their payments and nowhere else. No pretrained model knows it; a few "
        "thousand labelled payments teach it.",
    ),
    Way(
        title="Tune a model",
        what="A search tries many settings of a model and keeps what scores best on rows that "
        "judge. What it finds is partly luck, so it is judged again on rows nobody touched.",
        needs="A base model that is benchmarked, and enough rows to tell a gain from noise.",
        costs="Ten to a thousand fits instead of one, paid again whenever the model is renewed.",
        fits="A small gain is worth much (many answers, dear mistakes), or the defaults suit the "
        "data badly. Often it gains nothing that matters; that is an answer, too.",
        story="Sentiment with words of your own trade: the defaults read them as noise. A search "
        "over how words are counted costs minutes; whether it pays depends on how many posts "
        "are judged and what a wrong label costs.",
    ),
)


def show() -> None:
    """Draw the ways side by side."""
    columns = st.grid(len(WAYS), min_column_width=280)
    for way in WAYS:
        with columns.container(border=True):
            st.markdown(
                f"**{way.title}**\n\n{way.what}\n\n*Needs:* {way.needs}\n\n*Costs:* {way.costs}\n\n"
                f"*Fits when:* {way.fits}\n\n*For example:* {way.story}"
            )

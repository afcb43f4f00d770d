"""A model that is right about ranks and wrong about labels, and what mends it, in words."""

from __future__ import annotations

from collections.abc import Sequence

from modelling.comparison.wording import significant
from modelling.types import AskedModel, Variant

_RANKS, _LABELS = "roc_auc", "accuracy"
# Shares of a class that differ by less are nothing to speak of.
_LEAN = 0.1


def lean_sentences(asked: Sequence[AskedModel], classes: Sequence[str]) -> tuple[str, ...]:
    """Return a sentence for each base model whose labels lean to one class.

    It names the class, what the ranks say beside the labels, and what a learned decision makes of
    it without another call.
    """
    learned = {one.key: one for one in asked if one.is_free}
    found = (_sentence(one, learned.get(one.key), classes) for one in asked if _is_base(one))
    return tuple(sentence for sentence in found if sentence)


def _is_base(one: AskedModel) -> bool:
    return one.variant is Variant.BASE


def _sentence(one: AskedModel, learned: AskedModel | None, classes: Sequence[str]) -> str:
    excess = [said - true for said, true in zip(one.answered_shares, one.true_shares, strict=False)]
    if not excess or max(excess) < _LEAN:
        return _free(one, learned) if learned is not None else ""
    place = excess.index(max(excess))
    text = (
        f"{one.title} leans to {classes[place]}: {_percent(one.answered_shares[place])} of its "
        f"answers, {_percent(one.true_shares[place])} of the rows."
    )
    ranks, labels = one.metrics.get(_RANKS), one.metrics.get(_LABELS)
    if one.has_probabilities and ranks is not None and labels is not None:
        text += f" Its ranks say more than its labels: ROC AUC {ranks:.2f}, accuracy {labels:.2f}."
    return f"{text} {_free(one, learned)}".strip()


def _free(one: AskedModel, learned: AskedModel | None) -> str:
    if learned is None:
        return ""
    before, after = one.metrics.get(_LABELS), learned.metrics.get(_LABELS)
    change = "" if before is None or after is None else f": accuracy {before:.2f} to {after:.2f}"
    return (
        f"A {learned.decision.value.removeprefix('learned ')} learned from {one.n_train} training "
        f"rows is the cheapest improvement of {one.title}{change}, without another call."
    )


def _percent(share: float) -> str:
    return f"{significant(100 * share, digits=2)} %"

"""Which class of a task is the positive, the negative and the neutral mood, by its name."""

from __future__ import annotations

from collections.abc import Sequence

_NAMES = {
    "+": {"positive", "pos", "good", "happy", "favourable", "favorable", "like", "+", "1", "+1"},
    "-": {"negative", "neg", "bad", "sad", "unfavourable", "unfavorable", "dislike", "-", "-1"},
    "0": {"neutral", "neu", "mixed", "none", "0"},
}
_SIGNS = {name: sign for sign, names in _NAMES.items() for name in names}


def signs_of(classes: Sequence[str]) -> str | None:
    """Return the mood of each class, in order: "+", "-" or "0"; None if they are no moods.

    Moods are a positive and a negative class, and at most one neutral one.

    Examples
    --------
    >>> signs_of(["negative", "neutral", "positive"]), signs_of(["neg", "pos"])
    ('-0+', '-+')
    >>> signs_of(["spam", "ham"]), signs_of(["0", "1"])
    (None, None)
    """
    signs = [_SIGNS.get(name.strip().casefold()) for name in classes]
    if None in signs:
        return None
    found = "".join(sign for sign in signs if sign is not None)
    return found if sorted(found) in (["+", "-"], ["+", "-", "0"]) else None

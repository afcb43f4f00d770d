"""Keeps what is loaded for good out of the garbage collector's sight."""

from __future__ import annotations

import gc
import sys

_ENOUGH_NEW = 50
_seen = {"modules": 0}


def spare_modules() -> None:
    """Exempt what is alive from collection if many modules were loaded since the last time.

    Streamlit collects garbage after every rerun, those of a fragment included. With all our
    libraries loaded that took 80 ms of the 90 that a look at a running study cost.
    """
    if len(sys.modules) - _seen["modules"] < _ENOUGH_NEW:
        return
    _seen["modules"] = len(sys.modules)
    # First what is garbage already: what is exempt is never freed as part of a cycle.
    gc.collect()
    gc.freeze()

"""How long a run will still take."""

from __future__ import annotations

_ENOUGH = 0.02


class Pace:
    """The speed of one attempt at a run.

    What earlier attempts did is done at once when a run goes on, which says nothing of its speed:
    it is measured from the first look.
    """

    def __init__(self) -> None:
        self._first: tuple[float, float] | None = None

    def remaining_s(self, elapsed_s: float, done: float) -> float | None:
        """Return the seconds to go; None before enough was done to tell.

        Parameters
        ----------
        elapsed_s : float
            Seconds since this attempt began.
        done : float
            Share of the whole run that is done, between 0 and 1.
        """
        first_s, first = self._first = self._first or (elapsed_s, done)
        gained = done - first
        return (elapsed_s - first_s) * (1.0 - done) / gained if gained > _ENOUGH else None

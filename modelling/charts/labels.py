"""Where the names of points go, so that they neither cover each other nor the points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_CHARACTER_PX = 6.4
_LINE_PX = 15.0
_GAP_PX = 8.0
# Plotly's text position -> (direction of the text's middle in x and y).
_SIDES = {
    "top right": (1, 1),
    "bottom right": (1, -1),
    "top left": (-1, 1),
    "bottom left": (-1, -1),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Box:
    left: float
    right: float
    low: float
    high: float

    def overlaps(self, other: _Box) -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.low < other.high
            and other.low < self.high
        )


def label_sides(
    places: Sequence[tuple[float, float]],
    texts: Sequence[str],
    order: Sequence[int],
    *,
    width_px: float,
    height_px: float,
) -> dict[int, str]:
    """Return a Plotly text position for each point whose name finds room.

    Points are served in ``order``; one that finds no side without a collision gets no name
    (its hover has it).

    Parameters
    ----------
    places : sequence of (x, y)
        As shares of the plot's width and height, from 0 to 1.
    width_px, height_px : float
        About the size of the plot in pixels.
    """
    points = [(x * width_px, y * height_px) for x, y in places]
    taken = [
        _Box(left=x - _GAP_PX, right=x + _GAP_PX, low=y - _GAP_PX, high=y + _GAP_PX)
        for x, y in points
    ]
    frame = _Box(left=0, right=width_px, low=0, high=height_px)
    sides: dict[int, str] = {}
    for position in order:
        for side, direction in _SIDES.items():
            box = _text_box(points[position], texts[position], direction)
            others = [other for i, other in enumerate(taken) if i != position]
            if _inside(box, frame) and not any(map(box.overlaps, others)):
                sides[position] = side
                taken.append(box)
                break
    return sides


def _text_box(point: tuple[float, float], text: str, direction: tuple[int, int]) -> _Box:
    x, y = point
    width = _CHARACTER_PX * len(text)
    near, far = sorted(x + direction[0] * (_GAP_PX + edge) for edge in (0.0, width))
    low, high = sorted(y + direction[1] * (_GAP_PX + edge) for edge in (0.0, _LINE_PX))
    return _Box(left=near, right=far, low=low, high=high)


def _inside(box: _Box, frame: _Box) -> bool:
    return (
        frame.left <= box.left
        and box.right <= frame.right
        and frame.low <= box.low
        and box.high <= frame.high
    )

"""Columns drawn on the server: figures as a picture, without a script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

STEP = 10
"""Units of width a column has, of which ``WIDE`` are drawn."""
WIDE = 7
HIGH = 100


@dataclass(frozen=True, slots=True)
class Column:
    """One column; the dark part stands at its foot."""

    x: int
    y: float
    height: float
    dark_y: float
    dark_height: float
    words: str  # what it stands for


@dataclass(frozen=True, slots=True)
class Picture:
    columns: tuple[Column, ...]
    width: int
    top: int  # what the upper edge stands for


def picture(figures: Sequence[tuple[str, int, int]]) -> Picture:
    """Columns of (words, whole, the part of it that is dark), to a round scale."""
    top = _round_above(max((whole for _, whole, _ in figures), default=0))
    columns = []
    for place, (words, whole, dark) in enumerate(figures):
        height, dark_height = (round(HIGH * n / top, 2) for n in (whole, dark))
        columns.append(Column(place * STEP, HIGH - height, height, HIGH - dark_height, dark_height, words))
    return Picture(tuple(columns), STEP * len(figures) - (STEP - WIDE), top)


def _round_above(most: int) -> int:
    """The next of 10, 20, 50, 100, 200 …"""
    unit = 10
    while True:
        for times in (1, 2, 5):
            if most <= times * unit:
                return times * unit
        unit *= 10

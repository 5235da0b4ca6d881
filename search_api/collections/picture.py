"""Pictures of comparisons as numbers: where the cells of a heat map and the bars of a chart stand, what is written in
them and how dark they are. Templates only write them down."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from search_api.collections.tables import Figure, Grid
from search_api.texts import Texts

CELL_HEIGHT, GAP = 30, 2
NARROWEST, WIDEST, WIDE_FIGURES = 50, 96, 66
"""Widths of a cell: a few columns take the room there is, many stand close and are scrolled."""

ROOM = 1_040
"""Pixels that the cells of a row are fitted into where they can be."""

CHARACTER, LINE = 12.5, 15
"""Pixels that a Han character and a line of a label take; Latin letters take half."""

LONGEST_ROW = 14
"""Han characters of a row's label before it is cut."""

MOST_LINES = 3
LEVELS = 6
"""Shades beside none, each for a sixth of the greatest share."""

_SUFFIX = re.compile(r"(?:圖書館|,? Library| Libraries)(?=$|[（(]| \()")
_BRACKET = re.compile(r"(?=[（(])")
_BREAK = re.compile(r"(?<=[\s/·-])|(?<=[\u2e80-\uffee])(?=[\u2e80-\uffee](?<![）」、]))(?<!（)|(?=（)")


@dataclass(frozen=True, slots=True)
class Cell:
    x: int
    y: int
    text: str
    level: int  # 0 to 6; -1: a member beside itself
    title: str


@dataclass(frozen=True, slots=True)
class Label:
    x: int
    y: int
    lines: tuple[tuple[int, str], ...]  # y and text of each
    whole: str


@dataclass(frozen=True, slots=True)
class Heat:
    """A heat map with a figure in every cell."""

    width: int
    height: int
    cell_width: int
    columns: tuple[Label, ...]
    rows: tuple[Label, ...]
    cells: tuple[Cell, ...]
    greatest: str  # the share that the darkest shade begins with


@dataclass(frozen=True, slots=True)
class Bar:
    label: str
    text: str
    width: float  # hundredths of the longest
    y: int


def heat(grid: Grid, t: Texts, *, without: str | None = None) -> Heat:
    """A grid as a heat map, shaded by its shares. ``without`` is the key of a column that is left out."""
    shown = [place for place, key in enumerate(grid.keys) if key != without]
    counts = [figure for row in grid.rows for figure in row.figures if isinstance(figure, int)]
    least = WIDE_FIGURES if counts and max(counts) >= 10_000 else NARROWEST
    width = max(least, min(ROOM // max(len(shown), 1), WIDEST))
    row_lines = [_cut(_short(row.label), LONGEST_ROW) for row in grid.rows]
    left = round(max((_length(line) for line in row_lines), default=0) * CHARACTER) + 10
    columns = [_wrapped(_short(grid.headings[place]), (width - 4) / CHARACTER) for place in shown]
    top = max(map(len, columns), default=1) * LINE + 8
    greatest = max((s for row in grid.rows for p in shown if (s := row.shares[p]) is not None), default=0.0)
    cells = []
    for down, row in enumerate(grid.rows):
        for across, place in enumerate(shown):
            share, figure = row.shares[place], row.figures[place]
            x, y = left + across * (width + GAP), top + down * (CELL_HEIGHT + GAP)
            is_itself = row.key == grid.keys[place]
            words = "" if is_itself else figure_text(figure, t)
            title = f"{row.label} · {grid.headings[place]}: {words}"
            level = -1 if is_itself else _level(share, greatest)
            cells.append(Cell(x, y, words.removesuffix("%"), level, "" if is_itself else title))
    return Heat(
        width=left + len(shown) * (width + GAP),
        height=top + len(grid.rows) * (CELL_HEIGHT + GAP),
        cell_width=width,
        columns=tuple(
            Label(left + n * (width + GAP) + width // 2, 0, _lines(text, top), grid.headings[place])
            for n, (place, text) in enumerate(zip(shown, columns, strict=True))
        ),
        rows=tuple(
            Label(left - 8, top + n * (CELL_HEIGHT + GAP) + 20, ((0, text),), row.label)
            for n, (text, row) in enumerate(zip(row_lines, grid.rows, strict=True))
        ),
        cells=tuple(cells),
        greatest=figure_text(greatest, t),
    )


def bars(values: Sequence[tuple[str, int]], t: Texts) -> tuple[Bar, ...]:
    """Labelled counts as bars, one below the other."""
    longest = max((count for _, count in values), default=0) or 1
    return tuple(
        Bar(label, t.number(count), round(count / longest * 100, 2), n * 28) for n, (label, count) in enumerate(values)
    )


def figure_text(figure: Figure, t: Texts) -> str:
    """A figure as it is written: a count with separators, a share in hundredths; what rounds to nothing but is
    something is below one."""
    if figure is None:
        return "–"
    if isinstance(figure, int):
        return t.number(figure)
    hundredths = round(figure * 100)
    return "<1%" if figure and not hundredths else f"{hundredths}%"


def _level(share: float | None, greatest: float) -> int:
    if not share or not greatest:
        return 0
    return min(LEVELS, 1 + int(share / greatest * LEVELS * 0.999))


def _short(name: str) -> str:
    """A library's name without what all have in common."""
    return _SUFFIX.sub("", name) or name


def _length(text: str) -> float:
    return sum(1.0 if ord(c) > 0x2E7F else 0.55 for c in text)


def _cut(text: str, longest: float) -> str:
    if _length(text) <= longest:
        return text
    while text and _length(text) > longest - 1:
        text = text[:-1]
    return f"{text}…"


def _wrapped(text: str, longest: float) -> list[str]:
    """A label in up to three lines: Latin between words, Han anywhere but before a closing bracket."""
    lines: list[str] = []
    for piece in [text] if _length(text) <= longest else _BRACKET.split(text):  # what stands in brackets by itself
        lines.append("")
        for part in _BREAK.split(piece):
            if lines[-1] and _length(f"{lines[-1]}{part}".strip()) > longest:
                lines.append("")
            lines[-1] += part
    lines = [line.strip() for line in lines]
    if len(lines) > MOST_LINES:
        lines = [*lines[: MOST_LINES - 1], " ".join(lines[MOST_LINES - 1 :])]
    return [_cut(line, longest + 0.6) for line in lines]


def _lines(texts: Sequence[str], top: int) -> tuple[tuple[int, str], ...]:
    """Lines of which the last stands just above the cells."""
    first = top - 8 - (len(texts) - 1) * LINE
    return tuple((first + n * LINE, text) for n, text in enumerate(texts))

"""The counts as CSV, for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from search_api.counts.ledger import Wish
from search_api.counts.report import Counts
from search_api.counts.tally import ALL_LIBRARIES, COUNTED

COLUMNS = ("month", "library", "name", "searches", "no_hit", "asked", "to_catalogue", "to_ill", "to_online")
"""``library`` is empty in the line of all libraries together: what they share is counted once there."""
WISH_COLUMNS = ("month", "words", "times", "days", "last")

_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def counts_csv(months: Mapping[str, Mapping[str, Counts]], libraries: Sequence[str], names: Mapping[str, str]) -> str:
    """A line for each month, all libraries together and each by itself; members without any count have zeros."""
    lines: list[Sequence[object]] = [COLUMNS]
    for month, found in months.items():
        for code in (ALL_LIBRARIES, *libraries):
            times = found.get(code, Counts())
            lines.append((month, code, names.get(code, ""), *(times[what] for what in COUNTED)))
    return _written(lines)


def wishes_csv(month: str, wishes: Iterable[Wish]) -> str:
    """A line for each wish."""
    return _written([WISH_COLUMNS, *((month, one.words, one.times, one.days, one.last.isoformat()) for one in wishes)])


def _written(lines: Iterable[Sequence[object]]) -> str:
    file = io.StringIO()
    csv.writer(file, lineterminator="\r\n").writerows([_harmless(cell) for cell in line] for line in lines)
    return "\ufeff" + file.getvalue()  # without the mark Excel takes Chinese for something else


def _harmless(cell: object) -> object:
    """A cell that no spreadsheet takes for a formula: the words are typed by anybody."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_BEGINS_FORMULA) else cell

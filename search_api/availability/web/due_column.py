"""What stands in the column of the due date, which says that a copy is lent even where no date can be read in it.

A date that is dropped because it cannot be read would send somebody to an empty shelf. So everything in that column is
a due date, unless it says that there is none (``-``, 無, N/A), is a status that a table knows, or names the column.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from mappings.web_headings import HEADINGS
from search_api.availability.due import without_dates
from search_api.availability.status import TO_BE_HAD, ItemState
from search_api.availability.system import System
from search_api.availability.words import WORDS

NOT_A_TEXT = "?"
"""Stands for something in the place of a due date that is neither text nor number: a table in JSON."""

_NONE = frozenset(
    {
        *("無", "沒有", "無資料", "無到期日", "未借出", "未外借", "不適用"),
        *("n/a", "na", "none", "null", "nil", "undefined", "no due date", "not applicable", "0"),
    }
)
_SIGNS = re.compile(r"[\s\-\u2010-\u2015\u2500_/.,:;|*·()\[\]]*")
_NO_DAY = re.compile(r"0{8}|(?:0000[-/.]00[-/.]00|0001[-/.]01[-/.]01)(?:[t ][\d:.]*z?)?")  # as data bases write none
_NAME = re.compile(
    "(?:" + "|".join(sorted(map(re.escape, HEADINGS["due"]), key=len, reverse=True)) + r")(?![a-z])\s*:?\s*"
)


@dataclass(frozen=True, slots=True)
class DueColumn:
    """``day``: None where no date can be read. ``unread``: what is a due date all the same, as it is written."""

    day: date | None
    unread: tuple[str, ...]
    states: frozenset[ItemState]
    words: tuple[str, ...]  # the lines that ``states`` were told by


def in_due_column(lines: Sequence[str], system: System) -> DueColumn:
    """What the lines of the column say."""
    day: date | None = None
    unread: list[str] = []
    told: dict[str, ItemState] = {}
    for line in lines:
        text = unicodedata.normalize("NFKC", line).strip().casefold()
        if _says_none(_NAME.sub("", text, count=1) if _NAME.match(text) else text):
            continue
        found = system.due(line)
        day = day or found
        rest = without_dates(line, system.service.due_form)
        state = None if _says_none(rest) else system.state_of(line, WORDS)
        if state is not None:
            told[line] = state
        if found is None and (state is None or (state in TO_BE_HAD and rest.strip() != line.strip())):
            unread.append(line)  # behind a state: 可外借 115/2/30, which is no day
    return DueColumn(day, () if day else tuple(unread), frozenset(told.values()), tuple(told))


def _says_none(text: str) -> bool:
    text = text.strip()
    return text in _NONE or bool(_SIGNS.fullmatch(text) or _NO_DAY.fullmatch(text))

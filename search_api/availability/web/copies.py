"""What a row of a catalogue's list says of a copy: its state in words, when it is due, who waits for it.

The rules, in this order:

- A cell is looked up whole, then line by line; one line that no table knows leaves the copy's state open.
- A date alone is a due date: the copy is on loan. A copy that could be had and has a due date is on loan.
- What stands in the column of the due date is one, even if it cannot be read (``due_column.py``); a status there is one
  more statement of the state.
- Of several statements that all are known the one that promises least counts. What is not known never makes a copy one
  that can be had; beside a statement that it cannot, that statement counts.
- A row without a word and without a due date is unknown, unless the library's own table has a state for "".
"""

from __future__ import annotations

import re

from search_api.availability.reading import count
from search_api.availability.status import TO_BE_HAD, ItemState, ItemStatus
from search_api.availability.system import System
from search_api.availability.web.due_column import in_due_column
from search_api.availability.web.rows import Row
from search_api.availability.words import WORDS, word_of

NO_WORD = "(no word)"

_LEAST_FIRST = (
    ItemState.WITHDRAWN,
    ItemState.LOST,
    ItemState.MISSING,
    ItemState.NOT_FOR_LOAN,
    ItemState.ON_ORDER,
    ItemState.IN_PROCESS,
    ItemState.RECALLED,
    ItemState.ON_LOAN,
    ItemState.ON_HOLD_SHELF,
    ItemState.IN_TRANSIT,
    ItemState.CHECK_WITH_LIBRARY,
    ItemState.AVAILABLE_ONSITE,
    ItemState.ON_REQUEST,
    ItemState.ONLINE,
    ItemState.AVAILABLE,
)
_LENT = frozenset({ItemState.ON_LOAN, ItemState.RECALLED})
_CLEAR = frozenset({ItemState.AVAILABLE, ItemState.ON_LOAN})  # there the library's words say no more than the state
_WAITING = re.compile(
    r"(?:預約人數|預約冊數|預約數|等候人數|預約|holds?|requests?)\s*[:：]?\s*(\d{1,4})\s*(?:人|冊|次|位)?",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d+")


def status_of(row: Row, system: System, local_id: str, unknown_words: list[str]) -> ItemStatus:
    """One copy. Words that no table knows are added to ``unknown_words``."""
    stated, dues = row.get("status", ()), row.get("due", ())
    waiting = [found for line in (*stated, *dues) if (found := _WAITING.fullmatch(line.strip()))]
    lines = [line for line in stated if not _WAITING.fullmatch(line.strip())]
    column = in_due_column([line for line in dues if not _WAITING.fullmatch(line.strip())], system)
    due = column.day or next((day for line in lines if (day := system.due(line))), None)
    lent = due is not None or bool(column.unread)
    unknown_words += column.unread
    state = _state(lines, column.states, system, unknown_words, lent=lent)
    queue = next((n for n in map(_number, row.get("queue", ())) if n is not None), None)
    if queue is None and waiting:
        queue = count(waiting[0][1])
    words = " ".join((*lines, *column.words)) if state not in _CLEAR else ""
    return ItemStatus(
        state=state,
        item_id=_first(row, "item_id"),
        barcode=_first(row, "barcode"),
        local_id=local_id,
        due=due if state in _LENT else None,
        branch=_first(row, "branch"),
        location=_first(row, "location"),
        call_number=" ".join(row.get("call_number", ())),
        volume=_first(row, "volume"),
        queue=queue,
        message="; ".join(dict.fromkeys(filter(None, (words, *column.unread, *row.get("note", ()))))),
    )


def _state(
    lines: list[str], in_column: frozenset[ItemState], system: System, unknown_words: list[str], *, lent: bool
) -> ItemState:
    whole = " ".join(lines)
    one = system.state_of(whole, WORDS)
    if one is not None:
        known, unknown = {one}, []
    else:
        said = [line for line in lines if not _only_a_date(line, system)]
        looked_up = [(line, system.state_of(line, WORDS)) for line in said]
        known = {state for _, state in looked_up if state is not None}
        unknown = [line for line, state in looked_up if state is None]
    unknown_words += unknown
    known |= in_column
    if not known and not unknown:
        if not lent:
            unknown_words.append(NO_WORD)
        return ItemState.ON_LOAN if lent else ItemState.UNKNOWN
    least = next((state for state in _LEAST_FIRST if state in known), ItemState.UNKNOWN)
    if least in TO_BE_HAD and lent:
        return ItemState.ON_LOAN
    if (unknown or ItemState.UNKNOWN in known) and (least in TO_BE_HAD or least is ItemState.CHECK_WITH_LIBRARY):
        return ItemState.UNKNOWN
    return least


def _only_a_date(line: str, system: System) -> bool:
    return system.due(line) is not None and not re.search(r"\w", word_of(line, system.service.due_form))


def _first(row: Row, field: str) -> str:
    return next(iter(row.get(field, ())), "")


def _number(text: str) -> int | None:
    """The one number of a text (3, 3人, 預約 3 人); None without one, or with several."""
    numbers = _NUMBER.findall(text)
    return count(numbers[0]) if len(numbers) == 1 else None

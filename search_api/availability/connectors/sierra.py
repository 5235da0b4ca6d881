"""Sierra REST: the items of several records at once, page by page.

An item's status is a code that each library may define for itself, and the words shown for it. The library's own table
is asked for the code and for the words; then the words are looked up and the few codes that are the same everywhere,
and what promises less counts. ``-`` with words that nobody knows is unknown: they may say that the copy is not there.
A copy with a due date, readable or not, in its own field or among the words, is on loan whatever its code says. A
record without items does not appear in the answer: whether it exists is asked of the records themselves.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from search_api.availability.http import ConnectorUnavailable
from search_api.availability.reading import MAX_ITEMS, answered, count, is_due, json, json_list, json_table, said
from search_api.availability.status import AnswerState, AskedRecord, ItemState, ItemStatus, RecordAnswer, Reply, worst
from search_api.availability.system import System
from search_api.availability.words import WORDS

PAGE = 500  # items in one answer; Sierra's own 50 would need many
MAX_PAGES = 4  # of one question: more than a page of ours could show
_FIELDS = "id,bibIds,location,status,barcode,callNumber,volumes,holdCount"
_NO_RECORD = 107  # the code of "Record not found", HTTP 404: no item fits the question

_CODES = {  # the same in every Sierra; all others are the library's to define
    "-": ItemState.AVAILABLE,
    "!": ItemState.ON_HOLD_SHELF,
    "$": ItemState.LOST,  # lost and paid
    "m": ItemState.MISSING,
    "n": ItemState.LOST,  # billed
    "t": ItemState.IN_TRANSIT,
    "z": ItemState.MISSING,  # claimed to have been returned
}
_TO_TAKE = frozenset({ItemState.AVAILABLE, ItemState.AVAILABLE_ONSITE, ItemState.ON_REQUEST, ItemState.UNKNOWN})
_DATE = re.compile(r"(?<!\d)\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?!\d)")  # among words, whichever of its parts is the year
_DUE = re.compile(r"\W*due\b", re.IGNORECASE)
_NUMBER = re.compile(r"(\.?b)?(\d+)([\dx]?)", re.IGNORECASE)


@dataclass(slots=True)
class _Found:
    """What the pages have brought so far."""

    items: dict[str, list[ItemStatus]] = field(default_factory=dict)  # by record number
    unknown_words: list[str] = field(default_factory=list)
    nameless: bool = False  # an item came without the records that it belongs to
    left_out: str = ""  # why not every page was read; "": all were
    known: frozenset[str] = frozenset()  # records without items that exist
    failure: ConnectorUnavailable | None = None  # why that could not be asked


async def ask(system: System, records: Sequence[AskedRecord]) -> Reply:
    """Asks for the items of all records, then which of those without items exist.

    Raises: ConnectorUnavailable when the first page of items cannot be used.
    """
    numbers = {record.local_id: record_number(system.name_of(record)) for record in records}
    wanted = list(dict.fromkeys(filter(None, numbers.values())))
    found = _Found()
    if wanted:
        await _read_items(system, wanted, found)
    bare = [number for number in wanted if number not in found.items]
    if bare and not found.left_out and not found.nameless:
        await _read_known(system, bare, found)
    answers = (_answer(local_id, number, found) for local_id, number in numbers.items())
    return Reply(tuple(answers), tuple(found.unknown_words))


def _answer(local_id: str, number: str, found: _Found) -> RecordAnswer:
    if not number:
        return RecordAnswer(local_id, AnswerState.ERROR, message="is no record number of Sierra")
    if number in found.items:
        answer = answered(local_id, [replace(item, local_id=local_id) for item in found.items[number]])
        return replace(answer, state=AnswerState.PARTIAL, message=found.left_out) if found.left_out else answer
    if found.left_out:
        return RecordAnswer(local_id, AnswerState.ERROR, message=found.left_out)
    if found.nameless:
        return RecordAnswer(local_id, AnswerState.ERROR, message="items come without the records they belong to")
    if found.failure is not None:
        reason = f"no items, and whether the record exists could not be asked: {found.failure}"
        return RecordAnswer(local_id, found.failure.state, message=reason)
    return RecordAnswer(local_id, AnswerState.OK if number in found.known else AnswerState.NOT_FOUND)


def record_number(name: str) -> str:
    """The number that the API wants: ``.b12345672`` and ``b12345672`` without letter and check digit; "" for others."""
    match = _NUMBER.fullmatch(name.strip())
    if match is None:
        return ""
    digits, last = match[2], match[3]
    if not match[1]:
        return digits + last if last.casefold() != "x" else ""
    body, check = (digits, last) if last else (digits[:-1], digits[-1:])
    if len(body) >= (6 if match[1].startswith(".") else 7) and check.casefold() == _check_digit(body):
        return body
    return "" if "x" in last.casefold() or match[1].startswith(".") else digits + last


def _check_digit(digits: str) -> str:
    """Of a record number: each digit times its place from the right, counted from 2, modulo 11; 10 is x."""
    rest = sum(int(digit) * place for place, digit in enumerate(reversed(digits), 2)) % 11
    return "x" if rest == 10 else str(rest)


async def _read_items(system: System, numbers: Sequence[str], found: _Found) -> None:
    offset, seen = 0, set[str]()
    for page in range(MAX_PAGES):
        query = {
            "bibIds": ",".join(numbers),
            "fields": _FIELDS,
            "limit": str(PAGE),
            "offset": str(offset),
            "suppressed": "false",
            "deleted": "false",
        }
        try:
            entries, total = await _entries(system, "/items", query)
        except ConnectorUnavailable as exc:
            if page == 0:
                raise
            found.left_out = f"page {page + 1} of the items: {exc}"
            return
        new = [entry for entry in map(json_table, entries) if said(entry.get("id")) not in seen]
        seen.update(said(entry.get("id")) for entry in new)
        for entry in new:
            _take(system, entry, numbers, found)
        offset += len(entries)
        if len(entries) < PAGE if total is None else offset >= total:
            return
        if not new:  # a server that takes no notice of the offset gives the first page for ever
            found.left_out = f"promised {total} items and gave {len(seen)}"
            return
    found.left_out = f"more than {offset} items"


def _take(system: System, entry: Mapping[str, Any], numbers: Sequence[str], found: _Found) -> None:
    """Adds an item to each of the wanted records that it belongs to; one bound together belongs to several."""
    if entry.get("suppressed") is True or entry.get("deleted") is True:
        return  # hidden from readers: a server that takes no notice of the question gives them all the same
    all_owners = [number for owner in json_list(entry.get("bibIds")) if (number := said(owner))]
    found.nameless = found.nameless or not all_owners
    owners = [number for number in all_owners if number in numbers]
    if not owners:
        return
    item = _item(system, entry, found.unknown_words)
    for number in dict.fromkeys(owners):
        items = found.items.setdefault(number, [])
        if len(items) <= MAX_ITEMS:
            items.append(item)


def _item(system: System, entry: Mapping[str, Any], unknown_words: list[str]) -> ItemStatus:
    status = json_table(entry.get("status"))
    code, words = said(status.get("code")), said(status.get("display"))
    due = system.day(status.get("duedate")) or system.due(words)
    state = _state(system, code, words)
    if state is None:
        state = ItemState.UNKNOWN
        unknown_words.append(f"{code} {words}".strip() or "no status")
    dated = state is not ItemState.UNKNOWN and bool(due or _DATE.search(words))  # of words nobody knows: any date
    if (is_due(status.get("duedate")) or dated) and state in _TO_TAKE:
        state = ItemState.ON_LOAN  # nobody is sent to an empty shelf
    return ItemStatus(
        state=state,
        item_id=said(entry.get("id")),
        barcode=said(entry.get("barcode")),
        due=due if state is ItemState.ON_LOAN else None,
        branch=said(json_table(entry.get("location")).get("name")),
        call_number=said(entry.get("callNumber")),
        volume=next((said(volume) for volume in json_list(entry.get("volumes"))), ""),
        queue=count(entry.get("holdCount")) or None,
        message="" if state is ItemState.AVAILABLE else words,
    )


def _state(system: System, code: str, words: str) -> ItemState | None:
    """What code and words amount to; None when nobody knows, or when ``-`` has words that nobody knows."""
    own = system.state_of(code, {}) or system.state_of(words, {})
    if own is not None:
        return own
    by_code = _CODES.get(code.casefold())
    by_words = system.state_of(_DATE.sub(" ", words), WORDS) or (ItemState.ON_LOAN if _DUE.match(words) else None)
    if by_words is None:
        return None if by_code is ItemState.AVAILABLE and words else by_code
    return worst(by_words, by_code or by_words)


async def _read_known(system: System, numbers: Sequence[str], found: _Found) -> None:
    """Which of the records exist and are not hidden from readers."""
    query = {
        "id": ",".join(numbers),
        "fields": "id",
        "limit": str(PAGE),
        "suppressed": "false",
        "deleted": "false",
    }
    try:
        entries, _ = await _entries(system, "/bibs", query)
    except ConnectorUnavailable as exc:
        found.failure = exc
    else:
        found.known = frozenset(said(json_table(entry).get("id")) for entry in entries)


async def _entries(system: System, path: str, query: Mapping[str, str]) -> tuple[list[Any], int | None]:
    """The entries of one page, and how many there are in all; None when that is not said."""
    body = await system.get(query, path=path, accept="application/json", also=frozenset({404}))
    answer = json(body.content)
    if not isinstance(answer, dict):
        raise ConnectorUnavailable("answered JSON that is not Sierra's")
    if body.status == 404:
        if answer.get("code") != _NO_RECORD:
            raise ConnectorUnavailable("answered HTTP 404")
        return [], 0
    entries = answer.get("entries")
    if not isinstance(entries, list):
        raise ConnectorUnavailable("answered JSON that is not Sierra's")
    return entries, count(answer.get("total"))

"""Koha ILS-DI: GetAvailability for the states, GetRecords beside it for what that service leaves out.

GetAvailability takes no notice of transfers and of the hold shelf, gives no due date, and says nothing at all of a
record that has no copies or does not exist. GetRecords says all of that, but is heavier and may be switched off: it is
asked at the same time and waited for a moment only. Without it those details are missing, and a record left out
could not be asked about. Where the two disagree, what promises less counts: GetRecords makes no copy better than it
is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

from lxml import etree

from search_api.availability.http import ConnectorUnavailable
from search_api.availability.reading import MAX_ITEMS, child_text, children, count, day, is_due, local_name, said, xml
from search_api.availability.status import (
    TO_BE_HAD,
    AnswerState,
    AskedRecord,
    ItemState,
    ItemStatus,
    RecordAnswer,
    Reply,
)
from search_api.availability.system import System

DETAILS_WAIT_SECONDS = 0.4  # after the states are there: a due date is worth no more of a patron's time

_REASONS = {  # availabilitymsg of a copy that is not available, as Koha writes it, folded
    "checked out": ItemState.ON_LOAN,
    "on loan": ItemState.ON_LOAN,
    "not for loan": ItemState.NOT_FOR_LOAN,
    "item lost": ItemState.LOST,
    "item withdrawn": ItemState.WITHDRAWN,
    "item damaged": ItemState.NOT_FOR_LOAN,
}
_LOST_VALUES = {"4": ItemState.MISSING}  # authorised values LOST of a fresh Koha; the others are kinds of lost
_STAFF_ONLY = "2"  # authorised value NOT_LOAN of a fresh Koha: Staff Collection


@dataclass(frozen=True, slots=True)
class _Copy:
    """One item of GetRecords."""

    barcode: str
    call_number: str
    volume: str
    branch: str
    location: str
    on_loan: bool
    due: date | None  # None when on loan: a date that cannot be read
    not_for_loan: str  # "": no; negative: on order
    lost: str
    withdrawn: bool
    damaged: bool
    in_transit: bool
    waiting: bool  # on the hold shelf for a reader
    queue: int | None


@dataclass(frozen=True, slots=True)
class _Details:
    """What GetRecords said of one record: its copies by item number, or that it does not exist."""

    exists: bool
    copies: Mapping[str, _Copy]


async def ask(system: System, records: Sequence[AskedRecord]) -> Reply:
    """Asks both services for all ids at once.

    Raises: ConnectorUnavailable when GetAvailability gives no usable answer.
    """
    wanted = {system.name_of(record): record.local_id for record in records}
    askable = [name for name in wanted if name and not any(c.isspace() for c in name)]  # ids are joined with spaces
    details: Mapping[str, _Details] = {}
    states: Mapping[str, tuple[ItemStatus, ...] | None] = {}
    unknown_words: list[str] = []
    if askable:
        asking_details = asyncio.create_task(_details(system, askable))
        try:
            states = await _states(system, askable, unknown_words)
            await asyncio.wait({asking_details}, timeout=DETAILS_WAIT_SECONDS)
            details = asking_details.result() if asking_details.done() else {}
        finally:
            asking_details.cancel()
            await asyncio.gather(asking_details, return_exceptions=True)
    answers = (
        _answer(local_id, states.get(name), name in states, details.get(name))
        if name in askable
        else RecordAnswer(local_id, AnswerState.ERROR, message="the number cannot be asked with ILS-DI")
        for name, local_id in wanted.items()
    )
    return Reply(tuple(answers), tuple(unknown_words))


def _answer(local_id: str, items: tuple[ItemStatus, ...] | None, named: bool, details: _Details | None) -> RecordAnswer:
    """One record's answer. ``items`` is None when GetAvailability names the record as one it cannot answer for."""
    if items:
        copies = details.copies if details else {}
        refined = tuple(replace(_refined(item, copies.get(item.item_id)), local_id=local_id) for item in items)
        if details and not details.exists:  # the one offers copies of what the other does not know
            refined = tuple(_doubted(item) for item in refined)
        if len(items) > MAX_ITEMS:
            return RecordAnswer(local_id, AnswerState.PARTIAL, refined[:MAX_ITEMS], f"more than {MAX_ITEMS} copies")
        if copies.keys() - {item.item_id for item in items}:
            reason = "has further copies, but no availability is given for them"
            return RecordAnswer(local_id, AnswerState.PARTIAL, refined, reason)
        return RecordAnswer(local_id, AnswerState.OK, refined)
    if details is None and named:
        return RecordAnswer(local_id, AnswerState.NOT_FOUND, message="named as not to be answered for")
    if details is None:
        reason = "left out, and GetRecords does not say whether it is unknown or has no copies"
        return RecordAnswer(local_id, AnswerState.ERROR, message=reason)
    if not details.exists:
        return RecordAnswer(local_id, AnswerState.NOT_FOUND, message="RecordNotFound")
    if details.copies:
        return RecordAnswer(local_id, AnswerState.ERROR, message="has copies, but no availability is given for them")
    return RecordAnswer(local_id, AnswerState.OK)


async def _states(
    system: System, names: Sequence[str], unknown_words: list[str]
) -> Mapping[str, tuple[ItemStatus, ...] | None]:
    query = {"service": "GetAvailability", "id": " ".join(names), "id_type": "bib", "return_type": "item"}
    root = await _ask(system, query, "collection")
    found: dict[str, tuple[ItemStatus, ...] | None] = {}
    for record in children(root, "record"):
        name = next((said(b.get("id")) for b in children(record, "bibliographic")), "")
        if name not in names:
            continue
        items = (item for group in children(record, "items") for item in children(group, "item"))
        statuses = tuple(_status(item, unknown_words) for item in islice(items, MAX_ITEMS + 1))
        found[name] = (found.get(name) or ()) + statuses or None
    return found


def _status(item: etree._Element, unknown_words: list[str]) -> ItemStatus:
    words = next(iter(children(item, "simpleavailability")), item)
    status, message = child_text(words, "availabilitystatus").casefold(), child_text(words, "availabilitymsg")
    if status in ("available", "not available") and message.casefold() in _REASONS:
        state = _REASONS[message.casefold()]  # a reason against it goes before its saying that it is available
    elif status == "available":
        state = ItemState.AVAILABLE
    else:
        state = ItemState.UNKNOWN
        if status != "unknown":
            unknown_words.append(f"{status}: {message}" if message else status or "no status")
    return ItemStatus(
        state=state,
        item_id=said(item.get("id")) or child_text(words, "identifier"),
        branch=child_text(words, "location"),
        call_number=child_text(words, "itemcallnumber"),
        message="" if state is ItemState.AVAILABLE and message.casefold() == status else message,
    )


def _refined(item: ItemStatus, copy: _Copy | None) -> ItemStatus:
    """A copy's state with what GetRecords knows of it; without it, as GetAvailability said."""
    if copy is None:
        return item
    state = _refined_state(item.state, copy)
    return replace(
        item,
        state=state,
        barcode=copy.barcode,
        due=copy.due if state is ItemState.ON_LOAN else None,
        branch=copy.branch or item.branch,
        location=copy.location,
        call_number=copy.call_number or item.call_number,
        volume=copy.volume,
        queue=copy.queue,
    )


def _doubted(item: ItemStatus) -> ItemStatus:
    return replace(item, state=ItemState.CHECK_WITH_LIBRARY) if item.state in TO_BE_HAD else item


def _refined_state(state: ItemState, copy: _Copy) -> ItemState:
    if state is ItemState.AVAILABLE:  # where the two services disagree, nobody is sent to an empty shelf
        return _against(copy) or state
    if state is ItemState.NOT_FOR_LOAN:
        if copy.not_for_loan.startswith("-"):
            return ItemState.ON_ORDER
        absent = copy.on_loan or copy.lost or copy.withdrawn or copy.damaged
        return state if absent or copy.not_for_loan in ("", _STAFF_ONLY) else ItemState.AVAILABLE_ONSITE
    if state is ItemState.LOST:
        return _LOST_VALUES.get(copy.lost, state)
    return state


def _against(copy: _Copy) -> ItemState | None:
    """What keeps a copy from being taken home, most serious first; None: nothing."""
    if copy.withdrawn:
        return ItemState.WITHDRAWN
    if copy.lost:
        return _LOST_VALUES.get(copy.lost, ItemState.LOST)
    if copy.on_loan:
        return ItemState.ON_LOAN
    if copy.not_for_loan.startswith("-"):
        return ItemState.ON_ORDER
    if copy.damaged or copy.not_for_loan == _STAFF_ONLY:
        return ItemState.NOT_FOR_LOAN
    if copy.waiting:
        return ItemState.ON_HOLD_SHELF
    if copy.in_transit:
        return ItemState.IN_TRANSIT
    return ItemState.AVAILABLE_ONSITE if copy.not_for_loan else None


async def _details(system: System, names: Sequence[str]) -> Mapping[str, _Details]:
    """GetRecords by name; nothing when it cannot be asked, because GetAvailability may be enough.

    A record that does not exist carries no number: records are matched by their place, which Koha keeps, and an
    answer with another count of records is not used.
    """
    try:
        root = await _ask(system, {"service": "GetRecords", "id": " ".join(names)}, "GetRecords")
    except ConnectorUnavailable:
        return {}
    records = children(root, "record")
    if len(records) != len(names):
        return {}
    found = {}
    for name, record in zip(names, records, strict=True):
        if child_text(record, "code") == "RecordNotFound":
            found[name] = _Details(exists=False, copies={})
        elif child_text(record, "biblionumber") in ("", name):
            found[name] = _Details(exists=True, copies=_copies(record))
    return found


def _copies(record: etree._Element) -> dict[str, _Copy]:
    items = [item for group in children(record, "items") for item in children(group, "item")][:MAX_ITEMS]
    holds = [hold for group in children(record, "reserves") for hold in children(group, "reserve")]
    held = {child_text(hold, "itemnumber"): child_text(hold, "found") for hold in holds}
    return {
        number: _Copy(
            barcode=child_text(item, "barcode"),
            call_number=child_text(item, "itemcallnumber"),
            volume=child_text(item, "enumchron"),
            branch=child_text(item, "holdingbranchname"),
            location=child_text(item, "location_description") or child_text(item, "location"),
            on_loan=is_due(child_text(item, "onloan")),
            due=day(child_text(item, "onloan")),
            not_for_loan=_unless_zero(child_text(item, "notforloan")),
            lost=_unless_zero(child_text(item, "itemlost")),
            withdrawn=bool(_unless_zero(child_text(item, "withdrawn"))),
            damaged=bool(_unless_zero(child_text(item, "damaged"))),
            in_transit=bool(child_text(item, "transfertwhen")) or held.get(number) == "T",
            waiting=held.get(number) == "W",
            queue=count(len(holds)) if len(items) == 1 and holds else None,  # holds are on the record, not on a copy
        )
        for item in items
        if (number := child_text(item, "itemnumber"))
    }


def _unless_zero(value: str) -> str:
    return "" if value == "0" else value


async def _ask(system: System, query: Mapping[str, str], root_name: str) -> etree._Element:
    body = await system.get(query, accept="application/xml, text/xml")
    root = xml(body.content)
    if local_name(root) != root_name:
        raise ConnectorUnavailable(f"answered <{local_name(root)}> instead of <{root_name}>")
    return root

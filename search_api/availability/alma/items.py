"""Alma's items of one record: why a copy is away, and until when.

A process type says that something is with the copy, and counts whatever the base status says. A due date, readable or
not, keeps a copy from being shown as one to be had.
"""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from search_api.availability.http import ConnectorUnavailable
from search_api.availability.reading import child_text, children, count, is_due, local_name, said, xml
from search_api.availability.status import TO_BE_HAD, ItemState, ItemStatus
from search_api.availability.system import System
from search_api.availability.words import WORDS, word_of

_PROCESS_TYPES = {  # why a copy cannot be had
    "LOAN": ItemState.ON_LOAN,
    "REQUESTED": ItemState.ON_HOLD_SHELF,  # perhaps on its shelf still, and asked for by somebody else
    "HOLDSHELF": ItemState.ON_HOLD_SHELF,
    "TRANSIT": ItemState.IN_TRANSIT,
    "TRANSIT_TO_REMOTE_STORAGE": ItemState.IN_TRANSIT,
    "ILL": ItemState.ON_LOAN,  # lent to another library
    "ACQ": ItemState.ON_ORDER,
    "WORK_ORDER_DEPARTMENT": ItemState.IN_PROCESS,
    "TECHNICAL": ItemState.IN_PROCESS,
    "MISSING": ItemState.MISSING,
    "CLAIM_RETURNED_LOAN": ItemState.MISSING,
    "CLAIMED_RETURNED_LOAN": ItemState.MISSING,
    "LOST_LOAN": ItemState.LOST,
    "LOST_LOAN_AND_PAID": ItemState.LOST,
    "LOST_ILL": ItemState.LOST,
}
_STATES = {word_of(word): state for word, state in _PROCESS_TYPES.items()}
_LIMITS = frozenset({ItemState.AVAILABLE_ONSITE, ItemState.NOT_FOR_LOAN})


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the items of a record."""

    items: tuple[etree._Element, ...]
    total: int | None  # of all pages; None: not stated


def page(content: bytes, mms_id: str) -> Page:
    """The items of an answer.

    Raises: ConnectorUnavailable when it is not an answer of Alma, or speaks of another record.
    """
    root = xml(content)
    if local_name(root) != "items":
        raise ConnectorUnavailable(f"answered <{local_name(root)}> instead of <items>")
    items = tuple(children(root, "item"))
    records = {child_text(part, "mms_id") for item in items for part in children(item, "bib_data")} - {""}
    if records - {mms_id}:
        raise ConnectorUnavailable("answered with items of another record")
    return Page(items, count(root.get("total_record_count")))


def status(
    system: System, item: etree._Element, local_id: str, doubtful: frozenset[str], unknown_words: list[str]
) -> ItemStatus:
    """One copy. ``doubtful``: holdings that their record's availability says are unavailable as a whole."""
    data = next(iter(children(item, "item_data")), item)
    holding = next(iter(children(item, "holding_data")), item)
    due = system.day(child_text(data, "due_date"))
    state, message = _state(system, data, unknown_words)
    in_place = state is ItemState.AVAILABLE
    if in_place:
        state = _in_place(system, data)
        message = "" if state is ItemState.AVAILABLE else _words(data, "policy")[1]
        if state is ItemState.AVAILABLE and child_text(holding, "holding_id") in doubtful:
            state, message = ItemState.CHECK_WITH_LIBRARY, "unavailable"
    if is_due(child_text(data, "due_date")) and (in_place or state in TO_BE_HAD):
        state, message = ItemState.ON_LOAN, ""  # nobody is sent to an empty shelf
    away = child_text(holding, "in_temp_location") == "true"
    return ItemStatus(
        state=state,
        item_id=child_text(data, "pid"),
        barcode=child_text(data, "barcode"),
        local_id=local_id,
        due=due if state is ItemState.ON_LOAN else None,
        branch=_place(holding, "temp_library") if away else _place(data, "library"),
        location=_place(holding, "temp_location") if away else _place(data, "location"),
        call_number=child_text(holding, "temp_call_number" if away else "call_number")
        or child_text(holding, "call_number"),
        volume=child_text(data, "description"),
        message=message,
    )


def _state(system: System, data: etree._Element, unknown_words: list[str]) -> tuple[ItemState, str]:
    """Whether a copy is in its place, and if not why; with the words for it."""
    base, _ = _words(data, "base_status")
    process, words = _words(data, "process_type")
    if base == "1" and not process:
        return ItemState.AVAILABLE, ""
    if base == "0" and not process:
        return (ItemState.ON_LOAN if child_text(data, "due_date") else ItemState.CHECK_WITH_LIBRARY), ""
    if base in ("0", "1"):
        known = system.state_of(process, _STATES) or system.state_of(words, WORDS)
        if known is not None:
            return known, "" if known is ItemState.ON_LOAN else words
    unknown_words.append(words or process or base or "no status")
    return ItemState.UNKNOWN, words or process


def _in_place(system: System, data: etree._Element) -> ItemState:
    """What a copy in its place may be had for: by its location or policy, the library's own words first."""
    library, location = _words(data, "library")[0], _words(data, "location")[0]
    own = system.state_of(f"{library}/{location}", {})
    if own is not None:
        return own
    policy, words = _words(data, "policy")
    limit = (system.state_of(policy, {}) if policy else None) or (system.state_of(words, WORDS) if words else None)
    return limit if limit in _LIMITS else ItemState.AVAILABLE


def _words(data: etree._Element, name: str) -> tuple[str, str]:
    """The code of a value, and the words that Alma gives for it."""
    element = next(iter(children(data, name)), None)
    if element is None:
        return "", ""
    code = said(element.text)
    return code, said(element.get("desc")) or code


def _place(data: etree._Element, name: str) -> str:
    return _words(data, name)[1]

"""Evergreen by unAPI: the volumes and copies of one record as ``holdings_xml``.

A copy's status has a number, which is the same in every Evergreen below 100, and a name, which each may change. No due
date and no queue is told. A copy that is deleted does not count, nor one that is hidden from readers by itself, its
status, place or library; and copies of another record are never taken: the answer's volumes say whose they are. Where
number and name contradict each other the worse counts; a status that the system itself calls not available is never
available. What the library's own table says of a number or name goes before all of this.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lxml import etree

from search_api.availability.http import ConnectorUnavailable
from search_api.availability.opac.words import STATUS_WORDS
from search_api.availability.reading import MAX_ITEMS, answered, child_text, children, local_name, said, xml
from search_api.availability.status import AnswerState, AskedRecord, ItemState, ItemStatus, RecordAnswer, Reply, worst
from search_api.availability.system import System

_STATUSES: Mapping[str, ItemState] = {  # config.copy_status as Evergreen ships it
    "0": ItemState.AVAILABLE,
    "1": ItemState.ON_LOAN,
    "2": ItemState.IN_PROCESS,  # at the bindery
    "3": ItemState.LOST,
    "4": ItemState.MISSING,
    "5": ItemState.IN_PROCESS,
    "6": ItemState.IN_TRANSIT,
    "7": ItemState.IN_PROCESS,  # reshelving: back, and not on its shelf
    "8": ItemState.ON_HOLD_SHELF,
    "9": ItemState.ON_ORDER,
    "10": ItemState.CHECK_WITH_LIBRARY,  # borrowed from another library
    "11": ItemState.IN_PROCESS,  # cataloguing
    "12": ItemState.AVAILABLE_ONSITE,  # course reserves
    "13": ItemState.WITHDRAWN,
    "14": ItemState.NOT_FOR_LOAN,  # damaged
    "15": ItemState.ON_HOLD_SHELF,  # reserved for a reader
    "16": ItemState.ON_LOAN,  # long overdue
    "17": ItemState.LOST,  # and paid for
    "18": ItemState.IN_TRANSIT,  # a transit that was given up: nobody knows yet where it is
}
_NOT_THERE = b"Sorry, we couldn"  # of the page that comes with 404 for a record that does not exist


async def ask(system: System, records: Sequence[AskedRecord]) -> Reply:
    """Asks for one record after the other; questions side by side are the checker's.

    Raises: ConnectorUnavailable when the first record that can be asked about is not answered for.
    """
    unknown_words: list[str] = []
    answers: list[RecordAnswer] = []
    heard = False
    for record in records:
        number = system.name_of(record)
        if not (number.isascii() and number.isdigit()):
            answers.append(RecordAnswer(record.local_id, AnswerState.ERROR, message="is no record number of Evergreen"))
            continue
        try:
            answers.append(await _record(system, number, record.local_id, unknown_words))
        except ConnectorUnavailable as exc:
            if not heard:
                raise
            answers.append(RecordAnswer(record.local_id, exc.state, message=str(exc)))
        heard = True
    return Reply(tuple(answers), tuple(unknown_words))


async def _record(system: System, number: str, local_id: str, unknown_words: list[str]) -> RecordAnswer:
    unit = f"/{system.service.institution}" if system.service.institution else ""
    query = {"id": f"tag::U2@bre/{number}{{holdings_xml,acn,acp}}{unit}", "format": "holdings_xml"}
    body = await system.get(query, accept="application/xml, text/xml", also=frozenset({404}))
    if body.status == 404:
        if _NOT_THERE not in body.content:
            raise ConnectorUnavailable("answered HTTP 404")
        return RecordAnswer(local_id, AnswerState.NOT_FOUND, message="HTTP 404")
    root = xml(body.content)
    if local_name(root) != "holdings":
        raise ConnectorUnavailable(f"answered <{local_name(root)}> instead of <holdings>")
    volumes = [volume for group in children(root, "volumes") for volume in children(group, "volume")]
    if any(volume.get("record", number) != number for volume in volumes):
        raise ConnectorUnavailable("answered for another record than the one asked about")
    items: list[ItemStatus] = []
    for volume in volumes:
        for copy in (copy for group in children(volume, "copies") for copy in children(group, "copy")):
            if len(items) <= MAX_ITEMS and _is_shown(volume) and _is_shown(copy):
                items.append(_item(system, copy, volume, local_id, unknown_words))
    return answered(local_id, items)


def _is_shown(element: etree._Element) -> bool:
    """Whether a volume or copy is there for readers, by itself and by its status, place and library."""
    rooms = [child for name in ("status", "location", "circ_lib") for child in children(element, name)]
    return not _is(element, "deleted") and not any(_is_not(part, "opac_visible") for part in (element, *rooms))


def _is(element: etree._Element, flag: str) -> bool:
    """Whether a flag is set; Evergreen writes t and f, or true and false."""
    return said(element.get(flag)).casefold().startswith("t")


def _is_not(element: etree._Element, flag: str) -> bool:
    """Whether a flag is there and not set."""
    return said(element.get(flag)).casefold().startswith("f")


def _item(
    system: System, copy: etree._Element, volume: etree._Element, local_id: str, unknown_words: list[str]
) -> ItemStatus:
    status = next(iter(children(copy, "status")), None)
    number = said(status.get("ident")) if status is not None else ""
    words = child_text(copy, "status")
    state = _state(system, number, words, refused=status is not None and _is_not(status, "is_available"))
    if state is None:
        state = ItemState.UNKNOWN
        unknown_words.append(f"{number} {words}".strip() or "no status")
    if state is ItemState.AVAILABLE and (_is(copy, "ref") or _is_not(copy, "circulate")):
        state = ItemState.AVAILABLE_ONSITE  # on the shelf, and it does not leave the library
    branch = next((said(unit.get("name")) for unit in children(copy, "circ_lib")), "")
    parts = [part for group in children(copy, "monograph_parts") for part in children(group, "monograph_part")]
    return ItemStatus(
        state=state,
        item_id=said(copy.get("copy_id")),
        barcode=said(copy.get("barcode")),
        local_id=local_id,
        branch=branch or said(volume.get("lib")),
        location=child_text(copy, "location"),
        call_number=said(volume.get("label")),
        volume=next((said(part.get("label")) for part in parts), ""),
        message="" if state is ItemState.AVAILABLE else words,
    )


def _state(system: System, number: str, words: str, *, refused: bool) -> ItemState | None:
    """The state of number and name together; ``refused``: the system says that the status is none of a copy to be had.

    None: neither is known, or both say nothing but the available that is refused.
    """
    own = (system.state_of(number, {}) if number else None) or (system.state_of(words, {}) if words else None)
    if own is not None:
        return own
    both = (_STATUSES.get(number), system.state_of(words, STATUS_WORDS) if words else None)
    known = [state for state in both if state is not None]
    state = worst(*known) if known else None
    return None if refused and state is ItemState.AVAILABLE else state

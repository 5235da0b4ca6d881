"""NCIP 2 (ANSI/NISO Z39.83) LookupItemSet: the copies of several records at once, page by page.

A record's problem stands beside its number in an answer that is well otherwise. Only a problem that says that the
record is unknown means *not found*; any other leaves the record unasked. A due date goes before the status of a copy
that would be there, and a copy that is there is held against its restrictions of use.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from lxml import etree

from search_api.availability.http import ConnectorUnavailable, EntryRefused, QuestionRefused, Request
from search_api.availability.reading import (
    MAX_ITEMS,
    answered,
    child_text,
    children,
    count,
    link,
    local_name,
    said,
    xml,
)
from search_api.availability.status import AnswerState, AskedRecord, ItemState, ItemStatus, RecordAnswer, Reply, worst
from search_api.availability.system import System
from search_api.availability.words import WORDS

MAX_PAGES = 5  # of one question; a token that leads on for ever is not followed further
NAMESPACE: Final = "http://www.niso.org/2008/ncip"
VERSION = "http://www.niso.org/schemas/ncip/v2_02/ncip_v2_02.xsd"
_ELEMENTS = (
    "Bibliographic Description",
    "Circulation Status",
    "Electronic Resource",
    "Hold Queue Length",
    "Item Description",
    "Item Use Restriction Type",
    "Location",
)

_STATUSES: Mapping[str, ItemState] = {  # NCIP Version 1 Circulation Status Type, then what libraries write themselves
    **WORDS,
    "available for pickup": ItemState.ON_HOLD_SHELF,  # held for a reader: nobody else can take it
    "available on shelf": ItemState.AVAILABLE,
    "circulation status undefined": ItemState.UNKNOWN,
    "claimed returned or never borrowed": ItemState.MISSING,
    "in process": ItemState.IN_PROCESS,
    "in transit between library locations": ItemState.IN_TRANSIT,
    "lost": ItemState.LOST,
    "missing": ItemState.MISSING,
    "not available": ItemState.CHECK_WITH_LIBRARY,  # the scheme does not say why
    "on loan": ItemState.ON_LOAN,
    "on order": ItemState.ON_ORDER,
    "pending transfer": ItemState.IN_TRANSIT,
    "recalled": ItemState.RECALLED,
    "waiting to be reshelved": ItemState.IN_PROCESS,
}
_RESTRICTIONS: Mapping[str, ItemState] = {  # Item Use Restriction Type: what is left of a copy that is there
    "available for supply without return": ItemState.AVAILABLE,
    "in library use only": ItemState.AVAILABLE_ONSITE,
    "limited circulation, long loan period": ItemState.AVAILABLE,
    "limited circulation, normal loan period": ItemState.AVAILABLE,
    "limited circulation, short loan period": ItemState.AVAILABLE,
    "no reproduction": ItemState.AVAILABLE,
    "not for loan": ItemState.NOT_FOR_LOAN,
    "overnight only": ItemState.AVAILABLE,
    "renewals not permitted": ItemState.AVAILABLE,
    "supervision required": ItemState.AVAILABLE_ONSITE,
    "term loan": ItemState.AVAILABLE,
    "use only in controlled access": ItemState.AVAILABLE_ONSITE,
    "user signature required": ItemState.AVAILABLE,
}
_STRICTEST = (
    ItemState.NOT_FOR_LOAN,
    ItemState.CHECK_WITH_LIBRARY,
    ItemState.AVAILABLE_ONSITE,
    ItemState.AVAILABLE,
)
_NO_SUCH_RECORD = frozenset(
    {"unknown item", "unknown bibliographic item", "unknown bibliographic record", "unknown record"}
)
_NOT_LET_IN = frozenset({"agency authentication failed", "agency access denied", "system authentication failed"})
_GIVES_WAY = frozenset(  # to a due date
    {
        ItemState.AVAILABLE,
        ItemState.AVAILABLE_ONSITE,
        ItemState.ON_REQUEST,
        ItemState.CHECK_WITH_LIBRARY,
        ItemState.UNKNOWN,
    }
)

_THE_END = ("", "0")
_NOTHING = etree.Element("nothing")


@dataclass(slots=True)
class _Found:
    """What the pages have brought so far; records by the number that they were asked by."""

    items: dict[str, list[ItemStatus]] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)  # records that the system says it does not know
    problems: set[str] = field(default_factory=set)  # records with a problem of another kind, in them or in a copy
    nameless: bool = False  # something was said of a record without saying of which
    left_out: str = ""  # why not every page was read; "": all were
    unknown_words: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Shared:
    """What copies have in common with the others of their holdings."""

    place: tuple[str, str]  # branch and place
    call_number: str


async def ask(system: System, records: Sequence[AskedRecord]) -> Reply:
    """Asks for the copies of all records, and for the next page as long as a token leads to one.

    Raises: ConnectorUnavailable when the first answer cannot be used.
    """
    names = {record.local_id: system.name_of(record) for record in records}
    wanted = [name for name in dict.fromkeys(names.values()) if name and name.isprintable()]
    found = _Found()
    if wanted:
        await _read(system, wanted, found)
    answers = (_answer(local_id, name, name in wanted, found) for local_id, name in names.items())
    return Reply(tuple(answers), tuple(found.unknown_words))


def _answer(local_id: str, name: str, was_asked: bool, found: _Found) -> RecordAnswer:
    items = [replace(item, local_id=local_id) for item in found.items.get(name, ())]
    if not was_asked:
        return RecordAnswer(local_id, AnswerState.ERROR, message="the number cannot be asked over NCIP")
    why = found.left_out or ("a problem is told of it" if name in found.problems else "")
    if items and why:
        return RecordAnswer(local_id, AnswerState.PARTIAL, tuple(items[:MAX_ITEMS]), why)
    if name in found.unknown and not items:
        return RecordAnswer(local_id, AnswerState.NOT_FOUND, message="unknown there")
    if why:
        return RecordAnswer(local_id, AnswerState.ERROR, message=why)
    if name in found.items:
        return answered(local_id, items)
    if found.nameless:
        return RecordAnswer(local_id, AnswerState.ERROR, message="answered without saying of which record")
    return RecordAnswer(local_id, AnswerState.NOT_FOUND, message="left out of the answer")


async def _read(system: System, wanted: Sequence[str], found: _Found) -> None:
    token, tokens = "", set[str]()
    for page in range(MAX_PAGES):
        try:
            answer = await _page(system, wanted, token)
        except ConnectorUnavailable as exc:
            if page == 0:
                raise
            found.left_out = f"page {page + 1} of the copies: {exc}"
            return
        if answer is None:  # one record was asked, and it is unknown
            found.unknown.update(wanted)
            return
        for bib in children(answer, "BibInformation"):
            _take(system, bib, wanted, found)
        token = _next_token(answer)
        if not token:
            return
        if token in tokens:
            found.left_out = "leads from page to page in a circle"
            return
        tokens.add(token)
    found.left_out = f"more than {MAX_PAGES} pages of copies"


def _next_token(answer: etree._Element) -> str:
    """Where the next page begins; "" at the end, which some write as an empty token and some as 0."""
    leads_to = child_text(answer, "NextItemToken")
    return "" if leads_to in _THE_END else leads_to


async def _page(system: System, wanted: Sequence[str], token: str) -> etree._Element | None:
    """One answer; None when it says of the one record asked that it is unknown."""
    body = await system.send(
        Request(
            system.service.url,
            method="POST",
            content=question(system, wanted, token),
            headers={"Content-Type": "application/xml; charset=utf-8", "Accept": "application/xml, text/xml"},
        )
    )
    root = xml(body.content)
    if local_name(root) != "NCIPMessage":
        raise ConnectorUnavailable(f"answered <{local_name(root)}> instead of <NCIPMessage>")
    answer = next(iter(children(root, "LookupItemSetResponse")), root)
    problems = _problems(answer)
    if problems and len(wanted) == 1 and problems <= _NO_SUCH_RECORD:
        return None
    if problems & _NOT_LET_IN:
        raise EntryRefused("does not let us in (an NCIP problem)")
    if problems and problems <= _NO_SUCH_RECORD:
        raise QuestionRefused("does not say which record it does not know (availability.batch_size = 1 would)")
    if problems:
        raise ConnectorUnavailable("answered with an NCIP problem in place of records")
    if answer is root:
        raise ConnectorUnavailable("answered another NCIP message than <LookupItemSetResponse>")
    return answer


def _problems(element: etree._Element) -> frozenset[str]:
    """The types of the problems of a message, record or copy, folded; a problem without a type is one too."""
    return frozenset(child_text(problem, "ProblemType").casefold() for problem in children(element, "Problem"))


def _take(system: System, bib: etree._Element, wanted: Sequence[str], found: _Found) -> None:
    name = _number_of(bib)
    if not name:
        found.nameless = True
    if name not in wanted:
        return
    problems = _problems(bib)
    if problems:
        (found.unknown if problems <= _NO_SUCH_RECORD else found.problems).add(name)
        return
    items = found.items.setdefault(name, [])
    seen = {item.item_id for item in items if item.item_id}  # a page may begin with the last copy of the one before
    for holdings in children(bib, "HoldingsSet"):
        if _problems(holdings):
            found.problems.add(name)
        copies, shared = children(holdings, "ItemInformation"), _shared(holdings)
        for copy in copies:
            if len(items) > MAX_ITEMS:
                return
            if _problems(copy):
                found.problems.add(name)
                continue
            item = _item(system, copy, shared, found.unknown_words)
            if not item.item_id or item.item_id not in seen:
                items.append(item)
                seen.add(item.item_id)
        if not copies and (address := _address(holdings)):
            items.append(ItemStatus(ItemState.ONLINE, url=address))


def _number_of(bib: etree._Element) -> str:
    """The record's number, which stands in either of two elements whatever was asked; "" without one."""
    for known in children(bib, "BibliographicId"):
        for kind in ("Record", "Item"):
            for number in children(known, f"Bibliographic{kind}Id"):
                if name := child_text(number, f"Bibliographic{kind}Identifier"):
                    return name
    return ""


def _shared(holdings: etree._Element) -> _Shared:
    """Read once for all copies: read for each, an answer of many copies would take minutes."""
    return _Shared(_place(holdings), child_text(holdings, "CallNumber"))


def _item(system: System, copy: etree._Element, shared: _Shared, unknown_words: list[str]) -> ItemStatus:
    details = _first(copy, "ItemOptionalFields")
    description = _first(details, "ItemDescription")
    number = _first(copy, "ItemId")
    due_text = child_text(copy, "DateDue") or child_text(details, "DateDue")
    statuses = [text for element in children(details, "CirculationStatus") if (text := said(element.text))]
    states = []
    for status in statuses or [""]:
        known = system.state_of(status, _STATUSES) if status else None
        if known is None:
            unknown_words.append(status or "no status")
        states.append(known or ItemState.UNKNOWN)
    state = worst(*states)  # of several the worse: nobody is sent to an empty shelf
    restrictions = [said(element.text) for element in children(details, "ItemUseRestrictionType")]
    if state is ItemState.AVAILABLE:
        state = _restricted(system, restrictions, unknown_words)
    if due_text and state in _GIVES_WAY:
        state = ItemState.ON_LOAN  # nobody is sent to an empty shelf
    branch, location = _place(details) if children(details, "Location") else shared.place
    value = child_text(number, "ItemIdentifierValue")
    queue = child_text(details, "HoldQueueLength") or child_text(copy, "HoldQueueLength")
    return ItemStatus(
        state=state,
        item_id=value,
        barcode=value if "barcode" in child_text(number, "ItemIdentifierType").casefold() else "",
        due=system.day(due_text) or system.due(due_text) if state is ItemState.ON_LOAN else None,
        branch=branch,
        location=location,
        call_number=child_text(description, "CallNumber") or shared.call_number,
        volume=child_text(_first(description, "HoldingsInformation"), "UnstructuredHoldingsData"),
        queue=count(queue) or None,
        message="" if state is ItemState.AVAILABLE else "; ".join(filter(None, (*statuses, *restrictions))),
        url=_address(details),
    )


def _restricted(system: System, restrictions: Sequence[str], unknown_words: list[str]) -> ItemState:
    """What is left of a copy on the shelf; one that is restricted in words nobody knows has to be asked about."""
    states = [ItemState.AVAILABLE]
    for words in filter(None, restrictions):
        state = system.state_of(words, _RESTRICTIONS)
        if state is None:
            unknown_words.append(words)
        states.append(state if state in _STRICTEST else ItemState.CHECK_WITH_LIBRARY)
    return min(states, key=_STRICTEST.index)


def _place(element: etree._Element) -> tuple[str, str]:
    """Branch and place: the names of a location by level, the widest first; where a copy is for now goes first."""
    places = children(element, "Location")
    place = next((p for p in places if not child_text(p, "LocationType").casefold().startswith("perm")), None)
    place = place if place is not None else next(iter(places), None)
    if place is None:
        return "", ""
    names = [
        (count(child_text(instance, "LocationNameLevel")) or 0, child_text(instance, "LocationNameValue"))
        for name in children(place, "LocationName")
        for instance in children(name, "LocationNameInstance")
    ]
    said_names = [name for _, name in sorted(names, key=lambda level: level[0]) if name]
    return (said_names[0], " · ".join(said_names[1:])) if said_names else ("", "")


def _address(element: etree._Element) -> str:
    return link(child_text(_first(element, "ElectronicResource"), "ReferenceToResource"))


def _first(element: etree._Element, name: str) -> etree._Element:
    """The first child of a name; an empty element without one, so that what is in it reads as absent."""
    return next(iter(children(element, name)), _NOTHING)


def question(system: System, names: Sequence[str], token: str = "") -> bytes:
    """A LookupItemSet for the records of these numbers, from a token on."""
    settings, agency = system.service.ncip, system.service.institution
    kind = "Record" if settings.number == "record" else "Item"
    root = etree.Element(_q("NCIPMessage"), {_q("version"): VERSION}, nsmap={"ns1": NAMESPACE})
    lookup = etree.SubElement(root, _q("LookupItemSet"))
    header = etree.SubElement(lookup, _q("InitiationHeader"))
    for role, name in (("FromAgencyId", settings.from_agency), ("ToAgencyId", agency)):
        if name:
            _text(etree.SubElement(header, _q(role)), "AgencyId", name)
    for name in names:
        bib = etree.SubElement(lookup, _q("BibliographicId"))
        number = etree.SubElement(bib, _q(f"Bibliographic{kind}Id"))
        _text(number, f"Bibliographic{kind}Identifier", name)
        if agency and kind == "Record":
            _text(number, "AgencyId", agency)
    for element in _ELEMENTS:
        _text(lookup, "ItemElementType", element)
    _text(lookup, "MaximumItemsCount", str(settings.page_size))
    if token:
        _text(lookup, "NextItemToken", token)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _text(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, _q(name)).text = text


def _q(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"

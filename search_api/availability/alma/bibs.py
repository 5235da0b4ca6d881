"""Alma's records with their availability: fields AVA (physical) and AVE (electronic), one for each holding.

Subfields of AVA: a institution, b library code, c location, d call number, e available | unavailable |
check_holdings, f copies, g copies away, j location code, q library, t what is held, v summary, 8 holding (none for a
temporary location). Of AVE: a and i institution, e activation, m collection, s coverage, t interface, u link.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

from search_api.availability.http import ConnectorUnavailable, EntryRefused, QuestionRefused
from search_api.availability.reading import MAX_ITEMS, child_text, children, count, link, local_name, said, xml
from search_api.availability.status import ItemState, ItemStatus
from search_api.availability.system import System

AT_ONCE = 100  # records in one question, by Alma's own limit

WORDS: Mapping[str, ItemState] = {
    "available": ItemState.AVAILABLE,
    "unavailable": ItemState.CHECK_WITH_LIBRARY,  # away, and it does not say why: the copies themselves do
    "check_holdings": ItemState.CHECK_WITH_LIBRARY,
}
_ACTIVATION = {"available": ItemState.ONLINE, "not available": ItemState.WITHDRAWN}
_NOT_LET_IN = frozenset({"UNAUTHORIZED", "UNAUTHORIZED_IP", "INVALID_API_KEY", "FORBIDDEN"})
_NO_SUCH_RECORD = frozenset({"402203", "402204"})
_CODE = re.compile(r"[A-Z0-9_]{1,40}")


class UnknownNumbers(Exception):
    """Alma refuses a question because of these numbers: without them it may answer."""

    def __init__(self, mms_ids: frozenset[str]) -> None:
        super().__init__(", ".join(sorted(mms_ids)))
        self.mms_ids = mms_ids


@dataclass(frozen=True, slots=True)
class Holding:
    """One AVA or AVE field."""

    tag: str
    subfields: Mapping[str, str]  # the first of each code
    institutions: frozenset[str]

    def __getitem__(self, code: str) -> str:
        return self.subfields.get(code, "")

    @property
    def word(self) -> str:
        """Its availability, folded."""
        return self["e"].casefold()

    @property
    def counts_badly(self) -> bool:
        """Whether it states a number of copies, or of those away, that none can be."""
        return (bool(self["f"]) and not self.copies) or (bool(self["g"]) and count(self["g"]) is None)

    @property
    def copies(self) -> int | None:
        return count(self["f"])

    @property
    def away(self) -> int:
        """Copies that are not in their place; all of them where the holding as a whole is unavailable."""
        if self.word == "unavailable":
            return max(self.copies or 0, 1)
        return min(count(self["g"]) or 0, self.copies or 0)


def bibs(content: bytes) -> Mapping[str, tuple[Holding, ...]]:
    """The holdings of each record of an answer, by MMS id; a record without holdings has none.

    Raises: ConnectorUnavailable when it is not an answer of Alma.
    """
    root = xml(content)
    if local_name(root) != "bibs":
        raise ConnectorUnavailable(f"answered <{local_name(root)}> instead of <bibs>")
    return {
        child_text(bib, "mms_id"): tuple(
            _holding(field)
            for record in children(bib, "record")
            for field in children(record, "datafield")
            if field.get("tag") in ("AVA", "AVE")
        )
        for bib in children(root, "bib")
    }


def refusal(content: bytes, mms_ids: Sequence[str]) -> Exception:
    """What HTTP 400 means, by the codes that Alma puts into it."""
    try:
        root = xml(content)
    except ConnectorUnavailable:
        return QuestionRefused("refused the question (HTTP 400)")
    codes = {said(e.text) for e in root.iter() if local_name(e) == "errorCode"}
    words = " ".join(said(e.text) for e in root.iter() if local_name(e) == "errorMessage")
    if codes & _NOT_LET_IN:
        return EntryRefused("does not let us in (HTTP 400)")
    named = frozenset(re.findall(r"\d+", words)) & frozenset(mms_ids)
    if codes & _NO_SUCH_RECORD and named:
        return UnknownNumbers(named)
    shown = ", ".join(sorted(code for code in codes if _CODE.fullmatch(code)))
    return QuestionRefused(f"refused the question (HTTP 400, {shown or 'without a code'})")


def statuses(
    system: System, holdings: Sequence[Holding], local_id: str, unknown_words: list[str]
) -> tuple[ItemStatus, ...]:
    """The copies that holdings tell of, in the library's own words first; not many more than a page can show."""
    found: list[ItemStatus] = []
    for holding in holdings:
        if len(found) > MAX_ITEMS:
            break
        read = _electronic if holding.tag == "AVE" else _physical
        found += read(system, holding, local_id, unknown_words)
    return tuple(found)


def _holding(field: etree._Element) -> Holding:
    subfields: dict[str, str] = {}
    institutions = set()
    for subfield in children(field, "subfield"):
        code, text = said(subfield.get("code")), said(subfield.text)
        subfields.setdefault(code, text)
        if code == "a" or (code == "i" and field.get("tag") == "AVE"):
            institutions.add(text)
    return Holding(said(field.get("tag")), subfields, frozenset(institutions - {""}))


def _electronic(system: System, holding: Holding, local_id: str, unknown_words: list[str]) -> list[ItemStatus]:
    state = system.state_of(holding["e"], _ACTIVATION)
    if state is ItemState.WITHDRAWN:
        return []  # not activated: nothing that a reader could open
    if state is None:
        unknown_words.append(holding["e"] or "no activation")
    return [
        ItemStatus(
            state=state or ItemState.UNKNOWN,
            local_id=local_id,
            location=holding["m"] or holding["t"],
            message=holding["s"] if state else holding["e"],
            url=link(holding["u"]),
        )
    ]


def _physical(system: System, holding: Holding, local_id: str, unknown_words: list[str]) -> list[ItemStatus]:
    """One status for each copy: those away, then those in their place.

    A holding that is available and has as many copies away as it has copies contradicts itself: nobody is sent to an
    empty shelf. So does one that is available and counts no copies, or in what is no number: the library is to be
    asked. One that is unavailable is so with all its copies, whatever it counts; one that counts none at all has one.
    """
    state = system.state_of(holding["e"], WORDS)
    if state is None:
        unknown_words.append(holding["e"] or "no availability")
    copies = max(holding.copies or 1, 1)
    if holding.word == "available" and holding.counts_badly:
        return [_copy(holding, local_id, ItemState.CHECK_WITH_LIBRARY, holding["t"] or holding["v"])]
    if state is None or holding.word not in ("available", "unavailable"):
        return [_copy(holding, local_id, state or ItemState.UNKNOWN, holding["t"] or holding["v"] or holding["e"])]
    in_place = system.state_of(f"{holding['b']}/{holding['j']}", {}) or state
    elsewhere = system.state_of("unavailable", WORDS) or ItemState.CHECK_WITH_LIBRARY
    away = min(holding.away, copies, MAX_ITEMS + 1)
    there = min(copies - away, MAX_ITEMS + 1)
    message = "" if in_place is ItemState.AVAILABLE else holding["c"]
    return [_copy(holding, local_id, elsewhere, "unavailable")] * away + [
        _copy(holding, local_id, in_place, message)
    ] * there


def _copy(holding: Holding, local_id: str, state: ItemState, message: str) -> ItemStatus:
    return ItemStatus(
        state=state,
        local_id=local_id,
        branch=holding["q"] or holding["b"],
        location=holding["c"],
        call_number=holding["d"],
        message=message,
    )

"""DAIA 1.0 (Document Availability Information API): JSON, several records at once.

A service that stands in neither list of an item is unknown, not unavailable; a service that stands in both is
unavailable; one that is available from a day on is not available now. What stands alone where a list belongs is a list
of one; anything else there makes the record's answer an error. A copy that two documents tell of is one copy, in the
worse of its states. A record that is missing from the answer is not found; one without items is known and has no
copies.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from search_api.availability.http import ConnectorUnavailable
from search_api.availability.reading import MAX_ITEMS, answered, count, day, json, link, said
from search_api.availability.status import AnswerState, AskedRecord, ItemState, ItemStatus, RecordAnswer, Reply, worst
from search_api.availability.system import System

MAX_ROUNDS = 5  # a server may answer some of the ids only; the rest is asked again so often

_SERVICES = frozenset({"presentation", "loan", "remote", "interloan", "openaccess"})
_LIMITATIONS = {  # DAIA Service Ontology: what a limitation of *loan* makes of an available copy
    "ShortLoan": ItemState.AVAILABLE,
    "PhysicalDelivery": ItemState.AVAILABLE,
    "PartialDelivery": ItemState.AVAILABLE,
    "NoForeignCountry": ItemState.AVAILABLE,
    "PhysicalInterloan": ItemState.AVAILABLE,
    "Stationary": ItemState.AVAILABLE_ONSITE,
    "ApprovalRequired": ItemState.CHECK_WITH_LIBRARY,
}
_NO_DELAY = re.compile(r"^P(?:0+[YMWD])*(?:T(?:0+[HMS])+)?$")


class _Malformed(Exception):
    """What stands where a list belongs is none."""


@dataclass(slots=True)
class _Found:
    """What the rounds have brought so far."""

    items: dict[str, list[ItemStatus]] = field(default_factory=dict)
    malformed: set[str] = field(default_factory=set)  # local ids whose copies cannot be read
    unknown_words: list[str] = field(default_factory=list)


async def ask(system: System, records: Sequence[AskedRecord]) -> Reply:
    """Asks all ids joined with ``|``, and again for the rest when the server says it answered a subset only.

    Raises: ConnectorUnavailable when the first answer cannot be used.
    """
    wanted = {system.name_of(record): record.local_id for record in records}
    found = _Found()
    missing = RecordAnswer("", AnswerState.NOT_FOUND)
    left = list(wanted)
    for round_number in range(MAX_ROUNDS):
        try:
            more = await _ask_some(system, left, wanted, found)
        except ConnectorUnavailable as exc:
            if round_number == 0:
                raise
            missing = RecordAnswer("", exc.state, message=str(exc))
            break
        still = [name for name in left if wanted[name] not in found.items]
        if not more or not still:
            break
        if len(still) == len(left) or round_number == MAX_ROUNDS - 1:
            missing = RecordAnswer("", AnswerState.ERROR, message="promised more answers and gave none")
            break
        left = still
    answers = (
        RecordAnswer(local_id, AnswerState.ERROR, message="answered something that is no list of copies or services")
        if local_id in found.malformed
        else answered(local_id, found.items[local_id])
        if local_id in found.items
        else RecordAnswer(local_id, missing.state, message=missing.message)
        for local_id in wanted.values()
    )
    return Reply(tuple(answers), tuple(found.unknown_words))


async def _ask_some(system: System, names: Sequence[str], wanted: Mapping[str, str], found: _Found) -> bool:
    """Adds the answer to ``found``; whether the server says that it has more."""
    body = await system.get({"id": "|".join(names), "format": "json"}, accept="application/json")
    answer = json(body.content)
    documents = answer.get("document") if isinstance(answer, dict) else None
    if documents is None and isinstance(answer, dict) and not answer.keys().isdisjoint({"institution", "timestamp"}):
        documents = []
    if not isinstance(documents, list):
        raise ConnectorUnavailable("answered JSON that is not DAIA")
    for document in documents:
        name = _name(document, wanted)
        if name is not None:
            try:
                _take(document, wanted[name], found)
            except _Malformed:
                found.malformed.add(wanted[name])
    return "next" in body.links


def _take(document: Mapping[str, Any], local_id: str, found: _Found) -> None:
    """Adds the copies of a document.

    Raises: _Malformed when they, or the services of one of them, are no list.
    """
    items = found.items.setdefault(local_id, [])
    told = _several(document.get("item"))[: MAX_ITEMS + 1 - len(items)]
    earlier = {(item.item_id, item.volume): place for place, item in enumerate(items) if item.item_id} if told else {}
    for value in told:
        item = _item(value, local_id, found.unknown_words)
        place = earlier.get((item.item_id, item.volume))
        if place is None:
            items.append(item)
        elif worst(item.state, items[place].state) is not items[place].state:
            items[place] = item


def _several(value: object) -> list[Any]:
    """What stands where a list belongs; an object alone is a list of one.

    Raises: _Malformed for anything else.
    """
    if value is None or isinstance(value, list):
        return value or []
    if isinstance(value, dict):
        return [value]
    raise _Malformed


def _name(document: object, wanted: Mapping[str, str]) -> str | None:
    """Which of the wanted names a document answers; None for another library's or an invented one."""
    if not isinstance(document, dict):
        return None
    requested, identity = document.get("requested"), document.get("id")
    if isinstance(requested, str) and requested in wanted:
        return requested
    if isinstance(identity, str):
        if identity in wanted:
            return identity
        return next((name for name in wanted if identity.endswith((f":{name}", f"/{name}"))), None)
    return None


def _item(item: object, local_id: str, unknown_words: list[str]) -> ItemStatus:
    if not isinstance(item, dict):
        return ItemStatus(ItemState.UNKNOWN, local_id=local_id)
    yes, no = _services(item.get("available"), unknown_words), _services(item.get("unavailable"), unknown_words)
    later = {service: offer for service, offer in yes.items() if offer.get("expected")}
    no = {**no, **{service: {**offer, **no.get(service, {})} for service, offer in later.items()}}
    refused = no.get("loan") or no.get("presentation") or {}
    state = _state(yes, no, unknown_words)
    about = said(item.get("about"))
    return ItemStatus(
        state=state,
        item_id=said(item.get("id")),
        local_id=local_id,
        due=day(refused.get("expected")) if state is ItemState.ON_LOAN else None,
        branch=_entity(item.get("department")),
        location=_entity(item.get("storage")),
        call_number=said(item.get("label")),
        volume=about if item.get("part") == "narrower" else "",
        queue=count(refused.get("queue")),
        message=_words(refused) if item.get("part") == "narrower" else about or _words(refused),
        url=_address(item, yes, no),
    )


def _state(yes: Mapping[str, dict[str, Any]], no: Mapping[str, dict[str, Any]], unknown_words: list[str]) -> ItemState:
    """The state of a copy from its services, after the written rule: no wins over yes, and what is not said is open.

    A copy that is expected back is on loan: DAIA has no word for why it is away.
    """
    can = {service: offer for service, offer in yes.items() if service not in no}
    if "loan" in can:
        return _lendable(can["loan"], unknown_words)
    if "openaccess" in can or "remote" in can:
        return ItemState.ONLINE
    for service in ("loan", "presentation"):
        if service in no and (no[service].get("expected") or count(no[service].get("queue"))):
            return ItemState.ON_LOAN
    if "loan" in no:
        return ItemState.AVAILABLE_ONSITE if "presentation" in can else ItemState.NOT_FOR_LOAN
    return ItemState.CHECK_WITH_LIBRARY if "presentation" in can else ItemState.UNKNOWN


def _lendable(offer: Mapping[str, Any], unknown_words: list[str]) -> ItemState:
    states = []
    for limitation in _limitations(offer):
        name = said(limitation.get("id") if isinstance(limitation, dict) else limitation)
        state = _LIMITATIONS.get(name.rsplit("#", 1)[-1].rsplit("/", 1)[-1])
        if state is None:
            unknown_words.append(name or "limitation")
            state = ItemState.CHECK_WITH_LIBRARY
        states.append(state)
    for state in (ItemState.CHECK_WITH_LIBRARY, ItemState.AVAILABLE_ONSITE):
        if state in states:
            return state
    delay = offer.get("delay")
    if delay is None or (isinstance(delay, str) and _NO_DELAY.match(delay)):
        return ItemState.AVAILABLE
    return ItemState.ON_REQUEST


def _limitations(offer: Mapping[str, Any]) -> list[Any]:
    """The limitations of a service; whatever is no list is one of them, for nobody knows what it limits."""
    value = offer.get("limitation")
    return value if isinstance(value, list) else [] if value is None else [value]


def _services(offers: object, unknown_words: list[str]) -> dict[str, dict[str, Any]]:
    """Service → offer; services may be named by their URI in the DAIA Service Ontology."""
    found: dict[str, dict[str, Any]] = {}
    for offer in _several(offers):
        name = said(offer.get("service")) if isinstance(offer, dict) else ""
        service = name.rsplit("/", 1)[-1].rsplit("#", 1)[-1].lower()
        if service in _SERVICES:
            found[service] = offer
        else:
            unknown_words.append(name or "service")
    return found


def _address(item: Mapping[str, Any], yes: Mapping[str, dict[str, Any]], no: Mapping[str, dict[str, Any]]) -> str:
    offers = [yes.get(s, {}) for s in ("openaccess", "remote", "loan", "presentation")] + [no.get("loan", {}), item]
    return next((address for offer in offers if (address := link(offer.get("href")))), "")


def _words(offer: Mapping[str, Any]) -> str:
    texts = (said(x.get("content")) for x in _limitations(offer) if isinstance(x, dict))
    return "; ".join(filter(None, texts))


def _entity(value: object) -> str:
    """The name of a department or storage, else its address."""
    return said(value.get("content")) or said(value.get("id")) if isinstance(value, dict) else said(value)

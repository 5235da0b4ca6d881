"""FOLIO's Real Time Availability Check (edge-rtac): several instances at once, in JSON.

What stands as status is an item's status, or, for holdings that are listed without their items (periodicals, and
whatever has no items), a statement of what is held or the word "Multi": those holdings say nothing of a copy. Copies
that are hidden from readers are left out. A copy with a due date, readable or not, is on loan whatever its status says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from search_api.availability.http import ConnectorUnavailable
from search_api.availability.reading import MAX_ITEMS, answered, count, is_due, json, json_list, json_table, said
from search_api.availability.status import AnswerState, AskedRecord, ItemState, ItemStatus, RecordAnswer, Reply
from search_api.availability.system import System
from search_api.availability.words import word_of

MAX_ERRORS = 500  # more errors than records that can be asked are a fault or an attack

_ITEM_STATUSES = {  # of FOLIO Inventory
    "available": ItemState.AVAILABLE,
    "recently returned": ItemState.IN_PROCESS,
    "checked out": ItemState.ON_LOAN,
    "in transit": ItemState.IN_TRANSIT,
    "awaiting delivery": ItemState.IN_TRANSIT,
    "awaiting pickup": ItemState.ON_HOLD_SHELF,
    "paged": ItemState.ON_HOLD_SHELF,  # on the shelf, and being fetched for the reader who asked for it
    "in process": ItemState.IN_PROCESS,
    "in process (non-requestable)": ItemState.IN_PROCESS,
    "on order": ItemState.ON_ORDER,
    "order closed": ItemState.CHECK_WITH_LIBRARY,
    "missing": ItemState.MISSING,
    "long missing": ItemState.MISSING,
    "claimed returned": ItemState.MISSING,
    "aged to lost": ItemState.LOST,
    "declared lost": ItemState.LOST,
    "lost and paid": ItemState.LOST,
    "withdrawn": ItemState.WITHDRAWN,
    "restricted": ItemState.CHECK_WITH_LIBRARY,
    "unavailable": ItemState.CHECK_WITH_LIBRARY,  # it does not say why, nor until when
    "intellectual item": ItemState.CHECK_WITH_LIBRARY,  # stands for a volume bound with others
    "unknown": ItemState.UNKNOWN,
}
_STATUSES = {word_of(words): state for words, state in _ITEM_STATUSES.items()}
_LOAN_TYPES = {"reading room": ItemState.AVAILABLE_ONSITE}  # of a fresh FOLIO; all others are the library's own
_TO_TAKE = frozenset({ItemState.AVAILABLE, ItemState.AVAILABLE_ONSITE, ItemState.ON_REQUEST, ItemState.UNKNOWN})
_NOT_THERE = "404"
_NO_HOLDINGS = "holdings not found"  # begins the message for an instance that exists and has none


@dataclass(frozen=True, slots=True)
class _Error:
    """Something that could not be answered; the instance, where it is one, stands within the message."""

    code: str
    message: str  # folded

    @property
    def words(self) -> frozenset[str]:
        return frozenset(self.message.split())

    @property
    def names_one(self) -> bool:
        """Whether the message holds something like an instance's id."""
        return any(word.count("-") == 4 for word in self.words)


@dataclass(slots=True)
class _Found:
    """What the answer says, by instance (its id folded: a UUID means the same in capitals)."""

    items: dict[str, list[ItemStatus]] = field(default_factory=dict)
    errors: list[_Error] = field(default_factory=list)
    unknown_words: list[str] = field(default_factory=list)
    nameless: bool = False  # an instance came without its id


async def ask(system: System, records: Sequence[AskedRecord]) -> Reply:
    """Asks for all instances at once.

    Raises: ConnectorUnavailable when the answer cannot be used.
    """
    names = {record.local_id: system.name_of(record) for record in records}
    wanted = tuple(dict.fromkeys(name for name in names.values() if name and not set(name) & set(", \t\n")))
    found = _Found()
    if wanted:
        body = await system.get({"instanceIds": ",".join(wanted)}, accept="application/json")
        _read(system, json(body.content), wanted, found)
    answers = (
        _answer(local_id, name, found, alone=len(wanted) == 1)
        if name in wanted
        else RecordAnswer(local_id, AnswerState.ERROR, message="is no id of an instance")
        for local_id, name in names.items()
    )
    return Reply(tuple(answers), tuple(found.unknown_words))


def _answer(local_id: str, name: str, found: _Found, *, alone: bool) -> RecordAnswer:
    folded = name.casefold()
    own = [error for error in found.errors if folded in error.words]
    failed = sorted({error.code for error in own} - {_NOT_THERE})
    if folded in found.items:
        answer = answered(local_id, [replace(item, local_id=local_id) for item in found.items[folded]])
        return replace(answer, state=AnswerState.PARTIAL, message=_reason(failed)) if failed else answer
    if own and not failed:
        bare = all(error.message.startswith(_NO_HOLDINGS) for error in own)
        return RecordAnswer(local_id, AnswerState.OK if bare else AnswerState.NOT_FOUND)
    if not own:  # errors that name no instance may be of any of those left out
        of_any = {error.code for error in found.errors if alone or not error.names_one}
        failed = sorted(of_any - {_NOT_THERE})
    if failed:
        return RecordAnswer(local_id, AnswerState.ERROR, message=_reason(failed))
    return RecordAnswer(local_id, AnswerState.NOT_FOUND)


def _reason(codes: Sequence[str]) -> str:
    return f"could not be answered for (error {', '.join(codes)[:40]})"


def _read(system: System, answer: object, wanted: Sequence[str], found: _Found) -> None:
    """Reads an answer for several instances, for one, or the error that an edge gives for one with HTTP 200."""
    if not isinstance(answer, dict) or answer.keys().isdisjoint({"holdings", "errors", "code", "instanceId"}):
        raise ConnectorUnavailable("answered JSON that is not RTAC")
    errors = [answer, *json_list(answer.get("errors"))] if "code" in answer else json_list(answer.get("errors"))
    for error in map(json_table, errors[:MAX_ERRORS]):
        code = said(error.get("code")) or "without code"
        found.errors.append(_Error(code, said(error.get("message")).casefold()))
    if "holdings" not in answer and "instanceId" not in answer:
        if len(wanted) > 1 and "code" in answer and said(answer["code"]) != _NOT_THERE:
            raise ConnectorUnavailable(f"answered with an error instead (code {said(answer['code'])[:20]})")
        return
    instances = [answer] if "instanceId" in answer else _one_or_more(answer.get("holdings"))
    asked = {name.casefold() for name in wanted}
    for instance in map(json_table, instances):
        name = said(instance.get("instanceId")).casefold()
        if not name and not found.nameless:  # copies of nobody knows which: no record left out is said not to be there
            found.nameless = True
            found.errors.append(_Error("without instanceId", ""))
        if name in asked:
            items = found.items.setdefault(name, [])
            for holding in _one_or_more(instance.get("holdings"))[: MAX_ITEMS + 1 - len(items)]:
                if not _is_hidden(json_table(holding)):
                    items.append(_item(system, json_table(holding), found.unknown_words))


def _one_or_more(value: object) -> list[Any]:
    """Holdings are a list; an example that comes with mod-rtac has a single one as itself."""
    return [value] if isinstance(value, dict) else json_list(value)


def _is_hidden(holding: Mapping[str, Any]) -> bool:
    hidden = holding.get("suppressFromDiscovery")
    return hidden is True or said(hidden).casefold() == "true"


def _item(system: System, holding: Mapping[str, Any], unknown_words: list[str]) -> ItemStatus:
    words = said(holding.get("status"))
    state = system.state_of(words, _STATUSES)
    if state is None and _without_items(holding, words):
        state = ItemState.CHECK_WITH_LIBRARY
        words = "" if words == "Multi" else words
    if state is None:
        state = ItemState.UNKNOWN
        unknown_words.append(words or "no status")
    if state is ItemState.AVAILABLE:
        loan_type = said(holding.get("temporaryLoanType")) or said(holding.get("permanentLoanType"))
        state = (system.state_of(loan_type, _LOAN_TYPES) if loan_type else None) or state
    due = system.day(holding.get("dueDate"))
    if is_due(holding.get("dueDate")) and state in _TO_TAKE:
        state = ItemState.ON_LOAN  # nobody is sent to an empty shelf
    volume = said(holding.get("volume"))
    return ItemStatus(
        state=state,
        item_id=said(holding.get("id")),
        barcode=said(holding.get("barcode")),
        due=due if state is ItemState.ON_LOAN else None,
        branch=said(json_table(holding.get("library")).get("name")),
        location=said(holding.get("location")),
        call_number=said(holding.get("callNumber")),
        volume=volume[1:-1] if volume.startswith("(") and volume.endswith(")") else volume,
        queue=count(holding.get("totalHoldRequests")) or None,
        message="" if state is ItemState.AVAILABLE else words,
    )


def _without_items(holding: Mapping[str, Any], words: str) -> bool:
    """Whether this is a holding that is listed without its items: its status is what is held, or "Multi"."""
    statements = [said(json_table(one).get("statement")) for one in json_list(holding.get("holdingsStatements"))]
    of_item = holding.get("barcode") or json_table(holding.get("materialType")).get("name")
    return not of_item and (words in ("", "Multi") or words in statements)

"""Koha REST: the items of one record at a time, whose columns say what is with them.

Koha gives no status: it is made of the columns, most serious first. ``checked_out_date`` is, whatever its name, the day
a copy is due; ``holds_count`` counts all requests there ever were and says nothing of a queue. The public route leaves
out transfers and the hold shelf; the KohaSuomi plugin says itself whether a copy can be had, and why not.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from search_api.availability.http import ConnectorUnavailable
from search_api.availability.reading import answered, count, is_due, json, json_list, json_table, said
from search_api.availability.status import AnswerState, AskedRecord, ItemState, ItemStatus, RecordAnswer, Reply
from search_api.availability.system import System

PAGE = 500
MAX_PAGES = 4
AT_ONCE = 4  # records of one batch asked side by side
_EMBED = {"x-koha-embed": "checkout,transfer,first_hold"}
_PATHS = {
    "staff": "/biblios/{}/items",
    "public": "/public/biblios/{}/items",
    "kohasuomi": "/contrib/kohasuomi/availability/biblios/{}/search",
}
_MISSING = 4  # authorised value LOST of a fresh Koha; the others are kinds of lost
_STAFF_ONLY = 2  # authorised value NOT_LOAN of a fresh Koha: Staff Collection
_FOUND = {"W": ItemState.ON_HOLD_SHELF, "P": ItemState.ON_HOLD_SHELF, "T": ItemState.IN_TRANSIT}  # of a request

_REASONS = {  # of the KohaSuomi plugin, most serious first
    "item::withdrawn": ItemState.WITHDRAWN,
    "item::lost": ItemState.LOST,
    "item::checkedout": ItemState.ON_LOAN,
    "item::notforloan": ItemState.AVAILABLE_ONSITE,
    "item::damaged": ItemState.NOT_FOR_LOAN,
    "item::transfer": ItemState.IN_TRANSIT,
    "item::held": ItemState.ON_HOLD_SHELF,
    "item::recalled": ItemState.RECALLED,
}


async def ask(system: System, records: Sequence[AskedRecord]) -> Reply:
    """Asks for each record by itself, a few side by side.

    Raises: ConnectorUnavailable when no record could be asked about.
    """
    turn = asyncio.Semaphore(AT_ONCE)
    unknown_words: list[str] = []

    async def one(record: AskedRecord) -> RecordAnswer | ConnectorUnavailable:
        number = system.name_of(record)
        if not (number.isascii() and number.isdigit()):
            return RecordAnswer(record.local_id, AnswerState.ERROR, message="is no number of a record of Koha")
        async with turn:
            try:
                return await _record(system, number, record.local_id, unknown_words)
            except ConnectorUnavailable as exc:
                return exc

    answers = await asyncio.gather(*map(one, records))
    failures = [answer for answer in answers if isinstance(answer, ConnectorUnavailable)]
    if failures and len(failures) == len(answers):
        raise failures[0]
    return Reply(
        tuple(
            RecordAnswer(record.local_id, answer.state, message=str(answer))
            if isinstance(answer, ConnectorUnavailable)
            else answer
            for record, answer in zip(records, answers, strict=True)
        ),
        tuple(unknown_words),
    )


async def _record(system: System, number: str, local_id: str, unknown_words: list[str]) -> RecordAnswer:
    route = system.service.koha.route
    path = _PATHS[route].format(number)
    if route == "kohasuomi":
        answer = await _answer(system, path, {}, {})
        if answer is None:
            return RecordAnswer(local_id, AnswerState.NOT_FOUND)
        if said(json_table(answer[0]).get("biblio_id")) != number:
            raise ConnectorUnavailable("answered JSON that is not of this record")
        copies = json_list(answer[0].get("item_availabilities"))
        return answered(local_id, [_judged(system, json_table(c), local_id, unknown_words) for c in copies])
    items: list[ItemStatus] = []
    embed = _EMBED if route == "staff" else {}
    for page in range(1, MAX_PAGES + 1):
        answer = await _answer(system, path, {"_per_page": str(PAGE), "_page": str(page)}, embed)
        if answer is None:
            return RecordAnswer(local_id, AnswerState.NOT_FOUND)
        rows, more = answer
        if not isinstance(rows, list):
            raise ConnectorUnavailable("answered JSON that is not a list of items")
        of_records = [said(row.get("biblio_id")) for row in map(json_table, rows)]
        own = [row for row, record in zip(rows, of_records, strict=True) if record == number]
        if not own and "" in of_records:
            raise ConnectorUnavailable("gives items without the record they belong to")
        if rows and not own:
            return RecordAnswer(local_id, AnswerState.NOT_FOUND, message="items of other records")
        items += [_computed(system, row, local_id, unknown_words) for row in own]
        if not (more or len(rows) >= PAGE):
            return answered(local_id, items)
    return RecordAnswer(
        local_id, AnswerState.PARTIAL, tuple(items[: PAGE * MAX_PAGES]), f"more than {len(items)} copies"
    )


async def _answer(
    system: System, path: str, query: Mapping[str, str], headers: Mapping[str, str]
) -> tuple[Any, bool] | None:
    """What a route says, and whether there is more; None when Koha does not know the record."""
    body = await system.get(query, path=path, accept="application/json", headers=headers, also=frozenset({404}))
    answer = json(body.content)
    if body.status == 404:  # a route that does not exist has ``errors``, a record that does not has ``error``
        if isinstance(answer, dict) and said(answer.get("error")):
            return None
        raise ConnectorUnavailable("answered HTTP 404")
    return answer, "next" in body.links


def _computed(system: System, item: Mapping[str, Any], local_id: str, unknown_words: list[str]) -> ItemStatus:
    """A copy by its columns."""
    state, strange = _state(system, item)
    if strange:
        unknown_words.append(strange)
    due = system.day(json_table(item.get("checkout")).get("due_date")) or system.day(item.get("checked_out_date"))
    return ItemStatus(
        state=state,
        item_id=said(item.get("item_id")),
        barcode=said(item.get("external_id")),
        local_id=local_id,
        due=due if state is ItemState.ON_LOAN else None,
        branch=said(item.get("holding_library_id")) or said(item.get("home_library_id")),
        location=said(item.get("location")),
        call_number=said(item.get("callnumber")),
        volume=said(item.get("serial_issue_number")),
        message=strange or said(item.get("public_notes")),
    )


def _state(system: System, item: Mapping[str, Any]) -> tuple[ItemState, str]:
    """What the columns amount to, and what of them nobody knows. Without them nothing is known."""
    columns = ("withdrawn", "lost_status", "not_for_loan_status", "damaged_status")
    values = [item.get(name) for name in columns]
    odd = [said(value) or "no status" for value in values if isinstance(value, bool) or not isinstance(value, int)]
    if odd:
        return ItemState.UNKNOWN, odd[0]
    withdrawn, lost, not_for_loan, damaged = values
    not_for_loan = item.get("effective_not_for_loan_status") or not_for_loan
    if withdrawn:
        return ItemState.WITHDRAWN, ""
    if lost:
        own = system.state_of(f"lost_status {lost}", {})
        return own or (ItemState.MISSING if lost == _MISSING else ItemState.LOST), ""
    if item.get("checkout") or is_due(item.get("checked_out_date")):
        return ItemState.ON_LOAN, ""
    if not_for_loan:
        return _not_for_loan(system, not_for_loan), ""
    if damaged:
        return ItemState.NOT_FOR_LOAN, ""
    if item.get("transfer"):
        return ItemState.IN_TRANSIT, ""
    hold = json_table(item.get("first_hold"))
    found = _FOUND.get(said(hold.get("status")))
    if found is not None:
        return found, ""
    restricted = item.get("restricted_status") or item.get("recall")
    return (ItemState.CHECK_WITH_LIBRARY if restricted else ItemState.AVAILABLE), ""


def _not_for_loan(system: System, value: object) -> ItemState:
    own = system.state_of(f"not_for_loan_status {said(value)}", {})
    if own is not None:
        return own
    if isinstance(value, int) and value < 0:
        return ItemState.ON_ORDER
    return ItemState.NOT_FOR_LOAN if value == _STAFF_ONLY else ItemState.AVAILABLE_ONSITE


def _judged(system: System, item: Mapping[str, Any], local_id: str, unknown_words: list[str]) -> ItemStatus:
    """A copy as the KohaSuomi plugin judges it: any reason against it goes before its saying that it is available."""
    availability = json_table(item.get("availability"))
    reasons = {said(name): json_table(more) for name, more in json_table(availability.get("unavailabilities")).items()}
    known = {name: state for name in reasons if (state := system.state_of(name, _REASONS)) is not None}
    strange = [name for name in reasons if name not in known]
    order = list(_REASONS.values())
    if known:
        state = min(known.values(), key=lambda s: order.index(s) if s in order else -1)
    elif strange or availability.get("available") is not True:
        state = ItemState.UNKNOWN
        unknown_words.extend(strange or ["not available, without a reason"])
    else:
        state = ItemState.AVAILABLE
    if state is ItemState.AVAILABLE_ONSITE and (code := reasons.get("Item::NotForLoan", {}).get("status")):
        state = _not_for_loan(system, code)
    due = system.day(reasons.get("Item::CheckedOut", {}).get("due_date"))
    return ItemStatus(
        state=state,
        item_id=said(item.get("item_id")),
        barcode=said(item.get("external_id")),
        local_id=local_id,
        due=due if state is ItemState.ON_LOAN else None,
        branch=said(item.get("holding_library_id")),
        location=said(item.get("location")),
        call_number=said(item.get("callnumber")),
        queue=count(item.get("hold_queue_length")) or None,
        message=", ".join(strange),
    )

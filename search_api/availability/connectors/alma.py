"""Ex Libris Alma: records with their availability in one question, the items of those where something is away.

With ``alma.network`` the address and the key are those of a network zone: its records are asked once for all members
that ask at the same moment, and each takes the holdings of its own institution. The items of a member cannot be asked
of a network zone. Details of items only add: when they do not come in time, what is known without them is given.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from lxml import etree

from search_api.availability.alma import bibs as alma_bibs
from search_api.availability.alma import items as alma_items
from search_api.availability.alma.bibs import AT_ONCE, Holding, UnknownNumbers
from search_api.availability.alma.zone import Bibs, Zone
from search_api.availability.http import ConnectorUnavailable
from search_api.availability.reading import answered
from search_api.availability.status import AnswerState, AskedRecord, RecordAnswer, Reply
from search_api.availability.system import System

DETAILS_WAIT_SECONDS = 0.8  # after the availability is there: a due date is worth no more of a patron's time
DETAILS_AT_MOST = 10  # records of a batch whose items are asked: each question counts towards Alma's daily limit
DETAILS_AT_ONCE = 4
PAGE = 100  # items in one answer, by Alma's own limit
MAX_PAGES = 3
_ROUNDS = 3  # numbers that Alma refuses are left out of the next

Details = Mapping[str, tuple[etree._Element, ...]]
"""MMS id → all its items; those that could not be had in time are not in it."""


class AlmaConnector:
    """Asks one institution, or its network zone together with the other members."""

    def __init__(self, system: System) -> None:
        self._system = system
        service = system.service
        self._zone = system.commons.of(("alma", service.url, service.auth), Zone) if service.alma.network else None

    async def ask(self, records: Sequence[AskedRecord]) -> Reply:
        """Asks for all records at once, then for the items of those where a copy is away.

        Raises: ConnectorUnavailable when the availability of the records cannot be had.
        """
        numbers = {record.local_id: self._system.name_of(record).strip() for record in records}
        wanted = [number for number in dict.fromkeys(numbers.values()) if number.isascii() and number.isdigit()]
        found: Bibs = {}
        if wanted and self._zone is not None:
            found = await self._zone.ask(wanted, self._bibs)
        elif wanted:
            found = await self._bibs(wanted)
        own = {number: self._own(found[number]) for number in wanted if number in found}
        away = [number for number, holdings in own.items() if any(h.tag == "AVA" and h.away for h in holdings)]
        details = await self._details(away) if self._zone is None and self._system.service.alma.items else {}
        unknown_words: list[str] = []
        answers = []
        for local_id, number in numbers.items():
            if number not in wanted:
                answers.append(RecordAnswer(local_id, AnswerState.ERROR, message="is no MMS id"))
            elif number not in own:
                answers.append(RecordAnswer(local_id, AnswerState.NOT_FOUND))
            else:
                answers.append(self._answer(local_id, own[number], details.get(number, ()), unknown_words))
        return Reply(tuple(answers), tuple(unknown_words))

    async def close(self) -> None:
        if self._zone is not None:
            await self._zone.close()

    def _own(self, holdings: Sequence[Holding]) -> tuple[Holding, ...]:
        """The holdings of this institution; where none is named in the library's file, all of them."""
        institution = self._system.service.institution
        return tuple(h for h in holdings if not institution or institution in h.institutions)

    def _answer(
        self, local_id: str, holdings: Sequence[Holding], items: Sequence[etree._Element], unknown_words: list[str]
    ) -> RecordAnswer:
        if not items:
            return answered(local_id, alma_bibs.statuses(self._system, holdings, local_id, unknown_words))
        doubtful = frozenset(h["8"] for h in holdings if h.word == "unavailable") - {""}
        copies = [alma_items.status(self._system, item, local_id, doubtful, unknown_words) for item in items]
        online = [holding for holding in holdings if holding.tag == "AVE"]
        return answered(local_id, [*copies, *alma_bibs.statuses(self._system, online, local_id, unknown_words)])

    async def _bibs(self, mms_ids: Sequence[str]) -> Bibs:
        """The records that exist, as many questions side by side as their number needs."""
        parts = [mms_ids[first : first + AT_ONCE] for first in range(0, len(mms_ids), AT_ONCE)]
        found: dict[str, tuple[Holding, ...]] = {}
        for some in await asyncio.gather(*map(self._some_bibs, parts)):
            found.update(some)
        return found

    async def _some_bibs(self, mms_ids: Sequence[str]) -> Bibs:
        """Raises: ConnectorUnavailable when Alma gives no usable answer, with or without the numbers it refuses."""
        left = list(mms_ids)
        for _ in range(_ROUNDS):
            query = {"mms_id": ",".join(left), "view": "full", "expand": "p_avail,e_avail"}
            body = await self._system.get(query, path="/bibs", accept="application/xml", also=frozenset({400}))
            if body.status != 400:
                return alma_bibs.bibs(body.content)
            refusal = alma_bibs.refusal(body.content, left)
            if not isinstance(refusal, UnknownNumbers):
                raise refusal
            left = [number for number in left if number not in refusal.mms_ids]
            if not left:
                return {}
        raise ConnectorUnavailable("refuses one number after the other")

    async def _details(self, mms_ids: Sequence[str]) -> Details:
        """The items of records; nothing of those that cannot be had in time, for they only add to what is known."""
        turn = asyncio.Semaphore(DETAILS_AT_ONCE)
        found: dict[str, tuple[etree._Element, ...]] = {}

        async def one(mms_id: str) -> None:
            async with turn:
                try:
                    found[mms_id] = await self._items(mms_id)
                except ConnectorUnavailable:
                    return

        tasks = [asyncio.create_task(one(mms_id)) for mms_id in mms_ids[:DETAILS_AT_MOST]]
        if tasks:
            try:
                await asyncio.wait(tasks, timeout=DETAILS_WAIT_SECONDS)
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
        return found

    async def _items(self, mms_id: str) -> tuple[etree._Element, ...]:
        """All items of a record, wherever they are: those in a temporary location have no holding to ask by.

        Raises: ConnectorUnavailable when not all of them can be had.
        """
        items: list[etree._Element] = []
        for _ in range(MAX_PAGES):
            query = {"limit": str(PAGE), "offset": str(len(items)), "expand": "due_date"}
            body = await self._system.get(query, path=f"/bibs/{mms_id}/holdings/ALL/items", accept="application/xml")
            page = alma_items.page(body.content, mms_id)
            items += page.items
            if len(items) >= (page.total or 0) or not page.items:
                break
        if page.total is not None and len(items) != page.total:
            raise ConnectorUnavailable("gives fewer items than it counts")
        return tuple(items)

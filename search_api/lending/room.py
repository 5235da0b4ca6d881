"""What the desk works with, opened once, and its answer to one question."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from fastapi import Request

from indexer.record import Edition
from mappings.agreements import LENDING_FILE, Agreements, load_agreements
from search_api.lending.asked import Requests
from search_api.lending.find import Found, find
from search_api.lending.lenders import Desk, lenders
from search_api.lending.reasons import Lenders, Wanted
from search_api.lending.request import Suppliable
from search_api.lending.sought import Sought, check, wanted
from search_api.services import Services

_NUMBER = re.compile(r"[a-z0-9-]{1,32}-\d{8}-[0-9a-f]{8}")

SUPPLIERS = 3
"""Libraries that a request names when nobody chooses: those at the head of the order."""


@dataclass(frozen=True, slots=True)
class Answered:
    """Who can supply what was sought, and how it was found."""

    sought: Sought
    found: Found
    wanted: Wanted
    lenders: Lenders
    live: bool
    at: datetime

    @property
    def editions(self) -> dict[str, Edition]:
        return {edition.id: edition for edition in self.found.editions}


@dataclass(frozen=True, slots=True)
class LendingRoom:
    """The rules, the counts and the services."""

    services: Services
    agreements: Agreements
    requests: Requests

    @classmethod
    def open(cls, services: Services) -> LendingRoom:
        """Reads ``lending.toml`` beside the folder of libraries.

        Raises: LendingInvalid, StoreUnusable; start-up stops.
        """
        file = services.settings.libraries.parent / LENDING_FILE
        return cls(services, load_agreements(services.libraries, file), Requests(services.store))

    def now(self) -> datetime:
        """The time where the consortium is."""
        return self.services.store.now().astimezone(self.services.site.zone)

    def today(self) -> date:
        return self.now().date()

    async def desk(self, borrower: str) -> Desk:
        """What the answers of one library's desk are made of."""
        asked = await asyncio.to_thread(self.requests.of_late, borrower, self.today()) if borrower else {}
        return Desk(self.services.libraries, self.agreements, asked)

    async def answer(self, sought: Sought, *, live: bool) -> Answered:
        """Who can supply it, in order; ``live`` asks the libraries' systems within their deadlines.

        Raises: InvalidRequest, NotFound, EngineUnavailable, EngineIncompatible.
        """
        check(sought, self.today())
        found = await find(self.services, sought)
        answers = await self.services.checker.answers(found.editions) if live and found.editions else ()
        now = self.now()
        question = wanted(sought, found.editions, now.date())
        ranked = lenders(found.editions, await self.desk(sought.borrower), question, answers)
        return Answered(sought, found, question, ranked, live, now)

    def number(self, borrower: str, given: str = "") -> str:
        """The number of a request: the one it has, so that slip, e-mail and file bear the same; else a new one."""
        if _NUMBER.fullmatch(given):
            return given
        return f"{borrower or 'desk'}-{self.today():%Y%m%d}-{secrets.token_hex(4)}"

    def request(self, answered: Answered, chosen: Collection[str] = (), *, number: str = "") -> Suppliable:
        """What is handed on: to the libraries chosen, in their order; to the first when none is."""
        ranked = answered.lenders.lenders
        named = [one for one in ranked if one.library in chosen] if chosen else ranked[:SUPPLIERS]
        return Suppliable(
            number=self.number(answered.sought.borrower, number),
            at=answered.at,
            sought=answered.sought,
            editions=answered.editions,
            lenders=named,
            libraries=self.services.libraries,
        )


def room_of(request: Request) -> LendingRoom:
    """The room of the application that a request came to."""
    found: LendingRoom = request.app.state.lending
    return found

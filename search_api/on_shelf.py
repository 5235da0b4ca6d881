"""What is on the shelf now, as far as can be known without asking every library about everything.

The editions that a search finds first are asked about, within the deadline, as when somebody opens their pages; of the
rest counts what some reader asked a while ago. So the filter is approximate, and the page says so.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from indexer.engine import SearchRequest
from indexer.record import Edition
from mappings.agreements import borrowable_with_card
from mappings.library import Library
from search_api.errors import InvalidRequest
from search_api.services import Services

ASKED_ABOUT = 60
"""Editions that are asked about for one search: a question or two for each library."""

KEPT_SECONDS = 3 * 3600.0
"""How long ago a copy may have been seen on the shelf: longer, and the morning's readers have taken it."""

NEAR_KILOMETRES = 20.0
"""How far another library may be to be near: half an hour by bus."""


@dataclass(frozen=True, slots=True)
class OnShelf:
    """The editions that were on the shelf, and how that is known."""

    ids: tuple[str, ...]
    asked: int  # editions that were asked about just now
    since: datetime | None  # the oldest answer that counts; None when nothing was on the shelf


def near(libraries: Mapping[str, Library], place: str) -> tuple[str, ...]:
    """The libraries of a region, or a library and those near it, by code; all for "", none for an unknown place.

    Near are libraries within `NEAR_KILOMETRES` whose files say where they are.
    """
    if not place:
        return tuple(libraries)
    here = libraries.get(place)
    if here is None:
        return tuple(code for code, library in libraries.items() if library.region == place)
    return tuple(code for code, library in libraries.items() if code == place or _is_near(here, library))


def _is_near(here: Library, there: Library) -> bool:
    if here.place.point is None or there.place.point is None:
        return False
    (latitude, longitude), (other, beside) = here.place.point, there.place.point
    north = (other - latitude) * 111.2  # kilometres in a degree
    east = (beside - longitude) * 111.2 * math.cos(math.radians(latitude))
    return math.hypot(north, east) <= NEAR_KILOMETRES


def lending_to(services: Services, cards: Iterable[str]) -> tuple[str, ...]:
    """Where the cards of some libraries borrow: there, and where the library accepts them; codes, each once.

    A code that no library has is kept: nothing is held by it, and nobody is shown everything instead.
    """
    found = ((card, *borrowable_with_card(services.agreements, services.libraries, card)) for card in cards)
    return tuple(dict.fromkeys(code for codes in found for code in codes))


async def on_shelf(services: Services, request: SearchRequest, place: str) -> OnShelf:
    """Which of the editions that a request finds are on the shelf at a place.

    Raises: InvalidRequest for a place that is none; EngineUnavailable, EngineIncompatible.
    """
    libraries = near(services.libraries, place)
    if not libraries:
        raise InvalidRequest(f"near = {place!r}: must be the code of a region or a library.", field="near")
    within = tuple(code for code in libraries if not request.within or code in request.within)
    if not within:
        return OnShelf((), 0, None)
    looked = replace(
        request, within=within, offset=0, limit=ASKED_ABOUT, facets=(), after="", by_work=False, rows=False
    )
    found = [hit.edition for hit in (await services.engine.search(looked)).hits]
    await services.checker.answers([_held_by(edition, within) for edition in found])
    seen = services.checker.on_shelf(within, KEPT_SECONDS)
    return OnShelf(tuple(seen), len(found), min(seen.values(), default=None))


def _held_by(edition: Edition, libraries: Collection[str]) -> Edition:
    """An edition with the records of some libraries alone: nobody else is asked."""
    return replace(edition, members=tuple(member for member in edition.members if member.library in libraries))

"""What is wanted → the editions it is: by a number, else by the catalogue's own matching, with how sure that is."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from indexer.engine import Clause, Filter, SearchRequest
from indexer.identifiers import isbn13, issns
from indexer.record import Edition
from search_api.errors import InvalidRequest, NotFound
from search_api.lending.sought import SERIALS, Sought, year_of
from search_api.selecting.describing import Candidate, candidates, titles_agree
from search_api.selecting.given import Given, Numbers
from search_api.services import Services

MOST_CHOICES = 8
CLEARLY = 0.9
"""At least so likely is what is taken for the very edition that a citation means."""

By = Literal["edition", "isbn", "issn", "citation", "title", ""]


@dataclass(frozen=True, slots=True)
class Choice:
    """An edition that a citation may mean. ``sure``: how likely, 0 to 1."""

    edition: Edition
    sure: float


@dataclass(frozen=True, slots=True)
class Found:
    """The editions to ask for; none when nothing matches. ``sure`` is None where a number names it."""

    editions: tuple[Edition, ...] = ()
    by: By = ""
    sure: float | None = None
    choices: tuple[Choice, ...] = ()  # others that a citation may mean, the likeliest first


async def find(services: Services, sought: Sought) -> Found:
    """The editions that are wanted, and all of the work where any will do.

    Raises: InvalidRequest when nothing says what is wanted or a number is none; NotFound for an unknown edition id;
    EngineUnavailable, EngineIncompatible.
    """
    found = await _found(services, sought)
    if sought.which == "any" and found.editions and not all(one.format in SERIALS for one in found.editions):
        found = replace(found, editions=await _of_works(services, found.editions))
    return found


async def _found(services: Services, sought: Sought) -> Found:
    if sought.edition:
        try:
            return Found((await _by_id(services, sought.edition),), "edition")
        except NotFound:
            if not sought.title:
                raise
    if sought.isbn:
        number = isbn13(sought.isbn)
        if number is None:
            raise InvalidRequest(f"{sought.isbn} is not an ISBN, or its check digit is wrong.", field="isbn")
        by_isbn = tuple((await services.engine.with_isbns([number])).get(number, ()))
        if by_isbn or not sought.title:
            return Found(by_isbn, "isbn")
    if sought.issn:
        number = next((one.value for one in issns(sought.issn) if one.valid), None)
        if number is None:
            raise InvalidRequest(f"{sought.issn} is not an ISSN, or its check digit is wrong.", field="issn")
        page = await services.engine.search(SearchRequest((Clause(number, "issn"),), limit=50))
        serials = tuple(hit.edition for hit in page.hits if hit.edition.format in SERIALS)
        by_issn = serials or tuple(hit.edition for hit in page.hits)
        if by_issn or not sought.title:
            return Found(by_issn, "issn")
    if not sought.title:
        raise InvalidRequest("Give an edition, an ISBN, an ISSN or a title.", field="title")
    return await (_journal(services, sought) if sought.is_article else _cited(services, sought))


async def _by_id(services: Services, edition_id: str) -> Edition:
    resolution = await asyncio.to_thread(services.catalogue.resolve, edition_id)
    edition = await asyncio.to_thread(services.catalogue.edition, resolution.id) if resolution else None
    if edition is None:
        raise NotFound(f"There is no edition {edition_id}.")
    return edition


async def _of_works(services: Services, editions: Sequence[Edition]) -> tuple[Edition, ...]:
    """The editions, then all others of their works."""
    works = {edition.work: None for edition in editions if edition.work}
    ids = {edition.id: None for edition in editions}
    for work in works:
        ids |= dict.fromkeys(await asyncio.to_thread(services.catalogue.editions_of_work, work))
    others = await services.engine.editions([one for one in ids if one not in {e.id for e in editions}])
    return (*editions, *(others[one] for one in ids if one in others))


async def _cited(services: Services, sought: Sought) -> Found:
    """A book by title, creator and year, as the catalogue matches records."""
    given = Given(1, 1, sought.title, Numbers(), sought.title, sought.creator, year=year_of(sought.year))

    def read() -> list[Candidate]:
        with services.catalogue.engine.connect() as connection:
            return candidates(connection, [given]).get(1, [])

    likely = [one for one in await asyncio.to_thread(read) if one.relation != "other" or sought.which == "any"]
    known = await services.engine.editions([one.edition for one in likely[: MOST_CHOICES + 1]])
    choices = [Choice(known[one.edition], one.sure) for one in likely if one.edition in known]
    if not choices:
        return Found(by="citation")
    return Found((choices[0].edition,), "citation", choices[0].sure, tuple(choices[1:]))


async def _journal(services: Services, sought: Sought) -> Found:
    """A journal by its title alone: the whole title is nearly sure, a part of it a guess."""
    serials = Filter("format", tuple(sorted(SERIALS)))
    for how, sure in (("whole", CLEARLY), ("as_typed", 0.5)):
        clause = Clause(sought.title, "title", "whole" if how == "whole" else "as_typed")
        page = await services.engine.search(SearchRequest((clause,), (serials,), limit=MOST_CHOICES + 1))
        agreeing = [hit.edition for hit in page.hits if _is_called(hit.edition, sought.title)]
        if agreeing:
            first, *others = agreeing
            return Found((first,), "title", sure, tuple(Choice(one, sure / 2) for one in others))
    return Found(by="title")


def _is_called(edition: Edition, title: str) -> bool:
    return any(titles_agree(title, one.value.proper) for one in edition.titles)

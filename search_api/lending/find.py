"""What is wanted → the editions it is: by a number, else by the catalogue's own matching, with how sure that is."""

from __future__ import annotations

import asyncio
import re
import unicodedata
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
    if not sought.is_article:
        return await _cited(services, sought)
    found = await _journal(services, sought)
    if found.editions or sought.issn or sought.issue:
        return found
    book = await _cited(services, sought)  # a chapter
    return book if book.editions or book.choices else found


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
    """A book by title, creator and year, as the catalogue matches records. Where none is of that year, or only others
    of the text are there, nothing is taken for it: they are choices."""
    choices = await _matched(services, sought, year_of(sought.year))
    meant = [one for one, other in choices if sought.which == "any" or not other]
    if meant:
        return Found((meant[0].edition,), "citation", meant[0].sure, tuple(meant[1:]))
    if not choices and sought.year:
        choices = await _matched(services, sought, None)
    return Found((), "citation", choices=tuple(one for one, _ in choices))


async def _matched(services: Services, sought: Sought, year: int | None) -> list[tuple[Choice, bool]]:
    """The editions that a citation may mean, the likeliest first, and whether each is another of the same text."""
    given = Given(1, 1, sought.title, Numbers(), sought.title, sought.creator, year=year)

    def read() -> list[Candidate]:
        with services.catalogue.engine.connect() as connection:
            return candidates(connection, [given]).get(1, [])

    likely = (await asyncio.to_thread(read))[: MOST_CHOICES + 1]
    known = await services.engine.editions([one.edition for one in likely])
    return [(Choice(known[one.edition], one.sure), one.relation == "other") for one in likely if one.edition in known]


async def _journal(services: Services, sought: Sought) -> Found:
    """A journal by its title alone: the whole title is nearly sure, a part of it a guess."""
    serials = Filter("format", tuple(sorted(SERIALS)))
    for at, title in enumerate(_titles(sought.title)):
        for how, likely in (("whole", CLEARLY), ("as_typed", 0.5)):
            clause = Clause(title, "title", "whole" if how == "whole" else "as_typed")
            page = await services.engine.search(SearchRequest((clause,), (serials,), limit=MOST_CHOICES + 1))
            agreeing = [hit.edition for hit in page.hits if _is_called(hit.edition, title)]
            if agreeing:
                first, *others = agreeing
                sure = likely if at == 0 else round(likely * 0.8, 2)
                return Found((first,), "title", sure, tuple(Choice(one, sure / 2) for one in others))
    return Found(by="title")


def _titles(title: str) -> list[str]:
    """A journal's title as cited, then without the place that tells it from another (科學月刊 (臺北市)), then without
    how often it comes out: 文訊月刊 is 文訊."""
    plain = unicodedata.normalize("NFKC", title)
    bare = re.sub(r"\s*\([^()]*\)\s*$", "", plain)
    short = re.sub(
        r"(?<=[\u3400-\u9fff]{2})(?:雙月|半月|雙週|半年|月|季|週|旬|年)刊$|(?<=[\u3400-\u9fff]{2})雜誌$", "", bare
    )
    return list(dict.fromkeys(one for one in (title, bare, short) if one))


def _is_called(edition: Edition, title: str) -> bool:
    return any(titles_agree(title, one.value.proper) for one in edition.titles)

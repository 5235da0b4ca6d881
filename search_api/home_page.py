"""The front page: a shelf of real books in many languages, the theme collections, what is new, the members.

Everything on it is found by searches, each remembered while the index stays as it is; nothing is chosen by hand.
"""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from fastapi import Request
from starlette.responses import Response

from indexer.engine import FacetValue, Filter, SearchEngine, SearchRequest
from indexer.index_check import refuse_empty
from indexer.record import Edition
from search_api.collections.room import collections_of
from search_api.collections.themes import ThemeScope
from search_api.languages_view import HERE, tongues
from search_api.members_view import member_regions
from search_api.page import Page
from search_api.texts import Texts
from search_api.views import EditionView, edition_view

SHELF_SIZE = 26
SPINE_LETTERS = 20
CHINESE_OF_THREE = 2
"""Of three books on the shelf so many are in Chinese: the other languages are there to be seen, not to prevail."""

SHELF_LANGUAGES = 8
READ_IN = 12
"""Languages that the page offers to read in, the most frequent first."""

THEME_COVERS, NEW_SHOWN = 3, 6
LOOKED_AT = 24
"""Of what is newest so many are looked at: volumes and printings of one work are shown once."""

_OWN = frozenset({"chi", "und", "mul", "zxx", ""})
"""No languages to read in: the readers' own, and codes that name none."""


@dataclass(frozen=True, slots=True)
class ThemeView:
    """A theme collection: what it is, how much, three of it, and whose focus it is."""

    name: str
    about: str
    url: str
    count: int
    books: tuple[EditionView, ...]
    focus: tuple[str, ...]  # names of libraries


@dataclass(frozen=True, slots=True)
class NewView:
    view: EditionView
    said: str  # who made it
    year: str
    held: str


async def home_page(request: Request, language: str) -> Response:
    """The front page; nothing of it waits for a library."""
    page = Page(request, language, "")
    services, engine = page.services, page.services.engine
    whole = await engine.search(SearchRequest(limit=0, facets=("language",), facet_size=200, rows=True))
    if not whole.total:
        await refuse_empty(services.catalogue, engine)
    languages = whole.facets["language"]
    scopes = collections_of(request).themes
    shelf, fresh = await asyncio.gather(_shelf(engine, languages), _newest(engine))
    themed = await asyncio.gather(*(_of_theme(engine, scope) for scope in scopes))
    counts = await asyncio.to_thread(services.catalogue.counts)

    def shown(edition: Edition) -> EditionView:
        return edition_view(edition, page.t, page.labels, page.link)

    return page.html(
        "home.html",
        shelf=[shown(edition) for edition in shelf],
        themes=[
            _theme_view(page, scope, total, [shown(edition) for edition in found])
            for scope, (total, found) in zip(scopes, themed, strict=True)
        ],
        fresh=[_new_view(edition, shown(edition), page.t) for edition in fresh],
        newest=page.link("search?sort=newest"),
        tongues=[one for one in tongues(languages, page.labels, page.link) if one.codes[0] != HERE][:READ_IN],
        regions=member_regions(services, page.t, page.labels),
        editions=counts.editions,
        records=counts.records,
        languages_held=len([value for value in languages if value.value not in _OWN]) + 1,
    )


async def _shelf(engine: SearchEngine, languages: Sequence[FacetValue]) -> list[Edition]:
    """Books that most libraries hold, Chinese and other languages in turn, no title twice."""
    others = [value.value for value in languages if value.value not in _OWN][:SHELF_LANGUAGES]
    found = await asyncio.gather(*(_most_held(engine, code) for code in ("chi", *others)))
    chinese, rest = iter(found[0]), iter(_in_turn(found[1:]))
    shelf: dict[str, Edition] = {}
    for place in range(3 * SHELF_SIZE):
        edition = next(chinese if place % 3 < CHINESE_OF_THREE else rest, None)
        if edition is not None and edition.title and _fits(edition.title.proper) and len(shelf) < SHELF_SIZE:
            shelf.setdefault(edition.title.proper, edition)
    return list(shelf.values())


async def _most_held(engine: SearchEngine, language: str) -> list[Edition]:
    request = SearchRequest(filters=(Filter("language", (language,)),), sort="libraries", limit=LOOKED_AT, rows=True)
    return _once((hit.edition for hit in (await engine.search(request)).hits), LOOKED_AT)


def _fits(title: str) -> bool:
    """Whether a title has room on a spine; a character is as high as two letters."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in title) <= SPINE_LETTERS


def _in_turn(lists: Sequence[Sequence[Edition]]) -> list[Edition]:
    """The first of each list, then the second of each, and so on."""
    longest = max(map(len, lists), default=0)
    return [one[place] for place in range(longest) for one in lists if place < len(one)]


async def _newest(engine: SearchEngine) -> list[Edition]:
    request = SearchRequest(sort="newest", limit=LOOKED_AT, rows=True)
    return _once((hit.edition for hit in (await engine.search(request)).hits), NEW_SHOWN)


async def _of_theme(engine: SearchEngine, scope: ThemeScope) -> tuple[int, list[Edition]]:
    """How many editions a theme has, and some of those that most libraries hold."""
    request = replace(scope.scope.request(), limit=LOOKED_AT, sort="libraries", rows=True)
    page = await engine.search(request)
    return page.total, _once((hit.edition for hit in page.hits), THEME_COVERS)


def _once(editions: Iterable[Edition], most: int) -> list[Edition]:
    """The first of these, each work and each title once."""
    works: set[str] = set()
    found: list[Edition] = []
    for edition in editions:
        names = {edition.work or edition.id, edition.title.proper if edition.title else ""}
        if edition.title and works.isdisjoint(names):
            works |= names
            found.append(edition)
    return found[:most]


def _theme_view(page: Page, scope: ThemeScope, total: int, books: Sequence[EditionView]) -> ThemeView:
    theme, language = scope.theme, page.language
    return ThemeView(
        name=theme.name.get(language) or theme.name["en"],
        about=(theme.about.get(language) or theme.about["en"]) if theme.about else "",
        url=page.link(f"search?{scope.scope.address}"),
        count=total,
        books=tuple(books),
        focus=tuple(page.labels.library(code) for code in page.labels.in_order(theme.focus)),
    )


def _new_view(edition: Edition, view: EditionView, t: Texts) -> NewView:
    makers = dict.fromkeys(agent.value.name for agent in edition.agents)
    return NewView(
        view,
        next(iter(makers), ""),
        "" if edition.year is None else str(edition.year),
        t("results.held", n=len(edition.libraries)),
    )

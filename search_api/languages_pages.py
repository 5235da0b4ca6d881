"""“Read in your language”: all languages there are, and everything in one of them, children's books first."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from indexer.engine import FacetValue, Filter, SearchEngine, SearchRequest
from indexer.record import Edition, Format
from mappings.table import load_table
from search_api.errors import NotFound
from search_api.languages_view import codes_together, live_filter, tongue, tongue_of, tongues
from search_api.page import Page
from search_api.texts import OWN_NAMES
from search_api.views import EditionView, edition_view

SHOWN = 12
"""Of each kind; all of it is a search away."""

MOST_KINDS = 8
_LOOKED_AT = 3 * SHOWN
"""Printings of one work are shown once, and children's books among the children's."""

_MOST_LANGUAGES = 500


@dataclass(frozen=True, slots=True)
class BookView:
    """One thing to read."""

    view: EditionView
    year: str
    held: str


@dataclass(frozen=True, slots=True)
class KindView:
    """Some of one kind in one language, and where the rest is."""

    name: str
    count: int
    books: tuple[BookView, ...]
    url: str  # finds all of it


async def languages_page(request: Request, language: str) -> Response:
    """All languages of the catalogue."""
    page = Page(request, language, "languages")
    found = await page.services.engine.search(
        SearchRequest(limit=0, facets=("language",), facet_size=_MOST_LANGUAGES, rows=True)
    )
    return page.html(
        "languages.html", page="languages", tongues=tongues(found.facets["language"], page.labels, page.link)
    )


async def language_page(request: Request, language: str, code: str) -> Response:
    """Everything in one language. A bilingual book is here and on the page of its other language.

    Raises: NotFound for a code that names no language.
    """
    marc = tongue_of(code)
    if marc not in load_table("languages"):
        raise NotFound(f"There is no language with the code {code}.")
    page = Page(request, language, f"languages/{code}")
    if marc != code:
        return RedirectResponse(page.link(f"languages/{marc}"), 301, {"Cache-Control": "max-age=86400"})
    codes = codes_together(marc)
    total, kinds = await _kinds(page, codes)
    one = tongue(marc, total, page.labels, page.link)
    return page.html(
        "language.html",
        page="languages",
        tongue=one,
        kinds=kinds,
        everything=live_filter(codes, page.link),
        feed=page.link("feed.atom?" + live_filter(codes, str).partition("?")[2]),
        in_its_own=one.url if one.lang in OWN_NAMES and one.lang != language else "",
        other_name=OWN_NAMES.get(one.lang, ""),
    )


async def _kinds(page: Page, codes: Sequence[str]) -> tuple[int, list[KindView]]:
    """How much there is, and some of each kind: for children first, then by format, the most frequent first."""
    engine = page.services.engine
    whole = Filter("language", tuple(codes))
    counted = await engine.search(
        SearchRequest(filters=(whole,), limit=0, facets=("format",), facet_size=50, rows=True)
    )
    formats = [value for value in _apart(counted.facets["format"]) if value.count][:MOST_KINDS]
    children, *others = await asyncio.gather(
        _found(engine, whole, Filter("suits", ("children",))),
        *(_found(engine, whole, Filter("format", (value.value,))) for value in formats),
    )
    shown = {edition.id for edition in children[1][:SHOWN]}
    kinds = []
    if children[0]:
        url = live_filter(codes, page.link, suits="children")
        kinds.append(_kind(page, page.t("languages.children"), children[0], children[1], url, read_in=codes[0]))
    for value, (total, found) in zip(formats, others, strict=True):
        rest = [edition for edition in found if edition.id not in shown]
        url = live_filter(codes, page.link, format=value.value)
        kinds.append(_kind(page, page.labels.format(value.value), total, rest, url, read_in=codes[0]))
    return counted.total, kinds


def _apart(counted: Sequence[FacetValue]) -> list[FacetValue]:
    """Formats without those that are a kind of another: an e-book counts as a book too, and is shown among them."""
    known = {one.value for one in Format}
    return [value for value in counted if value.value not in known or not Format(value.value).broader]


async def _found(engine: SearchEngine, *filters: Filter) -> tuple[int, list[Edition]]:
    page = await engine.search(SearchRequest(filters=filters, sort="libraries", limit=_LOOKED_AT, rows=True))
    works: dict[str, Edition] = {}
    for hit in page.hits:
        works.setdefault(hit.edition.work or hit.edition.id, hit.edition)
    return page.total, list(works.values())


def _kind(page: Page, name: str, total: int, found: Sequence[Edition], url: str, *, read_in: str) -> KindView:
    books = tuple(
        BookView(
            view=edition_view(edition, page.t, page.labels, page.link, read_in=read_in),
            year="" if edition.year is None else str(edition.year),
            held=page.t("results.held", n=len(edition.libraries)),
        )
        for edition in found[:SHOWN]
    )
    return KindView(name, total, books, url)

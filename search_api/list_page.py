"""The list of what a patron put aside (書單): its address alone says what is on it, so it can be sent and printed.

The browser keeps the ids; the server keeps nothing of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import Request
from starlette.responses import Response

from indexer.record import Edition
from search_api.lending.pages import DESK
from search_api.page import Page, prefix
from search_api.protocols.export import downloads
from search_api.services import Services
from search_api.texts import STAFF_LANGUAGES
from search_api.views import EditionView, edition_view

MOST = 200
"""Editions on one list: its address has to pass through every browser and messenger."""


CALL_NUMBERS = 3
"""Of one edition on the list; where two hundred libraries hold it, its own page tells the rest."""


@dataclass(frozen=True, slots=True)
class ListRow:
    view: EditionView
    without: str  # the address of the list without it
    numbers: str  # its first ISBN and the call numbers of who holds it, for whoever goes to the shelf with it


@dataclass(frozen=True, slots=True)
class Kept:
    """What the ids of a list stand for today, in the order of the list, each edition once."""

    editions: tuple[Edition, ...]
    moved: dict[str, str]  # id on the list → id that answers for it, where they differ
    gone: tuple[str, ...]  # ids that no edition answers for any more


def ids_of(values: Iterable[str]) -> list[str]:
    """Ids as an address gives them: with commas between, or as several parameters; each once, in order."""
    return list(dict.fromkeys(one.strip() for value in values for one in value.split(",") if one.strip()))


def kept(services: Services, ids: Iterable[str]) -> Kept:
    """Follows the redirects of merged ids."""
    resolved = {one: services.catalogue.resolve(one) for one in ids}
    now = {one: found.id for one, found in resolved.items() if found is not None}
    editions = services.catalogue.editions(dict.fromkeys(now.values()))
    order = dict.fromkeys(now.values())
    return Kept(
        editions=tuple(editions[one] for one in order if one in editions),
        moved={old: new for old, new in now.items() if old != new},
        gone=tuple(one for one in resolved if now.get(one) not in editions),
    )


def numbers(edition: Edition) -> str:
    """An edition's first ISBN and its call numbers, at most three of them; "" when there are none."""
    isbns = (one.value.value for one in edition.identifiers if one.value.kind == "isbn" and one.value.valid)
    calls = (number for one in edition.holdings for number in (one.call_number, *(i.call_number for i in one.items)))
    isbn = next(isbns, "")
    return " · ".join((*((f"ISBN {isbn}",) if isbn else ()), *list(dict.fromkeys(filter(None, calls)))[:CALL_NUMBERS]))


async def list_page(request: Request, language: str) -> Response:
    """The list whose ids stand in the address; without any the script goes on to what the browser keeps."""
    page = Page(request, language, "list")
    asked = ids_of(request.query_params.getlist("ids"))
    found = await asyncio.to_thread(kept, page.services, asked[:MOST])
    ids = [edition.id for edition in found.editions]

    def address(some: Iterable[str]) -> str:
        query = urlencode({"ids": ",".join(some)}, safe=",")
        return page.link(f"list?{query}" if query != "ids=" else "list")

    of_all = {"ids": ",".join(ids), "names_in": language}
    rows = [
        ListRow(
            edition_view(edition, page.t, page.labels, page.link),
            address(one for one in ids if one != edition.id),
            numbers(edition),
        )
        for edition in found.editions
    ]
    return page.html(
        "list.html",
        page="list",
        rows=rows,
        ids=",".join(ids),
        moved=found.moved,
        gone=found.gone,
        too_long=MOST if len(asked) > MOST else 0,
        address=page.site + address(ids),
        exports=downloads(lambda name, _: f"/api/export?{urlencode({**of_all, 'as': name}, safe=',')}"),
        desk=prefix(language if language in STAFF_LANGUAGES else "en") + f"{DESK}/batch?ids={','.join(ids)}",
        cleared=page.link("list"),
    )

"""schema.org in JSON-LD: the edition as what it is, its libraries as offers to lend it (schema bib extend: holdings via
Offer). A state is told only where a library said it just now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson
from markupsafe import Markup

from indexer.record import Edition, Holding
from mappings.library import Library
from search_api.availability.status import Answer, Standing, tally
from search_api.protocols.reference import Maker, Part, Reference, reference

_BOOKS = frozenset({"Book", "Audiobook"})
_PROPERTIES: dict[Part, str] = {
    "author": "author",
    "editor": "editor",
    "translator": "translator",
    "illustrator": "illustrator",
    "director": "director",
    "performer": "contributor",
    "contributor": "contributor",
}
_AVAILABILITY = {
    Standing.AVAILABLE: "InStock",
    Standing.ON_REQUEST: "InStock",
    Standing.ONLINE: "OnlineOnly",
    Standing.ON_SITE: "InStoreOnly",
    Standing.NOT_NOW: "OutOfStock",
}
"""What a library's own system just said → ItemAvailability; anything else is unknown, and unknown is not told."""

_NOTHING: tuple[Any, ...] = (None, "", [], {})


def json_ld(editions: Iterable[Edition], libraries: Mapping[str, Library], site: str, language: str) -> bytes:
    """One edition as an object, several as a graph."""
    things = [thing(edition, libraries, site, language) for edition in editions]
    document = things[0] if len(things) == 1 else {"@graph": things}
    return orjson.dumps({"@context": "https://schema.org", **document}, option=orjson.OPT_INDENT_2)


def data_block(
    edition: Edition, libraries: Mapping[str, Library], site: str, language: str, answers: Mapping[str, Answer]
) -> Markup:
    """The same for a ``<script type="application/ld+json">``: nothing in it can end the element."""
    document = {"@context": "https://schema.org", **thing(edition, libraries, site, language, answers)}
    text = orjson.dumps(document).decode()
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S704 - escaped for JSON within HTML


def thing(
    edition: Edition,
    libraries: Mapping[str, Library],
    site: str,
    language: str,
    answers: Mapping[str, Answer] | None = None,
) -> dict[str, Any]:
    """An edition as a node; library names in ``language``."""
    one = reference(edition, site)
    book = one.kind.schema in _BOOKS
    node: dict[str, Any] = {
        "@type": one.kind.schema,
        "@id": one.url,
        "url": one.url,
        "name": one.title,
        "alternateName": _others(edition, one),
        "inLanguage": "" if one.lang == "und" else one.lang,
        "datePublished": "" if one.year is None else str(one.year),
        "publisher": _publisher(one),
        "bookEdition": one.edition if book else "",
        "bookFormat": f"https://schema.org/{one.kind.book_format}" if one.kind.book_format else "",
        "numberOfPages": one.pages if book else None,
        "isbn": _one_or_all(one.isbns) if book else "",
        "issn": _one_or_all(one.issns),
        "isPartOf": [{"@type": "BookSeries", "name": title, "position": number} for title, number in one.series],
        "about": list(one.subjects),
        "description": one.summary,
        "offers": [
            _offer(edition, libraries.get(code), code, language, (answers or {}).get(code))
            for code in edition.libraries
        ],
    }
    for maker in one.makers:
        node.setdefault(_PROPERTIES[maker.part], []).append(_agent(maker))
    return {name: kept for name, value in node.items() if (kept := _stated(value)) not in _NOTHING}


def _others(edition: Edition, one: Reference) -> list[str]:
    own = ("proper", "uniform", "variant", "cover", "parallel")
    names = [t.value.proper for t in edition.titles if t.value.kind in own]
    return [
        name for name in dict.fromkeys((one.romanised, *names)) if name and name not in (one.title, one.short_title)
    ]


def _agent(maker: Maker) -> dict[str, Any]:
    turned = f"{maker.given} {maker.family}" if maker.family else maker.name
    return {
        "@type": "Person" if maker.person else "Organization",
        "name": turned,
        "familyName": maker.family,
        "givenName": maker.given,
        "alternateName": maker.romanised,
    }


def _publisher(one: Reference) -> dict[str, Any]:
    if not one.publisher:
        return {}
    return {"@type": "Organization", "name": one.publisher, "location": one.place}


def _offer(
    edition: Edition, library: Library | None, code: str, language: str, answer: Answer | None
) -> dict[str, Any]:
    holdings: Sequence[Holding] = [one for one in edition.holdings if one.library == code]
    standing = tally(answer).standing if answer is not None else None
    state = _AVAILABILITY.get(standing) if standing is not None else None
    return {
        "@type": "Offer",
        "businessFunction": "http://purl.org/goodrelations/v1#LeaseOut",
        "sku": next((one.call_number for one in holdings if one.call_number), ""),
        "availability": f"https://schema.org/{state}" if state else "",
        "offeredBy": {
            "@type": "Library",
            "name": library.label(language) if library else code,
            "url": library.homepage if library else "",
        },
    }


def _one_or_all(values: tuple[str, ...]) -> str | list[str]:
    return values[0] if len(values) == 1 else list(values)


def _stated(value: Any) -> Any:
    """A value without what is not stated in it."""
    if isinstance(value, dict):
        return {name: kept for name, one in value.items() if (kept := _stated(one)) not in _NOTHING}
    if isinstance(value, list):
        return [kept for one in value if (kept := _stated(one)) not in _NOTHING]
    return value

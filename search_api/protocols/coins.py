"""COinS: an OpenURL 1.0 context object in the title of an empty span, as Zotero and others find on pages.

Key/encoded-value formats for books and journals as registered, Dublin Core for everything else (Z39.88-2004).
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from search_api.protocols.reference import Reference

_BOOKS = frozenset({"book", "thesis"})


def context_object(one: Reference) -> str:
    """The query string of a reference; a template has still to escape it."""
    pairs = [("ctx_ver", "Z39.88-2004"), *_pairs(one)]
    return urlencode([(key, value) for key, value in pairs if value])


def _pairs(one: Reference) -> Iterator[tuple[str, str]]:
    dublin_core = one.kind.csl not in _BOOKS or one.kind.zotero not in ("", "thesis")
    if not dublin_core:
        dissertation = one.kind.zotero == "thesis"
        yield "rft_val_fmt", f"info:ofi/fmt:kev:mtx:{'dissertation' if dissertation else 'book'}"
        yield "rft.genre", "" if dissertation else "book"
        yield ("rft.title" if dissertation else "rft.btitle"), one.title
        yield ("rft.inst" if dissertation else "rft.pub"), one.publisher
        yield "rft.place", one.place
        yield "rft.edition", one.edition
        yield "rft.tpages", "" if one.pages is None else str(one.pages)
        for title, _ in one.series[:1]:
            yield "rft.series", title
    else:
        yield "rft_val_fmt", "info:ofi/fmt:kev:mtx:dc"
        yield "rft.type", one.kind.zotero or "document"
        yield "rft.title", one.title
        yield "rft.publisher", one.publisher
    yield "rft_id", one.url
    authors = one.by("author")
    if authors and authors[0].family and not dublin_core:
        yield "rft.aulast", authors[0].family
        yield "rft.aufirst", authors[0].given
        authors = authors[1:]
    for maker in authors:
        yield ("rft.creator" if dublin_core else "rft.au"), maker.name
    yield "rft.date", "" if one.year is None else str(one.year)
    for isbn in one.isbns[:1]:
        yield "rft.isbn", isbn
    for issn in one.issns[:1]:
        yield "rft.issn", issn
    yield "rft.language", "" if one.lang == "und" else one.lang

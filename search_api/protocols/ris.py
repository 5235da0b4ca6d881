"""RIS, as Zotero, EndNote, Mendeley and RefWorks read it: one tag a line, ``TY`` first, ``ER`` last, UTF-8."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from search_api.protocols.reference import Part, Reference

_TAGS: dict[Part, str] = {
    "author": "AU",
    "editor": "ED",
    "translator": "A4",
    "illustrator": "A4",
    "director": "A4",
    "performer": "A4",
    "contributor": "A4",
}
"""Part → tag. A4 is the subsidiary author: of a book the translator."""

_PUBLISHED_IN_PARTS = frozenset({"SER"})


def ris(references: Iterable[Reference]) -> str:
    """The references, with an empty line between."""
    return "\r\n".join("".join(f"{tag}  - {value}\r\n" for tag, value in _lines(one)) for one in references)


def _lines(one: Reference) -> Iterator[tuple[str, str]]:
    """Tags and values; a value never has a line break, which would begin another line."""
    for tag, value in _fields(one):
        text = " ".join(value.split())
        if text:
            yield tag, text
    yield "ER", ""


def _fields(one: Reference) -> Iterator[tuple[str, str]]:
    yield "TY", one.kind.ris
    yield "ID", one.id
    yield ("T2" if one.kind.ris in _PUBLISHED_IN_PARTS else "TI"), one.title
    if one.kind.ris in _PUBLISHED_IN_PARTS:
        yield "TI", one.title
    yield "TT", one.romanised
    for maker in one.makers:
        yield _TAGS[maker.part], maker.name
    yield "ET", one.edition
    yield "CY", one.place
    yield "PB", one.publisher
    yield "PY", "" if one.year is None else str(one.year)
    if one.goes_on or one.end_year:
        yield "Y2", one.years
    if one.kind.ris not in _PUBLISHED_IN_PARTS:
        for title, number in one.series[:1]:
            yield "T3", title
            yield "M1", number
    yield "SP", "" if one.pages is None else str(one.pages)
    for number in (*one.isbns, *one.issns):
        yield "SN", number
    yield "LA", "" if one.lang == "und" else one.lang
    yield "CN", one.call_number
    for subject in one.subjects:
        yield "KW", subject
    yield "AB", one.summary
    for note in one.notes:
        yield "N1", note
    yield "UR", one.url
    for link in one.links:
        yield "L2", link

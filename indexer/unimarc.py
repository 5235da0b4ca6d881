"""UNIMARC and CMARC bibliographic records → values of `Record`: one function per field.

Follows the UNIMARC Manual, Bibliographic Format, and 中國機讀編目格式 (third edition), which differs in details:
functions are words ($4 著), dynasties stand in $s, 681 is the Chinese classification, 805 the holdings, 770–772 the
original forms of names. Descriptive fields are here and the table of all; titles in `unimarc_titles`, codes in
`unimarc_coded`, names, subjects, numbers and links in `unimarc_access`.
"""

from __future__ import annotations

from collections.abc import Iterator

from indexer import unread_codes
from indexer.assemble import Fields, Source, assembler
from indexer.extents import pages as pages_in
from indexer.extents import volumes as volumes_in
from indexer.forms import unimarc_form
from indexer.marc import Field, Marc
from indexer.marc21 import described, imprints_of, texts
from indexer.record import Holding, Imprint, Record, Series
from indexer.text import trim_isbd
from indexer.unimarc_access import (
    AGENT_TAGS,
    CLASSIFICATION_TAGS,
    IDENTIFIER_TAGS,
    SUBJECT_TAGS,
    agents,
    classifications,
    identifiers,
    links,
    subjects,
)
from indexer.unimarc_coded import (
    audience,
    copyright_year,
    country,
    intermediate_languages,
    languages,
    original_languages,
    original_year,
    subtitle_languages,
    years,
)
from indexer.unimarc_scripts import pairs
from indexer.unimarc_titles import TAGS as TITLE_TAGS
from indexer.unimarc_titles import embedded, responsibility, titles

_NOTES = (
    *("207", "300", "301", "302", "303", "304", "305", "306", "307", "308", "310", "311", "312", "313", "314", "315"),
    *("316", "317", "318", "320", "321", "322", "323", "324", "325", "326", "328", "332", "333", "334", "336", "337"),
)


def edition(marc: Marc) -> str:
    """The edition statements of 205."""
    return "; ".join(filter(None, (trim_isbd(field.joined("ab")) for field, _ in pairs(marc, "205"))))


def imprints(marc: Marc) -> tuple[Imprint, ...]:
    """Who published it where and when: 210, or 214 by the function in its second indicator (4: a copyright date)."""
    stated = [pair for pair in pairs(marc, "214") if pair[0].ind2 != "4"]
    stated.sort(key=lambda pair: pair[0].ind2)
    return tuple(
        imprint
        for field, romanised in (*pairs(marc, "210"), *stated)
        for imprint in imprints_of(field, "a", "c", "d", romanised)
    )


def extent(marc: Marc) -> str:
    """The physical description of 215 as one text: extent : other details ; size + accompanying material."""
    return "; ".join(filter(None, (described(field, "c", "d", "e") for field, _ in pairs(marc, "215"))))


def pages(marc: Marc) -> int | None:
    """The main page number of the first 215 $a that counts pages."""
    return next((number for field in marc.fields("215") if (number := pages_in(field.joined("a")))), None)


def volumes(marc: Marc) -> int | None:
    """How many volumes the first 215 $a states that counts them."""
    return next((number for field in marc.fields("215") if (number := volumes_in(field.joined("a")))), None)


def series(marc: Marc) -> tuple[Series, ...]:
    """The series of 225; where there is none those of 410 and 411, else the set it is a volume of (461, 462)."""
    found = [one for field, romanised in pairs(marc, "225") for one in _stated_series(field, romanised, marc)]
    found = found or _linked_series(marc, "410", "411")
    if not found and marc.leader[7] != "a":  # of a part of a journal it is what the part is in
        found = _linked_series(marc, "461", "462")
    return tuple(dict.fromkeys(one for one in found if one.title))


def _stated_series(field: Field, romanised: Field | None, marc: Marc) -> Iterator[Series]:
    """The series of a 225 with its other forms, and its titles in other languages ($d), each with the same number."""
    number = trim_isbd(field.joined("v"))
    yield Series(_series_title(field), number, _series_title(romanised), _series_title(marc.reading(field)))
    yield from (Series(trim_isbd(title), number) for title in field.all("d"))


def _series_title(field: Field | None) -> str:
    return " ".join(map(trim_isbd, field.all("ahi"))) if field else ""


def _linked_series(marc: Marc, *tags: str) -> list[Series]:
    titles = ((field, embedded(field, "200") or field) for field, _ in pairs(marc, *tags))
    return [
        Series(trim_isbd(title.first("t") or title.first("a")), trim_isbd(title.first("v") or field.first("v")))
        for field, title in titles
    ]


def notes(marc: Marc) -> tuple[str, ...]:
    """The notes of 300–337 except contents and summary, in the order of their tags."""
    return texts(field.joined("abcdefgz") for field, _ in pairs(marc, *_NOTES))


def summary(marc: Marc) -> str:
    """The summaries of 330."""
    return " ".join(texts(field.joined("a") for field, _ in pairs(marc, "330")))


def contents(marc: Marc) -> str:
    """The contents notes of 327, in CMARC with the number of each part ($v); the table of contents of 359."""
    listed = (" -- ".join(field.all("bcdefghi")) for field, _ in pairs(marc, "359"))
    return " ".join(texts((*(field.joined("abcdefghiv") for field, _ in pairs(marc, "327")), *listed)))


_DATES = ("100", "210", "214")
_FORM = (
    *("LDR", "106", "110", "115", "130", "135", "105", "215", "200", "204", "205", "328", "300", "010", "461", "463"),
    *("608", "606", "610", "681", "320", "100", "333"),
)
FIELDS: Fields = {
    "titles": Source(titles, TITLE_TAGS),
    "responsibility": Source(responsibility, ("200",)),
    "agents": Source(agents, AGENT_TAGS),
    "edition": Source(edition, ("205",)),
    "imprints": Source(imprints, ("210", "214")),
    "year": Source(years, _DATES, "start"),
    "end_year": Source(years, _DATES, "end"),
    "year_questionable": Source(years, _DATES, "questionable"),
    "copyright_year": Source(copyright_year, ("214", "210", "100")),
    "original_year": Source(original_year, ("454", "455", "100", "210", "214")),
    "extent": Source(extent, ("215",)),
    "pages": Source(pages, ("215",)),
    "volumes": Source(volumes, ("215",)),
    "series": Source(series, ("225", "410", "411", "461", "462")),
    "notes": Source(notes, _NOTES),
    "summary": Source(summary, ("330",)),
    "contents": Source(contents, ("327", "359")),
    "subjects": Source(subjects, SUBJECT_TAGS),
    "classifications": Source(classifications, CLASSIFICATION_TAGS),
    "identifiers": Source(identifiers, IDENTIFIER_TAGS),
    "languages": Source(languages, ("101",)),
    "original_languages": Source(original_languages, ("101",)),
    "subtitle_languages": Source(subtitle_languages, ("101",)),
    "intermediate_languages": Source(intermediate_languages, ("101",)),
    "country": Source(country, ("102",)),
    "audience": Source(audience, ("100", "333")),
    "format": Source(unimarc_form, _FORM, "format"),
    "carrier": Source(unimarc_form, _FORM, "carrier"),
    "links": Source(links, ("856", "017", *_FORM)),
    "unread_codes": Source(unread_codes.of_unimarc, unread_codes.UNIMARC_TAGS),
}
"""Every value of a record and where it is read."""
_values = assembler(FIELDS)


def record(marc: Marc, library: str, identifier: str, local_id: str, held: tuple[Holding, ...]) -> Record:
    """Everything that a UNIMARC or CMARC record says, as a `Record`; ``held`` is what `holdings` found in it."""
    return Record(library, identifier, local_id, "unimarc", holdings=held, **_values(marc))

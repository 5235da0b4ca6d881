"""MARC21 bibliographic records → `Record`: one function per field, by the MARC 21 Format for Bibliographic Data.

Each takes the record apart into one kind of value and returns it empty where the record has none. Where a field has a
linked 880, the original script is the value and the romanised form stands beside it. Descriptive fields are here and
the table of all; titles in `marc21_titles`, codes in `marc21_coded`, numbers in `marc21_numbers`, names, subjects and
links in `marc21_access`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from indexer import unread_codes
from indexer.assemble import Fields, Source, assembler
from indexer.date_parts import is_blank_form
from indexer.extents import pages as pages_in
from indexer.extents import volumes as volumes_in
from indexer.forms import marc21_form
from indexer.marc import Field, Marc
from indexer.marc21_access import (
    AGENT_TAGS,
    CLASSIFICATION_TAGS,
    SUBJECT_TAGS,
    agents,
    classifications,
    links,
    subjects,
)
from indexer.marc21_coded import (
    audience,
    country,
    dates,
    intermediate_languages,
    languages,
    original_languages,
    subtitle_languages,
)
from indexer.marc21_numbers import TAGS as IDENTIFIER_TAGS
from indexer.marc21_numbers import identifiers
from indexer.marc21_titles import TAGS as TITLE_TAGS
from indexer.marc21_titles import responsibility, titles
from indexer.record import Holding, Imprint, Record, Series
from indexer.remembered import remembered
from indexer.text import fold, has_han, trim_isbd

_FUNCTIONS = "1 023"  # 264 second indicator: publication, not said, production, distribution, manufacture
_NUMBERED = re.compile(r"(.+?)\s*;\s*([^;]*\d[^;]*)")
_NOTES = (
    *("310", "321"),
    *("362", "500", "501", "502", "503", "504", "506", "507", "508", "511", "513", "515", "516", "518", "521", "522"),
    *("525", "526", "530", "533", "534", "536", "538", "540", "545", "546", "547", "550", "555", "580", "581", "585"),
    *("586", "588"),
)


def edition(marc: Marc) -> str:
    """The edition statements of 250."""
    return "; ".join(filter(None, (trim_isbd(field.joined("ab")) for field, _ in marc.pairs("250"))))


def imprints(marc: Marc) -> tuple[Imprint, ...]:
    """Who published it where and when, publication before distribution and manufacture: 264 by second indicator, 260.

    264 with indicator 4 holds a copyright date, which is no imprint.
    """
    stated = [pair for pair in marc.pairs("264") if pair[0].ind2 != "4"]
    if len(stated) > 1:
        stated.sort(key=lambda pair: _FUNCTIONS.index(pair[0].ind2) if pair[0].ind2 in _FUNCTIONS else len(_FUNCTIONS))
    stated += marc.pairs("260")
    if len(stated) == 1:
        return imprints_of(stated[0][0], "a", "b", "c", stated[0][1])
    return tuple(imprint for field, romanised in stated for imprint in imprints_of(field, "a", "b", "c", romanised))


@remembered
def _trimmed(text: str) -> str:
    return trim_isbd(text.strip())


def imprints_of(
    field: Field, place: str, publisher: str, date: str, romanised: Field | None = None
) -> tuple[Imprint, ...]:
    """The imprints of one field: a place after a publisher begins the next, the date belongs to the first."""
    groups: list[tuple[list[str], list[str]]] = [([], [])]
    for code, text in field.subfields:
        if code == place:
            if groups[-1][1]:
                groups.append(([], []))
            groups[-1][0].append(_trimmed(text))
        elif code == publisher:
            groups[-1][1].append(_trimmed(text))
    dates = trim_isbd(field.joined(date))
    dates = "" if is_blank_form(dates) else dates
    beside = " ".join(map(trim_isbd, romanised.all(place + publisher))) if romanised else ""
    found: list[Imprint] = []
    for places, publishers in groups:
        names, publisher_names = "; ".join(filter(None, places)), "; ".join(filter(None, publishers))
        if names or publisher_names or dates:
            found.append(Imprint(names, publisher_names, dates, beside))
        dates = beside = ""
    return tuple(found)


class Extent(NamedTuple):
    """How long a thing is: as described, and the pages and volumes counted there."""

    described: str = ""
    pages: int | None = None
    volumes: int | None = None


def extents(marc: Marc) -> Extent:
    """`extent`, `pages` and `volumes`, read at once."""
    fields = marc.fields("300")
    if len(fields) == 1 and not marc.has_other_forms:
        return _extent_of(fields[0])
    return Extent(extent(marc), pages(marc), volumes(marc))


def extent(marc: Marc) -> str:
    """The physical description of 300 as one text: extent : other details ; size + accompanying material."""
    return "; ".join(filter(None, (_extent_of(field).described for field, _ in marc.pairs("300"))))


def pages(marc: Marc) -> int | None:
    """The main page number of the first 300 $a that counts pages."""
    return next((number for field in marc.fields("300") if (number := _extent_of(field).pages)), None)


def volumes(marc: Marc) -> int | None:
    """How many volumes the first 300 $a states that counts them."""
    return next((number for field in marc.fields("300") if (number := _extent_of(field).volumes)), None)


@remembered
def _extent_of(field: Field) -> Extent:
    text = field.joined("a")
    return Extent(described(field, "b", "c", "e"), pages_in(text), volumes_in(text))


def described(field: Field, details: str, size: str, with_it: str) -> str:
    """A physical description with ISBD punctuation put back, however it was typed."""
    text = trim_isbd(field.joined("a"))
    for code, mark in ((details, " : "), (size, " ; "), (with_it, " + ")):
        if part := trim_isbd(field.joined(code)):
            text = f"{text}{mark}{part}" if text else part
    return text


def series(marc: Marc) -> tuple[Series, ...]:
    """The series as on the piece (490, 440), then the traced forms (830, 800–811) that say something else.

    A parallel title is a series of its own with the same number; a romanised form, or a reading, stands beside its own.
    """
    found: dict[str, Series] = {}
    for field, romanised in marc.pairs("490", "440", "830"):
        stated = _series_of(field)
        beside = _series_of(romanised) if romanised else ()
        reading = marc.reading(field)
        read = _series_of(reading) if reading else ()
        for at, one in enumerate(stated):
            other = beside[at].title if len(beside) == len(stated) and not has_han(beside[at].title) else ""
            kana = read[at].title if len(read) == len(stated) else ""
            _add_series(found, replace(one, romanised=other, reading=kana) if other or kana else one)
    for field, romanised in marc.pairs("800", "810", "811"):
        other = trim_isbd(romanised.joined("tnp")) if romanised else ""
        kana = trim_isbd(reading.joined("tnp")) if (reading := marc.reading(field)) else ""
        _add_series(found, Series(trim_isbd(field.joined("tnp")), trim_isbd(field.joined("v")), other, kana))
    return tuple(found.values())


@remembered
def _series_of(field: Field) -> tuple[Series, ...]:
    """The series of a field with their numbers: a second $a is a subseries, or after ``=`` the title in another
    language, which has the number of the first."""
    titles: list[list[str]] = []
    numbers: list[list[str]] = []
    parallel: list[bool] = []
    before = ""
    for code, value in field.texts:
        if code == "a":
            titles.append([])
            numbers.append([])
            parallel.append(before.endswith("=") or value[0] == "=")
        if titles and code in "anp":
            titles[-1].append(value)
        elif titles and code == "v":
            numbers[-1].append(trim_isbd(value))
        before = value
    found: list[Series] = []
    for words, counted, is_parallel in zip(titles, numbers, parallel, strict=True):
        for at, title in enumerate(" ".join(words).split(" = ")):
            one = _with_number(trim_isbd(title), "; ".join(filter(None, counted)))
            if (is_parallel or at) and found:
                found[-1] = replace(found[-1], number=found[-1].number or one.number)
                one = replace(one, number=one.number or found[-1].number)
            found.append(one)
    return tuple(found)


def _with_number(title: str, number: str) -> Series:
    if not number and (counted := _NUMBERED.fullmatch(title)):
        title, number = counted.groups()  # records of before 1990 have the number in $a
    return Series(title, number)


def _add_series(found: dict[str, Series], one: Series) -> None:
    key = fold(one.title)
    if not key:
        return
    if (known := found.get(key)) is None:
        found[key] = one
    elif any(new and not old for new, old in zip(_told(one), _told(known), strict=True)):
        found[key] = Series(known.title, *(old or new for new, old in zip(_told(one), _told(known), strict=True)))


def _told(one: Series) -> tuple[str, str, str]:
    return one.number, one.romanised, one.reading


def notes(marc: Marc) -> tuple[str, ...]:
    """The notes for readers, in the order of their tags; local ones (59X) are not for other libraries.

    An 880 that does not say which field it is of comes last: it can still be found.
    """
    found = [field.joined("pabcefklnot" if field.tag == "534" else "3abcdegnoz") for field, _ in marc.pairs(*_NOTES)]
    found.extend(" ".join(text for code, text in field.subfields if code.isalpha()) for field in marc.orphans)
    return texts(found)


def summary(marc: Marc) -> str:
    """The summaries of 520."""
    return " ".join(texts(field.joined("ab") for field, _ in marc.pairs("520")))


def contents(marc: Marc) -> str:
    """The contents notes of 505, formatted or enhanced ($t, $r, $g)."""
    return " ".join(texts(field.joined("agrt") for field, _ in marc.pairs("505")))


def texts(values: Iterable[str]) -> tuple[str, ...]:
    """The values that are not empty, each once."""
    return tuple(dict.fromkeys(filter(None, values)))


_DATES = ("008", "264", "260")
_FORM = (
    *("LDR", "007", "008", "006", "338", "336", "300", "340", "245", "533", "250", "502", "020", "773"),
    *("655", "650", "653", "521", "385", "084", "504", "538", "347"),
)
FIELDS: Fields = {
    "titles": Source(titles, TITLE_TAGS),
    "responsibility": Source(responsibility, ("245",)),
    "agents": Source(agents, AGENT_TAGS),
    "edition": Source(edition, ("250",)),
    "imprints": Source(imprints, ("264", "260")),
    "year": Source(dates, _DATES, "start"),
    "end_year": Source(dates, _DATES, "end"),
    "year_questionable": Source(dates, _DATES, "questionable"),
    "copyright_year": Source(dates, ("264", "260", "008"), "copyright"),
    "original_year": Source(dates, ("534", "765", "008", "264", "260"), "original"),
    "extent": Source(extents, ("300",), "described"),
    "pages": Source(extents, ("300",), "pages"),
    "volumes": Source(extents, ("300",), "volumes"),
    "series": Source(series, ("490", "440", "830", "800", "810", "811")),
    "notes": Source(notes, (*_NOTES, "880")),
    "summary": Source(summary, ("520",)),
    "contents": Source(contents, ("505",)),
    "subjects": Source(subjects, SUBJECT_TAGS),
    "classifications": Source(classifications, CLASSIFICATION_TAGS),
    "identifiers": Source(identifiers, IDENTIFIER_TAGS),
    "languages": Source(languages, ("008", "041")),
    "original_languages": Source(original_languages, ("041",)),
    "subtitle_languages": Source(subtitle_languages, ("041",)),
    "intermediate_languages": Source(intermediate_languages, ("041",)),
    "country": Source(country, ("008", "044")),
    "audience": Source(audience, ("LDR", "008", "006", "521", "385")),
    "format": Source(marc21_form, _FORM, "format"),
    "carrier": Source(marc21_form, _FORM, "carrier"),
    "links": Source(links, ("856", "024", *_FORM)),  # an e-book's own address is its text
    "unread_codes": Source(unread_codes.of_marc21, unread_codes.MARC21_TAGS),
}
"""Every value of a record and where it is read."""
_values = assembler(FIELDS)


def record(marc: Marc, library: str, identifier: str, local_id: str, held: tuple[Holding, ...]) -> Record:
    """Everything that a MARC21 record says, as a `Record`; ``held`` is what `holdings` found in it."""
    return Record(library, identifier, local_id, "marc21", holdings=held, **_values(marc))

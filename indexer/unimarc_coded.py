"""What UNIMARC and CMARC say in codes, or would: years, languages, country, audience. One function per field."""

from __future__ import annotations

from collections.abc import Iterator

from indexer import audiences
from indexer.dates import (
    Years,
    copyright_printed,
    original_printed,
    over_time,
    second_coded,
    years_coded_unimarc,
    years_printed,
)
from indexer.marc import Field, Marc
from indexer.marc21_coded import OF_COUNTRIES, believed, known_languages, split_codes
from indexer.unimarc_titles import embedded
from mappings.table import load_table

_COUNTRIES = load_table("countries")


def years(marc: Marc) -> Years:
    """When it was published: 100 $a/8-16, else 210 and 214 $d; unknown stays unknown.

    A year coded as certain is questionable where the date as printed doubts it.
    """
    coded = years_coded_unimarc(_general(marc))
    if coded.start is None and any(field.ind1 in "01" for field in marc.fields("210")):
        return over_time(map(years_printed, _dates_printed(marc)))  # one publisher after the other
    printed = next((found for text in _dates_printed(marc) if (found := years_printed(text)).start), Years())
    return believed(coded, printed)


def _dates_printed(marc: Marc) -> Iterator[str]:
    """The dates of 210 and 214, those of records that hold 880 too."""
    return (field.joined("d") for pair in marc.pairs("210", "214") for field in pair if field)


def copyright_year(marc: Marc) -> int | None:
    """The year of copyright: 214 with second indicator 4, a date with ``c`` or ©, else 100 of a type that has one (h).

    None when none is stated.
    """
    for pair in marc.pairs("214"):
        for field in pair if pair[0].ind2 == "4" else ():
            if field and (printed := years_printed(field.joined("d")).start):
                return printed
    stated = map(copyright_printed, _dates_printed(marc))
    general = _general(marc)
    return next(filter(None, stated), None) or second_coded("h", general[8:9], general[13:17])


def original_year(marc: Marc) -> int | None:
    """When what this reproduces or translates was first published: 454 and 455 $d, 100 of a reproduction (e), else
    210 and 214 $d of a facsimile (影印).

    None when it is not stated.
    """
    for field in marc.fields("454", "455"):
        imprint = embedded(field, "210")
        stated = imprint.joined("d") if imprint else "" if field.first("1") else field.joined("d")
        if year := years_printed(stated).start:
            return year
    general = _general(marc)
    if coded := second_coded("e", general[8:9], general[13:17]):
        return coded
    return next(filter(None, map(original_printed, _dates_printed(marc))), None)


def languages(marc: Marc) -> tuple[str, ...]:
    """The languages of the text: 101 $a. Undetermined ones are left out."""
    return _of_101(marc, "a")


def original_languages(marc: Marc) -> tuple[str, ...]:
    """The languages it was first written in: 101 $c. Those of a translation in between stand apart."""
    return _of_101(marc, "c")


def intermediate_languages(marc: Marc) -> tuple[str, ...]:
    """The languages of the translations it was translated from: 101 $b."""
    return _of_101(marc, "b")


def subtitle_languages(marc: Marc) -> tuple[str, ...]:
    """The languages of subtitles: 101 $j."""
    return _of_101(marc, "j")


def _of_101(marc: Marc, codes: str) -> tuple[str, ...]:
    written = ([text.strip(" .") for text in field.all(codes)] for field in marc.fields("101"))
    stated = (code for texts in written for code in split_codes(texts))
    return known_languages(code for code in stated if code.lower() not in OF_COUNTRIES)


def country(marc: Marc) -> str:
    """The MARC country code for the first 102 $a that is one of ISO 3166; "" when none is stated or known."""
    codes = (code.strip(" .").lower() for field in marc.fields("102") for code in field.all("a"))
    return next((known for code in codes if (known := _COUNTRIES.sources["unimarc"].get(code))), "")


def audience(marc: Marc) -> tuple[str, ...]:
    """For whom it is meant: 100 $a/17-19, then what 333 says in words; () when not stated."""
    found = audiences.coded_unimarc(_general(marc)[17:20])
    for field, _ in marc.pairs("333"):
        found.extend(audiences.in_words(field.first("a")))
    return tuple(dict.fromkeys(found))


def _general(marc: Marc) -> str:
    """The uncleaned general processing data of 100 $a: its positions count."""
    field: Field | None = marc.field("100")
    return next((value for code, value in field.subfields if code == "a"), "") if field else ""

"""What MARC21 records say in codes, or would: years, languages, country, audience. One function per field."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from indexer import audiences
from indexer.dates import (
    Years,
    copyright_printed,
    original_printed,
    over_time,
    second_coded,
    years_coded,
    years_printed,
)
from indexer.marc import Field, Marc
from indexer.remembered import remembered
from mappings.table import load_table

_BETWEEN_CODES = re.compile(r"[\s,;/|()\[\]]+")
_COUNTRIES = load_table("countries")
_LANGUAGE_TABLE = load_table("languages")
_LANGUAGES = frozenset(_LANGUAGE_TABLE.labels)
_LANGUAGES_ELSEWHERE = _LANGUAGE_TABLE.sources["iso"]
LANGUAGE_NAMES = {name.lower(): code for code, names in _LANGUAGE_TABLE.labels.items() for name in names.values()}
"""What languages are called in every interface language, in lower case → their codes."""
LANGUAGE_NAMES |= {"華文": "chi", "漢語": "chi", "正體中文": "chi", "繁體中文": "chi", "簡體中文": "chi"}
OF_COUNTRIES = frozenset({"br", "ch", "kr", "my", "se", "sg", "tw"})
"""ISO 639-1 codes of small languages that cataloguers write for the languages of the countries with these codes."""
_FUNCTIONS = (*"1 023", "4")  # 264 second indicator, the copyright date last
_OF_IMPRINTS = frozenset({"264", "260"})
_OF_READERS = frozenset({"521", "385"})
_OF_REPRODUCED = frozenset({"534", "765"})
AUDIENCE_CODED = frozenset("acdgijkmort")  # leader/06 of the materials that have 008/22


class Dates(NamedTuple):
    """Every year that a record states: `years`, `copyright_year` and `original_year`, read at once."""

    start: int | None
    end: int | None
    questionable: bool
    copyright: int | None
    original: int | None


class _Stated(NamedTuple):
    """What the years of a record are read from. Whole records share it, who share no imprint."""

    coded: str  # 008/06-14
    printed: tuple[str, ...]  # 264 and 260 $c, in the order they are believed
    several: bool  # imprints of one publisher after the other
    copyright: tuple[str, ...]  # $c of a 264 that holds a copyright date
    reproduced: tuple[str, ...]  # 534 $c, 765 $d


def dates(marc: Marc) -> Dates:
    """When it was published, and what else has a year: of copyright, of what it reproduces."""
    return _dates(_stated(marc))


def years(marc: Marc) -> Years:
    """When it was published: 008/06-14, else 264 and 260 $c, else the copyright date; unknown stays unknown.

    A year coded as certain is questionable where the date as printed doubts it: codes have no sign for ``[2004?]``.
    """
    return _years(_stated(marc))


def copyright_year(marc: Marc) -> int | None:
    """The year of copyright: 264 with second indicator 4, a date with ``c`` or ©, else 008 of a type that has one (t).

    None when none is stated.
    """
    return _copyright_year(_stated(marc))


def original_year(marc: Marc) -> int | None:
    """When what this reproduces or translates was first published: 534 $c, 765 $d, 008 of a reprint (r), else 264 and
    260 $c of a facsimile (影印).

    None when it is not stated.
    """
    return _original_year(_stated(marc))


def _stated(marc: Marc) -> _Stated:
    printed: list[str] = []
    copyrighted: list[str] = []
    several = False
    if marc.has_any(_OF_IMPRINTS):
        traced = list(marc.pairs("264"))
        for function in _FUNCTIONS if len(traced) > 1 else [pair[0].ind2 for pair in traced]:
            texts = [field.joined("c") for pair in traced if pair[0].ind2 == function for field in pair if field]
            printed += texts if function in _FUNCTIONS else ()
            if function == "4":
                copyrighted = texts
        printed += [field.joined("c") for pair in marc.pairs("260") for field in pair if field]
        several = any(field.ind1 in "23" for field in marc.fields("264", "260"))
    reproduced: list[str] = []
    if marc.has_any(_OF_REPRODUCED):
        pairs = marc.pairs("534", "765")
        reproduced = [field.joined("c" if field.tag == "534" else "d") for pair in pairs for field in pair if field]
    coded = marc.control("008")[6:15]
    return _Stated(coded, tuple(printed), several, tuple(copyrighted), tuple(reproduced))


@remembered
def _dates(stated: _Stated) -> Dates:
    return Dates(*_years(stated), _copyright_year(stated), _original_year(stated))


def _years(stated: _Stated) -> Years:
    fixed = stated.coded
    coded = years_coded(fixed[:1], fixed[1:5], fixed[5:9]) if len(fixed) == 9 else Years()
    if coded.start is None and stated.several:
        return over_time(map(years_printed, stated.printed))  # the current publisher's comes first, or last
    printed = next((found for text in stated.printed if (found := years_printed(text)).start), Years())
    return believed(coded, printed)


def believed(coded: Years, printed: Years) -> Years:
    """The coded years before the printed ones, with the doubts of those."""
    if coded.start is None:
        return printed
    doubted = coded.questionable or (printed.questionable and printed.start == coded.start)
    return coded._replace(questionable=doubted)


def _copyright_year(stated: _Stated) -> int | None:
    if found := next(filter(None, (years_printed(text).start for text in stated.copyright)), None):
        return found
    printed = next(filter(None, map(copyright_printed, stated.printed)), None)
    return printed or second_coded("t", stated.coded[:1], stated.coded[5:9])


def _original_year(stated: _Stated) -> int | None:
    if found := next(filter(None, (years_printed(text).start for text in stated.reproduced)), None):
        return found
    coded = second_coded("r", stated.coded[:1], stated.coded[5:9])
    return coded or next(filter(None, map(original_printed, stated.printed)), None)


def languages(marc: Marc) -> tuple[str, ...]:
    """The languages of the text: 008/35-37 first, then 041 $a and $d. Undetermined ones are left out."""
    coded = marc.control("008")[35:38]
    found = known_languages((coded, *_of_041(marc, "ad")) if marc.has("041") else (coded,))
    return found[1:] if len(found) > 1 and found[0] == "mul" else found  # several, which 041 names


def original_languages(marc: Marc) -> tuple[str, ...]:
    """The languages it was first written in: 041 $h. Those of a translation in between stand apart."""
    return known_languages(_of_041(marc, "h"))


def intermediate_languages(marc: Marc) -> tuple[str, ...]:
    """The languages of the translations it was translated from: 041 $k."""
    return known_languages(_of_041(marc, "k"))


def subtitle_languages(marc: Marc) -> tuple[str, ...]:
    """The languages of subtitles (041 $j) and captions ($p)."""
    return known_languages(_of_041(marc, "jp"))


def _of_041(marc: Marc, codes: str) -> Iterator[str]:
    for field in marc.fields("041"):
        # Two letters are no code of MARC's: which are meant is not guessed where a country has the same.
        doubted = OF_COUNTRIES if field.ind2 != "7" else frozenset()
        yield from (code for code in split_codes(field.all(codes)) if code.strip(" .,").lower() not in doubted)


def split_codes(values: Iterable[str]) -> Iterator[str]:
    """Language codes one by one; older records write them together (``engfre``)."""
    for value in values:
        # A locale (zh-TW) begins with its language; what follows is none.
        codes = (value,) if value.isalpha() else [code.partition("-")[0] for code in _BETWEEN_CODES.split(value)]
        for code in codes:
            if len(code) % 3 == 0 and code.isalpha():
                yield from (code[at : at + 3] for at in range(0, len(code), 3))
            else:
                yield code


def known_languages(codes: Iterable[str]) -> tuple[str, ...]:
    """The codes as MARC codes, each once; ISO 639-1, names and withdrawn ones translated, fill and nonsense left
    out."""
    return _known_languages(tuple(codes))


@remembered
def _known_languages(codes: tuple[str, ...]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for written in codes:
        code = written.strip(" .,;|").lower()
        if code not in _LANGUAGES:
            code = _LANGUAGES_ELSEWHERE.get(code) or LANGUAGE_NAMES.get(code, code)
        if len(code) == 3 and code.isascii() and code.isalpha() and code != "und":
            found[code] = None
    return tuple(found)


_DISCONTINUED = {"us": "xxu", "uk": "xxk"}  # codes of whole countries that MARC had; cn was Canada, and is ISO's China


def country(marc: Marc) -> str:
    """The MARC country code of 008/15-17, else of 044 $a or for its ISO code ($c); "" when not stated."""
    code = marc.control("008")[15:18].strip(" |#\\").lower()
    code = _DISCONTINUED.get(code, code)
    if code in ("", "xx"):
        code = next(filter(None, (_country_of(field) for field in marc.fields("044"))), code)
    if code == "xx":
        return ""  # not known
    return code if 2 <= len(code) <= 3 and code.isalpha() else ""


def _country_of(field: Field) -> str:
    stated = (code.lower() for code in field.all("a"))
    iso = (_COUNTRIES.sources["unimarc"].get(code.lower()[:2], "") for code in field.all("c"))
    return next((code for code in (*stated, *iso) if code in _COUNTRIES.labels), "")


def audience(marc: Marc) -> tuple[str, ...]:
    """For whom it is meant: 008/22 and 006/05, then what 521 and 385 say in words; () when not stated."""
    codes = [more[5:6] for more in marc.controls("006") if more[:1] in AUDIENCE_CODED]
    if marc.leader[6] in AUDIENCE_CODED and marc.leader[7] not in "sib":
        codes.insert(0, marc.control("008")[22:23])
    found = audiences.coded_marc21(codes)
    if not marc.has_any(_OF_READERS):
        return tuple(dict.fromkeys(found))
    for field, _ in marc.pairs("521"):
        found.extend(audiences.in_words(f"{'age ' if field.ind1 == '1' else ''}{field.first('a')}"))
    for field, _ in marc.pairs("385"):
        of_age = "age " if "age" in (field.first("n").lower(), field.first("m").lower()) else ""
        for text in field.all("a") or field.all("b"):
            found.extend(audiences.in_words(f"{of_age}{text}"))
    return tuple(dict.fromkeys(found))

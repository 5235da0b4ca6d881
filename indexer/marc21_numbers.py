"""MARC21's numbers: of editions, of records, of governments. One function for each kind of field."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from indexer import identifiers as numbers
from indexer import linked_numbers
from indexer.marc import Field, Marc
from indexer.record import Identifier

TAGS = (
    *("020", "022", "024", "010", "035", "019", "001", "003", "015"),
    *("016", "017", "027", "028", "030", "037", "088", "086", "500"),
    *linked_numbers.MARC21_TAGS,
)
_LINKING = frozenset(linked_numbers.MARC21_TAGS)


def identifiers(marc: Marc) -> tuple[Identifier, ...]:
    """The numbers that name it: ISBN, ISSN, ISMN, LCCN, OCLC and national numbers, wrong and cancelled ones marked.

    Those of what it is linked with come last, marked as such: it is found by them and not matched by them.
    """
    found = [number for tags, read in _NUMBERS_IN if not tags or marc.has_any(tags) for number in read(marc)]
    if marc.has_any(_LINKING):
        found.extend(linked_numbers.linked_numbers(marc.fields(*linked_numbers.MARC21_TAGS), "z", found))
    return tuple(dict.fromkeys(found) if len(found) > 1 else found)


def _isbns(marc: Marc) -> Iterator[Identifier]:
    for field in _with_unlinked(marc, "020"):
        yield from numbers.isbns_of(field, "q")


def _with_unlinked(marc: Marc, tag: str) -> list[Field]:
    return [*marc.fields(tag), *marc.unlinked(tag)]


def _issns(marc: Marc) -> list[Identifier]:
    found: list[Identifier] = []
    for field in _with_unlinked(marc, "022"):
        for text in field.all("a"):
            found.extend(numbers.issns(text))
        for text in field.all("l"):
            found.extend(numbers.issns(text, kind="issn_l"))
        for text in field.all("yzm"):
            found.extend(numbers.issns(text, cancelled=True))
    return found


def _other_standard_numbers(marc: Marc) -> list[Identifier]:
    """024: an ISMN (first indicator 2), or an EAN (3) that is an ISMN or an ISBN; any other as ``(source)number``.

    DOIs are links, and GPN are read wherever they stand.
    """
    found: list[Identifier] = []
    for field in marc.fields("024"):
        source = field.first("2") if field.ind1 == "7" else _NUMBERS_BY_INDICATOR.get(field.ind1, "")
        for code, cancelled in (("a", False), ("z", True)):
            for text in field.all(code):
                if field.ind1 == "2" or (field.ind1 == "3" and text.startswith("9790")):
                    found.extend(numbers.ismns(text, cancelled=cancelled))
                elif field.ind1 == "3" and text.startswith(("978", "979")):
                    found.extend(number for number in numbers.isbns(text, cancelled=cancelled) if number.valid)
                elif source.lower() not in ("doi", "gpn"):
                    found.append(numbers.of_source(source, text, cancelled=cancelled))
    return found


_NUMBERS_BY_INDICATOR = {"0": "isrc", "1": "upc", "3": "ean", "4": "sici"}  # 024 first indicator


_SOURCES = {"027": "strn", "030": "coden"}


def _publishers_numbers(marc: Marc) -> Iterator[Identifier]:
    """Numbers of publishers of music and films (028) as ``(publisher)number``, CODEN (030), of reports (027, 088)."""
    for field in marc.fields("027", "028", "030", "088"):
        if field.tag == "027" and (_is_bare_gpn(field) or numbers.marks_gpn(field.first("a"))):
            continue  # `_government_publications` reads it
        source = field.first("b") if field.tag == "028" else _SOURCES.get(field.tag, "")
        for code in "az":
            yield from (numbers.of_source(source, text, cancelled=code == "z") for text in field.all(code))


def _lccns(marc: Marc) -> list[Identifier]:
    return [
        Identifier("lccn", number, valid=code == "a", cancelled=code == "z")
        for field in marc.fields("010")
        for code in "az"
        for text in field.all(code)
        if (number := numbers.lccn(text))
    ]


def _oclc_numbers(marc: Marc) -> list[Identifier]:
    """035 (OCoLC), and the control number itself where 003 says OCoLC or it carries OCLC's prefix.

    Numbers that OCLC has merged into it (019, 035 $z) are cancelled. 019 is local where nothing else is OCLC's.
    """
    found: list[Identifier] = []
    for field in marc.fields("035"):
        for code in "az":
            for text in field.all(code):
                if number := numbers.oclc_stated(text):
                    found.append(Identifier("oclc", number, valid=code == "a", cancelled=code == "z"))
    own = marc.control("001")
    number = numbers.oclc(own) if marc.control("003").strip() == "OCoLC" else numbers.oclc_control_number(own)
    if number:
        found.append(Identifier("oclc", number))
    if found:
        merged = (numbers.oclc(text) for field in marc.fields("019") for text in field.all("a"))
        found.extend(Identifier("oclc", number, valid=False, cancelled=True) for number in merged if number)
    return found


def _of_organisations(marc: Marc) -> Iterator[Identifier]:
    for field in marc.fields("035"):
        for code, text in field.subfields:
            if code in ("a", "z"):
                yield from numbers.of_organisation(text, cancelled=code == "z")


_WEEKLY_LIST = re.compile(r"\d\d,[A-Z]\d\d")  # Deutsche Nationalbibliografie: year, series, week, but no number


def _national_numbers(marc: Marc) -> list[Identifier]:
    """National bibliography (015), agency (016) and legal deposit (017) numbers, as ``(source)number``."""
    found = []
    for field in marc.fields("015", "016"):
        source = field.first("2") or ("CaOONL" if field.tag == "016" and field.ind1 == " " else "")
        for code in "az":
            for text in field.all(code):
                number = text.partition("(")[0].strip() or text
                if _WEEKLY_LIST.fullmatch(number) or sum(map(str.isdecimal, number)) < 3:
                    continue  # names a list of many records: as an identifier it would merge them all
                whole = f"({source}){number}" if source else number
                found.append(Identifier("national", whole, valid=code == "a", cancelled=code == "z"))
    for field in marc.fields("017"):
        if _names_gpn(field):
            continue  # `_government_publications` reads it
        office = field.first("b")
        found.extend(Identifier("national", f"({office}){text}" if office else text) for text in field.all("a"))
    return found


def _government_publications(marc: Marc) -> list[Identifier]:
    """政府出版品統一編號: where $2 names it, any number field or note that marks one, and 027, 037 or 086 of its form.

    Such a field names no other scheme or source.
    """
    found: list[Identifier] = []
    for field in marc.fields("020", "024", "017", "027", "037", "086", "500"):
        bare = field.tag in _GPN_BARE and _is_bare_gpn(field)
        if not bare and not numbers.marks_gpn(" ".join([text for _, text in field.subfields])):
            continue
        said = field.joined("abq" if field.tag == "037" else "aq") if field.tag != "500" else field.first("a")
        if bare or _names_gpn(field):
            said = f"GPN {said.upper().removeprefix('GPN')}"
        found.extend(numbers.gpns(said))
    return found


_GPN_BARE = frozenset({"027", "037", "086"})


def _names_gpn(field: Field) -> bool:
    return any(field.first(code).lower() == "gpn" for code in ("2", "b"))


def _is_bare_gpn(field: Field) -> bool:
    named = field.first("2") or (field.first("b") if field.tag == "037" else "")
    return field.ind1 == " " and not named and numbers.is_gpn(field.first("a"))


_NUMBERS_IN: tuple[tuple[frozenset[str], Callable[[Marc], Iterable[Identifier]]], ...] = (
    (frozenset({"020"}), _isbns),
    (frozenset({"022"}), _issns),
    (frozenset({"024"}), _other_standard_numbers),
    (frozenset({"027", "028", "030", "088"}), _publishers_numbers),
    (frozenset({"010"}), _lccns),
    (frozenset(), _oclc_numbers),
    (frozenset({"015", "016", "017"}), _national_numbers),
    (frozenset({"035"}), _of_organisations),
    (frozenset({"020", "024", "017", "027", "037", "086", "500"}), _government_publications),
)
"""What reads numbers, and the fields it is called for: nearly every record has one for `_oclc_numbers`."""

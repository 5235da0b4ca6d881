"""UNIMARC and CMARC bibliographic records → values of `Record`: one function per field.

Follows the UNIMARC Manual, Bibliographic Format, and 中國機讀編目格式 (third edition), which differs in details:
functions are words ($4 著), dynasties stand in $s, 681 is the Chinese classification, 805 the holdings. Titles,
descriptive fields and codes are here; names, subjects, numbers and links in `unimarc_access`.
"""

from __future__ import annotations

from indexer.assemble import Fields, Source, assembled
from indexer.dates import Years, years_coded_unimarc, years_printed
from indexer.extents import pages as pages_in
from indexer.extents import volumes as volumes_in
from indexer.forms import unimarc_form
from indexer.marc import Field, Marc
from indexer.marc21 import described, imprints_of, known_languages, split_codes, texts
from indexer.record import Holding, Imprint, Record, Series, Title
from indexer.text import is_romanised, trim_isbd
from indexer.unimarc_access import agents, classifications, identifiers, links, subjects
from mappings.table import load_table

_COUNTRIES = load_table("countries")

_RELATED_TITLES = {
    "500": "uniform",
    "503": "uniform",
    "510": "parallel",
    "512": "cover",
    "513": "variant",
    "514": "variant",
    "515": "variant",
    "516": "variant",
    "517": "variant",
    "518": "variant",
    "520": "former",
    "530": "variant",
    "531": "variant",
    "532": "variant",
    "540": "variant",
    "541": "parallel",
}
_LINKED_TITLES = {"430": "former", "431": "former", "434": "former", "454": "uniform", "423": "part"}
_NOTES = (
    *("300", "301", "302", "303", "304", "305", "306", "307", "308", "310", "311", "312", "313", "314", "315"),
    *("316", "317", "318", "320", "321", "322", "323", "324", "325", "326", "328", "333", "334", "336", "337"),
)


def titles(marc: Marc) -> tuple[Title, ...]:
    """Every title, the title proper first: 200 with its parallel titles ($d), 5XX, original and former ones (454, 430).

    A second 200 in Latin letters, or pinyin in $9, $A or $r, is the romanised form of the first.
    """
    found: list[Title] = []
    main, romanised = _in_both_scripts(marc, "200")
    if main is not None:
        found.append(_title_proper(main, romanised))
        found.extend(Title(text, kind="parallel") for text in map(trim_isbd, main.all("d")))
        found.extend(Title(text, kind="variant") for text in map(trim_isbd, main.all("a")[1:]))
    for field, _ in marc.pairs(*_RELATED_TITLES):
        found.append(_related_title(field, _RELATED_TITLES[field.tag], field.first("a")))
    for field in marc.fields(*_LINKED_TITLES):
        found.append(_related_title(field, _LINKED_TITLES[field.tag], field.first("t") or field.first("a")))
    return tuple(dict.fromkeys(title for title in found if title.proper))


def _in_both_scripts(marc: Marc, tag: str) -> tuple[Field | None, Field | None]:
    """The field in the script of the work, and beside it the one in Latin letters, where the record has both."""
    pairs = list(marc.pairs(tag))
    if not pairs:
        return None, None
    field, romanised = pairs[0]
    if romanised is None and len(pairs) > 1:
        vernacular = next((f for f, _ in pairs if not is_romanised(f.first("a"))), field)
        romanised = next((f for f, _ in pairs if f is not vernacular and is_romanised(f.first("a"))), None)
        field = vernacular if romanised else field
    return field, romanised


def _title_proper(field: Field, romanised: Field | None) -> Title:
    beside = romanised.joined("aehi") if romanised else field.first("9") or field.first("A") or field.first("r")
    return Title(
        proper=trim_isbd(field.first("a")),
        other=trim_isbd(" : ".join(map(trim_isbd, field.all("e")))),
        part_number=trim_isbd(field.joined("h")),
        part_name=trim_isbd(field.joined("i")),
        romanised=trim_isbd(beside) if is_romanised(beside) and not is_romanised(field.first("a")) else "",
    )


def _related_title(field: Field, kind: str, proper: str) -> Title:
    return Title(
        proper=trim_isbd(proper),
        other=trim_isbd(field.joined("e")),
        part_number=trim_isbd(field.joined("h")),
        part_name=trim_isbd(field.joined("i")),
        kind=kind,
    )


def responsibility(marc: Marc) -> str:
    """The statements of responsibility of 200: $f, then each $g."""
    field, _ = _in_both_scripts(marc, "200")
    return "; ".join(filter(None, map(trim_isbd, field.all("fg")))) if field else ""


def edition(marc: Marc) -> str:
    """The edition statements of 205."""
    return "; ".join(filter(None, (trim_isbd(field.joined("ab")) for field, _ in marc.pairs("205"))))


def imprints(marc: Marc) -> tuple[Imprint, ...]:
    """Who published it where and when: 210, or 214 by the function in its second indicator (4: a copyright date)."""
    stated = [pair for pair in marc.pairs("214") if pair[0].ind2 != "4"]
    stated.sort(key=lambda pair: pair[0].ind2)
    return tuple(
        imprint
        for field, romanised in (*marc.pairs("210"), *stated)
        for imprint in imprints_of(field, "a", "c", "d", romanised)
    )


def years(marc: Marc) -> Years:
    """When it was published: 100 $a/8-16, else 210 and 214 $d; unknown stays unknown."""
    general = marc.field("100")
    coded = years_coded_unimarc(next((v for c, v in general.subfields if c == "a"), "")) if general else Years()
    if coded.start:
        return coded
    printed = (years_printed(field.joined("d")) for field in marc.fields("210", "214"))
    return next((found for found in printed if found.start), Years())


def extent(marc: Marc) -> str:
    """The physical description of 215 as one text: extent : other details ; size + accompanying material."""
    return "; ".join(filter(None, (described(field, "c", "d", "e") for field, _ in marc.pairs("215"))))


def pages(marc: Marc) -> int | None:
    """The main page number of the first 215 $a that counts pages."""
    return next((number for field in marc.fields("215") if (number := pages_in(field.joined("a")))), None)


def volumes(marc: Marc) -> int | None:
    """How many volumes the first 215 $a states that counts them."""
    return next((number for field in marc.fields("215") if (number := volumes_in(field.joined("a")))), None)


def series(marc: Marc) -> tuple[Series, ...]:
    """The series of 225; those of 410 where the record has no 225."""
    found = [
        Series(" ".join(map(trim_isbd, field.all("ahi"))), trim_isbd(field.joined("v")))
        for field, _ in marc.pairs("225")
    ] or [
        Series(trim_isbd(field.first("t") or field.first("a")), trim_isbd(field.first("v")))
        for field in marc.fields("410")
    ]
    return tuple(dict.fromkeys(one for one in found if one.title))


def notes(marc: Marc) -> tuple[str, ...]:
    """The notes of 300–337 except contents and summary, in the order of their tags."""
    return texts(field.joined("abcdefgz") for field, _ in marc.pairs(*_NOTES))


def summary(marc: Marc) -> str:
    """The summaries of 330."""
    return " ".join(texts(field.joined("a") for field, _ in marc.pairs("330")))


def contents(marc: Marc) -> str:
    """The contents notes of 327, in CMARC with the number of each part ($v)."""
    return " ".join(texts(field.joined("abcdefghiv") for field, _ in marc.pairs("327")))


def languages(marc: Marc) -> tuple[str, ...]:
    """The languages of the text: 101 $a. Undetermined ones are left out."""
    return known_languages(code for field in marc.fields("101") for code in split_codes(_codes(field, "a")))


def original_languages(marc: Marc) -> tuple[str, ...]:
    """The languages it was translated from: 101 $c (of the original) and $b (of the text in between)."""
    return known_languages(code for field in marc.fields("101") for code in split_codes(_codes(field, "cb")))


def _codes(field: Field, codes: str) -> list[str]:
    return [text.strip(" .") for text in field.all(codes)]


def country(marc: Marc) -> str:
    """The MARC country code for 102 $a, which is ISO 3166; "" when not stated or not known."""
    field = marc.field("102")
    code = field.first("a").strip(" .").lower() if field else ""
    return _COUNTRIES.sources["unimarc"].get(code, "")


_DATES = ("100", "210", "214")
_FORM = ("LDR", "106", "110", "115", "130", "135", "105", "215", "200", "204", "205", "328", "300", "010")
FIELDS: Fields = {
    "titles": Source(titles, ("200", *_RELATED_TITLES, *_LINKED_TITLES)),
    "responsibility": Source(responsibility, ("200",)),
    "agents": Source(agents, ("700", "710", "701", "711", "702", "712", "720", "721", "722")),
    "edition": Source(edition, ("205",)),
    "imprints": Source(imprints, ("210", "214")),
    "year": Source(years, _DATES, "start"),
    "end_year": Source(years, _DATES, "end"),
    "extent": Source(extent, ("215",)),
    "pages": Source(pages, ("215",)),
    "volumes": Source(volumes, ("215",)),
    "series": Source(series, ("225", "410")),
    "notes": Source(notes, _NOTES),
    "summary": Source(summary, ("330",)),
    "contents": Source(contents, ("327",)),
    "subjects": Source(subjects, ("600", "601", "602", "604", "605", "606", "607", "608", "610")),
    "classifications": Source(classifications, ("676", "675", "677", "680", "681", "686", "690")),
    "identifiers": Source(identifiers, ("010", "011", "013", "020", "021", "022", "090", "035")),
    "languages": Source(languages, ("101",)),
    "original_languages": Source(original_languages, ("101",)),
    "country": Source(country, ("102",)),
    "format": Source(unimarc_form, _FORM, "format"),
    "carrier": Source(unimarc_form, _FORM, "carrier"),
    "links": Source(links, ("856",)),
}
"""Every value of a record and where it is read."""


def record(marc: Marc, library: str, identifier: str, local_id: str, held: tuple[Holding, ...]) -> Record:
    """Everything that a UNIMARC or CMARC record says, as a `Record`; ``held`` is what `holdings` found in it."""
    return Record(library, identifier, local_id, "unimarc", holdings=held, **assembled(FIELDS, marc))

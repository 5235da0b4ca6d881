"""MARC21 bibliographic records → `Record`: one function per field, by the MARC 21 Format for Bibliographic Data.

Each takes the record apart into one kind of value and returns it empty where the record has none. Where a field has a
linked 880, the original script is the value and the romanised form stands beside it. Titles, descriptive fields and
codes are here; names, subjects, numbers and links in `marc21_access`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from indexer.assemble import Fields, Source, assembled
from indexer.dates import Years, years_coded, years_printed
from indexer.extents import pages as pages_in
from indexer.extents import volumes as volumes_in
from indexer.forms import marc21_form
from indexer.marc import Field, Marc
from indexer.marc21_access import agents, classifications, identifiers, links, subjects
from indexer.record import Holding, Imprint, Record, Series, Title
from indexer.text import fold, is_romanised, trim_isbd
from mappings.table import load_table

_LANGUAGE_TABLE = load_table("languages")
_LANGUAGES = frozenset(_LANGUAGE_TABLE.labels)
_LANGUAGES_ELSEWHERE = _LANGUAGE_TABLE.sources["iso"]

_VARIANT_KINDS = {"0": "part", "1": "parallel", "4": "cover"}  # 246 second indicator
_FUNCTIONS = "1 023"  # 264 second indicator: publication, not said, production, distribution, manufacture
_NUMBERED = re.compile(r"(.+?)\s*;\s*([^;]*\d[^;]*)")
_NOTES = (
    "500",
    "501",
    "502",
    "504",
    "508",
    "511",
    "515",
    "518",
    "525",
    "530",
    "533",
    "534",
    "546",
    "550",
    "580",
    "586",
)


def titles(marc: Marc) -> tuple[Title, ...]:
    """Every title, the title proper first: 245, its parallel titles, 130/240, 246, 247, 740, 780, 785, 765.

    A record without a 245 gives its uniform title first.
    """
    found: list[Title] = []
    for field, romanised in marc.pairs("245"):
        found.append(_title(field, "proper" if not found else "variant", romanised))
        found.extend(_parallel_titles(field))
    for field, romanised in marc.pairs("130", "240", "765"):
        found.append(_title(field, "uniform", romanised, proper="at"))
    for field, romanised in marc.pairs("246"):
        found.append(_title(field, _VARIANT_KINDS.get(field.ind2, "variant"), romanised))
    for field, romanised in marc.pairs("740"):
        found.append(_title(field, "part" if field.ind2 == "2" else "variant", romanised))
    for field, romanised in marc.pairs("247", "780"):
        found.append(_title(field, "former", romanised, proper="at"))
    for field, romanised in marc.pairs("785"):
        found.append(_title(field, "variant", romanised, proper="t"))
    return tuple(dict.fromkeys(title for title in found if title.proper))


def _title(field: Field, kind: str, romanised: Field | None = None, proper: str = "a") -> Title:
    name = field.joined(proper)
    other = field.joined("b")
    if name.rstrip().endswith("="):
        # ISBD: what follows "=" is the title in another language, not other title information.
        other = other.partition(" : ")[2] if " : " in other else ""
    return Title(
        proper=trim_isbd(name),
        other=trim_isbd(other),
        part_number=trim_isbd(field.joined("n")),
        part_name=trim_isbd(field.joined("p")),
        romanised=_romanised_title(romanised, proper) if romanised else "",
        kind=kind,
    )


def _romanised_title(field: Field, proper: str) -> str:
    parts = [trim_isbd(part) for part in field.all(proper + "bnp")]
    text = " ".join(filter(None, parts))
    return text if is_romanised(text) else ""


def _parallel_titles(field: Field) -> Iterator[Title]:
    if field.first("a").endswith("="):
        for text in field.first("b").split(" = "):
            if parallel := trim_isbd(text.partition(" : ")[0]):
                yield Title(parallel, kind="parallel")


def responsibility(marc: Marc) -> str:
    """The statement of responsibility of 245 $c, as it stands on the title page."""
    return next((trim_isbd(field.joined("c")) for field, _ in marc.pairs("245")), "")


def edition(marc: Marc) -> str:
    """The edition statements of 250."""
    return "; ".join(filter(None, (trim_isbd(field.joined("ab")) for field, _ in marc.pairs("250"))))


def imprints(marc: Marc) -> tuple[Imprint, ...]:
    """Who published it where and when, publication before distribution and manufacture: 264 by second indicator, 260.

    264 with indicator 4 holds a copyright date, which is no imprint.
    """
    stated = [pair for pair in marc.pairs("264") if pair[0].ind2 != "4"]
    stated.sort(key=lambda pair: _FUNCTIONS.index(pair[0].ind2) if pair[0].ind2 in _FUNCTIONS else len(_FUNCTIONS))
    return tuple(
        imprint
        for field, romanised in (*stated, *marc.pairs("260"))
        for imprint in imprints_of(field, "a", "b", "c", romanised)
    )


def imprints_of(
    field: Field, place: str, publisher: str, date: str, romanised: Field | None = None
) -> Iterator[Imprint]:
    """The imprints of one field: a place after a publisher begins the next, the date belongs to the first."""
    groups: list[tuple[list[str], list[str]]] = [([], [])]
    for code, text in field.subfields:
        if code == place:
            if groups[-1][1]:
                groups.append(([], []))
            groups[-1][0].append(trim_isbd(text.strip()))
        elif code == publisher:
            groups[-1][1].append(trim_isbd(text.strip()))
    dates = trim_isbd(field.joined(date))
    beside = " ".join(map(trim_isbd, romanised.all(place + publisher))) if romanised else ""
    for at, (places, publishers) in enumerate(groups):
        imprint = Imprint(
            place="; ".join(filter(None, places)),
            publisher="; ".join(filter(None, publishers)),
            date=dates if at == 0 else "",
            romanised=beside if at == 0 else "",
        )
        if imprint.place or imprint.publisher or imprint.date:
            yield imprint


def years(marc: Marc) -> Years:
    """When it was published: 008/06-14, else 264 and 260 $c, else the copyright date; unknown stays unknown."""
    fixed = marc.control("008")
    coded = years_coded(fixed[6:7], fixed[7:11], fixed[11:15]) if len(fixed) >= 15 else Years()
    if coded.start:
        return coded
    for function in (*_FUNCTIONS, "4"):
        for field in marc.fields("264"):
            if field.ind2 == function and (printed := years_printed(field.joined("c"))).start:
                return printed
    return next((y for field in marc.fields("260") if (y := years_printed(field.joined("c"))).start), Years())


def extent(marc: Marc) -> str:
    """The physical description of 300 as one text: extent : other details ; size + accompanying material."""
    return "; ".join(filter(None, (described(field, "b", "c", "e") for field, _ in marc.pairs("300"))))


def described(field: Field, details: str, size: str, with_it: str) -> str:
    """A physical description with ISBD punctuation put back, however it was typed."""
    text = trim_isbd(field.joined("a"))
    for code, mark in ((details, " : "), (size, " ; "), (with_it, " + ")):
        if part := trim_isbd(field.joined(code)):
            text = f"{text}{mark}{part}" if text else part
    return text


def pages(marc: Marc) -> int | None:
    """The main page number of the first 300 $a that counts pages."""
    return next((number for field in marc.fields("300") if (number := pages_in(field.joined("a")))), None)


def volumes(marc: Marc) -> int | None:
    """How many volumes the first 300 $a states that counts them."""
    return next((number for field in marc.fields("300") if (number := volumes_in(field.joined("a")))), None)


def series(marc: Marc) -> tuple[Series, ...]:
    """The series as on the piece (490, 440), then the traced forms (830, 800–811) that say something else."""
    found: dict[str, Series] = {}
    for field, _ in marc.pairs("490", "440", "830"):
        title, number = trim_isbd(field.joined("anp")), trim_isbd(field.joined("v"))
        if not number and (counted := _NUMBERED.fullmatch(title)):
            title, number = counted.groups()  # records of before 1990 have the number in $a
        _add_series(found, title, number)
    for field, _ in marc.pairs("800", "810", "811"):
        _add_series(found, trim_isbd(field.joined("tnp")), trim_isbd(field.joined("v")))
    return tuple(found.values())


def _add_series(found: dict[str, Series], title: str, number: str) -> None:
    key = fold(title)
    if key and (key not in found or (number and not found[key].number)):
        found[key] = Series(title, number) if key not in found else Series(found[key].title, number)


def notes(marc: Marc) -> tuple[str, ...]:
    """The notes for readers, in the order of their tags; local ones (59X) are not for other libraries."""
    return texts(field.joined("3abcdegnoz") for field, _ in marc.pairs(*_NOTES))


def summary(marc: Marc) -> str:
    """The summaries of 520."""
    return " ".join(texts(field.joined("ab") for field, _ in marc.pairs("520")))


def contents(marc: Marc) -> str:
    """The contents notes of 505, formatted or enhanced ($t, $r, $g)."""
    return " ".join(texts(field.joined("agrt") for field, _ in marc.pairs("505")))


def texts(values: Iterable[str]) -> tuple[str, ...]:
    """The values that are not empty, each once."""
    return tuple(dict.fromkeys(filter(None, values)))


def languages(marc: Marc) -> tuple[str, ...]:
    """The languages of the text: 008/35-37 first, then 041 $a and $d. Undetermined ones are left out."""
    codes = [marc.control("008")[35:38]]
    for field in marc.fields("041"):
        codes.extend(split_codes(field.all("ad")))
    return known_languages(codes)


def original_languages(marc: Marc) -> tuple[str, ...]:
    """The languages it was translated from: 041 $h."""
    return known_languages(code for field in marc.fields("041") for code in split_codes(field.all("h")))


def split_codes(values: Iterable[str]) -> Iterator[str]:
    """Language codes one by one; older records write them together (``engfre``)."""
    for value in values:
        if len(value) % 3 == 0 and value.isalpha():
            yield from (value[at : at + 3] for at in range(0, len(value), 3))
        else:
            yield value


def known_languages(codes: Iterable[str]) -> tuple[str, ...]:
    """The codes as MARC codes, each once; ISO 639-1 and withdrawn ones translated, fill and nonsense left out."""
    found: dict[str, None] = {}
    for written in codes:
        code = written.strip(" .,;|").lower()
        if code not in _LANGUAGES:
            code = _LANGUAGES_ELSEWHERE.get(code, code)
        if len(code) == 3 and code.isalpha() and code != "und":
            found[code] = None
    return tuple(found)


def country(marc: Marc) -> str:
    """The MARC country code of 008/15-17, else of 044 $a; "" when not stated."""
    code = marc.control("008")[15:18].strip(" |#\\").lower()
    if not code:
        field = marc.field("044")
        code = field.first("a").lower() if field else ""
    return code if 2 <= len(code) <= 3 and code.isalpha() else ""


_DATES = ("008", "264", "260")
_FORM = ("LDR", "007", "008", "006", "338", "336", "300", "245", "533", "250", "502", "020")
FIELDS: Fields = {
    "titles": Source(titles, ("245", "130", "240", "765", "246", "740", "247", "780", "785")),
    "responsibility": Source(responsibility, ("245",)),
    "agents": Source(agents, ("100", "110", "111", "700", "710", "711", "720")),
    "edition": Source(edition, ("250",)),
    "imprints": Source(imprints, ("264", "260")),
    "year": Source(years, _DATES, "start"),
    "end_year": Source(years, _DATES, "end"),
    "extent": Source(extent, ("300",)),
    "pages": Source(pages, ("300",)),
    "volumes": Source(volumes, ("300",)),
    "series": Source(series, ("490", "440", "830", "800", "810", "811")),
    "notes": Source(notes, _NOTES),
    "summary": Source(summary, ("520",)),
    "contents": Source(contents, ("505",)),
    "subjects": Source(subjects, ("600", "610", "611", "630", "647", "648", "650", "651", "653", "655")),
    "classifications": Source(classifications, ("082", "092", "050", "090", "080", "084")),
    "identifiers": Source(identifiers, ("020", "022", "024", "010", "035", "001", "003", "015", "016")),
    "languages": Source(languages, ("008", "041")),
    "original_languages": Source(original_languages, ("041",)),
    "country": Source(country, ("008", "044")),
    "format": Source(marc21_form, _FORM, "format"),
    "carrier": Source(marc21_form, _FORM, "carrier"),
    "links": Source(links, ("856",)),
}
"""Every value of a record and where it is read."""


def record(marc: Marc, library: str, identifier: str, local_id: str, held: tuple[Holding, ...]) -> Record:
    """Everything that a MARC21 record says, as a `Record`; ``held`` is what `holdings` found in it."""
    return Record(library, identifier, local_id, "marc21", holdings=held, **assembled(FIELDS, marc))

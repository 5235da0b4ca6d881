"""UNIMARC and CMARC bibliographic records → values of `Record`: one function per field.

Follows the UNIMARC Manual, Bibliographic Format, and 中國機讀編目格式 (third edition), which differs in details:
functions are words ($4 著), dynasties stand in $s, 681 is the Chinese classification, 805 the holdings.
"""

from __future__ import annotations

from collections.abc import Iterator

from indexer import identifiers as numbers
from indexer import names
from indexer.dates import Years, years_coded_unimarc, years_printed
from indexer.extents import pages, volumes
from indexer.forms import unimarc_form
from indexer.holdings import web_address
from indexer.marc import Field, Marc
from indexer.marc21 import described, imprints_of, known_languages, split_codes, texts
from indexer.marc21_access import link_kind, subject_text
from indexer.record import Agent, Classification, Holding, Identifier, Imprint, Link, Record, Series, Subject, Title
from indexer.text import has_cjk, is_romanised, trim_isbd
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


def record(marc: Marc, library: str, identifier: str, local_id: str, held: tuple[Holding, ...]) -> Record:
    """Everything that a UNIMARC or CMARC record says, as a `Record`; ``held`` is what `holdings` found in it."""
    start, end = years(marc)
    counted = counted_extents(marc)
    form, carrier = unimarc_form(marc)
    return Record(
        library=library,
        identifier=identifier,
        local_id=local_id,
        dialect="unimarc",
        titles=titles(marc),
        responsibility=responsibility(marc),
        agents=agents(marc),
        edition=edition(marc),
        imprints=imprints(marc),
        year=start,
        end_year=end,
        extent=extent(marc),
        pages=next((number for text in counted if (number := pages(text))), None),
        volumes=next((number for text in counted if (number := volumes(text))), None),
        series=series(marc),
        notes=notes(marc),
        summary=summary(marc),
        contents=contents(marc),
        subjects=subjects(marc),
        classifications=classifications(marc),
        identifiers=identifiers(marc),
        languages=languages(marc),
        original_languages=original_languages(marc),
        country=country(marc),
        format=form,
        carrier=carrier,
        links=links(marc),
        holdings=held,
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


def counted_extents(marc: Marc) -> list[str]:
    """The texts of 215 $a that pages and volumes are counted in."""
    return [field.joined("a") for field in marc.fields("215")]


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


_AGENTS = {
    "700": "person",
    "710": "corporate",
    "701": "person",
    "711": "corporate",
    "702": "person",
    "712": "corporate",
    "720": "person",
    "721": "person",
    "722": "person",
}


def agents(marc: Marc) -> tuple[Agent, ...]:
    """Who made it: primary (7X0), alternative (7X1), then secondary responsibility (7X2), with function and dates."""
    found: dict[tuple[str, str], Agent] = {}
    for field, romanised in marc.pairs(*_AGENTS):
        agent = _agent(field, _AGENTS[field.tag], romanised, main=field.tag[2] == "0")
        if agent.name:
            found.setdefault((agent.name, agent.role), agent)
    return tuple(found.values())


def _agent(field: Field, kind: str, romanised: Field | None, *, main: bool) -> Agent:
    role = names.role(field.all("4"), ())
    if kind != "person":
        body = trim_isbd(". ".join(map(trim_isbd, field.all("ab"))))
        beside = ". ".join(map(trim_isbd, romanised.all("ab"))) if romanised else field.first("9")
        kind = "meeting" if field.ind1 == "1" else kind
        return Agent(body, kind, role, romanised=beside if is_romanised(beside) else "", main=main)
    name = names.person(_personal_name(field))
    # CMARC gives the original name of a translated author in brackets in $c, sometimes with the dates.
    other_form, dates = names.latin_form(field.first("c")) if has_cjk(name.name) else ("", "")
    beside = _personal_name(romanised) if romanised else field.first("9") or field.first("A")
    return Agent(
        name.name,
        kind,
        role or name.role,
        field.first("f").strip(" ()（）,.") or name.dates or dates,
        (beside if is_romanised(beside) else "") or other_form or name.romanised,
        main,
    )


def _personal_name(field: Field) -> str:
    """$a and $b joined as their script does: 張 + 玲 is 張玲, Austen + Jane is Austen, Jane."""
    entry, rest = trim_isbd(field.first("a")), trim_isbd(field.first("b"))
    if rest and has_cjk(entry + rest):
        return entry + rest if not is_romanised(rest) else f"{entry} {rest}"
    name = f"{entry}, {rest}" if rest and field.ind2 != "0" else f"{entry} {rest}".strip()
    return f"{name} {field.first('d')}".strip()


_SUBJECTS = {
    "600": "person",
    "601": "corporate",
    "602": "person",
    "604": "title",
    "605": "title",
    "606": "topic",
    "607": "place",
    "608": "genre",
    "610": "topic",
}
_SCHEMES = {"lc": "lcsh", "cst": "csht", "csh": "csht"}


def subjects(marc: Marc) -> tuple[Subject, ...]:
    """What it is about: 600–608 with subdivisions and the scheme of $2, 610 (uncontrolled)."""
    found = []
    for field, romanised in marc.pairs(*_SUBJECTS):
        scheme = field.first("2").lower()
        beside = _subject_text(romanised, field.tag) if romanised else ""
        uncontrolled = field.tag == "610" and not scheme
        for text in field.all("a") if uncontrolled else [_subject_text(field, field.tag)]:
            found.append(Subject(trim_isbd(text), _SCHEMES.get(scheme, scheme), _SUBJECTS[field.tag], beside))
    return tuple(dict.fromkeys(subject for subject in found if subject.text))


def _subject_text(field: Field, tag: str) -> str:
    if tag in ("600", "602"):
        name = names.person(_personal_name(field)).name
        return " -- ".join(filter(None, (name, *map(trim_isbd, field.all("txyzj")))))
    return subject_text(field, "abt", "xyzj")


_CLASSIFICATIONS = {
    "676": "ddc",
    "675": "udc",
    "677": "ndc",
    "680": "lcc",
    "681": "ncsclt",
    "686": "other",
    "690": "other",
}
_OTHER_SCHEMES = {"ncsclt": "ncsclt", "ccl": "ncsclt", "ndc": "ndc", "kdc": "kdc", "ddc": "ddc", "lcc": "lcc"}


def classifications(marc: Marc) -> tuple[Classification, ...]:
    """Where it stands in a scheme: 676 DDC, 675 UDC, 677 NDC, 680 LCC, 681 中文圖書分類法, 686 by its $2."""
    found: list[Classification] = []
    for field in marc.fields(*_CLASSIFICATIONS):
        scheme = _OTHER_SCHEMES.get(field.first("2").lower(), _CLASSIFICATIONS[field.tag])
        tables = field.first("v").lower()
        if field.tag == "681" and tables.startswith(("ddc", "dcc", "lcc")):
            # Libraries of Taiwan write the class number of Western books in the same field, naming its tables.
            scheme = "lcc" if tables.startswith("lcc") else "ddc"
        found.extend(Classification(number, scheme) for text in field.all("a") if (number := text.strip(" .,;[]/")))
    return tuple(dict.fromkeys(found))


def identifiers(marc: Marc) -> tuple[Identifier, ...]:
    """The numbers that name it: 010 ISBN, 011 ISSN, 013 ISMN, 020 and 021 national, 022 GPN, 035 OCLC, 090 NBINet."""
    found: list[Identifier] = []
    for field in marc.fields("010"):
        found.extend(_isbns(field))
    for field in marc.fields("011"):
        found.extend(number for text in field.all("a") for number in numbers.issns(text))
        found.extend(number for text in field.all("yz") for number in numbers.issns(text, cancelled=True))
    for field in marc.fields("013"):
        found.extend(number for text in field.all("a") for number in numbers.ismns(text))
        found.extend(number for text in field.all("z") for number in numbers.ismns(text, cancelled=True))
    found.extend(_national_numbers(marc))
    for field in marc.fields("035"):
        organisation, number = numbers.control_number(field.first("a"))
        if organisation == "OCoLC" and (number := numbers.oclc(number)):
            found.append(Identifier("oclc", number))
    return tuple(dict.fromkeys(found))


def _isbns(field: Field) -> Iterator[Identifier]:
    qualifier = "; ".join(text.strip(" ()（）:;") for text in field.all("b"))
    for text in field.all("a"):
        yield from numbers.isbns(text, qualifier=qualifier)
    for text in field.all("z"):
        yield from numbers.isbns(text, qualifier=qualifier, cancelled=True)


def _national_numbers(marc: Marc) -> Iterator[Identifier]:
    """National bibliography and legal deposit numbers as ``(country)number``, GPN, and NBINet's ``(nbi)b…`` of 090."""
    for field in marc.fields("020", "021"):
        if number := field.first("b"):
            yield Identifier("national", f"({field.first('a').lower()}){number}")
    for field in marc.fields("022"):
        if number := field.first("b"):
            yield Identifier("national", f"(gpn){number}")
    for field in marc.fields("090"):
        organisation, number = numbers.control_number(field.first("a"))
        if organisation:
            yield Identifier("national", f"({organisation.lower()}){number}")


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


def links(marc: Marc) -> tuple[Link, ...]:
    """The addresses of 856, with what they lead to."""
    found: list[Link] = []
    for field in marc.fields("856"):
        label = field.joined("23yz")
        found.extend(Link(url, label, link_kind(field, label)) for text in field.all("u") if (url := web_address(text)))
    return tuple(dict.fromkeys(found))

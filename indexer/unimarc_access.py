"""UNIMARC's and CMARC's access points: agents, subjects, classification, numbers, links. One function per field."""

from __future__ import annotations

from collections.abc import Iterator

from indexer import identifiers as numbers
from indexer import names
from indexer.holdings import web_address
from indexer.marc import Field, Marc
from indexer.marc21_access import link_kind, subject_text
from indexer.record import Agent, Classification, Identifier, Link, Subject
from indexer.text import has_cjk, is_romanised, trim_isbd

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


def links(marc: Marc) -> tuple[Link, ...]:
    """The addresses of 856, with what they lead to."""
    found: list[Link] = []
    for field in marc.fields("856"):
        label = field.joined("23yz")
        found.extend(Link(url, label, link_kind(field, label)) for text in field.all("u") if (url := web_address(text)))
    return tuple(dict.fromkeys(found))

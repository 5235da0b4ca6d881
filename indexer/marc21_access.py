"""MARC21's access points: agents, subjects, classification, numbers, links. One function per field."""

from __future__ import annotations

import re

from indexer import identifiers as numbers
from indexer import names
from indexer.holdings import web_address
from indexer.marc import Field, Marc
from indexer.record import Agent, Classification, Identifier, Link, Subject
from indexer.text import has_han, is_romanised, trim_isbd

_AGENTS = {"100": "person", "110": "corporate", "111": "meeting", "700": "person", "710": "corporate", "711": "meeting"}


def agents(marc: Marc) -> tuple[Agent, ...]:
    """Who made it, main entries (1XX) first, then 7XX, with role and dates; the same name and role once."""
    found: dict[tuple[str, str], Agent] = {}
    for field, romanised in marc.pairs(*_AGENTS):
        agent = _agent(field, _AGENTS[field.tag], romanised, main=field.tag[0] == "1")
        if agent.name:
            found.setdefault((agent.name, agent.role), agent)
    for field, _ in marc.pairs("720"):
        if name := names.person(field.joined("a")).name:
            found.setdefault((name, ""), Agent(name, role=names.role(field.all("4"), field.all("e"))))
    return tuple(found.values())


def _agent(field: Field, kind: str, romanised: Field | None, *, main: bool) -> Agent:
    role = names.role(field.all("4"), field.all("j" if kind == "meeting" else "e"))
    beside = trim_isbd(_heading(romanised, kind)) if romanised else ""
    if kind != "person":
        return Agent(trim_isbd(_heading(field, kind)), kind, role, romanised=beside, main=main)
    name = names.person(_heading(field, kind))
    dates = trim_isbd(field.joined("d")) or name.dates
    if romanised and not dates:
        dates = trim_isbd(romanised.joined("d"))
    if not beside and has_han(name.name):
        beside = names.latin_form(field.joined("q"))[0]
    return Agent(name.name, kind, role or name.role, dates, beside or name.romanised, main)


def _heading(field: Field, kind: str) -> str:
    """A name's own subfields: of a forename its titles too (Elizabeth II, Queen of Great Britain)."""
    if kind == "person":
        return field.joined("abc" if field.ind1 == "0" else "ab")
    if kind == "corporate":
        return " ".join(part.strip() for part in field.all("abnd"))
    return field.joined("acdenq")


_SUBJECTS = {
    "600": "person",
    "610": "corporate",
    "611": "corporate",
    "630": "title",
    "647": "topic",
    "648": "period",
    "650": "topic",
    "651": "place",
    "653": "topic",
    "655": "genre",
}
_MAIN = {"600": "abcdqtnp", "610": "abcdtnp", "611": "acdentp", "630": "anp"}
_SCHEMES = {"0": "lcsh", "1": "lcshac", "2": "mesh", "3": "nal", "5": "cash", "6": "rvm"}  # second indicator


def subjects(marc: Marc) -> tuple[Subject, ...]:
    """What it is about: 600–655 with subdivisions, the scheme from the second indicator or $2."""
    found: list[Subject] = []
    for field, romanised in marc.pairs(*_SUBJECTS):
        kind, main = _SUBJECTS[field.tag], _MAIN.get(field.tag, "a")
        if field.tag == "653":
            found.extend(Subject(trim_isbd(text), kind=kind) for text in field.all("a"))
            continue
        beside = subject_text(romanised, main) if romanised else ""
        scheme = field.first("2").lower() if field.ind2 == "7" else _SCHEMES.get(field.ind2, "")
        found.append(Subject(subject_text(field, main), scheme, kind, beside if is_romanised(beside) else ""))
    return tuple(dict.fromkeys(subject for subject in found if subject.text))


def subject_text(field: Field, main: str, subdivisions: str = "vxyz") -> str:
    """A heading with its subdivisions: ``Women -- Fiction``."""
    parts = [trim_isbd(field.joined(main)), *(trim_isbd(text) for text in field.all(subdivisions))]
    return " -- ".join(filter(None, parts))


_LCC = re.compile(r"[A-Z]{1,3}\s?\d")
_SCHEMES_OF_084 = {"ncsclt": "ncsclt", "ccl": "ncsclt", "njb": "ndc", "kdc": "kdc", "kdcp": "kdc", "udc": "udc"}


def classifications(marc: Marc) -> tuple[Classification, ...]:
    """Where it stands in a scheme: 082/092 DDC, 050/090 LCC, 080 UDC, 084 by its $2."""
    found: list[Classification] = []
    for field in marc.fields("082", "092"):
        found.extend(Classification(number.replace("/", ""), "ddc") for number in _class_numbers(field))
    for field in marc.fields("050", "090"):
        # 090 is local: some libraries of Taiwan keep Chinese class numbers there, without saying so.
        found.extend(Classification(n, "lcc" if _LCC.match(n) else "other") for n in _class_numbers(field))
    found.extend(Classification(number, "udc") for field in marc.fields("080") for number in _class_numbers(field))
    for field in marc.fields("084"):
        source = field.first("2").lower()
        scheme = "ndc" if source.startswith(("ndc", "njb")) else _SCHEMES_OF_084.get(source.split("/")[0], "other")
        found.extend(Classification(number, scheme) for number in _class_numbers(field))
    return tuple(dict.fromkeys(found))


def _class_numbers(field: Field) -> list[str]:
    return [number for text in field.all("a") if (number := text.strip(" .,;[]"))]


def identifiers(marc: Marc) -> tuple[Identifier, ...]:
    """The numbers that name it: ISBN, ISSN, ISMN, LCCN, OCLC and national numbers, wrong and cancelled ones marked."""
    found = [
        *_isbns(marc),
        *_issns(marc),
        *_other_standard_numbers(marc),
        *_lccns(marc),
        *_oclc_numbers(marc),
        *_national_numbers(marc),
    ]
    return tuple(dict.fromkeys(found))


def _isbns(marc: Marc) -> list[Identifier]:
    found: list[Identifier] = []
    for field in marc.fields("020"):
        qualifier = "; ".join(text.strip(" ()（）:;") for text in field.all("q"))
        for text in field.all("a"):
            found.extend(numbers.isbns(text, qualifier=qualifier))
        for text in field.all("z"):
            found.extend(numbers.isbns(text, qualifier=qualifier, cancelled=True))
    return found


def _issns(marc: Marc) -> list[Identifier]:
    found: list[Identifier] = []
    for field in marc.fields("022"):
        for text in field.all("a"):
            found.extend(numbers.issns(text))
        for text in field.all("yz"):
            found.extend(numbers.issns(text, cancelled=True))
    return found


def _other_standard_numbers(marc: Marc) -> list[Identifier]:
    """024: an ISMN (first indicator 2), or an EAN (3) that is an ISBN."""
    found: list[Identifier] = []
    for field in marc.fields("024"):
        for code, cancelled in (("a", False), ("z", True)):
            for text in field.all(code):
                if field.ind1 == "2":
                    found.extend(numbers.ismns(text, cancelled=cancelled))
                elif field.ind1 == "3" and text.startswith(("978", "979")):
                    found.extend(number for number in numbers.isbns(text, cancelled=cancelled) if number.valid)
    return found


def _lccns(marc: Marc) -> list[Identifier]:
    return [
        Identifier("lccn", number, valid=code == "a")
        for field in marc.fields("010")
        for code in "az"
        for text in field.all(code)
        if (number := numbers.lccn(text))
    ]


def _oclc_numbers(marc: Marc) -> list[Identifier]:
    """035 (OCoLC), and the control number itself where 003 says OCoLC or it carries OCLC's prefix."""
    found: list[Identifier] = []
    for field in marc.fields("035"):
        for code in "az":
            for text in field.all(code):
                organisation, number = numbers.control_number(text)
                if organisation == "OCoLC" and (number := numbers.oclc(number)):
                    found.append(Identifier("oclc", number, valid=code == "a"))
    own = marc.control("001")
    number = numbers.oclc(own) if marc.control("003").strip() == "OCoLC" else numbers.oclc_control_number(own)
    return [*found, Identifier("oclc", number)] if number else found


_WEEKLY_LIST = re.compile(r"\d\d,[A-Z]\d\d")  # Deutsche Nationalbibliografie: year, series, week, but no number


def _national_numbers(marc: Marc) -> list[Identifier]:
    """National bibliography (015) and agency (016) numbers, as ``(source)number``."""
    found = []
    for field in marc.fields("015", "016"):
        source = field.first("2") or ("CaOONL" if field.tag == "016" and field.ind1 == " " else "")
        for code in "az":
            for text in field.all(code):
                number = text.partition("(")[0].strip() or text
                if _WEEKLY_LIST.fullmatch(number) or sum(map(str.isdecimal, number)) < 3:
                    continue  # names a list of many records: as an identifier it would merge them all
                found.append(Identifier("national", f"({source}){number}" if source else number, valid=code == "a"))
    return found


_CONTENTS = re.compile(
    r"contents|目次|目錄|目录|inhaltsverzeichnis|table des mati|sommaire|mục lục|สารบัญ", re.IGNORECASE
)
_COVER = re.compile(r"\bcover\b|封面|couverture", re.IGNORECASE)


def links(marc: Marc) -> tuple[Link, ...]:
    """The addresses of 856, with what they lead to: the text itself, its contents, its cover, or elsewhere."""
    found = []
    for field in marc.fields("856"):
        label = field.joined("3yz")
        for text in field.all("u"):
            if url := web_address(text):
                found.append(Link(url, label, link_kind(field, label)))
    return tuple(dict.fromkeys(found))


def link_kind(field: Field, label: str) -> str:
    """What an 856 leads to, by its label first, then by its second indicator (0 and 1: the resource itself)."""
    if _CONTENTS.search(label):
        return "contents"
    if _COVER.search(label):
        return "cover"
    return "fulltext" if field.ind2 in "01" else "elsewhere"

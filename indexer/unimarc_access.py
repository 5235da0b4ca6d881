"""UNIMARC's and CMARC's access points: agents, subjects, classification, numbers, links. One function per field."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from indexer import bodies, linked_numbers, names, surnames
from indexer import identifiers as numbers
from indexer.forms import unimarc_form
from indexer.links import addresses, doi_links, link_kind
from indexer.marc import Field, Marc
from indexer.marc21_access import as_stated, others_beside, subject_text
from indexer.name_dress import without_origin
from indexer.other_forms import latin_form, other_form
from indexer.record import Agent, Carrier, Classification, Identifier, Link, Subject
from indexer.roles import RELATORS, roles, with_roles
from indexer.schemes import scheme_named, thesaurus_named
from indexer.stated import agents_stated
from indexer.terms import terms_in
from indexer.text import fold, has_cjk, has_han, is_romanised, trim_isbd
from indexer.unimarc_scripts import pairs
from indexer.unimarc_titles import embedded, responsibility

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
_ORIGINALS = {"770": "700", "771": "701", "772": "702"}  # CMARC: the same person in another script
AGENT_TAGS = (*_AGENTS, *_ORIGINALS, "200")


def agents(marc: Marc) -> tuple[Agent, ...]:
    """Who made it: primary (7X0), alternative (7X1), then secondary responsibility (7X2), with function and dates.

    CMARC's 770–772 give the original forms of the names in 700–702. Where the heading says no function, the statement
    of responsibility (200 $f, $g) may.
    """
    found: dict[tuple[str, str], Agent] = {}
    by_tag: dict[str, list[tuple[str, str]]] = {}
    for field, romanised in pairs(marc, *_AGENTS):
        agent = agent_named(field, _AGENTS[field.tag], romanised, main=field.tag[2] == "0")
        if agent.role not in RELATORS and has_han(agent.name):
            agent = as_stated(agent, responsibility(marc))
        agent = _surname_last(agent, field, marc)
        if agent.name:
            found.setdefault((agent.name, agent.role), agent)
            by_tag.setdefault(field.tag, []).append((agent.name, agent.role))
        for other in others_beside(agent, field.first("a"), marc, responsibility):
            found.setdefault((other.name, other.role), other)
    for field in marc.fields(*_ORIGINALS):
        _add_original(found, by_tag.get(_ORIGINALS[field.tag], []), agent_named(field, "person", None, main=False))
    return tuple(found.values()) or agents_stated(responsibility(marc))


def _surname_last(agent: Agent, field: Field, marc: Marc) -> Agent:
    """奧斯汀 + 珍 is 奧斯汀, 珍 where the book itself says 珍.奧斯汀: nobody who is called so has the surname first."""
    if agent.kind != "person" or not (given := field.first("b")) or not has_han(given):
        return agent
    surname, statement = trim_isbd(field.first("a")), responsibility(marc)
    if any(f"{given}{sign}{surname}" in statement for sign in ".．·・‧•"):
        return replace(agent, name=f"{surname}, {given}")
    return agent


def _add_original(found: dict[tuple[str, str], Agent], keys: list[tuple[str, str]], original: Agent) -> None:
    """Puts the original form beside the name it is of: the only one of its tag, or the one glossed with its surname.

    Where neither tells, it is an agent of its own: whose it is is not guessed.
    """
    surname = fold(original.name.partition(",")[0])
    of = keys if len(keys) == 1 else [k for k in keys if surname and surname in fold(found[k].original).split()]
    if not original.name or (of and has_han(original.name)):
        return
    if len(of) != 1:
        found.setdefault((original.name, ""), original)
        return
    agent = found[of[0]]
    found[of[0]] = replace(agent, original=original.name, dates=agent.dates or original.dates)


def agent_named(field: Field, kind: str, romanised: Field | None, *, main: bool) -> Agent:
    """The agent that a heading names, with its other form beside it."""
    role, *more = roles(field.all("4"), ()) or ("",)
    number, *others = names.authority_numbers(field.all("301")) or ("",)
    if kind != "person":
        body = bodies.body(". ".join(map(trim_isbd, field.all("ab"))))
        beside = ". ".join(map(trim_isbd, romanised.all("ab"))) if romanised else field.first("9")
        kind = "meeting" if field.ind1 == "1" else kind
        beside = beside if is_romanised(beside) else ""
        which = (
            " : ".join(filter(None, (field.first(code).strip(" ()（）,;:") for code in "dfe")))
            if kind == "meeting"
            else ""
        )
        whole = f"{body.name} ({which})" if which else body.name
        agent = Agent(whole, kind, role, "", beside, main, "", number, tuple(more), tuple(others))
        return agent if role in RELATORS else with_roles(agent, body.role)
    name = names.person(_personal_name(field))
    # CMARC gives the original name of a translated author in brackets in $c, sometimes with the dates.
    original, dates = other_form(field.first("c")) if has_cjk(name.name) else ("", "")
    beside = _personal_name(romanised) if romanised else field.first("9") or field.first("A")
    agent = Agent(
        name.name,
        kind,
        role,
        field.first("f").strip(" ()（）,.") or name.dates or dates,
        beside if is_romanised(beside) else "",
        main,
        original or name.original,
        number,
        tuple(more),
        tuple(others),
    )
    return agent if role in RELATORS else with_roles(agent, name.role, *name.more_roles)


def _personal_name(field: Field) -> str:
    """$a and $b joined as their script does: 張 + 玲 is 張玲, Austen + Jane is Austen, Jane, and so is 奧斯汀 + 珍."""
    entry, rest = trim_isbd(without_origin(field.first("a"))), trim_isbd(field.first("b"))
    if rest and has_cjk(entry + rest):
        if has_han(rest) and surnames.stands_last(entry, latin_form(field.first("c"))[0]):
            return f"{entry}, {rest}"
        return entry + rest if not is_romanised(rest) else f"{entry} {rest}"
    name = f"{entry}, {rest}" if rest and field.ind2 != "0" else f"{entry} {rest}".strip()
    return f"{name} {field.first('d')}".strip()


SUBJECT_TAGS = ("600", "601", "602", "604", "605", "606", "607", "608", "610")
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


def subjects(marc: Marc) -> tuple[Subject, ...]:
    """What it is about: 600–608 with subdivisions and the scheme of $2, 610 (uncontrolled)."""
    found = []
    for field, romanised in pairs(marc, *_SUBJECTS):
        scheme = thesaurus_named(field.first("2"))
        beside = _subject_text(romanised, field.tag) if romanised else ""
        reading = _subject_text(kana, field.tag) if (kana := marc.reading(field)) else ""
        uncontrolled = field.tag == "610" and not scheme
        # Some CMARC libraries write bodies in 610, as MARC21 does: with its indicators and a thesaurus.
        kind = "corporate" if field.tag == "610" and scheme and field.ind2 == "2" else _SUBJECTS[field.tag]
        for text in (
            (t for a in field.all("a") for t in terms_in(a)) if uncontrolled else [_subject_text(field, field.tag)]
        ):
            numbers_named = names.authority_numbers(field.all("30" if field.tag == "604" else "301"))
            found.append(Subject(trim_isbd(text), scheme, kind, beside, numbers_named, reading))
    return tuple(dict.fromkeys(subject for subject in found if subject.text))


def _subject_text(field: Field, tag: str) -> str:
    if tag in ("600", "602"):
        name = names.as_one(_personal_name(field))
        return " -- ".join(filter(None, (name, *map(trim_isbd, field.all("txyzj")))))
    if tag == "604" and (title := embedded(field, "500") or embedded(field, "200")):
        heading = embedded(field, "700")
        maker = names.as_one(_personal_name(heading)) if heading else ""
        return " -- ".join(filter(None, (f"{maker} {trim_isbd(title.first('a'))}".strip(), *title.all("xyzj"))))
    return subject_text(field, "abt", "xyzj")


_CLASSIFICATIONS = {
    "676": "ddc",
    "675": "udc",
    "677": "ndc",
    "680": "lcc",
    "681": "ncsclt",
    "686": "other",
    "687": "other",
    "692": "other",
    "690": "other",
}
CLASSIFICATION_TAGS = tuple(_CLASSIFICATIONS)
_OF_CLC = re.compile(r"[A-KN-VXZ]{1,2}\d")


def classifications(marc: Marc) -> tuple[Classification, ...]:
    """Where it stands in a scheme: 676 DDC, 675 UDC, 677 NDC, 680 LCC, 681 中文圖書分類法, 690 中图法, others by $2.

    681 names its tables in $v: besides editions of 中文圖書分類法 (增訂七版) they may be 何日章's, or Dewey's (dcc22).
    """
    found: list[Classification] = []
    for field in marc.fields(*_CLASSIFICATIONS):
        tables = scheme_named(field.first("2")) or (scheme_named(field.first("v")) if field.tag == "681" else "")
        for text in field.all("a"):
            number = text.strip(" .,;[]")
            number = number.replace("/", "").replace("'", "") if field.tag == "676" else number.rstrip("/")
            own = "clc" if field.tag == "690" and _OF_CLC.match(number) else _CLASSIFICATIONS[field.tag]
            if number:
                found.append(Classification(number, tables or own))
    return tuple(dict.fromkeys(found))


IDENTIFIER_TAGS = (
    "010",
    "011",
    "013",
    "016",
    "017",
    "071",
    "072",
    "073",
    "020",
    "021",
    "022",
    "050",
    "091",
    "090",
    "035",
    "300",
    *linked_numbers.UNIMARC_TAGS,
)
_LINKING = frozenset(linked_numbers.UNIMARC_TAGS)


def identifiers(marc: Marc) -> tuple[Identifier, ...]:
    """The numbers that name it: 010 and 073 ISBN, 011 ISSN, 013 ISMN, 020–022, 050, 090, 091 national, 035 OCLC.

    ISRC (016), UPC (072), publishers' numbers (071) and those of 017 are kept as ``(source)number``; DOIs are links.
    Those of what it is linked with (4XX) come last, marked as such: it is found by them and not matched by them.
    """
    found: list[Identifier] = []
    for field in (*marc.fields("010"), *marc.unlinked("010")):
        found.extend(numbers.isbns_of(field, "b"))
    for field in marc.fields("011"):
        found.extend(number for text in field.all("a") for number in numbers.issns(text))
        found.extend(number for text in field.all("f") for number in numbers.issns(text, kind="issn_l"))
        found.extend(number for text in field.all("yzg") for number in numbers.issns(text, cancelled=True))
    for field in marc.fields("013"):
        found.extend(number for text in field.all("a") for number in numbers.ismns(text))
        found.extend(number for text in field.all("z") for number in numbers.ismns(text, cancelled=True))
    found.extend(_national_numbers(marc))
    for field in marc.fields("035"):
        for code in "az":
            stated = filter(None, map(numbers.oclc_stated, field.all(code)))
            found.extend(Identifier("oclc", n, valid=code == "a", cancelled=code == "z") for n in stated)
            for text in field.all(code):
                found.extend(numbers.of_organisation(text, cancelled=code == "z"))
    for field in marc.fields("073"):
        found.extend(number for text in field.all("a") for number in numbers.isbns(text) if number.valid)
    for field in marc.fields("016", "017", "071", "072"):
        source = _SOURCES.get(field.tag) or field.first("b" if field.tag == "071" else "2")
        if source.lower() != "doi":
            found.extend(numbers.of_source(source, text) for text in field.all("a"))
            found.extend(numbers.of_source(source, text, cancelled=True) for text in field.all("z"))
    if marc.has_any(_LINKING):
        found.extend(linked_numbers.linked_numbers(marc.fields(*linked_numbers.UNIMARC_TAGS), "y", found))
    return tuple(dict.fromkeys(found))


_SOURCES = {"016": "isrc", "072": "upc"}


def _national_numbers(marc: Marc) -> Iterator[Identifier]:
    """National bibliography and legal deposit numbers as ``(country)number``, GPN, and NBINet's ``(nbi)b…`` of 090.

    Besides, the National Central Library's own number (CMARC 050) and 统一书号, which Chinese books had before ISBN.
    """
    for field in marc.fields("020", "021"):
        if number := field.first("b"):
            yield Identifier("national", f"({field.first('a').lower()}){number}")
    for field in marc.fields("022"):
        number = field.first("b").upper().removeprefix("GPN").strip(" :：")
        if number := number.replace("-", "") if numbers.is_gpn(number) else number:
            yield Identifier("national", f"(gpn){number}")
        yield from numbers.gpns(field.first("a"))
    for field in marc.fields("010", "300"):
        yield from numbers.gpns(field.joined("ab"))
    for tag, source in (("050", "ncl"), ("091", "csbn")):
        yield from (
            Identifier("national", f"({source}){n}")
            for f in marc.fields(tag)
            if (n := f.first("a").removeprefix("统一书号").strip(" :"))
        )
    for field in marc.fields("090"):
        organisation, number = numbers.control_number(field.first("a"))
        if organisation:
            yield Identifier("national", f"({organisation.lower()}){number}")


_ACCESS_METHODS = frozenset({"http", "https", "ftp", "www", "email", "telnet"})
"""What $2 of CMARC and $y of UNIMARC may say of an address; a patron learns nothing from it."""


def links(marc: Marc) -> tuple[Link, ...]:
    """The addresses of 856 and of DOIs (017), with what they lead to."""
    found: list[Link] = []
    fields = marc.fields("856")
    online = any(field.ind2 == " " for field in fields) and unimarc_form(marc).carrier is Carrier.ONLINE
    for field in fields:
        label = " ".join(text for text in field.all("23yz") if text.lower() not in _ACCESS_METHODS)
        found.extend(Link(url, label, link_kind(field, label, url, online=online)) for url in addresses(field))
    found.extend(doi_links(marc.fields("017")))
    return tuple(dict.fromkeys(found))

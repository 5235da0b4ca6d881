"""MARC21's access points: agents, subjects, classification, links. One function per field."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import NamedTuple

from indexer import bodies, names
from indexer.forms import marc21_form
from indexer.links import addresses, doi_links, link_kind
from indexer.marc import Field, Marc
from indexer.marc21_titles import responsibility
from indexer.other_forms import other_form
from indexer.record import Agent, Carrier, Classification, Link, Subject
from indexer.remembered import remembered
from indexer.roles import RELATORS, roles, with_roles
from indexer.schemes import scheme_named, thesaurus_named
from indexer.stated import agents_stated
from indexer.terms import terms_in
from indexer.text import has_han, trim_isbd

AGENT_TAGS = ("100", "110", "111", "700", "710", "711", "720", "245")
_AGENTS = {"100": "person", "110": "corporate", "111": "meeting", "700": "person", "710": "corporate", "711": "meeting"}


def agents(marc: Marc) -> tuple[Agent, ...]:
    """Who made it, main entries (1XX) first, then 7XX, with role and dates; the same name and role once.

    Where the heading says no role, the statement of responsibility (245 $c) may; where there is no heading, it names
    them.
    """
    found: dict[tuple[str, str], Agent] = {}
    for pair in marc.pairs(*_AGENTS):
        heading = _agents_of(pair)
        agent = heading.first
        if heading.says_no_role:
            agent = _as_stated_of((*pair, responsibility(marc)))
        if agent.name:
            if not agent.original and (reading := marc.reading(pair[0])):
                agent = replace(agent, original=trim_isbd(_heading(reading._replace(tag=pair[0].tag), agent.kind)))
            found.setdefault((agent.name, agent.role), agent)
        for other in others_beside(agent, pair[0].first("a"), marc, responsibility) if heading.names_several else ():
            found.setdefault((other.name, other.role), other)
    for field, _ in marc.pairs("720"):
        if (named := names.person(field.joined("a"))).name:
            role, *more = roles(field.all("4"), field.all("e")) or ("",)
            agent = Agent(named.name, role=role, more_roles=tuple(more))
            agent = agent if role in RELATORS else with_roles(agent, named.role, *named.more_roles)
            found.setdefault((named.name, ""), agent)
        for other in others_in(field.first("a"), "person"):
            found.setdefault((other.name, other.role), other)
    return tuple(found.values()) or agents_stated(responsibility(marc))


def as_stated(agent: Agent, responsibility: str) -> Agent:
    """An agent in Han characters whose heading says no role, as the statement of responsibility has name and role."""
    name = names.name_stated(agent.name, responsibility) if agent.kind == "person" else agent.name
    agent = agent if name == agent.name else replace(agent, name=name)
    return with_roles(agent, names.role_stated(name, responsibility))


def others_beside(agent: Agent, text: str, marc: Marc, statement_of: Callable[[Marc], str]) -> Iterator[Agent]:
    """Whom a heading's text names besides an agent; one of whom it says no role did what the title page says, or the
    first."""
    for other in others_in(text, agent.kind):
        if not other.role and has_han(other.name):
            other = as_stated(other, statement_of(marc))  # noqa: PLW2901 the same, with a role
        shared = agent.roles if not other.role and not names.person(text).role else ()
        yield with_roles(other, *shared)


def others_in(text: str, kind: str) -> Iterator[Agent]:
    """Whom a heading's text names besides the first; a meeting's names one."""
    if kind == "meeting":
        return iter(())
    return names.others_in(text, kind, names.person if kind == "person" else bodies.body)


class _Named(NamedTuple):
    """Whom a heading names. ``says_no_role``: the statement of responsibility may say the first one's."""

    first: Agent
    says_no_role: bool
    names_several: bool


@remembered
def _agents_of(pair: tuple[Field, Field | None]) -> _Named:
    field, romanised = pair
    agent = agent_named(field, _AGENTS[field.tag], romanised, main=field.tag[0] == "1")
    several = any(others_in(field.first("a"), agent.kind))
    return _Named(agent, agent.role not in RELATORS and has_han(agent.name), several)


@remembered
def _as_stated_of(heading: tuple[Field, Field | None, str]) -> Agent:
    field, romanised, stated = heading
    return as_stated(_agents_of((field, romanised)).first, stated)


def agent_named(field: Field, kind: str, romanised: Field | None, *, main: bool) -> Agent:
    """The agent that a heading names, with its other form beside it."""
    role, *more = roles(field.all("4"), field.all("j" if kind == "meeting" else "e")) or ("",)
    beside = trim_isbd(_heading(romanised, kind)) if romanised else ""
    number, *others = names.authority_numbers((*field.all("01"), *(romanised.all("01") if romanised else ()))) or ("",)
    if kind != "person":
        heading = _heading(field, kind)
        body = bodies.body(heading) if kind == "corporate" else names.Name(trim_isbd(heading))
        agent = Agent(body.name, kind, role, "", beside, main, "", number, tuple(more), tuple(others))
        return agent if role in RELATORS else with_roles(agent, body.role)
    name = names.person(_heading(field, kind))
    original, dates_beside = (name.original, "")
    if has_han(name.name) and not original:
        # 100 $q, or by Taiwan's practice $c, holds the form the author signs with: 華德 (Ward, Peter D.).
        original, dates_beside = other_form(field.first("q") or field.first("c"))
    elif not original and (fuller := field.first("q")):
        original = names.fuller_form(name.name, fuller)
    dates = trim_isbd(field.joined("d")) or name.dates or dates_beside
    if romanised and not dates:
        dates = trim_isbd(romanised.joined("d"))
    beside = names.romanised(beside) if has_han(name.name) else beside
    agent = Agent(name.name, kind, role, dates, beside, main, original, number, tuple(more), tuple(others))
    return agent if role in RELATORS else with_roles(agent, name.role, *name.more_roles)


_GENERATION = re.compile(r"[\s(]*(?:[JS]r|II|III|IV|V|[23]rd|2nd|4th|[Pp]ère|[Ff]ils|[Ff]ilho|[Nn]eto)[.,)\s]*")


def _heading(field: Field, kind: str) -> str:
    """A name's own subfields: of a forename its titles too (Elizabeth II, Queen of Great Britain), and Jr. or III."""
    if kind == "person":
        if field.ind1 == "0" or _GENERATION.fullmatch(field.first("c")):
            return field.joined("abc")
        return field.joined("ab")
    if kind == "corporate":
        return " ".join(part.strip() for part in field.all("abnd"))
    return field.joined("acdenq")


SUBJECT_TAGS = (
    *("600", "610", "611", "630", "647", "648", "650", "651", "653", "654", "655", "656", "657", "662"),
    "690",
    "691",
    "695",
    "696",
)
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
    "654": "topic",
    "655": "genre",
    "656": "topic",
    "657": "topic",
    "662": "place",
    "690": "topic",  # from here on local
    "691": "place",
    "695": "topic",
    "696": "person",
}
_UNCONTROLLED_KINDS = {"1": "person", "2": "corporate", "3": "corporate", "4": "period", "5": "place", "6": "genre"}
MAIN_SUBFIELDS = {
    "600": "abcdqtnp",
    "610": "abcdtnp",
    "611": "acdentp",
    "630": "anp",
    "654": "ab",
    "662": "abcdefgh",
    "696": "abcdq",
}
_SCHEMES = {"0": "lcsh", "1": "lcshac", "2": "mesh", "3": "nal", "5": "cash", "6": "rvm"}  # second indicator


def subjects(marc: Marc) -> tuple[Subject, ...]:
    """What it is about: 600–662 with subdivisions, the scheme from $2 or the second indicator; 653 has none.

    690, 691, 695 and 696 are the library's own: ``local`` where $2 names no thesaurus.
    """
    found = [subject for pair in marc.pairs(*_SUBJECTS) for subject in _with_reading(marc, pair) if subject.text]
    return tuple(dict.fromkeys(found) if len(found) > 1 else found)


def _with_reading(marc: Marc, pair: tuple[Field, Field | None]) -> tuple[Subject, ...]:
    told = _subjects_of(pair)
    reading = marc.reading(pair[0])
    if reading is None or len(told) != 1:
        return told
    text = subject_text(reading, MAIN_SUBFIELDS.get(pair[0].tag, "a"))
    return (replace(told[0], reading=text),) if text != told[0].romanised else told


@remembered
def _subjects_of(pair: tuple[Field, Field | None]) -> tuple[Subject, ...]:
    field, romanised = pair
    kind, main = _SUBJECTS[field.tag], MAIN_SUBFIELDS.get(field.tag, "a")
    if field.tag == "653":
        kind = _UNCONTROLLED_KINDS.get(field.ind2, kind)
        return tuple(Subject(trim_isbd(one), kind=kind) for text in field.all("a") for one in terms_in(text))
    beside = subject_text(romanised, main) if romanised else ""
    scheme = _SCHEMES.get(field.ind2) or thesaurus_named(field.first("2"))
    text = subject_text(field, main)
    if field.tag[:2] == "69":
        if not any(map(str.isalpha, text)):
            return ()  # a class number or a code of the library's own
        scheme = thesaurus_named(field.first("2")) or "local"
    if kind == "person" and has_han(text):
        first, *rest = text.split(" -- ")
        text = " -- ".join((names.as_one(first), *rest))
    numbers_named = names.authority_numbers(field.all("01"))
    beside = "" if has_han(beside) else beside  # half of it is romanised, or it is another heading
    return (Subject(text, scheme, kind, beside, numbers_named),)


def subject_text(field: Field, main: str, subdivisions: str = "vxyz") -> str:
    """A heading with its subdivisions: ``Women -- Fiction``."""
    parts = [trim_isbd(field.joined(main)), *(trim_isbd(text) for text in field.all(subdivisions))]
    return " -- ".join(filter(None, parts))


CLASSIFICATION_TAGS = ("082", "083", "092", "050", "055", "090", "056", "080", "060", "084", "093", "099")
_SCHEME_OF = {"056": "kdc", "080": "udc", "060": "other"}
_LCC = re.compile(r"[A-Z]{1,3}\s?\d")
_DECIMAL = re.compile(r"\d{3}(?:[.\s]|$)")


def classifications(marc: Marc) -> tuple[Classification, ...]:
    """Where it stands in a scheme: 082/083/092 DDC, 050/055/090 LCC, 056 KDC, 080 UDC, 060 NLM's, 084 by its $2.

    093 and 099 are local call numbers: read where they begin as a class of some scheme.
    """
    found = [one for field in marc.fields(*CLASSIFICATION_TAGS) for one in _classifications_of(field)]
    return tuple(dict.fromkeys(found) if len(found) > 1 else found)


@remembered
def _classifications_of(field: Field) -> tuple[Classification, ...]:
    class_numbers = [number for text in field.all("a") if (number := text.strip(" .,;[]"))]
    if field.tag in ("082", "083", "092"):
        # Some libraries keep every class number in 082 and say in $2 that it is none of Dewey's.
        scheme = scheme_named(field.first("2")) or "ddc"
        # [Fic] and [E] are shelves, no numbers of Dewey's.
        return tuple(
            Classification(number.replace("/", ""), scheme if number[0].isdecimal() or scheme != "ddc" else "other")
            for number in class_numbers
        )
    if field.tag in ("050", "055", "090"):
        # 090 is local: some libraries of Taiwan keep Chinese class numbers there, without saying so.
        return tuple(Classification(number, "lcc" if _LCC.match(number) else "other") for number in class_numbers)
    if field.tag in ("093", "099"):
        named = scheme_named(field.first("2"))
        return tuple(
            Classification(number, named or ("lcc" if _LCC.match(number) else "other"))
            for number in class_numbers
            if named or _LCC.match(number) or _DECIMAL.match(number)
        )
    scheme = _SCHEME_OF.get(field.tag) or scheme_named(field.first("2")) or "other"
    return tuple(Classification(number, scheme) for number in class_numbers)


def links(marc: Marc) -> tuple[Link, ...]:
    """The addresses of 856, with what they lead to: the text itself, its contents, its cover, or elsewhere.

    DOIs (024) lead elsewhere.
    """
    found: list[Link] = []
    fields = marc.fields("856")
    online = any(field.ind2 == " " for field in fields) and marc21_form(marc).carrier is Carrier.ONLINE
    for field in fields:
        label = field.joined("3yz")
        found.extend(Link(url, label, link_kind(field, label, url, online=online)) for url in addresses(field))
    found.extend(doi_links(marc.fields("024")))
    return tuple(dict.fromkeys(found))

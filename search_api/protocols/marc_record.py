"""An edition as a MARC 21 bibliographic record, UTF-8, without ISBD punctuation (leader/18 ``c``).

The work's own script stands in the regular fields and the romanised form in 880 (model A turned round: the agency
catalogues in Han script). Every value is one of the merged edition; 852 has who holds it, 035 the members' own numbers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable
from datetime import datetime
from typing import TypeVar

from pymarc import Field, Indicators, Leader, Record, Subfield

from indexer.record import Agent, Carrier, Edition, Format, Holding, Imprint, Sourced, Subject, Title
from indexer.text import has_cjk
from search_api.labels import Labels
from search_api.protocols.marc_tables import (
    CLASS_FIELDS,
    CLASS_SOURCES,
    FORM_AT_29,
    FORM_OF_ITEM,
    LEADER,
    LINKED_TITLES,
    NUMBER_FIELDS,
    SUBJECT_TAGS,
    TITLE_FIELDS,
)

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
"""What neither XML 1.0 nor ISO 2709 lets stand in a value."""
_STILL_APPEARING = 9999
_AGENT_TAGS = {"person": "00", "corporate": "10", "meeting": "11"}
_DIVIDED = " -- "
_NAME = re.compile(
    r"(.+?)(?:, ((?:(?:ca\.|b\.|d\.|approximately|active|約) *)?\d{3,4}\??(?: ?[-–] ?(?:\d{3,4}\??)?)?))?"
    r"(?:(?:(?<=[\w-]{3})|(?<=[\u4e00-\u9fff]))\. (.+))?"
)
"""A name as a subject: the name, its dates, a title of its; behind an initial or Jr. stands no title."""
_PARTS_OF_TITLE = ("a", "b", "n", "p")

Pair = tuple[str, str]
T = TypeVar("T")


def marc_record(edition: Edition, site: str, labels: Labels, at: datetime) -> Record:
    """The record; libraries and places are named by ``labels``, ``at`` is when it is written."""
    writer = _Writer(edition.format)
    writer.control("001", edition.id)
    writer.control("003", "Allshelves")
    writer.control("005", at.strftime("%Y%m%d%H%M%S.0"))
    if edition.carrier is Carrier.ONLINE:
        writer.control("007", "cr" + "|" * 12)
    writer.control("008", _008(edition, at))
    _numbers(writer, edition)
    writer.add("040", "  ", [("a", "Allshelves"), ("c", "Allshelves")])
    _languages(writer, edition)
    _classes(writer, edition)
    main = next((one.value for one in edition.agents if one.value.main), None)
    if main is not None:
        _agent(writer, main, "1")
    _titles(writer, edition, has_main=main is not None)
    _published(writer, edition)
    _notes(writer, edition)
    for subject in _whole(_once(edition.subjects, lambda one: (one.text, one.scheme))):
        _subject(writer, subject)
    for agent in _once(edition.agents, lambda one: one.name):
        if main is None or agent.name != main.name:
            _agent(writer, agent, "7")
    for kind, (tag, indicators) in LINKED_TITLES.items():
        for title in _once(edition.titles, lambda one: one):
            if title.kind == kind:
                writer.add(tag, indicators, [("t", title.proper), ("g", title.part_number)])
    _links(writer, edition, site)
    for code in labels.in_order(edition.libraries):
        _holdings(writer, edition, code, labels)
    return writer.finished()


class _Writer:
    """Adds fields to a record, and pairs those that have a romanised form with an 880."""

    def __init__(self, format: Format) -> None:
        kind, level = LEADER[format]
        self._record = Record(force_utf8=True)
        self._record.leader = Leader(f"00000n{kind}{level} a2200000 c 4500")
        self._romanised: list[Field] = []

    def control(self, tag: str, data: str) -> None:
        self._record.add_field(Field(tag, data=data))  # type: ignore[no-untyped-call]

    def add(self, tag: str, indicators: str, subfields: Iterable[Pair], romanised: Iterable[Pair] = ()) -> None:
        """A field without its empty subfields; none at all when they are all empty."""
        own, other = _subfields(subfields), _subfields(romanised)
        if not own:
            return
        if other:
            number = f"{len(self._romanised) + 1:02}"
            own.insert(0, Subfield("6", f"880-{number}"))
            linked = [Subfield("6", f"{tag}-{number}/(B"), *other]
            self._romanised.append(Field("880", Indicators(*indicators), linked))
        self._record.add_field(Field(tag, Indicators(*indicators), own))  # type: ignore[no-untyped-call]

    def finished(self) -> Record:
        self._record.add_field(*self._romanised)  # type: ignore[no-untyped-call]
        return self._record


def _subfields(pairs: Iterable[Pair]) -> list[Subfield]:
    return [Subfield(code, text) for code, value in pairs if (text := " ".join(_CONTROL.sub("", value).split()))]


def _once(values: Iterable[Sourced[T]], key: Callable[[T], Hashable]) -> list[T]:
    """The values with distinct keys, the first of each."""
    kept: dict[Hashable, T] = {}
    for stated in values:
        kept.setdefault(key(stated.value), stated.value)
    return list(kept.values())


def _whole(subjects: list[Subject]) -> list[Subject]:
    """The subjects without those that only are the parts of another, as facets are cut from a heading."""
    parts = {(part, one.scheme) for one in subjects if len(cut := one.text.split(_DIVIDED)) > 1 for part in cut}
    return [one for one in subjects if (one.text, one.scheme) not in parts]


def _008(edition: Edition, at: datetime) -> str:
    start, end = edition.year, edition.end_year
    serial = LEADER[edition.format][1] == "s"
    if start is None or not 0 <= start <= _STILL_APPEARING:
        kind, dates = "n", "uuuuuuuu"
    elif end == _STILL_APPEARING:
        kind, dates = "c", f"{start:04}9999"
    elif serial:
        kind, dates = ("u", f"{start:04}uuuu") if end is None else ("d", f"{start:04}{end:04}")
    elif end is not None and end != start:
        kind, dates = "m", f"{start:04}{end:04}"
    elif edition.year_questionable:
        kind, dates = "q", f"{start:04}{start:04}"
    else:
        kind, dates = "s", f"{start:04}    "
    of_the_kind = ["|"] * 17
    form = FORM_OF_ITEM.get(edition.carrier)
    if form:
        of_the_kind[(29 if LEADER[edition.format][0] in FORM_AT_29 else 23) - 18] = form
    language = edition.languages[0] if edition.languages else "und"
    return f"{at:%y%m%d}{kind}{dates}{edition.country or 'xx':<3.3}{''.join(of_the_kind)}{language:<3.3}|c"


def _numbers(writer: _Writer, edition: Edition) -> None:
    for number in _once(edition.identifiers, lambda one: (one.kind, one.value)):
        if number.linked:
            continue  # of another form, which has an edition of its own
        tag, indicators, valid, wrong = NUMBER_FIELDS.get(number.kind, NUMBER_FIELDS["other"])
        value = f"(OCoLC){number.value}" if number.kind == "oclc" else number.value
        qualifier = number.qualifier or number.volume if tag == "020" else ""
        writer.add(tag, indicators, [(valid if number.valid else wrong, value), ("q", qualifier)])
    for member in edition.members:
        writer.add("035", "  ", [("a", f"({member.library}){member.local_id or member.identifier}")])


def _languages(writer: _Writer, edition: Edition) -> None:
    translated = bool(edition.original_languages)
    if len(edition.languages) > 1 or translated or edition.subtitle_languages:
        codes = (
            *(("a", code) for code in edition.languages),
            *(("j", code) for code in edition.subtitle_languages),
            *(("k", code) for code in edition.intermediate_languages),
            *(("h", code) for code in edition.original_languages),
        )
        writer.add("041", "1 " if translated else "0 ", codes)


def _classes(writer: _Writer, edition: Edition) -> None:
    for one in _once(edition.classifications, lambda c: (c.scheme, c.number)):
        if one.scheme in CLASS_FIELDS:
            tag, indicators = CLASS_FIELDS[one.scheme]
            writer.add(tag, indicators, [("a", one.number)])
        else:
            writer.add("084", "  ", [("a", one.number), ("2", CLASS_SOURCES.get(one.scheme, one.scheme))])


def _agent(writer: _Writer, agent: Agent, block: str) -> None:
    tag = block + _AGENT_TAGS.get(agent.kind, "00")
    surname_first = ", " in agent.name or has_cjk(agent.name)
    first = ("1" if surname_first else "0") if agent.kind == "person" else "2"
    roles = [("4" if len(role) == 3 and role.isascii() else "e", role) for role in agent.roles]
    behind = [("d", agent.dates), *roles, *(("0", number) for number in agent.numbers)]
    romanised = [("a", agent.romanised), ("d", agent.dates), *roles] if agent.romanised else []
    writer.add(tag, f"{first} ", [("a", agent.name), *behind], romanised)


def _title_pairs(title: Title) -> list[Pair]:
    return list(zip(_PARTS_OF_TITLE, (title.proper, title.other, title.part_number, title.part_name), strict=True))


def _titles(writer: _Writer, edition: Edition, *, has_main: bool) -> None:
    titles = _once(edition.titles, lambda one: one)
    uniform = next((one for one in titles if one.kind == "uniform"), None)
    if uniform is not None:
        writer.add(*(("240", "10") if has_main else ("130", "0 ")), _title_pairs(uniform))
    responsibility = edition.responsibilities[0].value if edition.responsibilities else ""
    title = edition.title or Title("[Untitled]")
    romanised = [("a", title.romanised)] if title.romanised else []
    writer.add("245", f"{int(has_main)}0", [*_title_pairs(title), ("c", responsibility)], romanised)
    for one in titles:
        if one is not title and one.kind in TITLE_FIELDS:
            tag, indicators = TITLE_FIELDS[one.kind]
            writer.add(tag, indicators, _title_pairs(one))


def _published(writer: _Writer, edition: Edition) -> None:
    for statement in edition.editions[:1]:
        writer.add("250", "  ", [("a", statement.value)])
    for imprint in _once(edition.imprints, lambda one: one)[:3]:
        writer.add("264", " 1", _imprint(imprint, edition.year))
    for year in edition.copyright_years[:1]:
        writer.add("264", " 4", [("c", f"©{year.value}")])
    for extent in edition.extents[:1]:
        writer.add("300", "  ", [("a", extent.value)])
    for series in _once(edition.series, lambda one: (one.title, one.number)):
        romanised = [("a", series.romanised), ("v", series.number)] if series.romanised else []
        writer.add("490", "0 ", [("a", series.title), ("v", series.number)], romanised)


def _imprint(imprint: Imprint, year: int | None) -> list[Pair]:
    date = imprint.date or ("" if year is None else str(year))
    return [("a", imprint.place), ("b", imprint.publisher), ("c", date)]


def _notes(writer: _Writer, edition: Edition) -> None:
    for note in edition.notes:
        writer.add("500", "  ", [("a", note.value)])
    for contents in edition.contents[:1]:
        writer.add("505", "0 ", [("a", contents.value)])
    for summary in edition.summaries[:1]:
        writer.add("520", "  ", [("a", summary.value)])


def _subject(writer: _Writer, subject: Subject) -> None:
    heading, *divisions = subject.text.split(_DIVIDED)
    second = "0" if subject.scheme == "lcsh" else "7" if subject.scheme else "4"
    source = [("2", subject.scheme)] if second == "7" else []
    first = {"person": "1", "corporate": "2"}.get(subject.kind, " ")
    pairs = [
        *_heading(heading, subject.kind),
        *(("x", one) for one in divisions),
        *source,
        *(("0", n) for n in subject.numbers),
    ]
    romanised = [("a", subject.romanised)] if subject.romanised else []
    writer.add(SUBJECT_TAGS.get(subject.kind, "650"), f"{first}{second}", pairs, romanised)


def _heading(heading: str, kind: str) -> list[Pair]:
    """A name with its dates and, where it is the subject with a work of its, the title: $a $d $t."""
    if kind != "person":
        return [("a", heading)]
    found = _NAME.fullmatch(heading)
    name, dates, title = found.groups(default="") if found else (heading, "", "")
    return [("a", name), ("d", dates), ("t", title)]


def _links(writer: _Writer, edition: Edition, site: str) -> None:
    for link in _once(edition.links, lambda one: one.url):
        second = "0" if link.kind == "fulltext" else "2"
        writer.add("856", f"4{second}", [("3", link.label), ("u", link.url)])
    for url, coverage in dict.fromkeys((one.url, one.coverage) for one in edition.holdings if one.url):
        writer.add("856", "40", [("3", coverage), ("u", url)])
    writer.add("856", "42", [("3", "Allshelves"), ("u", f"{site}/editions/{edition.id}")])


def _holdings(writer: _Writer, edition: Edition, code: str, labels: Labels) -> None:
    """One 852 for each place, and one for a library that states none: that it holds the edition is never lost."""
    own: list[Holding | None] = [one for one in edition.holdings if one.library == code]
    for holding in own or [None]:
        if holding is None:
            writer.add("852", "  ", [("a", labels.library(code))])
            continue
        call_number = holding.call_number or next((one.call_number for one in holding.items if one.call_number), "")
        place = [
            ("b", labels.branch(code, holding.branch) if holding.branch else ""),
            ("c", labels.location(code, holding.location) if holding.location else ""),
        ]
        pairs = [("a", labels.library(code)), *place, ("h", call_number), ("z", holding.note)]
        for item in holding.items or (None,):  # $p is not repeatable: a field for each copy
            barcode = item.barcode if item else ""
            writer.add("852", "8 ", [("3", holding.summary), *pairs, ("p", barcode)])

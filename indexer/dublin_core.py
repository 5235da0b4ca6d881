"""Simple Dublin Core (``oai_dc``) → `Record`, as far as it goes: one function per kind of value.

It is what libraries send that cannot send MARC: fifteen elements, all optional, all repeatable, in any words. Follows
the Dublin Core Metadata Element Set 1.1 and what repositories make of it; nothing is taken for more than it says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from indexer import audiences, names
from indexer.dates import Years, copyright_printed, years_printed
from indexer.dublin_core_forms import carrier, is_known_type, kind, type_word
from indexer.dublin_core_imprints import Elements, date_believed, imprints, is_of_deposit
from indexer.dublin_core_relations import identifiers, links, notes, series
from indexer.eacc import REPLACEMENT
from indexer.extents import pages, volumes
from indexer.marc21_coded import LANGUAGE_NAMES
from indexer.marcxml_transmission import xml_root
from indexer.mending import is_mostly_lost, mended_text
from indexer.record import Agent, Classification, Record, Subject, Title
from indexer.schemes import scheme_named
from indexer.terms import terms_in
from indexer.text import clean, trim_isbd
from indexer.transmission import Malformed
from mappings.table import load_table

DIALECT = "oai_dc"

_LANGUAGE_TABLE = load_table("languages")
_EXTENT = re.compile(
    r"\d\s*(?:p|pp|pages|leaves|v|vol|vols|volumes|sheets?|discs?|[面頁页冊册葉片張])\b|\d\s*[面頁页冊册葉片張]",
    re.IGNORECASE,
)
_LIFE = re.compile(r"[,\s]+\(?(?P<dates>(?:\d{4}\s*[-–]\s*(?:\d{4})?|[-–]\s*\d{4}))\)?[.,]?$")
_MAX_TITLE = 20_000  # characters: no pattern searches more of a value


def record(payload: bytes, library: str, identifier: str) -> Record:
    """Everything that a Dublin Core record says, as a `Record`.

    Its own system's name for it is what follows the last colon of the OAI identifier.

    Raises: Malformed.
    """
    repairs: list[str] = []
    elements = read_elements(payload, repairs)
    years = year(elements)
    about = [*elements.get("abstract", ()), *elements.get("description", ())]
    lost = sum(text.count(REPLACEMENT) for texts in elements.values() for text in texts)
    return Record(
        library,
        identifier,
        identifier.rpartition(":")[2],
        DIALECT,
        titles=titles(elements),
        responsibility=responsibility(elements),
        agents=agents(elements),
        imprints=imprints(elements),
        year=years.start,
        end_year=years.end,
        year_questionable=years.questionable,
        copyright_year=copyright_year(elements),
        audience=audience(elements),
        contents="\n".join(elements.get("tableOfContents", ())),
        extent=(size := extent(elements)),
        pages=pages(size),
        volumes=volumes(size),
        summary=next(iter(about), ""),
        notes=notes(elements),
        series=series(elements),
        subjects=subjects(elements),
        classifications=classifications(elements),
        identifiers=(numbers := identifiers(elements)),
        languages=languages(elements),
        format=kind(elements, counted=bool(size) or any(one.kind == "isbn" and one.valid for one in numbers)),
        carrier=carrier(elements),
        links=links(elements),
        repairs=tuple(dict.fromkeys(repairs)),
        replacements=lost,
        unread_codes=unread_codes(elements),
    )


def read_elements(payload: bytes, repairs: list[str]) -> Elements:
    """The record's elements; `repairs` is told what had to be mended.

    Raises: Malformed when there are none, or hardly a letter of them is left.
    """
    root = xml_root(payload, repairs)
    found: Elements = {}
    for element in root.iter():
        if not isinstance(element.tag, str) or len(element):
            continue
        name = element.tag.rpartition("}")[2]
        notes: list[str] = []
        if text := clean(mended_text(element.text or "", notes)):
            found.setdefault(name, []).append(text[:_MAX_TITLE])
        repairs.extend(f"{name}: {note}" for note in notes)
    texts = [text for values in found.values() for text in values]
    if not texts:
        raise Malformed("no element in the record")
    if lost := sum(text.count(REPLACEMENT) for text in texts):
        if is_mostly_lost(texts):
            raise Malformed("most of its text is lost")
        repairs.append(f"{lost} characters lost before or when it was sent")
    return found


def titles(elements: Elements) -> tuple[Title, ...]:
    """The first title is the title proper, cut at a colon spaced as ISBD spaces it; the others are variants."""
    found: list[Title] = []
    for written in elements.get("title", ()):
        whole, _, _ = written.partition(" / ")
        proper, _, other = whole.partition(" : ")
        if title := trim_isbd(proper):
            found.append(Title(title, trim_isbd(other), kind="variant" if found else "proper"))
    found.extend(Title(trim_isbd(text), kind="variant") for text in elements.get("alternative", ()))
    return tuple(dict.fromkeys(title for title in found if title.proper))


def responsibility(elements: Elements) -> str:
    """What follows `` / `` in the first title, as ISBD writes it."""
    return trim_isbd(next(iter(elements.get("title", ())), "").partition(" / ")[2])


def agents(elements: Elements) -> tuple[Agent, ...]:
    """Creators, then contributors. Dublin Core does not say which are bodies, nor what they did."""
    found = [agent for text in elements.get("creator", ()) for agent in _agents(text, main=True)]
    found += [agent for text in elements.get("contributor", ()) for agent in _agents(text, main=False)]
    return tuple({agent.name: agent for agent in reversed(found) if agent.name}.values())[::-1]


def _agents(written: str, *, main: bool) -> Iterator[Agent]:
    written = written[:1000]
    life = _LIFE.search(written)
    name = names.person(written[: life.start()] if life else written)
    dates = life.group("dates") if life else name.dates
    yield Agent(name.name, role=name.role, dates=dates, main=main, original=name.original)
    for other in names.others_in(written):
        yield replace(other, main=main)


def year(elements: Elements) -> Years:
    """The years of the date believed, in doubt where it is that of a deposit; none when no date has one."""
    found = years_printed(date_believed(elements))
    return found._replace(questionable=True) if found.start and is_of_deposit(elements) else found


def copyright_year(elements: Elements) -> int | None:
    """The year of copyright, where a date marks it as one (c1998); a rights statement may be of the record."""
    dates = (*elements.get("dateCopyrighted", ()), *elements.get("date", ()), *elements.get("issued", ()))
    return next(filter(None, map(copyright_printed, dates)), None)


def audience(elements: Elements) -> tuple[str, ...]:
    """For whom it is meant, in the words of dcterms:audience and educationLevel."""
    texts = (*elements.get("audience", ()), *elements.get("educationLevel", ()))
    return tuple(dict.fromkeys(code for text in texts for code in audiences.in_words(text)))


def extent(elements: Elements) -> str:
    """What dc:format or dcterms:extent says of pages or pieces, "" when nothing does."""
    texts = [*elements.get("extent", ()), *elements.get("format", ())]
    return next((trim_isbd(text) for text in texts if _EXTENT.search(text[:300])), "")


def subjects(elements: Elements) -> tuple[Subject, ...]:
    """Subjects as topics, places and periods covered as places; the vocabulary is never stated.

    An element may hold several (rivers; lakes), and a class number, which is no subject.
    """
    topics = (one for text in elements.get("subject", ()) for one in terms_in(text))
    found = [Subject(_heading(text)) for text in topics if not _class_in(text)]
    found += [Subject(_heading(text), kind="place") for text in elements.get("coverage", ()) if not text[:1].isdigit()]
    return tuple(dict.fromkeys(subject for subject in found if subject.text))


def classifications(elements: Elements) -> tuple[Classification, ...]:
    """The class numbers among the subjects: ``ddc:551.48``, and 857.49, whose scheme is not said."""
    topics = (one for text in elements.get("subject", ()) for one in terms_in(text))
    return tuple(dict.fromkeys(found for text in topics if (found := _class_in(text))))


_CLASS = re.compile(
    r"(?:info:eu-repo/classification/)?(?P<scheme>[A-Za-z]{3,6}|[\u4e00-\u9fff]{3,9})(?:\s?[:：/]{1,2}\s?|\s)"
    r"(?P<number>[A-Z]{0,3}\d[\w.,/-]{0,30})(?:[\s:]+\D.*)?"
)
_DECIMAL_CLASS = re.compile(r"\d{3}\.\d{1,12}")


def _class_in(text: str) -> Classification | None:
    if _DECIMAL_CLASS.fullmatch(text):
        return Classification(text, "other")
    match = _CLASS.fullmatch(text[:200])
    scheme = scheme_named(match["scheme"]) if match else ""
    return Classification(match["number"].strip(".:/"), scheme) if match and scheme else None


def _heading(text: str) -> str:
    return " -- ".join(filter(None, (trim_isbd(part) for part in text.split("--"))))


def languages(elements: Elements) -> tuple[str, ...]:
    """dc:language as MARC codes: ``eng``, ``zh-TW``, ``zho``, ``eng; chi``, 中文; what is neither code nor name is left
    out."""
    found = map(_language, _parts(elements.get("language", ())))
    return tuple(dict.fromkeys(code for code in found if code and code != "und"))


def _language(written: str) -> str:
    code = LANGUAGE_NAMES.get(written.lower()) or re.split("[-_]", written.lower())[0]
    return code if code in _LANGUAGE_TABLE.labels else _LANGUAGE_TABLE.sources["iso"].get(code, "")


def unread_codes(elements: Elements) -> tuple[str, ...]:
    """``kind:code`` of what dc:language and dc:type say and no table knows, each once."""
    languages = (text for text in _parts(elements.get("language", ())) if text.lower() != "und" and not _language(text))
    types = (word for text in elements.get("type", ()) if (word := type_word(text)) and not is_known_type(word))
    return tuple(dict.fromkeys((*(f"language:{one[:80]}" for one in languages), *(f"format:{t[:80]}" for t in types))))


def _parts(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from filter(None, (part.strip() for part in re.split(r"[;,/]", text[:300])))


def is_dublin_core(payload: bytes) -> bool:
    """Whether a payload's first element is Dublin Core's ``dc``, whatever it was announced as."""
    start = payload[:1000]
    first = re.search(rb"<([A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)", start)
    return first is not None and first.group(2) == b"dc"

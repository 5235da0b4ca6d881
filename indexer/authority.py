"""Authority records, MARC 21's, UNIMARC's and those of its Taiwan form, as names of one bearer.

A see-from tracing (4XX) and a linked heading of another file (7XX) name the bearer of the heading, and so does the
heading in another script. A see-also tracing (5XX) names somebody else, be it the same human under another pen name:
it is not read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from indexer import marc21_access, unimarc_access
from indexer.authority_numbers import authority_number
from indexer.marc import Field, Marc
from indexer.record import Agent, RecordRef

MARC21_TYPE = "z"
AUTHORITY_TYPES = "xyz"
"""Leader/06 of authority records: z in MARC 21, whose x and y are holdings records; all three in UNIMARC."""

GENERAL_DATA_OF_A_BOOK = 30
"""UNIMARC's 100 $a has 36 characters in a record of a book, 24 in one of a name; it begins with a date in both."""

_MARC21_HEADINGS = {
    "00": "person",
    "10": "corporate",
    "11": "meeting",
    "30": "title",
    "47": "topic",
    "48": "period",
    "50": "topic",
    "51": "place",
    "55": "genre",
    "62": "place",
    "80": "topic",
    "81": "place",
    "82": "period",
    "85": "genre",
}
_UNIMARC_HEADINGS = {
    "00": "person",
    "10": "corporate",
    "15": "place",
    "16": "topic",
    "20": "person",
    "30": "title",
    "35": "title",
    "40": "title",
    "45": "title",
    "50": "topic",
    "60": "place",
    "80": "genre",
}
"""The last two digits of a heading's tag → its kind: MARC 21's 1XX, UNIMARC's 2XX, and in both their 4XX and 7XX."""

AGENTS = ("person", "corporate", "meeting")

_LINKED_NAMES = ("700", "710", "711")
"""Of a subject a linked heading may be a broader one: its number is not taken."""


@dataclass(frozen=True, slots=True)
class Form:
    """A name as an authority record gives it, without its dates."""

    text: str
    dates: str = ""


@dataclass(frozen=True, slots=True)
class Authority:
    """All names of one bearer. ``headings`` is the preferred one, then the same in other scripts."""

    library: str
    identifier: str
    numbers: tuple[str, ...]  # as `authority_numbers.authority_number` writes them
    kind: str  # person | corporate | meeting | title | topic | place | genre | period
    headings: tuple[Form, ...]
    variants: tuple[Form, ...] = ()

    @property
    def ref(self) -> RecordRef:
        return RecordRef(self.library, self.identifier)

    @property
    def names(self) -> tuple[str, ...]:
        """Every name, each once."""
        return tuple(dict.fromkeys(form.text for form in (*self.headings, *self.variants)))


def is_authority(marc: Marc, *, marc21_only: bool = False) -> bool:
    """Whether a record describes no book but a name: by leader/06, and because it has a heading and no title.

    ``marc21_only``: the library sends no UNIMARC, so that x and y are holdings records.
    """
    kind = marc.leader[6]
    if kind not in AUTHORITY_TYPES or marc.has("245"):
        return False
    if is_unimarc(marc):
        return not marc21_only and not marc.has("004") and not marc.has("852")
    return kind == MARC21_TYPE and not marc.has("200")


def is_unimarc(marc: Marc) -> bool:
    """Whether an authority record is UNIMARC's: it has headings of one 2XX, and its 100 $a, if any, is coded data.

    In MARC 21 100 is a person, and 2XX are but references; a UNIMARC record of a book has several 2XX.
    """
    if sum(marc.has(f"2{end}") for end in _UNIMARC_HEADINGS) != 1:
        return False
    if (general := marc.field("100")) is not None:
        coded = next((value for code, value in general.subfields if code == "a"), "")  # its blanks count
        return coded[:8].isdecimal() and len(coded) < GENERAL_DATA_OF_A_BOOK
    return not any(marc.has(f"1{end}") for end in _MARC21_HEADINGS)


_Forms = Callable[[Field, str, Field | None], Iterator[tuple[str, Form]]]
"""A heading or tracing of a kind, with the same in another script → the forms it gives, each with its kind."""


def authority(marc: Marc, library: str, identifier: str) -> Authority | None:
    """The names that an authority record gives; None when it has no heading."""
    if is_unimarc(marc):
        digit, kinds, forms, numbers = "2", _UNIMARC_HEADINGS, _unimarc_forms, _unimarc_numbers(marc)
    else:
        digit, kinds, forms, numbers = "1", _MARC21_HEADINGS, _marc21_forms, _marc21_numbers(marc)
    first = list(_forms_at(digit, marc, kinds, forms))
    if not first:
        return None
    headings = tuple(dict.fromkeys(form for _, form in first))
    variants = (form for digit in "47" for _, form in _forms_at(digit, marc, kinds, forms))
    return Authority(
        library,
        identifier,
        tuple(dict.fromkeys(number for text in numbers if (number := authority_number(text, library)))),
        first[0][0],
        headings,
        tuple(dict.fromkeys(form for form in variants if form not in headings)),
    )


def _forms_at(digit: str, marc: Marc, kinds: Mapping[str, str], forms: _Forms) -> Iterator[tuple[str, Form]]:
    for end, kind in kinds.items():
        for field, beside in marc.pairs(digit + end):
            yield from (found for found in forms(field, kind, beside) if found[1].text)


def _marc21_forms(field: Field, kind: str, beside: Field | None) -> Iterator[tuple[str, Form]]:
    if kind in AGENTS and not field.first("t"):
        yield from _forms_of(marc21_access.agent_named(field, kind, beside, main=False))
        return
    main = marc21_access.MAIN_SUBFIELDS.get(f"6{field.tag[1:]}", "a")
    for one in filter(None, (field, beside)):
        yield "title" if kind in AGENTS else kind, Form(marc21_access.subject_text(one, main))


def _unimarc_forms(field: Field, kind: str, beside: Field | None) -> Iterator[tuple[str, Form]]:
    if kind in AGENTS:
        yield from _forms_of(unimarc_access.agent_named(field, kind, beside, main=False))
        return
    for one in filter(None, (field, beside)):
        yield kind, Form(marc21_access.subject_text(one, "abt", "xyzj"))


def _forms_of(agent: Agent) -> Iterator[tuple[str, Form]]:
    for text in (agent.name, agent.romanised, agent.original):
        yield agent.kind, Form(text, agent.dates)


def _marc21_numbers(marc: Marc) -> Iterator[str]:
    """001, with 003 too, 010 of the Library of Congress, 024 and 035; those of the linked headings of names."""
    own = marc.control("001").strip()
    yield own
    if own and (source := marc.control("003").strip()):
        yield f"({source}){own}"
    yield from (f"(DLC){text}" for field in marc.fields("010") for text in field.all("a"))
    for field in marc.fields("024"):
        source = field.first("2")
        yield from (text if "://" in text or not source else f"({source}){text}" for text in field.all("a"))
    yield from (
        text for field in marc.fields("035", *_LINKED_NAMES) for text in field.all("a" if field.tag == "035" else "01")
    )


def _unimarc_numbers(marc: Marc) -> Iterator[str]:
    """001, with 003 too, 010 of ISNI, 033 and 035; those of the linked headings of names."""
    own, source = marc.control("001").strip(), marc.control("003").strip()
    yield own
    if source:
        yield source if "://" in source else f"({source}){own}"
    yield from (f"(isni){text}" for field in marc.fields("010") for text in field.all("a"))
    yield from (text for field in marc.fields("033", "035") for text in field.all("a"))
    yield from (text for field in marc.fields(*_LINKED_NAMES) for text in field.all("301"))

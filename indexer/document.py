"""Edition ↔ index document: the only place that knows the shape ``mappings/editions.json`` describes.

Text fields carry tokens (``indexer/analysis.py``), one string a value, and are never empty; keyword fields carry whole
values; ``edition`` carries the whole edition as JSON and comes back with hits.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from math import log2
from typing import Any

from indexer import stored_edition
from indexer.analysis import EMPTY, analyse, key, written_key
from indexer.engine import Document
from indexer.query_text import compact
from indexer.readings import hanyu, hanyu_of_name, hanyu_of_romanised, has_han
from indexer.record import (
    Carrier,
    Classification,
    Edition,
    Identifier,
    Title,
)
from indexer.shelved import SCHEMES, Shelved, shelved
from indexer.sort_keys import name_order, shelf_order, title_order
from indexer.suits import suits
from indexer.variants import written_otherwise
from mappings.library import Library

NUM_BITS = 49
"""An order key is a 14-bit value above the edition's number: 63 bits, what both engines sort without loss."""

LAST_VALUE = (1 << 14) - 1

WORK_BITS = 63
"""Of a work's number, by which editions are grouped: two works of one number would be shown as one."""

WORK_PARTS = 1024
"""Into so many parts the works of several editions fall. Engines count different numbers by hashes, which is exact only
for few: so they count each part and add up."""

MAX_KEY_LENGTH = 250
"""Longer titles are not sought whole."""

MAX_FACET_LENGTH = 500
"""Longer values are no facet: nobody chooses them, and engines reject keywords beyond 32 KB."""

HELD_BY_MANY = 0.12
"""How much the factor grows when twice as many libraries hold an edition."""

RECENT = 0.0005
"""How much the factor grows with each year after 1900."""

TIE_STEP, TIE_STEPS = 1e-6, 1000
"""Editions alike in all that is scored differ by these steps of the factor, so that both engines order them alike:
a step is above the engines' rounding and far below anything a reader would call a difference."""

ADDED = ("uniform", "variant")
"""Kinds of titles that cataloguers add: a translation is also catalogued under its original, not so named."""

CONTAINED = ("part", "former", "later", "host", "contents", "related")
"""Kinds of titles that are of something else: a chapter, an earlier name, the journal it is in, what it is from."""

_KANA_OR_HANGUL = re.compile("[\u3041-\u30fa\uac00-\ud7a3]")


def document(edition: Edition, libraries: Mapping[str, Library]) -> Document:
    """The index document of an edition; a library without configuration counts in no region."""
    num = number(edition.id)
    work = work_number(edition.work or edition.id)
    shelves = tuple(shelved(edition))
    call_numbers = _call_numbers(edition)
    texts = _texts(edition, call_numbers)
    readings = _readings(edition)
    variants = {
        "title_variant": _besides(_added_titles(edition), texts["title"]),
        "creator_variant": _besides(edition.variant_names, texts["creator"]),
        "subject_variant": _besides(edition.variant_subjects, texts["subject"]),
    }
    borne = _unique(_whole_titles(edition, besides=(*CONTAINED, *ADDED)))
    title_keys = _keys(map(key, borne))
    holders = edition.libraries
    regions = (libraries[code].region for code in holders if code in libraries)
    fields: Document = {
        "id": edition.id,
        "num": num,
        "work": work,
        "work_part": [work % WORK_PARTS] if edition.work else [],
        "edition": stored_edition.stored(edition),
        "all": _unique(value for values in (*texts.values(), *variants.values()) for value in values) or [EMPTY],
        **{name: texts[name] or [EMPTY] for name in ("title", "creator", "subject", "series", "publisher")},
        **{name: values or [EMPTY] for name, values in (readings | variants).items()},
        "title_key": title_keys,
        "title_variant_key": [one for one in _keys(map(key, _unique(_whole_titles(edition)))) if one not in title_keys],
        "title_written_key": _keys(map(written_key, borne)),
        "written": sorted(_written(edition)),
        "title_reading_key": _joined(map(hanyu, filter(_is_chinese, borne))) if readings["title_reading"] else [],
        "creator_reading_key": _joined(readings["creator_reading"]),
        "subject_reading_key": _joined(map(hanyu, filter(_is_chinese, (s.value.text for s in edition.subjects)))),
        "isbn": list(isbns(edition)),
        "issn": _unique(compact(i.value) for i in _identifiers(edition) if i.kind in ("issn", "issn_l")),
        "number": _unique(_numbers(edition)),
        "call_number": _unique(map(call_number_key, call_numbers)),
        "library_facet": list(holders),
        "region_facet": sorted(set(regions)),
        "format_facet": list(edition.format.codes),
        "language_facet": _facet(edition.languages),
        "year_facet": [edition.year] if edition.year is not None and edition.year > 0 else [],
        "subject_facet": _facet(s.value.text for s in edition.subjects),
        "creator_facet": _facet(a.value.name for a in edition.agents),
        "classification_facet": _unique(map(class_of, (c.value for c in edition.classifications))),
        "division_facet": _unique(division_of(c.value) for c in edition.classifications),
        "audience_facet": list(edition.audience),
        "suits_facet": list(suits(edition)),
        "online_facet": ["online"] if edition.carrier is Carrier.ONLINE else [],
        "newest_order": order(edition.year or 0, num),
        "oldest_order": order(LAST_VALUE if edition.year is None else edition.year, num),
        "libraries_order": order(len(holders), num),
        "title_order": title_order(
            _whole(edition.title) if edition.title else "", next(iter(edition.languages), ""), num
        ),
        "creator_order": name_order(edition.agents[0].value.name if edition.agents else "", num),
        "shelf_key": _unique(call_number_key(one.text) for one in shelves),
        "call_number_order": call_number_order(shelves, num),
        "factor": factor(edition, num),
    }
    return {name: value for name, value in fields.items() if value != []}


def edition(source: Mapping[str, Any]) -> Edition:
    """The edition a document was made from.

    Raises: ValueError when the document is not of this version.
    """
    return stored_edition.edition(source["edition"])


def isbns(edition: Edition) -> tuple[str, ...]:
    """The ISBN-13s an edition carries, each once; cancelled and wrong ones are not its own."""
    return tuple(dict.fromkeys(i.value for i in _identifiers(edition) if i.kind == "isbn" and i.valid))


def number(edition_id: str, bits: int = NUM_BITS) -> int:
    """A number that is always the same for an id, and of no other in a billion: it orders what is otherwise equal."""
    return int.from_bytes(blake2b(edition_id.encode(), digest_size=8).digest()) >> (64 - bits)


def work_number(work: str) -> int:
    """The number of a work's id, or of the id of an edition that is its own work."""
    return number(work, WORK_BITS)


def order(value: int, num: int) -> int:
    """A whole number that sorts by value, then by the edition's number."""
    return min(max(value, 0), LAST_VALUE) << NUM_BITS | num


def call_number_order(shelves: Sequence[Shelved], num: int) -> str:
    """A key that sorts by the first call number, of 中文圖書分類法 before others; editions without one come last."""
    places = [(SCHEMES.index(one.scheme), one.place) for one in shelves]
    return shelf_order(*min(places), num) if places else name_order("", num)


def factor(edition: Edition, num: int) -> float:
    """What an edition's score is multiplied with, 1 or more: the well held and the newer rank a little higher."""
    years = min(max((edition.year or 1900) - 1900, 0), 200)
    held = HELD_BY_MANY * log2(max(len(edition.libraries), 1))
    return (1 + held + RECENT * years) * (1 + TIE_STEP * (num % TIE_STEPS))


def class_of(classification: Classification) -> str:
    """The main class a number belongs to, with its scheme (``ncsclt:8``, ``lcc:P``); "" for what has none."""
    first = classification.number.lstrip(" (")[:1].upper()
    main = first.isalpha() if classification.scheme in {"lcc", "clc"} else first.isdecimal()
    return f"{classification.scheme}:{first}" if main and first.isascii() and classification.scheme != "other" else ""


def division_of(classification: Classification) -> str:
    """The hundredth part of knowledge a decimal number belongs to, with its scheme (``ncsclt:85``, ``ddc:82``); "" for
    what has none, or is cut short before its second digit."""
    digits = classification.number.lstrip(" (")[:2]
    decimal = classification.scheme in DECIMAL and len(digits) == 2 and digits.isascii() and digits.isdecimal()
    return f"{classification.scheme}:{digits}" if decimal else ""


DECIMAL = frozenset({"ncsclt", "ddc"})
"""Schemes whose numbers are compared by their first two digits."""


def call_number_key(text: str) -> str:
    """A call number as it is sought: one case and width, single spaces for any separators but the decimal point."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(_SEPARATOR.sub(" ", plain).split())[:MAX_KEY_LENGTH]


_SEPARATOR = re.compile(r"[^\w.]|_")
"""What parts a call number: all but letters, digits and the decimal point."""


def _texts(edition: Edition, call_numbers: Sequence[str]) -> dict[str, list[str]]:
    """The token strings of each text field, and of what is only in ``all`` under ``rest``."""
    agents = [a.value for a in edition.agents]
    imprints = [i.value for i in edition.imprints]
    rest: Iterable[str] = (
        *(i.place for i in imprints),
        *(str(year.value) for year in (*edition.years, *edition.original_years)),
        *(s.value for name in ("editions", "notes", "summaries", "contents") for s in getattr(edition, name)),
        *(c.value.number for c in edition.classifications),
        *call_numbers,
    )
    return {
        "title": _analysed(
            text for t in edition.titles if t.value.kind not in ADDED for text in (_whole(t.value), t.value.romanised)
        ),
        "creator": _analysed(
            (
                *(text for a in agents for text in (a.name, a.romanised, a.original)),
                *(r.value for r in edition.responsibilities),
            )
        ),
        "subject": _analysed(
            text for s in (one.value for one in edition.subjects) for text in (s.text, s.romanised, s.reading)
        ),
        "series": _analysed(
            text
            for s in (one.value for one in edition.series)
            for text in (f"{s.title} {s.number}", s.romanised, s.reading)
        ),
        "publisher": _analysed(text for i in imprints for text in (i.publisher, i.romanised)),
        "rest": _analysed(rest),
    }


def _written(edition: Edition) -> frozenset[str]:
    """The characters of titles, creators and subjects that have other forms, as the records write them."""
    titles = (_whole(t.value) for t in edition.titles if t.value.kind not in ADDED)
    names = (a.value.name for a in edition.agents)
    return written_otherwise("".join((*titles, *names, *(s.value.text for s in edition.subjects))))


def _whole(title: Title) -> str:
    return " ".join(part for part in (title.proper, title.other, title.part_number, title.part_name) if part)


def _whole_titles(edition: Edition, besides: Container[str] = CONTAINED) -> Iterator[str]:
    """What a patron may type as the title, with and without what follows the title proper."""
    for title in (t.value for t in edition.titles if t.value.kind not in besides):
        yield title.proper
        if title.other:
            yield f"{title.proper} {title.other}"
        if title.part_number or title.part_name:
            yield f"{title.proper} {title.part_number} {title.part_name}".rstrip()
        if title.romanised:
            yield title.romanised


def _added_titles(edition: Edition) -> Iterator[str]:
    for title in (t.value for t in edition.titles if t.value.kind in ADDED):
        yield from (_whole(title), title.romanised)


def _readings(edition: Edition) -> dict[str, list[str]]:
    """Hanyu syllables of titles and names, unless the edition is in another language of Han characters."""
    if edition.languages and edition.languages[0] in {"jpn", "kor", "vie"}:
        return {"title_reading": [], "creator_reading": []}
    titles = filter(_is_chinese, _unique(text for t in edition.titles for text in (t.value.proper, _whole(t.value))))
    names = filter(_is_chinese, _unique(a.value.name for a in edition.agents))
    found = {"title_reading": [hanyu(text) for text in titles], "creator_reading": [hanyu_of_name(n) for n in names]}
    if "chi" in edition.languages:
        latin = [
            text for t in edition.titles for text in (t.value.romanised, _whole(t.value)) if text and not has_han(text)
        ]
        romanised = [
            text for a in edition.agents for text in (a.value.romanised, a.value.name) if text and not has_han(text)
        ]
        found["title_reading"] += [hanyu_of_romanised(analyse(text)) for text in latin]
        found["creator_reading"] += [hanyu_of_romanised(analyse(text)) for text in romanised]
    return {name: _unique(values) for name, values in found.items()}


def _is_chinese(text: str) -> bool:
    """Whether a text has Han characters and neither kana nor Hangul."""
    return has_han(text) and _KANA_OR_HANGUL.search(text) is None


def _identifiers(edition: Edition) -> Iterator[Identifier]:
    return (sourced.value for sourced in edition.identifiers)


def _numbers(edition: Edition) -> Iterator[str]:
    for identifier in _identifiers(edition):
        yield compact(identifier.value)
        if identifier.value.startswith("("):  # nobody types the source of (isrc)USQX91501101
            yield compact(identifier.value.partition(")")[2])
    yield from (compact(item.barcode) for holding in edition.holdings for item in holding.items)


def _call_numbers(edition: Edition) -> list[str]:
    on_holdings = (h.call_number for h in edition.holdings)
    on_items = (item.call_number for h in edition.holdings for item in h.items)
    return _unique((*on_holdings, *on_items))


def _analysed(values: Iterable[str]) -> list[str]:
    return _unique(map(analyse, dict.fromkeys(values)))


def _besides(values: Iterable[str], stated: Container[str]) -> list[str]:
    """The tokens of names that the records do not state themselves."""
    return [tokens for tokens in _analysed(values) if tokens not in stated]


def _keys(values: Iterable[str]) -> list[str]:
    return [value for value in _unique(values) if len(value) <= MAX_KEY_LENGTH]


def _joined(readings: Iterable[str]) -> list[str]:
    """Readings without spaces, as they may be typed from their beginning."""
    return _keys(reading.replace(" ", "") for reading in readings)


def _facet(values: Iterable[str]) -> list[str]:
    return [value for value in _unique(values) if len(value) <= MAX_FACET_LENGTH]


def _unique(values: Iterable[str]) -> list[str]:
    return list(filter(None, dict.fromkeys(values)))

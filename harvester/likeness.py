"""What tells that two raw records are one: control numbers, and the little of a title that outlives a change of system.

Looked at when a source names its records anew, and when a record under an old identifier changes. Nothing here reads a
record for anybody to see: that is the indexer's.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from difflib import SequenceMatcher

from lxml import etree

from harvester.marcxml import children, local_name, text_of
from harvester.raw_record import PayloadFormat

TITLE_LENGTH = 24  # letters and digits of it: enough to tell records apart, few enough to survive corrections
TITLES = ("245", "200")  # of MARC 21, of UNIMARC
TITLE_CODES = {"245a", "200a"}
ISBN_CODES = {"020a", "010a"}
ALIKE = 0.5  # of 1: titles that are corrected, lengthened or shortened are above, other titles below

_ORGANISED = re.compile(r"\(([^)]+)\)\s*(.+)")
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)

Fields = list[tuple[str, str]]  # tag, or tag and code of a subfield → text, in the order of the record


def numbers(payload: bytes, form: PayloadFormat) -> frozenset[str]:
    """The numbers under which a record is known, here or elsewhere: 035 with its organisation, 003 with 001, and bare
    numbers together with the beginning of the title, because a new system counts from 1 again.
    """
    fields = list(_fields(payload, form))
    values = dict(reversed(fields))
    title = _folded(next((values[f"{tag}a"] for tag in TITLES if f"{tag}a" in values), ""))
    found: set[str] = set()
    own, organisation = values.get("001", ""), values.get("003", "")
    if own and organisation:
        found.add(f"({organisation}){own}")
    bare = {own} if own else set()
    for tag, text in fields:
        if tag != "035a":
            continue
        if match := _ORGANISED.fullmatch(text):
            found.add(f"({match[1]}){match[2]}")
            bare.add(match[2])
        else:
            bare.add(text)
    if title:
        found.update(f"{one}|{title}" for one in bare)
    return frozenset(found)


def alike(a: bytes, b: bytes, a_form: PayloadFormat, b_form: PayloadFormat) -> bool:
    """Whether two versions under one identifier can be one record.

    They can when they share an ISBN, when their titles begin much the same, and when one of them has no title. Where
    only one title is in UTF-8 they tell nothing: it is damaged, or the library has changed its character set.
    """
    (titles, isbns, lossy), (other_titles, other_isbns, other_lossy) = _marks(a, a_form), _marks(b, b_form)
    if not titles or not other_titles or isbns & other_isbns or lossy != other_lossy:
        return True
    return any(SequenceMatcher(None, one, other).ratio() > ALIKE for one in titles for other in other_titles)


def _marks(payload: bytes, form: PayloadFormat) -> tuple[set[str], set[str], bool]:
    """The beginnings of a record's titles, its ISBNs without what ten and thirteen digits differ in, and whether
    characters of the titles are lost."""
    fields = list(_fields(payload, form))
    stated = [text for tag, text in fields if tag in TITLE_CODES]
    isbns = {re.sub(r"[^0-9X]", "", text.upper())[-10:-1] for tag, text in fields if tag in ISBN_CODES} - {""}
    return {_folded(text) for text in stated} - {""}, isbns, any("\ufffd" in text for text in stated)


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in plain if c.isalnum())[:TITLE_LENGTH]


def _fields(payload: bytes, form: PayloadFormat) -> Iterator[tuple[str, str]]:
    if form == "iso2709":
        return _of_iso2709(payload)
    return _of_marcxml(payload) if form == "marcxml" else _of_dublin_core(payload)


def _of_dublin_core(payload: bytes) -> Iterator[tuple[str, str]]:
    """As fields of MARC that say the same; makers and dates together serve as a number where no identifier lasts."""
    try:
        root = etree.fromstring(payload, _PARSER)
    except etree.XMLSyntaxError:
        return
    values: dict[str, list[str]] = {}
    for element in root.iterchildren("{*}*"):
        values.setdefault(local_name(element), []).append(text_of(element))
    for title in values.get("title", []):
        yield "245a", title
    for identifier in values.get("identifier", []):
        yield "035a", identifier
    if made := [*values.get("creator", []), *values.get("publisher", []), *values.get("date", [])]:
        yield "035a", " ".join(made)


def _of_marcxml(payload: bytes) -> Iterator[tuple[str, str]]:
    try:
        root = etree.fromstring(payload, _PARSER)
    except etree.XMLSyntaxError:
        return
    for field in root:
        tag = field.get("tag") or ""
        if local_name(field) == "controlfield":
            yield tag, text_of(field)
        elif tag in ("010", "020", "035", *TITLES):
            for part in children(field, "subfield"):
                yield f"{tag}{part.get('code')}", text_of(part)


def _of_iso2709(payload: bytes) -> Iterator[tuple[str, str]]:
    """By the directory; whatever the character set, its letters below 128 are enough here."""
    base = payload[12:17]
    if not base.isdigit():
        return
    start = int(base)
    for at in range(24, start - 1, 12):
        entry = payload[at : at + 12]
        if len(entry) < 12 or not entry[3:].isdigit():
            return
        tag = entry[:3].decode("ascii", "replace")
        if tag not in ("001", "003", "010", "020", "035", *TITLES):
            continue
        length, offset = int(entry[3:7]), int(entry[7:12])
        data = payload[start + offset : start + offset + length].rstrip(b"\x1e").decode("utf-8", "replace")
        if tag < "010":
            yield tag, data.strip()
        else:
            for part in data.split("\x1f")[1:]:
                yield f"{tag}{part[:1]}", part[1:].strip()

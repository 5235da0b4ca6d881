"""Copies as they are read, one by one, and the holdings they make: one for each place and call number."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from indexer.holdings.call_numbers import NO_PARTS, Parts
from indexer.marc import Field
from indexer.record import Holding, Item
from indexer.text import clean

_WEB = re.compile(r"(?:https?|ftp)://[^\s<>\"]+", re.IGNORECASE)


def web_address(text: str) -> str:
    """The address in a text when it is one a browser may be sent to (http, https, ftp), else ""."""
    match = _WEB.match(text)
    return match.group() if match else ""


_COVERAGE = re.compile(
    r"(?<!\d)(?:1[5-9]|20)\d\d\)?\s*(?:[-–~至到]|to\b|until\b|起|present\b)|(?:from|since|自)\s*(?:1[5-9]|20)\d\d"
    r"|\b(?:v|vol|no)\.\s?\d|\d\s?[卷期]",
    re.IGNORECASE,
)
MAX_COVERAGE = 200


def coverage_told(label: str) -> str:
    """What a link's label says of which volumes or years it leads to (1998-2004, v.1-12, 自2001年); "" when nothing."""
    return label if len(label) <= MAX_COVERAGE and _COVERAGE.search(label) else ""


Values = dict[str, list[str]]
"""The texts of a field by subfield code, cleaned, empty ones left out."""


def values(told: Field) -> Values:
    """A field's texts, read once: a copy is asked for a dozen of them, and a library has millions of copies."""
    found: Values = {}
    for code, written in told.subfields:
        if text := clean(written):
            if code in found:
                found[code].append(text)
            else:
                found[code] = [text]
    return found


class Copy(NamedTuple):
    """What one field says: a place, and the item that stands there or None when no single copy is described."""

    branch: str = ""
    location: str = ""
    call_number: str = ""
    item: Item | None = None
    summary: str = ""
    url: str = ""
    coverage: str = ""
    note: str = ""  # of the holding; an item has its own
    parts: Parts = NO_PARTS  # of the call number, where there is no item to tell them


@dataclass(slots=True)
class _Place:
    copy: Copy
    items: list[Item] = field(default_factory=list)
    texts: dict[str, dict[str, None]] = field(default_factory=dict)
    url: str = ""


def gathered(copies: Iterable[Copy], library: str, identifier: str, local_id: str) -> tuple[Holding, ...]:
    """The holdings that copies make, in the order of their first copies.

    Where there are no items, each address is a holding of its own: a journal is had from several sources, each with
    its coverage.
    """
    places: dict[tuple[str, str, str, str], _Place] = {}
    for copy in copies:
        key = (copy.branch, copy.location, copy.call_number, copy.url if copy.item is None else "")
        place = places.get(key)
        if place is None:
            place = places[key] = _Place(copy)
        if copy.item is not None:
            place.items.append(copy.item)
        if copy.url:
            place.url = copy.url
        if copy.summary or copy.coverage or copy.note:
            for name, text in (("summary", copy.summary), ("coverage", copy.coverage), ("note", copy.note)):
                if text:
                    place.texts.setdefault(name, {})[text] = None
    return tuple(_holding(place, library, identifier, local_id) for place in places.values())


def _holding(place: _Place, library: str, identifier: str, local_id: str) -> Holding:
    copy = place.copy
    known = NO_PARTS if place.items else copy.parts
    return Holding(
        library,
        identifier,
        local_id,
        copy.branch,
        copy.location,
        copy.call_number,
        summary="; ".join(place.texts.get("summary", ())),
        items=tuple(place.items),
        url=place.url,
        coverage="; ".join(place.texts.get("coverage", ())),
        note="; ".join(place.texts.get("note", ())),
        collection=known.collection,
        classification=known.classification,
        author_mark=known.author_mark,
        year=known.year,
    )

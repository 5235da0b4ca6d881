"""Copies as they are read, one by one, and the holdings they make: one for each place and call number."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from indexer.holdings.call_numbers import NO_PARTS, Parts
from indexer.marc import Field
from indexer.record import Holding, Item

_WEB = re.compile(r"(?:https?|ftp)://[^\s<>\"]+", re.IGNORECASE)


def web_address(text: str) -> str:
    """The address in a text when it is one a browser may be sent to (http, https, ftp), else ""."""
    match = _WEB.match(text) if text else None
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
    for code, text in told.texts:
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


def gathered(copies: Iterable[Copy], library: str, identifier: str, local_id: str) -> tuple[Holding, ...]:
    """The holdings that copies make, in the order of their first copies.

    Where there are no items, each address is a holding of its own: a journal is had from several sources, each with
    its coverage.
    """
    places: dict[tuple[str, str, str, str], list[Copy]] = {}
    for copy in copies:
        key = (copy.branch, copy.location, copy.call_number, copy.url if copy.item is None else "")
        if key in places:
            places[key].append(copy)
        else:
            places[key] = [copy]
    return tuple([_holding(at_place, library, identifier, local_id) for at_place in places.values()])


def _holding(copies: list[Copy], library: str, identifier: str, local_id: str) -> Holding:
    first = copies[0]
    items = tuple([copy.item for copy in copies if copy.item is not None])
    known = NO_PARTS if items else first.parts
    return Holding(
        library,
        identifier,
        local_id,
        first.branch,
        first.location,
        first.call_number,
        _told([copy.summary for copy in copies]),
        items,
        next((copy.url for copy in reversed(copies) if copy.url), ""),
        _told([copy.coverage for copy in copies]),
        _told([copy.note for copy in copies]),
        known.collection,
        known.classification,
        known.author_mark,
        known.year,
    )


def _told(texts: list[str]) -> str:
    return texts[0] if len(texts) == 1 else "; ".join(dict.fromkeys(filter(None, texts)))

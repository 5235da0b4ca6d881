"""What both engines make of what they found: facet values in one order, editions under the ISBNs asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from indexer import document, stored_edition
from indexer.engine import EngineIncompatible, FacetValue
from indexer.record import Edition

TERMS_CONSIDERED = 10_000
"""Values of a facet each part of an index counts; with fewer, rare values would be counted too low."""


def edition_of(stored: str | bytes, *, rows: bool = False) -> Edition:
    """The edition a hit carries, or what a row shows of it.

    Raises: EngineIncompatible when another version wrote it.
    """
    try:
        return stored_edition.row(stored) if rows else stored_edition.edition(stored)
    except ValueError as exc:
        raise EngineIncompatible(f"the index holds {exc}; run `allshelves rebuild`") from exc


def facet_values(buckets: Iterable[tuple[str | int, int]], size: int, error: int = 0) -> tuple[FacetValue, ...]:
    """The most frequent values of a facet, equals by value; ``error``: the engine's bound for each count."""
    ranked = sorted(buckets, key=lambda bucket: (-bucket[1], bucket[0]))
    return tuple(FacetValue(str(value), count, error) for value, count in ranked[:size])


def by_isbn(editions: Iterable[Edition], isbns: Sequence[str]) -> dict[str, tuple[Edition, ...]]:
    """The editions under each ISBN they carry of those asked, in the order asked; most widely held first."""
    found: dict[str, list[Edition]] = {}
    for edition in editions:
        for isbn in document.isbns(edition):
            found.setdefault(isbn, []).append(edition)
    return {
        isbn: tuple(sorted(found[isbn], key=lambda e: (-len(e.libraries), e.id)))
        for isbn in dict.fromkeys(isbns)
        if isbn in found
    }

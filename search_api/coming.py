"""Copies that are not on a shelf yet, by the library's own words: on order, or being catalogued.

A record that is there because a copy was ordered counts as held, and is told as such: the copy may never come.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from indexer.record import Edition, Holding, Item
from mappings.library import Library
from search_api.availability.status import ItemState
from search_api.availability.words import WORDS, word_of

COMING = frozenset({ItemState.ON_ORDER, ItemState.IN_PROCESS})


def is_coming(holding: Holding, item: Item, library: Library | None) -> bool:
    """Whether a copy is on order or being catalogued: its type, policy, place or note says so."""
    return any(WORDS.get(word_of(text)) in COMING for text in _said_of(holding, item, library))


def coming_by_library(edition: Edition, libraries: Mapping[str, Library]) -> dict[str, int]:
    """For each library how many of its copies are on order or being catalogued; libraries without any are absent."""
    found: dict[str, int] = {}
    for holding in edition.holdings:
        count = sum(is_coming(holding, item, libraries.get(holding.library)) for item in holding.items)
        if not holding.items and is_coming(holding, Item(), libraries.get(holding.library)):
            count = 1
        if count:
            found[holding.library] = found.get(holding.library, 0) + count
    return found


def _said_of(holding: Holding, item: Item, library: Library | None) -> Iterable[str]:
    yield from filter(None, (item.note, item.call_number, item.item_type, item.policy))
    yield from filter(None, (holding.location, holding.call_number, holding.note, holding.summary))
    if library is None:
        return
    records = library.records
    for labels, code in (
        (records.item_types, item.item_type),
        (records.policies, item.policy),
        (records.locations, holding.location),
    ):
        yield from labels.get(code, {}).values() if code else ()

"""Harvested copies in the rows of the edition page: one for each place, call number and volume, volumes in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from indexer.holdings.call_numbers import copy_marked, volume_marked
from indexer.holdings.volumes import VolumeKey, volume_key
from indexer.record import Holding, Item
from search_api.labels import Labels


@dataclass(frozen=True, slots=True)
class Place:
    """What was harvested of one row: a group of items, or a holding without any."""

    holding: Holding
    items: tuple[Item, ...]
    call_number: str  # with the volume, without the number of the copy


def places(holdings: Iterable[Holding]) -> list[Place]:
    """The rows of one library, in the order harvested; the volumes of a set at one place in the order of volumes.

    Copies of one volume are one row, whether their call numbers end in the number of the copy or not.
    """
    shelves: dict[tuple[str, str, str, str], dict[VolumeKey, tuple[Holding, str, list[Item]]]] = {}
    for holding in holdings:
        for item in holding.items or (Item(call_number=holding.call_number),):
            base, mark = _shelf_mark(holding, item)
            shelf = shelves.setdefault((holding.branch, holding.location, base, _address(holding)), {})
            shelf.setdefault(volume_key(item.volume), (holding, mark, []))[2].append(item)
    return [
        Place(holding, tuple(items), mark)
        for shelf in shelves.values()
        for _, (holding, mark, items) in sorted(shelf.items(), key=lambda volume: volume[0])
    ]


def said_of(place: Place, labels: Labels) -> Iterator[str]:
    """What the library tells its readers of these copies: which volumes there are, what is on line, notes, and what it
    has words for of its collections and lending policies."""
    holding = place.holding
    yield from (holding.summary, holding.coverage, holding.note)
    for item in place.items:
        yield item.note
        for code, words in (
            (item.collection, labels.collection(holding.library, item.collection)),
            (item.policy, labels.policy(holding.library, item.policy)),
        ):
            if words != code:  # bare codes say nothing to readers; the API tells them
                yield words


def _shelf_mark(holding: Holding, item: Item) -> tuple[str, str]:
    """The call number without the volume, and with it: some systems write it into the call number already."""
    call_number = item.call_number or holding.call_number
    for copy in filter(None, (item.copy, copy_marked(item.copy))):
        call_number = call_number.removesuffix(f" {copy}")
    if not item.volume:
        return call_number, call_number
    for volume in (item.volume, volume_marked(item.volume)):
        if f" {volume} " in f" {call_number} ":
            return " ".join(f" {call_number} ".replace(f" {volume} ", " ", 1).split()), call_number
    return call_number, f"{call_number} {item.volume}".strip()


def _address(holding: Holding) -> str:
    """Tells apart what is on line from several sources, each with its coverage."""
    return holding.url if not holding.items else ""

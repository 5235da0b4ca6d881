"""An edition → who holds it, how many copies, where, and what of them has not yet arrived."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Literal

from indexer.record import Carrier, Edition, Holding, Item
from mappings.library import Library
from search_api.availability.status import ItemState
from search_api.availability.words import WORDS, word_of
from search_api.selecting.found import PLACES_SHOWN, FoundEdition, HeldBy, Place, Relation

Stage = Literal["held", "on_order", "in_process"]

_STAGES: Mapping[ItemState, Stage] = {ItemState.ON_ORDER: "on_order", ItemState.IN_PROCESS: "in_process"}
_MENDED = frozenset({"修補中", "裝訂中", "送修中", "修復中", "at bindery", "bindery", "in repair", "mending"})
"""In process elsewhere, and held all the same."""

_ARRIVING: Mapping[str, Stage] = {
    **{word: _STAGES[state] for word, state in WORDS.items() if state in _STAGES and word not in _MENDED},
    **dict.fromkeys(("onorder", "on-order", "ordered", "訂購", "採購", "採編中", "介購中", "待到館"), "on_order"),
    **dict.fromkeys(("inprocess", "in-process", "cataloging", "catalog", "acq", "編目", "待編"), "in_process"),
}
ORDERED_IN_KOHA = "-1"
"""The not-for-loan value that Koha's acquisitions give a copy until it is received."""


def found_edition(
    edition: Edition, relation: Relation, libraries: Mapping[str, Library], volume: str = ""
) -> FoundEdition:
    """An edition as a line shows it."""
    title = edition.title
    shown = " ".join(filter(None, (title.proper, title.part_number, title.part_name))) if title else ""
    return FoundEdition(
        edition.id,
        relation,
        shown,
        edition.agents[0].value.name if edition.agents else "",
        next((imprint.value.publisher for imprint in edition.imprints if imprint.value.publisher), ""),
        edition.year,
        edition.format.value,
        edition.carrier is Carrier.ONLINE,
        held_by(edition, libraries),
        volume,
    )


def held_by(edition: Edition, libraries: Mapping[str, Library]) -> tuple[HeldBy, ...]:
    """Each holding library's copies, in the order of their codes."""
    of: dict[str, list[Holding]] = {code: [] for code in edition.libraries}
    for holding in edition.holdings:
        of.setdefault(holding.library, []).append(holding)
    return tuple(
        _held(code, holdings, libraries.get(code), online=edition.carrier is Carrier.ONLINE)
        for code, holdings in of.items()
    )


def _held(code: str, holdings: list[Holding], library: Library | None, *, online: bool) -> HeldBy:
    counts = {"held": 0, "on_order": 0, "in_process": 0}
    places: dict[Place, None] = {}
    stated = False
    for holding in holdings:
        online = online or bool(holding.url and not holding.items)
        for item in holding.items:
            stated = True
            counts[stage_of(holding, item, library)] += 1
        if not holding.items and (stage := stage_of(holding, Item(), library)) != "held":
            stated = True
            counts[stage] += 1
        numbers = dict.fromkeys(item.call_number for item in holding.items if item.call_number)
        for number in numbers or (holding.call_number,):
            if holding.branch or holding.location or number:
                places[Place(holding.branch, holding.location, number)] = None
    return HeldBy(
        code,
        sum(counts.values()) if stated else None,
        counts["on_order"],
        counts["in_process"],
        online,
        tuple(places)[:PLACES_SHOWN],
    )


def stage_of(holding: Holding, item: Item, library: Library | None) -> Stage:
    """Whether a copy is held, on order, or being catalogued, by the words and codes of its record."""
    for text in _said(holding, item, library):
        if stage := _arriving(text):
            return stage
    if library and library.records.holdings == "koha-952" and item.policy == ORDERED_IN_KOHA:
        return "on_order"
    return "held"


@lru_cache(maxsize=8192)  # the codes of a library are few, and each copy has some
def _arriving(text: str) -> Stage | None:
    return _ARRIVING.get(word_of(text))


def _said(holding: Holding, item: Item, library: Library | None) -> Iterator[str]:
    yield from filter(None, (item.note, holding.note, holding.summary))
    records = library.records if library else None
    for code, names in (
        (item.policy, records.policies if records else {}),
        (item.item_type, records.item_types if records else {}),
        (holding.location, records.locations if records else {}),
    ):
        if code:
            yield code
            yield from names.get(code, {}).values()

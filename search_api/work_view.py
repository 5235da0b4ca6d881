"""Other editions of the same text, as the page tells them; and what its readers should know of how it came about."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from indexer.record import Edition
from indexer.works import relatives
from search_api.deciding_api import newest_first
from search_api.labels import Labels
from search_api.services import Services
from search_api.shapes import twice_in
from search_api.texts import Texts
from search_api.views import EditionView, edition_view

SHOWN = 10
"""Other editions that a page names; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Listed:
    """Editions under one heading, and how many more there are."""

    name: str  # other_editions, whole or volumes
    heading: str
    editions: tuple[tuple[str, EditionView, str], ...]  # year, what it is, who holds it
    more: int
    url: str = ""  # the search that finds all of them, "" when none does


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around an edition. ``split_from`` is where the edition it came from is found, "" when none is."""

    lists: tuple[Listed, ...]
    split_from: str
    held_twice: tuple[str, ...]  # names of libraries
    versions: int = 1  # editions of its work, itself included


def around(services: Services, edition: Edition, t: Texts, labels: Labels, link: Callable[[str], str]) -> Around:
    """Other editions of an edition's text, the set it is a volume of, its volumes, and how it came about."""
    catalogue = services.catalogue
    others = [one for one in catalogue.editions_of_work(edition.work) if one != edition.id] if edition.work else []
    with catalogue.engine.connect() as connection:
        near = relatives(connection, edition.id)
    origin = catalogue.resolve(catalogue.split_from(edition.id))

    def listed(name: str, ids: Iterable[str], url: str = "") -> Listed:
        found = newest_first(services, list(ids))
        rows = [
            (
                str(one.year) if one.year is not None else "",
                edition_view(one, t, labels, link),
                t("edition.libraries", n=len(one.libraries)),
            )
            for one in found[:SHOWN]
        ]
        return Listed(name, t(f"edition.{name}"), tuple(rows), len(list(ids)) - len(rows), url)

    lists = (
        listed("other_editions", others, link(f"search?{urlencode({'work': edition.work, 'group': 'edition'})}")),
        listed("whole", near.whole),
        listed("volumes", near.volumes),
    )
    return Around(
        lists=tuple(one for one in lists if one.editions),
        split_from=link(f"editions/{origin.id}") if origin is not None and origin.id != edition.id else "",
        held_twice=tuple(labels.library(code) for code in labels.in_order(twice_in(edition))),
        versions=len(others) + 1,
    )

"""Searches that selectors saved under a name, to compare collections by: themes of their own."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from urllib.parse import parse_qsl

from sqlalchemy import Column, MetaData, String, Table, Text, delete, func, insert, select

from harvester.store import Store
from harvester.tables import Instant
from mappings.themes import Theme
from search_api.collections.scope import Scope
from search_api.collections.themes import ThemeScope
from search_api.errors import Conflict, InvalidRequest
from search_api.own_tables import make_absent

AT_MOST = 100
LONGEST_NAME = 100

metadata = MetaData()

saved = Table(
    "collections_saved",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("name", Text, nullable=False),
    Column("address", Text, nullable=False),  # of the search: scope.Scope.address
    Column("made_by", String(64), nullable=False),
    Column("made_at", Instant, nullable=False),
)


@dataclass(frozen=True, slots=True)
class SavedSearches:
    """Those of all selectors, which every one of them may use and remove."""

    store: Store

    def __post_init__(self) -> None:
        make_absent(self.store, metadata)

    def all(self) -> tuple[ThemeScope, ...]:
        """By name. One that can no longer be made, since a parameter has gone, is left out."""
        with self.store.reading() as connection:
            rows = connection.execute(select(saved).order_by(saved.c.name, saved.c.id)).all()
        return tuple(found for row in rows if (found := _theme(row.id, row.name, row.address)) is not None)

    def add(self, name: str, scope: Scope, by: str) -> str:
        """Saves a search; its id.

        Raises: InvalidRequest without a name or a search, Conflict when there are too many, StoreUnusable.
        """
        name = " ".join(name.split())[:LONGEST_NAME]
        if not name:
            raise InvalidRequest("Give it a name.", field="name")
        if not scope.address:
            raise InvalidRequest("Give a search that narrows the catalogue.", field="q")
        id = secrets.token_hex(6)
        with self.store.writing() as connection:
            if connection.execute(select(func.count()).select_from(saved)).scalar_one() >= AT_MOST:
                raise Conflict(f"There are {AT_MOST} saved searches; remove one first.")
            row = {"id": id, "name": name, "address": scope.address, "made_by": by, "made_at": self.store.now()}
            connection.execute(insert(saved).values(row))
        return id

    def remove(self, id: str) -> bool:
        """Whether it was there. Raises: StoreUnusable."""
        with self.store.writing() as connection:
            return connection.execute(delete(saved).where(saved.c.id == id)).rowcount > 0


def _theme(id: str, name: str, address: str) -> ThemeScope | None:
    pairs = parse_qsl(address)
    try:
        scope = Scope.read(pairs)
    except InvalidRequest:
        return None
    search = {key: tuple(value for one, value in pairs if one == key) for key, _ in pairs}
    return ThemeScope(Theme(code=f"saved-{id}", name={"zh-Hant": name, "en": name}, search=search), scope)

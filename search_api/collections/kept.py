"""Comparisons kept in the store's database until the catalogue changes: other processes find them, too."""

from __future__ import annotations

from datetime import datetime
from hashlib import blake2b

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Column, LargeBinary, MetaData, String, Table, Text, delete, insert, select

from harvester.store import Store
from harvester.tables import Instant
from search_api.collections.compared import Compared
from search_api.own_tables import make_absent

AT_MOST = 200
"""Comparisons kept: the whole catalogue, each theme, and what selectors looked at last."""

metadata = MetaData()

comparisons = Table(
    "collections_compared",
    metadata,
    Column("scope", String(32), primary_key=True),  # the hash of its address, which has no bound
    Column("state", Text, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("figures", LargeBinary, nullable=False),  # JSON
)

_FIGURES = TypeAdapter(Compared)


class KeptComparisons:
    """The last figures of each scope."""

    def __init__(self, store: Store) -> None:
        """Raises: StoreUnusable."""
        self._store = store
        make_absent(store, metadata)

    def of(self, scope: str) -> Compared | None:
        """The last figures of a scope, of whichever state of the index; None when there are none, or another version of
        the program wrote them."""
        with self._store.reading() as connection:
            found = connection.execute(
                select(comparisons.c.figures).where(comparisons.c.scope == _key(scope))
            ).scalar_one_or_none()
        try:
            return None if found is None else _FIGURES.validate_json(found)
        except ValidationError:
            return None

    def keep(self, compared: Compared) -> None:
        """Puts figures in the place of those of the same scope. Raises: StoreUnusable."""
        row = {
            "scope": _key(compared.scope),
            "state": compared.state,
            "made_at": compared.made_at,
            "figures": _FIGURES.dump_json(compared),
        }
        with self._store.writing() as connection:
            connection.execute(delete(comparisons).where(comparisons.c.scope == row["scope"]))
            connection.execute(insert(comparisons).values(row))
            newest = select(comparisons.c.made_at).order_by(comparisons.c.made_at.desc())
            oldest_kept: datetime | None = connection.execute(newest.offset(AT_MOST - 1).limit(1)).scalar_one_or_none()
            if oldest_kept is not None:
                connection.execute(delete(comparisons).where(comparisons.c.made_at < oldest_kept))


def _key(scope: str) -> str:
    return blake2b(scope.encode(), digest_size=16).hexdigest()

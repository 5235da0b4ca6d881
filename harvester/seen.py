"""Which names a run has seen, and which records wait to be asked for again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import and_, or_, select

from harvester import names, tables
from harvester.oai_records import NAMELESS
from harvester.raw_record import NOT_HAD
from harvester.runs import Run
from harvester.store import Store
from harvester.upsert import chunks

ASKED_AGAIN_AFTER = timedelta(hours=20)  # a day, less what runs at a fixed hour differ
UNREADABLE_ASKED_AGAIN_AFTER = timedelta(days=7)  # damaged on the way, or mended since without a word
ASKED_AGAIN_AT_MOST = 1000  # in one run


def unseen(store: Store, run: Run, identifiers: Sequence[str]) -> list[str]:
    """Those of the names that no page of this run brought, neither as records nor for quarantine; in their order."""
    raw, held = tables.raw, tables.quarantine
    seen: set[str] = set()
    with store.reading() as connection:
        called = names.known(connection, run.library, identifiers) if run.shelf == run.library else {}
        for chunk in chunks([called.get(name, name) for name in identifiers]):
            for table in (raw, held):
                query = select(table.c.identifier).where(table.c.library == run.shelf, table.c.identifier.in_(chunk))
                seen.update(connection.execute(query.where(table.c.generation == run.id)).scalars())
    return [name for name in identifiers if called.get(name, name) not in seen]


def to_ask_again(store: Store, library: str) -> list[str]:
    """Names of records that their server listed and could not give, or gave unreadable, longest ago first."""
    held, now = tables.quarantine, store.now()
    not_had = held.c.reason.startswith(NOT_HAD, autoescape=True)
    query = select(held.c.identifier).where(
        held.c.library == library,
        held.c.stage == "harvest",
        or_(and_(not_had, held.c.at <= now - ASKED_AGAIN_AFTER), held.c.at <= now - UNREADABLE_ASKED_AGAIN_AFTER),
        ~held.c.identifier.startswith(NAMELESS, autoescape=True),
    )
    with store.reading() as connection:
        return list(connection.execute(query.order_by(held.c.at).limit(ASKED_AGAIN_AT_MOST)).scalars())

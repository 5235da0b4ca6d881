"""What a person decides: whether what is held may go, and what that went shall come back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, select

from harvester import epoch, lease, ledger, removal, run_state, tables, upsert
from harvester.ledger import RefusedFile
from harvester.removal import Generation, Hold, Removal, RemovalReason
from harvester.store import Store


def holds(store: Store, library: str) -> list[Hold]:
    """What waits for a person, the first first."""
    with store.reading() as connection:
        return removal.holds(connection, library)


def would_go(store: Store, hold: Hold, most: int) -> list[str]:
    """Identifiers of the records that would leave if somebody agreed now, at most so many; those of copies last."""
    raw = tables.raw
    with store.reading() as connection:
        query = select(raw.c.identifier).where(_held(connection, hold))
        return list(connection.execute(query.order_by(tables.HOLDS_COPIES, raw.c.id).limit(most)).scalars())


def how_many_would_go(store: Store, hold: Hold) -> int:
    """How many records would leave if somebody agreed now."""
    with store.reading() as connection:
        return removal.count(connection, _held(connection, hold))


def accept(store: Store, hold: Hold) -> int:
    """Carries out what was held; how many records left, 0 when it had been settled before.

    Raises: LeaseTaken when the library is being harvested, StoreUnusable.
    """
    return _alone(store, hold.library, lambda connection: _accept(connection, hold, store.now()))


def refuse(store: Store, hold: Hold) -> None:
    """Lets everything stay as it is; what was collected of a new system goes.

    Raises: LeaseTaken when the library is being harvested, StoreUnusable.
    """

    def refused(connection: Connection) -> int:
        removal.let_go(connection, hold.library, hold.kind, "withdrawn")
        if hold.kind == "stated":
            raw = tables.raw
            connection.execute(raw.update().where(removal.stated(hold.library)).values(leaving=None))
        if hold.kind == "epoch":
            epoch.drop(connection, hold.library, store.now())
        return 0

    _alone(store, hold.library, refused)


def refused_files(store: Store, library: str) -> tuple[RefusedFile, ...]:
    """The files of a library that are in the way of others, by name."""
    with store.reading() as connection:
        return ledger.refused(connection, library)


def skip(store: Store, library: str, name: str) -> bool:
    """Lets harvests pass over a refused file as it is, so that those after it are read; whether there was such a one.

    What of it could be read stays. A file that is put in its place is read again.

    Raises: LeaseTaken when the library is being harvested, StoreUnusable.
    """

    def skipped(connection: Connection) -> int:
        found = [
            replace(entry, state="skipped")
            for entry in ledger.of(connection, library).values()
            if entry.state == "refused" and name in (entry.label, entry.name)
        ]
        ledger.write(connection, library, found, 0)
        for entry in found:
            upsert.forget_unread_of(connection, library, entry)
        return len(found)

    return _alone(store, library, skipped) > 0


def removals(store: Store, library: str) -> list[Removal]:
    """The library's removals that can be undone, the last first."""
    with store.reading() as connection:
        return removal.removals(connection, library, store.now())


def undo(store: Store, which: Removal) -> int:
    """Brings back what left in a removal and has not come back by itself; how many records.

    Raises: LeaseTaken when the library is being harvested, StoreUnusable.
    """
    return _alone(store, which.library, lambda connection: removal.undo(connection, which, store.now()))


def as_now(connection: Connection, library: str) -> list[Hold]:
    """What waits for a person, with what each hold comes to now; what has come to nothing is left out."""
    every = [
        replace(
            hold,
            records=removal.count(connection, _held(connection, hold)),
            live=removal.live(connection, library),
        )
        for hold in removal.holds(connection, library)
    ]
    return [hold for hold in every if hold.records or hold.kind == "epoch"]


def _held(connection: Connection, hold: Hold) -> ColumnElement[bool]:
    """What a hold is about now: some may have come back since it was made."""
    if hold.kind == "stated":
        return removal.stated(hold.library)
    collects = epoch.collecting(connection, hold.library) if hold.kind == "epoch" else None
    if collects is not None:
        return epoch.without_successor(hold.library, collects.shelf)
    return removal.absent_from(hold.library, hold.run)


def _accept(connection: Connection, hold: Hold, now: datetime) -> int:
    if hold not in removal.holds(connection, hold.library):
        return 0
    generation = Generation(hold.library, hold.run)
    _go_on_from(connection, hold)
    if hold.kind == "epoch" and (collects := epoch.collecting(connection, hold.library)) is not None:
        return epoch.swap(connection, generation, collects.number, now, accepted=True)
    run = tables.run
    kind = connection.execute(select(run.c.kind).where(run.c.id == hold.run)).scalar_one()
    by: RemovalReason = "stated" if hold.kind == "stated" else "sweep" if kind == "sweep" else "full"
    removal.let_go(connection, hold.library, hold.kind, "accepted")
    return removal.carry_out(connection, generation, _held(connection, hold), by, now, accepted=True)


def _go_on_from(connection: Connection, hold: Hold) -> None:
    """Lets the run count as complete whose list a person has now agreed with, and moves the watermark to it.

    Not when a later one was complete: that had other news.
    """
    run, table = tables.run, tables.hold
    (row,) = connection.execute(select(table.c.watermark, table.c.source).where(table.c.id == hold.id)).all()
    later = (run.c.library == hold.library, run.c.id > hold.run, run.c.status == "complete", run.c.kind != "sweep")
    if row.watermark and connection.execute(select(run.c.id).where(*later).limit(1)).first() is None:
        run_state.move_watermark(connection, hold.library, row.source, row.watermark)
        run_state.change(connection, hold.run, status="complete", error="", held=0)


def _alone(store: Store, library: str, work: Callable[[Connection], int]) -> int:
    """Works on a library in one transaction, in which nobody harvests it."""
    with store.writing() as connection:
        owner = lease.take(connection, library, store.now()).owner
        done = work(connection)
        lease.give_back(connection, library, owner)
    return done

"""What a person decides: whether what is held may go, and what that went shall come back."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection

from harvester import lease, removal
from harvester.removal import Hold, Removal
from harvester.store import Store


def holds(store: Store, library: str) -> list[Hold]:
    """What waits for a person, the first first."""
    with store.reading() as connection:
        return removal.holds(connection, library)


def would_go(store: Store, hold: Hold, most: int) -> list[str]:
    """Identifiers of the records that would leave if somebody agreed now, at most so many."""
    with store.reading() as connection:
        return removal.would_go(connection, hold, most)


def accept(store: Store, hold: Hold) -> int:
    """Carries out what was held; how many records left, 0 when it had been settled before.

    Raises: LeaseTaken when the library is being harvested, StoreUnusable.
    """
    return _alone(store, hold.library, lambda connection: removal.accept(connection, hold, store.now()))


def removals(store: Store, library: str) -> list[Removal]:
    """The library's removals that can be undone, the last first."""
    with store.reading() as connection:
        return removal.removals(connection, library, store.now())


def undo(store: Store, which: Removal) -> int:
    """Brings back what left in a removal and has not come back by itself; how many records.

    Raises: LeaseTaken when the library is being harvested, StoreUnusable.
    """
    return _alone(store, which.library, lambda connection: removal.undo(connection, which, store.now()))


def _alone(store: Store, library: str, work: Callable[[Connection], int]) -> int:
    """Works on a library in one transaction, in which nobody harvests it."""
    with store.writing() as connection:
        owner = lease.take(connection, library, store.now()).owner
        done = work(connection)
        lease.give_back(connection, library, owner)
    return done

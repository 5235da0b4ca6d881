"""Who may work on a member now: one process at a time, for as long as it goes on saying so.

A lease has an owner, who is looked at inside every transaction that writes: a process that was thought dead and comes
back writes nothing more. It may be taken when it has expired, when it was given back, and at once when the process that
took it is known to have died on this machine.
"""

from __future__ import annotations

import asyncio
import os
import socket
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from harvester import tables
from harvester.errors import LeaseTaken, RunTakenOver

if TYPE_CHECKING:
    from harvester.store import Store

LEASE_TIME = timedelta(minutes=3)
RENEWED_AFTER = LEASE_TIME / 3


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to work on what ``name`` says: a library, or another task that only one process may do."""

    name: str
    owner: str
    fence: int


def take(connection: Connection, name: str, now: datetime, process: str = "") -> Lease:
    """Takes a lease, inside the transaction of whoever will work under it.

    Raises: LeaseTaken when another process has it.
    """
    table = tables.lease
    row = _free(connection, name, now)
    lease = Lease(name, str(uuid.uuid4()), 1 if row is None else row.fence + 1)
    values = {"owner": lease.owner, "fence": lease.fence}
    values |= {"process": process or this_process(), "expires_at": now + LEASE_TIME}
    if row is None:
        connection.execute(insert(table).values(name=name, **values))
    else:
        connection.execute(update(table).where(table.c.name == name).values(**values))
    return lease


def look(connection: Connection, name: str, now: datetime) -> None:
    """Makes sure that a lease can be taken.

    Raises: LeaseTaken when another process has it.
    """
    _free(connection, name, now)


def is_held(connection: Connection, name: str, now: datetime) -> bool:
    """Whether some process works on what this name says."""
    row = connection.execute(select(tables.lease).where(tables.lease.c.name == name)).one_or_none()
    return row is not None and _is_alive(row, now)


def _is_alive(row: Row[Any], now: datetime) -> bool:
    return bool(row.owner) and row.expires_at > now and not has_died(row.process)


def _free(connection: Connection, name: str, now: datetime) -> Row[Any] | None:
    table = tables.lease
    row = connection.execute(select(table).where(table.c.name == name).with_for_update()).one_or_none()
    if row is not None and _is_alive(row, now):
        raise LeaseTaken(f"another process works on {name!r} now ({row.process})")
    return row


# Made once: with every page it is asked anew, and putting a statement together takes longer than carrying it out.
_OWNED = (
    select(tables.lease.c.owner, tables.lease.c.expires_at)
    .where(tables.lease.c.name == bindparam("named"))
    .with_for_update()
)


def check(connection: Connection, name: str, owner: str, now: datetime) -> None:
    """Makes sure that the lease is still its owner's, and renews it when a third of its time has gone.

    One that expired and that nobody has taken is renewed: nothing happened that the owner does not know of.

    Raises: RunTakenOver when another process has taken it.
    """
    table = tables.lease
    row = connection.execute(_OWNED, {"named": name}).one_or_none()
    if row is None or row.owner != owner:
        raise RunTakenOver(f"another process works on {name!r} now")
    if row.expires_at < now + LEASE_TIME - RENEWED_AFTER:
        connection.execute(update(table).where(table.c.name == name).values(expires_at=now + LEASE_TIME))


def give_back(connection: Connection, name: str, owner: str) -> None:
    """Lets the next one have it; nothing happens when it is another's by now."""
    table = tables.lease
    connection.execute(update(table).where(table.c.name == name, table.c.owner == owner).values(owner=""))


@asynccontextmanager
async def held(store: Store, name: str) -> AsyncIterator[Lease]:
    """Works under a lease of that name, renewed as long as it lasts; for work that is not a run.

    Raises: LeaseTaken when another process has it, StoreUnusable.
    """

    def taken() -> Lease:
        with store.writing() as connection:
            return take(connection, name, store.now())

    def given_back() -> None:
        with store.writing() as connection:
            give_back(connection, name, lease.owner)

    lease = await asyncio.to_thread(taken)
    try:
        async with renewed(lambda: asyncio.to_thread(renew, store, name, lease.owner)):
            yield lease
    finally:
        await asyncio.to_thread(given_back)


def renew(store: Store, name: str, owner: str) -> None:
    """Renews a lease in a transaction of its own.

    Raises: RunTakenOver, StoreUnusable.
    """
    with store.writing() as connection:
        check(connection, name, owner, store.now())


@asynccontextmanager
async def renewed(renewal: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    """Awaits ``renewal`` from time to time while the body works, so that waiting for a slow server loses no lease."""

    async def beat() -> None:
        while True:
            await asyncio.sleep(RENEWED_AFTER.total_seconds())
            with suppress(RunTakenOver):  # the next write says so, where it can be told
                await renewal()

    task = asyncio.create_task(beat())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def this_process() -> str:
    """This process, as others on this machine can tell whether it lives: host, number, when it started."""
    number = os.getpid()
    return f"{socket.gethostname()} {number} {_started(number)}"


def has_died(process: str) -> bool:
    """Whether the process is known to have ended; one on another host is never known to.

    Should this be wrong, as between two containers of one host name, the fence still keeps them apart.
    """
    host, number, started = process.split(" ")
    return host == socket.gethostname() and _started(int(number)) != started


def _started(number: int) -> str:
    """When a process started, in ticks since the machine did; "" when there is none of that number."""
    try:
        return Path(f"/proc/{number}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[19]
    except OSError:
        pass
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return ""
    except PermissionError:
        return "running"
    return "running"

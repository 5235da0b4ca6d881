"""The statements that write runs, their checkpoints and watermarks, each inside a transaction its caller opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row, Update, bindparam, case, delete, func, insert, or_, select, update

from harvester import lease, removal, tables
from harvester.epoch import Epoch
from harvester.errors import ComeBackLater, HarvestFailed, RunTakenOver
from harvester.runs import OF_FILES, Checkpoint, LibraryState, Run, RunKind, RunOutcome, RunStatus

INTERRUPTED = "it was interrupted, and another run began"


def begin(connection: Connection, library: str, owner: str, values: Mapping[str, Any], now: datetime) -> int:
    """Begins a run and ends the one under way; its number."""
    run = tables.run
    earlier = select(run.c.id).where(run.c.library == library)
    connection.execute(delete(tables.checkpoint).where(tables.checkpoint.c.run.in_(earlier)))
    under_way = update(run).where(run.c.library == library, run.c.status == "running")
    connection.execute(under_way.values(status="failed", finished_at=now, error=INTERRUPTED))
    result = connection.execute(
        insert(run).values(library=library, status="running", owner=owner, started_at=now, **values)
    )
    (number,) = result.inserted_primary_key or (0,)
    return int(number)


# Made once: each is carried out with every page, and putting one together takes longer than carrying it out.
_OF_NUMBER = tables.run.c.id == bindparam("number")
_OWNER = select(tables.run.c.owner).where(_OF_NUMBER)
_RUN = select(tables.run).where(_OF_NUMBER)
_FORGETTING = delete(tables.checkpoint).where(tables.checkpoint.c.run == bindparam("number"))
_KEEPING = insert(tables.checkpoint)
_REQUESTING = (
    update(tables.checkpoint)
    .where(
        tables.checkpoint.c.run.in_(select(tables.run.c.id).where(_OF_NUMBER, tables.run.c.owner == bindparam("by")))
    )
    .values(requested_at=bindparam("at"))
)


def interrupted(connection: Connection, of: Epoch, source: str, *, full: bool) -> Row[Any] | None:
    """The run to go on with, its checkpoint beside it; absent when there is none."""
    run = tables.run
    query = select(run, tables.checkpoint).join_from(run, tables.checkpoint)
    query = query.where(run.c.library == of.library, run.c.source == source, run.c.epoch == of.number)
    query = query.order_by(run.c.id.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    return None if row is None or (full and row.kind != "full") else row


def hold(connection: Connection, run: Run, now: datetime) -> None:
    """Makes sure that the run still belongs to its owner, and keeps it so.

    Raises: RunTakenOver when it does not.
    """
    lease.check(connection, run.library, run.owner, now)
    owner = connection.execute(_OWNER, {"number": run.id}).scalar_one()
    if owner != run.owner:
        raise RunTakenOver("another process harvests this library now")


def change(connection: Connection, run: int, **values: Any) -> None:
    connection.execute(update(tables.run).where(tables.run.c.id == run).values(**values))


def end(
    connection: Connection,
    run: int,
    status: RunStatus,
    *,
    error: str,
    failure: HarvestFailed | None,
    now: datetime,
    seconds: float,
) -> None:
    """Ends a run; of the failure that ended it, its kind and when the source wants to be asked again are kept."""
    come_back = now + timedelta(seconds=failure.seconds) if isinstance(failure, ComeBackLater) else None
    cause = None if failure is None else failure.cause
    values = {"status": status, "error": error, "finished_at": now, "seconds": seconds}
    change(connection, run, **values, cause=cause, come_back_at=come_back)


def row_of(connection: Connection, run: int) -> Row[Any]:
    return connection.execute(_RUN, {"number": run}).one()


def add_counts(connection: Connection, run: int, counts: Mapping[str, int]) -> None:
    """Adds to the run's totals, by column."""
    more = {name: n for name, n in counts.items() if n}
    if more:
        connection.execute(_adding(tuple(more)), {"number": run} | {f"more_{name}": n for name, n in more.items()})


@cache
def _adding(names: tuple[str, ...]) -> Update:
    columns = tables.run.c
    added = {name: columns[name] + bindparam(f"more_{name}") for name in names}
    return update(tables.run).where(columns.id == bindparam("number")).values(added)


def write_checkpoint(connection: Connection, run: int, checkpoint: Checkpoint | None) -> None:
    """Puts the checkpoint in place of the one there was, or takes it away."""
    connection.execute(_FORGETTING, {"number": run})
    if checkpoint is not None:
        connection.execute(
            _KEEPING,
            {
                "run": run,
                "token": checkpoint.token,
                "pages": checkpoint.pages,
                "listed": checkpoint.listed,
                "next_cursor": checkpoint.next_cursor,
                "expected": checkpoint.expected,
                "suspect": checkpoint.suspect,
                "nameless": checkpoint.nameless,
                "server_time": checkpoint.server_time,
                "plan": checkpoint.plan,
                "requested_at": checkpoint.requested_at,
            },
        )


def note_request(connection: Connection, run: Run, now: datetime | None) -> None:
    """Notes in the checkpoint from when on its page is asked for; absent: it is not.

    Nothing happens when the run is another process's by now.
    """
    connection.execute(_REQUESTING, {"number": run.id, "by": run.owner, "at": now})


def move_watermark(connection: Connection, library: str, source: str, value: str) -> None:
    """Puts the watermark in place of the one there was."""
    table = tables.watermark
    connection.execute(delete(table).where(table.c.library == library))
    connection.execute(insert(table).values(library=library, source=source, value=value))


def last_complete(connection: Connection, library: str, source: str) -> dict[RunKind, datetime]:
    """When a run of each kind over this source was last complete."""
    run = tables.run
    query = select(run.c.kind, func.max(run.c.finished_at, type_=run.c.finished_at.type).label("at")).group_by(
        run.c.kind
    )
    query = query.where(run.c.library == library, run.c.source == source, run.c.status == "complete")
    return {row.kind: row.at for row in connection.execute(query)}


def ended(connection: Connection, library: str) -> tuple[Row[Any] | None, Row[Any] | None]:
    """The library's last run that has ended, and its last complete one."""
    run = tables.run
    query = select(run).where(run.c.library == library, run.c.status != "running").order_by(run.c.id.desc()).limit(1)
    last = connection.execute(query).one_or_none()
    return last, connection.execute(query.where(run.c.status == "complete")).one_or_none()


def recent(connection: Connection, library: str, most: int) -> list[RunOutcome]:
    """The library's last runs that have ended, the last first."""
    run = tables.run
    query = select(run).where(run.c.library == library, run.c.status != "running").order_by(run.c.id.desc()).limit(most)
    return [outcome_of(row, row.seconds, removal.left(connection, row.id)) for row in connection.execute(query)]


def proven(connection: Connection, library: str) -> Row[Any] | None:
    """The library's last complete run that was told anything; a visit to a folder of files without news was not."""
    run = tables.run
    told = or_(run.c.seen > 0, run.c.source.not_like(f"{OF_FILES} %"))
    query = select(run).where(run.c.library == library, run.c.status == "complete", told)
    return connection.execute(query.order_by(run.c.id.desc()).limit(1)).one_or_none()


def totals(connection: Connection) -> list[Row[Any]]:
    """By library, kind and status of runs that have ended: how many ``runs``, their ``seconds``, what they brought."""
    run = tables.run
    names = ("seconds", "new", "changed", "unchanged", "unreadable")
    sums = [func.sum(run.c[name]).label(name) for name in names]
    # A list that somebody agreed with later ended as unverified all the same: what was counted once stays so.
    hold = tables.hold
    agreed = select(hold.c.run).where(hold.c.state == "accepted", hold.c.watermark != "")
    first = case((run.c.id.in_(agreed), "unverified"), else_=run.c.status).label("status")
    query = select(run.c.library, run.c.kind, first, func.count().label("runs"), *sums)
    query = query.where(run.c.status != "running").group_by(run.c.library, run.c.kind, first)
    return list(connection.execute(query))


def agreed(connection: Connection) -> dict[str, int]:
    """By library: how many times a person agreed with what was held."""
    table = tables.hold
    query = select(table.c.library, func.count()).where(table.c.state == "accepted").group_by(table.c.library)
    return {row[0]: row[1] for row in connection.execute(query)}


def removed(connection: Connection) -> dict[tuple[str, str], int]:
    """By library and reason (RemovalReason): how many records have left, also those that a person brought back."""
    table = tables.removal
    query = select(table.c.library, table.c.reason, func.sum(table.c.records)).where(removal.LEFT)
    query = query.group_by(table.c.library, table.c.reason)
    return {(library, reason): count for library, reason, count in connection.execute(query)}


@dataclass(frozen=True, slots=True)
class Tallies:
    """How many records there are, by library."""

    live: Mapping[str, int]
    gone: Mapping[str, int]
    quarantined: Mapping[str, int]
    copies: Mapping[str, int]  # whose copies are held in records of their own, which are none of the others


def tallies(connection: Connection) -> Tallies:
    """Everybody's tallies."""
    raw, quarantine = tables.raw, tables.quarantine
    live: dict[str, int] = {}
    gone: dict[str, int] = {}
    copies: dict[str, int] = {}
    query = select(raw.c.library, raw.c.deleted, func.count()).group_by(raw.c.library, raw.c.deleted)
    for library, deleted, count in connection.execute(query):
        (gone if deleted else live)[library] = count
    for library in {*live, *gone}:  # one by one: the index finds them by library and name
        of_library = (raw.c.library == library, tables.HOLDS_COPIES)
        query_copies = select(raw.c.deleted, func.count()).where(*of_library).group_by(raw.c.deleted)
        gone[library] = gone.get(library, 0) - removal.taken_back(connection, library)
        for deleted, count in connection.execute(query_copies):
            (gone if deleted else live)[library] -= count
            if not deleted:
                copies[library] = count
    held = connection.execute(select(quarantine.c.library, func.count()).group_by(quarantine.c.library))
    return Tallies(live, gone, {row[0]: row[1] for row in held}, copies)


def state_of(connection: Connection, code: str, there: Tallies) -> LibraryState:
    """What is known of a library, given everybody's tallies."""
    last, complete = ended(connection, code)
    told = proven(connection, code)
    return LibraryState(
        library=code,
        records=there.live.get(code, 0),
        deleted=there.gone.get(code, 0),
        quarantined=there.quarantined.get(code, 0),
        copies=there.copies.get(code, 0),
        last_run=None if last is None else outcome_of(last, last.seconds, removal.left(connection, last.id)),
        last_complete_at=None if told is None else told.finished_at,
        confirmed_at=None if complete is None else complete.finished_at,
    )


def outcome_of(row: Row[Any], seconds: float, left: int = 0) -> RunOutcome:
    """A run as it stands; ``left`` is how many records went by it."""
    return RunOutcome(
        library=row.library,
        kind=row.kind,
        status="failed" if row.status == "running" else row.status,
        started_at=row.started_at,
        seconds=seconds,
        seen=row.seen,
        new=row.new,
        changed=row.changed,
        unchanged=row.unchanged,
        deleted=row.deleted,
        unreadable=row.unreadable,
        error=row.error,
        vanished=row.vanished,
        repairs=row.repairs,
        held=row.held,
        reused=row.reused,
        ended_at=row.finished_at,
        cause=row.cause,
        come_back_at=row.come_back_at,
        left=left,
        copies=row.copies,
        waiting=row.waiting,
    )

"""How records leave, and how they come back: each removal has a number, a reason and ninety days to be undone.

Too many at once are not removed but held for a person. What a source itself states as deleted is noted on the record
(``leaving``) and carried out at the end of the run; what a complete list lacks is told by its generation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, exists, func, insert, literal, select, update

from harvester import tables, upsert
from harvester.raw_record import COPIES_OF, UNNUMBERED

if TYPE_CHECKING:
    from harvester.runs import Run

AbsentRecords = Literal["unchanged", "stay", "go", "go when absent twice", "held", "moved"]
"""What becomes of the records that a list lacks; ``unchanged``: it is the list before, which stated all of them."""

HoldKind = Literal["absent", "stated", "epoch"]
RemovalReason = Literal["full", "sweep", "stated", "epoch", "taken back"]
"""``taken back``: they were never the library's: records there are came under other names and were taken for new."""

LEFT = tables.removal.c.reason != "taken back"
"""The removals by which records left."""

UNDONE_WITHIN = timedelta(days=90)
ABSENT_FOR = timedelta(hours=24)  # between two lists without a record, before it is believed to be gone
MISSING_NOTED = 200  # of what a sweep lists and is not here: enough to tell whether it comes
ROWS_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Hold:
    """Deletions that wait for a person."""

    id: int
    library: str
    run: int  # the generation that saw the others
    kind: HoldKind
    records: int  # that would go, when it was made
    live: int  # records there were
    reason: str  # in words
    at: datetime


@dataclass(frozen=True, slots=True)
class Removal:
    """Records that left in one step."""

    id: int
    library: str
    run: int
    reason: RemovalReason
    accepted: bool  # by a person
    records: int
    at: datetime
    undone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Generation:
    """A run of a library, as far as a removal is concerned."""

    library: str
    id: int


@dataclass(frozen=True, slots=True)
class Absence:
    """How a complete list compares with the records there are."""

    former: int  # records there were
    absent: int  # of them, not in the list
    new: int  # in the list, and not here before
    kept: int  # of the absent, once brought back by a person
    copies: int = 0  # records whose copies, out of a table, are absent
    former_copies: int = 0  # … and of those there were
    unnumbered: int = 0  # of the new, records without a number of their own: any absent one may be one of them


def absent_from(library: str, run: int) -> ColumnElement[bool]:
    """The live records that no run since ``run`` has seen, that one included."""
    raw = tables.raw
    return and_(raw.c.library == library, raw.c.deleted.is_(False), raw.c.generation < run)


def stated(library: str) -> ColumnElement[bool]:
    """The live records that the source says are deleted."""
    raw = tables.raw
    return and_(raw.c.library == library, raw.c.deleted.is_(False), raw.c.leaving.is_not(None))


def count(connection: Connection, which: ColumnElement[bool]) -> int:
    """How many records these are; those that only hold copies out of a table count where there are no others."""
    every = _rows(connection, which)
    return every - copies(connection, which) or every


def copies(connection: Connection, which: ColumnElement[bool]) -> int:
    """How many of these only hold the copies of other records, out of a table."""
    return _rows(connection, and_(which, tables.HOLDS_COPIES))


def _rows(connection: Connection, which: ColumnElement[bool]) -> int:
    return connection.execute(select(func.count()).select_from(tables.raw).where(which)).scalar_one()


def left(connection: Connection, run: int) -> int:
    """How many records left by what a run listed, at once or when a person agreed."""
    table = tables.removal
    query = select(func.coalesce(func.sum(table.c.records), 0)).where(table.c.run == run, LEFT)
    return int(connection.execute(query).scalar_one())


def taken_back(connection: Connection, library: str) -> int:
    """How many deleted records there are that never were the library's."""
    raw, table = tables.raw, tables.removal
    which = select(table.c.id).where(table.c.library == library, ~LEFT)
    return _rows(connection, and_(raw.c.library == library, raw.c.deleted.is_(True), raw.c.removal.in_(which)))


def live(connection: Connection, library: str) -> int:
    """How many live records a library, or a place beside it, has."""
    raw = tables.raw
    return count(connection, and_(raw.c.library == library, raw.c.deleted.is_(False)))


def absence(connection: Connection, run: Run, new: int) -> Absence:
    """What a list proven to its end lacks, and what is new in it."""
    absent = absent_from(run.shelf, run.id)
    stored = new if run.kind == "full" else 0  # a sweep learns of new ones and has not got them
    lacking = copies(connection, absent)
    return Absence(
        live(connection, run.shelf) - stored,
        _rows(connection, absent) - lacking,
        new,
        count(connection, and_(absent, tables.raw.c.removal.is_not(None))),
        lacking,
        lacking and copies(connection, and_(tables.raw.c.library == run.shelf, tables.raw.c.deleted.is_(False))),
        count(connection, _new_unnumbered(run)),
    )


def arrived(connection: Connection, run: Run) -> int:
    """How many live records this run brought that never were here."""
    raw = tables.raw
    return count(connection, and_(raw.c.library == run.shelf, raw.c.deleted.is_(False), raw.c.first_run == run.id))


def _new_unnumbered(run: Run) -> ColumnElement[bool]:
    raw = tables.raw
    first_here = and_(raw.c.library == run.shelf, raw.c.deleted.is_(False), raw.c.first_run == run.id)
    return and_(first_here, raw.c.identifier.startswith(UNNUMBERED))


def settle(
    connection: Connection,
    run: Run,
    absent: AbsentRecords,
    now: datetime,
    *,
    limit: int | None,
    reason: str,
    watermark: str | None = None,
) -> dict[str, int]:
    """What the end of a run does to the records that left; how many, by column of the run table."""
    vanished = held = 0
    counts: dict[str, int] = {}
    leaving = count(connection, stated(run.library))
    kept = count(connection, and_(stated(run.library), tables.raw.c.removal.is_not(None))) if leaving else 0
    if leaving and (kept or (limit is not None and (leaving > limit or leaving >= live(connection, run.library)))):
        held += leaving
        words = f"the source says that {leaving:,} records are deleted"
        # Nothing has become of them yet.
        told = count(connection, and_(stated(run.library), tables.raw.c.leaving == run.id))
        counts |= {"deleted": -told, "waiting": told}
        hold(connection, run, "stated", now, records=leaving, reason=words)
    else:
        let_go(connection, run.library, "stated", "withdrawn")
        carry_out(connection, run, stated(run.library), "stated", now)
    by: RemovalReason = "sweep" if run.kind == "sweep" else "full"
    if absent == "go":
        vanished = carry_out(connection, run, absent_from(run.library, run.id), by, now)
    elif absent == "go when absent twice":
        vanished = carry_out_absent_twice(connection, run, by, now)
    elif absent == "held":
        lacking = count(connection, absent_from(run.library, run.id))
        held += lacking
        hold(connection, run, "absent", now, records=lacking, reason=reason, watermark=watermark)
    if run.kind != "sweep" and not reason:
        forget_missing(connection, run)
    if absent.startswith("go"):
        let_go(connection, run.library, "absent", "withdrawn")
        if run.kind == "full":
            forget_quarantine(connection, run)
    if absent == "unchanged":
        there = live(connection, run.library)
        return {"held": held, "seen": there, "unchanged": there}
    return counts | {"vanished": vanished, "held": held}


def carry_out(
    connection: Connection,
    run: Run | Generation,
    which: ColumnElement[bool],
    reason: RemovalReason,
    now: datetime,
    *,
    accepted: bool = False,
) -> int:
    """Deletes these records of a library, each with a new number; how many there were.

    Their last payloads stay, so that the removal can be undone.
    """
    raw, removal = tables.raw, tables.removal
    there = select(raw.c.id, raw.c.identifier).where(which).order_by(raw.c.id).limit(ROWS_AT_ONCE)
    rows = connection.execute(there).all()
    if not rows:
        return 0
    values = {"library": run.library, "run": run.id, "reason": reason, "accepted": accepted, "records": 0, "at": now}
    (number,) = connection.execute(insert(removal).values(**values)).inserted_primary_key or (0,)
    total = of_copies = 0
    while rows:
        first = upsert.next_seqs(connection, len(rows))
        connection.execute(
            update(raw)
            .where(raw.c.id == bindparam("row"))
            .values(deleted=True, leaving=None, harvested_at=now, removal=number),
            [{"row": row.id, "seq": seq} for seq, row in enumerate(rows, first)],
        )
        upsert.clear_quarantine(connection, run.library, [row.identifier for row in rows], None)
        total += len(rows)
        of_copies += sum(row.identifier.startswith(COPIES_OF) for row in rows)
        rows = connection.execute(there.where(raw.c.id > rows[-1].id)).all()
    counted = total - of_copies or total  # as ``count`` counts
    connection.execute(update(removal).where(removal.c.id == number).values(records=counted))
    return counted


def carry_out_absent_twice(connection: Connection, run: Run, reason: RemovalReason, now: datetime) -> int:
    """Deletes what this list lacks and what no list has had for a day and a run; the others are noted for the next."""
    raw, table = tables.raw, tables.absence
    here = (raw.c.library == run.library, raw.c.identifier == table.c.identifier)
    unseen = exists().where(*here, raw.c.deleted.is_(False), raw.c.generation < table.c.run)
    of_library = table.c.library == run.library
    connection.execute(delete(table).where(of_library, ~unseen))
    connection.execute(update(table).where(of_library).values(run=run.id))
    absent = absent_from(run.library, run.id)
    noted = exists().where(of_library, table.c.identifier == raw.c.identifier)
    fresh = select(raw.c.library, raw.c.identifier, literal(run.id), literal(now, tables.Instant)).where(absent, ~noted)
    connection.execute(insert(table).from_select(["library", "identifier", "run", "since"], fresh))
    return carry_out(connection, run, and_(absent, noted.where(table.c.since <= now - ABSENT_FOR)), reason, now)


def undo(connection: Connection, removal: Removal, now: datetime) -> int:
    """Brings back what left in a removal and has not come back by itself; how many records.

    They stay marked with it: a list that lacks them again is shown to a person before they go again.
    """
    raw, table = tables.raw, tables.removal
    gone = and_(raw.c.removal == removal.id, raw.c.deleted.is_(True), raw.c.payload != b"")
    query = select(raw.c.id).where(gone).order_by(raw.c.id).limit(ROWS_AT_ONCE)
    total = count(connection, gone)
    rows = connection.execute(query).all()
    while rows:
        first = upsert.next_seqs(connection, len(rows))
        connection.execute(
            update(raw).where(raw.c.id == bindparam("row")).values(deleted=False, harvested_at=now),
            [{"row": row.id, "seq": seq} for seq, row in enumerate(rows, first)],
        )
        rows = connection.execute(query.where(raw.c.id > rows[-1].id)).all()
    connection.execute(update(table).where(table.c.id == removal.id).values(undone_at=now))
    return total


def removals(connection: Connection, library: str, now: datetime) -> list[Removal]:
    """The library's removals that can still be undone, the last first."""
    table = tables.removal
    query = select(table).where(table.c.library == library, table.c.undone_at.is_(None), table.c.records > 0, LEFT)
    rows = connection.execute(query.where(table.c.at > now - UNDONE_WITHIN).order_by(table.c.id.desc()))
    return [Removal(r.id, r.library, r.run, r.reason, r.accepted, r.records, r.at, r.undone_at) for r in rows]


def hold(
    connection: Connection,
    run: Run,
    kind: HoldKind,
    now: datetime,
    *,
    records: int,
    reason: str,
    watermark: str | None = None,
) -> None:
    """Holds deletions for a person, in place of what was held of this kind.

    ``watermark`` is what the next run goes on from once the person agrees.
    """
    let_go(connection, run.library, kind, "withdrawn")
    connection.execute(
        insert(tables.hold).values(
            library=run.library,
            run=run.id,
            kind=kind,
            records=records,
            live=live(connection, run.library),
            reason=reason,
            source=run.source,
            at=now,
            state="waiting",
            watermark=watermark or "",
        )
    )


def let_go(connection: Connection, library: str, kind: HoldKind, state: Literal["accepted", "withdrawn"]) -> None:
    """Ends what was held of a kind: a person accepted it, or a later run made it void."""
    table = tables.hold
    waits = (table.c.library == library, table.c.kind == kind, table.c.state == "waiting")
    connection.execute(update(table).where(*waits).values(state=state))


def holds(connection: Connection, library: str) -> list[Hold]:
    """What waits for a person, the first first."""
    table = tables.hold
    query = select(table).where(table.c.library == library, table.c.state == "waiting").order_by(table.c.id)
    return [Hold(r.id, r.library, r.run, r.kind, r.records, r.live, r.reason, r.at) for r in connection.execute(query)]


def never_came(connection: Connection, run: Run) -> int:
    """How many records an earlier sweep listed that are still not here, in no form."""
    table, raw, quarantined = tables.missing, tables.raw, tables.quarantine
    here = exists().where(raw.c.library == table.c.library, raw.c.identifier == table.c.identifier)
    refused = exists().where(quarantined.c.library == table.c.library, quarantined.c.identifier == table.c.identifier)
    query = select(func.count()).select_from(table).where(table.c.library == run.library, table.c.run < run.id)
    return connection.execute(query.where(~here, ~refused)).scalar_one()


def forget_missing(connection: Connection, run: Run) -> None:
    """Forgets what earlier sweeps listed: a complete run has had its say."""
    table = tables.missing
    connection.execute(delete(table).where(table.c.library == run.library, table.c.run < run.id))


def forget_quarantine(connection: Connection, run: Run) -> None:
    """Lets go of what could not be read and what a complete list no longer holds."""
    table = tables.quarantine
    old = (table.c.library == run.shelf, table.c.stage == "harvest", table.c.generation < run.id)
    connection.execute(delete(table).where(*old))


def carry_out_confirmed(connection: Connection, run: Run, identifiers: Sequence[str], now: datetime) -> int:
    """Deletes absent records that the source was asked for and has no more; how many there were."""
    by: RemovalReason = "sweep" if run.kind == "sweep" else "full"
    which = and_(absent_from(run.library, run.id), tables.raw.c.identifier.in_(identifiers))
    return carry_out(connection, run, which, by, now) if identifiers else 0


def mark_listed(connection: Connection, run: Run, identifiers: Sequence[str]) -> dict[str, int]:
    """Notes which records a sweep lists; how many of them are here and how many are not, by column of the run table.

    Those that are not here are remembered, a bounded number of them: whether they come by themselves is seen later.
    """
    raw, table = tables.raw, tables.missing
    here: set[str] = set()
    for chunk in upsert.chunks(identifiers):
        live_ones = (raw.c.library == run.library, raw.c.identifier.in_(chunk), raw.c.deleted.is_(False))
        here.update(connection.execute(select(raw.c.identifier).where(*live_ones)).scalars())
    mark_seen(connection, run, sorted(here))
    missing = [identifier for identifier in dict.fromkeys(identifiers) if identifier not in here]
    if missing:
        noted = connection.execute(select(func.count()).where(table.c.library == run.library)).scalar_one()
        rows = [{"library": run.library, "identifier": one, "run": run.id} for one in missing]
        known = set(connection.execute(select(table.c.identifier).where(table.c.library == run.library)).scalars())
        rows = [row for row in rows if row["identifier"] not in known][: max(0, MISSING_NOTED - noted)]
        if rows:
            connection.execute(insert(table), rows)
    new = sum(identifier not in here for identifier in identifiers)
    return {"unchanged": len(identifiers) - new, "new": new}


def mark_seen(connection: Connection, run: Run, identifiers: Sequence[str]) -> None:
    """Notes that these records are there, without saying anything else of them."""
    raw = tables.raw
    for chunk in upsert.chunks(identifiers):
        these = (raw.c.library == run.shelf, raw.c.identifier.in_(chunk))
        connection.execute(update(raw).where(*these).values(generation=run.id))

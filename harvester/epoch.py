"""What happens when a member names its records anew: another system, another host, another set.

The records there are stay, visible and searched, and the new list is collected beside them (``code#2``) until it is
proven to its end. Then each new record is given the lasting name of the one it succeeds, found by 001, 003 and 035, so
that what did not change keeps its edition; and all is swapped in one transaction. If more than a few of those before
would have no successor, a person is asked first.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import zstandard
from sqlalchemy import (
    ColumnElement,
    Connection,
    ScalarSelect,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.orm import aliased

from harvester import removal, tables, upsert, waiting
from harvester.likeness import alike, numbers
from harvester.raw_record import COPIES_OF
from harvester.removal import AbsentRecords, Generation

if TYPE_CHECKING:
    from harvester.runs import Run
    from harvester.store import Store

NUMBERED_AT_ONCE = 2_000  # records in one transaction: nobody waits long to write


@dataclass(frozen=True, slots=True)
class Epoch:
    """How long a member has named its records in one way."""

    library: str
    number: int
    collecting: bool  # not yet proven: kept beside the records that are shown

    @property
    def shelf(self) -> str:
        """Where its records are put."""
        return f"{self.library}#{self.number}" if self.collecting else self.library


def enter(connection: Connection, library: str, source: str, now: datetime) -> Epoch:
    """The epoch that a run over this source belongs to; a new one when records came from another source until now."""
    table = tables.epoch
    rows = connection.execute(select(table).where(table.c.library == library)).all()
    live = next((row for row in rows if row.state == "live"), None)
    collecting = next((row for row in rows if row.state == "collecting"), None)
    if collecting is not None and collecting.source == source:
        return Epoch(library, collecting.number, True)
    if collecting is not None:
        drop(connection, library, now)
    if live is None:
        # A store from before there were epochs says by its watermark where its records came from.
        mark = tables.watermark
        known = connection.execute(select(mark.c.source).where(mark.c.library == library)).scalar_one_or_none()
        values = {"library": library, "number": 1, "source": known or source, "state": "live", "reason": ""}
        connection.execute(insert(table).values(**values, opened_at=now))
        return enter(connection, library, source, now)
    if live.source == source:
        return Epoch(library, live.number, False)
    if removal.live(connection, library) == 0:
        this = (table.c.library == library, table.c.number == live.number)
        connection.execute(update(table).where(*this).values(source=source))
        return Epoch(library, live.number, False)
    return begin(connection, library, source, "it is harvested from another address, set or format", now)


def begin(connection: Connection, library: str, source: str, reason: str, now: datetime) -> Epoch:
    """Opens an epoch that collects beside the live one."""
    table = tables.epoch
    last = connection.execute(select(func.max(table.c.number)).where(table.c.library == library)).scalar_one()
    number = (last or 0) + 1
    values = {"library": library, "number": number, "source": source, "state": "collecting", "reason": reason}
    connection.execute(insert(table).values(**values, opened_at=now))
    return Epoch(library, number, True)


def drop(connection: Connection, library: str, now: datetime) -> None:
    """Gives up the epoch that collects, and what it collected."""
    table = tables.epoch
    collecting = (table.c.library == library, table.c.state == "collecting")
    for number in connection.execute(select(table.c.number).where(*collecting)).scalars().all():
        _clear(connection, Epoch(library, number, True).shelf)
    connection.execute(update(table).where(*collecting).values(state="dropped", settled_at=now))
    removal.let_go(connection, library, "epoch", "withdrawn")


def collecting(connection: Connection, library: str) -> Epoch | None:
    """The epoch that collects beside the live one; absent when none does."""
    table = tables.epoch
    query = select(table.c.number).where(table.c.library == library, table.c.state == "collecting")
    number = connection.execute(query).scalar_one_or_none()
    return None if number is None else Epoch(library, number, True)


def moved(connection: Connection, run: Run, reason: str, now: datetime) -> dict[str, int]:
    """Opens an epoch for a source that names its records differently; what this run took for new goes again, and what
    it put in the place of quite other records gives way to them. How many there were, by column of the run table."""
    fresh = and_(tables.raw.c.library == run.library, tables.raw.c.first_run == run.id)
    new = removal.carry_out(connection, run, and_(fresh, tables.raw.c.deleted.is_(False)), "taken back", now)
    changed = _put_back(connection, run, now)
    begin(connection, run.library, run.source, reason, now)
    return {"new": -new, "changed": -changed, "waiting": new + changed}


def _put_back(connection: Connection, run: Run, now: datetime) -> int:
    """Gives the identifiers that this run took for re-used back to what they named before; how many."""
    raw, table = tables.raw, tables.version
    of_run = (table.c.library == run.library, table.c.run == run.id)
    first = select(func.min(table.c.id)).where(*of_run).group_by(table.c.identifier)
    query = select(table).where(table.c.id.in_(first)).order_by(table.c.id)
    rows = connection.execute(query).all()
    unpack = zstandard.ZstdDecompressor().decompress
    for chunk in upsert.chunks(rows):
        seq = upsert.next_seqs(connection, len(chunk))
        connection.execute(
            update(raw)
            .where(raw.c.library == run.library, raw.c.identifier == bindparam("name"))
            .values(harvested_at=now),
            [
                {
                    "name": row.identifier,
                    "format": row.format,
                    "payload": row.payload,
                    "sha256": hashlib.sha256(unpack(row.payload)).digest(),
                    "datestamp": row.datestamp,
                    "seq": number,
                }
                for number, row in enumerate(chunk, seq)
            ],
        )
    connection.execute(delete(table).where(*of_run))
    return len(rows)


# Who succeeds whom


def number_all(store: Store, run: Run) -> None:
    """Notes the control numbers of the old records and of the new, a bounded number of them in each transaction."""
    with store.writing() as connection:
        connection.execute(delete(tables.number).where(tables.number.c.library == run.library))
    raw = tables.raw
    for side, shelf, since in (("old", run.library, 0), ("new", run.shelf, run.id)):
        after = 0
        while True:
            query = select(raw.c.id, raw.c.identifier, raw.c.format, raw.c.payload)
            query = query.where(raw.c.library == shelf, raw.c.deleted.is_(False), raw.c.generation >= since)
            with store.writing() as connection:
                query = query.where(raw.c.id > after).order_by(raw.c.id).limit(NUMBERED_AT_ONCE)
                rows = connection.execute(query).all()
                if not rows:
                    break
                unpack = zstandard.ZstdDecompressor().decompress
                found = [(value, row.identifier) for row in rows for value in numbers(unpack(row.payload), row.format)]
                _note_numbers(connection, run.library, side, found)
                after = rows[-1].id
    _note_others(store, run)


def _note_others(store: Store, run: Run) -> None:
    """Notes the new records whose identifier belonged to quite another one: they are not its successors by name."""
    raw = tables.raw
    old = aliased(raw, name="old_raw")
    same_name = and_(old.c.library == run.library, old.c.identifier == raw.c.identifier, old.c.deleted.is_(False))
    columns = (raw.c.id, raw.c.identifier, raw.c.format, raw.c.payload)
    query = select(*columns, old.c.format.label("old_format"), old.c.payload.label("old_payload"))
    query = query.join(old, and_(same_name, old.c.sha256 != raw.c.sha256))
    query = query.where(raw.c.library == run.shelf, raw.c.deleted.is_(False), raw.c.generation >= run.id)
    query = query.order_by(raw.c.id).limit(NUMBERED_AT_ONCE)
    unpack = zstandard.ZstdDecompressor().decompress
    after = 0
    while True:
        with store.writing() as connection:
            rows = connection.execute(query.where(raw.c.id > after)).all()
            if not rows:
                return
            others = [
                (row.identifier, row.identifier)
                for row in rows
                if not alike(unpack(row.old_payload), unpack(row.payload), row.old_format, row.format)
            ]
            _note_numbers(connection, run.library, "off", others)
        after = rows[-1].id


def _note_numbers(connection: Connection, library: str, side: str, found: Iterable[tuple[str, str]]) -> None:
    table = tables.number
    times = Counter(value for value, _ in found)
    of_value = dict(found)
    of_side = (table.c.library == library, table.c.side == side)
    known: set[str] = set()
    for chunk in upsert.chunks(list(of_value)):
        known.update(connection.execute(select(table.c.value).where(*of_side, table.c.value.in_(chunk))).scalars())
    again = [{"number": value, "more": times[value]} for value in of_value if value in known]
    if again:
        more = table.c.times + bindparam("more")
        connection.execute(
            update(table).where(*of_side, table.c.value == bindparam("number")).values(times=more), again
        )
    first = [
        {"library": library, "side": side, "value": value, "identifier": identifier, "times": times[value]}
        for value, identifier in of_value.items()
        if value not in known
    ]
    if first:
        connection.execute(insert(table), first)


def name_all(connection: Connection, run: Run) -> int:
    """Gives every new record its lasting name; how many live old records have no successor.

    A number that one old and one new record have makes one the successor of the other; else the same identifier does,
    unless it belonged to quite another record; a record that succeeds none keeps its identifier, unless that is by now
    the name of another.
    """
    alias, number, raw = tables.alias, tables.number, tables.raw
    connection.execute(delete(alias).where(alias.c.library == run.shelf))
    old, new = number.alias("old_number"), number.alias("new_number")
    both = and_(old.c.value == new.c.value, old.c.times == 1, new.c.times == 1)
    pairs = (
        select(literal(run.shelf), new.c.identifier, func.min(old.c.identifier))
        .where(
            old.c.library == run.library, old.c.side == "old", new.c.library == run.library, new.c.side == "new", both
        )
        .group_by(new.c.identifier)
    )
    connection.execute(insert(alias).from_select(["library", "identifier", "name"], pairs))
    # Of several that succeed one, one does. By groups: compared pair by pair, a million records would take days.
    one_each = select(func.min(alias.c.identifier)).where(alias.c.library == run.shelf).group_by(alias.c.name)
    again = (alias.c.library == run.shelf, alias.c.identifier.not_in(one_each))
    connection.execute(delete(alias).where(*again))
    unnamed = select(raw.c.identifier).where(
        raw.c.library == run.shelf,
        raw.c.deleted.is_(False),
        raw.c.generation >= run.id,
        ~exists().where(alias.c.library == run.shelf, alias.c.identifier == raw.c.identifier),
    )
    other = alias.alias("other")
    name_taken = exists().where(other.c.library == run.shelf, other.c.name == raw.c.identifier)
    off = (number.c.library == run.library, number.c.side == "off", number.c.value == raw.c.identifier)
    unnamed_own = unnamed.where(~name_taken, ~exists().where(*off))
    own = unnamed_own.with_only_columns(literal(run.shelf), raw.c.identifier, raw.c.identifier)
    connection.execute(insert(alias).from_select(["library", "identifier", "name"], own))
    numbered = raw.c.identifier + literal(f"~{run.epoch}")
    distinct = unnamed.with_only_columns(literal(run.shelf), raw.c.identifier, numbered)
    connection.execute(insert(alias).from_select(["library", "identifier", "name"], distinct))
    return removal.count(connection, without_successor(run.library, run.shelf))


def compare(store: Store, run: Run) -> tuple[int, int, int]:
    """Names the collected records; how many old ones have no successor, how many old and new ones there are."""
    raw = tables.raw
    listed = and_(raw.c.library == run.shelf, raw.c.deleted.is_(False), raw.c.generation >= run.id)
    with store.writing() as connection:
        lost = name_all(connection, run)
        return lost, removal.live(connection, run.library), removal.count(connection, listed)


def without_successor(library: str, shelf: str) -> ColumnElement[bool]:
    """The live records of which a collected list has no new version."""
    raw, alias = tables.raw, tables.alias
    succeeded = exists().where(alias.c.library == shelf, alias.c.name == raw.c.identifier)
    return and_(raw.c.library == library, raw.c.deleted.is_(False), ~succeeded)


# The swap


def settle(
    connection: Connection,
    run: Run,
    absent: AbsentRecords,
    now: datetime,
    *,
    reason: str,
    watermark: str | None = None,
) -> dict[str, int]:
    """What the end of a list means for the epoch that collects it; how many records left or are held."""
    if absent == "go":
        gone = swap(connection, Generation(run.library, run.id), run.epoch, now, accepted=False)
        return {"vanished": gone}
    counts = waiting.counted(connection, run.id)
    if absent == "held":
        lost = removal.count(connection, without_successor(run.library, run.shelf))
        removal.hold(connection, run, "epoch", now, records=lost, reason=reason, watermark=watermark)
        return {**counts, "held": lost}
    return counts


def swap(connection: Connection, run: Generation, number: int, now: datetime, *, accepted: bool) -> int:
    """Puts the collected records in the place of those before, in one step; how many left without successor."""
    library, shelf = run.library, Epoch(run.library, number, True).shelf
    raw, alias, table = tables.raw, tables.alias, tables.epoch
    old = aliased(raw, name="old_raw")
    rows = (
        select(
            raw.c.id, alias.c.name, old.c.id.label("old"), (old.c.sha256 == raw.c.sha256).label("same"), old.c.deleted
        )
        .join(alias, and_(alias.c.library == shelf, alias.c.identifier == raw.c.identifier))
        .outerjoin(old, and_(old.c.library == library, old.c.identifier == alias.c.name))
        .where(raw.c.library == shelf, raw.c.deleted.is_(False), raw.c.generation >= run.id)
        .order_by(raw.c.id)
        .limit(removal.ROWS_AT_ONCE)
    )
    after = new = different = 0
    while chunk := connection.execute(rows.where(raw.c.id > after)).all():
        after = chunk[-1].id
        _move(connection, library, run.id, [(row.id, row.name) for row in chunk if row.old is None], now)
        same = [row.old for row in chunk if row.old is not None and row.same and not row.deleted]
        for part in upsert.chunks(same):
            connection.execute(update(raw).where(raw.c.id.in_(part)).values(generation=run.id, leaving=None))
        same_ones = set(same)
        changed = [(row.id, row.old) for row in chunk if row.old is not None and row.old not in same_ones]
        _replace(connection, run.id, changed, now)
        came = [row for row in chunk if not row.name.startswith(COPIES_OF)]
        new += sum(row.old is None or row.deleted for row in came)
        different += sum(row.old is not None and not row.deleted and not row.same for row in came)
    waiting.settled(connection, run.id, new, different)
    gone = removal.carry_out(connection, run, removal.absent_from(library, run.id), "epoch", now, accepted=accepted)
    refused = tables.quarantine
    connection.execute(delete(refused).where(refused.c.library == library, refused.c.stage == "harvest"))
    connection.execute(update(refused).where(refused.c.library == shelf).values(library=library, generation=run.id))
    connection.execute(delete(alias).where(alias.c.library == library))
    renamed = alias.c.identifier != alias.c.name
    connection.execute(update(alias).where(alias.c.library == shelf, renamed).values(library=library))
    _clear(connection, shelf)
    of_library = table.c.library == library
    connection.execute(update(table).where(of_library, table.c.state == "live").values(state="former", settled_at=now))
    connection.execute(update(table).where(of_library, table.c.number == number).values(state="live", settled_at=now))
    removal.let_go(connection, library, "epoch", "accepted" if accepted else "withdrawn")
    removal.let_go(connection, library, "absent", "withdrawn")
    return gone


def _move(connection: Connection, library: str, run: int, rows: list[tuple[int, str]], now: datetime) -> None:
    """Records that succeed none become visible as they are."""
    raw, first = tables.raw, upsert.next_seqs(connection, len(rows))
    if rows:
        connection.execute(
            update(raw)
            .where(raw.c.id == bindparam("row"))
            .values(library=library, generation=run, harvested_at=now, identifier=bindparam("lasting")),
            [{"row": row, "lasting": name, "seq": seq} for seq, (row, name) in enumerate(rows, first)],
        )


def _replace(connection: Connection, run: int, rows: list[tuple[int, int]], now: datetime) -> None:
    """Records that succeed others take their rows, and with them their names."""
    raw, first = tables.raw, upsert.next_seqs(connection, len(rows))
    new = aliased(raw, name="new_raw")

    def taken(column: str) -> ScalarSelect[object]:
        return select(new.c[column]).where(new.c.id == bindparam("new")).scalar_subquery()

    if rows:
        copied = {name: taken(name) for name in ("format", "payload", "sha256", "datestamp")}
        connection.execute(
            update(raw)
            .where(raw.c.id == bindparam("row"))
            .values(**copied, generation=run, harvested_at=now, deleted=False, leaving=None, removal=None),
            [{"row": old, "new": row, "seq": seq} for seq, (row, old) in enumerate(rows, first)],
        )


def _clear(connection: Connection, shelf: str) -> None:
    for table in (tables.raw, tables.quarantine, tables.alias):
        connection.execute(delete(table).where(table.c.library == shelf))
    library = shelf.partition("#")[0]
    connection.execute(delete(tables.number).where(tables.number.c.library == library))

"""Named lists in the store's database. A check that another one overtook changes nothing."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any, cast

import orjson
from pydantic import TypeAdapter
from sqlalchemy import (
    Column,
    Connection,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Row,
    String,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
    update,
)

from harvester.store import Store
from harvester.tables import Instant
from search_api.own_tables import make_absent
from search_api.selecting.found import Bucket, Checked
from search_api.selecting.given import Given
from search_api.selecting.lists import MAX_LINES, Change, ListLine, NamedList, Share, change, new_lines

CHANGES_TOLD = 200
CHANGES_KEPT = 2_000

metadata = MetaData()

lists = Table(
    "named_lists",
    metadata,
    Column("id", String(24), primary_key=True),
    Column("name", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("owner", String(64), nullable=False),
    Column("library", String(32), nullable=False),
    Column("share", String(12), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("next_line", Integer, nullable=False),
    Column("checked_at", Instant, nullable=True),
    Column("state", Text, nullable=False),  # of the index when it was checked last
)

lines = Table(
    "named_list_lines",
    metadata,
    Column("list", String(24), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("given", LargeBinary, nullable=False),  # JSON of given.Given
    Column("note", Text, nullable=False),
    Column("added_by", String(64), nullable=False),
    Column("added_at", Instant, nullable=False),
    Column("bucket", String(20), nullable=False),  # "": not checked yet
    Column("found", LargeBinary, nullable=True),  # JSON of found.Checked
)

changes = Table(
    "named_list_changes",
    metadata,
    Column("list", String(24), nullable=False),
    Column("line", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("gained", Text, nullable=False),  # codes of libraries, separated by blanks
    Column("lost", Text, nullable=False),
    Column("before", String(20), nullable=False),
    Column("after", String(20), nullable=False),
    Index("named_list_changes_at", "list", "at"),
)

_GIVEN: TypeAdapter[Given] = TypeAdapter(Given)
_CHECKED: TypeAdapter[Checked] = TypeAdapter(Checked)


class ListFull(Exception):
    """A list would have more lines than it may; nothing was added."""


class ListOvertaken(Exception):
    """Another check, or a change of the list, came between; nothing was written."""


class NamedLists:
    """Every list. Safe from several threads and processes."""

    def __init__(self, store: Store) -> None:
        """Raises: StoreUnusable."""
        self.store = store
        make_absent(store, metadata)

    # --- lists

    def all(self) -> list[NamedList]:
        """The one changed last first."""
        with self.store.reading() as connection:
            rows = connection.execute(select(lists).order_by(lists.c.changed_at.desc(), lists.c.id)).all()
            counts = _buckets(connection)
        return [_list(row, counts.get(row.id, {})) for row in rows]

    def named(self, id: str) -> NamedList | None:
        """The list of an id, None when there is none."""
        with self.store.reading() as connection:
            row = connection.execute(select(lists).where(lists.c.id == id)).one_or_none()
            return None if row is None else _list(row, _buckets(connection, id).get(id, {}))

    def make(self, name: str, note: str, share: Share, *, owner: str, library: str) -> str:
        """A new list; its id. Raises: StoreUnusable."""
        id, now = secrets.token_urlsafe(9), self.store.now()
        row = {"id": id, "name": name, "note": note, "share": share, "owner": owner, "library": library}
        with self.store.writing() as connection:
            connection.execute(insert(lists).values(**row, made_at=now, changed_at=now, next_line=1, state=""))
        return id

    def change(self, id: str, **values: str) -> None:
        """Gives a list another name, note or share. Raises: StoreUnusable."""
        with self.store.writing() as connection:
            connection.execute(update(lists).where(lists.c.id == id).values(**values, changed_at=self.store.now()))

    def remove(self, id: str) -> None:
        """Removes a list with all its lines. Raises: StoreUnusable."""
        with self.store.writing() as connection:
            for table, column in ((changes, changes.c.list), (lines, lines.c.list), (lists, lists.c.id)):
                connection.execute(delete(table).where(column == id))

    # --- lines

    def lines(self, id: str, bucket: str = "") -> list[ListLine]:
        """The lines in the order they were added; of a bucket only those that ended there."""
        query = select(lines).where(lines.c.list == id)
        if bucket:
            query = query.where(lines.c.bucket == bucket)
        with self.store.reading() as connection:
            return [_line(row) for row in connection.execute(query.order_by(lines.c.number))]

    def add(self, id: str, given: Sequence[Given], by: str) -> int:
        """Adds the lines that ask for something new; how many these are.

        Raises: ListFull, StoreUnusable.
        """
        now = self.store.now()
        with self.store.writing() as connection:
            first = connection.execute(select(lists.c.next_line).where(lists.c.id == id)).scalar_one()
            query = select(lines.c.given).where(lines.c.list == id)
            there = [_GIVEN.validate_json(one) for one in connection.execute(query).scalars()]
            added = new_lines(there, given)
            if len(there) + len(added) > MAX_LINES:
                raise ListFull(f"A list may have {MAX_LINES:,} lines.")
            rows = [
                {
                    "list": id,
                    "number": number,
                    "given": orjson.dumps(one),
                    "note": one.note,
                    "added_by": by,
                    "added_at": now,
                    "bucket": "",
                }
                for number, one in enumerate(added, first)
            ]
            if rows:
                connection.execute(insert(lines), rows)
                connection.execute(
                    update(lists).where(lists.c.id == id).values(next_line=first + len(rows), changed_at=now)
                )
        return len(added)

    def remove_line(self, id: str, number: int) -> bool:
        """Takes a line off a list; whether it was there. Raises: StoreUnusable."""
        with self.store.writing() as connection:
            gone = connection.execute(delete(lines).where(lines.c.list == id, lines.c.number == number)).rowcount
            connection.execute(delete(changes).where(changes.c.list == id, changes.c.line == number))
            connection.execute(update(lists).where(lists.c.id == id).values(changed_at=self.store.now()))
        return gone > 0

    def note_line(self, id: str, number: int, note: str) -> bool:
        """Writes a note on a line; whether it is there. Raises: StoreUnusable."""
        with self.store.writing() as connection:
            statement = update(lines).where(lines.c.list == id, lines.c.number == number).values(note=note)
            there = connection.execute(statement).rowcount > 0
            connection.execute(update(lists).where(lists.c.id == id).values(changed_at=self.store.now()))
        return there

    # --- checks

    def stale(self, state: str) -> list[str]:
        """The lists that were not checked in this state of the index, or have lines that never were; oldest first."""
        never = select(lines.c.list).where(lines.c.bucket == "").distinct()
        query = select(lists.c.id).where((lists.c.state != state) | lists.c.id.in_(never))
        with self.store.reading() as connection:
            return list(connection.execute(query.order_by(lists.c.checked_at, lists.c.id)).scalars())

    def keep_check(self, seen: NamedList, before: Sequence[ListLine], after: Sequence[Checked], state: str) -> int:
        """Keeps what came of all lines and what is otherwise than before; how many changes.

        Raises: ListOvertaken when the list was checked meanwhile, StoreUnusable.
        """
        now = self.store.now()
        told = [change(line.number, now, line.found, found) for line, found in zip(before, after, strict=True)]
        rows = [_change_row(seen.id, one) for one in told if one is not None]
        with self.store.writing() as connection:
            statement = update(lists).where(lists.c.id == seen.id, _unchecked_since(seen))
            if not connection.execute(statement.values(checked_at=now, state=state)).rowcount:
                raise ListOvertaken(seen.id)
            for line, found in zip(before, after, strict=True):
                if line.found != found:
                    connection.execute(
                        update(lines)
                        .where(lines.c.list == seen.id, lines.c.number == line.number)
                        .values(bucket=found.bucket.value, found=orjson.dumps(found))
                    )
            if rows:
                connection.execute(insert(changes), rows)
                _forget_oldest(connection, seen.id)
        return len(rows)

    def changes(self, id: str, limit: int = CHANGES_TOLD) -> list[Change]:
        """What checks found otherwise than before, the latest first."""
        query = select(changes).where(changes.c.list == id).order_by(changes.c.at.desc(), changes.c.line)
        with self.store.reading() as connection:
            return [_change(row) for row in connection.execute(query.limit(limit))]


def _unchecked_since(seen: NamedList) -> Any:
    return lists.c.checked_at.is_(None) if seen.checked_at is None else lists.c.checked_at == seen.checked_at


def _forget_oldest(connection: Connection, id: str) -> None:
    query = select(changes.c.at).where(changes.c.list == id).order_by(changes.c.at.desc())
    oldest = connection.execute(query.offset(CHANGES_KEPT).limit(1)).scalar_one_or_none()
    if oldest is not None:
        connection.execute(delete(changes).where(changes.c.list == id, changes.c.at <= oldest))


def _buckets(connection: Connection, id: str = "") -> dict[str, dict[str, int]]:
    query = select(lines.c.list, lines.c.bucket, func.count()).group_by(lines.c.list, lines.c.bucket)
    if id:
        query = query.where(lines.c.list == id)
    found: dict[str, dict[str, int]] = {}
    for name, bucket, count in connection.execute(query):
        found.setdefault(name, {})[bucket] = count
    return found


def _list(row: Row[Any], counts: Mapping[str, int]) -> NamedList:
    return NamedList(
        id=row.id,
        name=row.name,
        note=row.note,
        owner=row.owner,
        library=row.library,
        share=cast(Share, row.share),
        made_at=row.made_at,
        changed_at=row.changed_at,
        lines=sum(counts.values()),
        buckets=tuple((bucket.value, counts[bucket.value]) for bucket in Bucket if counts.get(bucket.value)),
        checked_at=row.checked_at,
        state=row.state,
    )


def _line(row: Row[Any]) -> ListLine:
    found = None if row.found is None else _CHECKED.validate_json(row.found)
    return ListLine(row.number, _GIVEN.validate_json(row.given), row.note, row.added_by, row.added_at, found)


def _change_row(id: str, one: Change) -> dict[str, Any]:
    return {
        "list": id,
        "line": one.line,
        "at": one.at,
        "gained": " ".join(one.gained),
        "lost": " ".join(one.lost),
        "before": one.before.value,
        "after": one.after.value,
    }


def _change(row: Row[Any]) -> Change:
    gained, lost = tuple(row.gained.split()), tuple(row.lost.split())
    return Change(row.line, row.at, gained, lost, Bucket(row.before), Bucket(row.after))

"""Reports in the store: they outlast the program, and one that was broken off is gone on with.

A report is read whole, then checked some hundred lines at a time; what is committed is never done again.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Literal

import orjson
import zstandard
from pydantic import TypeAdapter
from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, update

from harvester import lease
from harvester.store import Store
from indexer import codec
from indexer.text import fold
from indexer.variants import fold_variants
from search_api.selecting import tables
from search_api.selecting.buying import Brief
from search_api.selecting.found import Bucket, Checked, Remark
from search_api.selecting.given import Given, Money
from search_api.selecting.listing import Listing, Options

KEPT_DAYS = 90
LONGEST_NAME = 200

State = Literal["waiting", "reading", "checking", "done", "refused"]
UNFINISHED: tuple[State, ...] = ("waiting", "reading", "checking")

_CHECKED: TypeAdapter[Checked] = TypeAdapter(Checked)


@dataclass(frozen=True, slots=True)
class Read:
    """How a list was understood."""

    kind: str = ""
    encoding: str = ""
    lost: int = 0  # characters that could not be decoded
    sheets: tuple[str, ...] = ()
    sheet: str = ""
    header: int | None = None
    headings: tuple[str, ...] = ()
    columns: dict[str, tuple[int, ...]] = field(default_factory=dict)
    preview: tuple[tuple[str, ...], ...] = ()

    @classmethod
    def of(cls, listing: Listing) -> Read:
        rows = listing.rows
        return cls(
            listing.kind,
            rows.encoding if rows else "",
            rows.lost if rows else 0,
            rows.sheets if rows else (),
            rows.sheet if rows else "",
            listing.header,
            listing.headings,
            {column.value: tuple(indexes) for column, indexes in (listing.columns or {}).items()},
            tuple(tuple(cell[:80] for cell in row) for row in listing.preview),
        )


_READ: TypeAdapter[Read] = TypeAdapter(Read)
_OPTIONS: TypeAdapter[Options] = TypeAdapter(Options)


@dataclass(frozen=True, slots=True)
class Report:
    """A list that was sent and what has become of it; its lines are asked for by themselves."""

    id: str
    name: str
    source: str
    made_by: str
    library: str
    made_at: datetime
    state: State
    options: Options
    read: Read
    lines: int | None
    checked: int
    why: str
    message: str
    finished_at: datetime | None
    seconds: float
    kept_until: datetime
    catalogue: str

    @property
    def finished(self) -> bool:
        return self.state in ("done", "refused")


class Reports:
    """All reports, in the store's database."""

    def __init__(self, store: Store) -> None:
        """Raises: StoreUnusable."""
        self.store = store
        tables.make(store)

    def add(
        self, data: bytes, name: str, source: str, options: Options, *, made_by: str = "", library: str = ""
    ) -> str:
        """Keeps a list that is to be checked; its id. What is past its time is removed.

        Raises: StoreUnusable.
        """
        now = self.store.now()
        report = secrets.token_urlsafe(12)
        with self.store.writing() as connection:
            old = select(tables.reports.c.id).where(tables.reports.c.kept_until < now)
            connection.execute(delete(tables.lines).where(tables.lines.c.report.in_(old)))
            connection.execute(delete(tables.reports).where(tables.reports.c.kept_until < now))
            connection.execute(
                insert(tables.reports).values(
                    id=report,
                    name=name[:LONGEST_NAME],
                    source=source[:LONGEST_NAME],
                    made_by=made_by,
                    library=library,
                    made_at=now,
                    kept_until=now + timedelta(days=KEPT_DAYS),
                    payload=zstandard.compress(data),
                    **_fresh(options),
                )
            )
        return report

    def again(self, report: str, options: Options) -> None:
        """Lets a list be read once more, with other options; nothing happens when there is none of that id."""
        with self.store.writing() as connection:
            connection.execute(delete(tables.lines).where(tables.lines.c.report == report))
            connection.execute(update(tables.reports).where(tables.reports.c.id == report).values(**_fresh(options)))

    def remove(self, report: str) -> None:
        with self.store.writing() as connection:
            connection.execute(delete(tables.lines).where(tables.lines.c.report == report))
            connection.execute(delete(tables.reports).where(tables.reports.c.id == report))

    def report(self, report: str) -> Report | None:
        """A report; None when there is none of that id, or no longer."""
        with self.store.reading() as connection:
            row = connection.execute(select(*_COLUMNS).where(tables.reports.c.id == report)).one_or_none()
        return None if row is None else _report(row)

    def latest(self, library: str, limit: int = 20, offset: int = 0) -> list[Report]:
        """The reports of a library's selectors, the newest first; of "": those of everybody."""
        query = select(*_COLUMNS).order_by(tables.reports.c.made_at.desc()).limit(limit).offset(offset)
        if library:
            query = query.where(tables.reports.c.library == library)
        with self.store.reading() as connection:
            return [_report(row) for row in connection.execute(query)]

    def unfinished(self) -> list[str]:
        """The ids of reports that somebody has to go on with, the oldest first."""
        table = tables.reports
        query = select(table.c.id).where(table.c.state.in_(UNFINISHED)).order_by(table.c.made_at)
        with self.store.reading() as connection:
            return list(connection.execute(query).scalars())

    def payload(self, report: str) -> bytes:
        """What was sent."""
        with self.store.reading() as connection:
            query = select(tables.reports.c.payload).where(tables.reports.c.id == report)
            return zstandard.decompress(connection.execute(query).scalar_one())

    # While it is worked on, under a lease

    def begin_reading(self, held: lease.Lease, report: str) -> None:
        """Forgets the lines of a reading that was broken off."""
        with self._under(held) as connection:
            connection.execute(delete(tables.lines).where(tables.lines.c.report == report))
            connection.execute(update(tables.reports).where(tables.reports.c.id == report).values(state="reading"))

    def add_lines(self, held: lease.Lease, report: str, lines: Sequence[tuple[Given, int | None]]) -> None:
        """Keeps lines that were read, each with the line that it repeats."""
        with self._under(held) as connection:
            rows = [_row(report, Checked(given, Bucket.NONE, repeats=repeats), bucket="") for given, repeats in lines]
            connection.execute(insert(tables.lines), rows)

    def end_reading(self, held: lease.Lease, report: str, read: Read, count: int) -> None:
        with self._under(held) as connection:
            values = {"state": "checking", "read": _READ.dump_json(read).decode(), "lines": count}
            connection.execute(update(tables.reports).where(tables.reports.c.id == report).values(**values))

    def refuse(self, held: lease.Lease, report: str, why: str, message: str) -> None:
        """Notes that a list cannot be read."""
        now = self.store.now()
        with self._under(held) as connection:
            values = {"state": "refused", "why": why, "message": message, "finished_at": now}
            connection.execute(delete(tables.lines).where(tables.lines.c.report == report))
            connection.execute(update(tables.reports).where(tables.reports.c.id == report).values(**values))

    def unchecked(self, report: str, after: int, limit: int) -> list[tuple[Given, int | None]]:
        """Lines still to be checked, in their order, each with the line that it repeats."""
        table = tables.lines
        query = select(table.c.told, table.c.record).where(
            table.c.report == report, table.c.number > after, table.c.bucket == ""
        )
        with self.store.reading() as connection:
            found = connection.execute(query.order_by(table.c.number).limit(limit)).all()
        lines = []
        for told, record in found:
            line = _CHECKED.validate_json(told)
            given = line.given if record is None else replace(line.given, record=codec.decode(record))
            lines.append((given, line.repeats))
        return lines

    def add_checked(self, held: lease.Lease, report: str, lines: Sequence[Checked]) -> None:
        """Keeps what came of lines, and how far the report is, all or nothing."""
        table = tables.lines
        with self._under(held) as connection:
            values = [_row(report, line, bucket=line.bucket.value) for line in lines]
            for one in values:
                one |= {"record": None, "of_report": one.pop("report"), "of_number": one.pop("number")}
            statement = update(table).where(
                table.c.report == bindparam("of_report"), table.c.number == bindparam("of_number")
            )
            connection.execute(statement, values)
            done = update(tables.reports).where(tables.reports.c.id == report)
            connection.execute(done.values(checked=tables.reports.c.checked + len(lines)))

    def finish(self, held: lease.Lease, report: str, seconds: float, catalogue: str) -> None:
        """Notes that every line has its bucket."""
        now = self.store.now()
        with self._under(held) as connection:
            table = tables.reports
            values: dict[str, Any] = {"state": "done", "finished_at": now, "catalogue": catalogue}
            values["seconds"] = table.c.seconds + seconds
            connection.execute(update(table).where(table.c.id == report).values(**values))

    @contextmanager
    def _under(self, held: lease.Lease) -> Iterator[Connection]:
        """A transaction of whoever has the lease.

        Raises: RunTakenOver when another process works on it by now.
        """
        with self.store.writing() as connection:
            lease.check(connection, held.name, held.owner, self.store.now())
            yield connection

    # Its lines

    def briefs(self, report: str) -> list[Brief]:
        """What of every checked line counts, in their order."""
        table = tables.lines
        columns = [table.c[name] for name in _BRIEF]
        query = select(*columns).where(table.c.report == report, table.c.bucket != "").order_by(table.c.number)
        with self.store.reading() as connection:
            return [_brief(row) for row in connection.execute(query)]

    def lines(self, report: str, numbers: Sequence[int]) -> dict[int, Checked]:
        """Lines by their numbers."""
        table = tables.lines
        found: dict[int, Checked] = {}
        with self.store.reading() as connection:
            for at in range(0, len(numbers), 500):
                query = select(table.c.number, table.c.told).where(
                    table.c.report == report, table.c.number.in_(numbers[at : at + 500])
                )
                found |= {number: _CHECKED.validate_json(told) for number, told in connection.execute(query)}
        return found

    def counted(self, report: str) -> int:
        """How many lines are kept so far, checked or not."""
        with self.store.reading() as connection:
            query = select(func.count()).select_from(tables.lines).where(tables.lines.c.report == report)
            return int(connection.execute(query).scalar_one())


_COLUMNS = [column for column in tables.reports.c if column.name != "payload"]
_BRIEF = ("number", "bucket", "same", "any", "own", "price", "currency", "copies", "repeats", "remarks", "words")


def _fresh(options: Options) -> dict[str, Any]:
    """The columns of a report that nobody has begun."""
    return {
        "state": "waiting",
        "options": orjson.dumps(asdict(options)).decode(),
        "read": "{}",
        "lines": None,
        "checked": 0,
        "why": "",
        "message": "",
        "finished_at": None,
        "seconds": 0.0,
        "catalogue": "",
    }


def _report(row: Row[Any]) -> Report:
    values = dict(row._mapping)
    values["options"] = _OPTIONS.validate_json(values["options"])
    values["read"] = _READ.validate_json(values["read"])
    return Report(**values)


def _row(report: str, line: Checked, *, bucket: str) -> dict[str, Any]:
    given = line.given
    bare = line if given.record is None else replace(line, given=replace(given, record=None))
    return {
        "report": report,
        "number": given.number,
        "told": orjson.dumps(bare),
        "record": codec.encode(given.record) if given.record is not None else None,
        "bucket": bucket,
        "same": " ".join(line.same),
        "any": " ".join(line.any),
        "own": " ".join(f"{code}={copies}" for code, copies in line.own_copies),
        "price": given.price.hundredths if given.price else None,
        "currency": given.price.currency if given.price else "",
        "copies": given.copies,
        "repeats": line.repeats,
        "remarks": " ".join(line.remarks),
        "words": words(given),
    }


def words(given: Given) -> str:
    """What a line is sought and sorted by: folded, the title first."""
    said = " ".join(filter(None, (given.title or given.text, given.creator, given.publisher)))
    return f"{fold_variants(fold(said))} {' '.join(given.numbers.isbns)}".strip()


def _brief(row: Row[Any]) -> Brief:
    own = dict(_copies(one) for one in row.own.split()) if row.own else {}
    return Brief(
        row.number,
        Bucket(row.bucket),
        _codes(row.same),
        _codes(row.any),
        own,
        Money(row.price, row.currency) if row.price is not None else None,
        row.copies,
        row.repeats,
        _remarks(row.remarks),
        row.words,
    )


@lru_cache(maxsize=4096)
def _codes(text: str) -> tuple[str, ...]:
    return tuple(text.split())


@lru_cache(maxsize=256)
def _remarks(text: str) -> frozenset[Remark]:
    return frozenset(map(Remark, text.split()))


def _copies(text: str) -> tuple[str, int]:
    code, _, copies = text.rpartition("=")
    return code, int(copies)

"""The tables of the raw store, and how its database is opened.

Portable SQL: SQLite and PostgreSQL by URL. Instants are UTC text of one width, so that they sort as written in both.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from sqlalchemy import (
    URL,
    BigInteger,
    Boolean,
    Column,
    Connection,
    Dialect,
    Engine,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    and_,
    create_engine,
    event,
)
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

from harvester import schema
from harvester.errors import StoreUnusable
from harvester.raw_record import COPIES_OF

BUSY_TIMEOUT_SECONDS = 120  # a member's million records are swapped for those of its new system in about a minute
WRITING = "allshelves_writing"  # the execution option of a transaction that will write


@lru_cache(maxsize=64)  # all rows of a page have one
def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


class Instant(TypeDecorator[datetime]):
    """A moment in UTC, microseconds included, as text of one width."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else _written(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else datetime.fromisoformat(value)


metadata = MetaData()

BigId = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers rows itself only for INTEGER

raw = Table(
    "raw",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("library", String(48), nullable=False),  # its code; code#epoch while an epoch collects beside it
    Column("identifier", Text, nullable=False),
    Column("format", String(16), nullable=False),
    Column("payload", LargeBinary, nullable=False),  # zstandard; of a deleted record its last version
    Column("sha256", LargeBinary(32), nullable=False),  # of the payload; empty: it never had one
    Column("deleted", Boolean, nullable=False),
    Column("datestamp", String(64), nullable=False),
    Column("seq", BigInteger, nullable=False),  # negative: news to nobody, as the deletion of what never came
    Column("harvested_at", Instant, nullable=False),
    Column("generation", BigInteger, nullable=False),  # the last run that saw it
    Column("leaving", BigInteger),  # the run whose source says that it is deleted, until that is carried out
    Column("removal", BigInteger),  # by which removal it went
    Column("first_run", BigInteger),  # the run that brought it first; absent for what schema 2 had
    UniqueConstraint("library", "identifier", name="raw_ref"),
    Index("raw_seq", "seq", unique=True),
    Index("raw_library", "library", "deleted"),
)

_name = raw.c.identifier
HOLDS_COPIES = and_(_name >= COPIES_OF, _name < COPIES_OF[:-1] + chr(ord(COPIES_OF[-1]) + 1))
"""Whether a row holds the copies of another record, out of a table; a range, so that an index finds them."""

# Indexes of their own, so that a store of schema 2 gets them after the columns.
_LEAVING, _REMOVED = raw.c.leaving.is_not(None), raw.c.removal.is_not(None)
Index("raw_leaving", raw.c.library, sqlite_where=_LEAVING, postgresql_where=_LEAVING)
Index("raw_removal", raw.c.removal, sqlite_where=_REMOVED, postgresql_where=_REMOVED)

run = Table(
    "run",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("library", String(32), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("status", String(16), nullable=False),  # running, else RunOutcome.status
    Column("source", Text, nullable=False),  # where it is harvested from: another source never continues this run
    Column("since", Text, nullable=False),  # the watermark it started from; "" when everything was asked for
    Column("owner", String(36), nullable=False),  # the process that may write for it
    Column("started_at", Instant, nullable=False),
    Column("finished_at", Instant),
    Column("seconds", Float, nullable=False, default=0.0),
    Column("seen", BigInteger, nullable=False, default=0),
    Column("new", BigInteger, nullable=False, default=0),
    Column("changed", BigInteger, nullable=False, default=0),
    Column("unchanged", BigInteger, nullable=False, default=0),
    Column("deleted", BigInteger, nullable=False, default=0),
    Column("unreadable", BigInteger, nullable=False, default=0),
    Column("vanished", BigInteger, nullable=False, default=0),
    Column("repairs", BigInteger, nullable=False, default=0),
    Column("error", Text, nullable=False, default=""),
    Column("epoch", BigInteger, nullable=False, server_default="1"),
    Column("held", BigInteger, nullable=False, server_default="0"),  # deletions that wait for a person
    Column("reused", BigInteger, nullable=False, server_default="0"),  # identifiers given to quite another record
    Column("cause", String(24)),  # RunOutcome.cause
    Column("copies", BigInteger, nullable=False, server_default="0"),  # RunOutcome.copies
    Column("waiting", BigInteger, nullable=False, server_default="0"),  # RunOutcome.waiting
    Column("come_back_at", Instant),
    Index("run_library", "library", "id"),
    sqlite_autoincrement=True,  # a run's number is a generation: it must not come again
)

checkpoint = Table(
    "checkpoint",
    metadata,
    Column("run", BigId, ForeignKey("run.id"), primary_key=True, autoincrement=False),
    Column("token", Text, nullable=False),
    Column("pages", Integer, nullable=False),
    Column("listed", BigInteger, nullable=False),
    Column("next_cursor", BigInteger),
    Column("expected", BigInteger),
    Column("suspect", Boolean, nullable=False),
    Column("nameless", BigInteger, nullable=False),
    Column("server_time", Instant),
    Column("plan", Text, nullable=False, server_default=""),  # the protocol's own: windows done and to come, …
    Column("requested_at", Instant),  # the next page was asked for; a token may be used up by that
)

watermark = Table(
    "watermark",
    metadata,
    Column("library", String(32), primary_key=True),
    Column("source", Text, nullable=False),
    Column("value", Text, nullable=False),
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("library", String(48), primary_key=True),  # as in raw
    Column("identifier", Text, primary_key=True),
    Column("stage", String(16), primary_key=True),
    Column("field", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("payload", LargeBinary, nullable=False),  # zstandard; what could not be read, when the raw table has it not
    Column("generation", BigInteger),  # the run that put it there; absent when reading did
)

trait = Table(
    "trait",
    metadata,
    Column("library", String(32), primary_key=True),
    Column("source", Text, primary_key=True),
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False),  # JSON
    Column("learnt_at", Instant, nullable=False),
)

file_ledger = Table(
    "file_ledger",
    metadata,
    Column("library", String(32), primary_key=True),
    Column("name", Text, primary_key=True),  # path or URL
    Column("size", BigInteger, nullable=False),
    Column("modified", Text, nullable=False),
    Column("etag", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("run", BigInteger, nullable=False),  # the last that wrote this line
    Column("reason", Text, nullable=False, server_default=""),  # FileEntry.reason
)

absence = Table(
    "absence",
    metadata,
    Column("library", String(32), primary_key=True),
    Column("identifier", Text, primary_key=True),
    Column("run", BigInteger, nullable=False),  # the last full list without it: void once a later run sees it
    Column("since", Instant, nullable=False),
)

hold = Table(
    "hold",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("library", String(32), nullable=False),
    Column("run", BigInteger, nullable=False),
    Column("kind", String(16), nullable=False),  # Hold.kind
    Column("records", BigInteger, nullable=False),  # that would go
    Column("live", BigInteger, nullable=False),  # records there were
    Column("reason", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("state", String(16), nullable=False),  # waiting, accepted, withdrawn
    Column("watermark", Text, nullable=False, server_default=""),  # to go on from once it is accepted; "" moves none
    Index("hold_library", "library", "state"),
    sqlite_autoincrement=True,
)

removal = Table(
    "removal",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("library", String(32), nullable=False),
    Column("run", BigInteger, nullable=False),  # the generation that the removed were absent from
    Column("reason", String(16), nullable=False),  # Removal.reason
    Column("accepted", Boolean, nullable=False),  # by a person
    Column("records", BigInteger, nullable=False),
    Column("at", Instant, nullable=False),
    Column("undone_at", Instant),
    Index("removal_library", "library", "id"),
    sqlite_autoincrement=True,
)

lease = Table(
    "lease",
    metadata,
    Column("name", String(64), primary_key=True),  # a library's code, or another task only one process may do
    Column("owner", String(128), nullable=False),  # "" when it was given back
    Column("process", Text, nullable=False),  # host and process, so that one that died is known
    Column("fence", BigInteger, nullable=False),  # rises with every taking
    Column("expires_at", Instant, nullable=False),
)

epoch = Table(
    "epoch",
    metadata,
    Column("library", String(32), primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("source", Text, nullable=False),
    Column("state", String(16), nullable=False),  # collecting, live, former, dropped
    Column("reason", Text, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("settled_at", Instant),
)

missing = Table(  # listed by a sweep and not here: unless they come by themselves, everything is asked for again
    "missing",
    metadata,
    Column("library", String(32), primary_key=True),
    Column("identifier", Text, primary_key=True),
    Column("run", BigInteger, nullable=False),
)

number = Table(  # control numbers, while an epoch's records are matched with those before
    "number",
    metadata,
    Column("library", String(32), primary_key=True),
    Column("side", String(3), primary_key=True),  # old, new; off: new ones under identifiers of quite other records
    Column("value", Text, primary_key=True),
    Column("identifier", Text, nullable=False),
    Column("times", Integer, nullable=False),  # records it is a number of: it names one only when this is 1
)

alias = Table(  # what the source calls a record since its identifiers changed → what it is called here
    "alias",
    metadata,
    Column("library", String(32), primary_key=True),
    Column("identifier", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Index("alias_name", "library", "name"),
)

version = Table(  # what a record was before its identifier was given to quite another one
    "version",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("library", String(32), nullable=False),
    Column("identifier", Text, nullable=False),
    Column("format", String(16), nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("datestamp", String(64), nullable=False),
    Column("run", BigInteger, nullable=False),
    Column("replaced_at", Instant, nullable=False),
    Index("version_ref", "library", "identifier"),
)

counter = Table(
    "counter",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("value", BigInteger, nullable=False),
)


def open_engine(url: str) -> Engine:
    """The engine for a database URL, its tables made when they are absent.

    Raises: StoreUnusable when the URL, the driver or the database cannot be used, or another version made it.
    """
    engine = engine_of(url)
    try:
        with engine.connect().execution_options(**{WRITING: True}) as connection, connection.begin():
            schema.bring_up_to_date(connection, metadata, counter)
    except DatabaseError as exc:
        raise StoreUnusable(f"{engine.url.render_as_string(hide_password=True)}: {exc.orig}") from exc
    return engine


def engine_of(url: str | URL) -> Engine:
    """The engine for the URL of a database whose tables are there: a second process of one program need not look.

    Raises: StoreUnusable when the URL or the driver cannot be used.
    """
    try:
        engine = create_engine(url)
    except (ArgumentError, NoSuchModuleError, ImportError) as exc:
        raise StoreUnusable(f"no database can be opened with this URL: {exc}") from exc
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine)
    return engine


def _prepare_sqlite(engine: Engine) -> None:
    database = engine.url.database
    if not database or database == ":memory:" or database.startswith("file:"):
        # Every thread would see a database of its own.
        raise StoreUnusable("the raw store is shared between threads: give a file, sqlite:///path/catalogue.sqlite3")
    Path(database).parent.mkdir(parents=True, exist_ok=True)

    @event.listens_for(engine, "connect")
    def _on_connect(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # the driver would begin transactions only at the first write
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_SECONDS * 1000}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = NORMAL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        # A transaction that reads first and writes later fails at once, whatever the time-out, when another wrote
        # between; so whoever will write takes the lock at the start.
        writing = connection.get_execution_options().get(WRITING, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

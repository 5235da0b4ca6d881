"""The tables of reports: what was sent, and what came of each line. Made when they are first opened."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Float, Index, Integer, LargeBinary, MetaData, String, Table, Text, inspect

from harvester.store import Store
from harvester.tables import Instant

metadata = MetaData()

reports = Table(
    "overlap_reports",
    metadata,
    Column("id", String(24), primary_key=True),
    Column("name", Text, nullable=False),
    Column("source", Text, nullable=False),  # the file's name, "" when the list was pasted or sent without
    Column("made_by", String(64), nullable=False),  # an account of the staff
    Column("library", String(32), nullable=False),  # theirs, "" for the consortium's
    Column("made_at", Instant, nullable=False),
    Column("state", String(10), nullable=False),  # waiting, reading, checking, done, refused
    Column("options", Text, nullable=False),  # JSON of listing.Options
    Column("read", Text, nullable=False),  # JSON of reports.Read: how the list was understood
    Column("lines", Integer, nullable=True),  # NULL: not read yet
    Column("checked", Integer, nullable=False),
    Column("why", String(32), nullable=False),  # it was refused
    Column("message", Text, nullable=False),
    Column("finished_at", Instant, nullable=True),
    Column("seconds", Float, nullable=False),
    Column("kept_until", Instant, nullable=False),
    Column("catalogue", Text, nullable=False),  # engine.state() when it was finished
    Column("payload", LargeBinary, nullable=False),  # zstandard of what was sent
    Index("overlap_reports_made", "library", "made_at"),
    Index("overlap_reports_state", "state"),
)

lines = Table(
    "overlap_lines",
    metadata,
    Column("report", String(24), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("told", LargeBinary, nullable=False),  # JSON of found.Checked; until it is checked with its bucket unset
    Column("record", LargeBinary, nullable=True),  # indexer.codec: of a line of MARC, until it is checked
    Column("bucket", String(20), nullable=False),  # "": not checked yet
    Column("same", Text, nullable=False),  # codes of libraries, separated by blanks
    Column("any", Text, nullable=False),
    Column("own", Text, nullable=False),  # code=copies
    Column("price", BigInteger, nullable=True),  # hundredths
    Column("currency", String(3), nullable=False),
    Column("copies", Integer, nullable=True),
    Column("repeats", Integer, nullable=True),
    Column("remarks", Text, nullable=False),
    Column("words", Text, nullable=False),
    sqlite_with_rowid=False,
)


def make(store: Store) -> None:
    """Makes the tables that are absent. Raises: StoreUnusable."""
    with store.reading() as connection:
        there = set(inspect(connection).get_table_names())
    if not there >= metadata.tables.keys():
        with store.writing() as connection:
            metadata.create_all(connection)

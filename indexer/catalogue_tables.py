"""The catalogue's tables: parsed records, match keys, edges, membership and editions, beside the raw store's.

SQLAlchemy Core, the same on SQLite and PostgreSQL. Records are numbered inside the catalogue; the numbers mean nothing
outside it and nothing depends on their order.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    inspect,
)

from harvester.tables import Instant

metadata = MetaData()

RowNumber = BigInteger().with_variant(Integer, "sqlite")
"""SQLite gives numbers of its own accord only to a column declared INTEGER."""

records = Table(
    "catalogue_records",
    metadata,
    Column("number", RowNumber, primary_key=True, autoincrement=True),
    Column("library", String(64), nullable=False),
    Column("identifier", Text, nullable=False),
    Column("payload", LargeBinary, nullable=True),  # indexer.codec; NULL: the record was deleted
    Column("edition", String(16), nullable=True),  # kept after deletion, so that a returning record finds its id again
    UniqueConstraint("library", "identifier", name="catalogue_records_ref"),
    Index("catalogue_records_edition", "edition"),
)

holdings = Table(
    "catalogue_holdings",
    metadata,
    Column("library", String(64), primary_key=True),
    Column("identifier", Text, primary_key=True),
    Column("belongs_to", Text, nullable=False),  # local id of the record these are the copies of
    Column("payload", LargeBinary, nullable=False),  # indexer.codec
    Index("catalogue_holdings_owner", "library", "belongs_to"),
)
"""Holdings records of their own, whether or not the record they belong to is there."""

local_ids = Table(
    "catalogue_local_ids",
    metadata,
    Column("key", BigInteger, primary_key=True, autoincrement=False),  # 64 bits of the hash of library and local id
    Column("record", BigInteger, primary_key=True, autoincrement=False),
    Index("catalogue_local_ids_record", "record"),
    sqlite_with_rowid=False,
)

authorities = Table(
    "catalogue_authorities",
    metadata,
    Column("number", RowNumber, primary_key=True, autoincrement=True),
    Column("library", String(64), nullable=False),
    Column("identifier", Text, nullable=False),
    Column("payload", LargeBinary, nullable=False),  # indexer.authorities
    UniqueConstraint("library", "identifier", name="catalogue_authorities_ref"),
)

authority_keys = Table(
    "catalogue_authority_keys",
    metadata,
    Column("key", BigInteger, primary_key=True, autoincrement=False),  # 64 bits of the hash of a number or heading
    Column("authority", BigInteger, primary_key=True, autoincrement=False),
    Index("catalogue_authority_keys_authority", "authority"),
    sqlite_with_rowid=False,
)

named = Table(
    "catalogue_named",
    metadata,
    Column("key", BigInteger, primary_key=True, autoincrement=False),  # as in authority_keys
    Column("record", BigInteger, primary_key=True, autoincrement=False),
    Index("catalogue_named_record", "record"),
    sqlite_with_rowid=False,
)
"""The authorities that records name, whether or not they are there."""

keys = Table(
    "catalogue_keys",
    metadata,
    Column("key", BigInteger, primary_key=True, autoincrement=False),  # 64 bits of the match key's hash
    Column("record", BigInteger, primary_key=True, autoincrement=False),
    Column("place", BigInteger, nullable=False),  # where the record stands in a block too big to compare as a whole
    Index("catalogue_keys_record", "record"),
    sqlite_with_rowid=False,
)

edges = Table(
    "catalogue_edges",
    metadata,
    Column("a", BigInteger, primary_key=True, autoincrement=False),  # a < b
    Column("b", BigInteger, primary_key=True, autoincrement=False),
    Column("score", Integer, nullable=False),  # hundredths
    Column("reasons", Text, nullable=False),  # statements, separated by blanks
    Column("model", String(16), nullable=False),
    Column("judged_at", BigInteger, nullable=True),  # seconds of Unix time; NULL: an earlier version did not note it
    Index("catalogue_edges_b", "b"),
    sqlite_with_rowid=False,
)
"""Pairs judged the same. What else was compared is judged again whenever somebody asks: the rules are pure."""

editions = Table(
    "catalogue_editions",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("founded", BigInteger, nullable=False),  # rising: which of two editions is the older
    Column("status", String(8), nullable=False),  # live | moved | gone
    Column("target", String(16), nullable=True),  # moved: the edition that answers for it, never itself moved
    Column("split_from", String(16), nullable=True),
    Index("catalogue_editions_target", "target"),
)

# An index of its own, so that catalogues made by earlier versions get it.
NEWEST = Index("catalogue_editions_newest", editions.c.founded, editions.c.id)

work_keys = Table(
    "catalogue_work_keys",
    metadata,
    Column("key", BigInteger, primary_key=True, autoincrement=False),  # 64 bits of the work key's hash
    Column("record", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", Integer, nullable=False),  # indexer.work_rows: OWN, TOLD or WHOLE
    Index("catalogue_work_keys_record", "record"),
    sqlite_with_rowid=False,
)

works = Table(
    "catalogue_works",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("founded", BigInteger, nullable=False),
    Column("status", String(8), nullable=False),  # as of editions
    Column("target", String(16), nullable=True),
    Column("split_from", String(16), nullable=True),
    Index("catalogue_works_target", "target"),
)
"""Only what has, or had, two editions: of any other edition its own id says enough."""

work_editions = Table(
    "catalogue_work_editions",
    metadata,
    Column("edition", String(16), primary_key=True),
    Column("work", String(16), nullable=False),
    Index("catalogue_work_editions_work", "work"),
)

rulings = Table(
    "catalogue_rulings",
    metadata,
    Column("number", RowNumber, primary_key=True, autoincrement=True),
    Column("a", BigInteger, nullable=False),  # records by number, a < b; the rows of deleted ones stay
    Column("b", BigInteger, nullable=False),
    Column("verdict", String(9), nullable=False),  # same | different
    Column("because", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("withdrawn_because", Text, nullable=True),
    Column("withdrawn_by", Text, nullable=True),
    Column("withdrawn_at", Instant, nullable=True),  # NULL: it holds
    Index("catalogue_rulings_a", "a"),
    Index("catalogue_rulings_b", "b"),
)
"""What people judged. With the ids it is all that cannot be made again, so it outlives every rebuild."""

Heading = Text().with_variant(Text(collation="C"), "postgresql")
"""Sorted by code, as Python sorts: a list's cursor stands between two headings."""

lists = Table(
    "catalogue_lists",
    metadata,
    Column("list", String(16), primary_key=True),  # of call numbers the scheme's
    Column("place", LargeBinary, primary_key=True),  # indexer.sort_keys, indexer.shelf_order
    Column("heading", Heading, primary_key=True),
    Column("see", Heading, primary_key=True),  # the heading this one refers to, "" when it is one itself
    sqlite_with_rowid=False,
)
"""Every heading of any edition the engine was given, and some whose editions have left since the last rebuild."""

lists_made = Table(
    "catalogue_lists_made",
    metadata,
    Column("list", String(16), nullable=False),
    Column("place", LargeBinary, nullable=False),
    Column("heading", Heading, nullable=False),
    Column("see", Heading, nullable=False),
)
"""The same while a new index is filled: in the order they come, most of them many times."""

list_references = Table(
    "catalogue_list_references",
    metadata,
    Column("list", String(16), primary_key=True),
    Column("place", LargeBinary, primary_key=True),
    Column("heading", Heading, primary_key=True),
    Column("see", Heading, primary_key=True),
    Column("authority", BigInteger, primary_key=True, autoincrement=False),
    Index("catalogue_list_references_authority", "authority"),
    sqlite_with_rowid=False,
)
"""The other names that authority records give, each with the authority that gives it."""

pending = Table(
    "catalogue_pending",
    metadata,
    Column("edition", String(16), primary_key=True),
    Column("stamp", BigInteger, nullable=False),  # of the change the engine has not been given yet
)

since_rebuild = Table(
    "catalogue_since_rebuild",
    metadata,
    Column("edition", String(16), primary_key=True),
)
"""Editions that the index which the last rebuild replaced has not been given: what it lacks when it is gone back to."""

state = Table(
    "catalogue_state",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("value", Text, nullable=False),
)
"""cursor: the last raw seq that was read · stamp: the last change · codec, model, work_rules: by what version it was
made · works: the stamp up to which works follow editions · lists: the version of the lists · engine: which index
is kept up to date · before: the same, while there is one that its last rebuild replaced."""

ADDED: Mapping[Table, tuple[str, ...]] = {edges: ("judged_at",)}
"""Columns that catalogues made by earlier versions lack; all may be NULL."""


def make_tables(connection: Connection) -> None:
    """Makes the tables and columns that are absent."""
    metadata.create_all(connection)
    for table, columns in ADDED.items():
        held = {column["name"] for column in inspect(connection).get_columns(table.name)}
        for name in columns:
            if name not in held:
                kind = table.c[name].type.compile(connection.dialect)
                connection.exec_driver_sql(f"ALTER TABLE {table.name} ADD COLUMN {name} {kind}")
    NEWEST.create(connection, checkfirst=True)

"""Which schema a raw store has, and how one made by an earlier version becomes one of today.

Only additions, all in one transaction: a store is of the schema before or of the one after, and no record is copied.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, MetaData, Table, inspect, select, update

from harvester.errors import StoreUnusable

SCHEMA_VERSION = 7

# schema found → statements, ALTER TABLE name …, that lead to the next; absent tables and indexes are made besides
STEPS: Mapping[int, tuple[str, ...]] = {
    2: (
        "ALTER TABLE raw ADD COLUMN leaving BIGINT",
        "ALTER TABLE raw ADD COLUMN removal BIGINT",
        "ALTER TABLE raw ADD COLUMN first_run BIGINT",
        "ALTER TABLE run ADD COLUMN epoch BIGINT DEFAULT '1' NOT NULL",
        "ALTER TABLE run ADD COLUMN held BIGINT DEFAULT '0' NOT NULL",
        "ALTER TABLE run ADD COLUMN reused BIGINT DEFAULT '0' NOT NULL",
        "ALTER TABLE checkpoint ADD COLUMN plan TEXT DEFAULT '' NOT NULL",
        "ALTER TABLE checkpoint ADD COLUMN requested_at VARCHAR(32)",
    ),
    3: (
        "ALTER TABLE run ADD COLUMN cause VARCHAR(24)",
        "ALTER TABLE run ADD COLUMN come_back_at VARCHAR(32)",
    ),
    4: (
        "ALTER TABLE file_ledger ADD COLUMN reason TEXT DEFAULT '' NOT NULL",
        "ALTER TABLE hold ADD COLUMN watermark TEXT DEFAULT '' NOT NULL",
    ),
    5: ("ALTER TABLE run ADD COLUMN copies BIGINT DEFAULT '0' NOT NULL",),
    6: ("ALTER TABLE run ADD COLUMN waiting BIGINT DEFAULT '0' NOT NULL",),
}

POSTGRES_STEPS: Mapping[int, tuple[str, ...]] = {
    2: (
        "ALTER TABLE raw ALTER COLUMN library TYPE VARCHAR(48)",
        "ALTER TABLE quarantine ALTER COLUMN library TYPE VARCHAR(48)",
    )
}
"""What only PostgreSQL needs besides: SQLite does not heed the length of a text."""


def bring_up_to_date(connection: Connection, metadata: MetaData, counter: Table) -> None:
    """Makes what is absent and leads an earlier schema to this one, within the transaction of the connection.

    Raises: StoreUnusable when the store was made by a version that this program does not know.
    """
    found = _found(connection, counter)
    known = SCHEMA_VERSION if found is None else found
    if known != SCHEMA_VERSION and known not in STEPS:
        raise StoreUnusable(f"the raw store has schema {known}, this program knows {SCHEMA_VERSION}")
    to_come = metadata.tables.keys() - set(inspect(connection).get_table_names())
    while known < SCHEMA_VERSION:
        besides = POSTGRES_STEPS.get(known, ()) if connection.dialect.name == "postgresql" else ()
        for statement in (*STEPS[known], *besides):
            if statement.split()[2] not in to_come:  # a table that is made below has its columns from the start
                connection.exec_driver_sql(statement)
        known += 1
    metadata.create_all(connection)
    if found is None:
        rows = {"schema": SCHEMA_VERSION, "seq": 0, "unheard": 0}
        connection.execute(counter.insert(), [{"name": name, "value": value} for name, value in rows.items()])
    elif found != SCHEMA_VERSION:
        for table in metadata.tables.values():  # create_all passes over the tables there are, their new indexes too
            for index in table.indexes:
                index.create(connection, checkfirst=True)
        connection.execute(update(counter).where(counter.c.name == "schema").values(value=SCHEMA_VERSION))
        if found < 3:
            connection.execute(counter.insert().values(name="unheard", value=0))


def _found(connection: Connection, counter: Table) -> int | None:
    if not inspect(connection).has_table(counter.name):
        return None
    return connection.execute(select(counter.c.value).where(counter.c.name == "schema")).scalar_one_or_none()

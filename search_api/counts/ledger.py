"""The counts in the store's database: they outlast the program, and several processes add to the same rows.

Nothing personal is kept: no address, no session, no time but the day, and no words of a search before they were asked
for on several days.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

from sqlalchemy import BigInteger, Column, Connection, MetaData, String, Table, delete, func, select
from sqlalchemy.exc import IntegrityError

from harvester.store import Store
from search_api.counts.tally import Tally, What
from search_api.counts.wishes import MOST_CHARACTERS, key_of
from search_api.own_tables import add_to_row, make_absent

KEPT_DAYS = 366 * 5 + 31
MIN_DAYS = 3
MIN_TIMES = 5
"""A wish is told when it was asked for on so many days, and so often, within ``WATCHED_DAYS``."""
WATCHED_DAYS = 30
"""A wish that nobody shares is forgotten after so many days."""
MOST_TOLD = 200

metadata = MetaData()

counts = Table(
    "count_days",
    metadata,
    Column("day", String(10), primary_key=True),  # ISO 8601
    Column("what", String(12), primary_key=True),
    Column("library", String(32), primary_key=True),  # "" for all of them
    Column("times", BigInteger, nullable=False),
)
wishes = Table(
    "count_wishes",
    metadata,
    Column("key", String(32), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("times", BigInteger, nullable=False),
)
told = Table(
    "count_told",
    metadata,
    Column("key", String(32), primary_key=True),
    Column("words", String(MOST_CHARACTERS), nullable=False),
)
keys = Table(
    "count_secret",
    metadata,
    Column("name", String(8), primary_key=True),
    Column("value", String(64), nullable=False),
)


@dataclass(frozen=True, slots=True)
class Wish:
    """Something many asked for that is not there."""

    words: str
    times: int
    days: int
    last: date


class Ledger:
    """The kept counts. ``secret`` is one for all processes on the database, made with it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        make_absent(store, metadata)
        self.secret = _secret(store)

    def add(self, tally: Tally) -> None:
        """Adds what was counted since the last time, in one transaction.

        Raises: StoreUnusable; then nothing was added.
        """
        today = self._store.now().date()
        watched = (today - timedelta(days=WATCHED_DAYS)).isoformat()
        with self._store.writing() as connection:
            for (day, what, library), times in tally.times.items():
                key = {"day": day.isoformat(), "what": what, "library": library}
                add_to_row(connection, counts, key, added={"times": times})
            for (day, words), times in tally.wishes.items():
                wish = key_of(words, self.secret)
                add_to_row(connection, wishes, {"key": wish, "day": day.isoformat()}, added={"times": times})
                if _is_shared(connection, wish, watched):
                    add_to_row(connection, told, {"key": wish}, added={}, replaced={"words": words})
            ends = (today - timedelta(days=KEPT_DAYS)).isoformat()
            connection.execute(delete(counts).where(counts.c.day < ends))
            connection.execute(delete(wishes).where(wishes.c.day < ends))
            connection.execute(delete(wishes).where(wishes.c.day < watched, wishes.c.key.not_in(select(told.c.key))))
            connection.execute(delete(told).where(told.c.key.not_in(select(wishes.c.key))))

    def months(self, since: date) -> dict[str, dict[str, dict[What, int]]]:
        """Month (2026-11) → library ("" for all) → what → times, from the month of a day on."""
        month = func.substr(counts.c.day, 1, 7).label("month")
        total = func.sum(counts.c.times).label("total")
        query = select(month, counts.c.library, counts.c.what, total).where(counts.c.day >= f"{since:%Y-%m}-01")
        found: dict[str, dict[str, dict[What, int]]] = {}
        with self._store.reading() as connection:
            for row in connection.execute(query.group_by(month, counts.c.library, counts.c.what).order_by(month)):
                found.setdefault(row.month, {}).setdefault(row.library, {})[cast(What, row.what)] = int(row.total)
        return found

    def days(self, since: date) -> dict[date, Mapping[What, int]]:
        """Day → what → times, of all libraries together; days without any are left out."""
        query = select(counts).where(counts.c.day >= since.isoformat(), counts.c.library == "").order_by(counts.c.day)
        found: dict[date, dict[What, int]] = {}
        with self._store.reading() as connection:
            for row in connection.execute(query):
                found.setdefault(date.fromisoformat(row.day), {})[cast(What, row.what)] = row.times
        return dict(found)

    def wishes(self, since: date, until: date) -> tuple[Wish, ...]:
        """What many asked for from one day to another and did not find; the most frequent first."""
        times, on, last = func.sum(wishes.c.times), func.count(), func.max(wishes.c.day)
        query = (
            select(told.c.words, times.label("times"), on.label("days"), last.label("last"))
            .join(wishes, wishes.c.key == told.c.key)
            .where(wishes.c.day >= since.isoformat(), wishes.c.day <= until.isoformat())
            .group_by(told.c.key, told.c.words)
            .order_by(times.desc(), told.c.words)
            .limit(MOST_TOLD)
        )
        with self._store.reading() as connection:
            rows = connection.execute(query).all()
        return tuple(Wish(row.words, int(row.times), row.days, date.fromisoformat(row.last)) for row in rows)


def _is_shared(connection: Connection, key: str, since: str) -> bool:
    """Whether a wish was asked for on days and times enough to be nobody's own."""
    query = select(func.count(), func.sum(wishes.c.times)).where(wishes.c.key == key, wishes.c.day >= since)
    days, times = connection.execute(query).one()
    return bool(days >= MIN_DAYS and times >= MIN_TIMES)


def _secret(store: Store) -> bytes:
    query = select(keys.c.value).where(keys.c.name == "counts")
    with store.reading() as connection:
        value = connection.execute(query).scalar_one_or_none()
    if value is None:
        try:
            with store.writing() as connection:
                connection.execute(keys.insert().values(name="counts", value=secrets.token_hex(32)))
        except IntegrityError:  # another process made it in this moment, and has been told
            pass
        with store.reading() as connection:
            value = connection.execute(query).scalar_one()
    return bytes.fromhex(value)

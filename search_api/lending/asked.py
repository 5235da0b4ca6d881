"""How often each desk sent requests to each library, by day: for the order of asking, and for statistics.

Libraries and days are counted, never who asked or what for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import BigInteger, Column, MetaData, String, Table, delete, func, insert, select

from harvester.store import Store
from mappings.lending import Service
from search_api.lending.lenders import RECENT_DAYS
from search_api.own_tables import add_to_row, make_absent

KEPT_DAYS = 1_100
"""Three years: what yearly reports compare."""

metadata = MetaData()

requests = Table(
    "lending_requests",
    metadata,
    Column("day", String(10), primary_key=True),  # ISO 8601
    Column("borrower", String(32), primary_key=True),
    Column("lender", String(32), primary_key=True),
    Column("service", String(4), primary_key=True),
    Column("times", BigInteger, nullable=False),
)

counted = Table(
    "lending_requests_counted",
    metadata,
    Column("number", String(64), primary_key=True),
    Column("lender", String(32), primary_key=True),
    Column("day", String(10), nullable=False),  # ISO 8601
)
"""Numbers of requests that are counted, so that a second press counts nothing; kept as long as they count as late."""


@dataclass(frozen=True, slots=True)
class Month:
    """Requests of one library to another in a month."""

    month: str  # 2026-11
    borrower: str
    lender: str
    service: Service
    times: int


class Requests:
    """The counts, in the store's database."""

    def __init__(self, store: Store) -> None:
        """Raises: StoreUnusable."""
        self._store = store
        make_absent(store, metadata)

    def add(self, borrower: str, sent: Mapping[tuple[str, Service], int], day: date, *, number: str = "") -> bool:
        """Counts requests that one library sent on a day: lender and service → how many; in one transaction.

        False, and nothing counted, where a request of this number was counted for one of these lenders before.

        Raises: StoreUnusable; then none was counted.
        """
        with self._store.writing() as connection:
            if number:
                lenders = {lender for lender, _ in sent}
                same = select(counted.c.lender).where(counted.c.number == number, counted.c.lender.in_(lenders))
                if connection.execute(same).first() is not None:
                    return False
                rows = [{"number": number, "lender": lender, "day": day.isoformat()} for lender in sorted(lenders)]
                connection.execute(insert(counted), rows)
                late = (day - timedelta(days=RECENT_DAYS)).isoformat()
                connection.execute(delete(counted).where(counted.c.day < late))
            for (lender, service), times in sent.items():
                key = {"day": day.isoformat(), "borrower": borrower, "lender": lender, "service": service}
                add_to_row(connection, requests, key, added={"times": times})
            ends = (day - timedelta(days=KEPT_DAYS)).isoformat()
            connection.execute(delete(requests).where(requests.c.day < ends))
        return True

    def of_late(self, borrower: str, today: date) -> dict[str, int]:
        """Lender → the borrower's requests of the last thirty days; lenders without any are absent."""
        since = (today - timedelta(days=RECENT_DAYS)).isoformat()
        query = (
            select(requests.c.lender, func.sum(requests.c.times))
            .where(requests.c.borrower == borrower, requests.c.day > since)
            .group_by(requests.c.lender)
        )
        with self._store.reading() as connection:
            return {lender: int(times) for lender, times in connection.execute(query)}

    def months(self) -> tuple[Month, ...]:
        """All that is kept, the latest month first, then by the libraries' codes."""
        month = func.substr(requests.c.day, 1, 7)
        query = (
            select(month, requests.c.borrower, requests.c.lender, requests.c.service, func.sum(requests.c.times))
            .group_by(month, requests.c.borrower, requests.c.lender, requests.c.service)
            .order_by(month.desc(), requests.c.borrower, requests.c.lender, requests.c.service)
        )
        with self._store.reading() as connection:
            return tuple(Month(*row[:4], times=int(row[4])) for row in connection.execute(query))

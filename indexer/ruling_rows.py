"""What people judged of two records, as the catalogue keeps it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, Select, insert, select, update

from indexer import catalogue_tables as tables
from indexer.blocks import Pair
from indexer.catalogue_rows import chunks
from indexer.record import RecordRef

RulingVerdict = Literal["same", "different"]


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Who took a ruling back, when and why."""

    because: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Ruling:
    """A person's judgement of two records, ``a`` before ``b``. It holds until it is withdrawn, and is kept then too."""

    number: int
    a: RecordRef
    b: RecordRef
    verdict: RulingVerdict
    because: str
    by: str
    at: datetime
    withdrawn: Withdrawal | None = None


@dataclass(frozen=True, slots=True)
class RuledPairs:
    """Rulings that hold, as pairs of records' numbers."""

    same: frozenset[Pair] = frozenset()
    different: frozenset[Pair] = frozenset()

    @property
    def numbers(self) -> frozenset[int]:
        """The records they are about, deleted ones too."""
        return frozenset(number for pair in self.same | self.different for number in pair)

    @property
    def joined(self) -> frozenset[int]:
        """Those that were judged the same as another."""
        return frozenset(number for pair in self.same for number in pair)

    def __or__(self, other: RuledPairs) -> RuledPairs:
        return RuledPairs(self.same | other.same, self.different | other.different)


def ruled_at(connection: Connection, numbers: Iterable[int]) -> RuledPairs:
    """The rulings that hold about these records."""
    table = tables.rulings
    if connection.execute(select(table.c.number).limit(1)).first() is None:
        return RuledPairs()  # most catalogues, most of the time
    found: dict[str, set[Pair]] = {"same": set(), "different": set()}
    query = select(table.c.a, table.c.b, table.c.verdict).where(table.c.withdrawn_at.is_(None))
    wanted = list(numbers)
    for column in (table.c.a, table.c.b):
        for chunk in chunks(wanted):
            for a, b, verdict in connection.execute(query.where(column.in_(chunk))):
                found[verdict].add((a, b))
    return RuledPairs(frozenset(found["same"]), frozenset(found["different"]))


def store_ruling(
    connection: Connection, pair: Pair, verdict: RulingVerdict, *, because: str, by: str, at: datetime
) -> int:
    """Writes a ruling; its number."""
    a, b = sorted(pair)
    values = {"a": a, "b": b, "verdict": verdict, "because": because, "by": by, "at": at}
    [number] = connection.execute(insert(tables.rulings).values(values)).inserted_primary_key or [0]
    return int(number)


def withdraw_ruling(connection: Connection, number: int, withdrawal: Withdrawal) -> None:
    """Notes that a ruling holds no longer."""
    table = tables.rulings
    connection.execute(
        update(table)
        .where(table.c.number == number)
        .values(withdrawn_because=withdrawal.because, withdrawn_by=withdrawal.by, withdrawn_at=withdrawal.at)
    )


def rulings(connection: Connection) -> list[Ruling]:
    """All rulings with the names of their records, oldest first, withdrawn ones too."""
    table = tables.rulings
    one, other = tables.records.alias(), tables.records.alias()
    query: Select[Any] = (
        select(
            table,
            one.c.library.label("library_a"),
            one.c.identifier.label("identifier_a"),
            other.c.library.label("library_b"),
            other.c.identifier.label("identifier_b"),
        )
        .join(one, one.c.number == table.c.a)
        .join(other, other.c.number == table.c.b)
        .order_by(table.c.number)
    )
    return [_ruling(row) for row in connection.execute(query)]


def _ruling(row: Row[Any]) -> Ruling:
    names = RecordRef(row.library_a, row.identifier_a), RecordRef(row.library_b, row.identifier_b)
    withdrawn = (
        Withdrawal(row.withdrawn_because, row.withdrawn_by, row.withdrawn_at) if row.withdrawn_at is not None else None
    )
    return Ruling(row.number, min(names), max(names), row.verdict, row.because, row.by, row.at, withdrawn)

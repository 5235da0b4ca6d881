"""The catalogue: parsed records, why they belong together, and the editions they make. Read here, written by `run`.

It lives in the same database as the raw store. Everything in it can be recomputed from the raw store, except the
editions' ids: those last.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, Table, func, select
from sqlalchemy.exc import OperationalError

from harvester.errors import StoreUnusable
from harvester.tables import WRITING
from indexer import catalogue_rows as rows
from indexer import catalogue_tables as tables
from indexer import codec
from indexer.attached import describing, with_holdings
from indexer.authorities import Variants, variants
from indexer.compare import Judgement, compare
from indexer.merge import merge
from indexer.record import Edition, Record, RecordRef
from indexer.ruling_rows import Ruling, rulings
from indexer.work_rows import editions_of, works_of


@dataclass(frozen=True, slots=True)
class Resolution:
    """What an edition id stands for today. ``moved``: the id asked for was merged away and ``id`` answers for it."""

    id: str
    moved: bool


@dataclass(frozen=True, slots=True)
class Edge:
    """A stored judgement that two records describe the same edition; ``a`` sorts before ``b``."""

    a: RecordRef
    b: RecordRef
    score: float
    reasons: tuple[str, ...]  # statements, as in `compare.Reason`
    model: str  # the rules and weights that judged: `compare.MODEL`
    judged_at: datetime | None = None  # None: by a version that did not note when


@dataclass(frozen=True, slots=True)
class CatalogueCounts:
    """How much the catalogue holds. ``pending``: editions whose change the engine has not been given yet."""

    records: int
    editions: int
    moved: int
    edges: int
    pending: int


class Catalogue:
    """The catalogue in a database. Reading is safe from several threads; one process writes at a time."""

    def __init__(self, engine: Engine, *, made: bool = False) -> None:
        """Makes the tables that are absent; none of them is looked for when they are known to be ``made``."""
        self.engine = engine
        if not made:
            with self.writing() as connection:
                tables.make_tables(connection)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that will write; all of it happens or nothing does.

        Raises: StoreUnusable when the database cannot be written: locked for too long, disk full, gone.
        """
        try:
            with self.engine.connect().execution_options(**{WRITING: True}) as connection, connection.begin():
                yield connection
        except OperationalError as exc:
            raise StoreUnusable(f"{self.engine.url.render_as_string(hide_password=True)}: {exc.orig}") from exc

    def record(self, ref: RecordRef) -> Record | None:
        """The record of this name, or None when there is none or it was deleted.

        Raises: CodecMismatch when another version wrote it.
        """
        return self.records([ref]).get(ref)

    def copies_described_by(self, ref: RecordRef) -> list[str]:
        """The identifiers of what describes a record's copies beside itself: holdings records, tables of copies."""
        record = self.record(ref)
        if record is None or not record.local_id:
            return []
        with self.engine.connect() as connection:
            return describing(connection, record)

    def records(self, refs: Iterable[RecordRef]) -> dict[RecordRef, Record]:
        """The records of these names; those it does not hold are absent. Raises: CodecMismatch."""
        with self.engine.connect() as connection:
            known = rows.records_by_ref(connection, refs)
            found = [codec.decode(row.payload) for row in known.values() if row.payload is not None]
            return {record.ref: record for record in with_holdings(connection, found)}

    def edition_of(self, ref: RecordRef) -> str | None:
        """The id of the edition a record belongs to, or None when the catalogue does not hold the record."""
        table = tables.records
        query = select(table.c.edition).where(
            table.c.library == ref.library, table.c.identifier == ref.identifier, table.c.payload.is_not(None)
        )
        with self.engine.connect() as connection:
            return connection.execute(query).scalar_one_or_none()

    def editions_of_all(self) -> dict[RecordRef, str]:
        """Every record's edition: as large as the catalogue, for measuring. Those not matched yet are absent."""
        table = tables.records
        query = select(table.c.library, table.c.identifier, table.c.edition).where(
            table.c.payload.is_not(None), table.c.edition.is_not(None)
        )
        with self.engine.connect() as connection:
            return {RecordRef(library, name): edition for library, name, edition in connection.execute(query)}

    def resolve(self, edition_id: str) -> Resolution | None:
        """What an id stands for today, redirects followed; None when it never was one or all its records left."""
        with self.engine.connect() as connection:
            return _resolved(connection, tables.editions, edition_id)

    def was_edition(self, edition_id: str) -> bool:
        """Whether an id ever named an edition, whatever became of it."""
        table = tables.editions
        with self.engine.connect() as connection:
            return connection.execute(select(table.c.id).where(table.c.id == edition_id)).first() is not None

    def resolve_work(self, work_id: str) -> Resolution | None:
        """The same for the id of a work."""
        with self.engine.connect() as connection:
            return _resolved(connection, tables.works, work_id)

    def split_from(self, edition_id: str) -> str:
        """The edition that this one's records were part of before, "" when they were of none."""
        table = tables.editions
        with self.engine.connect() as connection:
            found = connection.execute(select(table.c.split_from).where(table.c.id == edition_id)).scalar_one_or_none()
        return found or ""

    def editions_of_work(self, work_id: str) -> list[str]:
        """The ids of a work's editions, sorted; none when the work is not live."""
        with self.engine.connect() as connection:
            return sorted(editions_of(connection, [work_id]))

    def edition(self, edition_id: str) -> Edition | None:
        """The edition of this id, merged from its records; None when the id is not live (see `resolve`)."""
        return self.editions([edition_id]).get(edition_id)

    def editions(self, ids: Iterable[str]) -> dict[str, Edition]:
        """The live editions of these ids, merged from their records; others are absent. Raises: CodecMismatch."""
        table = tables.records
        members: dict[str, list[Record]] = {}
        found: list[tuple[str, Record]] = []
        with self.engine.connect() as connection:
            for chunk in rows.chunks(ids):
                query = select(table.c.edition, table.c.payload).where(
                    table.c.edition.in_(chunk), table.c.payload.is_not(None)
                )
                for edition, payload in connection.execute(query).all():
                    found.append((edition, codec.decode(payload)))
            whole = with_holdings(connection, [record for _, record in found])
            names = variants(connection, whole)
            works = works_of(connection, {edition for edition, _ in found})
        for (edition, _), record in zip(found, whole, strict=True):
            members.setdefault(edition, []).append(record)
        return {
            edition: _completed(merge(edition, records), names, works.get(edition, ""))
            for edition, records in members.items()
        }

    def members(self, edition_id: str) -> tuple[RecordRef, ...]:
        """The names of an edition's records, sorted; empty when the id is not live."""
        table = tables.records
        query = select(table.c.library, table.c.identifier).where(
            table.c.edition == edition_id, table.c.payload.is_not(None)
        )
        with self.engine.connect() as connection:
            return tuple(sorted(RecordRef(*row) for row in connection.execute(query)))

    def edges(self, refs: Iterable[RecordRef]) -> tuple[Edge, ...]:
        """The stored edges between any two of these records, strongest first."""
        with self.engine.connect() as connection:
            names = {row.number: ref for ref, row in rows.records_by_ref(connection, refs).items()}
            found = [
                _edge(row, names)
                for row in rows.full_edges_at(connection, names.keys())
                if row.a in names and row.b in names
            ]
        return tuple(sorted(found, key=lambda edge: (-edge.score, edge.a, edge.b)))

    def judgement(self, a: RecordRef, b: RecordRef) -> Judgement | None:
        """How two records compare, with every reason; None when the catalogue does not hold both."""
        found = self.records([a, b])
        return compare(found[a], found[b]) if a in found and b in found else None

    def rulings(self) -> list[Ruling]:
        """What people judged, oldest first, withdrawn ones too."""
        with self.engine.connect() as connection:
            return rulings(connection)

    def ruling(self, a: RecordRef, b: RecordRef) -> Ruling | None:
        """What a person judged of these two records and did not withdraw, None when nobody did."""
        held = (one for one in self.rulings() if one.withdrawn is None and {one.a, one.b} == {a, b})
        return next(held, None)

    def counts(self) -> CatalogueCounts:
        """How much it holds."""
        with self.engine.connect() as connection:

            def count(table: Table, *where: ColumnElement[bool]) -> int:
                return connection.execute(select(func.count()).select_from(table).where(*where)).scalar_one()

            return CatalogueCounts(
                records=count(tables.records, tables.records.c.payload.is_not(None)),
                editions=count(tables.editions, tables.editions.c.status == "live"),
                moved=count(tables.editions, tables.editions.c.status == "moved"),
                edges=count(tables.edges),
                pending=count(tables.pending),
            )


def _resolved(connection: Connection, table: Table, asked: str) -> Resolution | None:
    query = select(table.c.status, table.c.target)
    row = connection.execute(query.where(table.c.id == asked)).one_or_none()
    if row is None or row.status == "gone":
        return None
    if row.status == "live":
        return Resolution(asked, moved=False)
    target = connection.execute(query.where(table.c.id == row.target)).one_or_none()
    return Resolution(row.target, moved=True) if target is not None and target.status == "live" else None


def _completed(edition: Edition, names: Mapping[RecordRef, Variants], work: str) -> Edition:
    """The edition with its work, and with the names that authority records give its records, in the order of these."""
    found = [names[member.ref] for member in edition.members if member.ref in names]
    if not found and not work:
        return edition
    return replace(
        edition,
        work=work,
        variant_names=tuple(dict.fromkeys(name for one in found for name in one.creators)),
        variant_subjects=tuple(dict.fromkeys(name for one in found for name in one.subjects)),
    )


def _edge(row: Row[Any], names: Mapping[int, RecordRef]) -> Edge:
    a, b = sorted((names[row.a], names[row.b]))
    at = datetime.fromtimestamp(row.judged_at, UTC) if row.judged_at is not None else None
    return Edge(a, b, row.score / 100, tuple(row.reasons.split()), row.model, at)

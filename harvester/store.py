"""The raw store: every record exactly as harvested, the runs that brought it, and where to go on.

SQLAlchemy Core over SQLite or PostgreSQL, by URL. A page of records and its checkpoint are committed together;
the watermark moves only when the end of a list was proven.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import OperationalError

from harvester import epoch, lease, ledger, names, removal, reuse, run_state, stored_rows, tables, traits, upsert
from harvester.errors import HarvestFailed, StoreUnusable
from harvester.ledger import FileEntry
from harvester.raw_record import PayloadFormat, Quarantined, RawRecord, Stage, StoredRecord
from harvester.removal import Absence, AbsentRecords
from harvester.runs import Checkpoint, LibraryState, Run, RunKind, RunOutcome, RunStatus
from harvester.traits import Trait

WITHOUT_METADATA = "it came without metadata and is not marked as deleted; the version there was is kept"
NOTHING_LEARNT: Mapping[str, Trait] = {}

__all__ = [
    "Checkpoint",
    "FileEntry",
    "LibraryState",
    "PayloadFormat",
    "Quarantined",
    "RawRecord",
    "Run",
    "RunKind",
    "RunOutcome",
    "RunStatus",
    "Stage",
    "Store",
    "StoredRecord",
    "Trait",
    "utc_now",
]


def utc_now() -> datetime:
    return datetime.now(UTC)


class Store:
    """The raw store of all members; safe to use from several threads, with one writer at a time."""

    def __init__(self, engine: Engine, now: Callable[[], datetime] = utc_now) -> None:
        self.engine = engine
        self.now = now

    @classmethod
    def open(cls, url: str, now: Callable[[], datetime] = utc_now) -> Store:
        """Opens the database of a SQLAlchemy URL, making file, folder and tables when absent.

        Raises: StoreUnusable when it cannot be opened or another version made it.
        """
        return cls(tables.open_engine(url), now)

    def close(self) -> None:
        self.engine.dispose()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that will write: it waits for the write lock at its start instead of failing later.

        Raises: StoreUnusable when the database cannot be written: locked for too long, disk full, gone.
        """
        with self._connection() as connection, connection.execution_options(**{tables.WRITING: True}).begin():
            yield connection

    @contextmanager
    def _connection(self) -> Iterator[Connection]:
        try:
            with self.engine.connect() as connection:
                yield connection
        except OperationalError as exc:
            raise StoreUnusable(f"{self.engine.url.render_as_string(hide_password=True)}: {exc.orig}") from exc

    reading = _connection  # for modules that ask questions of their own

    # Records

    def changes(self, after: int, limit: int, *, upto: int | None = None) -> list[StoredRecord]:
        """Records whose last change has a number above ``after``, in rising order; deleted ones without payload."""
        with self._connection() as connection:
            return stored_rows.changes(connection, after, limit, upto)

    def last_seq(self) -> int:
        """The number of the last change, 0 when there was none."""
        with self._connection() as connection:
            return upsert.last_seq(connection)

    def raw(self, ref_library: str, identifier: str) -> StoredRecord | None:
        """One record, deleted or not; absent when it never came."""
        with self._connection() as connection:
            return stored_rows.record(connection, ref_library, identifier)

    # Quarantine

    def quarantine_record(
        self, library: str, identifier: str, reason: str, *, stage: Stage = "read", field: str = ""
    ) -> None:
        """Puts one record into quarantine, in place of what was said of it at this stage before."""
        self.quarantine_records([Quarantined(library, identifier, stage, field, reason, self.now())])

    def quarantine_records(self, records: Iterable[Quarantined]) -> None:
        """Puts many records into quarantine in one transaction; of two with the same name the last counts."""
        with self.writing() as connection:
            upsert.quarantine(connection, list(records))

    def quarantined(self, library: str) -> list[Quarantined]:
        """A library's records in quarantine, in the order of their identifiers."""
        with self._connection() as connection:
            return stored_rows.quarantined(connection, library)

    def clear_quarantine(self, library: str, identifier: str, *, stage: Stage | None = None) -> None:
        """Lets one record out of quarantine, at one stage or altogether; nothing happens when it is not there."""
        with self.writing() as connection:
            upsert.clear_quarantine(connection, library, [identifier], stage)

    def clear_quarantine_many(self, refs: Iterable[tuple[str, str]], *, stage: Stage | None = None) -> None:
        """Lets many records, each (library, identifier), out of quarantine in one transaction."""
        by_library: dict[str, list[str]] = {}
        for library, identifier in refs:
            by_library.setdefault(library, []).append(identifier)
        if by_library:
            with self.writing() as connection:
                for library, identifiers in by_library.items():
                    upsert.clear_quarantine(connection, library, identifiers, stage)

    # Runs

    def begin_run(
        self, library: str, kind: RunKind, source: str, since: str = "", of: epoch.Epoch | None = None
    ) -> Run:
        """Begins a run; one that was under way for this library ends as failed and is not gone on with.

        The run has the library's lease until it is finished; every page that is committed renews it.

        Raises: LeaseTaken when another process works on this library.
        """
        now = self.now()
        of = of or epoch.Epoch(library, 1, collecting=False)
        values = {"kind": kind, "source": source, "since": since, "epoch": of.number}
        with self.writing() as connection:
            owner = lease.take(connection, library, now).owner
            number = run_state.begin(connection, library, owner, values, now)
        return Run(number, library, kind, source, since, owner, now, now, of.number, of.shelf)

    def resume_run(
        self, library: str, source: str, *, full: bool = False, of: epoch.Epoch | None = None
    ) -> tuple[Run, Checkpoint] | None:
        """The library's interrupted run over the same source, now owned by the caller, and its checkpoint.

        ``full`` goes on with a full run only. Absent when there is nothing to go on with.

        Raises: LeaseTaken when another process works on this library.
        """
        now = self.now()
        of = of or epoch.Epoch(library, 1, collecting=False)
        with self.writing() as connection:
            row = run_state.interrupted(connection, of, source, full=full)
            if row is None:
                return None
            owner = lease.take(connection, library, now).owner
            run_state.change(connection, row.id, status="running", owner=owner, error="", finished_at=None)
        return (
            Run(row.id, library, row.kind, source, row.since, owner, row.started_at, now, of.number, of.shelf),
            Checkpoint(
                row.token,
                row.pages,
                row.listed,
                row.next_cursor,
                row.expected,
                row.suspect,
                row.nameless,
                row.server_time,
                row.plan,
                row.requested_at,
            ),
        )

    def commit_page(
        self,
        run: Run,
        records: Sequence[RawRecord],
        checkpoint: Checkpoint | None,
        *,
        refused: Sequence[Quarantined] = (),
        repairs: int = 0,
        learnt: Mapping[str, Trait] = NOTHING_LEARNT,
        files: Sequence[FileEntry] = (),
    ) -> RunOutcome:
        """Commits a page, what could not be read of it, what was learnt with it, and the checkpoint, all or nothing.

        The outcome is that of the run so far.

        An unchanged payload keeps its ``seq``. A record that comes without payload and is not deleted goes into
        quarantine and leaves the version there is. Without ``checkpoint`` the one there was goes.

        Raises: RunTakenOver when another process has taken this run, and then nothing is written.
        """
        now = self.now()
        readable = [record for record in records if record.deleted or record.payload]
        empty = [
            Quarantined(run.library, record.identifier, "harvest", "", WITHOUT_METADATA, now)
            for record in records
            if not record.deleted and not record.payload
        ]
        with self.writing() as connection:
            run_state.hold(connection, run, self.now())
            counts = upsert.write_page(
                connection, run, *names.given(connection, run, readable, [*refused, *empty]), now
            )
            run_state.write_checkpoint(connection, run.id, checkpoint)
            run_state.add_counts(connection, run.id, {**counts, "repairs": repairs})
            traits.learn(connection, run.library, run.source, learnt, now)
            upsert.forget_unread(connection, run, files)
            ledger.write(connection, run.library, files, run.id)
            row = run_state.row_of(connection, run.id)
        return run_state.outcome_of(row, (self.now() - run.attempt_at).total_seconds())

    def let_go(self, run: Run, *, between_pages: bool = False) -> None:
        """Gives the lease of an unfinished run back; ``between_pages``: the next page was not asked for yet."""
        with self.writing() as connection:
            if between_pages:
                run_state.note_request(connection, run, None)
            lease.give_back(connection, run.library, run.owner)

    def keep(self, run: Run) -> None:
        """Renews the lease of a run that waits for its source.

        Raises: RunTakenOver when another process has taken this run.
        """
        lease.renew(self, run.library, run.owner)

    def note_request(self, run: Run) -> None:
        """Notes that the next page is about to be asked for: whether that used its token up is unknown after a kill.

        Raises: RunTakenOver when another process has taken this run.
        """
        with self.writing() as connection:
            run_state.hold(connection, run, self.now())
            run_state.note_request(connection, run, self.now())

    def absence(self, run: Run) -> Absence:
        """How the list of a run, once it is at its end, compares with the records there are."""
        with self._connection() as connection:
            return removal.absence(connection, run, run_state.row_of(connection, run.id).new)

    def finish_run(
        self,
        run: Run,
        status: RunStatus,
        *,
        error: str = "",
        failure: HarvestFailed | None = None,
        watermark: str | None = None,
        absent: AbsentRecords = "stay",
        limit: int | None = None,
        keep_checkpoint: bool = False,
        said: str = "",
        kind: RunKind | None = None,
    ) -> RunOutcome:
        """Ends a run in one transaction and gives its outcome.

        ``watermark`` is moved only when given; with what is held it waits for the person. What the source stated as
        deleted goes, unless that is more than ``limit``. What its list lacks goes when ``absent`` says so: at once, or
        when lists have lacked it for a day; or it is held for a person, with ``error`` as the reason. ``said`` is kept
        of a run that has no error; ``kind`` is what the run proved to be.

        Raises: RunTakenOver when another process has taken this run, and then nothing is written.
        """
        now = self.now()
        with self.writing() as connection:
            run_state.hold(connection, run, now)
            if kind is not None:
                run_state.change(connection, run.id, kind=kind)
            if absent == "moved":
                run_state.add_counts(connection, run.id, epoch.moved(connection, run, error, now))
            if run.shelf != run.library:
                counts = epoch.settle(connection, run, absent, now, reason=error, watermark=watermark)
            else:
                counts = removal.settle(connection, run, absent, now, limit=limit, reason=error, watermark=watermark)
            run_state.add_counts(connection, run.id, counts)
            if watermark is not None and absent != "held":
                run_state.move_watermark(connection, run.library, run.source, watermark)
            reuse.forget(connection, run.library, now)
            if not keep_checkpoint:
                run_state.write_checkpoint(connection, run.id, None)
            seconds = (self.now() - run.attempt_at).total_seconds()
            run_state.end(connection, run.id, status, error=error or said, failure=failure, now=now, seconds=seconds)
            lease.give_back(connection, run.library, run.owner)
            return run_state.outcome_of(run_state.row_of(connection, run.id), seconds, removal.left(connection, run.id))

    def absent(self, run: Run, most: int) -> list[str]:
        """Identifiers of live records that a run has not seen, at most so many."""
        table = tables.raw
        query = select(table.c.identifier).where(removal.absent_from(run.shelf, run.id)).order_by(table.c.id)
        with self._connection() as connection:
            return list(connection.execute(query.limit(most)).scalars())

    def confirm(self, run: Run, gone: Sequence[str], present: Sequence[str]) -> None:
        """Deletes absent records that the source says are gone, and notes those it says are there.

        Raises: RunTakenOver when another process has taken this run, and then nothing is written.
        """
        now = self.now()
        with self.writing() as connection:
            run_state.hold(connection, run, now)
            vanished = removal.carry_out_confirmed(connection, run, gone, now)
            removal.mark_seen(connection, run, present)
            run_state.add_counts(connection, run.id, {"vanished": vanished})

    def never_came(self, run: Run) -> int:
        """How many records an earlier sweep listed that are still not here, in no form."""
        with self._connection() as connection:
            return removal.never_came(connection, run)

    def commit_identifiers(
        self, run: Run, live: Sequence[str], deleted: Sequence[str], *, learnt: Mapping[str, Trait] = NOTHING_LEARNT
    ) -> RunOutcome:
        """Commits a page of a sweep; the run so far: ``new`` counts what is listed and not here.

        What is listed as deleted is only not noted as there: whether it is gone is asked at the end.

        Raises: RunTakenOver when another process has taken this run, and then nothing is written.
        """
        now = self.now()
        with self.writing() as connection:
            run_state.hold(connection, run, now)
            called = names.here(connection, run.library, run.epoch, live)
            counts = removal.mark_listed(connection, run, [called.get(one, one) for one in live])
            counts |= {"deleted": len(deleted), "seen": len(live) + len(deleted)}
            run_state.add_counts(connection, run.id, counts)
            traits.learn(connection, run.library, run.source, learnt, now)
            row = run_state.row_of(connection, run.id)
        return run_state.outcome_of(row, (self.now() - run.attempt_at).total_seconds())

    def last_complete(self, library: str, source: str) -> dict[RunKind, datetime]:
        """When a run of each kind over this source was last complete; kinds that never were are absent."""
        with self._connection() as connection:
            return run_state.last_complete(connection, library, source)

    def watermark(self, library: str, source: str) -> str:
        """What the next incremental run starts from; "" when there is none for this source."""
        table = tables.watermark
        query = select(table.c.value).where(table.c.library == library, table.c.source == source)
        with self._connection() as connection:
            return connection.execute(query).scalar_one_or_none() or ""

    # What is known of a source

    def traits(self, library: str, source: str) -> dict[str, Trait]:
        """What was learnt of a library's server, by name; a change of address, set or prefix begins anew."""
        with self._connection() as connection:
            return traits.of(connection, library, source)

    def learn(self, library: str, source: str, **learnt: Trait) -> None:
        """Notes what was learnt of a library's server, in place of what was known by these names."""
        with self.writing() as connection:
            traits.learn(connection, library, source, learnt, self.now())

    def file_ledger(self, library: str) -> dict[str, FileEntry]:
        """What is known of the files that a library's records came in, by name."""
        with self._connection() as connection:
            return ledger.of(connection, library)

    def library_state(self, code: str) -> LibraryState:
        """What is known of one library; zeros and absences when it was never harvested."""
        return self.library_states([code])[code]

    def library_states(self, codes: Iterable[str]) -> dict[str, LibraryState]:
        """What is known of each of these libraries, in their order."""
        with self._connection() as connection:
            found = run_state.tallies(connection)
            return {code: run_state.state_of(connection, code, found) for code in codes}

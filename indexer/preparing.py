"""Raw records → what the catalogue stores and compares of them, in this process or, for a long load, in a second one.

Reading takes as long as matching. In a long load another process reads the next batch while this one writes the last.
"""

from __future__ import annotations

import logging
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass

from harvester.store import RawRecord, Store
from indexer import codec
from indexer.attached import PreparedHoldings, prepare_holdings
from indexer.authorities import NOTHING_NAMED, Named, PreparedAuthority, named, prepare_authority
from indexer.authority import Authority
from indexer.crew import Crew, Tools
from indexer.damage import Damage, damage
from indexer.holdings.records import HoldingsRecord
from indexer.profile import Profile, profile
from indexer.read import SkipRecord, Unreadable, read_either
from indexer.record import Record, RecordRef
from indexer.strangers import NOT_CONFIGURED
from indexer.work_keys import NO_WORK, WorkKeys, work_keys
from mappings.library import Library

LONG_LOAD = 10_000
"""Changes from which a second process is worth its start of about a second."""


MOST_OF_A_REASON = 400
"""Characters kept of what an unforeseen fault says."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A record as the catalogue stores it, and the facts it is compared by."""

    ref: RecordRef
    payload: bytes  # indexer.codec
    facts: Profile
    local_id: str = ""
    named: Named = NOTHING_NAMED
    works: WorkKeys = NO_WORK
    damage: Damage = Damage.NONE


@dataclass(frozen=True, slots=True)
class Refused:
    """A raw record that cannot be read, and why."""

    ref: RecordRef
    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Raw records taken together. Every one is in exactly one of the five lists."""

    last_seq: int
    prepared: tuple[Prepared, ...]
    refused: tuple[Refused, ...]
    deleted: tuple[RecordRef, ...]
    holdings: tuple[PreparedHoldings, ...] = ()
    authorities: tuple[PreparedAuthority, ...] = ()

    @property
    def size(self) -> int:
        lists = (self.prepared, self.refused, self.deleted, self.holdings, self.authorities)
        return sum(map(len, lists))


def prepare(record: Record) -> Prepared:
    """A record made ready for the catalogue."""
    facts = profile(record)
    works = work_keys(record, facts)
    return Prepared(record.ref, codec.encode(record), facts, record.local_id, named(record), works, damage(record))


def prepare_raw(raws: Sequence[RawRecord], last_seq: int, libraries: Mapping[str, Library]) -> Batch:
    """Raw records read and made ready; one of a library that nobody configured counts as unreadable.

    So does one on which the software itself fails, whatever that raises: it is logged, and the others go on.
    """
    prepared: list[Prepared] = []
    refused: list[Refused] = []
    deleted: list[RecordRef] = []
    attached: list[PreparedHoldings] = []
    authorities: list[PreparedAuthority] = []
    for raw in raws:
        ref = RecordRef(raw.library, raw.identifier)
        if raw.deleted:
            deleted.append(ref)
        elif raw.library not in libraries:
            refused.append(Refused(ref, "", NOT_CONFIGURED))
        else:
            try:
                found = _ready(raw, libraries[raw.library])
                if isinstance(found, PreparedHoldings):
                    attached.append(found)
                elif isinstance(found, PreparedAuthority):
                    authorities.append(found)
                else:
                    prepared.append(found)
            except Unreadable as exc:
                refused.append(Refused(ref, exc.field, exc.reason))
            except SkipRecord as exc:
                refused.append(Refused(ref, "", str(exc)))
            except MemoryError:  # no fault of the record's
                raise
            except Exception as exc:  # one record that nobody thought of must not keep out every other one
                logger.exception("%s cannot be made ready", ref)
                reason = f"a fault of this software, please report it with the record: {type(exc).__name__}: {exc}"
                refused.append(Refused(ref, "", reason[:MOST_OF_A_REASON]))
    return Batch(last_seq, tuple(prepared), tuple(refused), tuple(deleted), tuple(attached), tuple(authorities))


def _ready(raw: RawRecord, library: Library) -> Prepared | PreparedHoldings | PreparedAuthority:
    found = read_either(raw, library)
    if isinstance(found, HoldingsRecord):
        return prepare_holdings(found)
    return prepare_authority(found) if isinstance(found, Authority) else prepare(found)


def batches(
    store: Store, libraries: Mapping[str, Library], after: int, size: int, *, long_load: int = LONG_LOAD
) -> Generator[Batch, None, None]:
    """What changed in the raw store after a seq, in batches, in the order of their numbers."""
    processes = 1 if store.last_seq() - after >= long_load else 0
    with Crew(Tools(store, libraries), processes) as crew:
        yield from crew.map(_read, _changes(store, after, size))


def _changes(store: Store, after: int, size: int) -> Iterator[tuple[list[RawRecord], int]]:
    while changes := store.changes(after, size):
        after = changes[-1].seq
        yield [stored.raw for stored in changes], after


def _read(tools: Tools, changes: tuple[list[RawRecord], int]) -> Batch:
    return prepare_raw(*changes, tools.libraries)

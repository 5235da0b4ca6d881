"""`make bench-update N=1000000`: changed records into the catalogue `make bench-load` left behind; seconds until found.

The records are spread over the whole catalogue; a third state other pages, a third another year, which may take them to
another edition, and a third another call number. Prints what each phase took, and how many editions it touched.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from sqlalchemy import select

from benchmarks.consortium import generated_consortium
from benchmarks.load import folder_of
from fixtures.memory import peak_bytes
from harvester.store import RawRecord, Store
from harvester.tables import raw
from indexer.catalogue import Catalogue
from indexer.engine import SearchEngine
from indexer.engine.open import open_engine
from indexer.record import RecordRef
from indexer.run import IndexProgress, index_changes
from mappings.library import Library
from search_api.settings import Settings

console = Console()

RUNS = 3
"""A figure is the median of several runs; each changes the records once more."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--changes", type=int, default=1_000)
    given = parser.parse_args()
    settings = Settings.from_environment()
    folder = folder_of(settings, given.records)
    if not (folder / "state" / "catalogue.sqlite3").exists():
        raise SystemExit(f"nothing in {folder}: run `make bench-load N={given.records}` first")
    with Progress(console=console) as progress:
        libraries = generated_consortium(folder / "consortium", given.records, progress).libraries
    asyncio.run(measure(settings, given.records, given.changes, libraries))


async def measure(settings: Settings, count: int, changes: int, libraries: Mapping[str, Library]) -> None:
    """Changes records a few times and prints what it took."""
    home = folder_of(settings, count) / "state"
    store = Store.open(f"sqlite:///{home / 'catalogue.sqlite3'}")
    engine = open_engine(settings.engine, home / "index")
    catalogue = Catalogue(store.engine)
    table = Table("run", title=f"{changes:,} of {count:,} records change, {settings.engine or 'embedded engine'}")
    for heading in (
        "store, s",
        "read, match, cluster, s",
        "works, merge, engine, s",
        "searchable after, s",
        "editions",
    ):
        table.add_column(heading, justify="right")
    took: list[float] = []
    try:
        await index_changes(store, catalogue, engine, libraries)  # what an earlier run left
        for run in range(1, RUNS + 1):
            changed = list(_changed(store, changes))
            moments: dict[str, float] = {}
            began = time.perf_counter()
            _harvest(store, changed)
            harvested = time.perf_counter()
            outcome = await index_changes(store, catalogue, engine, libraries, progress=partial(_note, moments))
            ended = time.perf_counter()
            await _check(catalogue, engine, changed)
            took.append(ended - began)
            matched = moments["records"]
            seconds = (harvested - began, matched - harvested, ended - matched, ended - began)
            table.add_row(str(run), *(f"{one:.2f}" for one in seconds), f"{outcome.editions_written:,}")
    finally:
        await engine.close()
        store.close()
    console.print(table)
    console.print(f"median {sorted(took)[len(took) // 2]:.2f} s; peak memory {peak_bytes() / 1024**2:,.0f} MB")


def _note(moments: dict[str, float], state: IndexProgress) -> None:
    """Notes when a stage was last heard of."""
    moments[state.stage] = time.perf_counter()


async def _check(catalogue: Catalogue, engine: SearchEngine, changed: Sequence[RawRecord]) -> None:
    """Looks the changed records up in the engine.

    Raises: SystemExit when it does not hold what the catalogue holds.
    """
    refs = [RecordRef(record.library, record.identifier) for record in changed]
    ids = {edition for ref in refs if (edition := catalogue.edition_of(ref)) is not None}
    found, wanted = await engine.editions(sorted(ids)), catalogue.editions(ids)
    held = {RecordRef(member.library, member.identifier) for edition in found.values() for member in edition.members}
    if found != wanted or not held.issuperset(refs):
        raise SystemExit("the engine does not hold what was changed")


_CALL_NUMBER = re.compile(rb"(\x1fh\d*)(\d)(?=\.)")
_PAGES = re.compile(rb"(\x1fa\d+)(\d)(?= p\.|\xe9\x9d\xa2)")
_YEAR = re.compile(rb"(\x1fc(?:\xe6\xb0\x91\d+ \[)?(?:19|20)\d)(\d)")
_CHANGES: tuple[re.Pattern[bytes], ...] = (_PAGES, _YEAR, _CALL_NUMBER)


def _changed(store: Store, count: int) -> Iterator[RawRecord]:
    """So many records from all over the store, each with one figure raised; lengths stay as they are."""
    with store.reading() as connection:
        names = connection.execute(select(raw.c.library, raw.c.identifier).order_by(raw.c.id)).all()
    step = max(1, len(names) // count)
    for turn, (library, identifier) in enumerate(names[::step][:count]):
        stored = store.raw(library, identifier)
        assert stored is not None  # its name was just read
        payload = _CHANGES[turn % len(_CHANGES)].sub(_raised, stored.raw.payload)
        yield RawRecord(library, identifier, stored.raw.format, payload)


def _raised(match: re.Match[bytes]) -> bytes:
    return match[1] + b"%d" % ((int(match[2]) + 1) % 10)


def _harvest(store: Store, changed: list[RawRecord]) -> None:
    """Stores the records as a harvest of changes does, a page a library."""
    for library in sorted({record.library for record in changed}):
        run = store.begin_run(library, "incremental", "bench-update")
        store.commit_page(run, [record for record in changed if record.library == library], None)
        store.finish_run(run, "complete")


if __name__ == "__main__":
    main()

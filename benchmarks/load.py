"""`make bench-load N=100000`: generated records with known truth, from files to searchable editions.

Prints records a second and memory of all its processes for each stage, and precision and recall of the editions against
the truth.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import time
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from benchmarks.consortium import GeneratedConsortium, generated_consortium
from benchmarks.quality import PairQuality, pair_quality
from fixtures.memory import peak_bytes, peak_bytes_of_a_child
from harvester.run import harvest
from harvester.store import Store
from indexer.catalogue import Catalogue
from indexer.engine.open import open_engine
from indexer.run import PROCESSES, index_changes
from search_api.progress import harvest_progress, index_progress
from search_api.settings import Settings

console = Console()


def folder_of(settings: Settings, count: int) -> Path:
    """Where the generated consortium of ``count`` records and its catalogue lie."""
    return settings.home / "bench" / str(count)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--records", type=int, default=100_000)
    count = parser.parse_args().records
    settings = Settings.from_environment()
    folder = folder_of(settings, count)
    with Progress(console=console) as progress:
        consortium = generated_consortium(folder / "consortium", count, progress)
    asyncio.run(load(settings, folder, consortium))


async def load(settings: Settings, folder: Path, consortium: GeneratedConsortium) -> None:
    """Loads the consortium into a new catalogue in the folder and prints what it took."""
    home = folder / "state"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    store = Store.open(f"sqlite:///{home / 'catalogue.sqlite3'}")
    engine = open_engine(settings.engine, home / "index")
    catalogue = Catalogue(store.engine)
    table = Table("stage", title=f"{consortium.records:,} records, {settings.engine or 'embedded engine'}")
    for heading in ("seconds", "records/s", "peak memory, MB"):
        table.add_column(heading, justify="right")
    try:
        began = time.perf_counter()
        with harvest_progress(console) as progress:
            outcomes = await harvest(consortium.libraries.values(), store, progress=progress)
        harvested, harvest_peak = time.perf_counter(), peak_bytes() / 1024**2
        with index_progress(console) as index_state:
            await index_changes(store, catalogue, engine, consortium.libraries, progress=index_state)
        indexed = time.perf_counter()
        peak = (peak_bytes() + PROCESSES * peak_bytes_of_a_child()) / 1024**2  # at most: their peaks need not meet
        editions = await engine.count()
        quality = _quality(catalogue, consortium)
    finally:
        await engine.close()
        store.close()
    stored = sum(outcome.new for outcome in outcomes)
    for stage, seconds, megabytes in (
        ("harvest: files to raw store", harvested - began, harvest_peak),
        ("index: read, match, cluster, merge, engine", indexed - harvested, peak),
        ("end to end", indexed - began, peak),
    ):
        table.add_row(stage, f"{seconds:.1f}", f"{stored / seconds:,.0f}", f"{megabytes:,.0f}")
    console.print(table)
    console.print(
        f"{stored:,} records in {editions:,} editions, {(indexed - began) / stored * 1e6:,.0f} µs a record; "
        f"truth: {quality.true:,} pairs that belong together\n"
        f"precision {quality.precision:.4f}, recall {quality.recall:.4f}"
    )


def _quality(catalogue: Catalogue, consortium: GeneratedConsortium) -> PairQuality:
    """Pairs of records put together against pairs that belong together; a record without edition stands alone."""
    found = catalogue.editions_of_all()
    return pair_quality((book, found.get(ref, str(ref))) for ref, book in consortium.truth())


if __name__ == "__main__":
    main()

"""`make bench-search`: the written-down mix of searches, in the engine adapter; percentiles in milliseconds."""

from __future__ import annotations

import argparse
import asyncio
import statistics
import time
from collections import defaultdict

from rich.console import Console
from rich.progress import Progress, track
from rich.table import Table

from benchmarks.consortium import generated_consortium
from benchmarks.load import folder_of, load
from benchmarks.queries import MIX, mix
from indexer.engine.open import open_engine
from search_api.settings import Settings

SEARCHES = 1_000
WARM_UP = 100

console = Console()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--searches", type=int, default=SEARCHES)
    arguments = parser.parse_args()
    asyncio.run(measure(Settings.from_environment(), arguments.records, arguments.searches))


async def measure(settings: Settings, records: int, searches: int) -> None:
    """Searches the catalogue ``make bench-load`` left behind, loading it first when there is none."""
    folder = folder_of(settings, records)
    if not (folder / "state").exists():
        with Progress(console=console) as progress:
            consortium = generated_consortium(folder / "consortium", records, progress)
        await load(settings, folder, consortium)
    engine = open_engine(settings.engine, folder / "state" / "index")
    try:
        editions = await engine.count()
        for _, request in mix(WARM_UP, seed=1):
            await engine.search(request)
        times: dict[str, list[float]] = defaultdict(list)
        found = 0
        for kind, request in track(list(mix(searches)), description="search", console=console):
            began = time.perf_counter()
            page = await engine.search(request)
            times[kind].append((time.perf_counter() - began) * 1000)
            found += bool(page.total)
    finally:
        await engine.close()
    table = Table("search", title=f"{searches:,} searches over {editions:,} editions, top 20 with five facets")
    for heading in ("share %", "p50 ms", "p95 ms", "p99 ms"):
        table.add_column(heading, justify="right")
    for share, kind, words in MIX:
        table.add_row(words, str(share), *(f"{value:.1f}" for value in _percentiles(times[kind])))
    table.add_section()
    every = [value for values in times.values() for value in values]
    table.add_row("all", "100", *(f"{value:.1f}" for value in _percentiles(every)))
    console.print(table)
    console.print(f"{found:,} of {searches:,} searches found something")


def _percentiles(values: list[float]) -> tuple[float, float, float]:
    """p50, p95 and p99 in milliseconds."""
    if len(values) < 2:
        return (0.0, 0.0, 0.0)
    cuts = statistics.quantiles(values, n=100, method="inclusive")
    return cuts[49], cuts[94], cuts[98]


if __name__ == "__main__":
    main()

"""`make bench-harvest`: 20 OAI-PMH servers at once, with pages of 200 KB, each figure beside its target.

Records stored a second and peak memory; then servers that take one second a page, as a share of what their latency
allows; then a harvest a hundred times as long, for what it does to memory. The servers run in processes of their own
on the same machine, and so take their part of its processors; each harvest is a process of its own with a store on
disk. Medians of the runs.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection

from rich.console import Console
from rich.table import Table

from fixtures.mass import page_size, running_servers
from fixtures.memory import peak_bytes

SERVERS = 20
RECORDS = 4_000  # of each server
RUNS = 3
SLOW_PAGES = 30  # enough that beginning and end, which every harvest has once, weigh little
STORED_PER_SECOND = 8_000
MEGABYTES = 300
SHARE = 0.90


@dataclass(frozen=True, slots=True)
class Harvested:
    """One harvest of all servers."""

    records: int
    seconds: float
    peak: int  # bytes
    processor: float  # seconds of it that the harvesting process took

    @property
    def rate(self) -> float:
        return self.records / self.seconds


def harvested(urls: Sequence[str], expected: int) -> Harvested:
    """Harvests these servers in a process of its own.

    Raises: AssertionError when not every record was stored.
    """
    context = multiprocessing.get_context("spawn")
    mine, theirs = context.Pipe()
    child = context.Process(target=_harvest, args=(theirs, list(urls)))
    child.start()
    theirs.close()
    found: Harvested = mine.recv()
    child.join()
    assert found.records == expected, f"{found.records} records of {expected}"
    return found


def _harvest(pipe: Connection, urls: list[str]) -> None:
    from harvester.run import harvest
    from harvester.store import Store
    from mappings.library import Harvest, Library

    libraries = [
        Library(
            code=f"mass{number:02}",
            name={"en": f"Mass {number}"},
            region="north",
            kind="city",
            harvest=Harvest(protocol="oai-pmh", url=url),
        )
        for number, url in enumerate(urls)
    ]
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(f"sqlite:///{folder}/catalogue.sqlite3")
        begun, busy = time.perf_counter(), time.process_time()
        outcomes = asyncio.run(harvest(libraries, store))
        seconds, busy = time.perf_counter() - begun, time.process_time() - busy
        store.close()
        failed = [outcome for outcome in outcomes if outcome.status != "complete"]
        assert not failed, failed
        pipe.send(Harvested(sum(outcome.new for outcome in outcomes), seconds, peak_bytes(), busy))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=RECORDS, help="of each server")
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--only", choices=("speed", "latency", "memory"), help="this part alone")
    parser.add_argument("--long", type=int, default=1_000_000, help="records in all of the long harvest")
    options = parser.parse_args()
    table = Table(title=f"{SERVERS} OAI-PMH servers at once, pages of 200 KB")
    for heading in ("", "measured", "target", "share of the target"):
        table.add_column(heading, justify="left" if not heading else "right")
    if options.only in (None, "speed"):
        _speed(table, options.records, options.runs)
    if options.only in (None, "latency"):
        _latency(table, options.runs)
    if options.only in (None, "memory"):
        _memory(table, options.long)
    Console().print(table)


def _speed(table: Table, records: int, runs: int) -> None:
    with running_servers(SERVERS, records=records) as urls:
        found = [harvested(urls, SERVERS * records) for _ in range(runs)]
    rate = statistics.median(one.rate for one in found)
    peak = statistics.median(one.peak for one in found) / 1e6
    busy = statistics.median(one.records / one.processor for one in found)
    size = page_size()
    table.add_row(
        "records stored a second", f"{rate:,.0f}", f"{STORED_PER_SECOND:,}", f"{rate / STORED_PER_SECOND:.0%}"
    )
    table.add_row("records for each second of a processor", f"{busy:,.0f}", "", "")
    table.add_row(f"pages a second, of {size} records", f"{rate / size:,.0f}", "", "")
    table.add_row("peak memory", f"{peak:,.0f} MB", f"≤ {MEGABYTES} MB", f"{peak / MEGABYTES:.0%}")


def _latency(table: Table, runs: int) -> None:
    size = page_size()
    records = SLOW_PAGES * size
    with running_servers(SERVERS, records=records, seconds=1.0) as urls:
        found = [harvested(urls, SERVERS * records) for _ in range(runs)]
    seconds = statistics.median(one.seconds for one in found)
    busy = statistics.median(one.processor for one in found)
    share = SLOW_PAGES / seconds
    table.add_row("of what 1 s a page allows", f"{share:.1%}", f"≥ {SHARE:.0%}", f"{share / SHARE:.0%}")
    table.add_row("lost between pages", f"{(seconds / SLOW_PAGES - 1) * 1000:,.0f} ms", "", "")
    table.add_row("processor time a page", f"{busy / SLOW_PAGES / SERVERS * 1000:.1f} ms", "", "")


def _memory(table: Table, long: int) -> None:
    peaks = []
    for records in (long // 100, long):
        with running_servers(SERVERS, records=records // SERVERS) as urls:
            found = harvested(urls, records // SERVERS * SERVERS)
        peaks.append(found.peak / 1e6)
        words = f"{records:,} records: {found.rate:,.0f} a second"
        table.add_row(words, f"{found.peak / 1e6:,.0f} MB", "", "")
    table.add_row("memory of the long one", f"{peaks[1] / peaks[0]:.2f} ×", "≈ 1 ×", "")


if __name__ == "__main__":
    main()

"""`make bench-search N=300000 ENGINE=embedded`: the written-down mix of searches over an index of made-up editions.

In the engine adapter, quiet and while another process writes; over HTTP with one server and two, by patrons in a
process of their own. The index is made once, without matching anything, and kept under ``build/bench-search``. Beside
the time, what the processor did for it in this process: on a busy machine only that can be compared.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from itertools import islice
from multiprocessing import get_context
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

import orjson
import psutil
from rich.console import Console
from rich.table import Table

from benchmarks import made
from benchmarks.clients import Visit
from benchmarks.queries import MIX, SUGGEST, Query, changes, mix, typing
from fixtures import node
from indexer.document import document
from indexer.engine import EngineIncompatible, SearchEngine
from indexer.engine.open import open_engine
from indexer.engine.remembering import RememberingEngine
from search_api.suggest import suggestions

HOME = Path("build") / "bench-search"
WARM_UP = 200
REPEATED = 200
"""Different searches of the mix that repeats."""

WRITTEN_AT_ONCE, PAUSE_SECONDS = 100, 0.5
"""Editions that the other process writes, and how long it rests between."""

console = Console()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--editions", type=int, default=300_000)
    parser.add_argument("--engine", choices=("embedded", "cluster"), default="embedded")
    parser.add_argument("--searches", type=int, default=1_000)
    arguments = parser.parse_args()
    home = HOME / str(arguments.editions)
    home.mkdir(parents=True, exist_ok=True)
    made.write_libraries(home / "libraries")
    with ExitStack() as running:
        url = ""
        if arguments.engine == "cluster":
            url = running.enter_context(node.start(home / "node", heap="1g", report=console.print)).url
        asyncio.run(measure(url, home, arguments.editions, arguments.searches))


async def measure(url: str, home: Path, editions: int, searches: int) -> None:
    """All measurements, each printed when it is done."""
    stretches = max(1, editions // made.AT_ONCE)
    load = os.getloadavg()[0]
    kind = "a cluster of one node" if url else "embedded engine"
    console.print(f"{editions:,} editions, {kind}, load of the machine before {load:.1f}")
    engine = open_engine(url, home / "index")
    try:
        if not await _holds(engine, editions):
            await made.fill(engine, editions, console)
        queries, typed = mix(searches, stretches), typing(searches // 4, stretches)
        await _adapter(engine, queries, typed, "in the adapter")
        with _writing(url, home, stretches):
            await _adapter(engine, queries, typed, f"the same, while {WRITTEN_AT_ONCE} editions are written, and again")
        await _repeated(engine, queries)
    finally:
        await engine.close()
    if not url:
        size = sum(file.stat().st_size for file in (home / "index").rglob("*") if file.is_file())
        console.print(f"index {size / 1e6:,.0f} MB; this process {_resident(os.getpid()):,.0f} MB")
    _over_http(url, home, mix(searches, stretches, seed=11), typing(searches // 4, stretches, seed=11))


async def _holds(engine: SearchEngine, editions: int) -> bool:
    """Whether the index was made before, in this version; updates may have added a few."""
    try:
        return await engine.count() >= editions
    except EngineIncompatible:
        return False


async def _adapter(engine: SearchEngine, queries: Sequence[Query], typed: Sequence[Query], title: str) -> None:
    for query in queries[:WARM_UP]:
        await engine.search(query.request())
    times: dict[str, list[float]] = defaultdict(list)
    processor: dict[str, list[float]] = defaultdict(list)
    found = 0
    for query in (*queries, *typed):
        began, used = time.perf_counter(), time.process_time()
        if query.kind in SUGGEST:
            await suggestions(engine, query.text, 8)
        else:
            found += bool((await engine.search(query.request())).total)
        processor[query.kind].append((time.process_time() - used) * 1000)
        times[query.kind].append((time.perf_counter() - began) * 1000)
    table = Table("search", title=f"{len(queries):,} searches {title}, top 20 with five facets, uncached")
    for heading in ("share %", "p50 ms", "p95 ms", "p99 ms", "CPU p50", "CPU p95"):
        table.add_column(heading, justify="right")

    def add_row(words: str, share: str, *kinds: str) -> None:
        used = _percentiles([t for kind in kinds for t in processor[kind]])[:2]
        table.add_row(words, share, *_percentiles([t for kind in kinds for t in times[kind]]), *used)

    for kind, (share, words) in MIX.items():
        add_row(words, str(share), kind)
    table.add_section()
    add_row("all of them", "100", *MIX)
    add_row("suggestions", "", *SUGGEST)
    console.print(table)
    console.print(f"{found:,} of {len(queries):,} searches found something")


async def _repeated(engine: SearchEngine, queries: Sequence[Query]) -> None:
    """Searches that were made before, answered from what the product's server remembers."""
    remembering = RememberingEngine(engine)
    times = []
    for turn in range(3):
        for query in queries[: REPEATED // 4]:
            began = time.perf_counter()
            await remembering.search(query.request())
            if turn:
                times.append((time.perf_counter() - began) * 1000)
    p50, p95, p99 = _percentiles(times)
    console.print(f"made before and remembered: p50 {p50} ms, p95 {p95} ms, p99 {p99} ms")


# --- another process that writes


@contextmanager
def _writing(url: str, home: Path, stretches: int) -> Iterator[None]:
    processes = get_context("spawn")
    done = processes.Event()
    writer = processes.Process(target=_write, args=(url, home, stretches, done))
    writer.start()
    try:
        yield
    finally:
        done.set()
        writer.join()


def _write(url: str, home: Path, stretches: int, done: Event) -> None:
    async def write() -> None:
        engine, held_by, coming = open_engine(url, home / "index"), made.libraries(), changes(stretches)
        while not done.wait(PAUSE_SECONDS):
            await engine.write([document(edition, held_by) for edition in islice(coming, WRITTEN_AT_ONCE)])
        await engine.close()

    asyncio.run(write())


# --- over HTTP


def _over_http(url: str, home: Path, queries: Sequence[Query], typed: Sequence[Query]) -> None:
    table = Table("over HTTP", title="the product's server, patrons in a process of their own, 8 connections")
    for heading in ("servers", "requests/s", "p50 ms", "p95 ms", "p99 ms", "MB a server"):
        table.add_column(heading, justify="right")
    fresh = [query.path() for query in queries]
    rounds: tuple[tuple[str, Sequence[str], int], ...] = (
        ("each search once", fresh, len(fresh)),
        ("suggestions", [query.path() for query in typed], len(typed)),
        (f"{REPEATED} searches again and again", fresh[:REPEATED], 10 * REPEATED),
    )
    for servers in (1, 2):
        with ExitStack() as running:
            started = [running.enter_context(_server(url, home)) for _ in range(servers)]
            ports = tuple(port for port, _ in started)
            warm = tuple(query.path() for query in mix(WARM_UP, 1, seed=5))
            _visit(Visit(ports, warm, WARM_UP * servers))
            for words, paths, requests in rounds:
                if requests > len(paths):
                    _visit(Visit(ports, tuple(paths), servers * len(paths)))
                found = _visit(Visit(ports, tuple(paths), requests))
                if found["refused"]:
                    raise SystemExit(f"{found['refused']} requests were not answered")
                memory = max(_resident(process.pid) for _, process in started)
                rate = requests / found["seconds"]
                table.add_row(words, str(servers), f"{rate:,.0f}", *_percentiles(found["times"]), f"{memory:,.0f}")
            table.add_section()
    console.print(table)


@contextmanager
def _server(url: str, home: Path) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ALLSHELVES_")}
    environment |= {"ALLSHELVES_HOME": str(home), "ALLSHELVES_LIBRARIES": str(home / "libraries")}
    environment |= {"ALLSHELVES_ENGINE": url}
    command = [str(Path(sys.executable).with_name("allshelves")), "serve", "--port", str(port)]
    with subprocess.Popen(command, env=environment) as process:  # noqa: S603
        try:
            _wait(f"http://127.0.0.1:{port}/api/health", process.poll)
            yield port, process
        finally:
            process.terminate()


def _wait(url: str, ended: Callable[[], int | None]) -> None:
    while ended() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server ended")


def _visit(wanted: Visit) -> Mapping[str, Any]:
    command = [sys.executable, "-m", "benchmarks.clients"]
    asked = orjson.dumps(asdict(wanted))
    said = subprocess.run(command, input=asked, stdout=subprocess.PIPE, check=True)  # noqa: S603
    found: Mapping[str, Any] = orjson.loads(said.stdout)
    return found


def _resident(pid: int) -> float:
    return float(psutil.Process(pid).memory_info().rss) / 1e6


def _percentiles(values: Sequence[float]) -> tuple[str, str, str]:
    """p50, p95 and p99."""
    if len(values) < 2:
        return ("–", "–", "–")
    cuts = statistics.quantiles(values, n=100, method="inclusive")
    return f"{cuts[49]:.1f}", f"{cuts[94]:.1f}", f"{cuts[98]:.1f}"


if __name__ == "__main__":
    main()

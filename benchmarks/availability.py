"""`make bench-availability`: 34 local libraries with realistic latencies asked by one worker, each figure by its
target.

Thirty-four DAIA servers in a process of their own: most answer within 30 to 80 ms, some take up to 900 ms, one never
answers and one refuses connections. Editions that all of them hold are looked at over the API's streams, as browsers
do. Overhead is what a library's answer takes beyond its own server's time. SOAK=600 looks for so many seconds and
compares memory and open files of the first and the last quarter. Answers are never kept: every look asks.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

import aiohttp
from aiohttp import web
from rich.console import Console
from rich.table import Table

LIBRARIES = 34
EDITIONS = 100
REFUSING = LIBRARIES - 1
SILENT = LIBRARIES - 2
DEADLINE = 2.0
READERS = 30  # at once, when streams are counted
FIRST_WITHIN = 0.050
OVERHEAD_WITHIN = 0.010


def latency(number: int) -> float:
    """How many seconds a library's server takes to answer."""
    if number < 22:
        return 0.03 + 0.05 * number / 22
    if number < 28:
        return 0.12 + 0.02 * (number - 22)
    return 0.5 + 0.1 * (number - 28)


@dataclass(slots=True)
class Looked:
    """What came of looking at editions, one stream each."""

    first: list[float] = field(default_factory=list)  # seconds until the first answer
    total: list[float] = field(default_factory=list)  # until the stream ended
    beyond: list[float] = field(default_factory=list)  # of each answer: beyond its server's time
    answers: int = 0


# The libraries


def _serve(pipe: Connection) -> None:
    async def run() -> None:
        runners, ports = [], []
        for number in range(LIBRARIES):
            app = web.Application()
            app.router.add_get("/daia", _answer(number))
            runner = web.AppRunner(app, access_log=None)
            await runner.setup()
            site = web.TCPSite(runner, "127.0.0.1", 0, backlog=512)
            await site.start()
            ports.append(runner.addresses[0][1])
            runners.append(runner)
        await runners[REFUSING].cleanup()
        pipe.send(ports)
        await asyncio.Event().wait()

    asyncio.run(run())


def _answer(number: int):  # type: ignore[no-untyped-def]
    lent = {"unavailable": [{"service": "loan", "expected": "2026-12-03"}]}
    there = {"available": [{"service": "loan"}]}

    async def answer(request: web.Request) -> web.StreamResponse:
        if number == SILENT:
            await asyncio.Event().wait()
        await asyncio.sleep(latency(number))
        documents = [
            {"id": f"urn:x:{name}", "requested": name, "item": [there, lent]} for name in request.query["id"].split("|")
        ]
        return web.json_response({"document": documents})

    return answer


@contextmanager
def _running_libraries() -> Iterator[list[int]]:
    context = multiprocessing.get_context("spawn")
    mine, theirs = context.Pipe()
    child = context.Process(target=_serve, args=(theirs,), daemon=True)
    child.start()
    theirs.close()
    try:
        yield mine.recv()
    finally:
        child.terminate()
        child.join()


# The worker


def _fill(home: Path, ports: Sequence[int]) -> list[str]:
    """A catalogue of editions that every library holds; their ids."""
    from harvester.store import RawRecord, Store
    from indexer.catalogue import Catalogue
    from indexer.engine.open import open_engine
    from indexer.run import index_changes
    from mappings.library import load_libraries
    from search_api.settings import Settings

    folder = home / "libraries"
    folder.mkdir()
    for number, port in enumerate(ports):
        (folder / f"lib{number:02}.toml").write_text(
            f'code = "lib{number:02}"\nname.en = "Library {number}"\nregion = "north"\nkind = "city"\n'
            '[harvest]\nprotocol = "oai-pmh"\nurl = "http://127.0.0.1:9/oai"\n'
            f'[availability]\nprotocol = "daia"\nurl = "http://127.0.0.1:{port}/daia"\nfresh_seconds = 0\n'
        )
    settings = Settings(home=home, libraries=folder)
    store = Store.open(settings.database_url)
    catalogue = Catalogue(store.engine)
    for number in range(LIBRARIES):
        run = store.begin_run(f"lib{number:02}", "full", "a benchmark")
        page = [RawRecord(f"lib{number:02}", str(i), "marcxml", _record(i)) for i in range(EDITIONS)]
        store.commit_page(run, page, None)
        store.finish_run(run, "complete")

    async def index() -> None:
        engine = open_engine(settings.engine, settings.index_folder)
        try:
            await index_changes(store, catalogue, engine, load_libraries(folder))
        finally:
            await engine.close()

    asyncio.run(index())
    ids = set(catalogue.editions_of_all().values())
    whole = [one.id for one in catalogue.editions(ids).values() if len(one.libraries) == LIBRARIES]
    store.close()
    return whole


def _record(number: int) -> bytes:
    digits = f"978957{number:06}"
    check = (10 - sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(digits)) % 10) % 10
    return (
        '<record xmlns="http://www.loc.gov/MARC21/slim"><leader>00000nam a2200000 a 4500</leader>'
        f'<controlfield tag="001">{number}</controlfield>'
        '<controlfield tag="008">040101s1984    ch            000 0 chi d</controlfield>'
        f'<datafield tag="020" ind1=" " ind2=" "><subfield code="a">{digits}{check}</subfield></datafield>'
        f'<datafield tag="245" ind1="1" ind2="0"><subfield code="a">海峰文集第{number}種</subfield></datafield>'
        '<datafield tag="260" ind1=" " ind2=" "><subfield code="b">海峰</subfield><subfield code="c">1984</subfield>'
        "</datafield></record>"
    ).encode()


@contextmanager
def _running_worker(home: Path) -> Iterator[tuple[str, int]]:
    """The address of one serving process, and its process id."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("ALLSHELVES_")}
    environment |= {
        "ALLSHELVES_HOME": str(home),
        "ALLSHELVES_LIBRARIES": str(home / "libraries"),
        "ALLSHELVES_DEADLINE_SECONDS": str(DEADLINE),
    }
    command = [sys.executable, "-c", "from search_api.cli import main; main()", "serve", "--port", str(port)]
    errors = (home / "worker.log").open("w")  # each failure of a dead library is a line
    process = subprocess.Popen(command, env=environment, stderr=errors)  # noqa: S603
    try:
        for _ in range(300):
            with socket.socket() as tried:
                if not tried.connect_ex(("127.0.0.1", port)):
                    break
            if process.poll() is not None:
                raise SystemExit((home / "worker.log").read_text())
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        process.terminate()
        process.wait()
        errors.close()


def _memory(pid: int) -> float:
    """Megabytes that a process holds now."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS:")).split()[1]) / 1024


def _open_files(pid: int) -> int:
    """Open files of a process, connections among them."""
    return sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())


def _processor(pid: int) -> float:
    """Seconds of a processor that a process has taken."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


# Looking


async def _answers(response: aiohttp.ClientResponse) -> AsyncIterator[dict[str, object]]:
    async for line in response.content:
        if line.startswith(b"data: "):
            told = json.loads(line[6:])
            if "library" in told:
                yield told


async def _look(session: aiohttp.ClientSession, url: str, edition: str, looked: Looked) -> None:
    began = time.perf_counter()
    first = True
    headers = {"Accept": "text/event-stream"}
    async with session.get(f"{url}/api/editions/{edition}/availability", headers=headers) as response:
        async for told in _answers(response):
            after = time.perf_counter() - began
            if told["state"] == "ok":
                if first:
                    looked.first.append(after)
                    first = False
                looked.answers += 1
                looked.beyond.append(after - latency(int(str(told["library"])[3:])))
    looked.total.append(time.perf_counter() - began)


async def _one_by_one(url: str, editions: Sequence[str]) -> Looked:
    """Each edition by itself: nothing waits for anything else."""
    looked = Looked()
    async with aiohttp.ClientSession() as session:
        for edition in editions:
            await _look(session, url, edition, looked)
    return looked


async def _many(
    url: str, editions: Sequence[str], seconds: float, pid: int, samples: list[tuple[float, int]]
) -> Looked:
    """Readers at once, each looking at one edition after the other until the time is over."""
    looked = Looked()
    ends = time.perf_counter() + seconds
    chosen = random.Random(1)

    async def reader(session: aiohttp.ClientSession) -> None:
        while time.perf_counter() < ends:
            await _look(session, url, chosen.choice(editions), looked)

    async def sampler() -> None:
        while True:
            samples.append((_memory(pid), _open_files(pid)))
            await asyncio.sleep(max(seconds / 100, 0.2))

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        sampling = asyncio.create_task(sampler())
        await asyncio.gather(*(reader(session) for _ in range(READERS)))
        sampling.cancel()
    return looked


def _at(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(int(share * len(values)), len(values) - 1)]


def _milliseconds(values: Sequence[float]) -> str:
    return " / ".join(f"{_at(values, share) * 1000:,.0f}" for share in (0.5, 0.95, 0.99))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--soak", type=float, default=0, help="seconds of the soak; 0: none")
    parser.add_argument("--seconds", type=float, default=15, help="of many readers at once")
    options = parser.parse_args()
    table = Table(title=f"{LIBRARIES} libraries asked by one worker (milliseconds at 50 / 95 / 99 %)")
    for heading in ("", "measured", "target"):
        table.add_column(heading, justify="left" if not heading else "right")
    with _running_libraries() as ports, tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        editions = _fill(home, ports)
        with _running_worker(home) as (url, pid):
            asyncio.run(_one_by_one(url, editions[:3]))  # connections opened, the dead found to be so
            before = _processor(pid)
            looked = asyncio.run(_one_by_one(url, editions[3:33]))
            _alone(table, looked, _processor(pid) - before)
            samples: list[tuple[float, int]] = []
            before = _processor(pid)
            looked = asyncio.run(_many(url, editions, options.seconds, pid, samples))
            _together(table, looked, options.seconds, _processor(pid) - before, samples)
            if options.soak:
                samples = []
                asyncio.run(_many(url, editions, options.soak, pid, samples))
                _soaked(table, options.soak, samples)
    Console().print(table)


def _alone(table: Table, looked: Looked, processor: float) -> None:
    shortest = min(latency(number) for number in range(LIBRARIES))
    beyond = [after - shortest for after in looked.first]
    table.add_row("one reader: first answer", _milliseconds(looked.first), "")
    target = f"≤ {FIRST_WITHIN * 1000:.0f}"
    table.add_row("… beyond the fastest library's own time", _milliseconds(beyond), target)
    table.add_row("… all answers, the dead given up", _milliseconds(looked.total), f"≤ {DEADLINE * 1000:,.0f}")
    target = f"≤ {OVERHEAD_WITHIN * 1000:.0f}"
    table.add_row(
        "… processor time for each library", f"{processor / len(looked.total) / LIBRARIES * 1000:.2f}", target
    )
    table.add_row("… each answer beyond its library's time", _milliseconds(looked.beyond), "")


def _together(
    table: Table, looked: Looked, seconds: float, processor: float, samples: Sequence[tuple[float, int]]
) -> None:
    streams = len(looked.total)
    table.add_row(f"{READERS} readers: streams a second", f"{streams / seconds:.1f}", "")
    table.add_row("… live answers a second", f"{looked.answers / seconds:,.0f}", "")
    table.add_row("… first answer", _milliseconds(looked.first), "")
    table.add_row("… all answers", _milliseconds(looked.total), f"≤ {DEADLINE * 1000:,.0f}")
    per_answer = processor / (streams * LIBRARIES) * 1000
    table.add_row(
        "… processor time for each library of a stream", f"{per_answer:.2f}", f"≤ {OVERHEAD_WITHIN * 1000:.0f}"
    )
    table.add_row("… streams that one processor could bear a second", f"{streams / processor:.0f}", "")
    table.add_row("… memory", f"{max(memory for memory, _ in samples):,.0f} MB", "")
    table.add_row("… open files, connections among them", f"{max(files for _, files in samples)}", "")


def _soaked(table: Table, seconds: float, samples: Sequence[tuple[float, int]]) -> None:
    quarter = len(samples) // 4
    for name, values in (
        ("memory, MB", [memory for memory, _ in samples]),
        ("open files", [float(files) for _, files in samples]),
    ):
        first, last = statistics.median(values[:quarter]), statistics.median(values[-quarter:])
        words = f"soak of {seconds:.0f} s: {name}, first and last quarter"
        table.add_row(words, f"{first:,.0f} → {last:,.0f}", "≈ the same")


if __name__ == "__main__":
    main()

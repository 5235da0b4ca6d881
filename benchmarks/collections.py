"""`make bench-collections N=1000000`: collections of 34 made-up members compared over an index of N editions.

The whole catalogue, then what a search finds; then what only one library holds, listed. The index is the one that
`make bench-search` makes and keeps. Beside the time, what the processor did for it: on a busy machine only that can be
compared.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from rich.console import Console
from rich.table import Table

from benchmarks import made
from benchmarks.search import HOME
from indexer.engine import EngineIncompatible, SearchEngine, SearchRequest
from indexer.engine.open import open_engine
from search_api.collections.measure import measured
from search_api.collections.scope import Scope

T = TypeVar("T")

LISTED = 10_000
ALLOWED_SECONDS = 30

console = Console()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--editions", type=int, default=1_000_000)
    asyncio.run(measure(parser.parse_args().editions))


async def measure(editions: int) -> None:
    """All measurements, each printed when it is done.

    Raises: SystemExit when the whole catalogue takes longer than allowed.
    """
    home = HOME / str(editions)
    home.mkdir(parents=True, exist_ok=True)
    made.write_libraries(home / "libraries")
    engine = open_engine("", home / "index")
    try:
        if not await _holds(engine, editions):
            await made.fill(engine, editions, console)
        await _measure(engine, editions)
    finally:
        await engine.close()


async def _holds(engine: SearchEngine, editions: int) -> bool:
    try:
        return await engine.count() >= editions
    except EngineIncompatible:
        return False


async def _measure(engine: SearchEngine, editions: int) -> None:
    members = tuple(made.libraries())
    table = Table("what", title=f"{editions:,} editions, {len(members)} members, embedded engine")
    for heading in ("editions", "seconds", "CPU seconds"):
        table.add_column(heading, justify="right")

    async def row(words: str, what: Callable[[], Awaitable[T]], count: Callable[[T], int]) -> float:
        began, used = time.perf_counter(), time.process_time()
        found = await what()
        seconds = time.perf_counter() - began
        table.add_row(words, f"{count(found):,}", f"{seconds:.2f}", f"{time.process_time() - used:.2f}")
        return seconds

    whole = await row(
        "members × members, seven axes",
        lambda: measured(engine, Scope.read(), members),
        lambda found: found.whole.editions,
    )
    chinese = Scope.read([("language", "chi"), ("year_from", "2000")])
    await row(
        "the same of what a search finds",
        lambda: measured(engine, chinese, members),
        lambda found: found.whole.editions,
    )
    await row(
        f"held by one library only, the first {LISTED:,} lines",
        lambda: _listed(engine, members[0]),
        lambda found: found,
    )
    console.print(table)
    if editions <= 1_000_000 and whole > ALLOWED_SECONDS:
        raise SystemExit(f"comparing took {whole:.1f} s; {ALLOWED_SECONDS} s are allowed for a million editions")


async def _listed(engine: SearchEngine, library: str) -> int:
    count, after = 0, ""
    while count < LISTED:
        page = await engine.search(
            SearchRequest(
                first=(library,),
                only="first",
                held_to=1,
                sort="call_number",
                after=after,
                limit=min(500, LISTED - count),
            )
        )
        count, after = count + len(page.hits), page.cursor
        if not after:
            break
    return count


if __name__ == "__main__":
    main()

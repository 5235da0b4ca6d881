"""`make bench-overlap N=1000000`: a selector's list of 10,000 ISBNs against N editions, and lists without ISBNs.

Over the catalogue that `make bench-load N=…` left behind, where lines are matched by title too; without one over the
made-up index of `make bench-search N=…`. Every list takes the way of the product: read, checked, kept in the store,
and its first page told. Beside the time what the processor did for it: on a busy machine only that can be compared.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import io
import os
import random
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from rich.console import Console
from rich.table import Table

from benchmarks import made
from benchmarks.load import folder_of
from benchmarks.search import HOME
from harvester.store import Store
from indexer import catalogue_rows as rows
from indexer import codec
from indexer.catalogue import Catalogue
from indexer.engine import EngineIncompatible, SearchEngine
from indexer.engine.open import open_engine
from mappings.library import Library
from search_api.selecting.answering import Answers
from search_api.selecting.asking import Asked
from search_api.selecting.found import Bucket
from search_api.selecting.listing import Options
from search_api.selecting.matching import Shelves
from search_api.selecting.reports import Reports
from search_api.selecting.running import Desk
from search_api.settings import Settings

LINES = 10_000
UNKNOWN = 0.2
"""The share of ISBNs that nobody holds: what selectors look for."""

console = Console()


@dataclass(frozen=True, slots=True)
class Book:
    isbn: str
    title: str
    creator: str
    publisher: str
    year: int | None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--editions", type=int, default=1_000_000)
    parser.add_argument("--lines", type=int, default=LINES)
    arguments = parser.parse_args()
    asyncio.run(measure(Settings.from_environment(), arguments.editions, arguments.lines))


async def measure(settings: Settings, editions: int, lines: int) -> None:
    """Checks each list once and prints what it took."""
    loaded = folder_of(settings, editions) / "state"
    home = loaded if (loaded / "catalogue.sqlite3").exists() else HOME / str(editions)
    own = home / "overlap"
    shutil.rmtree(own, ignore_errors=True)
    own.mkdir(parents=True)
    # Reports are kept in a database of their own: the measured catalogue stays as it is.
    store = Store.open(f"sqlite:///{own / 'reports.sqlite3'}")
    matched = Store.open(f"sqlite:///{home / 'catalogue.sqlite3'}") if home == loaded else store
    engine = open_engine(settings.engine, home / "index")
    try:
        if home != loaded and await _absent(engine, editions):
            await made.fill(engine, editions, console)
        held = await engine.count()
        kind = "records loaded" if home == loaded else "made-up editions"
        console.print(f"{held:,} editions ({kind}), load of the machine {os.getloadavg()[0]:.1f}")
        catalogue = Catalogue(matched.engine)
        books = _of_catalogue(catalogue, lines) if home == loaded else _made_up(editions, lines)
        libraries: dict[str, Library] = made.libraries()
        desk = Desk(Reports(store), Shelves(engine, catalogue, libraries))
        await _lists(desk, Answers(desk.reports, libraries), books, described=home == loaded)
    finally:
        await engine.close()
        store.close()
        if matched is not store:
            matched.close()
        shutil.rmtree(own, ignore_errors=True)


async def _absent(engine: SearchEngine, editions: int) -> bool:
    try:
        return await engine.count() < editions
    except EngineIncompatible:
        return True


async def _lists(desk: Desk, answers: Answers, books: Sequence[Book], *, described: bool) -> None:
    table = Table("list", title="read, checked and kept; then its first page with all sums")
    for heading in ("lines", "seconds", "CPU s", "page ms", "held", "possible", "not held"):
        table.add_column(heading, justify="right")
    tenth = books[: max(1, len(books) // 10)]
    lists: list[tuple[str, bytes]] = [("ISBNs", _isbns(books)), ("ISBN, title, creator …", _csv(books, isbn=True))]
    if described:
        lists.append(("title, creator, publisher, year", _csv(tenth, isbn=False)))
    for name, data in lists:
        began, used = time.perf_counter(), time.process_time()
        report = desk.reports.add(data, name, "", Options())
        await desk.finish(report)
        seconds, processor = time.perf_counter() - began, time.process_time() - used
        began = time.perf_counter()
        answered = answers.page(report, Asked())
        page = (time.perf_counter() - began) * 1000
        buckets = answered.totals.buckets
        figures = (answered.totals.lines, f"{seconds:.1f}", f"{processor:.1f}", f"{page:.0f}")
        held = buckets[Bucket.SAME] + buckets[Bucket.OTHER]
        table.add_row(name, *map(_shown, (*figures, held, buckets[Bucket.POSSIBLE], buckets[Bucket.NONE])))
    console.print(table)


def _shown(value: int | str) -> str:
    return f"{value:,}" if isinstance(value, int) else value


def _made_up(editions: int, lines: int) -> list[Book]:
    dice = random.Random(3)
    stretches = max(1, editions // made.AT_ONCE)
    found: list[Book] = []
    for stretch in dice.sample(range(stretches), min(stretches, 8)):
        for one in islice(made.editions(stretch), lines // 4):
            isbn = next((i.value.value for i in one.identifiers), "")
            title, imprint = one.titles[0].value, one.imprints[0].value
            if isbn:
                found.append(Book(isbn, title.proper, one.agents[0].value.name, imprint.publisher, one.year))
    dice.shuffle(found)
    return _some_unknown(found[:lines], dice)


def _of_catalogue(catalogue: Catalogue, lines: int) -> list[Book]:
    dice = random.Random(3)
    found: list[Book] = []
    with catalogue.engine.connect() as connection:
        numbers = range(1, rows.next_number(connection))
        wanted = dice.sample(numbers, min(len(numbers), 2 * lines))
        for data in rows.payloads(connection, wanted).values():
            record = codec.decode(data)
            isbns, title = record.numbers("isbn"), record.title
            if isbns and title:
                publisher = next((one.publisher for one in record.imprints), "")
                creator = next((agent.name for agent in record.agents), "")
                found.append(Book(isbns[0], title.proper, creator, publisher, record.year))
    dice.shuffle(found)
    return _some_unknown(found[:lines], dice)


def _some_unknown(books: Sequence[Book], dice: random.Random) -> list[Book]:
    """The same with ISBNs and titles among them that nobody has."""
    return [_unknown(book, at) if dice.random() < UNKNOWN else book for at, book in enumerate(books)]


def _unknown(book: Book, at: int) -> Book:
    body = f"97986{at:07d}"
    check = -(sum(map(int, body[::2])) + 3 * sum(map(int, body[1::2]))) % 10
    return Book(f"{body}{check}", f"{book.title[::-1]} {at}", f"nobody {at}", book.publisher, book.year)


def _isbns(books: Sequence[Book]) -> bytes:
    return "\n".join(book.isbn for book in books).encode()


def _csv(books: Sequence[Book], *, isbn: bool) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["書名", "作者", "出版社", "出版年", *(["ISBN"] if isbn else [])])
    for book in books:
        told = [book.title, book.creator, book.publisher, book.year or ""]
        writer.writerow([*told, book.isbn] if isbn else told)
    return out.getvalue().encode()


if __name__ == "__main__":
    main()

"""An index of any number of made-up editions, for `make bench-search`: their documents as the indexer makes them,
without harvesting, reading and matching a record.

Made once for each number of editions and version of the mapping, and kept under ``build/``.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate
from multiprocessing import get_context
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from fixtures.generate import Book, books
from indexer.document import document
from indexer.engine import Document, SearchEngine
from indexer.record import (
    Agent,
    Carrier,
    Classification,
    Edition,
    Format,
    Holding,
    Identifier,
    Imprint,
    Item,
    Member,
    Sourced,
    Subject,
    Title,
)
from mappings.library import Harvest, Library

MEMBERS = 34
"""Libraries of the made-up consortium: as many as a country's public libraries have systems."""

HELD_BY = ((1, 30), (2, 18), (3, 13), (4, 9), (6, 12), (9, 10), (14, 6), (22, 2))
"""How many libraries hold an edition, and how often out of a hundred: 4.3 on average."""

AT_ONCE = 5_000
PROCESSES = 2
REGIONS = ("north", "central", "south", "east")
FORMATS = ((Format.BOOK, 80), (Format.SOUND, 6), (Format.FILM, 6), (Format.SERIAL, 5), (Format.MAP, 3))


def libraries() -> dict[str, Library]:
    """The members, by code; the first are the largest."""
    codes = [f"m{number:02d}" for number in range(1, MEMBERS + 1)]
    return {
        code: Library(
            code=code,
            name={"zh-Hant": f"第{number}圖書館", "en": f"Library {number}"},
            region=REGIONS[number % len(REGIONS)],
            kind="city",
            harvest=Harvest(protocol="marc-dump", files=(f"/nowhere/{code}.mrc",)),
        )
        for number, code in enumerate(codes, 1)
    }


def write_libraries(folder: Path) -> None:
    """Writes the members' files, for a server that reads them."""
    folder.mkdir(parents=True, exist_ok=True)
    for code, library in libraries().items():
        names = f'"zh-Hant" = "{library.name["zh-Hant"]}", en = "{library.name["en"]}"'
        (folder / f"{code}.toml").write_text(
            f'code = "{code}"\nname = {{ {names} }}\nregion = "{library.region}"\nkind = "city"\n'
            f'[harvest]\nprotocol = "marc-dump"\nfiles = ["/nowhere/{code}.mrc"]\n',
            encoding="utf-8",
        )


def editions(stretch: int) -> Iterator[Edition]:
    """The editions of one stretch of `AT_ONCE`, always the same."""
    dice = random.Random(stretch)
    members = tuple(libraries())
    larger = tuple(accumulate(1 / (rank + 3) for rank in range(MEMBERS)))  # libraries differ in size as towns do
    source = books(seed=1_000 + stretch, after=stretch * AT_ONCE)
    shelf = [next(source) for _ in range(AT_ONCE)]
    for book in shelf:
        holders = _holders(dice, members, larger)
        yield _edition(dice, replace(book, creator=_name(dice, shelf, book)), holders)


def _holders(dice: random.Random, members: Sequence[str], larger: Sequence[float]) -> tuple[str, ...]:
    sizes, weights = zip(*HELD_BY, strict=True)
    wanted = dice.choices(sizes, weights)[0]
    found: set[str] = set()
    while len(found) < wanted:
        found.update(dice.choices(members, cum_weights=larger, k=wanted - len(found)))
    return tuple(sorted(found))


def _name(dice: random.Random, shelf: Sequence[Book], book: Book) -> str:
    """The surname of one and the given name of another: a catalogue has more authors than the words were taken from."""
    other = dice.choice(shelf).creator
    if "," in book.creator and "," in other:
        return f"{book.creator.partition(',')[0]},{other.partition(',')[2]}"
    if not book.creator.isascii() and not other.isascii() and " " not in book.creator + other:
        return book.creator[:1] + other[1:]
    return book.creator


def _edition(dice: random.Random, book: Book, holders: tuple[str, ...]) -> Edition:
    chinese = book.language == "chi"
    formats, weights = zip(*FORMATS, strict=True)
    more = book.other or book.publisher
    note = f"{book.title}，{more}。" if chinese else f"{book.title}. {more}."
    call_number = f"{book.ddc} {book.creator[:2]}"
    records = {code: f"{code}-{book.key}" for code in holders}
    return Edition(
        id=f"made-{book.key}",
        members=tuple(Member(code, record, record, "marc21") for code, record in records.items()),
        titles=(
            Sourced(Title(book.title, book.other, f"第{book.volume}冊" if book.volume and chinese else ""), holders),
        ),
        responsibilities=(Sourced(f"{book.creator}著" if chinese else book.creator, holders),),
        agents=(Sourced(Agent(book.creator, role="aut", main=True), holders),),
        editions=(Sourced(book.statement, holders),) if book.statement else (),
        imprints=(Sourced(Imprint(book.place, book.publisher, str(book.year)), holders),),
        years=(Sourced(book.year, holders),),
        extents=(Sourced(f"{book.pages}面" if chinese else f"{book.pages} p.", holders),),
        notes=(Sourced(note, holders[:1]),),
        subjects=tuple(Sourced(Subject(text), holders) for text in book.subjects),
        classifications=(Sourced(Classification(book.ddc, "ddc"), holders),),
        identifiers=(Sourced(Identifier("isbn", book.isbn), holders),) if book.isbn else (),
        languages=(book.language,),
        country=book.country.strip(),
        format=dice.choices(formats, weights)[0],
        carrier=Carrier.ONLINE if dice.random() < 0.05 else Carrier.PRINT,
        holdings=tuple(
            Holding(
                code,
                record,
                record,
                branch="MAIN",
                location="STACK",
                call_number=call_number,
                items=(Item(barcode=f"{code}{dice.randrange(10**9):09d}"),),
            )
            for code, record in records.items()
        ),
        work=f"made-{book.key.partition('-')[0]}",
    )


def documents(stretch: int) -> list[Document]:
    """The index documents of one stretch of editions."""
    held_by = libraries()
    return [document(edition, held_by) for edition in editions(stretch)]


async def fill(engine: SearchEngine, count: int, console: Console) -> None:
    """Fills a new index with ``count`` editions, a multiple of `AT_ONCE`; two processes make the documents."""

    async def batches() -> AsyncIterator[Sequence[Document]]:
        with get_context("spawn").Pool(PROCESSES) as pool, Progress(console=console) as progress:
            task = progress.add_task("make an index", total=count)
            coming = pool.imap(documents, range(-(-count // AT_ONCE)))
            while (batch := await asyncio.to_thread(next, coming, None)) is not None:
                yield batch
                progress.advance(task, len(batch))

    await engine.rebuild(batches())

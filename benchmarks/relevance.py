"""`make bench-relevance`: the golden queries over the demo consortium and the real files; MRR, nDCG@10, what fails.

The records are read, matched and indexed as in life, into an embedded engine in a folder of their own.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from operator import attrgetter
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.golden import NOTHING, GoldenQuery, Outcome, mrr, ndcg, outcomes
from benchmarks.real_catalogue import DATA, fill_real, real_queries
from benchmarks.real_catalogue import QUERIES as REAL_QUERIES
from fixtures.consortium.build import build_consortium
from fixtures.consortium.editions import Edition as Book
from fixtures.consortium.editions import load_editions
from fixtures.marcxml import marcxml
from harvester.store import RawRecord, Store
from indexer.catalogue import Catalogue
from indexer.engine import SearchEngine
from indexer.engine.embedded import EmbeddedEngine
from indexer.record import Edition
from indexer.run import index_changes
from mappings.library import load_libraries

QUERIES = Path(__file__).parents[1] / "tests" / "golden" / "consortium.toml"

console = Console()


def golden_queries(path: Path = QUERIES, books: Iterable[Book] | None = None) -> list[GoldenQuery]:
    """The queries of a file.

    Raises: ValueError for a query that wants what no library holds.
    """
    shelf = tuple(load_editions() if books is None else books)
    held = {record.edition for member in build_consortium(shelf).values() for record in member.records}
    found, unheld = [], []
    for script, rows in tomllib.loads(path.read_text(encoding="utf-8")).items():
        for text, *wants in rows:
            keys = {book.key for book in shelf for want in wants if book.key in held and _is_wanted(book, want)}
            if not keys and wants != [NOTHING]:
                unheld.append(f"{text!r} wants {wants}")
            found.append(GoldenQuery(script, text, frozenset(keys)))
    if unheld:
        raise ValueError(f"{path.name}: nobody holds: {'; '.join(unheld)}")
    return found


def _is_wanted(book: Book, want: str) -> bool:
    name, _, language = want.partition("@")
    if language and book.language != language:
        return False
    if name.startswith("by:"):
        return any(name[3:] in (creator.name, creator.romanised) for creator in book.creators)
    return name in (book.work, book.key)


async def fill(engine: SearchEngine, home: Path) -> dict[tuple[str, str], str]:
    """Indexes the demo consortium; the key of the book each record (library, identifier) describes."""
    libraries = load_libraries()
    store = Store.open(f"sqlite:///{home / 'catalogue.sqlite'}")
    keys: dict[tuple[str, str], str] = {}
    try:
        for code, member in build_consortium(load_editions()).items():
            files = any(file.endswith(".mrc") for file in libraries[code].harvest.files)
            page = []
            for built in member.records:
                payload = built.marc.as_marc() if files else marcxml(built.marc).encode()
                page.append(RawRecord(code, built.identifier, "iso2709" if files else "marcxml", payload))
                keys[code, built.identifier] = built.edition
            run = store.begin_run(code, "full", "the demo")
            store.commit_page(run, page, None)
            store.finish_run(run, "complete")
        await index_changes(store, Catalogue(store.engine), engine, libraries)
    finally:
        store.close()
    return keys


def book_of(keys: Mapping[tuple[str, str], str]) -> Callable[[Edition], str]:
    """How an edition's book is named: by the key of one of its records'."""
    return partial(_key, keys)


def _key(keys: Mapping[tuple[str, str], str], edition: Edition) -> str:
    return next((keys[m.library, m.identifier] for m in edition.members if (m.library, m.identifier) in keys), "")


async def measure() -> list[Outcome]:
    """What the queries over the demo consortium find."""
    queries = golden_queries()
    with tempfile.TemporaryDirectory() as folder:
        engine = EmbeddedEngine(Path(folder) / "index")
        try:
            keys = await fill(engine, Path(folder))
            return await outcomes(engine, queries, book_of(keys))
        finally:
            await engine.close()


async def measure_real() -> list[Outcome]:
    """What the queries over the real files find."""
    text = REAL_QUERIES.read_text(encoding="utf-8")  # a small file, before anything is asked
    with tempfile.TemporaryDirectory() as folder:
        engine = EmbeddedEngine(Path(folder) / "index")
        try:
            await fill_real(engine, Path(folder))
            return await outcomes(engine, await real_queries(engine, text), attrgetter("id"))
        finally:
            await engine.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", action="store_true", help="list every query whose first ten could be better")
    arguments = parser.parse_args()
    _report(asyncio.run(measure()), "the demo consortium", every=arguments.all)
    if DATA.is_dir():
        _report(asyncio.run(measure_real()), "the real files", every=arguments.all)
    else:
        console.print(f"The real files are not here: {DATA}")


def _report(found: Sequence[Outcome], shelf: str, *, every: bool) -> None:
    table = Table("script", title=f"{len(found)} golden queries over {shelf}")
    for heading in ("queries", "first hit right", "MRR", "nDCG@10"):
        table.add_column(heading, justify="right")
    for script in dict.fromkeys(outcome.query.script for outcome in found):
        _add_row(table, script, [outcome for outcome in found if outcome.query.script == script])
    table.add_section()
    _add_row(table, "all", found)
    console.print(table)
    failures = [one for one in found if one.reciprocal_rank < 1 or (every and one.ndcg < 1)]
    for one in failures:
        wanted = ", ".join(sorted(one.query.wanted)[:3]) or "nothing"
        console.print(
            f"[red]{one.query.text}[/] {one.reciprocal_rank:.2f} {one.ndcg:.2f} wants {wanted}; "
            f"found {', '.join(one.found[:3]) or 'nothing'}",
            soft_wrap=True,
        )
    if not failures:
        console.print("No failures.")


def _add_row(table: Table, script: str, found: Sequence[Outcome]) -> None:
    right = sum(outcome.reciprocal_rank == 1 for outcome in found)
    table.add_row(script, str(len(found)), str(right), f"{mrr(found):.3f}", f"{ndcg(found):.3f}")


if __name__ == "__main__":
    main()

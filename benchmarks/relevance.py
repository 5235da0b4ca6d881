"""`make bench-relevance`: the golden queries over the demo consortium; MRR, nDCG@10, and every query that fails.

The demo's records are read, matched and indexed as in life, into an embedded engine in a folder of their own.
"""

from __future__ import annotations

import argparse
import asyncio
import math
import statistics
import tempfile
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from fixtures.consortium.build import build_consortium
from fixtures.consortium.editions import Edition as Book
from fixtures.consortium.editions import load_editions
from fixtures.marcxml import marcxml
from harvester.store import RawRecord, Store
from indexer.catalogue import Catalogue
from indexer.engine import Clause, SearchEngine, SearchRequest
from indexer.engine.embedded import EmbeddedEngine
from indexer.record import Edition
from indexer.run import index_changes
from mappings.library import load_libraries

QUERIES = Path(__file__).parents[1] / "tests" / "golden" / "consortium.toml"
SHOWN = 10
NOTHING = "none"

console = Console()


@dataclass(frozen=True, slots=True)
class GoldenQuery:
    """What is typed, and the keys of the books of which one is wanted first; none when nothing should be found."""

    script: str
    text: str
    wanted: frozenset[str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a query found: the book of each of the first hits, and how good that is."""

    query: GoldenQuery
    found: tuple[str, ...]

    @property
    def reciprocal_rank(self) -> float:
        if not self.query.wanted:
            return float(not self.found)
        return next((1 / rank for rank, key in enumerate(self.found, 1) if key in self.query.wanted), 0.0)

    @property
    def ndcg(self) -> float:
        """Of the first ten, every wanted book being worth as much as another."""
        if not self.query.wanted:
            return float(not self.found)
        gained = sum(1 / math.log2(rank + 1) for rank, key in enumerate(self.found, 1) if key in self.query.wanted)
        ideal = sum(1 / math.log2(rank + 1) for rank in range(1, min(SHOWN, len(self.query.wanted)) + 1))
        return min(gained / ideal, 1.0)


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


async def outcomes(
    engine: SearchEngine, queries: Sequence[GoldenQuery], keys: Mapping[tuple[str, str], str]
) -> list[Outcome]:
    """What each query finds."""
    found = []
    for query in queries:
        page = await engine.search(SearchRequest((Clause(query.text),), limit=SHOWN))
        found.append(Outcome(query, tuple(_key(hit.edition, keys) for hit in page.hits)))
    return found


def _key(edition: Edition, keys: Mapping[tuple[str, str], str]) -> str:
    return next((keys[m.library, m.identifier] for m in edition.members if (m.library, m.identifier) in keys), "")


def mrr(found: Sequence[Outcome]) -> float:
    return statistics.fmean(outcome.reciprocal_rank for outcome in found)


def ndcg(found: Sequence[Outcome]) -> float:
    return statistics.fmean(outcome.ndcg for outcome in found)


async def measure() -> list[Outcome]:
    queries = golden_queries()
    with tempfile.TemporaryDirectory() as folder:
        engine = EmbeddedEngine(Path(folder) / "index")
        try:
            keys = await fill(engine, Path(folder))
            return await outcomes(engine, queries, keys)
        finally:
            await engine.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", action="store_true", help="list every query whose first ten could be better")
    arguments = parser.parse_args()
    found = asyncio.run(measure())
    table = Table("script", title=f"{len(found)} golden queries over the demo consortium")
    for heading in ("queries", "first hit right", "MRR", "nDCG@10"):
        table.add_column(heading, justify="right")
    for script in dict.fromkeys(outcome.query.script for outcome in found):
        _add_row(table, script, [outcome for outcome in found if outcome.query.script == script])
    table.add_section()
    _add_row(table, "all", found)
    console.print(table)
    failures = [one for one in found if one.reciprocal_rank < 1 or (arguments.all and one.ndcg < 1)]
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

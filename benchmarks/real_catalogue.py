"""The catalogue of the real files beside the checkout, each file as one member, and the golden queries asked of it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

from benchmarks.golden import GoldenQuery
from harvester.run import harvest
from harvester.store import Store
from indexer.analysis import key
from indexer.catalogue import Catalogue
from indexer.engine import MAX_WINDOW, SearchEngine, SearchRequest
from indexer.record import Edition
from indexer.run import index_changes
from mappings.library import Harvest, Library, Records

DATA = Path(__file__).parents[2] / "shared" / "data"

QUERIES = Path(__file__).parents[1] / "tests" / "golden" / "real.toml"

FILES = {
    "austen": "marc/austen-383-from-49-libraries.utf8.mrc",
    "folio": "marc/folio-1000-62distinct.utf8.mrc",
    "dnb": "marc/dnb-499.utf8.mrc",
    "uva": "marc/uva-2000.marc8.mrc",
    "loc": "marc/lc-1960s-2000.marc8.mrc",
    "jazz": "marc/jazz-1000.marc8.mrc",
    "laurentian": "marc/laurentian-french-500.marc8.mrc",
    "hebrew": "marc/hebrew-20.marc8.mrc",
    "russian": "marc/russian-52.mislabelled-utf8.mrc",
    "nepali": "marc/nepali-96.mislabelled.mrc",
    "traject": "marc/traject-30-many-scripts.utf8.mrc",
    "koha": "marc/koha-sample-434.marcxml.xml",
}
"""Member → file."""


def members() -> dict[str, Library]:
    """The files as members of a consortium."""
    return {
        code: Library(
            code=code,
            name={"en": code},
            region="abroad",
            kind="university",
            harvest=Harvest(protocol="marc-dump", files=(str(DATA / file),)),
            records=Records(dialect="auto"),
        )
        for code, file in FILES.items()
    }


async def fill_real(engine: SearchEngine, home: Path) -> None:
    """Harvests, reads, matches and indexes the files."""
    libraries = members()
    store = Store.open(f"sqlite:///{home / 'catalogue.sqlite3'}")
    try:
        await harvest(libraries.values(), store)
        await index_changes(store, Catalogue(store.engine), engine, libraries)
    finally:
        store.close()


async def real_queries(engine: SearchEngine, text: str) -> list[GoldenQuery]:
    """The queries of a file's text, what they want as ids of editions that the engine holds.

    Raises: ValueError for a query that wants what no record is.
    """
    shelf = [hit.edition for hit in (await engine.search(SearchRequest(limit=MAX_WINDOW))).hits]
    found, absent = [], []
    for script, rows in tomllib.loads(text).items():
        for typed, _, *wants in rows:
            sought = {want: frozenset(_wanted(shelf, want)) for want in wants}
            absent += [f"{typed!r} wants {want!r}" for want, ids in sought.items() if not ids]
            found.append(GoldenQuery(script, typed, frozenset().union(*sought.values())))
    if absent:
        raise ValueError(f"no record is: {'; '.join(absent)}")
    return found


def _wanted(shelf: Iterable[Edition], want: str) -> Iterator[str]:
    kind, _, name = want.partition(":")
    title, _, language = name.partition("@")
    for edition in shelf:
        if kind == "titled":
            begins = edition.title is not None and key(edition.title.proper).startswith(key(title))
            if begins and (not language or edition.languages[:1] == (language,)):
                yield edition.id
        elif any(member.library == kind and member.identifier == name for member in edition.members):
            yield edition.id

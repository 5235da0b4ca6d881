"""Real files of records as editions and works, for the table of ``docs/matching.md``: `make docs-matching` writes it.

The files stand beside the checkout, in ``../shared/data``.
"""

from __future__ import annotations

import csv
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from pymarc import Field, Subfield
from pymarc import Record as MarcRecord

from harvester.store import RawRecord, Store
from indexer import work_rows, works
from indexer.catalogue import Catalogue
from indexer.matching import Matcher
from indexer.preparing import prepare_raw
from indexer.record import Record, RecordRef
from indexer.update import apply
from mappings.library import Harvest, Library

DATA = Path(__file__).parents[2] / "shared" / "data"
_NUMBER = re.compile(r"(?<!\d)(?:97[89]\d{10}|\d{9}[\dXx])(?!\d)")
_END_OF_RECORD = b"\x1d"


@dataclass(frozen=True, slots=True)
class RealFile:
    """Files read as one catalogue each, and what they are."""

    what: str
    files: tuple[str, ...]


FILES = (
    RealFile("novels of Jane Austen from 49 libraries", ("marc/austen-383-from-49-libraries.utf8.mrc",)),
    RealFile("one library, the same 62 records over and over", ("marc/folio-1000-62distinct.utf8.mrc",)),
    RealFile("computing at two universities, as tables", ("tables/uw-madison.tsv", "tables/uiuc.tsv")),
)


@dataclass(frozen=True, slots=True)
class Figures:
    """What became of files. ``conflicting``: editions with two records that differ in ISBN, publisher, year and pages
    at once. ``common``: ISBNs that more than one file has; ``joined``: of them, those that stand in an edition of
    records of several files."""

    records: int
    editions: int
    works: int
    conflicting: int
    common: int
    joined: int


def figures(real: RealFile, data: Path = DATA) -> Figures:
    """Loads the files, each as a library's, into an empty catalogue."""
    libraries = {f"file{place}": _library(f"file{place}") for place, _ in enumerate(real.files)}
    raws = [raw for code, name in zip(libraries, real.files, strict=True) for raw in _raws(code, data / name)]
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(f"sqlite:///{folder}/catalogue.sqlite3")
        try:
            catalogue = Catalogue(store.engine)
            with catalogue.writing() as connection:
                works.follow_rules(connection)
                apply(connection, Matcher(), prepare_raw(raws, 0, libraries).prepared, ())
                works.follow_editions(connection)
                of_works = work_rows.works_of(connection)
            edition_of = catalogue.editions_of_all()
            records = catalogue.records(edition_of)
        finally:
            store.close()
    editions: dict[str, list[Record]] = defaultdict(list)
    for ref, edition in edition_of.items():
        editions[edition].append(records[ref])
    alone = len(editions) - len(of_works)
    common, joined = _overlap(edition_of, records)
    conflicting = sum(any(_conflict(a, b) for a, b in combinations(group, 2)) for group in editions.values())
    return Figures(
        len(records), len(editions), alone + len(set(of_works.values())), conflicting, len(common), len(joined)
    )


def _overlap(edition_of: dict[RecordRef, str], records: dict[RecordRef, Record]) -> tuple[set[str], set[str]]:
    held: dict[str, set[str]] = defaultdict(set)
    in_edition: dict[tuple[str, str], set[str]] = defaultdict(set)
    for ref, record in records.items():
        for isbn in record.numbers("isbn"):
            held[isbn].add(ref.library)
            in_edition[isbn, edition_of[ref]].add(ref.library)
    common = {isbn for isbn, codes in held.items() if len(codes) > 1}
    return common, {isbn for (isbn, _), codes in in_edition.items() if len(codes) > 1}


def _conflict(a: Record, b: Record) -> bool:
    isbns = [set(one.numbers("isbn")) for one in (a, b)]
    publishers = [{imprint.publisher for imprint in one.imprints if imprint.publisher} for one in (a, b)]
    return (
        all((*isbns, *publishers, a.year, b.year, a.pages, b.pages))
        and isbns[0].isdisjoint(isbns[1])
        and publishers[0].isdisjoint(publishers[1])
        and a.year != b.year
        and a.pages != b.pages
    )


def _library(code: str) -> Library:
    harvest = Harvest(protocol="marc-dump", files=("x",))
    return Library(code=code, name={"en": code}, region="north", kind="university", harvest=harvest)


def _raws(code: str, file: Path) -> Iterator[RawRecord]:
    if file.suffix == ".tsv":
        with file.open(encoding="utf-8", newline="") as text:
            for place, row in enumerate(csv.DictReader(text, delimiter="\t")):
                yield RawRecord(code, str(place), "iso2709", _of_row(str(place), row).as_marc())
        return
    for place, payload in enumerate(file.read_bytes().split(_END_OF_RECORD)[:-1]):
        yield RawRecord(code, str(place), "iso2709", payload + _END_OF_RECORD)


def _of_row(number: str, row: dict[str, str]) -> MarcRecord:
    """A row of a table as MARC21: title, names, imprint, numbers and extent, as far as the table parts them."""
    record = MarcRecord(leader="00000nam a2200000 a 4500", force_utf8=True)
    record.add_field(Field("001", data=number))
    title, _, other = (row["Title"] or "").partition(" : ")
    fields = [("020", [("a", isbn)]) for isbn in dict.fromkeys(_NUMBER.findall(row["ISBN"] or ""))]
    fields += [("100", [("a", row["Author"])])] if row["Author"] else []
    fields += [("245", [("a", title.strip()), *([("b", other.strip())] if other else [])])]
    place, _, rest = (row["Publication"] or "").partition(" : ")
    publisher, _, date = rest.rpartition(", ")
    fields += [("260", [(code, text) for code, text in zip("abc", (place, publisher, date), strict=True) if text])]
    fields += [("300", [("a", row["Physical Details"])])] if row["Physical Details"] else []
    for tag, subfields in fields:
        if subfields:
            record.add_field(Field(tag, ["1", "0"], [Subfield(code, text) for code, text in subfields]))
    return record


def table(found: Sequence[tuple[RealFile, Figures]]) -> str:
    """The table in Markdown."""
    lines = [
        "| File | Records | Editions | Works | contradicting themselves | ISBNs in common | of them joined |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    for real, one in found:
        overlap = f"{one.common:,} | {one.joined:,}" if len(real.files) > 1 else "|"
        lines.append(
            f"| {real.what} | {one.records:,} | {one.editions:,} | {one.works:,} | {one.conflicting:,} | {overlap} |"
        )
    return "\n".join(lines) + "\n"

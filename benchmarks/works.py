"""`make bench-works`: works of the demo consortium against the truth of its editions, and the table of the page.

Every edition of the consortium is one of a text, a language and a part: two of one are one work. The records are what
the members' catalogues hold; the editions are those that matching makes of them.
"""

from __future__ import annotations

import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from rich.console import Console

from benchmarks.generated_part import GeneratedPart
from benchmarks.quality import PairQuality
from fixtures.consortium.build import BuiltRecord, build_consortium
from fixtures.consortium.editions import Edition, load_editions
from fixtures.marcxml import marcxml
from harvester.store import RawRecord, Store
from indexer import work_rows, works
from indexer.catalogue import Catalogue
from indexer.matching import Matcher
from indexer.preparing import prepare_raw
from indexer.update import apply
from mappings.library import load_libraries

PART = GeneratedPart(
    Path(__file__).parents[1] / "docs" / "matching.md", "make bench-works", end="<!-- end of works -->"
)


@dataclass(frozen=True, slots=True)
class WorkQuality(PairQuality):
    """Pairs of editions of one text, language and part."""

    editions: int
    works: int  # found, with two editions or more


def demo_works() -> WorkQuality:
    """The quality of the works of the demo consortium."""
    known = {edition.key: edition for edition in load_editions()}
    built = [record for catalogue in build_consortium(known.values()).values() for record in catalogue.records]
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(f"sqlite:///{folder}/catalogue.sqlite3")
        try:
            groups = _derived(Catalogue(store.engine), built)
        finally:
            store.close()
    return quality(groups, known)


def quality(groups: Sequence[Sequence[str]], known: Mapping[str, Edition]) -> WorkQuality:
    """Works, as the keys of the true editions that each holds, against the truth."""
    true = {pair for ones in _truth(known).values() for pair in combinations(sorted(ones), 2)}
    found = {pair for group in groups for pair in combinations(sorted(set(group)), 2)}
    several = sum(len(set(group)) > 1 for group in groups)
    return WorkQuality(len(true), len(found), len(found & true), editions=len(known), works=several)


def _truth(known: Mapping[str, Edition]) -> Mapping[tuple[str, ...], list[str]]:
    texts: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for key, one in known.items():
        texts[one.work, one.language, one.part_number, one.part_name].append(key)
    return texts


def _derived(catalogue: Catalogue, built: Sequence[BuiltRecord]) -> list[list[str]]:
    """The works made of the records; an edition counts as the one that most of its records describe."""
    libraries = load_libraries()
    raws = [RawRecord(one.library, one.identifier, "marcxml", marcxml(one.marc).encode()) for one in built]
    with catalogue.writing() as connection:
        works.follow_rules(connection)
        apply(connection, Matcher(), prepare_raw(raws, 0, libraries).prepared, ())
        works.follow_editions(connection)
        of = work_rows.works_of(connection)
    described: dict[str, Counter[str]] = defaultdict(Counter)
    keys = {(one.library, one.identifier): one.edition for one in built}
    for ref, edition in catalogue.editions_of_all().items():
        described[edition][keys[ref]] += 1
    groups: dict[str, list[str]] = defaultdict(list)
    for edition, work in of.items():
        groups[work].append(min(described[edition].items(), key=lambda item: (-item[1], item[0]))[0])
    return list(groups.values())


def table(found: WorkQuality) -> str:
    """The table in Markdown."""
    return "\n".join(_lines(found)) + "\n"


def _lines(found: WorkQuality) -> Iterator[str]:
    yield "| Editions | works of several | pairs of one work | found | precision | recall |"
    yield "|--:|--:|--:|--:|--:|--:|"
    yield (
        f"| {found.editions:,} | {found.works:,} | {found.true:,} | {found.found:,} "
        f"| {found.precision:.3f} | {found.recall:.3f} |"
    )


def main() -> None:
    found = demo_works()
    PART.write(table(found))
    Console().print(table(found), end="")


if __name__ == "__main__":
    main()

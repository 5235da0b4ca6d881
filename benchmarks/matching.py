"""`make bench-matching`: how well pairs of real records are judged, against labels.

A folder of pairs holds ``labels.csv`` (id1, id2, label: 1 = same edition) and the records as MARC-in-JSON, one a line,
two lines a pair in the order of the labels, in a ``.json`` file or a ``.zip`` of one.
"""

from __future__ import annotations

import argparse
import csv
import time
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import orjson
from rapidfuzz import fuzz
from rich.console import Console
from rich.table import Table

from indexer import marc21, unimarc
from indexer.compare import Judgement, judgement, opinion
from indexer.marc import Field, Marc
from indexer.match_keys import keys_of
from indexer.profile import Profile, profile
from indexer.read import dialect_of
from indexer.record import Record

PAIRS = Path(__file__).parents[2] / "shared" / "data" / "pairs"
TITLES_ALIKE = 90.0
"""From this likeness of the titles proper on, a pair that is not the same counts as title-alike: the hard ones."""

WORST_SHOWN = 8


class PairsUnusable(ValueError):
    """The folder does not hold pairs in the form described; the message says what is wrong."""


@dataclass(frozen=True, slots=True)
class LabelledPair:
    a: Record
    b: Record
    same: bool


@dataclass(frozen=True, slots=True)
class MatchingQuality:
    """Counts over labelled pairs; the rates follow from them."""

    true: int  # pairs labelled the same
    found: int  # judged the same
    right: int  # of them labelled the same
    candidates: int  # of the true pairs, those that share a match key
    unsure: int
    title_alike: int  # pairs labelled different whose titles are alike
    title_alike_found: int  # of them judged the same

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.true if self.true else 1.0

    @property
    def candidate_recall(self) -> float:
        return self.candidates / self.true if self.true else 1.0


def read_pairs(folder: Path) -> list[LabelledPair]:
    """The pairs of a folder.

    Raises: PairsUnusable when labels and records do not fit together.
    """
    with (folder / "labels.csv").open(encoding="utf-8", newline="") as file:
        labels = list(csv.DictReader(file))
    records = [_record(orjson.loads(line)) for line in _lines(folder) if line.strip()]
    if len(records) != 2 * len(labels):
        raise PairsUnusable(f"{folder}: {len(labels)} labels, but {len(records)} records")
    pairs = []
    for label, a, b in zip(labels, records[::2], records[1::2], strict=True):
        if (a.identifier, b.identifier) != (label["id1"], label["id2"]):
            raise PairsUnusable(f"{folder}: records {a.identifier}, {b.identifier} do not follow labels.csv")
        pairs.append(LabelledPair(a, b, label["label"] == "1"))
    return pairs


def _lines(folder: Path) -> list[bytes]:
    for file in sorted(folder.iterdir()):
        if file.suffix in (".json", ".jsonl", ".ndjson"):
            return file.read_bytes().splitlines()
        if file.suffix == ".zip":
            with zipfile.ZipFile(file) as archive:
                return archive.read(archive.namelist()[0]).splitlines()
    raise PairsUnusable(f"{folder}: no .json and no .zip beside labels.csv")


def _record(source: dict[str, Any]) -> Record:
    control: list[tuple[str, str]] = []
    data: list[Field] = []
    for field in source["fields"]:
        for tag, value in field.items():
            if isinstance(value, str):
                control.append((tag, value))
            elif tag != "CID":  # the label's own source
                subfields = tuple((code, text) for one in value["subfields"] for code, text in one.items())
                data.append(Field(tag, value["ind1"], value["ind2"], subfields))
    marc = Marc(source["leader"], control, data)
    identifier = marc.control("001")
    read = marc21.record if dialect_of(marc) == "marc21" else unimarc.record
    return read(marc, "pairs", identifier, identifier, ())


def without_identifiers(record: Record) -> Record:
    """The record as if nobody had noted a number of it."""
    return replace(record, identifiers=())


def measure(pairs: Sequence[tuple[Profile, Profile, bool]]) -> MatchingQuality:
    """How the pairs, as profiles, are judged."""
    counts = dict.fromkeys(("true", "found", "right", "candidates", "unsure", "title_alike", "title_alike_found"), 0)
    for a, b, same in pairs:
        verdict = opinion(a, b).verdict
        found = verdict == "same"
        alike = not same and fuzz.ratio(str(a.title), str(b.title)) >= TITLES_ALIKE
        counts["true"] += same
        counts["found"] += found
        counts["right"] += found and same
        counts["candidates"] += same and not set(keys_of(a)).isdisjoint(keys_of(b))
        counts["unsure"] += verdict == "unsure"
        counts["title_alike"] += alike
        counts["title_alike_found"] += alike and found
    return MatchingQuality(**counts)


def profiles(pairs: Sequence[LabelledPair], *, identifiers: bool = True) -> list[tuple[Profile, Profile, bool]]:
    """The pairs as they are compared, with or without what numbers the records name."""
    if not identifiers:
        pairs = [LabelledPair(without_identifiers(pair.a), without_identifiers(pair.b), pair.same) for pair in pairs]
    return [(profile(pair.a), profile(pair.b), pair.same) for pair in pairs]


def same_carrier(pairs: Sequence[tuple[Profile, Profile, bool]]) -> list[tuple[Profile, Profile, bool]]:
    """Without the pairs that cross carriers: print and microform are two editions here, whatever the label says."""
    return [pair for pair in pairs if pair[0].carrier is pair[1].carrier]


def worst(
    pairs: Sequence[tuple[Profile, Profile, bool]], *, same: bool
) -> Iterator[tuple[Profile, Profile, Judgement]]:
    """The pairs judged most wrongly: those labelled the same with the lowest scores, or different with the highest."""
    wrong = [
        (judged.score, number, judged)
        for number, (a, b, label) in enumerate(pairs)
        if label is same and (opinion(a, b).verdict == "same") is not same and (judged := judgement(a, b))
    ]
    for _, number, judged in sorted(wrong, key=lambda one: (one[0] if same else -one[0], one[1]))[:WORST_SHOWN]:
        yield pairs[number][0], pairs[number][1], judged


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=Path, default=PAIRS, help="folder with labels.csv and the records")
    folder = parser.parse_args().pairs
    console = Console()
    began = time.perf_counter()
    pairs = read_pairs(folder)
    read = time.perf_counter()
    table = Table("pairs", title=f"{len(pairs):,} labelled pairs of {folder}")
    for heading in ("precision", "recall", "candidate recall", "unsure", "false merges, titles alike"):
        table.add_column(heading, justify="right")
    bare = profiles(pairs, identifiers=False)
    rows = [
        ("with identifiers", profiles(pairs)),
        ("without identifiers", bare),
        ("without, one carrier", same_carrier(bare)),
    ]
    for name, some in rows:
        quality = measure(some)
        table.add_row(
            name,
            f"{quality.precision:.4f}",
            f"{quality.recall:.4f}",
            f"{quality.candidate_recall:.4f}",
            f"{quality.unsure:,}",
            f"{quality.title_alike_found} of {quality.title_alike}",
        )
    console.print(table)
    judging = time.perf_counter()
    for a, b, _ in bare:
        opinion(a, b)
    seconds = time.perf_counter() - judging
    console.print(f"read in {read - began:.1f} s; judged at {len(bare) / seconds:,.0f} pairs/s\n")
    for title, same in (("Labelled different, judged the same", False), ("Labelled the same, judged not", True)):
        console.print(f"[bold]{title}[/bold]")
        for a, b, judged in worst(same_carrier(bare), same=same):
            console.print(f"  {judged.score:+.1f} {a.ref.identifier} {b.ref.identifier}", highlight=False)
            for reason in judged.reasons:
                veto = " VETO" if reason.veto else ""
                line = f"      {reason.weight:+.1f}{veto} {reason.statement}: {reason.a} | {reason.b}"
                console.print(line, highlight=False, markup=False)


if __name__ == "__main__":
    main()

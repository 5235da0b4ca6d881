"""`make bench-matching PAIRS=FOLDER`: how well pairs of records are judged, against labels (`benchmarks.pairs`)."""

from __future__ import annotations

import argparse
import time
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rapidfuzz import fuzz
from rich.console import Console
from rich.table import Table

from benchmarks.pairs import LabelledPair, read_pairs
from benchmarks.quality import PairQuality
from indexer.compare import Judgement, judgement, opinion
from indexer.learned import LEARNED
from indexer.match_keys import keys_of
from indexer.profile import Profile, profile
from indexer.record import Carrier, Record

PAIRS = Path(__file__).parents[2] / "shared" / "data" / "pairs"
TITLES_ALIKE = 90.0
"""From this likeness of the titles proper on, a pair that is not the same counts as title-alike: the hard ones."""

WORST_SHOWN = 8


@dataclass(frozen=True, slots=True)
class MatchingQuality(PairQuality):
    """Counts over labelled pairs, true those labelled the same; the rates follow from them."""

    candidates: int  # of the true pairs, those that share a match key
    unsure: int
    title_alike: int  # pairs labelled different whose titles are alike
    title_alike_found: int  # of them judged the same

    @property
    def f1(self) -> float:
        return 2 * self.precision * self.recall / (self.precision + self.recall) if self.right else 0.0

    @property
    def candidate_recall(self) -> float:
        return self.candidates / self.true if self.true else 1.0


def without_identifiers(record: Record) -> Record:
    """The record as if nobody had noted a number of it."""
    return replace(record, identifiers=())


def measure(pairs: Sequence[tuple[Profile, Profile, bool]]) -> MatchingQuality:
    """How the pairs, as profiles, are judged."""
    counts = dict.fromkeys(("true", "found", "right", "candidates", "unsure", "title_alike", "title_alike_found"), 0)
    for a, b, same in pairs:
        verdict = opinion(a, b).verdict
        found = verdict == "same"
        alike = not same and title_likeness(a, b) >= TITLES_ALIKE
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
        pairs = [replace(pair, a=without_identifiers(pair.a), b=without_identifiers(pair.b)) for pair in pairs]
    return [(profile(pair.a), profile(pair.b), pair.same) for pair in pairs]


@dataclass(frozen=True, slots=True)
class KindQuality:
    """One kind of pairs, judged with what numbers the records name and without."""

    kind: str  # "" is all of them
    pairs: int
    named: MatchingQuality
    bare: MatchingQuality


def by_kind(pairs: Sequence[LabelledPair]) -> list[KindQuality]:
    """How each kind of pairs is judged, in the order of their names, then all together; nothing without kinds."""
    kinds = sorted({pair.kind for pair in pairs} - {""})
    judged = list(zip(pairs, profiles(pairs), profiles(pairs, identifiers=False), strict=True))
    found = []
    for kind in [*kinds, ""] if kinds else []:
        some = [(named, bare) for pair, named, bare in judged if kind in ("", pair.kind)]
        named, bare = measure([named for named, _ in some]), measure([bare for _, bare in some])
        found.append(KindQuality(kind, len(some), named, bare))
    return found


def title_likeness(a: Profile, b: Profile) -> float:
    """How alike the titles proper are as they stand."""
    return fuzz.ratio(str(a.title), str(b.title))


def crosses_carriers(a: Profile, b: Profile) -> bool:
    """Print against microform or a file: two editions here, whatever the label says."""
    return a.carrier is not b.carrier and Carrier.UNKNOWN not in (a.carrier, b.carrier)


def same_carrier(pairs: Sequence[tuple[Profile, Profile, bool]]) -> list[tuple[Profile, Profile, bool]]:
    """Without the pairs that cross carriers."""
    return [pair for pair in pairs if not crosses_carriers(pair[0], pair[1])]


def worst(pairs: Sequence[tuple[Profile, Profile, bool]], *, same: bool) -> Iterator[tuple[int, Judgement]]:
    """The places of the pairs judged most wrongly, and how: those labelled the same with the lowest scores, or
    different with the highest. Pairs that cross carriers are left out."""
    wrong = [
        (judged.score, number, judged)
        for number, (a, b, label) in enumerate(pairs)
        if label is same
        and not crosses_carriers(a, b)
        and (opinion(a, b).verdict == "same") is not same
        and (judged := judgement(a, b))
    ]
    for _, number, judged in sorted(wrong, key=lambda one: (one[0] if same else -one[0], one[1]))[:WORST_SHOWN]:
        yield number, judged


def figures(name: str, quality: MatchingQuality) -> tuple[str, ...]:
    """A row of the table that is printed."""
    return (
        name,
        f"{quality.precision:.4f}",
        f"{quality.recall:.4f}",
        f"{quality.f1:.4f}",
        f"{quality.candidate_recall:.4f}",
        f"{quality.unsure:,}",
        f"{quality.title_alike_found} of {quality.title_alike}",
    )


def out_of_fold() -> tuple[str, ...]:
    """The row of what `make train-matching` measured on pairs it had not learned from."""
    source = tomllib.loads(LEARNED.read_text(encoding="utf-8"))
    found = source["out_of_fold"]
    precision, recall = found["precision"], found["recall"]
    f1 = 2 * precision * recall / (precision + recall)
    alike = f"{found['titles_alike_merged']} of {found['titles_alike']}"
    learned_from = ", ".join(f"{count:,} of {name}" for name, count in source["pairs"].items())
    name = f"when learned from {learned_from}, each judged by what was learned from others"
    return (name, f"{precision:.4f}", f"{recall:.4f}", f"{f1:.4f}", "", "", alike)


def _table_of(kinds: Sequence[KindQuality]) -> Table:
    table = Table("kind", title="By what makes them hard: with identifiers, and without")
    for heading in ("same", "different", *("precision", "recall", "candidates", "false") * 2):
        table.add_column(heading, justify="right")
    for one in kinds:
        row = [one.kind or "all", f"{one.named.true}", f"{one.pairs - one.named.true}"]
        for quality in (one.named, one.bare):
            rates = (quality.precision, quality.recall, quality.candidate_recall)
            row += [*(f"{rate:.3f}" for rate in rates), f"{quality.found - quality.right}"]
        table.add_row(*row)
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description="How well pairs of records are judged, against labels.")
    parser.add_argument("--pairs", type=Path, default=PAIRS, help="folder with labels.csv and the records")
    folder = parser.parse_args().pairs
    console = Console()
    began = time.perf_counter()
    pairs = read_pairs(folder)
    read = time.perf_counter()
    table = Table("pairs", title=f"{len(pairs):,} labelled pairs of {folder}")
    for heading in ("precision", "recall", "F1", "candidate recall", "unsure", "false merges, titles alike"):
        table.add_column(heading, justify="right")
    named, bare = profiles(pairs), profiles(pairs, identifiers=False)
    table.add_row(*figures("with identifiers", measure(named)))
    table.add_row(*figures("with identifiers, one carrier", measure(same_carrier(named))))
    table.add_row(*figures("without identifiers", measure(bare)))
    table.add_row(*figures("without identifiers, one carrier", measure(same_carrier(bare))))
    table.add_section()
    table.add_row(*out_of_fold())
    console.print(table)
    if kinds := by_kind(pairs):
        console.print(_table_of(kinds))
    crossing = [pair for pair in bare if crosses_carriers(pair[0], pair[1])]
    console.print(f"{len(crossing):,} pairs cross carriers, {sum(same for *_, same in crossing):,} labelled the same")
    judging = time.perf_counter()
    for a, b, _ in bare:
        opinion(a, b)
    seconds = time.perf_counter() - judging
    console.print(f"read in {read - began:.1f} s; judged at {len(bare) / seconds:,.0f} pairs/s\n")
    for title, same in (("Labelled different, judged the same", False), ("Labelled the same, judged not", True)):
        console.print(f"[bold]{title}[/bold] (without identifiers)")
        for number, judged in worst(bare, same=same):
            a, b, _ = bare[number]
            console.print(
                f"  {judged.score:+.1f} {a.ref.identifier} {b.ref.identifier} {pairs[number].why}", highlight=False
            )
            for reason in judged.reasons:
                veto = " VETO" if reason.veto else ""
                line = f"      {reason.weight:+.1f}{veto} {reason.statement}: {reason.a} | {reason.b}"
                console.print(line, highlight=False, markup=False)


if __name__ == "__main__":
    main()

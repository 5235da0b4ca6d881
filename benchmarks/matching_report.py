"""`make bench-matching PAIRS=FOLDER`: how well the pairs of a folder are judged, and its worst mistakes."""

from __future__ import annotations

import argparse
import sys
import time
import tomllib
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.matching import (
    PAIRS,
    KindQuality,
    MatchingQuality,
    by_kind,
    crosses_carriers,
    measure,
    profiles,
    same_carrier,
    worst,
)
from benchmarks.pairs import LabelledPair, PairsUnusable, read_pairs
from indexer.compare import Judgement, opinion
from indexer.learned import LEARNED
from indexer.record import Record
from search_api import terminal

WORST_SHOWN = 20
_RATES = ("precision", "recall", "F1", "candidate recall", "unsure", "false merges, titles alike")


def report(folder: Path, console: Console, most: int) -> None:
    """Prints how the pairs of a folder are judged and, of each kind of mistake, so many of the worst.

    Raises: PairsUnusable when the folder is not of the form.
    """
    began = time.perf_counter()
    pairs = read_pairs(folder)
    read = time.perf_counter() - began
    named, bare = profiles(pairs), profiles(pairs, identifiers=False)
    terminal.say(console, f"{len(pairs):,} labelled pairs of {folder}, {sum(pair.same for pair in pairs):,} the same")
    table = terminal.table("pairs", numbers=_RATES)
    table.add_row(*_figures("with identifiers", measure(named)))
    table.add_row(*_figures("with identifiers, one carrier", measure(same_carrier(named))))
    table.add_row(*_figures("without identifiers", measure(bare)))
    table.add_row(*_figures("without identifiers, one carrier", measure(same_carrier(bare))))
    terminal.show(console, table)
    terminal.say(console, f"\n{_out_of_fold()}")
    if kinds := by_kind(pairs):
        terminal.show(console, _table_of(kinds))
    crossing = [pair for pair in bare if crosses_carriers(pair[0], pair[1])]
    alike = sum(same for *_, same in crossing)
    terminal.say(console, f"{len(crossing):,} pairs cross carriers, {alike:,} labelled the same")
    judging = time.perf_counter()
    for a, b, _ in bare:
        opinion(a, b)
    rate = len(bare) / (time.perf_counter() - judging)
    terminal.say(console, f"read in {read:.1f} s; judged at {rate:,.0f} pairs/s")
    for title, same in (("Labelled different, judged the same", False), ("Labelled the same, judged not", True)):
        mistakes = list(worst(bare, same=same))
        terminal.say(console, f"\n{title} (without identifiers): {len(mistakes):,}, the worst first")
        for number, judged in mistakes[:most]:
            _print_mistake(console, pairs[number], judged)


def _print_mistake(console: Console, pair: LabelledPair, judged: Judgement) -> None:
    terminal.say(console, f"\n  {judged.score:+.1f} {judged.verdict}  {pair.a.identifier} {pair.b.identifier}")
    for record in (pair.a, pair.b):
        terminal.say(console, f"      {terminal.visible(_in_words(record))}")
    if pair.why:
        terminal.say(console, f"      because: {terminal.visible(pair.why)}")
    for reason in judged.reasons:
        veto = " VETO" if reason.veto else ""
        said = f"{reason.weight:+.1f}{veto} {reason.statement}: {reason.a} | {reason.b}"
        terminal.say(console, f"      {terminal.visible(said)}")


def _in_words(record: Record) -> str:
    """A record in a line: its id, its title as catalogued, and what is printed below titles."""
    title = record.title
    words = (title.proper, title.other, title.part_number, title.part_name) if title else ()
    imprint = record.imprints[0] if record.imprints else None
    published = (imprint.place, imprint.publisher, imprint.date) if imprint else ()
    parts = (" : ".join(filter(None, words)), record.edition, ", ".join(filter(None, published)), record.extent)
    return f"{record.identifier}  {' — '.join(filter(None, parts))}"


def _figures(name: str, quality: MatchingQuality) -> tuple[str, ...]:
    rates = (quality.precision, quality.recall, quality.f1, quality.candidate_recall)
    alike = f"{quality.title_alike_found} of {quality.title_alike}"
    return (name, *(f"{rate:.4f}" for rate in rates), f"{quality.unsure:,}", alike)


def _out_of_fold() -> str:
    """What `make train-matching` measured on pairs it had not learned from."""
    source = tomllib.loads(LEARNED.read_text(encoding="utf-8"))
    found = source["out_of_fold"]
    learned_from = ", ".join(f"{count:,} of {name}" for name, count in source["pairs"].items())
    return (
        f"The weights were learned from {learned_from}. Each of these judged by what was learned from others:"
        f" precision {found['precision']:.4f}, recall {found['recall']:.4f},"
        f" {found['titles_alike_merged']} of {found['titles_alike']} titles alike merged."
    )


def _table_of(kinds: Sequence[KindQuality]) -> Table:
    numbers = [f"{rate}{bare}" for bare in ("", " bare") for rate in ("precision", "recall", "met", "false")]
    table = terminal.table("kind", numbers=("same", "different", *numbers))
    table.title, table.title_justify = "By what makes them hard: with identifiers, and bare of them", "left"
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
    parser.add_argument("--worst", type=int, default=WORST_SHOWN, metavar="N", help="mistakes shown, of each kind")
    asked = parser.parse_args()
    try:
        report(asked.pairs, Console(), max(0, asked.worst))
    except PairsUnusable as exc:
        sys.exit(f"bench-matching: {exc}")


if __name__ == "__main__":
    main()

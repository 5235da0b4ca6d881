"""`make docs-matching`: how hard pairs are judged, kind by kind, and what becomes of real files.

The tables stand in ``docs/matching.md``, each between two comments; the prose around them stays.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks import real_files
from benchmarks.generated_part import GeneratedPart
from benchmarks.matching import KindQuality, MatchingQuality, by_kind
from benchmarks.pairs import LabelledPair, read_pairs
from fixtures.pairs.build import build_pairs
from fixtures.pairs.kinds import KINDS
from fixtures.pairs.write import write_pairs

PART = GeneratedPart(
    Path(__file__).parents[1] / "docs" / "matching.md", "make docs-matching", end="<!-- end of hard pairs -->"
)


REAL = GeneratedPart(PART.page, "make docs-matching, real files", end="<!-- end of real files -->")


def hard_pairs(split: str = "") -> list[LabelledPair]:
    """The pairs of ``fixtures/pairs``, read as any folder of pairs is; of one split when it is named."""
    with tempfile.TemporaryDirectory() as folder:
        write_pairs([pair for pair in build_pairs() if split in ("", pair.split)], Path(folder))
        return read_pairs(Path(folder))


def table(kinds: Sequence[KindQuality], held_out: Sequence[KindQuality]) -> str:
    """The table in Markdown: a row a kind, then all, then all that was never trained on."""
    lines = [
        "| | | pairs | | with | identifiers | | without | | |",
        "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|",
        "| Kind | What is hard | same | different | precision | recall | met | precision | recall | met |",
    ]
    lines += [_row(one.kind or "**all**", KINDS[one.kind].what if one.kind else "", one) for one in kinds]
    lines += [_row("**held out**", "works that no weight was fitted on", one) for one in held_out if not one.kind]
    return "\n".join(lines) + "\n"


def _row(name: str, what: str, one: KindQuality) -> str:
    counts = f"{one.named.true} | {one.pairs - one.named.true}"
    return f"| {name} | {what} | {counts} | {_figures(one.named)} | {_figures(one.bare)} |"


def _figures(quality: MatchingQuality) -> str:
    return " | ".join(f"{rate:.3f}" for rate in (quality.precision, quality.recall, quality.candidate_recall))


def main() -> None:
    made = table(by_kind(hard_pairs()), by_kind(hard_pairs("held-out")))
    PART.write(made)
    if real_files.DATA.is_dir():  # else the table stays as it is
        REAL.write(real_files.table([(one, real_files.figures(one)) for one in real_files.FILES]))


if __name__ == "__main__":
    main()

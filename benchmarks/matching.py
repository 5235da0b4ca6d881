"""How well pairs of records are judged, against labels (`benchmarks.pairs`); `matching_report` prints it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rapidfuzz import fuzz

from benchmarks.pairs import LabelledPair
from benchmarks.quality import PairQuality
from indexer.compare import Judgement, judgement, opinion
from indexer.match_keys import keys_of
from indexer.profile import Profile, profile
from indexer.record import Carrier, Record

PAIRS = Path(__file__).parents[2] / "shared" / "data" / "pairs"
TITLES_ALIKE = 90.0
"""From this likeness of the titles proper on, a pair that is not the same counts as title-alike: the hard ones."""


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
    """The places of the pairs judged wrongly, and how, the worst first: labelled the same with the lowest scores, or
    different with the highest. Pairs that cross carriers are left out."""
    wrong = [
        (judged.score, number, judged)
        for number, (a, b, label) in enumerate(pairs)
        if label is same
        and not crosses_carriers(a, b)
        and (opinion(a, b).verdict == "same") is not same
        and (judged := judgement(a, b))
    ]
    for _, number, judged in sorted(wrong, key=lambda one: (one[0] if same else -one[0], one[1])):
        yield number, judged

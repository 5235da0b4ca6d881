from __future__ import annotations

import pytest

from harvester.sru_proof import in_few_words, parted

SPLIT = "the server says that the result is too large, and it cannot be split; see harvest.sru.part"

DOUBTS = [
    ([], "", "nothing is in doubt"),
    ([f"rec.id=1: {SPLIT}"], f"rec.id=1: {SPLIT}", "of one part nothing is left out"),
    (
        [f"rec.id={n}: {SPLIT}" for n in range(6)],
        f"6 parts (rec.id=0, rec.id=1, rec.id=2 and 3 more): {SPLIT}",
        "a sentence is said once, with how many parts it is of",
    ),
    (
        ["a: it finds 1,200 records and gave 7", "b: it finds 50 records and gave 3"],
        "2 parts (a, b): it finds 1,200 records and gave 7",
        "sentences that only differ in numbers are one",
    ),
    (["a: one thing", "b: another", "no query"], "a: one thing; b: another; no query", "different ones all stand"),
    (
        ['title="x: y": one thing', 'title="z: y": one thing'],
        '2 parts (title="x: y", title="z: y"): one thing',
        "a colon may stand in a query",
    ),
]


@pytest.mark.parametrize(("doubts", "told", "why"), DOUBTS, ids=[row[-1] for row in DOUBTS])
def test_what_is_in_doubt_is_said_once(doubts: list[str], told: str, why: str) -> None:
    assert in_few_words([parted(one) for one in doubts]) == told, why

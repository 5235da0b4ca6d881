"""Records sent in parts become one; whole records that share a number stay two."""

from __future__ import annotations

import io

import pytest

from harvester.dump.parts import NEARLY_FULL, joined
from harvester.marc_split import Cut, iso2709_pieces, iso2709_record
from tests.support.marc import iso2709

FIRST = "=001  7\n=245  10$aA title\n=952  \\\\$p1"
ITEMS = "=001  7\n=952  \\\\$p2"
LONG = FIRST + "\n=500  \\\\$a" + "x" * 9_000
HOLDINGS = "=LDR  00000nx  a2200000 a 4500\n=001  7\n=852  8\\$b"


def lengths(*texts: str) -> list[int]:
    """Of how many of the records given each record that comes out is made."""
    file = io.BytesIO(b"".join(map(iso2709, texts)))
    cuts = ((piece, iso2709_record(piece.data)) for piece in iso2709_pieces(file))
    found = [cut for _, cut in joined(cuts)]
    assert all(isinstance(cut, Cut) for cut in found)
    return [cut.payload.count(b"\x1d") for cut in found if isinstance(cut, Cut)]


FULL = FIRST + ("\n=500  \\\\$a" + "x" * 9_000) * (NEARLY_FULL // 9_000 + 1)

ROWS = [
    ((FIRST, ITEMS, ITEMS), [3], "parts without a title are more of the record before"),
    ((FULL, FIRST, ITEMS), [3], "a part that repeats the title, after one with no room"),
    ((ITEMS, ITEMS), [1, 1], "records that have no title anyway"),
    ((FIRST, FIRST), [1, 1], "whole records of one number are two"),
    ((LONG, FIRST), [1, 1], "long is not full"),
    ((FIRST, ITEMS.replace("7", "8")), [1, 1], "another number"),
    ((FIRST.replace("=001  7\n", ""), FIRST.replace("=001  7\n", "")), [1, 1], "no number"),
    ((FIRST, "=001  8\n=245  10$aB", ITEMS), [1, 1, 1], "not one after another"),
    ((FIRST, HOLDINGS + "A", HOLDINGS + "B"), [1, 1, 1], "holdings of their own have no titles"),
    ((FIRST, ITEMS.replace("=001", "=LDR  00000dam a2200000 a 4500\n=001")), [1, 1], "a deletion"),
]


@pytest.mark.parametrize(("texts", "made_of", "why"), ROWS, ids=[row[2] for row in ROWS])
def test_parts_are_told_from_records(texts: tuple[str, ...], made_of: list[int], why: str) -> None:
    assert lengths(*texts) == made_of, why


def test_what_is_no_record_stands_between() -> None:
    file = io.BytesIO(iso2709(FIRST) + b"garbage\x1d" + iso2709(ITEMS))
    pieces = list(iso2709_pieces(file))
    cuts = [(piece, "no" if b"garbage" in piece.data else iso2709_record(piece.data)) for piece in pieces]
    assert [isinstance(cut, Cut) for _, cut in joined(cuts)] == [True, False, True]

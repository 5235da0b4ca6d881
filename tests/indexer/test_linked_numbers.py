from __future__ import annotations

import pytest

from indexer.linked_numbers import MOST
from indexer.record import Identifier
from tests.support.marc import read_text

ISBN = "9789570835878"


def _of_another(kind: str, value: str, qualifier: str = "") -> Identifier:
    return Identifier(kind, value, qualifier, valid=False, linked=True)


@pytest.mark.parametrize(
    ("text", "expected", "why"),
    [
        (f"=776  08$iPrint version:$z{ISBN}", [_of_another("isbn", ISBN, "Print version")], "the printed book's"),
        ("=776  1\\$x0317-8471", [_of_another("issn", "0317-8471")], "another medium's"),
        ("=773  0\\$tNature$x0028-0836", [_of_another("issn", "0028-0836")], "what it is in"),
        ("=780  00$tA$x0317-8471", [_of_another("issn", "0317-8471")], "what came before"),
        ("=785  00$tA$x0317-8471", [_of_another("issn", "0317-8471")], "what came after"),
        (f"=020  \\$a{ISBN}\n=776  08$z{ISBN}", [Identifier("isbn", ISBN)], "its own, said twice"),
        (f"=776  08$z{ISBN}\n=775  08$z{ISBN}", [_of_another("isbn", ISBN)], "said twice of others"),
        ("=776  08$z9789570835870", [], "one with a wrong check digit names nothing"),
        ("=776  08$tA", [], "the twin"),
    ],
)
def test_numbers_of_what_it_is_linked_with_are_found_and_are_not_its_own(
    text: str, expected: list[Identifier], why: str
) -> None:
    record = read_text(f"=245  00$aA\n{text}")
    assert [one for one in record.identifiers if one.kind in ("isbn", "issn")] == expected, why


@pytest.mark.parametrize(
    ("text", "expected", "why"),
    [
        ("=452  \\1$tA$x0317-8471", [_of_another("issn", "0317-8471")], "its subfields"),
        (f"=452  \\1$tA$y{ISBN}", [_of_another("isbn", ISBN)], "a book"),
        ("=461  \\1$1011  $a0317-8471$12001 $aA", [_of_another("issn", "0317-8471")], "a field within the field"),
        (f"=452  \\1$1010  $a{ISBN}", [_of_another("isbn", ISBN)], "a book's within the field"),
        ("=452  \\1$12001 $a0317-8471", [], "a title that looks like one"),
        ("=452  \\1$tA", [], "the twin"),
    ],
)
def test_the_same_in_unimarc(text: str, expected: list[Identifier], why: str) -> None:
    record = read_text(f"=200  1\\$aA\n{text}", dialect="unimarc")
    assert [one for one in record.identifiers if one.kind in ("isbn", "issn")] == expected, why


def test_a_record_is_found_by_so_many_of_them_and_no_more() -> None:
    others = (f"{number:07d}" for number in range(MOST + 20))
    issns = (f"{seven[:4]}-{seven[4:]}{_check(seven)}" for seven in others)
    record = read_text("=245  00$aA\n" + "\n".join(f"=787  0\\$x{issn}" for issn in issns))
    assert len(record.identifiers) == MOST


def _check(seven: str) -> str:
    value = -sum(int(digit) * weight for digit, weight in zip(seven, range(8, 1, -1), strict=True)) % 11
    return "X" if value == 10 else str(value)

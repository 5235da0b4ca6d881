"""A live answer held against the catalogue: what it adds, what differs, and when nothing can be said."""

from __future__ import annotations

import pytest

from indexer.record import Item
from search_api.availability.compare import Comparison, compared
from search_api.availability.status import AnswerState, AskedRecord, ItemState, ItemStatus, RecordAnswer

OK = AnswerState.OK
NOTHING = Comparison()


def copy(number: int, volume: str = "") -> Item:
    return Item(barcode=f"B{number}", item_id=str(number), volume=volume)


def told(barcode: str = "", item_id: str = "", volume: str = "") -> ItemStatus:
    return ItemStatus(ItemState.AVAILABLE, barcode=barcode, item_id=item_id, volume=volume)


CASES: list[tuple[tuple[Item, ...], tuple[ItemStatus, ...], AnswerState, Comparison, str]] = [
    ((copy(1),), (told("B1"),), OK, Comparison(1), "the same on both sides"),
    ((copy(1),), (told("B1"), told("B2")), OK, Comparison(2, only_live=1), "a copy that came after the harvest"),
    ((copy(1), copy(2)), (told("B1"),), OK, Comparison(2, only_catalogued=1), "a copy that left after it"),
    ((copy(1),), (), OK, Comparison(1, only_catalogued=1), "all copies left"),
    ((copy(1), copy(2)), (told(item_id="1"), told(item_id="9")), OK, Comparison(3, 1, 1), "by the system's numbers"),
    ((copy(1),), (told(item_id="urn:epn:77"),), OK, NOTHING, "numbers of another kind"),
    ((copy(1),), (told("B1"), told()), OK, NOTHING, "a copy without a number could be any"),
    ((Item(),), (told("B1"),), OK, NOTHING, "the catalogue has no numbers"),
    ((), (told("B1"),), OK, NOTHING, "its library sends no copies"),
    ((copy(1), copy(2)), (told("B1"),), AnswerState.PARTIAL, NOTHING, "the rest was not told of"),
    ((copy(1),), (), AnswerState.NOT_FOUND, NOTHING, "that is said as such"),
]


@pytest.mark.parametrize(("copies", "items", "state", "difference", "why"), CASES)
def test_what_differs_is_counted(
    copies: tuple[Item, ...],
    items: tuple[ItemStatus, ...],
    state: AnswerState,
    difference: Comparison,
    why: str,
) -> None:
    answer, found = compared(AskedRecord("1", copies=copies), RecordAnswer("1", state, items))
    assert found == difference, why
    assert len(answer.missing) == difference.only_catalogued
    assert [item.catalogued for item in answer.items].count(False) == difference.only_live
    if difference == NOTHING:
        assert all(item.catalogued is None for item in answer.items), "not to be told"


def test_the_catalogue_says_which_volume_a_copy_is_where_the_system_does_not() -> None:
    record = AskedRecord("1", copies=(copy(1, "第1冊"), copy(2, "第2冊")))
    given = (told("B2"), told("B1", volume="v.1"), told("B3"))
    answer, _ = compared(record, RecordAnswer("1", OK, given))
    assert [item.volume for item in answer.items] == ["第2冊", "v.1", ""], "its own word is not overruled"

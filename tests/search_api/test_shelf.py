"""Copies in rows: one for each place, call number and volume, the volumes of a set in order."""

from __future__ import annotations

import pytest

from indexer.record import Holding, Item
from mappings.library import Harvest, Library, Records
from search_api.labels import Labels
from search_api.shelf import places, said_of

LIBRARY = Library(
    code="aspen",
    name={"en": "Aspen"},
    region="north",
    kind="city",
    harvest=Harvest(protocol="marc-dump", files=("x.mrc",)),
    records=Records(
        collections={"RRC": {"zh-Hant": "主題館藏", "en": "Theme collection"}},
        policies={"1": {"zh-Hant": "限館內使用", "en": "In library use only"}},
    ),
)
LABELS = Labels({"aspen": LIBRARY}, "en")


def held(*items: Item, call_number: str = "857.49 5514", branch: str = "MAIN", url: str = "") -> Holding:
    return Holding("aspen", "1", "1", branch, "STACK", call_number, items=items, url=url)


def rows(*holdings: Holding) -> list[tuple[str, int]]:
    return [(place.call_number, len(place.items)) for place in places(holdings)]


@pytest.mark.parametrize(
    ("volumes", "shown", "why"),
    [
        (("v.10", "v.2", "v.1"), ("v.1", "v.2", "v.10"), "by number"),
        (("下", "上"), ("上", "下"), "上 before 下"),
        (("第3冊", "第1冊", "第2冊"), ("第1冊", "第2冊", "第3冊"), "in Chinese"),
        (("12:3", "12:10", "2:1"), ("2:1", "12:3", "12:10"), "volume, then issue"),
    ],
)
def test_the_volumes_of_a_set_stand_in_order(volumes: tuple[str, ...], shown: tuple[str, ...], why: str) -> None:
    found = rows(held(*(Item(volume=volume) for volume in volumes)))
    assert found == [(f"857.49 5514 {volume}", 1) for volume in shown], why


def test_copies_of_one_volume_are_one_row_however_it_is_written() -> None:
    assert rows(held(Item(volume="v.2"), Item(volume="第2冊"), Item(volume="v.1"))) == [
        ("857.49 5514 v.1", 1),
        ("857.49 5514 v.2", 2),
    ]


def test_a_number_of_the_copy_at_its_end_makes_no_row_of_its_own() -> None:
    first = held(Item(call_number="857 8 v.2 c.1", volume="v.2", copy="c.1"), call_number="857 8 v.2 c.1")
    second = held(Item(call_number="857 8 v.2 c.2", volume="v.2", copy="c.2"), call_number="857 8 v.2 c.2")
    other = held(Item(call_number="857 8 v.1", volume="v.1"), call_number="857 8 v.1")
    assert rows(first, second, other) == [("857 8 v.1", 1), ("857 8 v.2", 2)]


def test_bare_numbers_of_volume_and_copy_are_known_where_the_label_marks_them() -> None:
    numbered = (Item(call_number=f"857 8 v.{v} c.{c}", volume=v, copy=c) for v, c in ("11", "12", "21"))
    assert rows(held(*numbered, call_number="857 8")) == [("857 8 v.1", 2), ("857 8 v.2", 1)]


def test_places_stay_in_the_order_harvested() -> None:
    found = places([held(Item(volume="v.2"), branch="Z"), held(Item(volume="v.1"), branch="A")])
    assert [place.holding.branch for place in found] == ["Z", "A"]


def test_a_holding_without_items_is_a_row() -> None:
    assert rows(held()) == [("857.49 5514", 1)]


def test_each_source_of_what_is_on_line_is_a_row() -> None:
    assert len(rows(held(call_number="", url="https://x.tw/1"), held(call_number="", url="https://x.tw/2"))) == 2


def test_collections_and_policies_are_told_where_the_library_has_words_for_them() -> None:
    [place] = places([held(Item(collection="RRC", policy="1"), Item(collection="R", policy="9"))])
    assert [words for words in said_of(place, LABELS) if words] == ["Theme collection", "In library use only"]

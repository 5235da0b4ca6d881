from __future__ import annotations

import pytest

from indexer.holdings import holdings
from indexer.record import Holding, Item
from tests.support.marc import marc


def held(text: str) -> tuple[Holding, ...]:
    return holdings(marc(text), "marc21-852", "testlib", "oai:1", "1")


def test_852_with_a_barcode_is_an_item() -> None:
    (holding,) = held("=852  0\\$aORG$bMAIN$cSTACKS$kR$hPL2727$i.S2 2004$p31111$t2$3v.1$zNote$gBK")
    assert (holding.branch, holding.location, holding.call_number) == ("MAIN", "STACKS", "R PL2727 .S2 2004")
    assert holding.items == (
        Item(
            barcode="31111",
            volume="v.1",
            copy="2",
            item_type="BK",
            note="Note",
            collection="R",
            classification="PL2727",
            author_mark=".S2",
            year="2004",
        ),
    )
    assert holding.note == ""


@pytest.mark.parametrize(
    ("place", "item", "why"),
    [
        (
            "8\\$bM$jR 857.49 8765 2004 v.2 c.1$p1",
            Item("1", "", "", "v.2", "c.1", "", "", "R", "857.49", "8765", "2004"),
            "written in one",
        ),
        (
            "0\\$kR$h857.7$i8276-3$m2004 v.2 c.3$p9",
            Item("9", "", "", "v.2", "c.3", "", "", "R", "857.7", "8276-3", "2004"),
            "the rest in the suffix",
        ),
        (
            "0\\$h857.7$i8276 2004 v.2 c.3$p9",
            Item("9", "", "", "v.2", "c.3", "", "", "", "857.7", "8276", "2004"),
            "the rest in the item part",
        ),
        (
            "0\\$h857.7$i8276$mFOLIO$p9",
            Item("9", "", "", "", "", "", "", "", "857.7", "8276"),
            "a suffix that is none of them",
        ),
        (
            "0\\$h857.7$i8276$mc.2$t5$3v.9$p9",
            Item("9", "", "", "v.9", "5", "", "", "", "857.7", "8276"),
            "subfields of their own are meant",
        ),
        (
            "0\\$h857.7$i8276 v.2",
            Item("", "", "", "v.2", "", "", "", "", "857.7", "8276"),
            "a volume is a copy, without a barcode too",
        ),
        ("0\\$h857.7$i8276$t2", Item("", "", "", "", "2", "", "", "", "857.7", "8276"), "a numbered copy is one"),
    ],
)
def test_852_tells_volume_and_copy_by_its_call_number(place: str, item: Item, why: str) -> None:
    (holding,) = held(f"=852  {place}")
    assert holding.items == (item,), why


def test_852_that_numbers_no_copy_is_none() -> None:
    (holding,) = held("=852  0\\$bM$kR$h857.7$i8276 2004")
    assert holding.items == ()


@pytest.mark.parametrize(
    ("fields", "found", "why"),
    [
        ("$kR$h857.7$i8276 2004", ("R", "857.7", "8276", "2004"), "in subfields"),
        ("$hR 857.7 8276 2004", ("R", "857.7", "8276", "2004"), "written in one"),
        ("$h857.7 8276\n=866  \\0$av.1-12", ("", "857.7", "8276", ""), "with a statement"),
        ("$hFIC", ("", "", "", ""), "a word has none"),
        ("$h857.7$i8276$p1", ("", "", "", ""), "the copy tells them"),
    ],
)
def test_the_parts_of_a_call_number_stand_with_the_holding_where_there_is_no_copy(
    fields: str, found: tuple[str, ...], why: str
) -> None:
    (holding,) = held(f"=852  0\\$bM{fields}")
    assert (holding.collection, holding.classification, holding.author_mark, holding.year) == found, why


def test_876_has_the_volume_of_the_call_number_of_its_852() -> None:
    (holding,) = held("=852  0\\$bM$h857.7$i8276 v.2$31998\n=876  \\\\$p1\n=876  \\\\$p2$3v.3")
    assert [item.volume for item in holding.items] == ["v.2", "v.3"]


def test_852_of_the_same_place_are_one_holding_of_several_items() -> None:
    (holding,) = held("=852  \\\\$bM$cS$hA$p1\n=852  \\\\$bM$cS$hA$p2")
    assert [item.barcode for item in holding.items] == ["1", "2"]


def test_852_without_a_barcode_is_a_holding_without_items() -> None:
    (holding,) = held("=852  \\\\$bM$hA$zLatest issues only\n=866  \\0$av.1-12 (1990-2001)")
    assert (holding.items, holding.summary, holding.note) == ((), "v.1-12 (1990-2001)", "Latest issues only")


def test_what_follows_no_class_is_no_call_number() -> None:
    (holding,) = held("=852  \\\\$bLAW$cLPER$mc.1")
    assert holding.call_number == ""


def test_876_and_866_belong_to_the_852_they_are_linked_to() -> None:
    first, second = held(
        "=852  \\\\$81$bA\n=852  \\\\$82$bB\n=866  \\0$81.1$av.1-3\n=876  \\\\$82.1$a77$p31111$t1$3v.9$hIn Library Use"
    )
    assert (first.branch, first.summary, first.items) == ("A", "v.1-3", ())
    assert (second.branch, second.summary) == ("B", "")
    assert second.items == (Item(barcode="31111", item_id="77", volume="v.9", copy="1", policy="In Library Use"),)


def test_876_belongs_to_the_852_with_its_barcode() -> None:
    first, second = held("=852  \\\\$bA$pB1\n=852  \\\\$bB$pB2\n=876  \\\\$a1$pB1$hNo loan\n=876  \\\\$a2$pB2")
    assert [(h.branch, [(i.item_id, i.barcode, i.policy) for i in h.items]) for h in (first, second)] == [
        ("A", [("1", "B1", "No loan")]),
        ("B", [("2", "B2", "")]),
    ]


def test_copies_that_only_the_852_numbers_stay() -> None:
    (holding,) = held("=852  \\\\$bA$pB1$pB2$znote\n=876  \\\\$a1$pB2")
    assert [(item.barcode, item.item_id) for item in holding.items] == [("B2", "1"), ("B1", "")]
    assert holding.note == "note"


def test_an_876_without_a_barcode_has_that_of_its_852() -> None:
    (holding,) = held("=852  \\\\$bA$pB1\n=876  \\\\$a77$hNo loan")
    assert holding.items == (Item(barcode="B1", item_id="77", policy="No loan"),)


def test_a_second_sublocation_is_the_place_within_the_first() -> None:
    (holding,) = held("=852  \\\\$aUkOxU$bBodleian$bBOD Bookstack$hM94.G00395$p5")
    assert (holding.branch, holding.location) == ("Bodleian", "BOD Bookstack")


def test_where_only_the_institution_is_named_it_is_the_branch() -> None:
    (holding,) = held("=852  \\\\$aMadan Puraskar Pustakalaya$ePatandhoka, Lalitpur$xAccession no.: 4900")
    assert (holding.branch, holding.location, holding.note) == ("Madan Puraskar Pustakalaya", "", "")
    (holding,) = held("=852  \\\\$aORG$cSTACKS")
    assert (holding.branch, holding.location) == ("", "STACKS")


def test_a_statement_in_words_may_carry_its_address() -> None:
    (holding,) = held("=852  \\\\$bE\n=866  \\0$av.1-12 (1990-2001)$uhttps://x.tw/1")
    assert (holding.url, holding.coverage, holding.summary) == ("https://x.tw/1", "v.1-12 (1990-2001)", "")
    (holding,) = held("=852  \\\\$bE\n=866  \\0$av.1-12 (1990-2001)$ujavascript:alert(1)")
    assert (holding.url, holding.summary) == ("", "v.1-12 (1990-2001)")


def test_876_may_name_its_holding_in_0() -> None:
    first, second = held("=852  \\\\$822$bA\n=852  \\\\$823$bB\n=876  \\\\$022$a1$pB1\n=876  \\\\$023$a2$pB2")
    assert [(h.branch, [i.barcode for i in h.items]) for h in (first, second)] == [("A", ["B1"]), ("B", ["B2"])]


def test_866_that_repeats_the_place_belongs_to_it() -> None:
    first, second = held(
        "=852  00$bMAIN$hPR4031$iC49\n=852  00$bLAW$hK1\n=866  31$bMAIN$hPR4031$iC49$av.1-6\n=866  31$bLAW$hK1$av.2"
    )
    assert (first.summary, second.summary) == ("v.1-6", "v.2")


def test_without_a_link_fields_belong_to_the_852_they_follow() -> None:
    first, second = held("=852  \\\\$bA\n=866  \\0$av.1\n=852  \\\\$bB\n=866  \\0$av.2")
    assert (first.summary, second.summary) == ("v.1", "v.2")


def test_an_electronic_holding_has_its_address() -> None:
    (holding,) = held("=852  \\\\$bE$uhttps://x.tw/1")
    assert holding.url == "https://x.tw/1"


def test_captions_and_numbers_make_a_statement() -> None:
    (holding,) = held("=852  \\\\$bM\n=853  20$81$av.$i(year)\n=863  40$81.1$a1-12$i1999-2010")
    assert holding.summary == "v.1-12 (1999-2010)"


def test_words_stand_for_the_numbers_they_are_linked_to() -> None:
    (holding,) = held(
        "=852  \\\\$bM\n=853  20$81$av.\n=863  40$81.1$a1-12\n=853  20$82$aser.\n=863  40$82.1$a2\n"
        "=866  \\0$81$av.1-12, incomplete"
    )
    assert holding.summary == "ser.2; v.1-12, incomplete"


def test_supplements_and_indexes_are_named() -> None:
    (holding,) = held("=852  \\\\$bM\n=866  \\0$av.1-9\n=867  \\0$a1999\n=868  \\0$av.1-5")
    assert holding.summary == "v.1-9; Suppl.: 1999; Index: v.1-5"


def test_what_is_held_is_told_even_where_no_place_is() -> None:
    (holding,) = held("=853  03$81$av.$i(year)\n=863  40$81$a1-49$i1950-1998")
    assert (holding.branch, holding.summary) == ("", "v.1-49 (1950-1998)")


def test_captions_without_numbers_are_no_holding() -> None:
    assert held("=853  03$81$av.$i(year)") == ()


_BOUND = """=852  \\$81$bM$hP
=853  20$81$a冊$i(年)
=863  40$81.1$a1$i2001
=863  40$81.2$a2$i2002"""


@pytest.mark.parametrize(
    ("items", "volumes", "why"),
    [
        ("=876  \\$81.1$p1\n=876  \\$81.2$p2", ["1冊 (2001)", "2冊 (2002)"], "each its own"),
        ("=876  \\$81.2$p1\n=876  \\$81.1$p2", ["2冊 (2002)", "1冊 (2001)"], "in whatever order"),
        ("=876  \\$81.1$81.2$p1", ["1-2冊 (2001-2002)"], "two bound together"),
        ("=876  \\$81.1\\x$p1", ["1冊 (2001)"], "with the type of its link"),
        ("=876  \\$81.1$3附冊$p1", ["附冊"], "what it says itself goes first"),
        ("=876  \\$81.9$p1", [""], "a number that is not there"),
        ("=876  \\$81$p1", [""], "the twin: linked to the whole"),
        ("=877  \\$81.1$p1", [""], "a supplement is none of the issues"),
    ],
)
def test_an_item_is_of_the_issues_whose_number_it_has(items: str, volumes: list[str], why: str) -> None:
    (holding,) = held(f"{_BOUND}\n{items}")
    assert [item.volume for item in holding.items] == volumes, why
    assert holding.summary == "1-2冊 (2001-2002)", why


def test_the_volume_of_the_call_number_is_that_of_items_which_name_no_issue() -> None:
    (holding,) = held(
        "=852  \\$81$bM$h857$i8765 v.1\n=853  20$81$av.\n=863  40$81.1$a1\n=863  40$81.2$a2"
        "\n=876  \\$81.1$pB1\n=876  \\$81.2$pB2\n=876  \\$81$pB3"
    )
    assert [item.volume for item in holding.items] == ["v.1", "v.2", "v.1"]


def test_statements_that_lead_elsewhere_are_holdings_of_their_own() -> None:
    first, second, third = held(
        "=852  \\$bE$uhttps://a.tw/$zA\n=866  \\0$av.1-2\n=866  \\0$uhttps://b.tw/$av.3-9$zB"
        "\n=867  \\0$uhttps://c.tw/$a2004"
    )
    assert [(one.branch, one.url, one.coverage, one.note) for one in (first, second, third)] == [
        ("E", "https://a.tw/", "v.1-2", "A"),
        ("E", "https://b.tw/", "v.3-9", "B"),
        ("E", "https://c.tw/", "Suppl.: 2004", ""),
    ]


def test_statements_that_lead_to_the_same_address_are_one_holding() -> None:
    (holding,) = held("=852  \\$bE$uhttps://a.tw/\n=866  \\0$uhttps://a.tw/$av.1\n=866  \\0$uhttps://a.tw/$av.3")
    assert (holding.url, holding.coverage) == ("https://a.tw/", "v.1; v.3")


def test_each_address_of_statements_is_a_holding_where_the_place_has_none() -> None:
    held_at = held("=852  \\$bE\n=866  \\0$uhttps://a.tw/$av.1\n=866  \\0$uhttps://b.tw/$av.3")
    assert [(one.url, one.coverage) for one in held_at] == [("https://a.tw/", "v.1"), ("https://b.tw/", "v.3")]

from __future__ import annotations

from typing import Any

import pytest

from indexer.holdings import PRESETS, holdings, web_address
from indexer.holdings.call_numbers import copy_marked, parts, volume_marked
from indexer.holdings.copies import coverage_told
from indexer.record import Holding, Item
from mappings.item_columns import ItemColumns, subfields
from mappings.item_field import ItemField
from mappings.library import Records
from tests.support.marc import marc

WITHOUT = marc("=245  00$aT")


def held(text: str, preset: str, *own: ItemField) -> tuple[Holding, ...]:
    return holdings(marc(text), preset, "testlib", "oai:1", "1", own=own)


def items(text: str, preset: str, *own: ItemField) -> list[Item]:
    return [item for holding in held(text, preset, *own) for item in holding.items]


def test_every_preset_a_library_may_name_is_read() -> None:
    allowed = Records.model_json_schema()["properties"]["holdings"]["enum"]
    assert sorted(PRESETS) == sorted(allowed)


@pytest.mark.parametrize("preset", PRESETS)
def test_a_record_without_holdings_fields_has_none(preset: str) -> None:
    assert holdings(WITHOUT, preset, "testlib", "oai:1", "1") == ()


def test_none_reads_nothing_even_where_fields_are() -> None:
    assert held("=852  \\\\$bMAIN$p1", "none") == ()


def test_a_holding_is_named_by_its_record() -> None:
    (holding,) = held("=852  0\\$bMAIN$p1", "marc21-852")
    assert (holding.library, holding.record, holding.local_id) == ("testlib", "oai:1", "1")


# (preset, fields, (branch, location, call number), its items): one row a system, as its records are.
SYSTEMS: tuple[tuple[str, str, tuple[str, str, str], tuple[Item, ...]], ...] = (
    (
        "koha-952",
        (
            "=952  \\\\$00$70$8REFCOLL$aHF$bHF$cADULT$o857.49 8765$p31111$9501$hv.1$t2$yBK$znote\n"
            "=952  \\\\$aHF$cADULT$o857.49 8765$p2$9502$71"
        ),
        ("HF", "ADULT", "857.49 8765"),
        (
            Item("31111", "501", "857.49 8765", "v.1", "2", "BK", "note", "REFCOLL", "857.49", "8765"),
            Item("2", "502", "857.49 8765", classification="857.49", author_mark="8765", policy="1"),
        ),
    ),
    (
        "unimarc-995",
        "=995  \\\\$95$bSC$cSC$eST$fB1$k857.49 8765$rBK$lv.1$o0$unote",
        ("SC", "ST", "857.49 8765"),
        (Item("B1", "5", "857.49 8765", "v.1", "", "BK", "note", classification="857.49", author_mark="8765"),),
    ),
    (
        "cmarc-805",
        "=805  \\\\$aNCL$bBK$c001209140$d873.57$e7955$pBOOK$tCCL$y82$z681.",
        ("NCL", "BK", "873.57 7955 82"),
        (
            Item(
                "001209140",
                call_number="873.57 7955 82",
                item_type="BOOK",
                classification="873.57",
                author_mark="7955",
                year="82",
            ),
        ),
    ),
    (
        "taiwan-095",
        "=095  \\\\$aTPL$bADULT$cT0001$d857.7$e8354$y2004$kc.2$pBOOK",
        ("TPL", "ADULT", "857.7 8354 2004"),
        (
            Item(
                "T0001",
                call_number="857.7 8354 2004 c.2",
                copy="c.2",
                item_type="BOOK",
                classification="857.7",
                author_mark="8354",
                year="2004",
            ),
        ),
    ),
    (
        "symphony-999",
        (
            "=999  \\\\$aGV1619 .R6 1984$wLC$c2$iX1$kCHECKEDOUT$lSTACKS$mALDERMAN$tBOOK$rY"
            "$o.STAFF. Lent to Ms Lin$o.PUBLIC. Map in pocket"
        ),
        ("ALDERMAN", "STACKS", "GV1619 .R6 1984"),
        (
            Item(
                "X1",
                call_number="GV1619 .R6 1984",
                copy="2",
                item_type="BOOK",
                note="Map in pocket",
                classification="GV1619",
                author_mark="R6",
                year="1984",
                policy="Y",
            ),
        ),
    ),
    (
        "symphony-926",
        "=926  \\\\$aTRINITY$bCHECKEDOUT$cPR4034 .S4 1926 V.1$dBOOK$e15/5/2007$f2",
        ("TRINITY", "", "PR4034 .S4 1926 V.1"),
        (
            Item(
                call_number="PR4034 .S4 1926 V.1",
                volume="V.1",
                item_type="BOOK",
                classification="PR4034",
                author_mark="S4",
                year="1926",
            ),
        )
        * 2,
    ),
    (
        "sierra-945",
        "=945  \\\\$a857.7$b8354$cv.2$g1$i31111$j0$lmain1$nfor staff$s-$t3$y.i12345678",
        ("", "main1", "857.7 8354"),
        (Item("31111", ".i12345678", "857.7 8354", "v.2", "1", "3", classification="857.7", author_mark="8354"),),
    ),
    (
        "sierra-949",
        "=949  \\1$a857.7 8354$i31111$lmain1$t3\n=949  \\\\$a*recs=b;",
        ("", "main1", "857.7 8354"),
        (Item("31111", call_number="857.7 8354", item_type="3", classification="857.7", author_mark="8354"),),
    ),
    (
        "sierra-989",
        "=989  \\\\$1.i1$bB1$dmain$sREF$a857.7$r8354$vv.1$j7",
        ("", "main", "REF 857.7 8354"),
        (Item("B1", ".i1", "REF 857.7 8354", "v.1", "", "7", "", "REF", "857.7", "8354"),),
    ),
    (
        "german-924",
        "=924  0\\$a123456789$bDE-14$cSAX$dc$gA 12.345$hMagazin$z1.1998 - 12.2009",
        ("DE-14", "Magazin", "A 12.345"),
        (Item(item_id="123456789", call_number="A 12.345", policy="c"),),
    ),
    (
        "alma-ava",
        "=AVA  \\\\$0990$822$aINST$bMAIN$cMain stacks$jSTACKS$d857.7 8354$eunavailable$f2$g2$qMain Library",
        ("MAIN", "STACKS", "857.7 8354"),
        (Item(call_number="857.7 8354", classification="857.7", author_mark="8354"),) * 2,
    ),
    (
        "aleph-996",
        "=996  \\\\$bB1$c2-1234.567$dRoč. 12$lMZK$rsklad$sA$t99",
        ("MZK", "sklad", "2-1234.567"),
        (Item("B1", "99", "2-1234.567", "Roč. 12"),),
    ),
    (
        "folio-952",
        "=952  ff$aCornell$bMain$cOlin Library$dOlin$eCB19 .G69 2021$ibook$jv.1$kv.1$m31924$n2$pcirc$t0",
        ("Olin Library", "Olin", "CB19 .G69 2021"),
        (
            Item(
                "31924",
                call_number="CB19 .G69 2021",
                volume="v.1",
                copy="2",
                item_type="book",
                classification="CB19",
                author_mark="G69",
                year="2021",
                policy="circ",
            ),
        ),
    ),
    (
        "evergreen-852",
        "=852  4\\$bEC-RC$bEC-RC$cCAR$jFIC ROW$gbook$p32050$t1$xunholdable$sAvailable$yUSD9.99",
        ("EC-RC", "CAR", "FIC ROW"),
        (Item("32050", call_number="FIC ROW", copy="1", item_type="book"),),
    ),
    (
        "polaris-852",
        "=852  \\\\$aMain Library$bJuvenile$hj574.92 Sill$p31256$rIn$wHardcover",
        ("Main Library", "Juvenile", "j574.92 Sill"),
        (Item("31256", call_number="j574.92 Sill", item_type="Hardcover"),),
    ),
    (
        "rusmarc-899",
        "=899  \\\\$aРГБ$bОФ$jБ 12/345$p00123$x77$znote",
        ("РГБ", "ОФ", "Б 12/345"),
        (Item("00123", call_number="Б 12/345", note="note"),),
    ),
    (
        "unimarc-930",
        "=915  \\\\$5341725201:9$bB77\n=930  \\\\$5341725201:9$b341725201$a857.7 ABC$ju\n=955  41$5341725201:9$r1990-",
        ("341725201", "", "857.7 ABC"),
        (Item("B77", "9", "857.7 ABC", classification="857.7", author_mark="ABC", policy="u"),),
    ),
)


@pytest.mark.parametrize(("preset", "text", "place", "copies"), SYSTEMS)
def test_a_copy_is_read_where_each_system_puts_it(
    preset: str, text: str, place: tuple[str, str, str], copies: tuple[Item, ...]
) -> None:
    (holding,) = held(text, preset)
    assert (holding.branch, holding.location, holding.call_number) == place
    assert holding.items == copies


def test_every_preset_has_its_row() -> None:
    elsewhere = {"none", "marc21-852", "symphony-949", "sierra-907"}
    assert {row[0] for row in SYSTEMS} | elsewhere == set(PRESETS)


def test_symphonys_items_may_stand_in_949_too() -> None:
    (item,) = items("=949  \\\\$a3489  CD$v94$wLC$i30007$rY$tSOUND$lHUNT-AUDIO$mHUNTINGTON", "symphony-949")
    assert (item.barcode, item.volume, item.call_number) == ("30007", "94", "3489 CD")


@pytest.mark.parametrize(
    ("preset", "text"),
    [
        ("koha-952", "=952  \\\\$01$aHF$p1$91"),
        ("unimarc-995", "=995  \\\\$01$bSC$f1$91"),
        ("sierra-945", "=945  \\\\$i1$lmain$sw"),
        ("symphony-999", "=999  \\\\$aA 1$i1$lDISCARD$mMAIN"),
        ("aleph-996", "=996  \\\\$bB1$q0"),
        ("evergreen-852", "=852  4\\$bBR1$cCAR$jFIC ROW$p1$xunholdable$xhidden"),
        ("folio-952", "=952  ff$cOlin Library$eCB19$m1$t1"),
        ("symphony-999", "=999  \\\\$aA 1$i1$lSHADOW$mMAIN"),
        ("alma-ava", "=AVE  \\\\$lMAIN$mJSTOR$uhttps://x.tw/1$eNot Available"),
    ],
)
def test_a_copy_that_left_is_no_holding(preset: str, text: str) -> None:
    assert held(text, preset) == ()


@pytest.mark.parametrize(
    ("preset", "text", "why"),
    [
        ("folio-952", "=952  \\\\$aHF$cADULT$p1$eCB19", "a 952 that came with the record from the system before"),
        ("sierra-949", "=949  \\\\$a*recs=b;", "a command to a loader"),
        ("alma-ava", "=AVD  \\\\$bREP1$dRepository", "no address and no place"),
    ],
)
def test_a_field_of_the_same_tag_that_is_no_item_is_passed_over(preset: str, text: str, why: str) -> None:
    assert held(text, preset) == (), why


@pytest.mark.parametrize(
    ("preset", "text"),
    [
        ("koha-952", "=952  \\\\$aHF$p1$91$xlent to Ms Lin$zmap in pocket"),
        ("marc21-852", "=852  0\\$bM$p1$xlent to Ms Lin$zmap in pocket"),
        ("marc21-852", "=852  0\\$bM$81\n=876  \\\\$81$p1$xlent to Ms Lin$zmap in pocket"),
        ("evergreen-852", "=852  4\\$bBR1$p1$xlent to Ms Lin$zmap in pocket"),
        ("sierra-989", "=989  \\\\$b1$dmain$nlent to Ms Lin$zmap in pocket"),
        ("symphony-999", "=999  \\\\$aA$i1$mM$o.CIRCNOTE. lent to Ms Lin$o.PUBLIC. map in pocket"),
    ],
)
def test_notes_for_staff_are_never_read(preset: str, text: str) -> None:
    (holding,) = held(text, preset)
    assert "Ms Lin" not in repr(holding)
    assert [item.note for item in holding.items] == ["map in pocket"]


def test_a_shelf_that_is_a_state_is_no_place() -> None:
    (holding,) = held("=926  \\\\$aTRINITY$bCHECKEDOUT$cPR1", "symphony-926")
    assert holding.location == ""


def test_how_many_copies_a_place_has_is_no_part_of_its_code() -> None:
    (holding,) = held("=998  \\\\$a(2)main", "sierra-907")
    (twin,) = held("=998  \\\\$amain (2)", "sierra-907")
    assert (holding.location, twin.location) == ("main", "main (2)")


def test_what_stands_where_the_year_does_and_is_none_is_the_volume() -> None:
    first, second = items("=805  \\\\$aSQ$c1$d857$e1$yv.1\n=805  \\\\$aSQ$c2$d857$e1$y88-3", "cmarc-805")
    assert (first.volume, first.year, first.call_number) == ("v.1", "", "857 1 v.1")
    assert (second.volume, second.year, second.call_number) == ("", "88-3", "857 1 88-3")


@pytest.mark.parametrize(
    ("subfields", "whole", "why"),
    [
        ("$tR$d857.7$e8765$y2004$v第2冊$k3", "R 857.7 8765 2004 第2冊 c.3", "every part, in the order of the label"),
        ("$d857.7$e8765$y2004$y2$k1", "857.7 8765 2004 v.2 c.1", "bare numbers say what they count"),
        ("$d857.7$e8765$y民93$v上", "857.7 8765 民93 上", "a volume in words"),
        ("$d857.7$e8765 第2冊$k3", "857.7 8765 第2冊 c.3", "a volume behind the mark is not said twice"),
        ("$dR 857.7 8765 2004 v.2 c.2", "R 857.7 8765 2004 v.2 c.2", "all in the subfield of the class"),
        ("$d857.7$e8765$y2004", "857.7 8765 2004", "the twin: neither volume nor copy"),
        ("$v2$k1", "", "no call number: volume and copy alone are none"),
    ],
)
def test_the_whole_call_number_of_a_copy_has_its_volume_and_its_number(subfields: str, whole: str, why: str) -> None:
    for tag, preset in (("805", "cmarc-805"), ("095", "taiwan-095")):
        (holding,) = held(f"={tag}  \\\\$aNTU$bREF$cW1{subfields}", preset)
        (item,) = holding.items
        assert item.call_number == whole, why
        if whole:
            told = parts(whole)
            assert (told.volume, told.copy) in ((volume_marked(item.volume), copy_marked(item.copy)), ("", "")), why


def test_the_volumes_of_a_set_stand_together_under_what_they_share() -> None:
    (holding,) = held("=805  \\\\$aSQ$c1$d857$e1$v1$k1\n=805  \\\\$aSQ$c2$d857$e1$v2$k1", "cmarc-805")
    assert (holding.call_number, [item.call_number for item in holding.items]) == (
        "857 1",
        ["857 1 v.1 c.1", "857 1 v.2 c.1"],
    )


@pytest.mark.parametrize(
    ("subfields", "found", "why"),
    [
        ("$dR 857.7$e8765$y2004", ("R", "857.7", "8765", "2004", ""), "a collection before the class"),
        ("$d特藏 857.7$e8765", ("特藏", "857.7", "8765", "", ""), "a collection in Chinese"),
        ("$d(特)857.7$e8765", ("特", "857.7", "8765", "", ""), "a collection in brackets"),
        ("$d857.7$e8765$y2004", ("", "857.7", "8765", "2004", ""), "none"),
        ("$dBL 545$eF4", ("", "BL 545", "F4", "", ""), "a class of the Library of Congress, or a collection"),
        ("$d857.7$e8765$y2004$yv.2", ("", "857.7", "8765", "2004", "v.2"), "year and volume in one code"),
        ("$d857.7$e8765$yv.2$y2004", ("", "857.7", "8765", "2004", "v.2"), "in the other order"),
        ("$d857.7$e8765$y2004$y第2冊$yc.3", ("", "857.7", "8765", "2004", "第2冊"), "a copy beside them"),
        ("$d857.7$e8765$y12$y2004", ("", "857.7", "8765", "2004", "12"), "a bare number beside a year"),
        ("$d857.7$e8765$y93$y2", ("", "857.7", "8765", "93", "2"), "a year of the Republic, and a volume"),
        ("$d857.7$e8765$y2004$y2005", ("", "857.7", "8765", "2004 2005", ""), "two years are both kept"),
        ("$d857.7$e8765$y上$y民93$y附錄", ("", "857.7", "8765", "民93", "上 附錄"), "three, one of them a year"),
        ("$d857.7$e8765$y第2冊 c.3", ("", "857.7", "8765", "", "第2冊"), "volume and copy in one"),
        ("$dR 857.7 8765 2004 v.2", ("R", "857.7", "8765", "2004", "v.2"), "all in the subfield of the class"),
        ("$d857.7$e8765 第2冊", ("", "857.7", "8765", "", "第2冊"), "a volume behind the mark"),
        ("$tR$d857.7$e8765$y93", ("R", "857.7", "8765", "93", ""), "a collection where others name the scheme"),
        ("$t特藏$d857.7$e8765", ("特藏", "857.7", "8765", "", ""), "in Chinese"),
        ("$tCCL$v增訂七版$d857.7$e8765", ("", "857.7", "8765", "", ""), "the scheme and its edition"),
        ("$d857.7$e8765$v上", ("", "857.7", "8765", "", "上"), "a volume where others name the edition"),
        ("$d857.7$e8765$v第2冊$y93", ("", "857.7", "8765", "93", "第2冊"), "beside a year"),
        ("$d857.7", ("", "857.7", "", "", ""), "a class alone"),
        ("$d857.7$y2004", ("", "857.7", "", "2004", ""), "a class and its year: no mark"),
        ("$d857.7$yv.2", ("", "857.7", "", "", "v.2"), "a class and its volume"),
    ],
)
def test_collection_year_and_volume_are_told_in_805_and_095(subfields: str, found: tuple[str, ...], why: str) -> None:
    for tag, preset in (("805", "cmarc-805"), ("095", "taiwan-095")):
        (item,) = items(f"={tag}  \\\\$aNTU$bREF$cW1{subfields}", preset)
        told = (item.collection, item.classification, item.author_mark, item.year, item.volume)
        assert told == found, why


@pytest.mark.parametrize(
    ("subfields", "copy", "why"),
    [
        ("$y2004$y第2冊$yc.3", "c.3", "beside year and volume"),
        ("$y第2冊 複本3", "複本3", "behind the volume"),
        ("$yc.3$k2", "2", "its own subfield says it"),
        ("$y2004", "", "none"),
    ],
)
def test_a_copy_told_where_the_year_stands_is_no_volume(subfields: str, copy: str, why: str) -> None:
    (item,) = items(f"=095  \\\\$aNTU$cW1$d857.7$e8765{subfields}", "taiwan-095")
    assert item.copy == copy, why


@pytest.mark.parametrize(
    ("fields", "places", "why"),
    [
        ("=907  \\\\$a.b10000017$bmain$c01-01-00", ["main"], "the place beside the number"),
        ("=907  \\\\$a.b28187878$b02-27-06$c02-27-06\n=998  \\\\$aord$b- -", ["ord"], "a date there, the place in 998"),
        (
            "=907  \\\\$a.b10000017$bmulti\n=998  \\\\$amain\n=998  \\\\$alaw",
            ["main", "law"],
            "several, each of its own",
        ),
        ("=907  \\\\$a.b10000017$b  -  -", [], "no date and no place"),
        ("=907  \\\\$a.b10000017", [], "only the number"),
    ],
)
def test_records_of_sierra_without_items_tell_places(fields: str, places: list[str], why: str) -> None:
    found = held(fields, "sierra-907")
    assert [holding.location for holding in found] == places, why
    assert not any(holding.items for holding in found)


def test_the_volumes_of_a_set_are_items_of_one_holding() -> None:
    (holding,) = held("\n".join(f"=952  \\\\$aHF$cA$o857.49 8765$p{n}$9{n}$hv.{n}" for n in (1, 2, 3)), "koha-952")
    assert [item.volume for item in holding.items] == ["v.1", "v.2", "v.3"]


def test_electronic_holdings_are_one_for_each_address_with_what_it_covers() -> None:
    first, second = held(
        "=AVE  \\\\$lMAIN$mJSTOR$sAvailable from 1998 until 2004.$uhttps://x.tw/1$nCampus only\n"
        "=AVE  \\\\$lMAIN$mEBSCO$sAvailable from 2001.$uhttps://x.tw/2",
        "alma-ava",
    )
    assert (first.url, first.coverage, first.note) == (
        "https://x.tw/1",
        "Available from 1998 until 2004.",
        "JSTOR Campus only",
    )
    assert (second.url, second.coverage, first.items, second.items) == (
        "https://x.tw/2",
        "Available from 2001.",
        (),
        (),
    )


def test_what_holds_a_place_and_no_copy_is_a_holding_without_items() -> None:
    (holding,) = held("=AVA  \\\\$bMAIN$jSTACKS$v1.1998 - 12.2009$tclosed stacks", "alma-ava")
    assert (holding.items, holding.summary, holding.note) == ((), "1.1998 - 12.2009", "closed stacks")


def test_the_statement_of_955_belongs_to_the_930_of_the_same_5() -> None:
    first, second = held("=930  \\\\$51:8$b1$aA 1\n=930  \\\\$52:9$b2$aB 1\n=955  41$52:9$r1990-2000", "unimarc-930")
    assert (first.summary, second.summary) == ("", "1990-2000")


def test_statements_and_policy_of_the_german_union_are_read() -> None:
    (holding,) = held("=924  1\\$bDE-14$dd$gA 1$z1.1998 - 12.2009$khttps://x.de/1$lim Campusnetz", "german-924")
    assert (holding.summary, holding.url, holding.note) == ("1.1998 - 12.2009", "https://x.de/1", "im Campusnetz")


# Fields of the library's own file

OWN = ItemField(tag="991", branch="l", location="m", call_number="a", copy_number="c", item_id="i", policy="f")


def test_a_field_of_the_librarys_own_file_is_read() -> None:
    (holding,) = held("=991  \\\\$aDS149.R38 2011$flc$cc. 1$i6085034$lemain$memsel", "none", OWN)
    assert (holding.branch, holding.location, holding.call_number) == ("emain", "emsel", "DS149.R38 2011")
    assert holding.items == (
        Item(
            "",
            "6085034",
            "DS149.R38 2011",
            copy="c. 1",
            classification="DS149",
            author_mark="R38",
            year="2011",
            policy="lc",
        ),
    )


def test_it_is_read_after_the_preset() -> None:
    text = "=991  \\\\$aA 1$i2$lX\n=952  \\\\$aHF$p1$91"
    assert [holding.branch for holding in held(text, "koha-952", OWN)] == ["HF", "X"]


def test_a_record_without_that_field_has_no_copy() -> None:
    assert held("=990  \\\\$aX", "none", OWN) == ()


def test_a_field_that_names_neither_place_nor_copy_is_passed_over() -> None:
    assert held("=991  \\\\$flc", "none", OWN) == ()


def test_only_fields_with_the_indicator_are_items() -> None:
    own = ItemField(tag="949", first_indicator="12", second_indicator=" ", barcode="i")
    assert [i.barcode for i in items("=949  1\\$i1\n=949  \\\\$i2\n=949  11$i3", "none", own)] == ["1"]


def test_the_branch_may_be_the_beginning_of_the_location() -> None:
    own = ItemField(tag="945", location="l", branch_length=3, barcode="i")
    (holding,) = held("=945  \\\\$labc12$i1", "none", own)
    assert (holding.branch, holding.location) == ("abc", "abc12")


@pytest.mark.parametrize(
    ("count", "copies", "why"),
    [
        ("3", 3, "as stated"),
        ("", 1, "an item field that says nothing is one copy"),
        ("<none:U>", 1, "no number"),
        ("0", 0, "none"),
        ("100000", 1, "mistyped"),
        ("900", 99, "capped"),
    ],
)
def test_a_field_may_stand_for_several_copies(count: str, copies: int, why: str) -> None:
    assert len(items(f"=926  \\\\$aMAIN$cA 1$f{count}", "symphony-926")) == copies, why


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://x.tw/a b", "https://x.tw/a"),
        ("javascript:alert(1)", ""),
        ("", ""),
    ],
)
def test_only_addresses_of_the_web_are_addresses(text: str, address: str) -> None:
    assert web_address(text) == address


@pytest.mark.parametrize(
    ("label", "told"),
    [
        ("1998-2004", True),
        ("JSTOR: 1998- present", True),
        ("Available from 2001", True),
        ("自2001年起", True),
        ("v.1-12 (1999-2010)", True),
        ("第12卷第3期起", True),
        ("Full text", False),
        ("電子書", False),
        ("Taylor & Francis 2010 collection", False),
        ("ProQuest 1998-" + "x" * 300, False),
        ("", False),
    ],
)
def test_the_label_of_a_link_may_say_what_it_covers(label: str, told: bool) -> None:
    assert coverage_told(label) == (label if told else "")


def test_a_hostile_field_costs_no_more_than_its_size() -> None:
    many: Any = "=952  \\\\" + "$o" + "A1 " * 20_000 + "$p1"
    (item,) = items(many, "koha-952")
    assert (item.barcode, item.classification) == ("1", "")


def test_the_words_of_a_librarys_own_field_match_in_any_case() -> None:
    own = ItemField(tag="945", barcode="i", location="l", not_places=("lent",), gone={"s": ("w",)})
    (holding,) = held("=945  \\\\$i1$sW\n=945  \\\\$i2$sx$lLent", "none", own)
    assert (holding.location, [item.barcode for item in holding.items]) == ("", ["2"])


# Rows of a separate item file


def test_a_row_of_an_item_file_is_read_beside_the_preset() -> None:
    columns = ItemColumns.model_validate(
        {
            "control_number": "id",
            "branch": "館別",
            "call_number": ["分類號", "著者號"],
            "barcode": "條碼",
            "note": "附註",
        }
    )
    row = {"id": "7", "館別": "HFC", "分類號": "857.7", "著者號": "8354", "條碼": "B1", "附註": "附光碟"}
    text = "=ROW  \\\\" + "".join(f"${code}{value}" for code, value in subfields(row, columns))
    for preset in ("none", "koha-952"):
        (holding,) = held(text, preset)
        assert (holding.branch, holding.call_number) == ("HFC", "857.7 8354")
        (item,) = holding.items
        assert (item.barcode, item.note, item.classification, item.author_mark) == ("B1", "附光碟", "857.7", "8354")

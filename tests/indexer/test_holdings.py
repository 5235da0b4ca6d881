from __future__ import annotations

from indexer.holdings import PRESETS, holdings, web_address
from indexer.record import Holding, Item
from mappings.library import Records
from tests.support.marc import marc

WITHOUT = marc("=245  00$aT")


def held(text: str, preset: str) -> tuple[Holding, ...]:
    return holdings(marc(text), preset, "testlib", "oai:1", "1")


def test_every_preset_a_library_may_name_is_read() -> None:
    allowed = Records.model_json_schema()["properties"]["holdings"]["enum"]
    assert sorted(PRESETS) == sorted(allowed)


def test_a_record_without_holdings_fields_has_none() -> None:
    for preset in PRESETS:
        assert holdings(WITHOUT, preset, "testlib", "oai:1", "1") == ()


def test_none_reads_nothing_even_where_fields_are() -> None:
    assert held("=852  \\\\$bMAIN$p1", "none") == ()


def test_852_with_a_barcode_is_an_item() -> None:
    (holding,) = held("=852  0\\$aORG$bMAIN$cSTACKS$kR$hPL2727$i.S2$p31111$t2$3v.1$zNote", "marc21-852")
    assert (holding.library, holding.record, holding.local_id) == ("testlib", "oai:1", "1")
    assert (holding.branch, holding.location, holding.call_number) == ("MAIN", "STACKS", "R PL2727 .S2")
    assert holding.items == (Item(barcode="31111", volume="v.1", copy="2", note="Note"),)


def test_852_of_the_same_place_are_one_holding_of_several_items() -> None:
    (holding,) = held("=852  \\\\$bM$cS$hA$p1\n=852  \\\\$bM$cS$hA$p2", "marc21-852")
    assert [item.barcode for item in holding.items] == ["1", "2"]


def test_852_without_a_barcode_is_a_holding_without_items() -> None:
    (holding,) = held("=852  \\\\$bM$hA\n=866  \\0$av.1-12 (1990-2001)", "marc21-852")
    assert (holding.items, holding.summary) == ((), "v.1-12 (1990-2001)")


def test_876_and_866_belong_to_the_852_they_are_linked_to() -> None:
    first, second = held(
        "=852  \\\\$81$bA\n=852  \\\\$82$bB\n=866  \\0$81.1$av.1-3\n=876  \\\\$82.1$a77$p31111$t1$3v.9", "marc21-852"
    )
    assert (first.branch, first.summary, first.items) == ("A", "v.1-3", ())
    assert (second.branch, second.summary) == ("B", "")
    assert second.items == (Item(barcode="31111", item_id="77", volume="v.9", copy="1"),)


def test_an_electronic_holding_has_its_address() -> None:
    (holding,) = held("=852  \\\\$bE$uhttps://x.tw/1", "marc21-852")
    assert holding.url == "https://x.tw/1"


def test_952_is_kohas_item_with_its_number() -> None:
    (holding,) = held(
        "=952  \\\\$00$aHF$bHF$cADULT$o857.49 8765$p31111$9501$hv.1$t2$yBK$znote\n"
        "=952  \\\\$aHF$cADULT$o857.49 8765$p2$9502",
        "koha-952",
    )
    assert (holding.branch, holding.location, holding.call_number) == ("HF", "ADULT", "857.49 8765")
    assert holding.items == (
        Item("31111", "501", "857.49 8765", "v.1", "2", "BK", "note"),
        Item("2", "502", "857.49 8765"),
    )


def test_a_withdrawn_copy_is_no_holding() -> None:
    assert held("=952  \\\\$01$aHF$p1$91", "koha-952") == ()
    assert held("=995  \\\\$01$bSC$f1$91", "unimarc-995") == ()


def test_995_is_unimarcs_item() -> None:
    (holding,) = held("=995  \\\\$95$bSC$cSC$eST$fB1$k857.49 8765$rBK$vv.1", "unimarc-995")
    assert (holding.branch, holding.location, holding.call_number) == ("SC", "ST", "857.49 8765")
    assert holding.items == (Item("B1", "5", "857.49 8765", "v.1", "", "BK"),)


def test_805_puts_the_call_number_together() -> None:
    (holding,) = held("=805  \\\\$aNCL$bBK$c001209140$d873.57$e7955$pBOOK$tCCL$y82$z681.", "cmarc-805")
    assert (holding.branch, holding.location, holding.call_number) == ("NCL", "BK", "873.57 7955 82")
    assert holding.items == (Item("001209140", call_number="873.57 7955 82", item_type="BOOK"),)


def test_805_with_a_volume_where_the_year_stands() -> None:
    first, second = (
        item
        for holding in held("=805  \\\\$aSQ$c1$d857$e1$yv.1\n=805  \\\\$aSQ$c2$d857$e1$yv.2", "cmarc-805")
        for item in holding.items
    )
    assert (first.volume, second.volume, first.call_number) == ("v.1", "v.2", "857 1")


def test_only_addresses_of_the_web_are_addresses() -> None:
    assert web_address("https://x.tw/a b") == "https://x.tw/a"
    assert web_address("javascript:alert(1)") == ""
    assert web_address("") == ""

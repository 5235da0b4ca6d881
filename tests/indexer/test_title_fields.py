from __future__ import annotations

import pytest

from indexer.record import Carrier, Format, Title
from indexer.title_fields import parted
from tests.support.marc import marc, read_text


@pytest.mark.parametrize(
    ("field", "expected", "why"),
    [
        ("$a台灣經濟[電子資源] =$bTaiwan economy", "$a台灣經濟 =$h電子資源$bTaiwan economy", "before a parallel title"),
        ("$a台灣經濟 [電子資源] /$c王大明", "$a台灣經濟 /$h電子資源$c王大明", "before the statement"),
        ("$aHamlet [sound recording]", "$aHamlet$hsound recording", "in English"),
        ("$a臺灣史 :$b通史［錄影資料］", "$a臺灣史 :$b通史$h錄影資料", "behind the subtitle"),
        ("$a臺灣[地圖集] /", "$a臺灣[地圖集] /", "a word supplied to the title"),
        ("$a臺灣史[一]$h[電子資源]", "$a臺灣史[一]$h[電子資源]", "it has its own"),
        ("$a[電子資源]", "$a[電子資源]", "nothing else is its title"),
        ("$a臺灣史 / 王大明著", "$a臺灣史$c王大明著", "all in $a"),
        ("$a臺灣史 =$bA history of Taiwan / 王大明著", "$a臺灣史 =$bA history of Taiwan$c王大明著", "in $b"),
        ("$a臺灣史／王大明著", "$a臺灣史$c王大明著", "a full-width sign"),
        ("$aEmma / by Jane Austen", "$aEmma$cby Jane Austen", "in English"),
        ("$aA / B / 王大明著", "$aA / B$c王大明著", "the sign stands in the title, too"),
        ("$a臺灣史[電子書] / 王大明著", "$a臺灣史$h電子書$c王大明著", "both"),
        ("$aInput / output", "$aInput / output", "a title with the sign"),
        ("$a戰爭／和平", "$a戰爭／和平", "another"),
        ("$a王牌／高手", "$a王牌／高手", "that might be a name, but does nothing"),
        ("$a臺灣史 / 王大明著$c李小華編", "$a臺灣史 / 王大明著$c李小華編", "it has a statement"),
        ("$a臺灣史 /$c王大明著", "$a臺灣史 /$c王大明著", "as it should be"),
    ],
)
def test_designation_and_statement_stand_in_their_own_subfields(field: str, expected: str, why: str) -> None:
    [found, wanted] = (marc(f"=245  00{text}").fields("245")[0] for text in (field, expected))
    assert parted(found) == wanted, why


def test_a_record_is_found_by_its_title_alone_and_is_what_the_designation_says() -> None:
    record = read_text("=245  00$a台灣經濟[電子資源] =$bTaiwan economy / 王大明著")
    assert record.titles == (Title("台灣經濟"), Title("Taiwan economy", kind="parallel"))
    assert (record.responsibility, [one.name for one in record.agents]) == ("王大明著", ["王大明"])
    assert (record.format, record.carrier) == (Format.EBOOK, Carrier.ONLINE)
    without = read_text("=245  00$a台灣經濟 =$bTaiwan economy")
    assert (without.titles, without.responsibility, without.agents) == (record.titles, "", ())
    assert (without.format, without.carrier) == (Format.BOOK, Carrier.PRINT)


def test_the_same_in_unimarc() -> None:
    record = read_text(
        "=LDR  00000nam  2200000   4500\n=200  1\\$a台灣經濟[錄影資料]$e發展 / 王大明著", dialect="unimarc"
    )
    assert record.titles == (Title("台灣經濟", "發展"),)
    assert (record.responsibility, record.format) == ("王大明著", Format.FILM)
    without = read_text("=LDR  00000nam  2200000   4500\n=200  1\\$a台灣經濟$e發展", dialect="unimarc")
    assert (without.titles, without.responsibility, without.format) == (record.titles, "", Format.BOOK)


def test_a_hostile_title_is_read_at_once() -> None:
    record = marc("=245  00$a" + "甲 / " * 100_000 + "[" * 100_000)
    assert parted(record.fields("245")[0]).first("a")[:1] == "甲"

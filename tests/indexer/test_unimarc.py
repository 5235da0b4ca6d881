from __future__ import annotations

import pytest

from indexer import unimarc, unimarc_access
from indexer.record import Agent, Classification, Identifier, Imprint, Link, Series, Subject
from tests.support.marc import marc

WITHOUT = marc("=001  1\n=999  \\\\$aonly a local field")


@pytest.mark.parametrize(
    ("field", "agent", "why"),
    [
        ("=700  \\1$aAusten$bJane$f1775-1817.", Agent("Austen, Jane", dates="1775-1817", main=True), "Western"),
        ("=700  \\1$a張$b愛玲$4著", Agent("張愛玲", role="aut", main=True), "Chinese, function in words"),
        ("=702  \\1$a張$b玲$4730", Agent("張玲", role="trl"), "function as UNIMARC's number"),
        (
            "=200  1\\$aT$f珍.奧斯汀作\n=700  \\1$a奧斯汀$b珍$4作",
            Agent("奧斯汀, 珍", role="aut", main=True),
            "a Western name, as the statement of responsibility tells",
        ),
        ("=702  \\1$a張$b玲$4譯.圖", Agent("張玲", role="trl", more_roles=("ill",)), "two functions"),
        (
            "=700  \\1$a奧斯丁$c(Austen, Jane, 1775-1817)$4著",
            Agent("奧斯丁", role="aut", dates="1775-1817", main=True, original="Austen, Jane"),
            "the original name in $c",
        ),
        ("=700  \\0$a金庸$c(查良鏞)", Agent("金庸", main=True, original="查良鏞"), "the real name in $c"),
        (
            "=700  \\0$a三毛$c(陳平, 1943-1991)",
            Agent("三毛", dates="1943-1991", main=True, original="陳平"),
            "with dates",
        ),
        (
            "=700  \\0$a荷馬$c(Homer, 西元前8世紀)",
            Agent("荷馬", dates="西元前8世紀", main=True, original="Homer"),
            "dates in characters",
        ),
        (
            "=700  \\0$a托爾斯泰$c(Толстой, Лев)",
            Agent("托爾斯泰", main=True, original="Толстой, Лев"),
            "another alphabet",
        ),
        ("=700  \\0$a金庸$c(作家)", Agent("金庸", main=True), "what he is"),
        ("=700  \\1$s清$a曹$b雪芹", Agent("曹雪芹", main=True), "the dynasty is not part of the name"),
        (
            "=700  \\1$a奧斯丁$4著\n=770  \\1$aAusten$bJane$f1775-1817.",
            Agent("奧斯丁", role="aut", dates="1775-1817", main=True, original="Austen, Jane"),
            "the original name in CMARC's 770",
        ),
        ("=702  \\1$a張$b玲$3A123", Agent("張玲", number="A123"), "the number of its authority record"),
        ("=200  1\\$aT$g張玲,張揚譯\n=702  \\1$a張$b玲", Agent("張玲", role="trl"), "the role as 200 has it"),
        ("=701  \\1$a鲁迅$9lu xun", Agent("鲁迅", romanised="lu xun"), "pinyin beside the name"),
        ("=710  02$a國家圖書館$b編目組$4編", Agent("國家圖書館. 編目組", "corporate", "edt", main=True), "a body"),
        (
            "=710  02$a臺灣銀行編$4編",
            Agent("臺灣銀行", "corporate", "edt", main=True),
            "what a body did is no part of it",
        ),
        ("=710  02$a臺灣銀行編", Agent("臺灣銀行", "corporate", "edt", main=True), "said in its heading alone"),
        ("=700  \\1$a（美)海明威", Agent("海明威", main=True), "the country in brackets of two widths"),
        (
            "=700  \\1$a奧斯汀$b珍$c(Austen, Jane)",
            Agent("奧斯汀, 珍", main=True, original="Austen, Jane"),
            "by its form",
        ),
        (
            "=700  \\1$a村上$b春樹$c(Murakami, Haruki)",
            Agent("村上春樹", main=True, original="Murakami, Haruki"),
            "not of Japan",
        ),
        ("=710  12$aIFLA", Agent("IFLA", "meeting", main=True), "a meeting"),
        (
            "=711  12$aIFLA$d(72$f2006$eSeoul)",
            Agent("IFLA (72 : 2006 : Seoul)", "meeting"),
            "its number, year and place",
        ),
    ],
)
def test_agents(field: str, agent: Agent, why: str) -> None:
    assert unimarc_access.agents(marc(field)) == (agent,), why


def test_an_original_name_joins_the_one_glossed_with_it_or_stands_alone() -> None:
    names = "=702  \\1$a席爾斯$c(Sears, Ted)\n=702  \\1$a劉$b瑞綿\n=772  \\1$aSears$bTed$f1900-1958"
    first, second = unimarc_access.agents(marc(names))
    assert (first.original, first.dates, second.original) == ("Sears, Ted", "1900-1958", "")
    unglossed = names.replace("$c(Sears, Ted)", "")
    assert [agent.name for agent in unimarc_access.agents(marc(unglossed))] == ["席爾斯", "劉瑞綿", "Sears, Ted"]


def test_a_record_without_agents_has_none() -> None:
    assert unimarc_access.agents(WITHOUT) == ()


def test_edition_imprint_and_extent() -> None:
    record = marc("=205  \\\\$a初版\n=210  \\\\$a臺北市$c時報$d2004[民93]\n=215  0\\$a517面$c圖$d21公分")
    assert unimarc.edition(record) == "初版"
    assert unimarc.imprints(record) == (Imprint("臺北市", "時報", "2004[民93]"),)
    assert unimarc.extent(record) == "517面 : 圖 ; 21公分"
    assert (unimarc.edition(WITHOUT), unimarc.imprints(WITHOUT), unimarc.extent(WITHOUT)) == ("", (), "")


def test_a_distributor_is_an_imprint_of_its_own_and_214_names_its_function() -> None:
    assert unimarc.imprints(marc("=210  \\\\$a臺北市$c遠景$a臺南市$c巨晟總代理$d1993")) == (
        Imprint("臺北市", "遠景", "1993"),
        Imprint("臺南市", "巨晟總代理"),
    )
    assert unimarc.imprints(marc("=214  \\4$d2003\n=214  \\0$aParis$cSeuil$d2004")) == (
        Imprint("Paris", "Seuil", "2004"),
    )


def test_a_series_has_its_titles_in_other_languages_with_its_number() -> None:
    assert unimarc.series(marc("=225  1\\$a叢書$dSeries in English$v5")) == (
        Series("叢書", "5"),
        Series("Series in English", "5"),
    )
    assert unimarc.series(marc("=225  1\\$a叢書$v5")) == (Series("叢書", "5"),)


def test_series_from_225_else_410() -> None:
    assert unimarc.series(marc("=225  1\\$a藍小說$v84")) == (Series("藍小說", "84"),)
    assert unimarc.series(marc("=410  \\1$12001 $a藍小說$v84")) == (Series("藍小說", "84"),)
    assert unimarc.series(marc("=225  1\\$a藍小說$v84\n=410  \\0$t藍小說")) == (Series("藍小說", "84"),)
    embedded = "=410  \\0$1700 1$a楊$1200 1$a藍小說$v84"
    assert unimarc.series(marc(embedded)) == (Series("藍小說", "84"),)
    assert unimarc.series(WITHOUT) == ()


def test_a_set_stands_for_a_series_where_no_series_is_stated() -> None:
    assert unimarc.series(marc("=461  \\1$12001 $a總集$v3")) == (Series("總集", "3"),)
    assert unimarc.series(marc("=225  1\\$a藍小說$v8\n=461  \\0$t總集$v3")) == (Series("藍小說", "8"),)
    assert unimarc.series(marc("=LDR  00000naa  2200000   4500\n=461  \\0$tJournal$v3")) == ()


def test_notes_summary_and_contents() -> None:
    record = marc("=300  \\\\$a附索引\n=327  \\\\$a上\n=330  \\\\$a摘要")
    assert (unimarc.notes(record), unimarc.contents(record), unimarc.summary(record)) == (("附索引",), "上", "摘要")
    assert (unimarc.notes(WITHOUT), unimarc.contents(WITHOUT), unimarc.summary(WITHOUT)) == ((), "", "")


@pytest.mark.parametrize(
    ("field", "subject", "why"),
    [
        (
            "=606  \\\\$2csh$a美國文學$x小說",
            Subject("美國文學 -- 小說", "csht"),
            "the Chinese headings under their old name",
        ),
        ("=606  \\\\$2lc$aCourtship$xFiction.", Subject("Courtship -- Fiction", "lcsh"), "LCSH under its short name"),
        ("=600  \\1$a曹$b雪芹$2cst", Subject("曹雪芹", "lcstt", "person"), "a person"),
        ("=601  02$a聯合國", Subject("聯合國", kind="corporate"), "a body"),
        ("=605  \\\\$a紅樓夢", Subject("紅樓夢", kind="title"), "a title"),
        (
            "=604  \\\\$1700  1$a曹$b雪芹$1500 10$a紅樓夢",
            Subject("曹雪芹 紅樓夢", kind="title"),
            "a title under its maker, both embedded",
        ),
        (
            "=606  \\\\$a文學$x歷史$y中國$z清$j小說$2rameau",
            Subject("文學 -- 歷史 -- 中國 -- 清 -- 小說", "ram"),
            "divided",
        ),
        ("=607  \\\\$aEngland$xFiction", Subject("England -- Fiction", kind="place"), "a place"),
        ("=608  \\\\$a小說", Subject("小說", kind="genre"), "a genre"),
        ("=610  0\\$afree", Subject("free"), "an uncontrolled term"),
        ("=610  02$a聯合國$2cst", Subject("聯合國", "lcstt", "corporate"), "a body where MARC21 has it"),
    ],
)
def test_subjects(field: str, subject: Subject, why: str) -> None:
    assert unimarc_access.subjects(marc(field)) == (subject,), why


def test_a_record_without_subjects_has_none() -> None:
    assert unimarc_access.subjects(WITHOUT) == ()


@pytest.mark.parametrize(
    ("field", "expected", "why"),
    [
        ("=681  \\\\$a873.57$b2741$v增訂七版", Classification("873.57", "ncsclt"), "中文圖書分類法"),
        ("=681  \\\\$a823.7$vdcc22", Classification("823.7", "ddc"), "Dewey in the same field, as libraries do"),
        ("=681  \\\\$a857.49$v何日章", Classification("857.49", "ho"), "何日章's"),
        ("=681  \\\\$a857.49$v2007年版", Classification("857.49", "ncsclt"), "under its present name"),
        ("=686  \\\\$a857.49$2中文圖書分類法", Classification("857.49", "ncsclt"), "named in $2"),
        ("=676  \\\\$a823'.7", Classification("823.7", "ddc"), "Dewey, prime marks out"),
        ("=690  \\\\$a12345", Classification("12345", "other"), "local, of no pattern"),
        ("=676  \\\\$a823.", Classification("823", "ddc"), "Dewey"),
        ("=680  \\\\$aPR4034.", Classification("PR4034", "lcc"), "Library of Congress"),
        ("=677  \\\\$a913.6", Classification("913.6", "ndc"), "Nippon Decimal"),
        ("=687  \\\\$a857.49$2何日章", Classification("857.49", "ho"), "another, named"),
        ("=692  \\\\$a55.1", Classification("55.1", "other"), "of the Chinese Academy of Sciences"),
        ("=690  \\\\$aI561.44", Classification("I561.44", "clc"), "中图法"),
    ],
)
def test_classifications(field: str, expected: Classification, why: str) -> None:
    assert unimarc_access.classifications(marc(field)) == (expected,), why


@pytest.mark.parametrize(
    ("field", "expected", "why"),
    [
        ("=010  0\\$a957-13-4164-9$b平裝$d新臺幣350元", Identifier("isbn", "9789571341644", "平裝"), "ISBN"),
        (
            "=010  0\\$a957-13-4164-9$b平裝:v.2",
            Identifier("isbn", "9789571341644", "平裝:v.2", volume="v.2"),
            "a volume",
        ),
        ("=010  \\\\$z957-13-4164-9", Identifier("isbn", "9789571341644", valid=False, cancelled=True), "wrong ISBN"),
        ("=011  \\\\$a0378-5955", Identifier("issn", "0378-5955"), "ISSN"),
        ("=011  \\\\$f0378-5955", Identifier("issn_l", "0378-5955"), "of all media of the serial"),
        ("=011  \\\\$y0378-5955", Identifier("issn", "0378-5955", valid=False, cancelled=True), "cancelled ISSN"),
        ("=013  \\\\$aM-2306-7118-7", Identifier("ismn", "9790230671187"), "ISMN"),
        ("=020  \\\\$aFR$b0123", Identifier("national", "(fr)0123"), "national bibliography"),
        ("=022  \\\\$atw$b1009300001", Identifier("national", "(gpn)1009300001"), "government publication"),
        ("=090  \\\\$a(nbi)b68514992", Identifier("national", "(nbi)b68514992"), "NBINet"),
        ("=022  \\\\$atw$bGPN 1009300001", Identifier("national", "(gpn)1009300001"), "marked once more"),
        ("=071  01$aBR 123$bRock", Identifier("other", "(Rock)BR 123"), "of a publisher of music"),
        ("=016  \\\\$aFRZ039800212", Identifier("other", "(isrc)FRZ039800212"), "of a recording"),
        ("=017  7\\$aA-12$2qqnum", Identifier("other", "(qqnum)A-12"), "a kind of number that no list knows"),
        ("=073  \\0$a9789571341644", Identifier("isbn", "9789571341644"), "an EAN"),
        (
            "=050  \\\\$a100717264$z93040308",
            Identifier("national", "(ncl)100717264"),
            "of the National Central Library",
        ),
        ("=091  \\\\$a统一书号10019·123", Identifier("national", "(csbn)10019·123"), "of before ISBN in China"),
        ("=021  \\\\$aFR$bDL-123", Identifier("national", "(fr)DL-123"), "legal deposit"),
        ("=020  \\\\$acw$b83008157", Identifier("national", "(cw)83008157"), "of Taiwan under its old code"),
        ("=035  \\\\$z(OCoLC)12345", Identifier("oclc", "12345", valid=False, cancelled=True), "merged"),
        ("=035  \\\\$a(OCoLC)12345", Identifier("oclc", "12345"), "OCLC"),
    ],
)
def test_identifiers(field: str, expected: Identifier, why: str) -> None:
    assert unimarc_access.identifiers(marc(field)) == (expected,), why


def test_how_a_link_is_fetched_is_no_label() -> None:
    link = marc("=856  \\\\$uhttp://x.tw/1$z三久出版社$2http")
    assert unimarc_access.links(link) == (Link("http://x.tw/1", "三久出版社", "elsewhere"),)


def test_links_and_what_has_neither() -> None:
    assert unimarc_access.links(marc("=017  70$a10.1000/182$2doi")) == (Link("https://doi.org/10.1000/182", "DOI"),)
    assert unimarc_access.links(marc("=856  40$uhttp://x.tw/1")) == (Link("http://x.tw/1", "", "fulltext"),)
    assert (
        unimarc_access.links(WITHOUT),
        unimarc_access.classifications(WITHOUT),
        unimarc_access.identifiers(WITHOUT),
    ) == ((), (), ())


def test_a_note_may_give_the_number_of_a_government_publication() -> None:
    def numbers(text: str) -> list[str]:
        return [one.value for one in unimarc.FIELDS["identifiers"].function(marc(text))]

    assert numbers("=300  \\\\$aGPN:1009300001") == ["(gpn)1009300001"]
    assert numbers("=300  \\\\$a1009300001") == []

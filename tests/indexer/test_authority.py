"""Authority records of both dialects: which names they give of whom, and what they do not say."""

from __future__ import annotations

import pytest

from harvester.store import RawRecord
from indexer.authority import Authority, Form
from indexer.holdings.records import HoldingsRecord
from indexer.read import AuthorityOnly, Unreadable, read, read_either
from indexer.record import Record
from tests.support.marc import library, marcxml

MARC21 = "=LDR  00000nz  a2200000n  4500"
UNIMARC = "=LDR  00000nx  a2200000   45  "
GENERAL = "=100  \\\\$a20040101achiy50      ea"

JIN_YONG = f"""
{MARC21}
=001  n 81000001
=003  DLC
=010  \\\\$an 81000001
=024  7\\$a102333412$2viaf
=035  \\\\$a(TW-TaNCL)000042
=100  1\\$6880-01$aJin, Yong,$d1924-2018
=400  1\\$6880-02$aZha, Liangyong,$d1924-2018
=400  1\\$aCha, Louis,$d1924-2018
=500  1\\$wnnnc$aSomebody, Else
=670  \\\\$aHis book
=700  17$a金庸,$d1924-2018$0(TW-TaNCL)000099$2tw
=880  1\\$6100-01/$1$a金庸,$d1924-2018
=880  1\\$6400-02/$1$a查良鏞,$d1924-2018
"""
CAO_XUEQIN = f"""
{UNIMARC}
=001  A7
=010  \\\\$a0000 0001 2123 4567
=033  \\\\$ahttp://viaf.org/viaf/111
{GENERAL}
=200  \\1$a曹$b雪芹$f約1715-約1763
=200  \\1$aCao$bXueqin$fapproximately 1715-approximately 1763
=400  \\1$a曹$b霑
=500  \\1$a脂硯齋
=700  \\1$aTsao$bHsueh-chin
"""


def given(text: str, **records: object) -> Record | HoldingsRecord | Authority:
    return read_either(RawRecord("ntl", "a1", "marcxml", marcxml(text)), library("ntl", **records))


def names(text: str, **records: object) -> Authority:
    found = given(text, **records)
    assert isinstance(found, Authority)
    return found


def test_marc21_gives_the_heading_in_both_scripts_its_variants_and_all_its_numbers() -> None:
    found = names(JIN_YONG)
    assert found == Authority(
        "ntl",
        "a1",
        ("ntl|n81000001", "dlc:n81000001", "viaf:102333412", "tw-tancl:000042", "tw-tancl:000099"),
        "person",
        (Form("金庸", "1924-2018"), Form("Jin, Yong", "1924-2018")),
        (Form("查良鏞", "1924-2018"), Form("Zha, Liangyong", "1924-2018"), Form("Cha, Louis", "1924-2018")),
    )
    assert found.names == ("金庸", "Jin, Yong", "查良鏞", "Zha, Liangyong", "Cha, Louis")


def test_unimarc_gives_parallel_headings_tracings_and_linked_ones() -> None:
    found = names(CAO_XUEQIN)
    assert found.numbers == ("ntl|a7", "isni:0000000121234567", "viaf:111")
    assert found.headings == (
        Form("曹雪芹", "約1715-約1763"),
        Form("Cao, Xueqin", "approximately 1715-approximately 1763"),
    )
    assert found.variants == (Form("曹霑"), Form("Tsao, Hsueh-chin"))


def test_a_see_also_names_somebody_else() -> None:
    assert "Somebody, Else" not in names(JIN_YONG).names
    assert "脂硯齋" not in names(CAO_XUEQIN).names


@pytest.mark.parametrize(
    ("text", "kind", "found", "why"),
    [
        (
            f"{MARC21}\n=110  2\\$a國立臺灣大學.$b圖書館\n=410  2\\$a臺大圖書館",
            "corporate",
            "國立臺灣大學. 圖書館",
            "a body",
        ),
        (f"{MARC21}\n=111  2\\$aOlympic Games", "meeting", "Olympic Games", "a meeting"),
        (f"{MARC21}\n=150  \\\\$a臺灣文學$x歷史與批評", "topic", "臺灣文學 -- 歷史與批評", "a subject"),
        (f"{MARC21}\n=151  \\\\$a臺灣", "place", "臺灣", "a place"),
        (f"{MARC21}\n=155  \\\\$a武俠小說", "genre", "武俠小說", "a genre"),
        (f"{MARC21}\n=130  \\0$aBible", "title", "Bible", "a title"),
        (f"{MARC21}\n=100  1\\$aJin, Yong.$tLu ding ji", "title", "Jin, Yong. Lu ding ji", "a work, not its author"),
        (
            f"{MARC21}\n=150  \\\\$aA\n=260  \\\\$isubjects$aB",
            "topic",
            "A",
            "a reference in MARC21 is no heading of UNIMARC",
        ),
        (f"{UNIMARC}\n{GENERAL}\n=210  02$a國家圖書館", "corporate", "國家圖書館", "a body in UNIMARC"),
        (f"{UNIMARC}\n{GENERAL}\n=210  12$aConference", "meeting", "Conference", "a meeting in UNIMARC"),
        (f"{UNIMARC}\n{GENERAL}\n=150  \\\\$ay\n=210  02$a國家圖書館", "corporate", "國家圖書館", "with coded data"),
        (f"{UNIMARC}\n=250  \\\\$a臺灣文學$x歷史", "topic", "臺灣文學 -- 歷史", "a subject in UNIMARC, without a 100"),
        (f"{UNIMARC.replace('nx', 'nz')}\n{GENERAL}\n=200  \\1$a曹$b雪芹", "person", "曹雪芹", "an explanatory entry"),
        (f"{UNIMARC.replace('nx', 'ny')}\n{GENERAL}\n=200  \\1$a曹$b霑", "person", "曹霑", "a reference entry"),
        (f"{MARC21}\n=100  0\\$a(清)曹雪芹", "person", "曹雪芹", "the dynasty is no part of the name"),
    ],
)
def test_each_kind_of_heading_is_read(text: str, kind: str, found: str, why: str) -> None:
    read_as = names(text)
    assert (read_as.kind, read_as.headings[0].text) == (kind, found), why


def test_an_original_form_beside_the_heading_is_another_name() -> None:
    assert names(f"{MARC21}\n=100  1\\$a海明威(Ernest Hemingway)").names == ("海明威", "Ernest Hemingway")


def test_the_linked_heading_of_a_subject_gives_a_name_but_no_number() -> None:
    found = names(f"{MARC21}\n=001  7\n=150  \\\\$a電腦\n=750  \\0$aComputers$0(DLC)sh85029552")
    assert (found.names, found.numbers) == (("電腦", "Computers"), ("ntl|7",))


def test_an_authority_record_is_no_record_of_a_book() -> None:
    with pytest.raises(AuthorityOnly, match=r"ntl:a1: it is an authority record: 金庸; Jin, Yong; 查良鏞"):
        read(RawRecord("ntl", "a1", "marcxml", marcxml(JIN_YONG)), library("ntl"))


@pytest.mark.parametrize("leader", [MARC21, UNIMARC.replace("nx", "nz")])
def test_one_without_a_heading_is_refused_with_the_field(leader: str) -> None:
    with pytest.raises(Unreadable) as refused:
        given(f"{leader}\n=001  1\n=400  1\\$aZha, Liangyong")
    assert (refused.value.field, refused.value.reason) == ("1XX", "an authority record without a heading")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f"{MARC21}\n=001  1\n=100  1\\$a金庸\n=245  10$a鹿鼎記", "MARC21 with a title"),
        (f"{MARC21}\n=001  1\n=200  1\\$a鹿鼎記$f金庸\n=210  \\\\$a臺北市", "UNIMARC with a title"),
        (
            f"{UNIMARC}\n=001  1\n=100  \\\\$a20041006d2004    m  y0chiy09      e\n=200  1\\$a鹿鼎記$f金庸",
            "UNIMARC whose coded data are a book's",
        ),
    ],
)
def test_a_book_whose_leader_is_mistyped_stays_a_book(text: str, why: str) -> None:
    found = given(text)
    assert isinstance(found, Record), why
    assert [title.proper for title in found.titles] == ["鹿鼎記"], why


def test_marc21_holdings_of_the_same_type_stay_holdings() -> None:
    found = given("=LDR  00000nx  a2200000un 4500\n=001  h1\n=004  7\n=852  0\\$bMAIN$pB1")
    assert isinstance(found, HoldingsRecord)


def test_x_and_y_are_holdings_where_a_library_says_that_it_sends_marc21() -> None:
    with pytest.raises(Unreadable, match="whose copies"):
        given("=LDR  00000nx  a2200000un 4500\n=001  h1\n=250  \\\\$a1st ed.\n=866  \\\\$av.1", dialect="marc21")

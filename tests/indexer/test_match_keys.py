"""Records of one edition share a key however they are catalogued, and keys depend on the record alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from indexer.match_keys import key_number, match_keys, place_in_block
from indexer.profile import profile
from indexer.record import Agent, Format, Record
from tests.support.records import make_record

ISBN = "9789570835878"
CAO = Agent("曹雪芹", role="aut", main=True)

MEETING = [
    (
        make_record("紅樓夢校注", author=CAO, year=1984),
        make_record("红楼梦校注", author=CAO, year=1984),
        "Traditional and Simplified",
    ),
    (make_record("臺灣史", year=1990), make_record("台湾史", year=1990), "臺 and 台"),
    (
        make_record("紅樓夢校注", author=CAO, language="chi"),
        make_record("Hong lou meng jiao zhu", author="Cao, Xueqin"),
        "vernacular only and romanised only",
    ),
    (
        make_record("ノルウェイの森", romanised="Noruwei no mori", year=1987),
        make_record("Noruwei no mori", year=1987),
        "Japanese with its romanisation and without its characters",
    ),
    (make_record("Emma", other="a novel", year=1816), make_record("Emma", year=1816), "a subtitle missing"),
    (make_record("Emma: a novel", year=1816), make_record("Emma", other="a novel", year=1816), "the subtitle in $a"),
    (make_record("The Iliad", year=1990), make_record("Iliad", year=1990), "an article"),
    (make_record("紅樓夢 (上)", author=CAO), make_record("紅樓夢", part="上", author=CAO), "the part in the title"),
    (make_record("Emma", isbn=ISBN), make_record("愛瑪", isbn=ISBN), "one ISBN under two titles"),
    (make_record("Emma", lccn="81010777"), make_record("Ema", lccn="81010777"), "one LCCN"),
    (make_record("Emma", oclc="123"), make_record("Ema", oclc="123"), "one OCLC number"),
    (
        make_record("Nature", issn="0028-0836", format=Format.SERIAL, year=1869),
        make_record("Nature (London)", issn="0028-0836", format=Format.SERIAL, year=1970),
        "a serial's ISSN, whenever it began",
    ),
    (make_record("キッチン", language="jpn"), make_record("Kitchin", language="jpn"), "kana, read by table"),
    (
        make_record("日本文学史", language="jpn", year=1993, pages=245),
        make_record("Nihon bungakushi", language="jpn", year=1993, pages=245),
        "Japanese nobody reads: language, year and pages",
    ),
    (
        make_record("สี่แผ่นดิน", language="tha", year=1990),
        make_record("Sī phǣndin", language="tha", year=1990),
        "Thai and its romanisation: consonants and year",
    ),
    (
        make_record("한국사 신론", language="kor"),
        make_record("Hanʼguksa sillon", language="kor"),
        "ㄴ beside ㄹ sounds l",
    ),
    (
        make_record("Poems of war", author="Smith, John", year=1950, pages=88),
        make_record("War poems", author="Smith, J.", year=1950, pages=88),
        "a title turned round: year, pages and surname",
    ),
]


@pytest.mark.parametrize(("a", "b", "why"), MEETING, ids=[why for *_, why in MEETING])
def test_records_of_one_edition_share_a_key(a: Record, b: Record, why: str) -> None:
    assert set(match_keys(a)) & set(match_keys(b))


NOT_MEETING = [
    (make_record("Emma", year=1816), make_record("Persuasion", year=1816), "two titles"),
    (
        make_record("Emma", issn="0028-0836", year=1990),
        make_record("Persuasion", issn="0028-0836", year=1991),
        "books of one series, years apart",
    ),
    (make_record("", year=1990), make_record("", year=1990), "a year alone"),
    (
        make_record("สี่แผ่นดิน", language="tha", year=1990, pages=640),
        make_record("Rāingān pračham pī", language="tha", year=1990, pages=152),
        "two Thai titles of a year",
    ),
    (
        make_record("日本史", language="chi", year=1990, pages=640),
        make_record("Emma", language="chi", year=1990, pages=640),
        "year and pages, where titles are read",
    ),
]


@pytest.mark.parametrize(("a", "b", "why"), NOT_MEETING, ids=[why for *_, why in NOT_MEETING])
def test_records_with_nothing_in_common_share_none(a: Record, b: Record, why: str) -> None:
    assert not set(match_keys(a)) & set(match_keys(b))


def test_an_invalid_isbn_makes_no_key() -> None:
    record = make_record("Emma", isbn=ISBN)
    wrong = replace(record, identifiers=tuple(replace(one, valid=False) for one in record.identifiers))
    assert f"i{ISBN}" in match_keys(record)
    assert f"i{ISBN}" not in match_keys(wrong)


def test_a_record_without_anything_has_no_key() -> None:
    assert match_keys(Record("ntl", "1", "1", "marc21")) == ()


def test_keys_are_sorted_and_each_once() -> None:
    keys = match_keys(make_record("紅樓夢", author=CAO, year=1984, pages=3, isbn=(ISBN, ISBN)))
    assert list(keys) == sorted(set(keys))


def test_a_key_is_always_stored_under_the_same_64_bit_number() -> None:
    assert key_number("i9789570835878") == key_number("i9789570835878")
    assert -(2**63) <= key_number("t紅樓夢") < 2**63
    assert key_number("temma") != key_number("temma 1816")


def test_a_place_in_a_block_follows_year_then_pages_and_fits_a_database_number() -> None:
    places = [
        place_in_block(profile(make_record("Poems", year=year, pages=pages)))
        for year, pages in ((None, None), (1816, 20), (1816, 300), (2003, 10), (2003, 99_999_999))
    ]
    assert places == sorted(places)
    assert max(places) < 2**63

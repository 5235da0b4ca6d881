"""What of a record is compared: titles without article and part, editions as numbers, publishers without trade."""

from __future__ import annotations

from dataclasses import replace

import pytest

from indexer.numerals import chinese_number, number, roman_number
from indexer.profile import form, profile, publisher_form
from indexer.record import Agent, Imprint, Title
from tests.support.records import make_record


@pytest.mark.parametrize(
    ("later", "earlier", "explained", "why"),
    [
        (("初版三刷", 1993), ("初版", 1990), True, "the later year is the printing's"),
        (("五十版", 1996), ("初版", 1990), True, "or may be"),
        (("初版", 1993), ("初版二刷", 1990), False, "a printing that came before explains no later year"),
        (("二版", 1993), ("初版", 1990), False, "no printing is stated"),
        (("初版三刷", 1990), ("初版", 1990), False, "there is nothing to explain"),
        (("初版三刷", None), ("初版", 1990), False, "nor where a year is missing"),
    ],
)
def test_a_stated_printing_explains_a_later_year(
    later: tuple[str, int | None], earlier: tuple[str, int | None], explained: bool, why: str
) -> None:
    one, other = (
        profile(replace(make_record("紅樓夢"), edition=statement, year=year)) for statement, year in (later, earlier)
    )
    assert one.explains_year_of(other) is explained, why
    assert other.explains_year_of(one) is explained, why


@pytest.mark.parametrize(
    ("title", "expected_title", "expected_parts", "why"),
    [
        (Title("紅樓夢 (上)"), "红楼梦", ("上",), "in brackets"),
        (Title("紅樓夢 上冊"), "红楼梦", ("上",), "counted"),
        (Title("資治通鑑. 第12卷"), "资治通鉴", ("12",), "a numbered volume"),
        (Title("資治通鑑", part_number="卷十二"), "资治通鉴", ("12",), "the same in its own place"),
        (Title("History of Japan, vol. 2"), "history of japan", ("2",), "English"),
        (Title("History of Japan", part_number="v. II"), "history of japan", ("2",), "Roman"),
        (Title("一九八四"), "1984", (), "a title that is a number stays one, in digits"),
        (Title("The Iliad"), "iliad", (), "an article is off"),
        (Title("魔戒. 二部曲"), "魔戒", ("2",), "of a trilogy"),
        (Title("魔戒", part_number="首部曲"), "魔戒", ("1",), "the first of a trilogy has a word of its own"),
        (Title("紅樓夢(全3冊)"), "红楼梦", (), "the whole set is no part"),
        (Title("海辺のカフカ", part_number="Jō"), "海边のカフカ", ("上",), "Japanese, romanised"),
        (Title("Honglou meng", part_number="Xia ce"), "honglou meng", ("下",), "Chinese, romanised"),
        (Title("A"), "a", (), "a title that is an article stays"),
        (Title("天下"), "天下", (), "a title that ends like a part"),
        (Title("Catalogue", part_number="Index"), "catalogue", ("index",), "a part without number"),
    ],
)
def test_a_title_gives_up_its_part_and_article(
    title: Title, expected_title: str, expected_parts: tuple[str, ...], why: str
) -> None:
    facts = profile(make_record(title))
    assert (str(facts.title), facts.parts) == (expected_title, expected_parts), why


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ("里仁書局", "里仁书局", "Simplified"),
        ("聯經出版事業公司", "聯經", "the trade left out"),
        ("遠流出版事業股份有限公司", "遠流出版社", "company and house"),
        ("Penguin Books", "Penguin", "books"),
        ("W. W. Norton & Company", "W.W. Norton & Co.", "abbreviated"),
    ],
)
def test_publishers_are_compared_without_what_all_are_called(one: str, other: str, why: str) -> None:
    assert str(publisher_form(one, "", True)) == str(publisher_form(other, "", True)), why


def test_a_publisher_called_by_its_trade_alone_keeps_its_name() -> None:
    assert str(publisher_form("The Press", "", True)) == "the press"


def test_an_unnamed_publisher_is_none() -> None:
    assert profile(make_record(publisher="[s.n.]")).publishers == ()
    assert profile(make_record(imprints=(Imprint("臺北市", "出版者不詳"),))).publishers == ()


def test_a_chinese_title_is_read_in_hanyu_a_japanese_one_is_not() -> None:
    assert profile(make_record("紅樓夢", language="chi")).title.joined == "hungloumeng"
    assert profile(make_record("紅樓夢")).title.joined == "hungloumeng", "of no stated language"
    assert profile(make_record("雪国", language="jpn")).title.joined == ""


@pytest.mark.parametrize(
    ("title", "romanised", "language"),
    [
        ("後山鯨書", "Hou shan ching shu", "chi"),
        ("後山鯨書", "Houshan jing shu", "chi"),
        ("칼의 노래", "K'al ŭi norae", "kor"),
    ],
)
def test_characters_and_their_romanisations_are_joined_alike(title: str, romanised: str, language: str) -> None:
    in_characters, in_latin = (profile(make_record(text, language=language)).title for text in (title, romanised))
    assert in_characters.joined == in_latin.joined


def test_the_romanisation_a_record_gives_is_kept() -> None:
    assert profile(make_record("雪国", romanised="Yukiguni", language="jpn")).title.joined == "yukiguni"


def test_latin_letters_and_figures_in_a_chinese_title_are_read_with_it() -> None:
    assert form("村上春樹1Q84").latin == "cun shang chun shu 1q84"


@pytest.mark.parametrize(
    ("agent", "surname"),
    [
        (Agent("Austen, Jane", main=True), "austen"),
        (Agent("曹雪芹", main=True), "tsao"),
        (Agent("曹雪芹", romanised="Tsʻao, Hsüeh-chʻin", main=True), "tsao"),
        (Agent("川端康成", romanised="Kawabata, Yasunari", main=True), "kawapata"),
        (Agent("海明威", original="Hemingway, Ernest", main=True), "hemingway"),
    ],
)
def test_a_name_gives_its_surname_in_latin_letters(agent: Agent, surname: str) -> None:
    """In the one spelling of all romanisations, whatever else happens to be one: only equals are asked for."""
    assert profile(make_record(author=agent)).creators[0].surname == surname


def test_a_record_that_states_nothing_has_an_empty_profile() -> None:
    facts = profile(make_record(""))
    assert not facts.title
    assert not facts.creators
    assert facts.year is None
    assert facts.years == frozenset()


@pytest.mark.parametrize(
    ("text", "expected"), [("十二", 12), ("二〇〇四", 2004), ("百二十", 120), ("廿", None), ("", None), ("紅", None)]
)
def test_chinese_numbers(text: str, expected: int | None) -> None:
    assert chinese_number(text) == expected


@pytest.mark.parametrize(("text", "expected"), [("iv", 4), ("xii", 12), ("mcmxc", 1990), ("iiii", None), ("", None)])
def test_roman_numbers(text: str, expected: int | None) -> None:
    assert roman_number(text) == expected


@pytest.mark.parametrize(("word", "expected"), [("12", 12), ("second", 2), ("iv", 4), ("三", 3), ("novel", None)])
def test_a_word_is_read_as_a_number_however_it_is_written(word: str, expected: int | None) -> None:
    assert number(word) == expected

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.names import (
    Name,
    authority_numbers,
    others_in,
    person,
    role_stated,
    romanised,
)
from indexer.roles import roles


@pytest.mark.parametrize(
    ("written", "name", "why"),
    [
        ("曹雪芹", Name("曹雪芹"), "as it is"),
        ("(清)曹雪芹", Name("曹雪芹"), "dynasty"),
        ("〔唐〕李白", Name("李白"), "in other brackets"),
        (
            "（美）海明威(Ernest Hemingway)著",
            Name("海明威", "Ernest Hemingway", "", "aut"),
            "country, original name, role",
        ),
        (
            "村上春樹 (Murakami, Haruki, 1949-)",
            Name("村上春樹", "Murakami, Haruki", "1949-"),
            "original name with dates",
        ),
        ("曹雪芹著", Name("曹雪芹", role="aut"), "role written after it"),
        ("曹雪芹 著", Name("曹雪芹", role="aut"), "after a blank"),
        ("李明主編", Name("李明", role="edt"), "two characters of role"),
        ("張愛著", Name("張愛著"), "a given name may end in 著"),
        ("王編", Name("王編"), "so may a short one"),
        ("曹雪芹等著", Name("曹雪芹", role="aut"), "and others"),
        ("李白等", Name("李白"), "and others, who did nothing in particular"),
        ("蘇軾 (宋)", Name("蘇軾"), "the dynasty behind it"),
        ("李明 (畫家)", Name("李明 (畫家)"), "what tells him from another stays"),
        ("魯迅(1881-1936)", Name("魯迅", dates="1881-1936"), "dates in brackets"),
        ("魯迅, 1881-1936", Name("魯迅", dates="1881-1936"), "dates after a comma"),
        ("奧斯登(Austen,Jane)", Name("奧斯登", "Austen, Jane"), "a comma without its blank"),
        ("張愛玲译", Name("張愛玲", role="trl"), "role in simplified characters"),
        (
            "費茲傑羅(Fitzgerald, F. Scott)著 ; 喬志高譯",
            Name("費茲傑羅", "Fitzgerald, F. Scott", "", "aut"),
            "the first",
        ),
        ("幾米圖.文", Name("幾米", role="ill", more_roles=("aut",)), "two roles"),
        ("朱熹集註", Name("朱熹", role="ann"), "the longest role"),
        ("夏目漱石 [著]", Name("夏目漱石", role="aut"), "a role in brackets"),
        ("陳明[等]著", Name("陳明", role="aut"), "and others in brackets"),
        ("陳明 ... [等]", Name("陳明"), "and others after dots"),
        ("夏目漱石‖著", Name("夏目漱石", role="aut"), "a bar before the role, as Japanese libraries write"),
        ("曹雪芹,(清)", Name("曹雪芹"), "a comma before the dynasty"),
        ("東野圭吾 (日)", Name("東野圭吾"), "the country behind it"),
        ("王小明, 生於1949", Name("王小明", dates="生於1949"), "born in"),
        ("王小明(1949年生)", Name("王小明", dates="1949年生"), "born in, behind the year"),
        ("王小明, 民38-", Name("王小明", dates="民38-"), "a year of the Republic"),
        ("徐志摩,民前15-民20", Name("徐志摩", dates="民前15-民20"), "and before it"),
        ("某人, 1890?-1936", Name("某人", dates="1890?-1936"), "a doubtful year"),
        ("某人, 活動於18世紀", Name("某人", dates="活動於18世紀"), "a century"),
        ("孔子, 前551-前479", Name("孔子", dates="前551-前479"), "before Christ"),
        (
            "雨果, V. (Hugo, Victor), 1802-1885",
            Name("雨果, V.", "Hugo, Victor", "1802-1885"),
            "dates behind the brackets",
        ),
        ("村上春樹 Haruki Murakami", Name("村上春樹", "Haruki Murakami"), "the original name without brackets"),
        ("王大明 Peter", Name("王大明 Peter"), "one word may be a part of the name"),
        ("劉 紹基", Name("劉紹基"), "surname and given name apart, as the Library of Congress wrote"),
        ("夏目, 漱石, 1867-1916", Name("夏目, 漱石", dates="1867-1916"), "a comma may part a Western name: it stays"),
        ("한강 지음", Name("한강", role="aut"), "a Korean role"),
        ("한강, 1970-", Name("한강", dates="1970-"), "dates of a Korean name"),
        ("황석영(黃晳暎)", Name("황석영", "黃晳暎"), "a Korean name in Han characters beside it"),
        ("三浦しをん", Name("三浦しをん"), "a Japanese name"),
        ("林良文", Name("林良文"), "the last character may be of the name"),
        ("Austen, Jane,", Name("Austen, Jane"), "Western names keep their form"),
        ("(pseud.)", Name("pseud."), "brackets in Western names are not dynasties"),
        ("", Name(""), "nothing"),
    ],
)
def test_a_person_is_told_from_what_stands_around_the_name(written: str, name: Name, why: str) -> None:
    assert person(written) == name, why


@pytest.mark.parametrize(
    ("heading", "found", "why"),
    [
        ("費茲傑羅(Fitzgerald, F. Scott)著 ; 喬志高譯", [("喬志高", "trl")], "a whole statement in a heading"),
        ("蒲松齡著; 張友鶴輯校；", [("張友鶴", "com")], "nothing stands behind the last sign"),
        ("曹雪芹", [], "one name"),
        ("Austen, Jane; Brontë, Emily", [], "Western headings keep their form"),
    ],
)
def test_a_heading_may_name_others_too(heading: str, found: list[tuple[str, str]], why: str) -> None:
    assert [(one.name, one.role) for one in others_in(heading)] == found, why


@pytest.mark.parametrize(
    ("written", "name", "why"),
    [
        ("Lei, Lu.", "Lei, Lu", "the full stop is the field's"),
        ("King, Martin Luther, Jr.", "King, Martin Luther, Jr.", "an abbreviation keeps its own"),
        ("Ward, P. D.", "Ward, P. D.", "so does an initial"),
        ("Lei, Lu", "Lei, Lu", "there is none"),
    ],
)
def test_a_romanised_name_ends_without_the_full_stop_of_its_field(written: str, name: str, why: str) -> None:
    assert romanised(written) == name, why


@pytest.mark.parametrize(
    ("name", "statement", "code", "why"),
    [
        ("張揚", "奧斯丁著; 張玲,張揚譯", "trl", "right after it"),
        ("張玲", "奧斯丁著; 張玲,張揚譯", "trl", "after the last of those who share it"),
        ("奧斯丁", "奧斯丁著; 張玲,張揚譯", "aut", "only its own part of the statement counts"),
        ("馮其庸", "馮其庸等校注", "ann", "and others"),
        ("海明威", "海明威(Ernest Hemingway)著", "aut", "past the other form of the name"),
        ("張玲", "李明譯", "", "another's role is not his"),
        ("林文月", "林文月", "", "the statement says none"),
        ("張玲", "", "", "there is no statement"),
    ],
)
def test_a_statement_of_responsibility_gives_the_roles_of_its_names(
    name: str, statement: str, code: str, why: str
) -> None:
    assert role_stated(name, statement) == code, why


def test_authority_numbers_are_kept_without_what_follows_them() -> None:
    both = ("(DE-588)118505173", "http://d-nb.info/gnd/118505173")
    assert authority_numbers(both) == both
    assert authority_numbers(["(DLC)n 79032879 "]) == ("(DLC)n 79032879",)
    assert authority_numbers(["", " "]) == ()


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="張玲(清)（美）[ ]著編譯等人；;,，.A-z1899約0 ？·"), st.text(alphabet="張玲;；著譯等A( )"))
def test_no_name_fails_and_none_grows(text: str, statement: str) -> None:
    name = person(text)
    assert len(name.name) <= len(text)
    role_stated(name.name, statement)
    authority_numbers([text])
    roles([text], [statement])

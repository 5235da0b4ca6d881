from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.names import (
    Name,
    as_one,
    authority_numbers,
    fuller_form,
    name_stated,
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
        ("三毛著", Name("三毛", role="aut"), "no given name ends in 著"),
        ("(宋)蘇軾撰", Name("蘇軾", role="aut"), "nor in 撰"),
        ("冰心譯", Name("冰心", role="trl"), "nor in 譯"),
        ("周著", Name("周著"), "but one character is no name"),
        ("周著人", Name("周著人"), "inside a name it is a part of it"),
        ("张译", Name("张译"), "an actor"),
        ("李編著", Name("李編著"), "李 wrote and edited, or 李編 wrote"),
        ("王編", Name("王編"), "a short name"),
        ("陳墨編", Name("陳墨編"), "a given name may end in 編"),
        ("(明)陳墨編", Name("陳墨", role="edt"), "behind a dynasty it is a statement"),
        ("朱自清編", Name("朱自清", role="edt"), "four characters are"),
        ("司馬文", Name("司馬文"), "a surname of two characters"),
        ("司馬 文", Name("司馬文"), "apart"),
        ("歐陽宏圖", Name("歐陽宏圖"), "the last character of a given name"),
        ("田中耕作", Name("田中耕作"), "of a Japanese one"),
        ("曹雪芹作", Name("曹雪芹", role="aut"), "the twin: a surname of one character"),
        ("夏目漱石作", Name("夏目漱石", role="aut"), "behind a whole Japanese name"),
        ("幸田 文", Name("幸田文"), "surname and given name"),
        ("長谷川 文", Name("長谷川文"), "a surname of three characters"),
        ("王大明 文", Name("王大明", role="aut"), "the text is his: a whole name before the blank"),
        ("王大明(文)", Name("王大明", role="aut"), "in brackets"),
        ("王大明文.圖", Name("王大明", role="aut", more_roles=("ill",)), "text and pictures"),
        ("王大明 文 圖", Name("王大明", role="aut", more_roles=("ill",)), "parted by blanks"),
        ("李家文 著", Name("李家文", role="aut"), "behind a blank stands one role; 文 is of the name"),
        ("司馬文.圖", Name("司馬文", role="ill"), "a surname is no whole name"),
        ("金庸‧著", Name("金庸", role="aut"), "a point before the role"),
        ("（美)海明威", Name("海明威"), "brackets of two widths"),
        ("〈美〉海明威", Name("海明威"), "angle brackets"),
        ("‹美>海明威", Name("海明威"), "in a pair of two kinds"),
        ("{美}海明威", Name("海明威"), "braces"),
        ("(U.S.)海明威", Name("海明威"), "the country in Latin letters"),
        ("(Peter)王大明", Name("(Peter)王大明"), "a name is no country"),
        ("(金庸)", Name("金庸"), "nothing stands behind the brackets"),
        ("(金庸)著", Name("金庸", role="aut"), "nothing but a role"),
        ("(清)曹雪芹撰,(清)高鶚續", Name("曹雪芹", role="aut"), "a comma between two statements"),
        ("王大明撰,李四譯", Name("王大明", role="aut"), "with roles alone"),
        ("張玲,張揚譯", Name("張玲", role="trl"), "two who share a role"),
        ("雨果,維克多著", Name("雨果,維克多", role="aut"), "a comma within the name of another tongue"),
        ("王大明,校長", Name("王大明,校長"), "a title behind it"),
        ("王大明,李小華", Name("王大明"), "two whole names, without a role"),
        ("王大明,李四", Name("王大明,李四"), "two characters may be a title"),
        ("《法》雨果", Name("雨果"), "brackets of titles round a country"),
        ("「美」海明威", Name("海明威"), "and of speech"),
        ("《詩刊》社", Name("《詩刊》社"), "round what is no country"),
        ("(British)狄更斯", Name("狄更斯"), "a nation in English"),
        ("(Alan)王大明", Name("(Alan)王大明"), "a forename that ends like one"),
        ("(Dan)王大明", Name("(Dan)王大明"), "one that begins like one"),
        ("[South Africa]柯慈", Name("柯慈"), "a country of two words"),
        ("作者：王大明", Name("王大明", role="aut"), "the role in front, with its sign"),
        ("編著者:李四", Name("李四", role="aut"), "in three characters"),
        ("編著者 李四", Name("李四", role="aut"), "with a blank"),
        ("責任編輯:李四", Name("李四", role="edt"), "in four"),
        ("記者 王大明", Name("記者王大明"), "no role in books"),
        ("黃晳暎(황석영)", Name("黃晳暎", "황석영"), "as its bearer writes it"),
        ("村上春樹(むらかみはるき)", Name("村上春樹", "むらかみはるき"), "how it is read"),
        ("Hugo, Victor 雨果", Name("雨果", "Hugo, Victor"), "the original name first"),
        ("雨果 Hugo, Victor", Name("雨果", "Hugo, Victor"), "or last"),
        ("Peter 王大明", Name("Peter 王大明"), "one word may be a part of the name"),
        ("原著金庸", Name("金庸", role="aut"), "the role in front"),
        ("文:王大明", Name("王大明", role="aut"), "a short one with its sign"),
        ("文天祥", Name("文天祥"), "without it: a surname"),
        ("作者不詳", Name(""), "nobody is named"),
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
        ("夏目, 漱石, 1867-1916", Name("夏目漱石", dates="1867-1916"), "a comma behind a known surname"),
        ("張, 愛玲", Name("張愛玲"), "behind one character"),
        ("三浦, しをん", Name("三浦しをん"), "before hiragana"),
        ("雨果, 維克多", Name("雨果, 維克多"), "it parts a Western name: it stays"),
        ("한강 지음", Name("한강", role="aut"), "a Korean role"),
        ("한강, 1970-", Name("한강", dates="1970-"), "dates of a Korean name"),
        ("황석영(黃晳暎)", Name("황석영", "黃晳暎"), "a Korean name in Han characters beside it"),
        ("三浦しをん", Name("三浦しをん"), "a Japanese name"),
        ("林良文", Name("林良文"), "the last character may be of the name"),
        ("奥斯丁, J. :著", Name("奥斯丁, J.", role="aut"), "an initial keeps its full stop"),
        ("Austen, Jane,", Name("Austen, Jane"), "Western names keep their form"),
        ("Austen, Jane, 1775-1817", Name("Austen, Jane", dates="1775-1817"), "but for dates"),
        ("Smith, John (1950-)", Name("Smith, John", dates="1950-"), "in brackets"),
        ("Louis XIV, King of France", Name("Louis XIV, King of France"), "no dates"),
        ("Smith, John, et al.", Name("Smith, John"), "and others"),
        ("Smith, John [et al.]", Name("Smith, John"), "in brackets"),
        ("Peter, Al", Name("Peter, Al"), "a forename"),
        (
            "Dickens, Charles, 1812-1870, author",
            Name("Dickens, Charles", dates="1812-1870", role="aut"),
            "a role in $a",
        ),
        ("Smith, John, author, illustrator", Name("Smith, John", role="aut", more_roles=("ill",)), "two"),
        ("Smith, John, author and editor", Name("Smith, John", role="aut", more_roles=("edt",)), "joined by a word"),
        ("Smith, John (editor)", Name("Smith, John", role="edt"), "in brackets"),
        ("Smith, John, ed.", Name("Smith, John", role="edt"), "abbreviated"),
        ("Smith, Ed", Name("Smith, Ed"), "a forename"),
        ("Homer, author", Name("Homer", role="aut"), "behind one name, in small letters"),
        ("Author: Smith, John", Name("Smith, John", role="aut"), "in front"),
        (
            "Plato, approximately 428 B.C.-348 B.C.",
            Name("Plato", dates="approximately 428 B.C.-348 B.C."),
            "years before Christ",
        ),
        ("Caesar, Julius, 100 B.C.-44 B.C.", Name("Caesar, Julius", dates="100 B.C.-44 B.C."), "of two digits"),
        ("Smith, John, 1870 or 1871-1940", Name("Smith, John", dates="1870 or 1871-1940"), "one of two years"),
        ("Smith, John, 1950 March 3-", Name("Smith, John", dates="1950 March 3-"), "a day"),
        ("Hero, active 1st century", Name("Hero", dates="active 1st century"), "a century"),
        ("Smith, John, 3rd", Name("Smith, John, 3rd"), "the third of that name"),
        ("賴馬文圖", Name("賴馬", role="aut", more_roles=("ill",)), "text and pictures in one word"),
        ("司馬文圖", Name("司馬文圖"), "the twin: a surname is no whole name"),
        ("宮西達也 文圖", Name("宮西達也", role="aut", more_roles=("ill",)), "behind a blank"),
        ("文.圖/幾米", Name("幾米", role="aut", more_roles=("ill",)), "two roles in front"),
        ("山.海/幾米", Name("山.海/幾米"), "words that are no roles"),
        ("鍾肇政總策劃", Name("鍾肇政", role="pdr"), "a role with what it may begin with"),
        ("王大明共同主編", Name("王大明", role="edt"), "another"),
        ("張小嫻採訪撰文", Name("張小嫻", role="ivr", more_roles=("aut",)), "two long roles in one word"),
        ("某丙企劃撰文", Name("某丙", role="pdr", more_roles=("aut",)), "behind a name of two"),
        ("李採訪撰文", Name("李採訪", role="aut"), "one character is no name"),
        ("妙廣法師等記錄", Name("妙廣法師", role="trc"), "and others, who wrote down"),
        ("清 蒲松齡", Name("蒲松齡"), "the dynasty without brackets"),
        ("清. 蒲松齡", Name("蒲松齡"), "with a full stop"),
        ("清，蒲松齡", Name("蒲松齡"), "with a comma"),
        ("南宋 陸游", Name("陸游"), "one that is no surname"),
        ("宋 慶齡", Name("宋慶齡"), "a surname"),
        ("唐 魯孫", Name("唐魯孫"), "of two that may be either nothing is guessed"),
        ("清 高宗", Name("清高宗"), "the name of a ruler"),
        ("清 少納言", Name("清少納言"), "no name of China"),
        ("杜甫 唐", Name("杜甫"), "behind the name"),
        ("曹雪芹 清", Name("曹雪芹"), "behind a name of three"),
        ("石田 清", Name("石田清"), "a given name of Japan"),
        ("金井 明", Name("金井明"), "behind a surname that is not known"),
        ("孔子(春秋)", Name("孔子"), "a period in brackets"),
        ("孟軻 (戰國)", Name("孟軻"), "another"),
        ("《春秋》研究者", Name("《春秋》研究者"), "in other brackets a book"),
        ("朱自清 1898-1948", Name("朱自清", dates="1898-1948"), "dates behind a blank"),
        ("朱自清 1898-", Name("朱自清", dates="1898-"), "without an end"),
        ("朱自清 民38-", Name("朱自清", dates="民38-"), "of the Republic"),
        ("阿明 2000", Name("阿明 2000"), "a number"),
        ("金庸(查良鏞)", Name("金庸", "查良鏞"), "the real name"),
        ("三毛(陳平, 1943-1991)", Name("三毛", "陳平", "1943-1991"), "a short one with dates"),
        ("王大明(高雄)", Name("王大明(高雄)"), "a place of two characters"),
        ("王大明(史學家)", Name("王大明(史學家)"), "what he is"),
        ("王大明(高中生)", Name("王大明(高中生)"), "what tells him from another"),
        ("荷馬 (Homer, 約西元前8世紀)", Name("荷馬", "Homer", "約西元前8世紀"), "dates in characters"),
        ("托爾斯泰 (Лев Толстой)", Name("托爾斯泰", "Лев Толстой"), "another alphabet"),
        ("托爾斯泰(Толстой, Лев, 1828-1910)", Name("托爾斯泰", "Толстой, Лев", "1828-1910"), "with dates"),
        ("王大明(СССР)", Name("王大明(СССР)"), "an abbreviation"),
        ("佚名", Name(""), "nobody is known"),
        ("佚名撰", Name(""), "with what nobody did"),
        ("不著撰人", Name(""), "not stated"),
        ("[撰者不詳]", Name(""), "not known, in brackets"),
        ("Anonymous", Name(""), "in English"),
        ("無名氏", Name("無名氏"), "a pen name"),
        ("佚名氏族研究會", Name("佚名氏族研究會"), "longer than that"),
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
        ("(清)曹雪芹撰,(清)高鶚續", [("高鶚", "aut")], "parted by a comma"),
        ("王大明撰,李四譯", [("李四", "trl")], "without dynasties"),
        ("王大明著 李四譯", [("李四", "trl")], "by a blank"),
        ("王大明 撰文 李四 攝影", [("李四", "pht")], "blanks everywhere"),
        ("王大明 文 圖", [], "one who did two things"),
        ("作者：王大明 譯者：李四", [("李四", "trl")], "roles in front"),
        ("張三,李四合著", [("李四", "aut")], "who share a role"),
        ("王大明,李小華著", [("李小華", "aut")], "a role for one or many"),
        ("王大明、李小華編著", [("李小華", "aut")], "by the sign of lists"),
        ("王大明、李小華", [("李小華", "")], "which needs no role"),
        ("王大明,李小華", [("李小華", "")], "whole names need none"),
        ("夏目漱石,村上春樹著", [("村上春樹", "aut")], "Japanese names"),
        ("王大明 李小華合著", [("李小華", "aut")], "by a blank, jointly"),
        ("王大明與李小華著", [("李小華", "aut")], "by a word"),
        ("王大明,李四等著", [("李四", "aut")], "and others"),
        ("雨果(Victor Hugo)、狄更斯(Charles Dickens)著", [("狄更斯", "aut")], "with their original names"),
        ("雨果,維克多著", [], "a surname and a forename of another tongue"),
        ("喬伊斯,詹姆斯著", [], "that begin like Chinese surnames"),
        ("蕭伯納,喬治著", [], "and hold none but Chinese characters of names"),
        ("奧斯汀, 珍著", [], "of one character"),
        ("夏目, 漱石著", [], "a Japanese surname"),
        ("歐陽 修著", [], "a Chinese one"),
        ("高橋 文雄著", [], "before a blank"),
        ("王大明,校長著", [], "a title"),
        ("蘇軾,文忠公撰", [], "a posthumous one"),
        ("魯迅著, 1881-1936", [], "dates behind a comma"),
        ("曹雪芹", [], "one name"),
        ("Austen, Jane; Brontë, Emily", [], "Western headings keep their form"),
    ],
)
def test_a_heading_may_name_others_too(heading: str, found: list[tuple[str, str]], why: str) -> None:
    assert [(one.name, one.role) for one in others_in(heading)] == found, why


def test_a_text_that_names_several_stays_whole_where_it_is_one_heading() -> None:
    assert as_one("老子、莊子") == "老子、莊子"
    assert as_one("(清)曹雪芹") == "曹雪芹"


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


@pytest.mark.parametrize(
    ("written", "statement", "name", "why"),
    [
        ("陳墨編", "金庸著;陳墨編", "陳墨", "the title page has it as a role"),
        ("陳墨編", "陳墨編著", "陳墨", "as the first character of one"),
        ("陳墨編", "陳墨編編", "陳墨編", "another role stands behind the name"),
        ("陳墨編", "陳墨編繪", "陳墨", "two roles"),
        ("陳墨編", "陳墨著", "陳墨編", "the title page does not have it"),
        ("林良圖", "林良圖", "林良圖", "it may be a given name there too"),
        ("王編", "王編", "王編", "one character is no name"),
        ("陳墨編", "", "陳墨編", "there is no statement"),
    ],
)
def test_the_title_page_tells_a_role_from_the_end_of_a_name(written: str, statement: str, name: str, why: str) -> None:
    assert name_stated(written, statement) == name, why


@pytest.mark.parametrize(
    ("name", "fuller", "whole", "why"),
    [
        ("Lewis, C. S.", "(Clive Staples)", "Lewis, Clive Staples", "initials spelt out"),
        ("H. D.", "(Hilda Doolittle)", "Hilda Doolittle", "a name without a surname"),
        ("Haussonville, O.", "(Othenin), comte d'", "Haussonville, Othenin", "a title behind it"),
        ("Lewis, C. S.", "()", "", "nothing between the brackets"),
    ],
)
def test_the_fuller_form_of_a_name(name: str, fuller: str, whole: str, why: str) -> None:
    assert fuller_form(name, fuller) == whole, why


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

"""Editions as rows, heads and facts: what is printed, and what is left out when it is not stated."""

from __future__ import annotations

from dataclasses import replace

import pytest

from indexer.record import Agent, Classification, Edition, Format, Identifier, Imprint, Link, Series, Sourced, Title
from search_api.labels import Labels
from search_api.texts import texts
from search_api.views import Fact, cloth, edition_view, facts, html_language, imprint_text, whole_title
from tests.support.editions import make_edition, make_libraries

LIBRARIES = make_libraries()


def labels(language: str = "en") -> Labels:
    return Labels(LIBRARIES, language)


def link(path: str) -> str:
    return f"/{path}"


def facts_of(edition: Edition, language: str = "en") -> dict[str, Fact]:
    return {fact.name: fact for fact in facts(edition, texts(language), labels(language), link)}


def said(fact: Fact) -> list[str]:
    return [value.text for value in fact.values]


LANGUAGES = [
    (("chi",), "ch", "zh-Hant", "Taiwan writes traditional characters"),
    (("chi",), "cc", "zh-Hans", "the mainland simplified ones"),
    (("chi",), "si", "zh-Hans", "and so does Singapore"),
    (("jpn", "eng"), "ja", "ja", "the first language is that of the title"),
    (("eng",), "cc", "en", "simplified is a way to write Chinese only"),
    (("mul",), "", "und", "a code without a tag of its own"),
    ((), "", "und", "nothing stated"),
]


@pytest.mark.parametrize(("codes", "country", "expected", "why"), LANGUAGES)
def test_the_language_of_a_text_decides_its_glyphs(
    codes: tuple[str, ...], country: str, expected: str, why: str
) -> None:
    assert html_language(replace(make_edition("e", languages=codes), country=country)) == expected, why


TITLES = [
    (Title("紅樓夢"), "紅樓夢"),
    (Title("紅樓夢", other="校注本"), "紅樓夢：校注本"),
    (Title("臺灣史", part_number="第二冊", part_name="清代"), "臺灣史. 第二冊. 清代"),
    (Title("臺灣史", part_name="清代"), "臺灣史. 清代"),
]


@pytest.mark.parametrize(("title", "expected"), TITLES)
def test_a_whole_title_has_subtitle_and_part(title: Title, expected: str) -> None:
    assert whole_title(title, "：") == expected


CLASSES = [
    ([("ncsclt", "857.49")], "c8", "literature"),
    ([("ddc", "895.1")], "c8", "literature in Dewey's order"),
    ([("ddc", "306.4")], "c5", "Dewey's third class is our fifth"),
    ([("ddc", "306.4"), ("ncsclt", "541")], "c5", "our own scheme before Dewey"),
    ([("ncsclt", "R 857")], "c0", "a number that does not begin with a class"),
    ([], "c0", "no class"),
]


@pytest.mark.parametrize(("numbers", "expected", "why"), CLASSES)
def test_cloth_has_the_colour_of_the_main_class(numbers: list[tuple[str, str]], expected: str, why: str) -> None:
    edition = replace(
        make_edition("e", "書"),
        classifications=tuple(Sourced(Classification(number, scheme), ("ntl",)) for scheme, number in numbers),
    )
    assert cloth(edition).split()[0] == expected, why


def test_cloth_is_the_same_each_time_and_differs_between_titles() -> None:
    assert cloth(make_edition("a", "紅樓夢")) == cloth(make_edition("b", "紅樓夢"))
    assert len({cloth(make_edition("e", f"書{n}")) for n in range(30)}) == 3


def imprint(**values: object) -> str:
    edition = make_edition("e", "書", languages=["chi"], place="臺北市", publisher="里仁書局", year=1984)
    return imprint_text(replace(edition, **values), "zh-Hant")  # type: ignore[arg-type]


def one(text: str) -> tuple[Sourced[str], ...]:
    return (Sourced(text, ("ntl",)),)


IMPRINTS = [
    ({}, "臺北市：里仁書局，1984", "place, publisher, year"),
    ({"years": ()}, "臺北市：里仁書局", "no year"),
    ({"imprints": ()}, "1984", "no publisher"),
    ({"imprints": (), "years": ()}, "", "nothing"),
    ({"years": (), "imprints": (Sourced(Imprint("臺北市", "里仁", "[民國七?]"), ("ntl",)),)}, "臺北市：里仁，[民國七?]",
     "a date that is no year is shown as stated"),
    ({"end_year": 1990}, "臺北市：里仁書局，1984–1990", "over several years"),
    ({"end_year": 1984}, "臺北市：里仁書局，1984", "within one"),
    ({"year_questionable": True}, "臺北市：里仁書局，1984?", "a year that all its records doubt"),
    ({"format": Format.SERIAL}, "臺北市：里仁書局，1984–", "a journal goes on"),
    ({"format": Format.SERIAL, "end_year": 1999}, "臺北市：里仁書局，1984–1999", "unless it ended"),
    ({"editions": one("初版"), "extents": one("3冊")}, "臺北市：里仁書局，1984 · 初版 · 3冊", "edition and extent"),
    ({"extents": one("v.")}, "臺北市：里仁書局，1984", "an extent without a number says nothing"),
]  # fmt: skip


@pytest.mark.parametrize(("values", "expected", "why"), IMPRINTS)
def test_an_imprint_is_one_line(values: dict[str, object], expected: str, why: str) -> None:
    assert imprint(**values) == expected, why


def test_an_english_imprint_has_english_punctuation() -> None:
    edition = make_edition("e", "Book", languages=["eng"], place="London", publisher="Penguin", year=1999)
    assert imprint_text(edition, "en") == "London: Penguin, 1999"


def test_a_row_shows_what_it_is_in_the_language_of_the_page() -> None:
    edition = make_edition(
        "e1", "紅樓夢", other="校注", romanised="Honglou meng", libraries=("riverside", "haifeng", "ntl"),
        creators=[Agent("曹雪芹"), Agent("高鶚")], languages=["chi"], format=Format.EBOOK,
    )  # fmt: skip
    view = edition_view(edition, texts("en"), labels(), link)
    assert (view.url, view.title, view.full_title, view.romanised) == (
        "/editions/e1", "紅樓夢", "紅樓夢：校注", "Honglou meng",
    )  # fmt: skip
    assert view.by == "曹雪芹、高鶚"
    assert view.kind == "E-book · Chinese"
    assert view.icon == "screen"
    assert not view.wide
    assert view.holders == ("Ntl", "Haifeng", "Riverside"), "by region"
    assert edition_view(edition, texts("zh-Hant"), labels("zh-Hant"), link).kind == "電子書 · 中文"


def test_a_row_without_anything_still_has_a_title() -> None:
    view = edition_view(make_edition("e1"), texts("zh-Hant"), labels("zh-Hant"), link)
    assert (view.title, view.romanised, view.by, view.imprint, view.kind) == ("〔無題名〕", "", "", "", "圖書")


def test_a_statement_of_responsibility_stands_before_names() -> None:
    edition = make_edition("e", "Book", responsibility="by A ; translated by B", creators=["A", "B"], languages=["eng"])
    assert edition_view(edition, texts("en"), labels(), link).by == "by A ; translated by B"
    bare = replace(edition, responsibilities=())
    assert edition_view(bare, texts("en"), labels(), link).by == "A; B"


def test_facts_are_what_is_stated_and_nothing_else() -> None:
    assert list(facts_of(make_edition("e", "Book"))) == ["Title"]
    assert list(facts_of(make_edition("e"))) == []


def test_creators_and_subjects_lead_to_more_of_them() -> None:
    edition = make_edition(
        "e", "書", creators=[Agent("曹雪芹", romanised="Cao, Xueqin", dates="1715-1763", role="aut")], subjects=["紅學"]
    )
    found = facts_of(edition)
    [creator] = found["Authors"].values
    assert creator.url == "/search?in=creator&q=%22%E6%9B%B9%E9%9B%AA%E8%8A%B9%22"
    assert creator.note == "Cao, Xueqin, 1715-1763, author"
    [subject] = found["Subjects"].values
    assert subject.url == "/search?subject=%E7%B4%85%E5%AD%B8"


def test_years_of_copyright_and_original_and_doubts_are_told() -> None:
    edition = replace(
        make_edition("e", "書", year=1998),
        copyright_years=(Sourced(1997, ("ntl",)), Sourced(1998, ("ntl",))),
        original_years=(Sourced(1813, ("ntl",)),),
        year_questionable=True,
    )
    found = facts_of(edition)
    assert said(found["Copyright ©"]) == ["1997"]
    assert said(found["First published"]) == ["1813"]
    assert [(value.text, value.note) for value in found["Year"].values] == [("1998", "uncertain")]
    in_chinese = facts_of(edition, "zh-Hant")
    assert said(in_chinese["原出版年"]) == ["1813"]
    assert [value.note for value in in_chinese["出版年"].values] == ["存疑"]
    assert {"Copyright ©", "First published", "Year"}.isdisjoint(facts_of(make_edition("e", "書", year=1998)))


def test_a_cancelled_number_is_told_from_a_mistaken_one_and_both_from_another_things() -> None:
    numbers = (
        Identifier("isbn", "9789570835879", valid=False),
        Identifier("isbn", "1", valid=False, cancelled=True),
        Identifier("isbn", "9789570835878", "Print version", valid=False, linked=True),
    )
    edition = replace(make_edition("e", "書"), identifiers=tuple(Sourced(number, ("ntl",)) for number in numbers))
    assert [value.note for value in facts_of(edition)["ISBN"].values] == [
        "mistaken",
        "cancelled or marked as wrong",
        "Print version, of another form or a related work",
    ]


def test_readers_and_subtitles_are_told_in_the_language_of_the_page() -> None:
    film = replace(make_edition("e", "片"), audience=("teens",), subtitle_languages=("chi", "eng"))
    assert "Translated through" not in facts_of(film)
    assert said(facts_of(replace(film, intermediate_languages=("jpn",)))["Translated through"]) == ["Japanese"]
    assert said(facts_of(film)["Readers"]) == ["Young adults (14–17)"]
    assert said(facts_of(film)["Subtitles"]) == ["Chinese", "English"]
    assert said(facts_of(film, "zh-Hant")["讀者對象"]) == ["青少年（14–17歲）"]


def test_an_article_tells_what_it_is_in_and_a_book_does_not_count_its_chapters_as_titles() -> None:
    titles = (Title("A study"), Title("The journal", kind="host"), Title("Chapter one", kind="contents"))
    edition = replace(make_edition("e", "x"), titles=tuple(Sourced(title, ("ntl",)) for title in titles))
    found = facts_of(edition)
    assert said(found["In"]) == ["The journal"]
    assert "Other titles" not in found


def test_a_creator_is_told_with_the_original_name() -> None:
    edition = make_edition("e", "書", creators=[Agent("海明威", original="Ernest Hemingway", role="aut")])
    assert facts_of(edition)["Authors"].values[0].note == "Ernest Hemingway, author"


def test_all_that_a_creator_did_is_told_once() -> None:
    statements = [Agent("幾米", role="aut", more_roles=("口述",)), Agent("幾米", role="ill", more_roles=("aut",))]
    assert (
        facts_of(make_edition("e", "書", creators=statements))["Authors"].values[0].note == "author, 口述, illustrator"
    )


def test_a_role_that_is_only_an_address_is_not_shown() -> None:
    edition = make_edition("e", "書", creators=[Agent("幾米", role="http://rdaregistry.info/Elements/u/P60434")])
    assert facts_of(edition)["Authors"].values[0].note == ""


def test_the_same_name_or_heading_from_two_libraries_stands_once() -> None:
    edition = replace(
        make_edition("e", "書", subjects=["紅學", "紅學", "小說"], creators=["曹雪芹", "曹雪芹"]),
    )
    assert said(facts_of(edition)["Subjects"]) == ["紅學", "小說"]
    assert said(facts_of(edition)["Authors"]) == ["曹雪芹"]


def test_an_isbn_of_no_registration_group_stays_in_one_piece() -> None:
    found = facts_of(make_edition("e", "書", isbns=["9799768282339"]))
    assert said(found["ISBN"]) == ["9799768282339"]


def test_an_isbn_is_hyphenated_and_a_wrong_one_left_as_it_is() -> None:
    edition = make_edition("e", "書", isbns=["9789570835878"], wrong_isbn="9570000000", issn="1607-2294")
    found = facts_of(edition)
    assert said(found["ISBN"]) == ["978-957-08-3587-8", "9570000000"]
    assert [value.note for value in found["ISBN"].values] == ["", "mistaken"]
    assert said(found["ISSN"]) == ["1607-2294"]


def test_other_titles_and_series_are_told() -> None:
    edition = replace(
        make_edition("e", [Title("紅樓夢"), Title("石頭記"), Title("石頭記")], languages=["chi"]),
        series=(Sourced(Series("古典小說", "3"), ("ntl",)),),
    )
    found = facts_of(edition, "zh-Hant")
    assert said(found["其他題名"]) == ["石頭記"]
    assert said(found["叢書"]) == ["古典小說 ; 3"]


LINKS = [
    (Link("https://x.example/1", "Full text"), [("Full text", "Haifeng")], "as labelled"),
    (Link("https://x.example/1"), [("x.example", "Haifeng")], "without a label the host"),
    (Link("javascript:alert(1)", "Full text"), [], "what is no web address is not linked to"),
    (Link("ftp://x.example/1"), [], "nor what no browser opens"),
]


@pytest.mark.parametrize(("stated", "expected", "why"), LINKS)
def test_links_say_whose_they_are(stated: Link, expected: list[tuple[str, str]], why: str) -> None:
    edition = replace(make_edition("e", "書"), links=(Sourced(stated, ("haifeng",)),))
    found = facts_of(edition).get("Links")
    assert [(value.text, value.note) for value in found.values] == expected if found else expected == [], why


def with_parallel(proper: str, parallel: str, *languages: str) -> Edition:
    """An edition with a title in another language beside its own: 245 $a … =$b …"""
    titles = (Title(proper), Title(parallel, kind="parallel"))
    return replace(make_edition("e", languages=languages), titles=tuple(Sourced(one, ("ntl",)) for one in titles))


TWO_LANGUAGES = with_parallel("媽媽的河", "Dòng sông của mẹ", "chi", "vie")
FOREIGN_TITLE = with_parallel("臺灣鳥類圖鑑", "Birds of Taiwan", "chi")


@pytest.mark.parametrize(
    ("edition", "language", "read_in", "title", "beside"),
    [
        (TWO_LANGUAGES, "zh-Hant", "", "媽媽的河", "Dòng sông của mẹ"),
        (TWO_LANGUAGES, "en", "", "媽媽的河", "Dòng sông của mẹ"),
        (TWO_LANGUAGES, "vi", "", "Dòng sông của mẹ", "媽媽的河"),
        (TWO_LANGUAGES, "zh-Hant", "vie", "Dòng sông của mẹ", "媽媽的河"),
        (TWO_LANGUAGES, "vi", "chi", "媽媽的河", "Dòng sông của mẹ"),
        (FOREIGN_TITLE, "en", "", "臺灣鳥類圖鑑", ""),
    ],
)
def test_a_book_in_two_languages_shows_both_titles_the_readers_first(
    edition: Edition, language: str, read_in: str, title: str, beside: str
) -> None:
    shown = edition_view(edition, texts(language), labels(language), link, read_in=read_in)
    assert (shown.title, shown.beside) == (title, beside)
    assert shown.text_lang == "zh-Hant"
    assert shown.lang == ("vi" if title.startswith("D") else "zh-Hant")

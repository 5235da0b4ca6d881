from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import orjson
import pytest

from indexer.analysis import EMPTY, analyse
from indexer.document import (
    MAX_KEY_LENGTH,
    call_number_key,
    class_of,
    division_of,
    document,
    edition,
    factor,
    isbns,
    number,
    work_number,
)
from indexer.engine import Document
from indexer.engine.mapping import index_mapping
from indexer.record import (
    Agent,
    Carrier,
    Classification,
    Edition,
    Format,
    Holding,
    Identifier,
    Imprint,
    Item,
    Link,
    Member,
    Series,
    Sourced,
    Subject,
    Title,
)
from tests.support.editions import make_edition, make_libraries
from tests.support.shelf import SHELF

LIBRARIES = make_libraries()


def sourced(value: Any) -> tuple[Sourced[Any], ...]:
    return (Sourced(value, ("haifeng", "ntl")),)


FULL = Edition(
    id="e1",
    members=(Member("haifeng", "oai:1", "h1", "marc21"), Member("ntl", "oai:2", "n2", "unimarc")),
    titles=(
        *sourced(Title("紅樓夢", "校注", "第一冊", "上", "Honglou meng : jiao zhu", "proper")),
        *sourced(Title("石頭記", kind="variant")),
        *sourced(Title("風月寶鑑", kind="former")),
    ),
    responsibilities=sourced("曹雪芹著 ; 馮其庸校注"),
    agents=sourced(
        Agent(
            "曹雪芹", "person", "aut", "約1717-1763", "Cao, Xueqin", True, "Tsao Hsueh-chin", "n80-1", ("edt",), ("v1",)
        )
    ),
    editions=sourced("初版"),
    imprints=sourced(Imprint("臺北市", "里仁書局", "民73 [1984]", "Liren shuju")),
    years=(*sourced(1984), *sourced(1986)),
    end_year=1990,
    extents=sourced("3冊"),
    series=sourced(Series("中國古典小說", "12")),
    notes=sourced("附索引"),
    summaries=sourced("賈寶玉與林黛玉"),
    contents=sourced("第一回 甄士隱"),
    subjects=sourced(Subject("紅學 -- 考證", "csht", "topic", "Hong xue", ("(DLC)sh1",))),
    classifications=sourced(Classification("857.49", "ncsclt")),
    identifiers=(
        *sourced(Identifier("isbn", "9789570835878", "平裝")),
        *sourced(Identifier("isbn", "9570000000", valid=False, cancelled=True)),
        *sourced(Identifier("issn", "1607-2294")),
        *sourced(Identifier("oclc", "123456")),
    ),
    languages=("chi", "eng"),
    original_languages=("chi",),
    country="ch",
    format=Format.BOOK,
    carrier=Carrier.PRINT,
    links=sourced(Link("https://example.org/1", "目次", "contents")),
    holdings=(
        Holding(
            "haifeng", "oai:1", "h1", "MAIN", "3F", "857.49 5513", "v.1-3",
            (
                Item(
                    "HF-001", "17", "857.49 5513 v.1", "1", "2", "BK", "附光碟",
                    "特藏", "857.49", "5513", "1984", "14天",
                ),
                Item("HF-002"),
            ),
            "https://example.org/h1", "1984-1990", "限館內閱覽", "特藏", "857.49", "5513", "1984",
        ),
    ),
    audience=("adults",),
    subtitle_languages=("eng",),
    intermediate_languages=("fre",),
    variant_names=("曹霑",),
    variant_subjects=("石頭學",),
    work="wdreamofred",
    copyright_years=sourced(1983),
    original_years=sourced(1791),
    year_questionable=True,
)  # fmt: skip

BARE = Edition(id="bare", members=(Member("ntl", "oai:9", "9"),))


def tokens_of(source: Document, field: str) -> set[str]:
    return {token for value in source[field] for token in value.split()}


@pytest.mark.parametrize("one", [FULL, BARE, *SHELF], ids=lambda one: str(one.id))
def test_an_edition_comes_back_from_its_document_as_it_was(one: Edition) -> None:
    assert edition(orjson.loads(orjson.dumps(document(one, LIBRARIES)))) == one


def test_a_document_names_its_work_and_one_that_has_none_itself_so_that_results_can_be_grouped() -> None:
    assert document(FULL, LIBRARIES)["work"] == work_number("wdreamofred")
    assert document(BARE, LIBRARIES)["work"] == work_number(BARE.id)


def test_the_full_edition_of_these_tests_states_every_field() -> None:
    """So that the round trip above notices a field that was added and is not read back."""
    defaults = {f.name: f.default for f in fields(Edition)}
    assert [name for name in defaults if getattr(FULL, name) in ((), "", None)] == []
    for noun in (FULL.titles[0].value, FULL.agents[0].value, FULL.holdings[0], FULL.holdings[0].items[0]):
        assert [f.name for f in fields(noun) if getattr(noun, f.name) in ((), "", None)] == []


@pytest.mark.parametrize(
    "stored", ["", "[]", "{}", '{"id": "e1"}', orjson.dumps(BARE).decode().replace("carrier", "cartier")]
)
def test_what_another_version_stored_is_refused(stored: str) -> None:
    with pytest.raises(ValueError, match="not an edition of this version"):
        edition({"edition": stored})


@pytest.mark.parametrize("one", [FULL, BARE, *SHELF], ids=lambda one: str(one.id))
def test_a_document_holds_only_fields_of_the_mapping_in_their_types(one: Edition) -> None:
    source = document(one, LIBRARIES)
    mapping = index_mapping()
    mapping.check([source])
    for name, field in mapping.fields.items():
        if field.kind == "text":
            assert source[name], f"{name} must have a token in every document"
            assert all(value and isinstance(value, str) for value in source[name])
        values = source.get(name, [])
        for value in values if isinstance(values, list) else [values]:
            if field.kind == "long":
                assert isinstance(value, int)
                assert 0 <= value < 2**63
            elif field.kind == "keyword":
                assert 0 < len(value.encode()) < 32_766


def test_text_is_found_in_its_field_and_everywhere() -> None:
    source = document(FULL, LIBRARIES)
    expected = {
        "title": ["红", "honglou", "风", "注"],
        "title_variant": ["石", "头"],
        "creator": ["曹", "cao", "xueqin", "冯", "校"],
        "subject": ["考", "hong", "xue"],
        "series": ["古", "12"],
        "publisher": ["里", "liren"],
    }
    for field, tokens in expected.items():
        assert tokens_of(source, field) >= set(tokens), field
        assert tokens_of(source, "all") >= set(tokens), field
    only_in_all = {"初", "1984", "1986", "索", "贾", "甄", "北", "857", "5513"}
    assert tokens_of(source, "all") >= only_in_all


def test_an_edition_that_states_nothing_has_the_empty_token_in_every_text_field() -> None:
    source = document(BARE, LIBRARIES)
    text = [name for name, field in index_mapping().fields.items() if field.kind == "text"]
    assert {name: source[name] for name in text} == {name: [EMPTY] for name in text}
    assert {name for name in source if name.endswith(("_key", "_facet"))} == {
        "library_facet",
        "region_facet",
        "format_facet",
    }
    assert not source.keys() & {"isbn", "issn", "number", "call_number"}


def test_a_title_is_a_key_with_and_without_what_follows_it() -> None:
    source = document(FULL, LIBRARIES)
    assert source["title_key"] == ["红楼梦", "红楼梦校注", "红楼梦第一册上", "hongloumengjiaozhu"]
    assert source["title_variant_key"] == ["石头记"]
    assert source["title_written_key"][0] == "紅樓夢"
    assert "hongloumeng" in source["title_reading_key"]


def test_characters_that_have_other_forms_are_kept_as_the_record_writes_them() -> None:
    written = document(make_edition("e", "圖書", creators=["魯人"], subjects=["国人"], place="臺北"), LIBRARIES)[
        "written"
    ]
    assert written == ["国", "圖", "書", "魯"], "人 has no other form, and places count less"
    assert "written" not in document(make_edition("e", "人口", creators=["Austen, Jane"]), LIBRARIES)


def test_the_original_of_a_translation_is_a_title_to_find_but_not_one_it_bears() -> None:
    original = (Title("紅樓夢", kind="uniform"), Title("紅樓夢", kind="variant"))
    titles = tuple(Sourced(title, ("ntl",)) for title in (Title("紅楼夢"), *original))
    source = document(replace(BARE, titles=titles), LIBRARIES)
    assert source["title_key"] == ["红楼梦"]
    assert source["title_written_key"] == ["紅楼夢"]


def test_a_reading_is_typed_from_its_beginning_for_titles_it_bears_creators_and_subjects() -> None:
    titles = (Title("Dream"), Title("紅樓夢", kind="uniform"))
    source = document(make_edition("e", titles, creators=["曹雪芹"], subjects=["紅學", "Dreams"]), LIBRARIES)
    assert "title_reading_key" not in source
    assert source["creator_reading_key"] == ["caoxueqin"]
    assert source["subject_reading_key"] == ["hongxue"]


@pytest.mark.parametrize(
    ("scheme", "number", "expected", "why"),
    [
        ("ncsclt", "857.49", "ncsclt:8", "its first digit"),
        ("ddc", "[895.1]", "", "what begins with a sign is no number of it"),
        ("lcc", "PL2727", "lcc:P", "its first letter"),
        ("lcc", "857", "", "a digit is no class of letters"),
        ("ddc", "Fic", "", "a word is none of digits"),
        ("other", "8", "", "nobody has words for the classes of an unknown scheme"),
    ],
)
def test_a_number_belongs_to_a_main_class(scheme: str, number: str, expected: str, why: str) -> None:
    assert class_of(Classification(number, scheme)) == expected, why


@pytest.mark.parametrize(
    ("scheme", "number", "expected", "why"),
    [
        ("ncsclt", "857.49", "ncsclt:85", "its first two digits"),
        ("ddc", "005.13", "ddc:00", "noughts count"),
        ("ddc", "8", "", "cut short, it may be of any division"),
        ("ddc", "8F", "", "a letter is no digit"),
        ("ddc", "８２", "", "full-width digits are no number of it"),
        ("lcc", "PL2727", "", "not decimal"),
        ("ndc", "913.6", "", "not among the schemes compared"),
    ],
)
def test_a_number_belongs_to_a_division(scheme: str, number: str, expected: str, why: str) -> None:
    assert division_of(Classification(number, scheme)) == expected, why


def test_what_is_read_online_and_by_whom_are_facets() -> None:
    source = document(replace(BARE, carrier=Carrier.ONLINE, audience=("teens",)), LIBRARIES)
    assert (source["online_facet"], source["audience_facet"]) == (["online"], ["teens"])


def test_a_title_too_long_to_type_is_no_key() -> None:
    source = document(make_edition("e", "夢" * (MAX_KEY_LENGTH + 1)), LIBRARIES)
    assert "title_key" not in source
    assert source["title"] != [EMPTY]


def test_numbers_have_one_form_and_wrong_ones_are_no_isbn() -> None:
    source = document(FULL, LIBRARIES)
    assert source["isbn"] == ["9789570835878"]
    assert isbns(FULL) == ("9789570835878",)
    assert source["issn"] == ["16072294"]
    assert source["number"] == ["9789570835878", "9570000000", "16072294", "123456", "HF001", "HF002"]
    assert source["call_number"] == ["857.49 5513", "857.49 5513 v.1"]


def test_subjects_and_series_are_found_by_how_they_read() -> None:
    edition = replace(
        BARE,
        subjects=sourced(Subject("日本文学", "ndlsh", reading="ニホン ブンガク")),
        series=sourced(Series("岩波文庫", "5", reading="イワナミ ブンコ")),
    )
    made = document(edition, LIBRARIES)
    assert set(analyse("ニホン ブンガク").split()) <= tokens_of(made, "subject")
    assert set(analyse("イワナミ ブンコ").split()) <= tokens_of(made, "series")
    unread = document(replace(edition, series=sourced(Series("岩波文庫", "5"))), LIBRARIES)
    assert not set(analyse("イワナミ").split()) & tokens_of(unread, "series")


def test_a_number_is_found_with_its_source_and_without() -> None:
    numbers = (Identifier("other", "(isrc)US-Q1"), Identifier("other", "HN 12"))
    edition = replace(make_edition("e", "T"), identifiers=tuple(Sourced(one, ("ntl",)) for one in numbers))
    source = document(edition, LIBRARIES)
    assert source["number"][:3] == ["ISRCUSQ1", "USQ1", "HN12"]


@pytest.mark.parametrize(
    ("form", "codes", "why"),
    [
        (Format.PICTURE_BOOK, ["picture_book", "book"], "who looks for books expects picture books among them"),
        (Format.COMIC, ["comic", "book"], "and comics"),
        (Format.LARGE_PRINT, ["large_print", "book"], "and large print"),
        (Format.BRAILLE, ["braille", "book"], "and braille"),
        (Format.BOOK, ["book"], "a book is of no other kind"),
        (Format.EBOOK, ["ebook"], "an e-book cannot be fetched from a shelf"),
    ],
)
def test_a_format_counts_in_the_one_it_is_a_kind_of(form: Format, codes: list[str], why: str) -> None:
    assert document(make_edition("e", "書", format=form), LIBRARIES)["format_facet"] == codes, why


def test_an_issn_of_all_media_is_found_as_an_issn() -> None:
    linked = replace(BARE, identifiers=sourced(Identifier("issn_l", "0378-5955")))
    assert document(linked, LIBRARIES)["issn"] == ["03785955"]


def test_an_edition_is_found_by_the_year_of_its_original() -> None:
    assert "1791" in tokens_of(document(FULL, LIBRARIES), "all")


def test_facets_are_whole_values_as_the_record_has_them() -> None:
    source = document(FULL, LIBRARIES)
    assert source["library_facet"] == ["haifeng", "ntl"]
    assert source["region_facet"] == ["north", "south"]
    assert source["format_facet"] == ["book"]
    assert source["language_facet"] == ["chi", "eng"]
    assert source["year_facet"] == [1984]
    assert source["subject_facet"] == ["紅學 -- 考證"]
    assert source["creator_facet"] == ["曹雪芹"]


def test_a_library_that_is_no_longer_configured_counts_in_no_region() -> None:
    source = document(make_edition("e", "夢", libraries=("gone",)), LIBRARIES)
    assert source["library_facet"] == ["gone"]
    assert "region_facet" not in source


@pytest.mark.parametrize(("year", "expected"), [(1984, [1984]), (None, None), (0, None), (-300, None)])
def test_years_before_the_common_era_are_no_facet(year: int | None, expected: list[int] | None) -> None:
    assert document(make_edition("e", "夢", year=year), LIBRARIES).get("year_facet") == expected


READS: list[tuple[Edition, str, list[str], str]] = [
    (make_edition("e", "紅樓夢", languages=["chi"]), "title_reading", ["hong lou meng"], "Chinese"),
    (make_edition("e", "紅樓夢"), "title_reading", ["hong lou meng"], "language not stated"),
    (make_edition("e", "源氏物語", languages=["jpn"]), "title_reading", [EMPTY], "Japanese does not read so"),
    (make_edition("e", "夢の本"), "title_reading", [EMPTY], "kana: Japanese whatever is stated"),
    (make_edition("e", "Dream", languages=["eng"]), "title_reading", [EMPTY], "not Chinese"),
    (make_edition("e", "Honglou meng", languages=["chi"]), "title_reading", ["hong lou meng"], "only romanised"),
    (make_edition("e", "Can he", languages=["eng"]), "title_reading", [EMPTY], "English that looks like Pinyin"),
    (make_edition("e", "夢", creators=["曾國藩"]), "creator_reading", ["zeng guo fan"], "a surname"),
    (make_edition("e", "夢", creators=["Tolstoy"]), "creator_reading", [EMPTY], "no Chinese name"),
    (
        make_edition("e", "夢", creators=[Agent("覃子豪", romanised="Qin, Zihao")], languages=["chi"]),
        "creator_reading",
        ["tan zi hao", "qin zi hao"],
        "the record knows better than the table",
    ),
]


@pytest.mark.parametrize(("one", "field", "expected", "why"), READS, ids=[why for *_, why in READS])
def test_chinese_carries_how_it_reads(one: Edition, field: str, expected: list[str], why: str) -> None:
    assert document(one, LIBRARIES)[field] == expected, why


def test_order_keys_put_unknown_years_last_both_ways() -> None:
    dated = document(make_edition("a", "夢", year=1900), LIBRARIES)
    undated = document(make_edition("b", "夢"), LIBRARIES)
    assert dated["newest_order"] > undated["newest_order"]
    assert dated["oldest_order"] < undated["oldest_order"]


def test_the_factor_grows_with_holders_and_years_and_is_never_below_one() -> None:
    old = make_edition("a", "夢", year=1500)
    new = make_edition("a", "夢", year=2020)
    held = make_edition("a", "夢", year=2020, libraries=("ntl", "haifeng"))
    assert 1 <= factor(old, 0) < factor(new, 0) < factor(held, 0) < 2
    assert factor(make_edition("a"), 0) == 1


def test_the_number_of_an_id_never_changes() -> None:
    """Rebuilds and increments must order equals alike; a changed number would shuffle pages."""
    assert number("e1") == 60175656675998
    assert len({number(f"e{n}") for n in range(10_000)}) == 10_000


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("857.49 / 5513 v.1", "857.49 5513 v.1"),
        ("PL2727.S2 A1985", "pl2727.s2 a1985"),
        ("ＰＬ２７２７", "pl2727"),
        ("///", ""),
        ("", ""),
    ],
)
def test_a_call_number_has_one_form(text: str, expected: str) -> None:
    assert call_number_key(text) == expected


def test_names_of_authority_records_are_found_apart_from_those_stated_and_change_nothing_shown() -> None:
    plain = make_edition("e", "鹿鼎記", creators=["金庸"], subjects=["武俠小說"])
    one = replace(plain, variant_names=("金庸", "查良鏞", "Cha, Louis"), variant_subjects=("武俠小說", "劍俠小說"))
    with_names, without = document(one, LIBRARIES), document(plain, LIBRARIES)
    assert with_names["creator_variant"] == [analyse("查良鏞"), "cha louis"]
    assert with_names["subject_variant"] == [analyse("劍俠小說")]
    assert set(with_names["all"]) - set(without["all"]) == {analyse("查良鏞"), "cha louis", analyse("劍俠小說")}
    others = {"edition", "all", "creator_variant", "subject_variant"}
    assert {k: v for k, v in with_names.items() if k not in others} == {
        k: v for k, v in without.items() if k not in others
    }

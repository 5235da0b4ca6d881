"""The engine contract: what every `SearchEngine` does, held against both, each for real."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from typing import cast, get_args

import pytest

from indexer.document import document
from indexer.engine import (
    MAX_WINDOW,
    Clause,
    Document,
    EngineUnavailable,
    FacetField,
    Filter,
    How,
    SearchEngine,
    SearchField,
    SearchPage,
    SearchRequest,
    Sort,
)
from indexer.engine.whole import WITH_HEADINGS
from indexer.record import Carrier, Classification, Edition, Format, Sourced, Title
from tests.support.editions import make_edition, make_libraries
from tests.support.shelf import SHELF

OpenEngine = Callable[[], SearchEngine]

LIBRARIES = make_libraries()
FACETS: tuple[FacetField, ...] = get_args(FacetField)


def documents(*editions: Edition) -> list[Document]:
    return [document(edition, LIBRARIES) for edition in editions]


async def in_batches(*batches: Sequence[Document]) -> AsyncIterator[Sequence[Document]]:
    for batch in batches:
        yield batch


def ids(page: SearchPage) -> list[str]:
    return [hit.edition.id for hit in page.hits]


async def found(engine: SearchEngine, text: str, field: SearchField = "all") -> list[str]:
    return ids(await engine.search(SearchRequest((Clause(text, field),), limit=100)))


def counts(page: SearchPage, facet: FacetField) -> dict[str, int]:
    return {value.value: value.count for value in page.facets[facet]}


# --- writing


async def test_a_written_edition_comes_back_whole_and_is_found_when_write_returns(engine: SearchEngine) -> None:
    edition = SHELF[0]
    await engine.write(documents(edition))
    page = await engine.search(SearchRequest((Clause("紅樓夢"),)))
    assert [hit.edition for hit in page.hits] == [edition]
    assert await engine.editions([edition.id]) == {edition.id: edition}
    assert await engine.count() == 1


async def test_a_document_of_the_same_id_replaces_the_one_before(engine: SearchEngine) -> None:
    await engine.write(documents(make_edition("e1", "紅樓夢"), make_edition("e2", "西遊記")))
    await engine.write(documents(make_edition("e1", "水滸傳")))
    assert await engine.count() == 2
    assert await found(engine, "紅樓夢") == []
    assert await found(engine, "水滸傳") == ["e1"]


async def test_the_last_of_two_documents_of_one_id_in_one_write_stays(engine: SearchEngine) -> None:
    await engine.write(documents(make_edition("e1", "紅樓夢"), make_edition("e1", "水滸傳")))
    assert await engine.count() == 1
    assert await found(engine, "水滸傳") == ["e1"]


async def test_deleted_ids_are_gone_and_unknown_ones_no_error(engine: SearchEngine) -> None:
    await engine.write(documents(make_edition("e1", "紅樓夢"), make_edition("e2", "紅樓夢影")))
    await engine.write([], ["e1", "never-there"])
    assert await found(engine, "紅樓夢") == ["e2"]
    assert await engine.editions(["e1", "e2"]) == {"e2": make_edition("e2", "紅樓夢影")}


async def test_an_id_both_deleted_and_written_is_there(engine: SearchEngine) -> None:
    """An edition that was split and merged again within one run must not vanish."""
    await engine.write(documents(make_edition("e1", "紅樓夢")), ["e1"])
    assert await engine.count() == 1


async def test_a_field_that_is_not_in_the_mapping_is_refused(engine: SearchEngine) -> None:
    (wrong,) = documents(make_edition("e1", "紅樓夢"))
    with pytest.raises(ValueError, match="subtitle"):
        await engine.write([{**wrong, "subtitle": "x"}])


async def test_nothing_was_indexed_yet_is_said_and_not_answered_with_nothing_found(engine: SearchEngine) -> None:
    assert await engine.count() == 0
    for asking in (engine.search(SearchRequest()), engine.editions(["e1"]), engine.with_isbns(["9789570835878"])):
        with pytest.raises(EngineUnavailable, match="allshelves index"):
            await asking


async def test_writing_nothing_makes_an_empty_index_that_can_be_searched(engine: SearchEngine) -> None:
    await engine.write([])
    page = await engine.search(SearchRequest(facets=("library",)))
    assert (page.total, page.hits, page.facets) == (0, (), {"library": ()})


async def test_another_engine_at_the_same_place_sees_what_was_written(open_engine: OpenEngine) -> None:
    writer, reader = open_engine(), open_engine()
    await writer.write(documents(make_edition("e1", "紅樓夢")))
    assert await found(reader, "紅樓夢") == ["e1"]
    await writer.write(documents(make_edition("e2", "紅樓夢影")))
    assert await reader.count() == 2


async def test_an_engine_may_be_closed_twice(engine: SearchEngine) -> None:
    await engine.write(documents(make_edition("e1", "紅樓夢")))
    await engine.close()
    await engine.close()


# --- rebuilding


async def test_a_rebuild_replaces_all_that_was_there(engine: SearchEngine) -> None:
    await engine.write(documents(make_edition("old", "紅樓夢")))
    new = documents(*(make_edition(f"new-{n}", "西遊記") for n in range(5)))
    assert await engine.rebuild(in_batches(new[:3], new[3:])) == 5
    assert await engine.count() == 5
    assert await engine.editions(["old"]) == {}


async def test_searches_see_the_old_index_until_a_rebuild_is_done(open_engine: OpenEngine) -> None:
    engine, reader = open_engine(), open_engine()
    await engine.write(documents(make_edition("old", "紅樓夢")))
    seen: list[list[str]] = []

    async def batches() -> AsyncIterator[Sequence[Document]]:
        yield documents(make_edition("new-1", "紅樓夢"))
        seen.append(await found(reader, "紅樓夢"))
        yield documents(make_edition("new-2", "紅樓夢影"))
        seen.append(await found(engine, "紅樓夢"))

    await engine.rebuild(batches())
    assert seen == [["old"], ["old"]]
    assert await found(reader, "紅樓夢") == ["new-1", "new-2"]


async def test_a_rebuild_that_fails_leaves_the_old_index(engine: SearchEngine) -> None:
    await engine.write(documents(make_edition("old", "紅樓夢")))

    async def breaks() -> AsyncIterator[Sequence[Document]]:
        yield documents(make_edition("new", "紅樓夢"))
        raise ConnectionError("the store went away")

    with pytest.raises(ConnectionError):
        await engine.rebuild(breaks())
    assert await found(engine, "紅樓夢") == ["old"]
    assert await engine.rebuild(in_batches(documents(make_edition("new", "紅樓夢")))) == 1
    assert await found(engine, "紅樓夢") == ["new"]


async def test_writing_goes_on_after_a_rebuild_and_a_second_one(engine: SearchEngine) -> None:
    for round_ in range(2):
        await engine.rebuild(in_batches(documents(make_edition(f"e{round_}", "紅樓夢"))))
        await engine.write(documents(make_edition("late", "紅樓夢影")))
        assert sorted(await found(engine, "紅樓夢")) == [f"e{round_}", "late"]


async def test_a_rebuild_of_nothing_makes_an_empty_index(engine: SearchEngine) -> None:
    assert await engine.rebuild(in_batches()) == 0
    assert (await engine.search(SearchRequest())).total == 0


# --- finding

DREAMS = {"dream", "dream-simplified", "dream-annotated", "dream-criticism", "dream-shadow"}
NORWAY = {"norwegian-en", "norwegian-ja"}

FINDS: list[tuple[str, set[str], str]] = [
    ("紅樓夢", DREAMS, "as most records have it"),
    ("红楼梦", DREAMS, "Simplified finds Traditional"),
    ("紅楼夢", DREAMS, "Japanese forms, mixed"),
    ("樓夢評", {"dream-criticism"}, "any stretch of characters: Chinese has no spaces"),
    ("夢樓紅", set(), "neighbouring characters stand in this order"),
    ("紅 夢 樓", DREAMS, "characters with spaces are words, in any order"),
    ("紅樓夢 曹雪芹", {"dream", "dream-simplified", "dream-annotated"}, "title and creator"),
    ("孫悟空", {"journey"}, "in the summary"),
    ("台灣", {"wrong-isbn", "taiwan"}, "台 for 臺"),
    ("tai wan", {"wrong-isbn", "taiwan"}, "how Chinese reads"),
    ("honglou meng", DREAMS, "pinyin by words"),
    ("hong lou meng", DREAMS, "pinyin by syllables"),
    ("hongloumeng", DREAMS, "pinyin joined"),
    ("hónglóu mèng", DREAMS, "pinyin with tones"),
    ("Hung lou meng", DREAMS, "Wade–Giles"),
    ("Hung-lou meng", DREAMS, "Wade–Giles with a hyphen"),
    ("Ts'ao Hsüeh-ch'in", {"dream", "dream-simplified", "dream-annotated"}, "Wade–Giles name"),
    ("cao xueqin", {"dream", "dream-simplified", "dream-annotated"}, "pinyin name"),
    ("xueqin cao", {"dream", "dream-simplified", "dream-annotated"}, "pinyin name in the wrong order"),
    ("Haruki Murakami", NORWAY, "creator in the wrong order"),
    ("Murakami, Haruki", NORWAY, "creator as catalogued"),
    ("村上春樹", {"norwegian-ja", "norwegian-zh"}, "creator in his own script"),
    ("村上 春樹", {"norwegian-ja", "norwegian-zh"}, "creator with a space"),
    ("ノルウェイ", {"norwegian-ja"}, "katakana"),
    ("のるうぇい", {"norwegian-ja"}, "hiragana for katakana"),
    ("ﾉﾙｳｪｲ", {"norwegian-ja"}, "half-width katakana"),
    ("Số đỏ", {"so-do"}, "Vietnamese with diacritics"),
    ("so do", {"so-do"}, "Vietnamese without"),
    ("SO DO", {"so-do"}, "Vietnamese shouted"),
    ("vu trong phung", {"so-do"}, "Vietnamese name without diacritics"),
    ("채식", {"korean"}, "the beginning of a Korean word"),
    ("แผ่นดิน", {"thai"}, "a word within a Thai title"),
    ("garcia marquez", {"solitude"}, "Latin without diacritics"),
    ("soledad", {"solitude", "loneliness"}, "also in a note"),
    ("wooden norway", set(), "every word has to occur, as it is: no stemming"),
    ("norwegian wood", {"norwegian-en", "woods"}, "words anywhere, in any order"),
    ('"norwegian wood"', {"norwegian-en"}, "quoted words stand together"),
    ('"wood norwegian"', set(), "and in this order"),
    ("「挪威的森林」", {"norwegian-zh"}, "Chinese quotation marks"),
    ("norwegian -furniture", {"norwegian-en"}, "a minus excludes"),
    ('norwegian -"pine wood"', {"norwegian-en"}, "a minus excludes a phrase"),
    ("紅樓夢 -曹雪芹", {"dream-criticism", "dream-shadow"}, "a minus excludes Chinese"),
    ("War and Peace", {"war"}, "and for &"),
    ("war & peace", {"war"}, "& as written"),
    ("C++", {"cpp"}, "not everything about C"),
    ("etranger", {"stranger"}, "without the elided article"),
    ("l'étranger", {"stranger"}, "with it"),
    ("T'ai-pei", {"taipei"}, "an apostrophe within a syllable"),
    ("taipei", {"taipei"}, "joined, for a title in Wade–Giles"),
    ("9789570835878", {"dream-annotated"}, "an ISBN"),
    ("978-957-08-3587-8", {"dream-annotated"}, "an ISBN with hyphens"),
    ("978 957 08 3587 8", {"dream-annotated"}, "an ISBN with spaces"),
    ("９７８－９５７－０８－３５８７－８", {"dream-annotated"}, "an ISBN in full width"),
    ("957083587X", set(), "an ISBN-10 with a wrong check digit"),
    ("0375704027", {"norwegian-en"}, "ISBN-10 finds 13"),
    ("0-375-70402-7", {"norwegian-en"}, "ISBN-10 with hyphens"),
    ("ISBN-13: 9780375704024", {"norwegian-en"}, "as printed on the book"),
    ("9570000000", {"wrong-isbn"}, "a wrong ISBN as the record has it"),
    ("1607-2294", {"serial"}, "an ISSN"),
    ("16072294", {"serial"}, "an ISSN without hyphen"),
    ("ocm00123456", {"wrong-isbn"}, "an OCLC number with its prefix"),
    ("HF0012345", {"dream-annotated"}, "a barcode"),
    ("紅樓夢 9789570835878", {"dream-annotated"}, "a title and an ISBN"),
    ("里仁書局 1984", {"dream-annotated"}, "publisher and year"),
    ("nothing has this", set(), "nothing"),
    ("紅樓夢曹雪芹", {"dream", "dream-simplified", "dream-annotated"}, "title and creator without a space"),
    ("曹雪芹紅樓夢", {"dream", "dream-simplified", "dream-annotated"}, "and the other way about"),
    ("春樹村上", {"norwegian-ja", "norwegian-zh"}, "a name in the wrong order without a space"),
    ("村上春樹挪威的森林", {"norwegian-zh"}, "creator and title without a space"),
    ("挪威森林", {"norwegian-zh"}, "a particle left out"),
    ("挪威沙漠", set(), "both parts have to occur"),
    ("「紅樓夢曹雪芹」", set(), "quoted, it stands as it is"),
    ("ㄏㄨㄥˊ ㄌㄡˊ ㄇㄥˋ", DREAMS, "Zhuyin"),
    ("ㄏㄨㄥ ㄌㄡ ㄇㄥ", DREAMS, "Zhuyin without tones"),
    ("ㄏㄨㄥˊㄌㄡˊㄇㄥˋ", DREAMS, "Zhuyin without spaces"),
    ("ㄏㄨㄥㄌㄡㄇㄥ", DREAMS, "Zhuyin with neither"),
    ("ㄘㄠˊ ㄒㄩㄝˇ ㄑㄧㄣˊ", {"dream", "dream-simplified", "dream-annotated"}, "a name in Zhuyin"),
    ("Cao Syuecin", {"dream", "dream-simplified", "dream-annotated"}, "a name in Tongyong Pinyin"),
    ("hong2 lou2 meng4", DREAMS, "pinyin with tone numbers"),
    ("Cao, Xueqin, 1717-1763", {"dream", "dream-simplified", "dream-annotated"}, "a heading with dates"),
    ("曹雪芹, 1717-1763", {"dream", "dream-simplified", "dream-annotated"}, "in Chinese, too"),
    ("norwegian furnit", {"woods"}, "the last word may go on"),
    ("furnit* norwegian", {"woods"}, "and any that is marked"),
    ("furnit norwegian", set(), "no other"),
    ("soledad OR norwegian", {"solitude", "loneliness", "norwegian-en", "woods"}, "either"),
    ("曹雪芹 OR 王國維 紅樓夢", DREAMS - {"dream-shadow"}, "either, and something besides"),
    ("norwegian NOT furniture", {"norwegian-en"}, "a minus spelt out"),
    ("title:soledad", {"solitude"}, "a field named in the query"),
    ("作者:曹雪芹 題名：校注", {"dream-annotated"}, "and in Chinese"),
    ("紅樓夢 -author:曹雪芹", {"dream-criticism", "dream-shadow"}, "excluded"),
    ("isbn:0375704027 OR issn:1607-2294", {"norwegian-en", "serial"}, "numbers named"),
    ("索書號:857.49/5513", {"dream-annotated"}, "a call number named"),
    ("barcode:HF0012345", {"dream-annotated"}, "a barcode named"),
    ("title:title:title:title:soledad", set(), "a field within a field is a word"),
]


@pytest.mark.parametrize(("query", "expected", "why"), FINDS, ids=[f"{why}: {query}" for query, _, why in FINDS])
async def test_a_query_finds(shelf: SearchEngine, query: str, expected: set[str], why: str) -> None:
    assert set(await found(shelf, query)) == expected, why


IN_FIELDS: list[tuple[SearchField, str, set[str], str]] = [
    ("title", "soledad", {"solitude"}, "not in notes"),
    ("title", "曹雪芹", set(), "a creator is no title"),
    ("title", "honglou meng", DREAMS, "pinyin of a title"),
    ("creator", "曹雪芹", {"dream", "dream-simplified", "dream-annotated"}, "a creator"),
    ("creator", "cao xueqin", {"dream", "dream-simplified", "dream-annotated"}, "pinyin of a creator"),
    ("creator", "honglou meng", set(), "a title is no creator"),
    ("creator", "leo tolstoy", {"war"}, "in any order"),
    ("subject", "紅學", {"dream-annotated", "dream-criticism"}, "a subject"),
    ("subject", "norwegian", set(), "a title is no subject"),
    ("publisher", "里仁", {"dream-annotated"}, "part of a publisher's name"),
    ("isbn", "978-957-08-3587-8", {"dream-annotated"}, "any form"),
    ("isbn", "0375704027", {"norwegian-en"}, "ISBN-10"),
    ("isbn", "9570000000", {"wrong-isbn"}, "wrong, as the record has it"),
    ("isbn", "9789570835878 0375704027", {"dream-annotated", "norwegian-en"}, "several"),
    ("isbn", "紅樓夢", set(), "no number at all"),
    ("issn", "16072294", {"serial"}, "without hyphen"),
    ("issn", "1607-2294", {"serial"}, "with hyphen"),
    ("number", "123456", {"wrong-isbn"}, "an OCLC number"),
    ("number", "hf0012345", {"dream-annotated"}, "a barcode in small letters"),
    ("call_number", "857.49", {"dream-annotated", "dream"}, "the beginning"),
    ("call_number", "857.49/5513", {"dream-annotated"}, "with another separator"),
    ("call_number", "5513", set(), "not the middle"),
    ("series", "紅樓夢", set(), "a title is no series"),
]


@pytest.mark.parametrize(("field", "query", "expected", "why"), IN_FIELDS)
async def test_a_field_finds(shelf: SearchEngine, field: SearchField, query: str, expected: set[str], why: str) -> None:
    assert set(await found(shelf, query, field)) == expected, why


async def test_clauses_in_several_fields_must_all_match(shelf: SearchEngine) -> None:
    clauses = (Clause("紅樓夢", "title"), Clause("王國維", "creator"))
    assert ids(await shelf.search(SearchRequest(clauses))) == ["dream-criticism"]


async def test_no_clause_and_blank_clauses_mean_all_editions(shelf: SearchEngine) -> None:
    assert (await shelf.search(SearchRequest())).total == len(SHELF)
    assert (await shelf.search(SearchRequest((Clause("  "), Clause("", "title"))))).total == len(SHELF)


async def test_only_exclusions_leave_everything_else(shelf: SearchEngine) -> None:
    page = await shelf.search(SearchRequest((Clause("-紅樓夢"),), limit=100))
    assert page.total == len(SHELF) - len(DREAMS)


GUESSED: list[tuple[SearchField, How, str, set[str], str]] = [
    ("title", "begun", "norwegian wo", {"norwegian-en"}, "a title being typed"),
    ("title", "begun", "紅樓夢評", {"dream-criticism"}, "in Chinese"),
    ("title", "begun", "hong loum", DREAMS, "in Pinyin"),
    ("title", "begun", "ㄏㄨㄥˊㄌㄡˊㄇ", DREAMS, "in Zhuyin"),
    ("title", "begun", "n", set(), "one letter begins too much"),
    ("creator", "begun", "haruki mura", NORWAY, "a name in the order spoken"),
    ("creator", "begun", "caoxueq", {"dream", "dream-simplified", "dream-annotated"}, "a name in Pinyin"),
    ("subject", "begun", "hongx", {"dream-annotated", "dream-criticism"}, "a heading in Pinyin"),
    ("all", "nearly", "norweigan wood", {"norwegian-en", "woods"}, "two letters exchanged"),
    ("all", "nearly", "soledaad", {"solitude", "loneliness"}, "a letter too many"),
    ("all", "nearly", "xqzw", set(), "nothing is like it"),
    ("title", "nearly", "紅樓孟", DREAMS, "a character that reads alike"),
    ("title", "nearly", "西油記", {"journey"}, "another"),
    ("creator", "nearly", "曹學琴", {"dream", "dream-simplified", "dream-annotated"}, "a name as it sounds"),
    ("all", "nearly", "百年孤寞", {"loneliness"}, "one character of four"),
]


@pytest.mark.parametrize(("field", "how", "query", "expected", "why"), GUESSED)
async def test_what_is_being_typed_or_mistyped_finds_candidates(
    *, both: dict[str, SearchEngine], field: SearchField, how: How, query: str, expected: set[str], why: str
) -> None:
    request = SearchRequest((Clause(query, field, how),), limit=100, facets=("creator",))
    embedded, cluster = [await both[kind].search(request) for kind in ("embedded", "cluster")]
    assert set(ids(embedded)) == expected, why
    assert (ids(embedded), embedded.facets) == (ids(cluster), cluster.facets)


# --- order

FIRST: list[tuple[str, list[str], str]] = [
    ("紅樓夢", ["dream", "dream-simplified"], "titles that are the query, the very characters first"),
    ("红楼梦", ["dream-simplified", "dream"], "and likewise in Simplified"),
    ("hong lou meng", ["dream", "dream-simplified"], "also by reading"),
    ("紅樓夢 曹雪芹", ["dream", "dream-simplified"], "a title among other words"),
    ("norwegian wood", ["norwegian-en", "woods"], "the title before a note"),
    ("women", ["women-en", "sex", "women-zh"], "what is written so before what reads so, however many hold it"),
    ("soledad", ["solitude", "loneliness"], "the title before a note"),
    ("紅樓夢曹雪芹", ["dream", "dream-simplified"], "a title typed together with its author"),
    ("红楼梦曹雪芹", ["dream-simplified", "dream"], "and in Simplified"),
    ("857.49 5514", ["dream"], "a whole call number"),
    ("ㄏㄨㄥˊㄌㄡˊㄇㄥˋ", ["dream", "dream-simplified"], "by Zhuyin"),
]


@pytest.mark.parametrize(("query", "first", "why"), FIRST)
async def test_a_query_ranks_first(shelf: SearchEngine, query: str, first: list[str], why: str) -> None:
    assert (await found(shelf, query))[: len(first)] == first, why


async def test_a_title_the_book_bears_ranks_before_one_that_cataloguers_added(engine: SearchEngine) -> None:
    held = ("ntl", "haifeng", "fenggu", "daolang")
    translation = make_edition("translation", (Title("Monkey"), Title("西遊記", kind="uniform")), libraries=held)
    about = make_edition("about", "西遊記研究", subjects=["西遊記"], libraries=held)
    await engine.write(documents(translation, about, make_edition("original", "西游记")))
    assert await found(engine, "西遊記") == ["original", "translation", "about"]
    assert set(await found(engine, "西遊記", "title")) == {"original", "translation", "about"}


@pytest.mark.parametrize("between", ["", " ", "，"])
@pytest.mark.parametrize(
    ("title", "creator", "first"), [("紅樓夢", "曹雪芹", "traditional"), ("红楼梦", "曹雪芹", "simplified")]
)
async def test_a_title_typed_with_a_name_is_first_found_in_the_very_characters_however_many_hold_the_other(
    engine: SearchEngine, title: str, creator: str, first: str, between: str
) -> None:
    other = "红楼梦" if first == "traditional" else "紅樓夢"
    many = make_edition("many", other, creators=[creator], libraries=tuple(LIBRARIES), year=2020)
    await engine.write(documents(make_edition(first, title, creators=[creator], year=1950), many))
    assert await found(engine, f"{title}{between}{creator}") == [first, "many"]
    assert await found(engine, f"{creator}{between}{title}") == [first, "many"]


@pytest.mark.parametrize("query", ["emma austen", "austen emma", "jane austen emma", "Emma, Jane Austen"])
async def test_a_title_typed_with_its_creator_ranks_before_collections_and_books_about_both(
    engine: SearchEngine, query: str
) -> None:
    held = ("ntl", "haifeng", "fenggu", "daolang")
    novels, about = "Great novels of Jane Austen : Emma", "Jane Austen and her Emma"
    collected = make_edition("collected", novels, creators=["Austen, Jane"], libraries=held)
    book = make_edition("about", about, creators=["Lodge, David"], subjects=["Austen, Jane. Emma"], libraries=held)
    await engine.write(documents(collected, book, make_edition("emma", "Emma", creators=["Austen, Jane"])))
    ranked = await found(engine, query)
    assert ranked[0] == "emma"
    assert set(ranked) == {"emma", "collected", "about"}


async def test_of_equals_the_more_widely_held_ranks_first(engine: SearchEngine) -> None:
    few, many = make_edition("few", "茶經"), make_edition("many", "茶經", libraries=("ntl", "haifeng", "fenggu"))
    await engine.write(documents(few, many))
    assert await found(engine, "茶經") == ["many", "few"]


async def test_what_some_libraries_hold_comes_first_by_relevance_only(both: dict[str, SearchEngine]) -> None:
    for sort in ("relevance", "newest"):
        request = SearchRequest((Clause("紅樓夢"),), sort=cast(Sort, sort), first=("shancheng", "daolang"), limit=10)
        embedded, cluster = [ids(await both[kind].search(request)) for kind in ("embedded", "cluster")]
        assert embedded == cluster
        if sort == "relevance":
            assert embedded[0] == "dream"
            assert set(embedded[:3]) == {"dream", "dream-criticism", "dream-shadow"}
        else:
            assert embedded[0] == "dream-shadow"


SORTS: list[tuple[Sort, list[str]]] = [
    ("newest", ["b-2000", "c-1950", "a-1900", "undated"]),
    ("oldest", ["a-1900", "c-1950", "b-2000", "undated"]),
    ("title", ["undated", "c-1950", "a-1900", "b-2000"]),
    ("creator", ["b-2000", "a-1900", "c-1950", "undated"]),
    ("libraries", ["c-1950", "b-2000", "a-1900", "undated"]),
]


@pytest.mark.parametrize(("sort", "expected"), SORTS)
async def test_a_sort_orders_all_hits(engine: SearchEngine, sort: Sort, expected: list[str]) -> None:
    editions = (
        make_edition(
            "a-1900", "The émigré", year=1900, languages=["eng"], libraries=("ntl", "fenggu"), creators=["丁"]
        ),
        make_edition("b-2000", "Zebra", year=2000, libraries=("ntl", "fenggu", "haifeng"), creators=["Zola"]),
        make_edition(
            "c-1950", "“Chess”", year=1950, libraries=("ntl", "fenggu", "haifeng", "daolang"), creators=["曹"]
        ),
        make_edition("undated", "Apples"),
    )
    await engine.write(documents(*editions))
    assert ids(await engine.search(SearchRequest(sort=sort))) == expected


@pytest.mark.parametrize("sort", get_args(Sort))
async def test_pages_hold_every_hit_once_though_all_are_alike(shelf: SearchEngine, sort: Sort) -> None:
    clauses = (Clause("連環漫畫"),)
    pages = [await shelf.search(SearchRequest(clauses, sort=sort, offset=n, limit=7)) for n in range(0, 35, 7)]
    whole = await shelf.search(SearchRequest(clauses, sort=sort, limit=100))
    assert [one for page in pages for one in ids(page)] == ids(whole)
    assert len(set(ids(whole))) == 30
    assert {page.total for page in pages} == {30}


@pytest.mark.parametrize("sort", [sort for sort in get_args(Sort) if sort != "relevance"])
async def test_a_cursor_leads_through_all_hits_and_the_total_stays(both: dict[str, SearchEngine], sort: Sort) -> None:
    walks: list[tuple[list[str], set[int]]] = []
    for engine in both.values():
        seen: list[str] = []
        totals: set[int] = set()
        cursor = ""
        while True:
            page = await engine.search(SearchRequest(sort=sort, after=cursor, limit=7, facets=("library",)))
            totals.add(page.total)
            if not page.hits:
                break
            seen += ids(page)
            cursor = page.cursor
        walks.append((seen, totals))
        assert seen == ids(await engine.search(SearchRequest(sort=sort, limit=100)))
    assert walks[0] == walks[1]
    assert walks[0][1] == {len(SHELF)}


@pytest.mark.parametrize(
    ("sort", "after"),
    [
        ("relevance", "1"),
        ("newest", "abc"),
        ("newest", "-1"),
        ("title", "a b"),
        ("title", "*"),
        ("title", "zzz"),
        ("oldest", "9" * 30),
    ],
)
async def test_what_is_no_cursor_is_refused(shelf: SearchEngine, sort: Sort, after: str) -> None:
    with pytest.raises(ValueError, match="no cursor"):
        await shelf.search(SearchRequest(sort=sort, after=after))


async def test_a_page_after_the_last_hit_is_empty_and_knows_the_total(shelf: SearchEngine) -> None:
    page = await shelf.search(SearchRequest((Clause("紅樓夢"),), offset=50))
    assert (page.total, page.hits) == (len(DREAMS), ())


async def test_a_page_of_nothing_still_counts(shelf: SearchEngine) -> None:
    page = await shelf.search(SearchRequest((Clause("紅樓夢"),), limit=0, facets=("format",)))
    assert (page.total, page.hits, counts(page, "format")) == (len(DREAMS), (), {"book": len(DREAMS)})


async def test_pages_end_at_the_window(shelf: SearchEngine) -> None:
    assert (await shelf.search(SearchRequest(offset=MAX_WINDOW - 10, limit=10))).hits == ()
    for offset, limit in ((MAX_WINDOW - 10, 11), (-1, 10), (0, -1)):
        with pytest.raises(ValueError, match=str(MAX_WINDOW)):
            await shelf.search(SearchRequest(offset=offset, limit=limit))


# --- filters and facets


async def test_filters_keep_editions_with_any_value_of_each(shelf: SearchEngine) -> None:
    page = await shelf.search(
        SearchRequest(
            (Clause("紅樓夢"),),
            filters=(Filter("library", ("haifeng", "riverside")), Filter("subject", ("紅學", "章回小说"))),
        )
    )
    assert set(ids(page)) == {"dream-annotated", "dream-simplified", "dream-criticism"}


async def test_a_comic_is_found_among_books_and_alone(engine: SearchEngine) -> None:
    kinds = {"b": Format.BOOK, "c": Format.COMIC, "p": Format.PICTURE_BOOK, "e": Format.EBOOK}
    await engine.write(documents(*(make_edition(name, "書", format=kind) for name, kind in kinds.items())))

    async def of(*formats: str) -> set[str]:
        return set(ids(await engine.search(SearchRequest(filters=(Filter("format", formats),)))))

    assert await of("book") == {"b", "c", "p"}
    assert await of("comic") == {"c"}
    assert await of("picture_book", "ebook") == {"p", "e"}
    page = await engine.search(SearchRequest(facets=("format",)))
    assert counts(page, "format") == {"book": 3, "comic": 1, "picture_book": 1, "ebook": 1}


async def test_main_classes_readers_and_what_is_online_are_facets_and_filters(engine: SearchEngine) -> None:
    literature = (Sourced(Classification("857.7", "ncsclt"), ("ntl",)),)
    book = replace(make_edition("book", "書"), classifications=literature, audience=("teens",))
    await engine.write(documents(book, replace(make_edition("file", "書"), carrier=Carrier.ONLINE)))
    page = await engine.search(SearchRequest(facets=("classification", "division", "audience", "suits", "online")))
    found = {facet: counts(page, facet) for facet in page.facets}
    assert found == {
        "classification": {"ncsclt:8": 1},
        "division": {"ncsclt:85": 1},
        "audience": {"teens": 1},
        "suits": {"online": 1},
        "online": {"online": 1},
    }
    for facet, value, expected in (
        ("classification", "ncsclt:8", "book"),
        ("division", "ncsclt:85", "book"),
        ("audience", "teens", "book"),
        ("suits", "online", "file"),
        ("online", "online", "file"),
    ):
        assert ids(await engine.search(SearchRequest(filters=(Filter(cast(FacetField, facet), (value,)),)))) == [
            expected
        ]


async def test_editions_are_kept_by_who_holds_them_beside_the_facet_and_by_their_ids(engine: SearchEngine) -> None:
    holders = {"a": "ntl", "b": "fenggu", "c": "haifeng"}
    await engine.write(documents(*(make_edition(name, "書", libraries=(held,)) for name, held in holders.items())))
    page = await engine.search(SearchRequest(within=("ntl", "fenggu"), facets=("library",)))
    assert set(ids(page)) == {"a", "b"}
    assert counts(page, "library") == {"ntl": 1, "fenggu": 1}, "the facet is counted within"
    narrowed = SearchRequest(within=("ntl", "fenggu"), filters=(Filter("library", ("fenggu", "haifeng")),))
    assert ids(await engine.search(narrowed)) == ["b"]
    assert set(ids(await engine.search(SearchRequest(ids=("a", "c", "nosuch"))))) == {"a", "c"}
    assert ids(await engine.search(SearchRequest(ids=()))) == [], "none of none"
    assert (await engine.search(SearchRequest(ids=("a",), by_work=True))).works == 1


async def test_editions_are_kept_that_write_characters_in_the_very_form_asked(engine: SearchEngine) -> None:
    forms = {"t": "紅樓夢", "s": "红楼梦", "j": "紅楼夢"}
    await engine.write(documents(*(make_edition(name, title) for name, title in forms.items())))
    dream = (Clause("红楼梦"),)
    assert set(ids(await engine.search(SearchRequest(dream)))) == {"t", "s", "j"}
    assert ids(await engine.search(SearchRequest(dream, written=("樓",)))) == ["t"]
    assert set(ids(await engine.search(SearchRequest(dream, written=("紅", "夢"))))) == {"t", "j"}, "all of them"
    assert ids(await engine.search(SearchRequest(dream, written=("樓", "梦")))) == []


HELD = [
    (None, None, {"one", "two", "four", "none"}, "not asked"),
    (1, 1, {"one"}, "what a single library holds"),
    (2, None, {"two", "four"}, "at least two"),
    (None, 2, {"one", "two", "none"}, "at most two, and what nobody holds any more"),
    (2, 3, {"two"}, "between"),
    (5, None, set(), "more than there are"),
    (-1, None, {"one", "two", "four", "none"}, "below zero there is nothing"),
    (None, -1, set(), "nor up to there"),
    (3, 2, set(), "an empty span"),
    (1 << 40, None, set(), "beyond what a number holds"),
    (None, 1 << 40, {"one", "two", "four", "none"}, "up to there"),
]


async def test_editions_are_kept_by_how_many_libraries_hold_them(engine: SearchEngine) -> None:
    holders = ("ntl", "haifeng", "fenggu", "daolang")
    counted = {"none": 0, "one": 1, "two": 2, "four": 4}
    await engine.write(documents(*(make_edition(name, "茶經", libraries=holders[:n]) for name, n in counted.items())))
    for least, most, expected, why in HELD:
        request = SearchRequest(held_from=least, held_to=most, facets=("library",))
        page = await engine.search(request)
        assert {hit.edition.id for hit in page.hits} == expected, why
        assert (page.total, await engine.totals([request])) == (len(expected), (len(expected),)), why
    ours = SearchRequest(first=("haifeng",), only="first", held_to=2, facets=("library",))
    assert counts(await engine.search(ours), "library") == {"haifeng": 1, "ntl": 1}
    theirs = SearchRequest(first=("haifeng",), only="rest", held_from=1)
    assert ids(await engine.search(theirs)) == ["one"]


async def test_a_filter_without_values_keeps_all(shelf: SearchEngine) -> None:
    assert (await shelf.search(SearchRequest(filters=(Filter("library", ()),)))).total == len(SHELF)


async def test_facets_count_what_was_found(shelf: SearchEngine) -> None:
    page = await shelf.search(SearchRequest((Clause("曹雪芹"),), facets=FACETS))
    assert counts(page, "library") == {"ntl": 2, "riverside": 2, "daolang": 1, "haifeng": 1}
    assert counts(page, "region") == {"north": 2, "abroad": 2, "central": 1, "south": 1}
    assert counts(page, "format") == {"book": 3}
    assert counts(page, "language") == {"chi": 3}
    assert counts(page, "year") == {"1972": 1, "1982": 1, "1984": 1}
    assert counts(page, "subject") == {"紅學": 1, "中國小說 -- 清代": 1, "章回小說": 1, "章回小说": 1}
    assert counts(page, "creator") == {"曹雪芹": 3, "馮其庸": 1, "高鹗": 1}


async def test_facet_values_come_by_falling_count_then_by_value(shelf: SearchEngine) -> None:
    page = await shelf.search(SearchRequest((Clause("曹雪芹"),), facets=("library", "year")))
    assert [value.value for value in page.facets["library"]] == ["ntl", "riverside", "daolang", "haifeng"]
    assert [value.value for value in page.facets["year"]] == ["1972", "1982", "1984"]


async def test_a_facet_has_at_most_the_values_asked(shelf: SearchEngine) -> None:
    page = await shelf.search(SearchRequest(facets=("library", "subject"), facet_size=2))
    assert [value.value for value in page.facets["library"]] == ["ntl", "riverside"]
    assert len(page.facets["subject"]) == 2
    none = await shelf.search(SearchRequest(facets=("library",), facet_size=0))
    assert none.facets == {"library": ()}


async def test_a_facets_own_filter_does_not_narrow_its_counts_but_the_others_do(shelf: SearchEngine) -> None:
    page = await shelf.search(
        SearchRequest(
            (Clause("紅樓夢"),),
            filters=(Filter("library", ("daolang",)), Filter("subject", ("紅學",))),
            facets=("library", "subject", "region"),
        )
    )
    assert ids(page) == ["dream-criticism"]
    assert page.total == 1
    assert counts(page, "library") == {"ntl": 2, "haifeng": 2, "daolang": 1, "shancheng": 1, "riverside": 1}
    assert counts(page, "subject") == {"紅學": 1, "章回小說": 1}
    assert counts(page, "region") == {"north": 1, "south": 1, "central": 1}


async def test_years_are_filtered_by_value_and_by_range_and_counted_besides_both(shelf: SearchEngine) -> None:
    clause = (Clause("紅樓夢"),)
    years = {"1972": 1, "1982": 1, "1984": 1, "1988": 1}
    by_range = await shelf.search(SearchRequest(clause, year_from=1980, year_to=1984, facets=("year",)))
    assert (set(ids(by_range)), counts(by_range, "year")) == ({"dream-simplified", "dream-annotated"}, years)
    by_value = await shelf.search(SearchRequest(clause, filters=(Filter("year", ("1972", "1988")),), facets=("year",)))
    assert (set(ids(by_value)), counts(by_value, "year")) == ({"dream", "dream-shadow"}, years)
    from_on = await shelf.search(SearchRequest(clause, year_from=1983))
    assert set(ids(from_on)) == {"dream-annotated", "dream-shadow"}
    until = await shelf.search(SearchRequest(clause, year_to=1975))
    assert ids(until) == ["dream"]


@pytest.mark.parametrize(
    ("year_from", "year_to", "values"),
    [(2000, 1990, ()), (None, -5, ()), (None, None, ("soon",)), (None, None, ("²",)), (9999, 99999, ())],
)
async def test_impossible_years_find_nothing(
    shelf: SearchEngine, year_from: int | None, year_to: int | None, values: tuple[str, ...]
) -> None:
    filters = (Filter("year", values),) if values else ()
    assert (await shelf.search(SearchRequest(filters=filters, year_from=year_from, year_to=year_to))).total == 0


# --- looking up


async def test_editions_come_by_id_and_unknown_ids_are_absent(shelf: SearchEngine) -> None:
    assert list(await shelf.editions(["so-do", "nobody", "dream", "so-do"])) == ["so-do", "dream"]
    assert await shelf.editions([]) == {}


async def test_isbns_answer_with_the_editions_that_carry_them(engine: SearchEngine) -> None:
    shared = "9789570835878"
    await engine.write(
        documents(
            make_edition("one", "紅樓夢", isbns=[shared, "9780375704024"]),
            make_edition("two", "紅樓夢", isbns=[shared], libraries=("ntl", "fenggu")),
            make_edition("wrong", "紅樓夢", wrong_isbn="9789570835879"),
        )
    )
    answer = await engine.with_isbns(["9780375704024", shared, "9789570835879", "9780000000002"])
    assert {isbn: [edition.id for edition in editions] for isbn, editions in answer.items()} == {
        "9780375704024": ["one"],
        shared: ["two", "one"],
    }
    assert await engine.with_isbns([]) == {}


async def test_thousands_of_isbns_are_asked_at_once(shelf: SearchEngine) -> None:
    many = [f"978{n:010}" for n in range(3_000)]
    answer = await shelf.with_isbns([*many, "9780375704024", *many])
    assert list(answer) == ["9780375704024"]


# --- whatever is typed

ODD: list[tuple[str, str]] = [
    ("???", "only punctuation"),
    ('"', "one quotation mark"),
    ('""""', "only quotation marks"),
    ('"" -"" -', "empty phrases"),
    ("-", "a minus alone"),
    ("- - --", "several"),
    ("/", "a slash"),
    ("title:(", "query-language syntax"),
    ('creator:"x" AND (', "more of it"),
    ("[* TO *]", "a range of everything"),
    ("*", "a wildcard"),
    ("~ ^ \\ +", "operators"),
    ("\x00\x01\x1f", "controls"),
    ("\u2028\u3000\u00a0", "white space of other kinds"),
    ("\ud800", "half a character"),
    ("a\ud800b", "half a character within a word"),
    ("_", "the token of empty fields"),
    ("\u200b\u202e\ufeff", "invisible characters"),
    ("😀", "an emoji"),
    ("x" * 5_000, "a word of 5,000 letters"),
    ("夢" * 5_000, "5,000 characters"),
    ("word " * 1_000, "a thousand equal words"),
    (" ".join(f"w{n}" for n in range(1_000)), "a thousand words"),
    (" ".join(f"-w{n}" for n in range(1_000)), "a thousand exclusions"),
    ("hong lou meng " * 50, "many syllables"),
    ("xian " * 30 + "shi yi chang", "many readings"),
    ('"' + "a b " * 2_000 + '"', "a long phrase"),
    ("(" * 500 + "x" + ")" * 500, "many brackets"),
    ("é" * 300 + "\u0301" * 300, "many accents"),
    ("title:" * 500 + "x", "fields within fields"),
    ("a OR " * 500 + "b", "a long choice"),
    ("title:夢 OR " * 300 + "x", "a long choice of fields"),
    ("紅樓夢曹雪芹著高鶚續三民書局" * 2, "a long run without spaces"),
    ("ㄏㄨㄥㄌㄡㄇㄥ" * 40, "much Zhuyin"),
    ("ㄅㄆㄇ ˊˇˋ˙", "Zhuyin that is none"),
    ("x" * 5_000 + "*", "a very long beginning"),
    ('作者:"', "a field of an unclosed quote"),
]


@pytest.mark.parametrize(("query", "why"), ODD, ids=[why for _, why in ODD])
@pytest.mark.parametrize("field", get_args(SearchField))
async def test_nothing_typed_is_an_error_and_both_engines_agree(
    both: dict[str, SearchEngine], query: str, why: str, field: SearchField
) -> None:
    for how in get_args(How):
        if how == "whole" and field not in WITH_HEADINGS:
            continue
        request = SearchRequest((Clause(query, field, how),), limit=100)
        pages = [await engine.search(request) for engine in both.values()]
        assert ids(pages[0]) == ids(pages[1]), (how, why)


@pytest.mark.parametrize("query", ["???", '"', "-", "\x00", "\u3000?", "_", "😀"])
async def test_a_query_of_signs_finds_nothing_rather_than_everything(shelf: SearchEngine, query: str) -> None:
    assert await found(shelf, query) == []


# --- one behaviour

COMPARED = [
    *(SearchRequest((Clause(query),), facets=FACETS, limit=100) for query, _, _ in FINDS),
    *(SearchRequest((Clause(query, field),), limit=100) for field, query, _, _ in IN_FIELDS),
    *(SearchRequest(sort=sort, limit=100, facets=FACETS) for sort in get_args(Sort)),
    *(SearchRequest((Clause("連環漫畫"),), offset=offset, limit=5) for offset in range(0, 30, 5)),
    SearchRequest((Clause("的"),), limit=100),
    SearchRequest((Clause("language"), Clause("the", "title")), limit=100),
    SearchRequest(filters=(Filter("region", ("north", "abroad")),), facets=FACETS, limit=100),
    SearchRequest(
        (Clause("紅樓夢"),), filters=(Filter("library", ("ntl",)), Filter("language", ("chi",))), facets=FACETS
    ),
    SearchRequest(filters=(Filter("format", ("book", "ebook")),), year_from=1900, year_to=1990, facets=FACETS),
    SearchRequest((Clause("-紅樓夢"),), filters=(Filter("library", ("ntl", "haifeng")),), facets=FACETS, limit=100),
    SearchRequest(facets=("subject", "creator"), facet_size=3),
]


async def test_both_engines_give_the_same_hits_order_scores_totals_and_counts(both: dict[str, SearchEngine]) -> None:
    for request in COMPARED:
        embedded, cluster = [await both[kind].search(request) for kind in ("embedded", "cluster")]
        assert ids(embedded) == ids(cluster), request
        assert embedded.total == cluster.total, request
        assert embedded.facets == cluster.facets, request
        assert [hit.score for hit in embedded.hits] == pytest.approx([hit.score for hit in cluster.hits], rel=1e-6)
        assert [hit.edition for hit in embedded.hits] == [hit.edition for hit in cluster.hits]

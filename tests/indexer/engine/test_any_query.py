"""Whatever is typed, both engines answer: no error, no panic, and the process lives.

``make fuzz-search`` asks more, for as long as one likes.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.engine import Clause, FacetField, Filter, How, SearchEngine, SearchField, SearchRequest, Sort
from indexer.engine.whole import WITH_HEADINGS
from tests.indexer.engine.conftest import OpenEngine

TIMES = int(os.environ.get("ALLSHELVES_FUZZ", "1"))
"""How many times the usual number of queries."""

SIGNS = [
    *(
        "OR",
        "NOT",
        "AND",
        "|",
        "||",
        "&&",
        "-",
        "+",
        '"',
        "「",
        "」",
        "“",
        "”",
        "『",
        "title:",
        "作者：",
        "isbn:",
        "year:",
    ),
    *(
        "*",
        "?",
        "~",
        "~2",
        "^3",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "/",
        "\\",
        ":",
        "!",
        "=",
        "<",
        ">",
        "TO",
        "IN",
        " ",
        "\u3000",
    ),
]
WORDS = [
    "第3冊",
    "紅樓夢",
    "曹雪芹",
    "norwegian",
    "hong",
    "ㄏㄨㄥˊ",
    "ㄌ",
    "9789570835878",
    "1607-2294",
    "ภาษา",
    "한국",
    "ﾉ",
]
ODD = [
    *("Ł", "\u0301", "\u200b", "\u202e", "\ufeff", "\x00", "\x1f", "\u2028"),
    *("\ud800", "\udfff", "\U0010ffff", "𠮷", "👩\u200d👧"),
]
PIECES = st.sampled_from([*SIGNS, *WORDS, *ODD])
ANY = st.text(st.characters(exclude_categories=()), max_size=60)
"""Lone surrogates among them: an address can carry them."""

TYPED = st.one_of(ANY, st.lists(st.one_of(PIECES, st.text(max_size=3)), max_size=40).map("".join))
ANYWHERE: tuple[How, ...] = tuple(how for how in get_args(How) if how != "whole")
CLAUSES = st.one_of(
    st.builds(Clause, TYPED, st.sampled_from(get_args(SearchField)), st.sampled_from(ANYWHERE)),
    st.builds(Clause, TYPED, st.sampled_from(sorted(WITH_HEADINGS)), st.just("whole")),
)
NUMBERS = st.one_of(
    st.none(), st.integers(-3000, 9999), st.sampled_from([-(10**30), -(2**63) - 1, 2**63, 2**64, 10**30])
)

MANY = 10_000
EXTREME = [
    ("a" * 1_000_000, "one word of a million letters"),
    ("紅" * 100_000, "a run of a hundred thousand characters"),
    (" OR ".join(["紅樓夢"] * MANY), "ten thousand choices"),
    ("OR " * MANY, "ten thousand ORs and nothing else"),
    ("-" * MANY, "nothing but minuses"),
    ("NOT " * MANY + "紅樓夢", "not not not"),
    (" ".join(f"-a{n}" for n in range(MANY)), "ten thousand exclusions"),
    ("(" * MANY + "紅" + ")" * MANY, "parentheses ten thousand deep"),
    ('"' * MANY, "nothing but quotes"),
    ("「" * MANY + "紅", "quotes that never end"),
    ("title:" * MANY + "紅", "a field of a field of a field"),
    ("title:(" * 1_000, "fields that never end"),
    ("* " * MANY, "nothing but stars"),
    ("a* " * MANY, "ten thousand beginnings"),
    ("e\u0301" + "\u0301" * MANY, "one letter with ten thousand marks"),
    ("\u202e\u2066" * 1_000 + "dream", "text that turns round and never turns back"),
    ("\x00" * 100, "nothing but NUL"),
    ("紅\x00樓\x00夢", "NUL in between"),
    ("\ud800", "half of a pair"),
    ("dream \udfff dream", "the other half of a pair, beside words"),
    ("\U0010ffff\ufffe\uffff", "characters that are none"),
    ("9" * 5_000, "a number longer than Python converts"),
    ("第" + "9" * 5_000 + "冊", "a volume of that number"),
    ("第" + "九" * 5_000 + "冊", "and in Chinese"),
    ("一二三四五六七八九十百千萬億兆" * 100, "a number that is none"),
    ("ㄏㄨㄥˊㄌㄡˊㄇㄥˋ" * 1_000, "a page of Zhuyin"),
    ("chang " * MANY, "readings that may be either, ten thousand times"),
    ("lü'er" * 1_000, "syllables that may be parted anywhere"),
    ("xianxian" * 1_000, "syllables that may be parted anywhere, without signs"),
    ("\ufdfa" * 1_000, "one character that stands for eighteen"),
    ("ﷺ" * 300 + "*", "and goes on"),
    ("ก" * 5_000, "Thai without spaces"),
    ("0-" * 2_000, "an ISBN that never ends"),
    ("/.*/ a~9 [a TO z] {* TO *} \\", "the language of another engine"),
]


@pytest.fixture(scope="module")
def engines(shelf_openers: dict[str, OpenEngine]) -> Iterator[tuple[dict[str, SearchEngine], asyncio.Runner]]:
    with asyncio.Runner() as runner:
        opened = {kind: opener() for kind, opener in shelf_openers.items()}
        yield opened, runner
        for engine in opened.values():
            runner.run(engine.close())


@pytest.mark.parametrize(("kind", "examples"), [("embedded", 200), ("cluster", 60)])
def test_any_query_is_answered(
    engines: tuple[dict[str, SearchEngine], asyncio.Runner], kind: str, examples: int
) -> None:
    opened, runner = engines
    engine = opened[kind]

    @settings(max_examples=examples * TIMES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        clauses=st.lists(CLAUSES, max_size=3).map(tuple),
        facet=st.sampled_from(get_args(FacetField)),
        value=ANY,
        sort=st.sampled_from(get_args(Sort)),
        years=st.tuples(NUMBERS, NUMBERS),
        first=st.lists(ANY, max_size=2),
    )
    def asked(
        *,
        clauses: tuple[Clause, ...],
        facet: FacetField,
        value: str,
        sort: Sort,
        years: tuple[int | None, int | None],
        first: list[str],
    ) -> None:
        page = runner.run(engine.search(SearchRequest(clauses, sort=sort, limit=5, facets=(facet,))))
        assert page.total >= len(page.hits)
        narrow = SearchRequest(clauses, (Filter(facet, (value,)),), *years, limit=5, first=tuple(first))
        assert runner.run(engine.search(narrow)).total <= page.total

    asked()


@pytest.mark.parametrize(("text", "why"), EXTREME, ids=[why for _, why in EXTREME])
def test_what_nobody_types_is_answered_too(
    engines: tuple[dict[str, SearchEngine], asyncio.Runner], text: str, why: str
) -> None:
    opened, runner = engines
    for field, how in (("all", "as_typed"), ("title", "as_typed"), ("all", "begun"), ("title", "begun")):
        request = SearchRequest((Clause(text, field, how),), limit=5)  # type: ignore[arg-type]
        totals = {kind: runner.run(engine.search(request)).total for kind, engine in opened.items()}
        assert len(set(totals.values())) == 1, f"{field} {how}: {why}"


@pytest.mark.parametrize("after", ["0" * 5_000, "-1", "9" * 20, "\ud800", "'", 'a" OR *:*', "*", "a TO b", "", "\x00"])
@pytest.mark.parametrize("sort", get_args(Sort))
def test_no_cursor_is_more_than_a_wrong_one(
    engines: tuple[dict[str, SearchEngine], asyncio.Runner], after: str, sort: Sort
) -> None:
    opened, runner = engines
    for engine in opened.values():
        try:
            page = runner.run(engine.search(SearchRequest(sort=sort, after=after, limit=5)))
        except ValueError:
            continue
        assert page.total >= len(page.hits)

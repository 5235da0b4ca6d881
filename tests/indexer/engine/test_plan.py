from __future__ import annotations

from typing import get_args

import pytest

from indexer.engine import MAX_WINDOW, Clause, Filter, SearchField, SearchRequest, Sort
from indexer.engine.clauses import DOUBTFUL, GOES_ON, NUMBER_IS_QUERY, READING, TITLE_IS_QUERY
from indexer.engine.mapping import index_mapping
from indexer.engine.nodes import (
    MAX_DEPTH,
    All,
    Any,
    AnyOf,
    Boost,
    Constant,
    Everything,
    Node,
    Nothing,
    Phrase,
    Prefix,
    Range,
    Term,
    any_of,
    depth,
    matching,
    narrowed,
    phrase,
)
from indexer.engine.plan import Plan, plan


def required(text: str, field: SearchField = "all") -> tuple[Node, ...]:
    query = plan(SearchRequest((Clause(text, field),))).query
    assert isinstance(query, All)
    return query.required


def named(node: Node) -> set[str]:
    """The index fields a node asks."""
    match node:
        case Term() | Phrase() | Prefix() | AnyOf() | Range():
            return {node.field}
        case All():
            return {name for inner in (*node.required, *node.better, *node.without) for name in named(inner)}
        case Any():
            return {name for inner in node.choices for name in named(inner)}
        case Boost() | Constant():
            return named(node.node)
        case _:
            return set()


# --- what must match

GOING_ON = Any((Term("all", "party"), Constant(Prefix("all", "party"), GOES_ON)))


def test_words_must_each_match_and_neighbouring_han_as_a_phrase() -> None:
    assert required("great party") == (Term("all", "great"), GOING_ON)
    assert required("紅樓夢") == (Phrase("all", ("红", "楼", "梦")),)
    assert required("夢") == (Term("all", "梦"),)


def test_a_field_is_asked_where_the_clause_says() -> None:
    assert required("紅樓夢", "series") == (Phrase("series", ("红", "楼", "梦")),)


def test_words_that_may_be_chinese_also_match_by_how_chinese_reads() -> None:
    (only,) = required("honglou")
    assert only == Any(
        (
            Term("all", "honglou"),
            Boost(Phrase("title_reading", ("hong", "lou")), READING * DOUBTFUL),
            Boost(Phrase("creator_reading", ("hong", "lou")), READING * DOUBTFUL),
        )
    )
    (only,) = required("honglou", "creator")
    assert named(only) == {"creator", "creator_reading", "creator_variant"}


@pytest.mark.parametrize(
    ("text", "boost", "why"),
    [
        ("honglou", READING * DOUBTFUL, "one word of two syllables may be English"),
        ("hongloumeng", READING, "one of three hardly"),
        ("hong lou", READING, "nor two words"),
    ],
)
def test_a_reading_counts_as_it_is_likely_to_be_meant(text: str, boost: float, why: str) -> None:
    assert {
        choice.factor
        for node in required(text)
        if isinstance(node, Any)
        for choice in node.choices
        if isinstance(choice, Boost)
    } == {boost}, why


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("long", "one syllable is a word of another language more often than not"),
        ("honglou dream the", "a word that cannot be Chinese makes the others unlikely to be"),
        ("the", "no word of it can be"),
    ],
)
def test_other_words_match_as_they_are(text: str, why: str) -> None:
    assert all(isinstance(node, Term) for node in required(text)), why


def test_a_number_matches_as_number_or_as_it_stands() -> None:
    (only,) = required("978-957-08-3587-8")
    assert only == Any(
        (
            Phrase("all", ("978", "957", "08", "3587", "8")),
            Constant(AnyOf("number", ("9789570835878",)), NUMBER_IS_QUERY),
        )
    )
    assert named(required("978-957-08-3587-8", "title")[0]) == {"title", "title_variant"}


def test_exclusions_are_without_and_alone_leave_everything_else() -> None:
    query = plan(SearchRequest((Clause("dream -red"),))).query
    assert isinstance(query, All)
    assert (query.required, query.without) == ((Term("all", "dream"),), (Term("all", "red"),))
    alone = plan(SearchRequest((Clause("-red", "title"),))).query
    assert alone == All((Everything(),), without=(Term("title", "red"),))


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        (Clause("0-375-70402-7", "isbn"), {"isbn", "number"}),
        (Clause("1607-2294", "issn"), {"issn"}),
        (Clause("HF-001", "number"), {"number"}),
        (Clause("857.49", "call_number"), {"call_number"}),
    ],
)
def test_fields_of_numbers_ask_keywords(clause: Clause, expected: set[str]) -> None:
    assert named(plan(SearchRequest((clause,))).query) == expected


def test_an_isbn_is_asked_in_its_one_form() -> None:
    query = plan(SearchRequest((Clause("0-375-70402-7", "isbn"),))).query
    assert isinstance(query, Any)
    assert query.choices[0] == AnyOf("isbn", ("9780375704024", "0375704027"))


@pytest.mark.parametrize("field", get_args(SearchField))
@pytest.mark.parametrize("text", ["???", '""', "\x00", "—"])
def test_a_clause_of_signs_finds_nothing(field: SearchField, text: str) -> None:
    assert plan(SearchRequest((Clause(text, field),))).query == Nothing()


def test_blank_clauses_are_none_and_several_must_all_match() -> None:
    assert plan(SearchRequest()).query == plan(SearchRequest((Clause(" \t"),))).query == Everything()
    both = plan(SearchRequest((Clause("a", "title"), Clause("b", "creator"), Clause("")))).query
    assert isinstance(both, All)
    assert len(both.required) == 2


# --- what scores


def test_scores_come_from_single_fields_without_deciding_what_matches() -> None:
    query = plan(SearchRequest((Clause("紅樓夢 曹雪芹"),))).query
    assert isinstance(query, All)
    scored = {name for node in query.better for name in named(node)}
    assert scored == {"creator", "subject", *(f"title{kind}" for kind in ("", "_key", "_written_key"))} | {
        "title_variant",
        "title_variant_key",
        "written",
    }
    assert named(matching(query)) == {"all"}


@pytest.mark.parametrize("text", ["dream red", "人口", "-紅樓夢"])
def test_what_has_no_other_form_is_not_asked_as_it_is_written(text: str) -> None:
    assert "written" not in named(plan(SearchRequest((Clause(text),))).query)


def test_a_title_typed_whole_is_asked_as_a_key() -> None:
    query = plan(SearchRequest((Clause("The Great-Gatsby!"),))).query
    assert isinstance(query, All)
    keys = {node.node.token for node in query.better if isinstance(node, Constant) and isinstance(node.node, Term)}
    assert keys == {"thegreatgatsby"}


# --- filters


def test_filters_of_one_facet_are_its_own_and_years_from_and_to_belong_to_the_year() -> None:
    planned = plan(
        SearchRequest(
            filters=(Filter("library", ("ntl", "ntl")), Filter("year", ("1984", "x"))), year_from=1900, year_to=1990
        )
    )
    library, years = AnyOf("library_facet", ("ntl",)), AnyOf("year_facet", (1984,))
    year = All((years, Range("year_facet", 1900, 1990)))
    assert planned.filters == {"library": library, "year": year}
    assert planned.filters_besides("library") == (year,)
    assert planned.filters_besides("region") == planned.filters_besides() == (library, year)


def test_two_filters_on_one_facet_must_both_match() -> None:
    planned = plan(SearchRequest(filters=(Filter("subject", ("a",)), Filter("subject", ("b",)))))
    assert planned.filters == {"subject": All((AnyOf("subject_facet", ("a",)), AnyOf("subject_facet", ("b",))))}


def test_a_filter_without_values_is_none_and_one_with_impossible_years_finds_nothing() -> None:
    assert plan(SearchRequest(filters=(Filter("library", ()),))).filters == {}
    assert plan(SearchRequest(filters=(Filter("year", ("soon",)),))).filters == {"year": Nothing()}


@pytest.mark.parametrize(("offset", "limit"), [(MAX_WINDOW, 1), (0, MAX_WINDOW + 1), (-1, 1), (1, -1)])
def test_a_page_outside_the_window_is_refused(offset: int, limit: int) -> None:
    with pytest.raises(ValueError, match="10000"):
        plan(SearchRequest(offset=offset, limit=limit))


@pytest.mark.parametrize("sort", get_args(Sort))
def test_every_sort_is_by_a_field_of_the_mapping_that_can_be_sorted(sort: Sort) -> None:
    order = plan(SearchRequest(sort=sort)).order
    assert (order is None) is (sort == "relevance")
    assert order is None or index_mapping().fields[order.field].columnar


@pytest.mark.parametrize("field", get_args(SearchField))
def test_every_field_asked_is_in_the_mapping_and_can_be_searched(field: SearchField) -> None:
    for text in ("honglou meng", "紅樓夢 9789570835878", "-夢"):
        asked = named(plan(SearchRequest((Clause(text, field),))).query)
        assert all(index_mapping().fields[name].indexed for name in asked)


# --- nodes


def test_nodes_that_an_engine_would_misread_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="panics"):
        Phrase("all", ("one",))
    with pytest.raises(ValueError, match="NOT alone"):
        All((), without=(Term("all", "x"),))
    with pytest.raises(ValueError, match="choice"):
        Any(())


def test_phrases_and_choices_of_one_or_none_are_simpler_nodes() -> None:
    assert phrase("all", []) == any_of([]) == Nothing()
    assert phrase("all", ["x"]) == any_of([Term("all", "x")]) == Term("all", "x")
    assert phrase("all", ["x", "y"]) == Phrase("all", ("x", "y"))


def test_a_plan_too_deep_for_an_engine_cannot_be_made() -> None:
    node: Node = Term("all", "x")
    for _ in range(MAX_DEPTH):
        node = Boost(node, 1.0)
    assert depth(node) == MAX_DEPTH + 1
    with pytest.raises(ValueError, match="deep"):
        Plan(node)


def test_whatever_is_typed_the_plan_is_shallow() -> None:
    requests = [
        SearchRequest((Clause("(" * 500 + 'x "y z" -w 夢'),) * 5, (Filter("library", ("a",)),) * 5, year_from=1),
        SearchRequest((Clause("hong lou meng " * 100),)),
    ]
    for request in requests:
        assert depth(plan(request).narrowed()) <= 8


def test_matching_keeps_what_matches_and_drops_what_only_scores() -> None:
    term, other = Term("all", "x"), Term("title", "y")
    assert matching(All((term,), better=(other,))) == term
    assert matching(All((term,), better=(other,), without=(other,))) == All((term,), without=(other,))
    assert matching(Boost(Constant(term, 3.0), 2.0)) == term
    assert matching(narrowed(Everything(), [term])) == term
    assert matching(All((Everything(),), without=(term,))) == All((Everything(),), without=(term,))
    assert matching(Any((Boost(term, 2.0), other))) == Any((term, other))
    assert narrowed(term, []) == term


def test_years_that_may_be_of_a_name_are_part_of_the_title_sought() -> None:
    query = plan(SearchRequest((Clause("China, 1900-1949"),))).query
    assert isinstance(query, All)
    assert Constant(Term("title_key", "china19001949"), TITLE_IS_QUERY) in query.better

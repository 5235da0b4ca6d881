"""A search from its address to its result."""

from __future__ import annotations

from typing import Any

import pytest

from indexer.engine import Clause, FacetField, Filter
from search_api.errors import InvalidRequest
from search_api.query import SearchResult, search
from search_api.search_params import CLAUSE_FIELDS, DEEPEST, FACETS, FILTER_FIELDS, PARAMETER_OF_FACET, SearchParams
from search_api.services import Services
from tests.support.catalogue import RED, SAPIENS, UNHELD


def isbn10(isbn: str) -> str:
    digits = isbn[3:12]
    check = -sum((10 - place) * int(digit) for place, digit in enumerate(digits)) % 11
    return digits + "0123456789X"[check]


def read(**values: Any) -> SearchParams:
    return SearchParams.model_validate(values)


def test_nothing_asked_is_everything_from_the_first_page() -> None:
    request = read().request()
    assert (request.clauses, request.filters, request.sort, request.offset, request.limit) == (
        (),
        (),
        "relevance",
        0,
        20,
    )
    assert request.facets == FACETS
    assert read().pairs() == []


CLAUSES = [
    ({"q": "紅樓夢"}, (Clause("紅樓夢", "all"),), "words anywhere"),
    ({"title": "紅樓夢", "creator": "曹雪芹"}, (Clause("紅樓夢", "title"), Clause("曹雪芹", "creator")), "two fields"),
    ({"q": " 978-957-08-3587-8 "}, (Clause(RED, "isbn"),), "a whole ISBN is looked up as one"),
    ({"q": "0062316095"}, (Clause(SAPIENS, "isbn"),), "ten digits, too"),
    ({"isbn": "0-06-231609-5"}, (Clause(SAPIENS, "isbn"),), "in its own field"),
    ({"isbn": "97895708358"}, (Clause("97895708358", "isbn"),), "not an ISBN: looked for as it is"),
    ({"q": f"紅樓夢 {RED}"}, (Clause(f"紅樓夢 {RED}", "all"),), "an ISBN among words is a word"),
    ({"title": RED}, (Clause(RED, "title"),), "a title that looks like an ISBN is a title"),
    ({"q": "1984"}, (Clause("1984", "all"),), "a number that is no ISBN"),
    ({"q": ""}, (), "an empty parameter counts as not given"),
]


@pytest.mark.parametrize(("values", "clauses", "why"), CLAUSES)
def test_parameters_make_clauses(values: dict[str, str], clauses: tuple[Clause, ...], why: str) -> None:
    assert read(**values).clauses() == clauses, why


def test_every_clause_parameter_reaches_its_field() -> None:
    for name, field in CLAUSE_FIELDS.items():
        assert read(**{name: "x"}).clauses() == (Clause("x", field),)


def test_every_filter_parameter_reaches_its_facet() -> None:
    assert set(FILTER_FIELDS.values()) == set(FACETS)
    for name, facet in FILTER_FIELDS.items():
        values = ["1984", "2015"] if facet == "year" else ["a", "b"]
        assert read(**{name: values}).filters() == (Filter(facet, tuple(values)),)


def test_an_address_is_read_and_made_again() -> None:
    pairs = [
        ("q", "紅樓夢"),
        ("library", "alpha"),
        ("library", "beta"),
        ("year", "1984"),
        ("subject_is", "中國小說 -- 清代"),
        ("year_from", "1900"),
        ("sort", "newest"),
        ("page", "2"),
        ("size", "10"),
    ]
    params = SearchParams.read(pairs)
    assert params.pairs() == pairs
    assert params.request().offset == 10


def test_reading_leaves_to_others_what_is_no_parameter_and_what_is_empty() -> None:
    pairs = [("lang", "en"), ("q", ""), ("library", ""), ("year_from", ""), ("page", ""), ("title", "x")]
    assert SearchParams.read(pairs) == read(title="x")


WRONG = [
    ([("page", "0")], "page"),
    ([("page", "x")], "page"),
    ([("size", "101")], "size"),
    ([("year", "MCM")], "year"),
    ([("year_from", "99999")], "year_from"),
    ([("sort", "random")], "sort"),
    ([("q", "x" * 501)], "q"),
    ([("library", "x")] * 51, "library"),
    ([("year_from", "2000"), ("year_to", "1999")], ""),
    ([("page", str(DEEPEST // 20 + 1))], ""),
]


@pytest.mark.parametrize(("pairs", "field"), WRONG)
def test_a_wrong_parameter_is_named(pairs: list[tuple[str, str]], field: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        SearchParams.read(pairs)
    assert caught.value.field == field
    assert caught.value.message.endswith(".")


def test_the_deepest_page_is_the_last_allowed() -> None:
    assert read(page=DEEPEST // 100, size=100).request().offset == DEEPEST - 100


@pytest.mark.parametrize("facet", FACETS)
def test_a_facet_value_is_chosen_and_given_up_from_the_first_page(facet: FacetField) -> None:
    value = "1984" if facet == "year" else "x"
    chosen = read(q="a", page=3).toggled(facet, value)
    assert chosen.filters() == (Filter(facet, (value,)),)
    assert chosen.page == 1
    assert SearchParams.read(chosen.pairs()) == chosen
    assert chosen.toggled(facet, value) == read(q="a")
    assert PARAMETER_OF_FACET[facet] in dict(chosen.pairs())


def test_without_filters_only_the_words_are_left() -> None:
    params = read(q="a", library=["x"], year_from=1900, sort="newest")
    assert params.narrowed
    assert params.without_filters() == read(q="a", sort="newest")
    assert not params.without_filters().narrowed


async def found(services: Services, **values: Any) -> SearchResult:
    return await search(services, read(**values))


async def test_a_search_finds_the_edition_once_with_all_its_holders(services: Services) -> None:
    for query in ("紅樓夢", "红楼梦", RED, "978-957-08-3587-8", "曹雪芹 紅樓夢"):
        result = await found(services, q=query)
        assert [hit.edition.libraries for hit in result.page.hits] == [("alpha", "beta", "gamma")], query
        assert (result.total, result.pages, result.previous, result.next) == (1, 1, None, None)


async def test_chosen_values_come_first_and_do_not_narrow_their_own_facet(services: Services) -> None:
    result = await found(services, format=["ebook"])
    facets = {facet.field: facet for facet in result.facets}
    values = [(value.value, value.chosen) for value in facets["format"].values]
    assert values[0] == ("ebook", True)
    assert ("book", False) in values
    assert {value.value for value in facets["library"].values} == {"gamma"}


async def test_a_chosen_value_that_fits_nothing_stays_to_be_given_up(services: Services) -> None:
    result = await found(services, q="Sapiens", library=["beta"])
    (library,) = [facet for facet in result.facets if facet.field == "library"]
    assert [(v.value, v.count, v.chosen) for v in library.values] == [("beta", None, True), ("alpha", 1, False)]


async def test_facets_can_be_left_out(services: Services) -> None:
    assert (await found(services, facet_size=0)).facets == ()


async def test_pages_are_turned(services: Services) -> None:
    second = await found(services, size=1, page=2, sort="title")
    assert (second.total, second.pages) == (3, 3)
    assert second.previous == read(size=1, sort="title")
    assert second.next == read(size=1, page=3, sort="title")
    assert (await found(services, size=1, page=3)).next is None


async def test_beyond_the_last_page_the_way_back_is_to_the_last(services: Services) -> None:
    beyond = await found(services, size=1, page=9)
    assert (len(beyond.page.hits), beyond.next) == (0, None)
    assert beyond.previous == read(size=1, page=3)


CORRECTIONS = [
    ({"q": f"{RED[:-1]}1"}, "isbn_check_digit", {"isbn": RED}, "a mistyped last digit"),
    ({"isbn": f"978-957-08-3587-{1}"}, "isbn_check_digit", {"isbn": RED}, "with hyphens"),
    ({"q": f"{isbn10(SAPIENS)[:-1]}0"}, "isbn_check_digit", {"isbn": SAPIENS}, "of an ISBN-10"),
    ({"q": "Sapiens", "library": ["beta"]}, "without_filters", {"q": "Sapiens"}, "another library holds it"),
    ({"q": "Sapiens", "year_to": 1999}, "without_filters", {"q": "Sapiens"}, "of another year"),
    ({"title": "Harari"}, "any_field", {"q": "Harari"}, "the words stand in another field"),
    ({"q": "Spaiens humankind"}, "spelling", {"q": "sapiens humankind"}, "two letters exchanged"),
    ({"creator": "Hararri"}, "spelling", {"creator": "harari"}, "a letter too many, in a name"),
    ({"q": "紅樓孟"}, "spelling", {"q": "紅樓夢"}, "a character that reads alike"),
    ({"q": "紅褸夢"}, "spelling", {"q": "紅樓夢"}, "a character that looks alike"),
    ({"q": "曹學琴"}, "spelling", {"q": "曹雪芹"}, "a name as it sounds"),
    ({"q": '"humankind of history"'}, "without_quotes", {"q": "humankind of history"}, "another order"),
    ({"q": "Sapiens zzzz"}, "without_word", {"q": "Sapiens"}, "a word that nothing has"),
]


@pytest.mark.parametrize(("values", "kind", "better", "why"), CORRECTIONS)
async def test_a_search_that_finds_nothing_says_what_would(
    *, services: Services, values: dict[str, Any], kind: str, better: dict[str, Any], why: str
) -> None:
    result = await found(services, **values)
    assert result.total == 0
    assert (kind, read(**better), 1) in [(c.kind, c.params, c.total) for c in result.corrections], why


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"q": f"{RED[:-1]}1"}, [f"{RED[:-1]}1"]),
        ({"issn": "3607-2295"}, ["3607-2295"]),
        ({"q": "0375704028"}, ["0375704028"]),
        ({"q": "ISBN 0375704028"}, ["0375704028"]),
        ({"q": "isbn:0375704028"}, ["0375704028"]),
        ({"q": "ISSN 3607-2295"}, ["3607-2295"]),
        ({"q": " ".join(RED[:-1] + "1")}, [" ".join(RED[:-1] + "1")]),
        ({"q": " ".join(RED)}, []),
        ({"q": RED}, []),
        ({"q": "1234567890123"}, []),
        ({"q": "1984-1985"}, []),
    ],
)
async def test_a_wrong_check_digit_is_said(services: Services, values: dict[str, Any], said: list[str]) -> None:
    assert [notice.text for notice in (await found(services, **values)).notices] == said


@pytest.mark.parametrize(("asked", "why"), [("sapie", "the beginning of a word"), ("Sapiens 1976", "a year behind it")])
async def test_what_nothing_has_as_typed_is_found_loosely_and_said(services: Services, asked: str, why: str) -> None:
    result = await found(services, q=asked)
    assert (result.total, [notice.kind for notice in result.notices]) == (1, ["found_loosely"]), why
    assert (await found(services, q="Sapiens")).notices == ()


NO_CORRECTIONS = [
    ({"q": "Sapiens"}, "it finds something"),
    ({"q": "zzzz"}, "nothing would find it"),
    ({"q": UNHELD}, "a right ISBN that nobody holds"),
    ({"q": f"{UNHELD[:-1]}1"}, "a wrong one whose right one nobody holds, either"),
    ({"library": ["delta"]}, "nothing was searched for"),
]


@pytest.mark.parametrize(("values", "why"), NO_CORRECTIONS)
async def test_no_correction_is_made_up(services: Services, values: dict[str, Any], why: str) -> None:
    assert (await found(services, **values)).corrections == (), why


async def test_what_my_libraries_hold_comes_first(services: Services) -> None:
    def held(result: SearchResult) -> list[bool]:
        return ["alpha" in hit.edition.libraries for hit in result.page.hits]

    assert held(await found(services, mine=["alpha"])) == [True, True, False]
    assert held(await found(services, mine=["gamma"]))[-1] is True, "Sapiens, which gamma does not hold, is last"
    assert SearchParams.read([("mine", "alpha"), ("mine", "beta")]).pairs() == [("mine", "alpha"), ("mine", "beta")]


async def test_a_cursor_leads_on_in_any_order_but_relevance(services: Services) -> None:
    seen, params = [], read(sort="title", size=1)
    for _ in range(3):
        result = await search(services, params)
        seen += [hit.edition.id for hit in result.page.hits]
        assert result.total == 3
        params = read(sort="title", size=1, after=result.page.cursor)
    everything = await found(services, sort="title")
    assert seen == [hit.edition.id for hit in everything.page.hits]
    last = await search(services, params)
    assert (last.page.hits, last.next) == ((), None)
    second = await found(
        services, sort="title", size=1, after=(await found(services, sort="title", size=1)).page.cursor
    )
    assert second.next == read(sort="title", size=1, after=second.page.cursor)


@pytest.mark.parametrize(
    "values", [{"after": "1"}, {"sort": "newest", "after": "x"}, {"sort": "title", "after": "a b"}]
)
def test_what_is_no_cursor_is_refused(values: dict[str, str]) -> None:
    with pytest.raises(InvalidRequest):
        SearchParams.read(values.items())


SPANS = [
    ({"year_from": 1990}, {"2015", "2020"}, "from a year"),
    ({"year_to": 1990}, {"1984"}, "until a year"),
    ({"year_from": 2015, "year_to": 2019}, {"2015"}, "between two"),
    ({"year_from": 1985, "year_to": 1990}, set(), "a span without editions"),
    ({"year_from": 1990, "facet_size": 1}, {"2015"}, "as many as asked, though the first to be counted lies outside"),
    ({"year": (2015,)}, {"1984", "2015", "2020"}, "years chosen singly leave the others to be chosen too"),
]


@pytest.mark.parametrize(("values", "expected", "why"), SPANS)
async def test_no_year_outside_of_the_span_is_offered(
    services: Services, values: dict[str, Any], expected: set[str], why: str
) -> None:
    result = await search(services, read(**values))
    [years] = [facet for facet in result.facets if facet.field == "year"]
    assert {choice.value for choice in years.values} == expected, why
    for choice in years.values:
        assert (await search(services, result.params.toggled("year", choice.value))).total, why

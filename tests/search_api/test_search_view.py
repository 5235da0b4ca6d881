"""A search result as links: facets, chips, sorts, pages, years and corrections."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest

from indexer.engine import FacetField, FacetValue, SearchPage
from search_api.corrections import Correction
from search_api.labels import Labels
from search_api.query import Facet, FacetChoice, SearchResult
from search_api.search_params import BROADER, PARAMETER_OF_FACET, SearchParams
from search_api.search_view import FEW_LIBRARIES, FEW_VALUES, SearchView, Sought, counted
from search_api.services import Services
from search_api.texts import texts
from search_api.years_view import CHART_HEIGHT, CHART_WIDTH, YearsView
from tests.support.editions import make_libraries


def view(
    params: SearchParams,
    *,
    total: int = 100,
    facets: dict[FacetField, list[tuple[str, int]]] | None = None,
    corrections: tuple[Correction, ...] = (),
    language: str = "en",
) -> SearchView:
    """A result with these counts, in one language."""
    given = facets or {}
    page = SearchPage(
        total, (), {name: tuple(FacetValue(*value) for value in values) for name, values in given.items()}
    )
    built = tuple(
        Facet(
            name,
            PARAMETER_OF_FACET[name],
            tuple(
                FacetChoice(value, count, value in params.chosen(name), BROADER.get(name, {}).get(value, ""))
                for value, count in values
            ),
        )
        for name, values in given.items()
    )
    result = SearchResult(params, params.request(), page, built, corrections)
    return SearchView(result, texts(language), Labels(make_libraries(), language), lambda path: f"/{path}")


HEADINGS = [
    (SearchParams(q="紅樓夢"), "zh-Hant", "「紅樓夢」查詢結果"),
    (SearchParams(title="dream", creator="cao"), "en", "Results for “dream cao”"),
    (SearchParams(library=("ntl",)), "en", "Editions that match the filters"),
    (SearchParams(), "en", "The whole catalogue"),
]


@pytest.mark.parametrize(("params", "language", "expected"), HEADINGS)
def test_the_heading_is_what_was_searched_for(params: SearchParams, language: str, expected: str) -> None:
    assert view(params, language=language).heading() == expected


def test_facets_stand_in_the_order_of_the_page_with_words_for_codes() -> None:
    found = view(SearchParams(q="x"), facets={"language": [("chi", 5)], "library": [("ntl", 7)], "year": [("1984", 2)]})
    assert [(facet.name, facet.values[0].label) for facet in found.facets()] == [
        ("Library", "Ntl"),
        ("Language", "Chinese"),
    ]


def test_a_facet_value_leads_to_the_search_with_it_and_a_chosen_one_to_the_search_without() -> None:
    found = view(SearchParams(q="x", language=("chi",), page=3), facets={"language": [("chi", 7), ("jpn", 2)]})
    [facet] = found.facets()
    assert [(value.url, value.chosen) for value in facet.values] == [
        ("/search?q=x", True),
        ("/search?q=x&language=chi&language=jpn", False),
    ]


def test_libraries_stand_beneath_their_regions_mine_before_all() -> None:
    facets: dict[FacetField, list[tuple[str, int]]] = {
        "library": [("ntl", 7), ("haifeng", 2)],
        "region": [("north", 9), ("south", 2)],
    }
    [facet] = view(SearchParams(q="x", mine=("haifeng",)), facets=facets).facets()
    assert (facet.values[0].label, facet.values[0].narrower) == ("Haifeng", False)
    regions = [value.label for value in facet.values if not value.narrower]
    assert regions[1:] == ["Northern Taiwan", "Southern Taiwan"]
    assert [value.label for value in facet.values if value.narrower] == ["Ntl"]


def test_who_chooses_a_library_gives_up_the_region_and_the_other_way_round() -> None:
    facets: dict[FacetField, list[tuple[str, int]]] = {"library": [("ntl", 7)], "region": [("north", 9)]}
    params = SearchParams(q="x", region=("south",), page=2)
    [facet] = view(params, facets=facets).facets()
    assert {value.label: value.url for value in facet.values} == {
        "Northern Taiwan": "/search?q=x&region=south&region=north",
        "Ntl": "/search?q=x&library=ntl",
    }, "a library of another region would find nothing"


def test_of_many_libraries_those_are_shown_that_hold_most() -> None:
    many = [(f"lib{n}", 40 - n) for n in range(40)]
    [facet] = view(SearchParams(q="x"), facets={"library": many}).facets()
    assert (len(facet.values), facet.more) == (FEW_LIBRARIES, "/search?q=x&facet_size=200")
    assert facet.sought == ""


def test_a_facet_without_values_is_left_out() -> None:
    assert view(SearchParams(q="x"), total=0, facets={"library": []}).facets() == ()


def test_a_facet_shows_so_many_values_and_where_the_rest_is() -> None:
    many = [(f"S{n}", 30 - n) for n in range(30)]
    [facet] = view(SearchParams(q="x"), facets={"subject": many}).facets()
    assert (len(facet.values), facet.more) == (FEW_VALUES, "/search?q=x&facet_size=200")
    [facet] = view(SearchParams(q="x"), facets={"subject": many[:FEW_VALUES]}).facets()
    assert (len(facet.values), facet.more) == (FEW_VALUES, ""), "these are all"
    [facet] = view(SearchParams(q="x", facet_size=200), facets={"subject": many}).facets()
    assert (len(facet.values), facet.more) == (30, ""), "all of them, when asked"


def test_a_long_facet_can_be_sought_in_and_shows_what_was_found_beside_what_is_chosen() -> None:
    many = [(f"S{n}", 30 - n) for n in range(30)]
    [long] = view(SearchParams(q="x"), facets={"subject": many}).facets()
    [short] = view(SearchParams(q="x"), facets={"subject": many[:20]}).facets()
    assert (long.field, long.sought, short.sought) == ("subject", "", None)
    found = view(SearchParams(q="x", subject_is=("S1",)), facets={"subject": many})
    [facet] = found.facets(Sought("subject", "rare", (FacetValue("Rare", 1), FacetValue("S1", 29))))
    assert (facet.open, facet.sought) == (True, "rare")
    assert [(value.label, value.chosen) for value in facet.values] == [("S1", True), ("Rare", False)]
    assert facet.values[1].url == "/search?q=x&subject_is=S1&subject_is=Rare"


def test_the_libraries_that_come_first_are_offered_with_those_chosen() -> None:
    found = view(SearchParams(q="x", mine=("haifeng",), page=2))
    assert [(one.value, one.label, one.chosen) for one in found.mine(["ntl", "haifeng"])] == [
        ("ntl", "Ntl", False),
        ("haifeng", "Haifeng", True),
    ]
    assert found.kept("mine") == (("q", "x"),)


def test_kinds_of_a_value_stand_beneath_it_and_alone_where_it_is_not_there() -> None:
    counted = [("book", 9), ("film", 5), ("comic", 3), ("picture_book", 2)]
    [facet] = view(SearchParams(q="x"), facets={"format": counted}).facets()
    assert [(value.label, value.narrower) for value in facet.values] == [
        ("Book", False),
        ("Comic", True),
        ("Picture book", True),
        ("Film or video", False),
    ]
    [facet] = view(SearchParams(q="x"), facets={"format": counted[1:]}).facets()
    assert [value.narrower for value in facet.values] == [False, False, False]


def test_a_folded_facet_is_open_when_one_of_its_values_is_chosen() -> None:
    for params, is_open in ((SearchParams(), False), (SearchParams(subject_is=("紅學",)), True)):
        [facet] = view(params, facets={"subject": [("紅學", 1)]}).facets()
        assert facet.open is is_open


def test_chips_are_the_filters_each_with_the_search_without_it() -> None:
    found = view(SearchParams(q="x", library=("ntl",), format=("ebook",), year_from=1970))
    assert [(chip.label, chip.url) for chip in found.chips()] == [
        ("Ntl", "/search?q=x&format=ebook&year_from=1970"),
        ("E-book", "/search?q=x&library=ntl&year_from=1970"),
        ("1970–", "/search?q=x&library=ntl&format=ebook"),
    ]
    assert found.cleared() == "/search?q=x"


def test_what_a_card_borrows_the_shelf_and_the_very_characters_are_chips_too() -> None:
    found = view(SearchParams(q="紅", card=("ntl",), now="1", near="north", exact="1"))
    assert [(chip.label, chip.url) for chip in found.chips()] == [
        ("What my card borrows: Ntl", "/search?q=%E7%B4%85&now=1&near=north&exact=1"),
        ("On the shelf now (approximate) · Northern Taiwan", "/search?q=%E7%B4%85&card=ntl&exact=1"),
        ("Only 紅", "/search?q=%E7%B4%85&card=ntl&now=1&near=north"),
    ]
    assert view(SearchParams(q="x")).chips() == ()


def test_the_sort_in_force_is_marked_and_the_others_start_at_page_one() -> None:
    sorts = view(SearchParams(q="x", sort="newest", page=2)).sorts()
    assert [sort.label for sort in sorts if sort.chosen] == ["Newest"]
    assert sorts[0].url == "/search?q=x"


PAGES = [
    (1, 100, "[1] 2 3 … 5"),
    (3, 100, "1 2 [3] 4 5"),
    (10, 1000, "1 … 8 9 [10] 11 12 … 50"),
    (1, 3, "[1]"),
    (1, 0, ""),
    (9, 3, "1"),
]


@pytest.mark.parametrize(("number", "total", "expected"), PAGES)
def test_pages_near_and_at_the_ends_can_be_turned_to(number: int, total: int, expected: str) -> None:
    found = view(SearchParams(q="x", page=number), total=total).pages()
    shown = ["…" if one.gap else f"[{one.number}]" if one.chosen else str(one.number) for one in found]
    assert " ".join(shown) == expected


def test_a_count_that_may_be_too_low_says_so() -> None:
    sought = Sought("subject", "rare", (FacetValue("Exact", 1234), FacetValue("Rough", 1234, error=5)))
    [facet] = view(SearchParams(q="x"), facets={"subject": [("Exact", 1234)]}).facets(sought)
    assert [(value.label, value.count) for value in facet.values] == [("Exact", "1,234"), ("Rough", "about 1,234")]


def years_of(counts: list[tuple[str, int]], **params: int) -> YearsView | None:
    return view(SearchParams(q="x", **params), facets={"year": counts}).years()


def test_years_are_bars_of_equal_spans_that_fill_the_chart() -> None:
    found = years_of([("1950", 1), ("1984", 10), ("2020", 5)], year_from=1950)
    assert found is not None
    assert (found.first, found.last, found.chosen_from, found.chosen_to) == (1950, 2020, "1950", "")
    assert len(found.bars) <= 24
    assert max(bar.height for bar in found.bars) == CHART_HEIGHT
    assert found.bars[-1].x + found.bars[-1].width <= CHART_WIDTH
    assert [bar.label for bar in found.bars if bar.height] == ["1950–1952: 1", "1983–1985: 10", "2019–2021: 5"]
    assert all(bar.chosen for bar in found.bars)
    narrowed = years_of([("1950", 1), ("1984", 10), ("2020", 5)], year_from=1980, year_to=1990)
    assert narrowed is not None
    assert [bar.label for bar in narrowed.bars if bar.chosen and bar.height] == ["1983–1985: 10"]
    assert found.kept == (("q", "x"),)
    assert [bar.url for bar in found.bars if bar.height][1] == "/search?q=x&year_from=1983&year_to=1985"
    assert {bar.url for bar in found.bars if not bar.height} == {""}, "nothing is there to lead to"


def test_one_year_is_one_bar() -> None:
    found = years_of([("1984", 3)])
    assert found is not None
    assert [bar.label for bar in found.bars] == ["1984: 3"]


@pytest.mark.parametrize("counts", [[], [("1984", 0)], [("9999", 2)]])
def test_without_a_likely_year_there_is_no_chart(counts: list[tuple[str, int]]) -> None:
    assert years_of(counts) is None


CORRECTIONS = [
    (Correction("isbn_check_digit", SearchParams(isbn="9789570835878"), 1), "改查9789570835878（1個版本）"),
    (Correction("without_filters", SearchParams(q="x"), 1200), "取消縮小範圍的條件（1,200個版本）"),
    (Correction("any_field", SearchParams(q="x"), 3), "改查全部欄位（3個版本）"),
]


@pytest.mark.parametrize(("correction", "words"), CORRECTIONS)
def test_a_correction_says_what_it_changes_and_how_much_it_finds(correction: Correction, words: str) -> None:
    [found] = view(SearchParams(title="x"), total=0, corrections=(correction,), language="zh-Hant").corrections()
    assert words in found.label
    assert found.url == "/search?" + "&".join(f"{name}={value}" for name, value in correction.params.pairs())


async def test_every_year_is_counted_whatever_the_facets_show(services: Services) -> None:
    result = await counted(services, SearchParams(facet_size=1))
    assert result.params.facet_size == 1
    [years] = [facet for facet in result.facets if facet.field == "year"]
    assert {choice.value for choice in years.values} == {"1984", "2015", "2020"}


@pytest.mark.parametrize("chosen", [SearchParams(), SearchParams(library=("gamma",)), SearchParams(region=("north",))])
async def test_a_region_counts_what_its_link_finds_and_no_less_than_a_library_in_it(
    services: Services, chosen: SearchParams
) -> None:
    result = await counted(services, chosen)
    shown = SearchView(result, texts("en"), Labels(services.libraries, "en"), lambda path: path)
    [places] = [facet for facet in shown.facets() if facet.field == "library"]
    regions = next(facet for facet in result.facets if facet.field == "region").values
    libraries = next(facet for facet in result.facets if facet.field == "library").values
    region_of = {code: one.region for code, one in services.libraries.items()}
    for value in (one for one in places.values if not one.chosen):
        pairs = parse_qsl(urlsplit(value.url).query)
        if len([name for name, _ in pairs if name in ("library", "region")]) == 1:  # several are alternatives
            assert (await counted(services, SearchParams.read(pairs))).total == int(value.count), value.label
    for region in regions:
        inside = [one.count or 0 for one in libraries if region_of[one.value] == region.value]
        assert (region.count or 0) >= max(inside, default=0)

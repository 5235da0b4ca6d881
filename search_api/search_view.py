"""A search result as the result page shows it: facets, chips, sorts, pages and years, each a link computed here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from indexer.engine import FacetField, FacetValue, Hit
from search_api.labels import Labels
from search_api.query import Facet, FacetChoice, SearchResult, search
from search_api.search_params import CLAUSE_FIELDS, PARAMETER_OF_FACET, SORTS, WHOLE_FIELDS, Group, SearchParams
from search_api.services import Services
from search_api.texts import Texts
from search_api.views import EditionView, edition_view

SHOWN_FACETS: tuple[FacetField, ...] = (
    *("library", "region", "format", "online", "language", "audience"),
    *("classification", "subject", "creator"),
)
OPEN_FACETS = frozenset({"library", "region", "format", "language"})
MORE_VALUES = 200
"""Values asked of the engine for each facet: the chart of years needs all of them, the lists show ``facet_size``."""

FACET_IS_LONG = 20
"""Values of a facet from which on one may seek among them."""

YEAR_BARS = 24
CHART_WIDTH, CHART_HEIGHT = 240, 46


@dataclass(frozen=True, slots=True)
class ValueView:
    label: str
    count: int | None  # None: not counted
    url: str
    chosen: bool
    narrower: bool = False  # a kind of the value above it


@dataclass(frozen=True, slots=True)
class FacetView:
    name: str
    values: tuple[ValueView, ...]
    open: bool
    more: str  # address that shows more values, "" when all are there
    field: FacetField = "subject"
    sought: str | None = None  # what is sought among the values, "" for nothing yet; None for a short facet


@dataclass(frozen=True, slots=True)
class Sought:
    """The values of one facet that have the words sought in it."""

    field: FacetField
    text: str
    values: tuple[FacetValue, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class LinkView:
    label: str
    url: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class PageView:
    number: int
    url: str
    chosen: bool
    gap: bool = False


@dataclass(frozen=True, slots=True)
class Versions:
    """The editions of a work that were found besides the one its row shows."""

    label: str
    editions: tuple[tuple[str, EditionView, str], ...]  # year, what it is, how many hold it
    url: str  # finds all of them


@dataclass(frozen=True, slots=True)
class Row:
    view: EditionView
    versions: Versions | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    label: str
    url: str  # narrows the search to its years; "" where nothing is


@dataclass(frozen=True, slots=True)
class YearsView:
    first: int
    last: int
    bars: tuple[Bar, ...]
    kept: tuple[tuple[str, str], ...]  # the rest of the search, for the form
    chosen_from: str
    chosen_to: str


async def counted(services: Services, params: SearchParams, *, rows: bool = False) -> SearchResult:
    """A search with enough values of each facet for the page, by work unless its address says otherwise; ``rows`` for
    hits with no more than a row shows.

    Raises: EngineUnavailable, EngineIncompatible.
    """
    wanted = params.model_copy(update={"facet_size": MORE_VALUES, "group": grouping(params)})
    return replace(await search(services, wanted, rows=rows), params=params)


def grouping(params: SearchParams) -> Group:
    """What a hit of the page is. Editions of a work that was asked for would be a single hit, and a cursor leads
    through editions."""
    return params.group or ("edition" if params.work or params.after else "work")


class SearchView:
    """Writes one result in one interface language; ``link`` makes an address from a path."""

    def __init__(self, result: SearchResult, t: Texts, labels: Labels, link: Callable[[str], str]) -> None:
        self._result = result
        self._t = t
        self._labels = labels
        self._link = link

    def address(self, params: SearchParams) -> str:
        pairs = urlencode(params.pairs())
        return self._link(f"search?{pairs}" if pairs else "search")

    def heading(self) -> str:
        """What was searched for, in the patron's words."""
        params = self._result.params
        words = [text for name in (*CLAUSE_FIELDS, *WHOLE_FIELDS) if (text := getattr(params, name))]
        if words:
            return self._t("results.title", q=" ".join(words))
        return self._t("results.filtered" if params.narrowed else "results.all")

    def facets(self, sought: Sought | None = None) -> tuple[FacetView, ...]:
        """The facets that have a value, in the order of the page; of the one that is sought in, what was found."""
        facets = {facet.field: facet for facet in self._result.facets if facet.values}
        return tuple(
            self._sought(facets[name], sought) if sought and sought.field == name else self._facet(facets[name])
            for name in SHOWN_FACETS
            if name in facets
        )

    def chips(self) -> tuple[LinkView, ...]:
        """The filters in force, each with the address without it."""
        params = self._result.params
        found = [
            LinkView(self._labels.of_facet(facet, value), self.address(params.toggled(facet, value)))
            for facet in PARAMETER_OF_FACET
            for value in params.chosen(facet)
        ]
        if params.work:
            found.append(LinkView(self._t("results.one_work"), self.address(params.changed(work=(), group=""))))
        if params.year_from is not None or params.year_to is not None:
            span = "–".join("" if year is None else str(year) for year in (params.year_from, params.year_to))
            found.append(LinkView(span, self.address(params.changed(year_from=None, year_to=None))))
        return tuple(found)

    def cleared(self) -> str:
        return self.address(self._result.params.without_filters())

    def corrections(self) -> tuple[LinkView, ...]:
        """Other searches that find something, each with what it changes and how much it finds."""
        params = self._result.params
        return tuple(
            LinkView(
                self._t(f"correction.{c.kind}", isbn=c.params.isbn, text=c.text, n=c.total),
                self.address(c.params.changed(facet_size=params.facet_size, group=params.group)),
            )
            for c in self._result.corrections
        )

    def notices(self) -> tuple[str, ...]:
        """What to know of what was typed."""
        return tuple(self._t(f"notice.{n.kind}", text=n.text) for n in self._result.notices)

    def sorts(self) -> tuple[LinkView, ...]:
        params = self._result.params
        return tuple(
            LinkView(self._t(f"sort.{sort}"), self.address(params.changed(sort=sort)), sort == params.sort)
            for sort in SORTS
        )

    def groups(self) -> tuple[LinkView, ...]:
        """Works or editions as hits, each with the address that shows them so."""
        params = self._result.params
        kinds: tuple[Group, ...] = ("work", "edition")
        return tuple(
            LinkView(self._t(f"group.{kind}"), self.address(params.changed(group=kind)), kind == grouping(params))
            for kind in kinds
        )

    def found(self) -> str:
        """How much was found."""
        page = self._result.page
        if page.works is None or page.works == page.total:
            return self._t("results.editions", n=page.total)
        return self._t("results.works", n=page.works, editions=self._t("results.editions", n=page.total))

    def rows(self) -> tuple[Row, ...]:
        """The hits, each with the further editions of its work."""
        return tuple(self._row(hit) for hit in self._result.page.hits)

    def _row(self, hit: Hit) -> Row:
        view = edition_view(hit.edition, self._t, self._labels, self._link)
        if hit.matching == 1:
            return Row(view)
        versions = Versions(
            label=self._t("results.versions", n=hit.matching),
            editions=tuple(
                (
                    "" if one.year is None else str(one.year),
                    edition_view(one, self._t, self._labels, self._link),
                    self._t("results.held", n=len(one.libraries)),
                )
                for one in hit.others
            ),
            url=self.address(self._result.params.of_work(hit.edition.work)),
        )
        return Row(view, versions)

    def pages(self) -> tuple[PageView, ...]:
        """The first, the last and those around the present one, with gaps between."""
        params, last = self._result.params, self._result.pages
        near = sorted({1, last, *range(params.page - 2, params.page + 3)} & set(range(1, last + 1)))
        found: list[PageView] = []
        for before, number in zip([0, *near], near, strict=False):
            if number - before > 1:
                found.append(PageView(0, "", chosen=False, gap=True))
            found.append(PageView(number, self.address(params.changed(page=number)), number == params.page))
        return tuple(found)

    def turn(self, params: SearchParams | None) -> str:
        return self.address(params) if params else ""

    def years(self) -> YearsView | None:
        """The years as a small chart with a form beneath; None when no edition has a year."""
        # What the engine counted: the values to choose from lie within the span chosen, the chart stays whole.
        counted = {int(value.value): value.count for value in self._result.page.facets.get("year", ())}
        counts = {year: count for year, count in counted.items() if count and 1000 < year < 2100}
        params = self._result.params
        if not counts:
            return None
        first, last = min(counts), max(counts)
        return YearsView(
            first=first,
            last=last,
            bars=tuple(
                _bars(
                    counts,
                    first,
                    last,
                    lambda start, end: self.address(params.changed(year=(), year_from=start, year_to=end)),
                )
            ),
            kept=tuple(pair for pair in params.changed(year_from=None, year_to=None).pairs()),
            chosen_from=_shown(params.year_from),
            chosen_to=_shown(params.year_to),
        )

    def kept(self, *without: str) -> tuple[tuple[str, str], ...]:
        """This search from its first page for the hidden fields of a form, but for what the form itself sends."""
        return tuple(pair for pair in self._result.params.changed().pairs() if pair[0] not in without)

    def mine(self, libraries: Sequence[str]) -> tuple[Choice, ...]:
        """The libraries that may be put first, with those that are."""
        chosen = self._result.params.mine
        return tuple(Choice(code, self._labels.library(code), code in chosen) for code in libraries)

    def _value(self, field: FacetField, choice: FacetChoice, *, narrower: bool = False) -> ValueView:
        return ValueView(
            label=self._labels.of_facet(field, choice.value),
            count=choice.count,
            url=self.address(self._result.params.toggled(field, choice.value)),
            chosen=choice.chosen,
            narrower=narrower,
        )

    def _sought(self, facet: Facet, sought: Sought) -> FacetView:
        """What is chosen in a facet, and what was found in it."""
        chosen = [choice for choice in facet.values if choice.chosen]
        found = [FacetChoice(v.value, v.count, chosen=False) for v in sought.values]
        shown = (*chosen, *(one for one in found if one.value not in {c.value for c in chosen}))
        return FacetView(
            name=self._t(f"facet.{facet.field}"),
            values=tuple(self._value(facet.field, choice) for choice in shown),
            open=True,
            more="",
            field=facet.field,
            sought=sought.text,
        )

    def _facet(self, facet: Facet) -> FacetView:
        params = self._result.params
        return FacetView(
            name=self._t(f"facet.{facet.field}"),
            field=facet.field,
            sought="" if len(facet.values) > FACET_IS_LONG else None,
            values=tuple(
                self._value(facet.field, choice, narrower=narrower)
                for choice, narrower in _nested(facet.values)[: params.facet_size]
            ),
            open=facet.field in OPEN_FACETS or any(choice.chosen for choice in facet.values),
            more=self.address(params.changed(facet_size=MORE_VALUES, page=params.page))
            if len(facet.values) > params.facet_size
            else "",
        )


def _nested(values: Sequence[FacetChoice]) -> list[tuple[FacetChoice, bool]]:
    """The values, each followed by its kinds (True) where it is there itself; the rest in their order."""
    shown = {choice.value for choice in values}
    under: dict[str, list[FacetChoice]] = {}
    for choice in values:
        if choice.broader in shown:
            under.setdefault(choice.broader, []).append(choice)
    return [
        pair
        for choice in values
        if choice.broader not in shown
        for pair in ((choice, False), *((kind, True) for kind in under.get(choice.value, ())))
    ]


def _bars(counts: dict[int, int], first: int, last: int, address: Callable[[int, int], str]) -> Iterator[Bar]:
    """Bars of equal spans of years, the highest as high as the chart."""
    span = max(1, -(-(last - first + 1) // YEAR_BARS))
    starts = range(first, last + 1, span)
    sums = [sum(counts.get(year, 0) for year in range(start, start + span)) for start in starts]
    width = CHART_WIDTH / len(starts)
    for n, (start, total) in enumerate(zip(starts, sums, strict=True)):
        height = max(1.0, total / max(sums) * CHART_HEIGHT) if total else 0.0
        label = f"{start}–{start + span - 1}: {total}" if span > 1 else f"{start}: {total}"
        url = address(start, start + span - 1) if total else ""
        yield Bar(round(n * width, 1), round(48 - height, 1), round(width * 0.8, 1), round(height, 1), label, url)


def _shown(year: int | None) -> str:
    return "" if year is None else str(year)

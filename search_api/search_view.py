"""A search result as the result page shows it: facets, chips, sorts, pages and years, each a link computed here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import urlencode

from indexer.engine import FacetField, FacetValue
from indexer.variants import written_otherwise
from search_api.labels import Labels
from search_api.query import Facet, FacetChoice, SearchResult, places_counted_together, search
from search_api.search_params import (
    CLAUSE_FIELDS,
    DEFAULT_FACET_SIZE,
    PARAMETER_OF_FACET,
    SORTS,
    WHOLE_FIELDS,
    Group,
    SearchParams,
)
from search_api.services import Services
from search_api.texts import Texts
from search_api.years_view import YearsView, years_view

SHOWN_FACETS: tuple[FacetField, ...] = (
    *("suits", "library", "format", "language"),
    *("audience", "classification", "subject", "creator"),
)
OPEN_FACETS = frozenset({"suits", "library", "format", "language"})
FEW_VALUES = 8
"""Values of a facet that are shown at first: a page of twenty rows has no room for twenty of each."""

FEW_LIBRARIES = 16
"""Libraries that stand beneath their regions; of more, only those that hold most of what was found."""
MORE_VALUES = 200
"""Values asked of the engine for each facet: the chart of years needs all of them, the lists show ``facet_size``."""

FACET_IS_LONG = 20
"""Values of a facet from which on one may seek among them."""


@dataclass(frozen=True, slots=True)
class ValueView:
    label: str
    count: str  # "": not counted
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


async def counted(services: Services, params: SearchParams, *, rows: bool = False) -> SearchResult:
    """A search with enough values of each facet for the page, by work unless its address says otherwise; ``rows`` for
    hits with no more than a row shows.

    Raises: EngineUnavailable, EngineIncompatible.
    """
    wanted = params.model_copy(update={"facet_size": MORE_VALUES, "group": grouping(params)})
    result = await search(services, wanted, rows=rows)
    return replace(await places_counted_together(services.engine, result), params=params)


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
        if words := self._words():
            return self._t("results.title", q=words)
        return self._t("results.filtered" if params.narrowed else "results.all")

    def words(self) -> str:
        """What was searched for, and no more: the heading of the page itself."""
        words = self._words()
        return self._t("results.words", q=words) if words else self.heading()

    def _words(self) -> str:
        params = self._result.params
        return " ".join(text for name in (*CLAUSE_FIELDS, *WHOLE_FIELDS) if (text := getattr(params, name)))

    def facets(self, sought: Sought | None = None) -> tuple[FacetView, ...]:
        """The facets that have a value, in the order of the page; of the one that is sought in, what was found."""
        facets = {facet.field: facet for facet in self._result.facets if facet.values}
        return tuple(
            self._sought(facets[name], sought)
            if sought and sought.field == name
            else self._places(facets["library"], facets.get("region"))
            if name == "library"
            else self._facet(facets[name])
            for name in SHOWN_FACETS
            if name in facets
        )

    def _places(self, libraries: Facet, regions: Facet | None) -> FacetView:
        """Regions, each followed by its libraries. Who chooses one gives up the others: both together find nothing."""
        params, labels = self._result.params, self._labels
        shown = sorted(libraries.values, key=lambda one: (not one.chosen, -(one.count or 0)))
        if params.facet_size <= DEFAULT_FACET_SIZE:
            shown = shown[:FEW_LIBRARIES]
        codes = labels.in_order(one.value for one in shown)
        by_code = {one.value: one for one in shown}
        counts = {one.value: one for one in regions.values} if regions else {}
        values: list[ValueView] = []
        mine = [code for code in codes if code in params.mine]
        values += [self._value("library", by_code[code], apart="region") for code in mine]
        for region in labels.regions_in_order((*counts, *map(labels.region_of, codes))):
            if region in counts:
                values.append(self._value("region", counts[region], apart="library"))
            values += [
                self._value("library", by_code[code], narrower=region in counts, apart="region")
                for code in codes
                if labels.region_of(code) == region and code not in mine
            ]
        hidden = len(libraries.values) > len(shown)
        return FacetView(
            name=self._t("facet.place"),
            field="library",
            sought="" if len(libraries.values) > FACET_IS_LONG else None,
            values=tuple(values),
            open=True,
            more=self.address(params.changed(facet_size=MORE_VALUES, page=params.page)) if hidden else "",
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
        if params.card:
            cards = self._t("edition.list").join(map(self._labels.library, params.card))
            found.append(LinkView(f"{self._t('facet.card')}: {cards}", self.address(params.changed(card=()))))
        if params.now:
            place = self.place(params.near)
            found.append(
                LinkView(
                    " · ".join(filter(None, (self._t("now.filter"), place))),
                    self.address(params.changed(now="", near="")),
                )
            )
        if params.exact:
            found.append(
                LinkView(self._t("results.exact_on", text=self._words()), self.address(params.changed(exact="")))
            )
        if params.year_from is not None or params.year_to is not None:
            span = "–".join("" if year is None else str(year) for year in (params.year_from, params.year_to))
            found.append(LinkView(span, self.address(params.changed(year_from=None, year_to=None))))
        return tuple(found)

    def place(self, code: str) -> str:
        """What a region or a library is called; "" for everywhere."""
        if not code:
            return ""
        return self._labels.library(code) if self._labels.region_of(code) else self._labels.region(code)

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
        return years_view(counted, self._result.params, self.address)

    def exactly(self) -> str:
        """The address of the same search in the very characters typed; of words in other letters, for them alone and
        not for Chinese that reads so."""
        params = self._result.params
        if params.q and not written_otherwise(params.q):
            return self.address(params.changed(q=f'"{params.q.replace(chr(34), " ").strip()}"'))
        return self.address(params.changed(exact="1"))

    def widened(self) -> str:
        """The address of the same words anywhere, without filters."""
        return self.address(self._result.params.without_filters().changed(exact=""))

    def feed(self) -> str:
        """What this search is called by machines: its parameters, without a page."""
        return urlencode(self._result.params.changed(mine=()).pairs())

    def places(self, libraries: Sequence[str]) -> tuple[tuple[Choice, ...], tuple[Choice, ...]]:
        """Regions and libraries near which something may be sought on the shelf."""
        chosen, labels = self._result.params.near, self._labels
        regions = labels.regions_in_order(map(labels.region_of, libraries))
        return (
            tuple(Choice(code, labels.region(code), code == chosen) for code in regions),
            tuple(Choice(code, labels.library(code), code == chosen) for code in libraries),
        )

    def cards(self, libraries: Sequence[str]) -> tuple[Choice, ...]:
        """The libraries whose cards somebody may have, with those that count."""
        chosen = self._result.params.card
        return tuple(Choice(code, self._labels.library(code), code in chosen) for code in libraries)

    def kept(self, *without: str) -> tuple[tuple[str, str], ...]:
        """This search from its first page for the hidden fields of a form, but for what the form itself sends."""
        return tuple(pair for pair in self._result.params.changed().pairs() if pair[0] not in without)

    def mine(self, libraries: Sequence[str]) -> tuple[Choice, ...]:
        """The libraries that may be put first, with those that are."""
        chosen = self._result.params.mine
        return tuple(Choice(code, self._labels.library(code), code in chosen) for code in libraries)

    def _value(
        self,
        field: FacetField,
        choice: FacetChoice,
        *,
        narrower: bool = False,
        apart: Literal["", "library", "region"] = "",
    ) -> ValueView:
        """A value as a link; ``apart`` names a facet that is given up with it."""
        params = self._result.params.toggled(field, choice.value)
        return ValueView(
            label=self._labels.of_facet(field, choice.value),
            count=self._count(choice),
            url=self.address(params.changed(**{apart: ()}) if apart else params),
            chosen=choice.chosen,
            narrower=narrower,
        )

    def _count(self, choice: FacetChoice) -> str:
        if choice.count is None:
            return ""
        shown = self._t.number(choice.count)
        return self._t("results.about", count=shown) if choice.error else shown

    def _sought(self, facet: Facet, sought: Sought) -> FacetView:
        """What is chosen in a facet, and what was found in it."""
        chosen = [choice for choice in facet.values if choice.chosen]
        found = [FacetChoice(v.value, v.count, chosen=False, error=v.error) for v in sought.values]
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
        shown = FEW_VALUES if params.facet_size == DEFAULT_FACET_SIZE else params.facet_size
        return FacetView(
            name=self._t(f"facet.{facet.field}"),
            field=facet.field,
            sought="" if len(facet.values) > FACET_IS_LONG else None,
            values=tuple(
                self._value(facet.field, choice, narrower=narrower)
                for choice, narrower in _nested(facet.values)[:shown]
            ),
            open=facet.field in OPEN_FACETS or any(choice.chosen for choice in facet.values),
            more=self.address(params.changed(facet_size=MORE_VALUES, page=params.page))
            if len(facet.values) > shown
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

"""What of the catalogue is compared: all of it, a theme collection, or whatever a search finds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlencode

from indexer.engine import FacetField, Filter, SearchRequest
from search_api.search_params import CLAUSE_FIELDS, FILTER_FIELDS, WHOLE_FIELDS, SearchParams

NARROWING = frozenset({*CLAUSE_FIELDS, *WHOLE_FIELDS, *FILTER_FIELDS, "year_from", "year_to", "work"})
"""Parameters of a search that say what is found; order, page and facets say nothing of it."""


@dataclass(frozen=True, slots=True)
class Scope:
    """A part of the catalogue, by the search that finds it."""

    params: SearchParams

    @classmethod
    def read(cls, pairs: Iterable[tuple[str, str]] = ()) -> Self:
        """Reads the pairs of an address, of none the whole catalogue; other parameters are left to others.

        Raises: InvalidRequest, naming the parameter.
        """
        return cls(SearchParams.read((name, value) for name, value in pairs if name in NARROWING))

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The parameters that find it, in one order for one search."""
        return tuple(sorted(self.params.pairs()))

    @property
    def address(self) -> str:
        """The same as they stand in an address; "" for the whole catalogue."""
        return urlencode(self.pairs)

    def request(
        self,
        *,
        facets: tuple[FacetField, ...] = (),
        filters: tuple[Filter, ...] = (),
        facet_size: int = 1,
        held_from: int | None = None,
        held_to: int | None = None,
        by: str = "",
        but: str = "",
    ) -> SearchRequest:
        """What finds it, counted and not listed: ``by`` keeps what a library holds, ``but`` what it does not."""
        return SearchRequest(
            clauses=self.params.clauses(),
            filters=(*self.params.filters(), *filters),
            year_from=self.params.year_from,
            year_to=self.params.year_to,
            works=self.params.work,
            limit=0,
            facets=facets,
            facet_size=facet_size,
            counted_within=True,
            held_from=held_from,
            held_to=held_to,
            first=(by or but,) if by or but else (),
            only="first" if by else "rest" if but else "",
        )

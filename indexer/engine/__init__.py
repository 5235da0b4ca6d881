"""The engine seam: what the product asks of a search engine, whichever it is.

An engine stores editions as index documents (``indexer/document.py``) and answers search requests. It analyses
nothing: documents carry tokens, and queries are built from the same tokens (``indexer/analysis.py``).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from indexer.record import Edition

Document = dict[str, Any]
"""An index document as ``mappings/editions.json`` describes it; made and read only by ``indexer/document.py``."""

SearchField = Literal[
    "all", "title", "creator", "subject", "series", "publisher", "isbn", "issn", "number", "call_number"
]
FacetField = Literal[
    "library",
    "region",
    "format",
    "language",
    "year",
    "subject",
    "creator",
    "classification",
    "division",
    "audience",
    "suits",
    "online",
]
Sort = Literal["relevance", "newest", "oldest", "title", "creator", "call_number", "libraries"]


MAX_WINDOW = 10_000
"""Editions from the first that a search can page through, on every engine."""


class EngineUnavailable(Exception):
    """The engine cannot be reached or refuses work for now; nothing was lost. Try again later."""


class EngineEmpty(EngineUnavailable):
    """There is no index, or nothing in it beside a catalogue that has editions; ``allshelves index`` fills it."""


class EngineIncompatible(Exception):
    """The index is damaged or made by another version of the mapping; ``allshelves rebuild`` makes a new one."""


How = Literal["as_typed", "loosely", "begun", "nearly", "whole"]
"""How a clause's text is meant: as it stands; so, but with a last word that may go on and years that need not be there;
as the beginning of a title, a name or a heading that is still being
typed; as something like it, with an error in a word or another character that reads alike; as a whole title, or as all
of a call number but what tells volumes and copies apart."""


OTHERS_SHOWN = 9
"""Further editions of a work that a hit brings along; ``works`` of a request finds all of them."""


@dataclass(frozen=True, slots=True)
class Clause:
    """Text to be found in one field. All words must occur; Chinese and quoted words next to each other."""

    text: str
    field: SearchField = "all"
    how: How = "as_typed"


@dataclass(frozen=True, slots=True)
class Filter:
    """Keeps editions that have any of the values in a facet field."""

    field: FacetField
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A question to the engine. No clause means all editions."""

    clauses: tuple[Clause, ...] = ()
    filters: tuple[Filter, ...] = ()
    year_from: int | None = None
    year_to: int | None = None
    sort: Sort = "relevance"
    offset: int = 0
    limit: int = 20
    facets: tuple[FacetField, ...] = ()
    facet_size: int = 50
    after: str = ""  # the `cursor` of the page before, for a sort by field; then any depth can be reached
    first: tuple[str, ...] = ()  # what these libraries hold comes before what only others do
    only: Literal["", "first", "rest"] = ""  # keeps what is held by those of ``first``, or what is held by none of them
    rows: bool = False  # hits carry what a row shows of an edition and no more: see `indexer.stored_edition.row`
    within: tuple[str, ...] = ()  # keeps what any of these libraries holds; facets are counted within it
    written: tuple[str, ...] = ()  # keeps what has these Han characters, as they stand, in a title, name or subject
    ids: tuple[str, ...] | None = None  # keeps these editions; None: any
    works: tuple[str, ...] = ()  # keeps the editions of these works; one that is of none is its own
    held_from: int | None = None  # keeps what at least so many libraries hold
    held_to: int | None = None  # and at most
    counted_within: bool = False  # a facet's own filter narrows its counts too: they are of what is found
    by_work: bool = False  # a hit is a work: offset, limit and the window count works, and there is no cursor


@dataclass(frozen=True, slots=True)
class FacetValue:
    value: str
    count: int
    error: int = 0  # at most so many more are not counted: where a facet has very many values, parts leave out the rare


@dataclass(frozen=True, slots=True)
class Hit:
    """An edition; by work the first in order of its work's editions, of which ``matching`` are found and the ``others``
    next in order."""

    edition: Edition
    score: float
    matching: int = 1
    others: tuple[Edition, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchPage:
    """An engine's answer. ``facets`` holds, for each field asked, its values by falling count; a facet's own filter
    does not narrow its counts, so that a second value can be chosen. Totals and counts are of editions, by work too."""

    total: int
    hits: tuple[Hit, ...]
    facets: dict[FacetField, tuple[FacetValue, ...]] = field(default_factory=dict)
    cursor: str = ""  # where the next page goes on; "" by relevance, by work, and when this page is empty
    works: int | None = None  # how many works the editions found are of; None when they were not asked by work


class SearchEngine(Protocol):
    """What every engine does; one contract suite (``tests/indexer/engine/test_contract.py``) pins it."""

    @property
    def name(self) -> str:
        """Which index this is, without secrets: the catalogue remembers by it which one it has kept up to date."""

    async def write(self, documents: Sequence[Document], deleted: Sequence[str] = ()) -> None:
        """Puts documents (replacing those of the same id) and removes ids, visible to searches when it returns.

        The first write makes the index. Raises: EngineUnavailable; then none, some or all of it was written (the
        embedded engine: none or all), and writing the same again is safe. EngineIncompatible; then nothing was.
        """

    async def rebuild(self, batches: AsyncIterator[Sequence[Document]]) -> int:
        """Fills a new index from all documents and switches to it in one step; the count of documents.

        Searches see the old index until the switch; it is kept until the next rebuild begins.

        Raises: EngineUnavailable; then the old index stays.
        """

    async def back(self) -> None:
        """Switches in one step to the index that the last rebuild replaced, which lacks what was written since.

        The one it takes the place of is kept for it: going back twice changes nothing.

        Raises: EngineUnavailable when there is none or it cannot be used; EngineIncompatible when it is damaged or of
        another version. Then nothing changes.
        """

    async def state(self) -> str:
        """What searches see now, named so that two of one name have the same answers; takes far less than a search.

        Raises: EngineUnavailable, also when nothing was ever indexed; EngineIncompatible.
        """

    async def search(self, request: SearchRequest) -> SearchPage:
        """The page a request asks for; ``offset + limit`` is at most `MAX_WINDOW`.

        Raises: EngineUnavailable, also when nothing was ever indexed; EngineIncompatible; ValueError beyond the window.
        """

    async def totals(self, requests: Sequence[SearchRequest]) -> tuple[int, ...]:
        """How many editions each request finds.

        Raises: EngineUnavailable, also when nothing was ever indexed; EngineIncompatible.
        """

    async def editions(self, ids: Sequence[str]) -> dict[str, Edition]:
        """The editions of these ids; ids it does not hold are absent."""

    async def with_isbns(self, isbns: Sequence[str]) -> dict[str, tuple[Edition, ...]]:
        """For each ISBN-13 asked (any number), the editions that carry it; those nobody holds are absent."""

    async def count(self) -> int:
        """How many editions it holds; 0 when nothing was ever indexed."""

    async def close(self) -> None: ...

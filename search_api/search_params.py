"""A search as its address says it, for the API and the pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal, Self, get_args
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from indexer.engine import Clause, FacetField, Filter, SearchField, SearchRequest, Sort
from indexer.engine.plan import plan
from indexer.identifiers import isbn13
from indexer.record import Format
from indexer.variants import written_otherwise
from search_api.errors import invalid

DEEPEST = 10_000
"""Editions that can be paged through; whoever wants all of them harvests them."""

DEFAULT_FACET_SIZE = 20
FACETS: tuple[FacetField, ...] = get_args(FacetField)
SORTS: tuple[Sort, ...] = get_args(Sort)

TEXT_LIMIT = 500
"""Characters of a text that is searched for; the search box takes no more."""

Text = Annotated[str, Field(max_length=TEXT_LIMIT)]
Codes = Annotated[tuple[Annotated[str, Field(max_length=500)], ...], Field(max_length=50)]
Group = Literal["", "work", "edition"]
Year = Annotated[int, Field(ge=-3000, le=9999)]

CLAUSE_FIELDS: Mapping[str, SearchField] = {
    "q": "all",
    "title": "title",
    "creator": "creator",
    "subject": "subject",
    "series": "series",
    "publisher": "publisher",
    "isbn": "isbn",
    "issn": "issn",
    "call_number": "call_number",
}
"""Parameter → field to search in."""

WHOLE_FIELDS: Mapping[str, SearchField] = {"title_is": "title", "call_number_is": "call_number"}
"""Parameter → field of which the whole is sought: what the entries of a list lead to."""

FILTER_FIELDS: Mapping[str, FacetField] = {
    "library": "library",
    "region": "region",
    "format": "format",
    "language": "language",
    "year": "year",
    "subject_is": "subject",
    "creator_is": "creator",
    "classification": "classification",
    "division": "division",
    "audience": "audience",
    "suits": "suits",
    "online": "online",
}
"""Parameter → facet. A subject or creator *is* a facet value, word for word; ``subject`` and ``creator`` search."""

BROADER: Mapping[FacetField, Mapping[str, str]] = {
    "format": {one.value: one.broader.value for one in Format if one.broader},
}
"""Facet → value → the value it is a kind of."""

PARAMETER_OF_FACET: Mapping[FacetField, str] = {facet: parameter for parameter, facet in FILTER_FIELDS.items()}


class SearchParams(BaseModel):
    """A search as its address says it. An empty parameter counts as not given."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    q: Text = Field("", description="Words to be found anywhere; Chinese or quoted words are found next to each other.")
    title: Text = Field("", description="Words of a title.")
    creator: Text = Field("", description="Words of a creator's name, in any order.")
    subject: Text = Field("", description="Words of a subject heading.")
    series: Text = Field("", description="Words of a series title.")
    publisher: Text = Field("", description="Words of a publisher's name.")
    isbn: Text = Field("", description="ISBN-10 or ISBN-13, with or without hyphens.")
    issn: Text = Field("", description="ISSN, with or without hyphen.")
    call_number: Text = Field("", description="The beginning of a call number.")
    title_is: Text = Field("", description="A whole title, in any characters and case.")
    call_number_is: Text = Field("", description="A whole call number, but for what tells volumes and copies apart.")
    library: Codes = Field((), description="Held by any of these libraries (codes).")
    region: Codes = Field((), description="Held in any of these regions (codes).")
    format: Codes = Field((), description="Of any of these formats (codes).")
    language: Codes = Field((), description="In any of these languages (MARC codes).")
    year: Annotated[tuple[Year, ...], Field(max_length=50)] = Field((), description="Published in any of these years.")
    subject_is: Codes = Field((), description="With any of these subject headings, word for word.")
    creator_is: Codes = Field((), description="By any of these creators, as the facet names them.")
    classification: Codes = Field((), description="In any of these main classes (`ncsclt:8`, `ddc:5`, `lcc:P`).")
    division: Codes = Field((), description="In any of these hundred divisions (`ncsclt:85`, `ddc:82`).")
    audience: Codes = Field((), description="For any of these readers (codes).")
    suits: Codes = Field(
        (), description="For children, in large print, in braille, … (codes `children`, `large_print`, `braille`, …)."
    )
    online: Codes = Field((), description="`online` keeps what can be read online.")
    card: Codes = Field(
        (), description="Held by any of these libraries (codes), or by one that lends to who has a card of theirs."
    )
    now: Literal["", "1"] = Field(
        "",
        description="`1` keeps what was on the shelf when its library last said so. Approximate: the editions that "
        "come first are asked about, and of the rest only what readers asked before is known.",
    )
    near: str = Field("", max_length=64, description="With `now`: on the shelf in this region or library (code).")
    exact: Literal["", "1"] = Field("", description="`1` keeps what has the Han characters in the very form typed.")
    year_from: Year | None = Field(None, description="Published in this year or later.")
    year_to: Year | None = Field(None, description="Published in this year or earlier.")
    mine: Codes = Field((), description="What these libraries (codes) hold comes first.")
    work: Codes = Field((), description="Editions of any of these works (ids).")
    group: Group = Field(
        "",
        description="`work`: a hit is a work, by its first edition in order; `edition`, the default: an edition. With "
        "`mine` works are kept together by relevance only.",
    )
    sort: Sort = Field("relevance", description="Order of the editions; `libraries` is most widely held first.")
    page: int = Field(1, ge=1, description=f"Page, from 1. No further than {DEEPEST:,} editions.")
    after: str = Field("", max_length=250, description="The `cursor` of the page before, for any order but relevance.")
    size: int = Field(20, ge=1, le=100, description="Editions a page.")
    facet: Annotated[tuple[FacetField, ...], Field(max_length=20)] = Field(
        (), description="Facets to be counted; all of them when none is named."
    )
    facet_size: int = Field(DEFAULT_FACET_SIZE, ge=0, le=200, description="Values a facet; 0 leaves the facets out.")

    @model_validator(mode="before")
    @classmethod
    def _without_empty(cls, values: Any) -> Any:
        """A form sends every one of its fields, empty or not."""
        if not isinstance(values, Mapping):
            return values
        given = {}
        for name, value in values.items():
            kept = [v for v in value if v != ""] if isinstance(value, list | tuple) else value
            if kept not in ("", []):
                given[name] = kept
        return given

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if self.after:
            try:
                plan(self.request())
            except ValueError as exc:
                raise ValueError("The after is the cursor of a page in the same order, from its first page") from exc
        if self.page * self.size > DEEPEST:
            raise ValueError(f"Page × size must not exceed {DEEPEST}; narrow the search instead")
        if self.year_from is not None and self.year_to is not None and self.year_from > self.year_to:
            raise ValueError("The year_from must not be after the year_to")
        return self

    @classmethod
    def read(cls, pairs: Iterable[tuple[str, str]]) -> SearchParams:
        """Reads the pairs of an address; names that are no parameter are left to others.

        Raises: InvalidRequest, naming the parameter.
        """
        values: dict[str, Any] = {}
        for name, value in pairs:
            if name in FILTER_FIELDS or name in {"mine", "work", "facet", "card"}:
                values.setdefault(name, []).append(value)
            elif name in cls.model_fields:
                values[name] = value
        try:
            return cls.model_validate(values)
        except ValidationError as exc:
            raise invalid(exc) from exc

    def pairs(self) -> list[tuple[str, str]]:
        """The pairs that make the address of this search, defaults left out."""
        result: list[tuple[str, str]] = []
        for name, info in type(self).model_fields.items():
            value = getattr(self, name)
            if isinstance(value, tuple):
                result += [(name, str(one)) for one in value]
            elif value != info.get_default(call_default_factory=True):
                result.append((name, str(value)))
        return result

    def changed(self, **values: object) -> SearchParams:
        """The same search with other values, from its first page unless ``page`` is given."""
        return self.model_copy(update={"page": 1, "after": "", **values})

    def chosen(self, facet: FacetField) -> tuple[str, ...]:
        """The values a facet is narrowed to."""
        return tuple(str(value) for value in getattr(self, PARAMETER_OF_FACET[facet]))

    def toggled(self, facet: FacetField, value: str) -> SearchParams:
        """The same search with a facet value chosen, or no longer chosen."""
        chosen = self.chosen(facet)
        values = tuple(v for v in chosen if v != value) if value in chosen else (*chosen, value)
        return self.changed(**{PARAMETER_OF_FACET[facet]: tuple(map(int, values)) if facet == "year" else values})

    def of_work(self, work: str) -> SearchParams:
        """The same search for the editions of one work, each by itself."""
        return self.changed(work=(work,), group="edition")

    def clauses(self) -> tuple[Clause, ...]:
        """What is searched for. A ``q`` that is an ISBN as a whole is looked up as one."""
        found = []
        for name, field in CLAUSE_FIELDS.items():
            text: str = getattr(self, name)
            if text:
                number = isbn13(text) if is_bare_number(text) and name in ("q", "isbn") else None
                found.append(Clause(number, "isbn") if number else Clause(text, field))
        whole = ((getattr(self, name), field) for name, field in WHOLE_FIELDS.items())
        return (*found, *(Clause(text, field, "whole") for text, field in whole if text))

    def filters(self) -> tuple[Filter, ...]:
        return tuple(Filter(facet, chosen) for facet in FACETS if (chosen := self.chosen(facet)))

    @property
    def narrowed(self) -> bool:
        """Whether any filter or span of years is set."""
        spans = self.year_from is not None or self.year_to is not None
        return spans or bool(self.filters() or self.work or self.card or self.now)

    def without_filters(self) -> SearchParams:
        empty = dict.fromkeys(FILTER_FIELDS, ())
        return self.changed(**empty, year_from=None, year_to=None, work=(), card=(), now="", near="")

    def _written(self) -> tuple[str, ...]:
        """The Han characters that have to stand as they were typed."""
        typed = "".join(getattr(self, name) for name in CLAUSE_FIELDS) if self.exact else ""
        return tuple(sorted(written_otherwise(typed)))

    def request(self) -> SearchRequest:
        """The question to the engine."""
        return SearchRequest(
            clauses=self.clauses(),
            filters=self.filters(),
            year_from=self.year_from,
            year_to=self.year_to,
            sort=self.sort,
            offset=(self.page - 1) * self.size,
            limit=self.size,
            facets=(tuple(dict.fromkeys(self.facet)) or FACETS) if self.facet_size else (),
            facet_size=max(self.facet_size, 1),
            after=self.after,
            first=self.mine,
            written=self._written(),
            works=self.work,
            by_work=self.group == "work" and not (self.mine and self.sort != "relevance"),
        )


def is_bare_number(text: str) -> bool:
    """Whether a text has nothing but what an ISBN is written with."""
    return all(c.isdigit() or c in "xX-‐‑–— " for c in text)


def with_chosen_field(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The search box sends its words as ``q`` and the field they are for as ``in``."""
    field = dict(pairs).get("in", "q")
    if field not in CLAUSE_FIELDS:
        field = "q"
    return [(field if name == "q" else name, value) for name, value in pairs if name != "in"]


def standing(pairs: Iterable[tuple[str, str]]) -> str:
    """The part of an address that goes with its reader to an edition: whose libraries are theirs, and near where.

    "" when it says neither.
    """
    kept = [(name, value) for name, value in pairs if name in ("mine", "near") and value]
    return f"?{urlencode(kept)}" if kept else ""

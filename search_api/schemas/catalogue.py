"""Editions, the records behind them, and results of a search."""

from __future__ import annotations

from datetime import datetime
from typing import Generic, Literal, TypeVar

from pydantic import Field

from indexer.engine import FacetField, Sort
from indexer.record import Carrier, Format, Record
from search_api.correction_kinds import CorrectionKind
from search_api.schemas.base import Schema, Words

T = TypeVar("T")


class TitleBody(Schema):
    proper: str
    other: str
    part_number: str
    part_name: str
    romanised: str
    kind: str


class AgentBody(Schema):
    name: str
    kind: str
    role: str = Field(description="MARC relator code; empty when not stated.")
    dates: str
    romanised: str
    main: bool
    original: str = Field(description="The name as its bearer writes it, when given beside; empty when not stated.")
    number: str = Field(description="Of the authority record; empty when not stated.")
    more_roles: tuple[str, ...] = Field(
        description="Besides the first; a word nobody has a code for stands as the record has it."
    )
    more_numbers: tuple[str, ...] = Field(description="Of the same authority in other files.")


class ImprintBody(Schema):
    place: str
    publisher: str
    date: str = Field(description="As printed.")
    romanised: str


class SubjectBody(Schema):
    text: str
    scheme: str
    kind: str
    romanised: str


class ClassificationBody(Schema):
    number: str
    scheme: str


class IdentifierBody(Schema):
    kind: str
    value: str
    qualifier: str
    valid: bool = Field(description="False: cancelled, of something else, or its check digit is wrong.")
    volume: str = Field(description="The volume of a set it belongs to, as written; empty for the whole.")
    cancelled: bool = Field(description="The records themselves mark it as cancelled or wrong.")
    linked: bool = Field(description="It is of another form of it, or of a related work, that the records name.")


class SeriesBody(Schema):
    title: str
    number: str


class LinkBody(Schema):
    url: str
    label: str
    kind: str


class Stated(Schema, Generic[T]):
    """A value and the libraries whose records state it."""

    value: T
    libraries: tuple[str, ...]


class EditionBrief(Schema):
    """An edition as a row of a result: the first value of each kind."""

    id: str
    url: str
    title: str
    other_title: str
    part: str = Field(description="Number and name of the part, when the edition is one.")
    romanised_title: str
    responsibility: str
    creators: tuple[str, ...]
    edition: str
    place: str
    publisher: str
    year: int | None
    end_year: int | None = Field(description="9999: still appearing.")
    year_questionable: bool = Field(description="Every record that states the year doubts it.")
    extent: str
    format: Format
    languages: tuple[str, ...]
    isbns: tuple[str, ...] = Field(description="Valid ones, as ISBN-13 digits.")
    libraries: tuple[str, ...] = Field(description="Codes of the libraries that hold it.")


class ItemBody(Schema):
    """One copy as catalogued. Its state is asked live, never harvested."""

    barcode: str
    item_id: str
    call_number: str
    volume: str
    copy_number: str = Field(validation_alias="copy")
    item_type: str
    item_type_name: Words
    note: str
    collection: str = Field(description="The part of the call number before the class (特藏號), or a collection code.")
    collection_name: Words
    classification: str
    author_mark: str
    year: str = Field(description="Of the call number, as written.")
    policy: str = Field(description="Lending policy, the library's own code.")
    policy_name: Words


class HoldingBody(Schema):
    """Copies of one record at one place."""

    record: str = Field(description="Identifier of the record it belongs to.")
    local_id: str
    branch: str
    branch_name: Words
    location: str
    location_name: Words
    call_number: str
    collection: str = Field(description="The parts of the call number stand here where no item tells them.")
    classification: str
    author_mark: str
    year: str
    summary: str = Field(description="Which volumes there are: v.1-12 (1999-2010).")
    url: str
    coverage: str = Field(description="What of it is to be had on line.")
    note: str
    items: tuple[ItemBody, ...] = Field(description="In the order of their volumes: v.2 before v.10, 上 before 下.")


class HolderBody(Schema):
    """A library and all it holds of the edition."""

    library: str
    name: Words
    region: str
    region_name: Words
    record_urls: tuple[str, ...] = Field(description="The records in the library's own catalogue.")
    live: bool = Field(description="Whether the state of its copies can be asked live.")
    latitude: float | None = Field(description="Of WGS 84; null when the library states no place.")
    longitude: float | None
    hours: dict[str, str] = Field(description="Weekday → `09:00-21:00` or `closed`; a day not stated is absent.")
    request_url: str = Field(description="Where readers of other libraries ask for a loan; empty when not stated.")
    holdings: tuple[HoldingBody, ...]


class MemberBody(Schema):
    """A library's record that is part of the edition."""

    library: str
    identifier: str
    local_id: str
    dialect: str
    url: str
    record_url: str = Field(description="The record in the library's own catalogue; empty when it has no address.")


class EvidenceBody(Schema):
    """Why two records are one edition."""

    a: str = Field(description="A record, as `library:identifier`.")
    b: str
    score: float
    reasons: tuple[str, ...]
    model: str = Field(description="The version of the rules and weights that judged.")
    judged_at: datetime | None = Field(description="When; null where an earlier version did not note it.")


class MergedBody(Schema):
    """What the records of an edition say together, each value with the libraries that state it."""

    titles: tuple[Stated[TitleBody], ...]
    responsibilities: tuple[Stated[str], ...]
    agents: tuple[Stated[AgentBody], ...]
    editions: tuple[Stated[str], ...]
    imprints: tuple[Stated[ImprintBody], ...]
    years: tuple[Stated[int], ...]
    end_year: int | None
    extents: tuple[Stated[str], ...]
    series: tuple[Stated[SeriesBody], ...]
    notes: tuple[Stated[str], ...]
    summaries: tuple[Stated[str], ...]
    contents: tuple[Stated[str], ...]
    subjects: tuple[Stated[SubjectBody], ...]
    classifications: tuple[Stated[ClassificationBody], ...]
    identifiers: tuple[Stated[IdentifierBody], ...]
    languages: tuple[str, ...]
    original_languages: tuple[str, ...]
    country: str
    format: Format
    carrier: Carrier
    links: tuple[Stated[LinkBody], ...]
    audience: tuple[str, ...] = Field(description="Target readers: codes of mappings/tables/audiences.toml.")
    subtitle_languages: tuple[str, ...]
    intermediate_languages: tuple[str, ...] = Field(
        description="Of translations that it was itself translated from, which are not the original."
    )
    copyright_years: tuple[Stated[int], ...]
    original_years: tuple[Stated[int], ...] = Field(
        description="Of the first publication of what the edition reproduces or translates."
    )
    year_questionable: bool = Field(description="Every record that states the first of the years doubts it.")


class EditionBody(MergedBody):
    """An edition: everything its records say, who holds it, and why its records are one."""

    id: str
    url: str
    language_names: tuple[Words, ...]
    format_name: Words
    holders: tuple[HolderBody, ...] = Field(description="By region, then in the order of its libraries.")
    records: tuple[MemberBody, ...]
    evidence: tuple[EvidenceBody, ...] = Field(description="Strongest first; none when a single record makes it.")
    availability_url: str
    work: str | None = Field(description="The work it is an edition of; null while it is the only one.")
    editions_url: str = Field(description="Other editions of the same text.")
    explanation_url: str = Field(description="Everything that decided which records are this edition.")
    split_from: str | None = Field(description="The edition its records were part of before; it may have moved since.")
    held_twice_by: tuple[str, ...] = Field(description="Libraries with more than one record of it.")


class RecordBody(Schema):
    """One library's record: as it came, and as it is read."""

    library: str
    identifier: str
    edition: str | None = Field(description="The edition it belongs to; null when it could not be read.")
    format: Literal["marcxml", "iso2709", "oai_dc"]
    datestamp: str
    harvested_at: datetime
    deleted: bool
    raw: str | None = Field(description="The payload, when it is UTF-8 text.")
    raw_base64: str | None = Field(description="The payload, when it is not.")
    record: Record | None = Field(description="The domain model; null when deleted or not readable.")


class FacetValueBody(Schema):
    value: str
    count: int | None = Field(description="Null for a chosen value that nothing else has in common with the search.")
    chosen: bool
    name: Words
    broader: str = Field(description="The value this one is a kind of, which counts it too; empty for most.")
    error: int = Field(description="The engine's bound: at most so many more have this value. 0: the count is exact.")


class FacetBody(Schema):
    field: FacetField
    parameter: str = Field(description="The parameter that narrows the search to one of its values.")
    values: tuple[FacetValueBody, ...]


class CorrectionBody(Schema):
    """Another search that finds something where this one finds nothing, or much where it finds little."""

    kind: CorrectionKind
    url: str
    total: int
    text: str = Field(description="What it searches for instead, or leaves out; empty when the address says it.")


class NoticeBody(Schema):
    """Something to know of what was typed: an ISBN or ISSN whose check digit is wrong."""

    kind: Literal["wrong_check_digit", "found_loosely"]
    text: str


class TitleSuggestionBody(Schema):
    title: str
    creator: str
    url: str


class NameSuggestionBody(Schema):
    name: str = Field(description="Word for word a value of the facet.")
    count: int
    url: str


class FacetValuesBody(Schema):
    field: FacetField
    parameter: str = Field(description="The parameter of `/api/search` that chooses a value.")
    values: tuple[NameSuggestionBody, ...]


class SuggestionsBody(Schema):
    """What may be being typed, the likeliest first."""

    titles: tuple[TitleSuggestionBody, ...]
    creators: tuple[NameSuggestionBody, ...]
    subjects: tuple[NameSuggestionBody, ...]


class HitBody(EditionBrief):
    """An edition found; by work the first in order of those of its work."""

    work: str | None = Field(description="The work it is an edition of; null when no other edition of it is known.")
    matching: int = Field(description="By work, how many editions of the work are found; else 1.")
    others: tuple[EditionBrief, ...] = Field(description="By work, the next editions of the work; nine at most.")
    matching_url: str | None = Field(description="Finds all of these editions; null when there are no others.")


class OnShelfBody(Schema):
    """How it is known what is on the shelf: approximately."""

    asked: int = Field(description="Editions that were asked about just now; of the rest earlier answers count.")
    since: datetime | None = Field(description="The oldest answer that counts; null when nothing was on the shelf.")


class SearchBody(Schema):
    total: int = Field(description="Editions found, by work too; the facets count editions as well.")
    works: int | None = Field(description="Works they are of; null unless asked by work.")
    page: int
    pages: int = Field(description="Pages that can be turned to.")
    size: int
    sort: Sort
    hits: tuple[HitBody, ...]
    facets: tuple[FacetBody, ...]
    corrections: tuple[CorrectionBody, ...]
    notices: tuple[NoticeBody, ...]
    on_shelf: OnShelfBody | None = Field(description="With `now`: how it is known; null otherwise.")
    previous: str | None
    next: str | None
    cursor: str = Field(description="What `after` takes for the next page at any depth; empty by relevance.")

"""The JSON the API speaks, as pydantic models: they shape the answers and describe them in OpenAPI.

Absence is ``null``, an empty string or an empty list, and means "not stated". Names in several interface languages are
objects: ``{"zh-Hant": …, "en": …}``. What a record says is mapped from the domain model by equal names.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from indexer.engine import FacetField, Sort
from indexer.record import Carrier, Format, Record
from search_api.availability.status import AnswerState, ItemState, Standing
from search_api.lenders import Rule, Why
from search_api.overlap import MAX_LINES, LineState

T = TypeVar("T")

Words = dict[str, str]
"""A text in each interface language."""


class Schema(BaseModel):
    model_config = ConfigDict(frozen=True, from_attributes=True)


# Errors


class ErrorDetail(Schema):
    code: str = Field(description="A word for programs: `invalid`, `not_found`, `unavailable` …")
    message: str = Field(description="A sentence for people.")
    field: str | None = Field(None, description="The parameter to blame, when one is.")


class ErrorBody(Schema):
    """Every error has this shape."""

    error: ErrorDetail


# Editions


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
    valid: bool = Field(description="False: cancelled, or its check digit is wrong.")


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
    note: str


class HoldingBody(Schema):
    """Copies of one record at one place."""

    record: str = Field(description="Identifier of the record it belongs to.")
    local_id: str
    branch: str
    branch_name: Words
    location: str
    location_name: Words
    call_number: str
    summary: str
    url: str
    items: tuple[ItemBody, ...]


class HolderBody(Schema):
    """A library and all it holds of the edition."""

    library: str
    name: Words
    region: str
    region_name: Words
    record_urls: tuple[str, ...] = Field(description="The records in the library's own catalogue.")
    live: bool = Field(description="Whether the state of its copies can be asked live.")
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


class EditionBody(Schema):
    """An edition: everything its records say, each value with the libraries that say so, and who holds it."""

    id: str
    url: str
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
    language_names: tuple[Words, ...]
    original_languages: tuple[str, ...]
    country: str
    format: Format
    format_name: Words
    carrier: Carrier
    links: tuple[Stated[LinkBody], ...]
    holders: tuple[HolderBody, ...] = Field(description="By region, then in the order of its libraries.")
    records: tuple[MemberBody, ...]
    evidence: tuple[EvidenceBody, ...] = Field(description="Strongest first; none when a single record makes it.")
    availability_url: str


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


# Search


class FacetValueBody(Schema):
    value: str
    count: int | None = Field(description="Null for a chosen value that nothing else has in common with the search.")
    chosen: bool
    name: Words


class FacetBody(Schema):
    field: FacetField
    parameter: str = Field(description="The parameter that narrows the search to one of its values.")
    values: tuple[FacetValueBody, ...]


class CorrectionBody(Schema):
    """Another search that finds something where this one finds nothing."""

    kind: Literal["isbn_check_digit", "without_filters", "any_field"]
    url: str
    total: int


class SearchBody(Schema):
    total: int
    page: int
    pages: int = Field(description="Pages that can be turned to.")
    size: int
    sort: Sort
    hits: tuple[EditionBrief, ...]
    facets: tuple[FacetBody, ...]
    corrections: tuple[CorrectionBody, ...]
    previous: str | None
    next: str | None


# Availability


class ItemStatusBody(Schema):
    state: ItemState
    item_id: str
    barcode: str
    local_id: str
    due: date | None
    branch: str = Field(description="As the library's system says it.")
    location: str
    call_number: str
    volume: str
    queue: int | None
    message: str = Field(description="The library's own words.")
    url: str


class AnswerBody(Schema):
    """What one library's system says of the edition now."""

    edition: str
    library: str
    name: Words
    state: AnswerState = Field(description="What came of asking; kept apart from the state of the copies.")
    standing: Standing = Field(description="Where the library stands; the summary counts these.")
    best_state: ItemState
    copies: int
    available: int = Field(description="Copies in the best state.")
    first_due: date | None
    queue: int | None
    items: tuple[ItemStatusBody, ...]
    as_of: datetime | None = Field(description="When the system said so; null when it said nothing.")
    elapsed_seconds: float
    message: str
    failing_since: datetime | None
    pending: bool = Field(description="It was still being asked at the deadline.")
    record_urls: tuple[str, ...]


class SummaryBody(Schema):
    """All holders by standing; the counts add up to the holders. Unanswered is unknown, never unavailable."""

    holders: int
    counts: dict[Standing, int]


class AvailabilityBody(Schema):
    edition: str
    asked_at: datetime
    deadline_seconds: float
    summary: SummaryBody
    answers: tuple[AnswerBody, ...] = Field(description="In the order of library codes.")


# Lenders


class ReasonBody(Schema):
    why: Why
    number: int | None
    day: date | None


class LenderBody(Schema):
    rank: int
    library: str
    name: Words
    region: str
    edition: str
    copies: int | None = Field(description="That it lends, as catalogued; null when its records state none.")
    days: int | None = Field(description="Usual days until it arrives.")
    note: Words
    reasons_for: tuple[ReasonBody, ...]
    reasons_against: tuple[ReasonBody, ...]
    answer: AnswerBody | None = Field(description="Null when nothing was asked live.")


class ExcludedBody(Schema):
    library: str
    name: Words
    edition: str
    rule: Rule
    values: tuple[str, ...]


class LendersBody(Schema):
    """Every holder stands once: to be asked, in order, or excluded with the rule that says so."""

    editions: tuple[EditionBrief, ...]
    live: bool
    lenders: tuple[LenderBody, ...]
    excluded: tuple[ExcludedBody, ...]


# Overlap


class OverlapQuestion(Schema):
    model_config = ConfigDict(extra="forbid")

    isbns: Annotated[list[Annotated[str, Field(max_length=1_000)]], Field(max_length=MAX_LINES)] = Field(
        description="ISBN-10 or ISBN-13, as typed.", examples=[["978-986-350-123-7", "9570835870"]]
    )


class HeldByBody(Schema):
    library: str
    copies: int | None = Field(description="Null when the library's records state none.")


class HeldEditionBody(Schema):
    id: str
    url: str
    title: str
    year: int | None
    format: Format
    held_by: tuple[HeldByBody, ...]


class LineBody(Schema):
    number: int
    text: str
    isbn: str
    state: LineState
    reason: str = Field(description="Why it is invalid: empty, no_isbn, wrong_check_digit.")
    repeats: int | None = Field(description="The earlier line with the same ISBN.")
    libraries: tuple[str, ...]
    copies: int
    editions: tuple[HeldEditionBody, ...]


class OverlapBody(Schema):
    """`found + not_held + invalid` is the number of lines."""

    lines: tuple[LineBody, ...]
    total: int
    found: int
    not_held: int
    invalid: int
    repeated: int
    held_by: dict[str, int] = Field(description="Library → lines that it holds.")
    held_by_one: int = Field(description="Lines that a single library holds.")
    isbns_not_held: tuple[str, ...] = Field(description="Each once, in the order of the lines.")


# Libraries and health


class RunBody(Schema):
    """A harvest. `seen` is the sum of new, changed, unchanged, deleted and unreadable."""

    kind: Literal["full", "incremental"]
    status: Literal["complete", "unverified", "failed"]
    started_at: datetime
    seconds: float
    seen: int
    new: int
    changed: int
    unchanged: int
    deleted: int
    unreadable: int
    error: str


class LiveBody(Schema):
    """How the library's live status has been doing since the program started. `asked = answered + failed`."""

    protocol: str
    state: Literal["none", "not_asked", "answering", "failing"]
    asked: int
    answered: int
    failed: int
    last_answer_at: datetime | None
    last_elapsed_seconds: float | None
    last_failure_at: datetime | None
    last_failure: str
    failing_since: datetime | None
    resting_until: datetime | None = Field(description="It keeps failing and is not asked before.")
    unknown_words: dict[str, int] = Field(description="Status words that no map knows, and how often they came.")


class LibraryBody(Schema):
    code: str
    url: str
    name: Words
    short_name: Words
    region: str
    region_name: Words
    kind: str
    country: str
    homepage: str
    records: int
    deleted: int
    quarantined: int
    last_run: RunBody | None
    last_complete_at: datetime | None
    live: LiveBody


class LibrariesBody(Schema):
    libraries: tuple[LibraryBody, ...]


class QuarantinedBody(Schema):
    identifier: str
    stage: Literal["harvest", "read"]
    field: str
    reason: str
    at: datetime


class LibraryDetailBody(LibraryBody):
    lends: bool
    lending_days: int | None
    formats_not_lent: tuple[str, ...]
    branches: dict[str, Words]
    quarantine: tuple[QuarantinedBody, ...] = Field(description="The first hundred, by identifier.")


class HealthBody(Schema):
    status: Literal["ok"]
    version: str
    editions: int
    libraries: int

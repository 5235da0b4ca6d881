"""How good a library's records are, as `allshelves report` tells it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, computed_field

from search_api.schemas.base import Schema, Words
from search_api.texts import STAFF_LANGUAGES, texts

Ref = Annotated[str, BeforeValidator(str), Field(description="A record, `library:identifier`.")]


class CoverageBody(Schema):
    field: str
    records: int = Field(description="Live records that state it.")
    percent: float
    lacking: tuple[Ref, ...] = Field(description="The first live records that do not.")


class BadIsbnBody(Schema):
    record: Ref
    value: str
    why: Literal["check_digit", "length", "prefix"]


class BadIsbnsBody(Schema):
    """ISBNs that cannot be right: mistyped, too short or too long, thirteen digits without 978 or 979."""

    check_digit: int
    length: int
    prefix: int
    examples: tuple[BadIsbnBody, ...]


class UnknownCodeBody(Schema):
    kind: str = Field(
        description="What it should say: branch, location, item_type, collection, policy, language, country, relator, "
        "scheme, thesaurus, audience, carrier, format, content_type, media_type, place, coded_data (field/position and "
        "code), number_source."
    )
    code: str
    times: int = Field(description="Records that carry it.")
    examples: tuple[Ref, ...]


class RepairBody(Schema):
    what: str
    records: int
    fields: tuple[str, ...] = Field(description="Where, the most frequent first; empty when it was the whole record.")
    example: Ref


class QuarantineReasonBody(Schema):
    stage: Literal["harvest", "read"]
    reason: str
    records: int
    examples: tuple[str, ...] = Field(description="Identifiers.")


class DuplicateBody(Schema):
    edition: str
    title: str
    records: tuple[Ref, ...]


class DuplicatesBody(Schema):
    """Editions that the library has several records of."""

    editions: int
    surplus: int = Field(description="Records beyond the first of each of these editions.")
    examples: tuple[DuplicateBody, ...]


class ConflictBody(Schema):
    local_id: str
    records: tuple[Ref, ...]


class ConflictsBody(Schema):
    """Control numbers that several records state: live availability cannot tell these records apart."""

    numbers: int
    examples: tuple[ConflictBody, ...]


class WaitingBody(Schema):
    record: Ref
    belongs_to: str = Field(description="The control number it names.")


class UnattachedBody(Schema):
    """Holdings records whose record the catalogue does not hold: their copies are shown as soon as it comes."""

    records: int
    examples: tuple[WaitingBody, ...]


class UnreadCopiesBody(Schema):
    """A field that looks like copies and that the library's preset does not read."""

    tag: str
    presets: tuple[str, ...] = Field(description="Those that would read it, the best only.")
    records: int = Field(description="Records with it, of those looked at.")
    looked_at: int = Field(description="Records without holdings that were looked through.")

    @computed_field  # type: ignore[prop-decorator]
    @property
    def message(self) -> Words:
        """A sentence for the librarian who sets the preset."""
        among = {"n": self.records, "looked_at": self.looked_at, "tag": self.tag}
        return {
            language: texts(language)(
                "report.unread_copies", presets=texts(language)("report.or").join(self.presets), **among
            )
            for language in STAFF_LANGUAGES
        }


class UnreadFieldBody(Schema):
    """A field that neither the reading nor the library's own settings look at."""

    tag: str
    records: int = Field(description="Records with it, of those looked at.")
    looked_at: int
    examples: tuple[Ref, ...]


class QualityBody(Schema):
    """What a cataloguer should know of a library's live records. Examples are few; counts are of all."""

    library: str
    records: int
    coverage: tuple[CoverageBody, ...]
    bad_isbns: BadIsbnsBody
    unknown_codes: tuple[UnknownCodeBody, ...] = Field(description="The most frequent first.")
    repaired: int = Field(description="Records something was mended in while reading.")
    repairs: tuple[RepairBody, ...]
    replaced_records: int = Field(description="Records with characters that could not be decoded, shown as U+FFFD.")
    replaced_characters: int
    quarantined: int
    quarantine: tuple[QuarantineReasonBody, ...]
    duplicates: DuplicatesBody
    conflicts: ConflictsBody
    unattached: UnattachedBody
    unread_copies: tuple[UnreadCopiesBody, ...] = Field(description="The most frequent first.")
    unread_fields: tuple[UnreadFieldBody, ...] = Field(description="The most frequent first.")

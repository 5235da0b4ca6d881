"""A field in which a library's system describes its copies: which subfield holds what. Validated when it is loaded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from mappings.tags import Tag

PLACES = ("branch", "location", "call_number", "classification", "barcode", "item_id", "url", "summary")
"""Keys of which a field has to name at least one: without any, its copies could be neither found nor told apart."""


def _each_once(codes: str) -> str:
    if repeated := sorted({code for code in codes if codes.count(code) > 1}):
        raise ValueError(f"names subfield {repeated[0]} twice")
    return codes


Codes = Annotated[str, Field(pattern=r"^[0-9A-Za-z]*$"), AfterValidator(_each_once)]
"""Subfield codes, written together: ``ab``. The first that a field has is taken, unless a key says otherwise."""

Word = Annotated[str, AfterValidator(str.upper)]
"""What a subfield says, whatever its case."""


class ItemField(BaseModel):
    """One field a copy, or one field a holding. What a key leaves empty the system does not say."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=False)

    tag: Annotated[Tag, Field(pattern=r"^[0-9A-Z]{3}$")]
    describes: Literal["item", "holding"] = "item"  # holding: a place, and an item only where a copy is numbered
    first_indicator: str = Field(default="", max_length=10)  # read only fields with one of these; "" for all
    second_indicator: str = Field(default="", max_length=10)
    branch: Codes = ""
    branch_length: int = Field(default=0, ge=0, le=8)  # Sierra: the first letters of the location name the branch
    location: Codes = ""
    not_places: tuple[Word, ...] = ()  # what stands where a location should, and is a state: CHECKEDOUT
    call_number: Codes = ""  # all of them, in the field's order; where there is none, its parts are put together
    collection: Codes = ""
    classification: Codes = ""
    author_mark: Codes = ""
    year: Codes = ""  # what is no year (v.1) is the volume
    volume: Codes = ""  # all of them
    copy_number: Codes = ""
    barcode: Codes = ""
    item_id: Codes = ""
    item_type: Codes = ""
    policy: Codes = ""  # the first that is not 0
    count: Codes = ""  # how many copies the field stands for, where they are not numbered
    note: Codes = ""  # all of them; for readers, so never those for staff
    public_marks: tuple[str, ...] = ()  # only notes that begin with one of these are for readers: .PUBLIC.
    url: Codes = ""
    coverage: Codes = ""
    summary: Codes = ""  # holdings statement: v.1-12 (1999-2010)
    gone: Mapping[Codes, tuple[Word, ...]] = {}  # subfield → what it says of copies that left; () for all but 0

    @model_validator(mode="after")
    def _names_something(self) -> ItemField:
        if not any(getattr(self, key) for key in PLACES):
            raise ValueError(f"give the subfields of at least one of {', '.join(PLACES)}")
        if self.branch_length and not self.location:
            raise ValueError("branch_length cuts the branch from the location: give the subfield of the location")
        if self.public_marks and not self.note:
            raise ValueError("public_marks chooses among notes: give the subfield of the note")
        return self

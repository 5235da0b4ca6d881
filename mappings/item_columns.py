"""A separate file of items beside a library's records: which of its columns holds what. Validated when it is loaded.

A row becomes a data field of the tag `ROW_TAG`, whose subfields `ROW_FIELD` names: so copies from a spreadsheet are
read by the same function as those of any system, and rules changed later read them again without the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from mappings.item_field import PLACES, ItemField, Word

ROW_TAG = "ROW"
"""No MARC format has this tag, so no library's own field is mistaken for a row."""

CODES: Mapping[str, str] = {
    "branch": "a",
    "location": "b",
    "call_number": "c",
    "collection": "d",
    "classification": "e",
    "author_mark": "f",
    "year": "g",
    "volume": "h",
    "copy_number": "i",
    "barcode": "j",
    "item_id": "k",
    "item_type": "l",
    "policy": "m",
    "note": "n",
    "count": "o",
    "summary": "s",
    "url": "u",
    "coverage": "v",
}
"""What a column may hold, and the subfield of `ROW_TAG` it is carried in."""

ROW_FIELD = ItemField.model_validate({"tag": ROW_TAG, **CODES})
"""Reads what `subfields` writes."""


def _several(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Columns = Annotated[tuple[Annotated[str, Field(min_length=1)], ...], BeforeValidator(_several)]
"""Headings of columns, one or a list: of several, every one that a row fills, in this order."""


class ItemColumns(BaseModel):
    """The columns of an item file by their headings, as written there. An empty key: the file does not say it."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    control_number: Annotated[str, Field(min_length=1)]  # names the record, in the words of records.local_id
    branch: Columns = ()
    location: Columns = ()
    call_number: Columns = ()  # whole, or in parts that are put together in this order
    collection: Columns = ()
    classification: Columns = ()
    author_mark: Columns = ()
    year: Columns = ()  # what is no year (v.1) is the volume
    volume: Columns = ()
    copy_number: Columns = ()
    barcode: Columns = ()
    item_id: Columns = ()
    item_type: Columns = ()
    policy: Columns = ()
    note: Columns = ()  # for readers, so never those for staff
    count: Columns = ()  # how many copies a row stands for, where they are not numbered
    summary: Columns = ()
    url: Columns = ()
    coverage: Columns = ()
    gone: Mapping[str, tuple[Word, ...]] = {}  # column → what it says of copies that left; () for all but 0

    @model_validator(mode="after")
    def _names_something(self) -> ItemColumns:
        if not any(getattr(self, key) for key in PLACES):
            raise ValueError(f"give the columns of at least one of {', '.join(PLACES)}")
        return self


def subfields(row: Mapping[str, str], columns: ItemColumns) -> tuple[tuple[str, str], ...]:
    """A row (heading → text) as the subfields of a `ROW_TAG` field; empty when the copy left or nothing is said of it.

    Headings the file does not have count as empty cells: whoever opens the file says which are missing.
    """
    for heading, words in columns.gone.items():
        text = row.get(heading, "").strip()
        if text and (text.upper() in words if words else text.strip("0")):
            return ()
    return tuple(
        (code, text)
        for key, code in CODES.items()
        for text in (row.get(heading, "").strip() for heading in getattr(columns, key))
        if text
    )

"""MARC records as files: ISO 2709 within its limits, and MARCXML."""

from __future__ import annotations

from collections.abc import Iterable

from pymarc import Field, Indicators, Record, Subfield, record_to_xml

LONGEST_FIELD = 9_999
LONGEST_RECORD = 99_999
"""Bytes that the directory and the leader of ISO 2709 can count; MARCXML knows no such limits."""

_GIVES_WAY = ("852", "035", "505", "500", "880", "650", "700", "246", "520")
"""Fields of which a record that would be too long gives up some, these first."""


def iso2709(record: Record, permalink: str) -> bytes:
    """The record as bytes; what cannot be said in ISO 2709 is left out, and a note says where the whole is."""
    too_long = [field for field in record.fields if len(field.as_marc("utf-8")) > LONGEST_FIELD]
    for field in too_long:
        _shorten(field)
    data = bytes(record.as_marc())
    if not too_long and len(data) <= LONGEST_RECORD:
        return data
    note = f"Shortened to fit ISO 2709. The whole record: {permalink}"
    record.add_ordered_field(Field("500", Indicators(" ", " "), [Subfield("a", note)]))
    data = bytes(record.as_marc())
    for tag in _GIVES_WAY:
        while len(data) > LONGEST_RECORD and (
            fields := [one for one in record.get_fields(tag) if not _says(one, note)]
        ):
            record.remove_field(*fields[len(fields) // 2 :])
            data = bytes(record.as_marc())
    return data


def marcxml(records: Iterable[Record]) -> bytes:
    """A MARCXML collection."""
    inner = b"".join(record_to_xml(record) for record in records)  # type: ignore[no-untyped-call]
    opening = b'<?xml version="1.0" encoding="UTF-8"?>\n<collection xmlns="http://www.loc.gov/MARC21/slim">'
    return opening + inner + b"</collection>\n"


def _says(field: Field, note: str) -> bool:
    return bool(field.get("a") == note)


def _shorten(field: Field) -> None:
    """Drops subfields from the end, then cuts the text of the one that remains, between characters."""
    while len(field.subfields) > 1 and len(field.as_marc("utf-8")) > LONGEST_FIELD:
        field.subfields.pop()
    excess = len(field.as_marc("utf-8")) - LONGEST_FIELD
    if excess > 0:
        code, value = field.subfields[0]
        kept = value.encode()[: -(excess + len("…".encode()))].decode(errors="ignore")
        field.subfields[0] = Subfield(code, f"{kept}…")

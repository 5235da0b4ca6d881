"""Any bytes through reading and mapping: what may be raised, and what must be so of whatever was read.

Hypothesis (`tests/test_any_input.py`) and atheris (`make fuzz`) give the bytes. The first two say what the rest is
taken for, so that one corpus serves every form, dialect and character set.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime
from typing import get_args

from harvester.errors import DumpUnusable, HarvestFailed
from harvester.file_kind import format_of
from harvester.http import Answer
from harvester.marc_split import MarcXmlPieces, PieceRefused, iso2709_pieces, iso2709_record, marcxml_record
from harvester.oai_records import Reading
from harvester.oai_xml import listed
from harvester.raw_record import PayloadFormat, RawRecord
from indexer import codec
from indexer.document import document
from indexer.eacc import REPLACEMENT
from indexer.match_keys import match_keys
from indexer.merge import merge
from indexer.preparing import prepare
from indexer.quality import quality
from indexer.read import SkipRecord, read_either, taken_apart
from indexer.record import Record
from indexer.transmission import Malformed
from mappings.library import Preset, Records
from tests.support.marc import library

FORMATS: tuple[PayloadFormat, ...] = ("iso2709", "marcxml", "oai_dc")
DIALECTS = ("auto", "marc21", "unimarc")
ENCODINGS: tuple[str, ...] = get_args(Records.model_fields["encoding"].annotation)
PRESETS: tuple[str, ...] = get_args(Preset)
_NOW = datetime(2026, 1, 1, tzinfo=UTC)


def try_anything(data: bytes) -> None:
    """Takes the bytes for what their first two say. Raises: AssertionError, or whatever nobody documented."""
    if len(data) < 2:
        return
    kind, setting = data[0], data[1]
    _WAYS[kind % len(_WAYS)](data[2:], setting)


def choice(form: str, setting: int = 0) -> bytes:
    """The first two bytes of an input in that form."""
    return bytes([list(_NAMES).index(form), setting])


def _payload(form: PayloadFormat) -> Callable[[bytes, int], None]:
    def read_payload(data: bytes, setting: int) -> None:
        read_any(
            RawRecord("testlib", "1", form, data),
            dialect=DIALECTS[setting % len(DIALECTS)],
            encoding=ENCODINGS[setting // len(DIALECTS) % len(ENCODINGS)] if setting >= len(DIALECTS) else "auto",
            holdings=PRESETS[len(data) % len(PRESETS)],
        )

    return read_payload


def read_any(raw: RawRecord, **records: object) -> Record | None:
    """Reads a payload; None where it cannot be read and says so, or is no record of a book."""
    member = library(**records)
    try:
        found = read_either(raw, member)
    except SkipRecord as skipped:
        _explains(skipped, f"{raw.library}:{raw.identifier}")
        return None
    if not isinstance(found, Record):
        return None
    encoded = codec.encode(found)
    assert codec.decode(encoded) == found, "it is kept as it was read"
    assert prepare(found).payload == encoded
    match_keys(found)
    document(merge("e1", [found]), {member.code: member})
    quality(member, [found])
    if found.replacements == 0 and raw.format == "iso2709":
        marc = taken_apart(raw, member)
        texts = [value for _, value in marc.control_fields]
        texts += [value for field in marc.data_fields for _, value in field.subfields]
        assert not any(REPLACEMENT in text for text in texts), "characters lost are counted"
    return found


def _dump(data: bytes, setting: int) -> None:
    """A file of records, cut and read."""
    try:
        form = format_of(data)
        if form == "marcxml":
            xml = MarcXmlPieces(io.BytesIO(data))
            cuts = [(piece, xml.wrapped(piece)) for piece in xml]
        else:
            cuts = [(piece, piece.data) for piece in iso2709_pieces(io.BytesIO(data))]
    except DumpUnusable:
        return
    for piece, document_of_it in cuts:
        if piece.refusal:
            continue
        try:
            cut = marcxml_record(document_of_it) if form == "marcxml" else iso2709_record(document_of_it)
        except PieceRefused as refused:
            _explains(refused)
            continue
        _payload(form)(cut.payload, setting)


def _answer(data: bytes, setting: int) -> None:
    """An answer of OAI-PMH."""
    try:
        found = listed(Answer("http://lib.example.org/oai", 200, data), Reading("testlib", _NOW))
    except HarvestFailed:
        return
    for raw in found.records:
        if not raw.deleted and raw.payload:
            read_any(raw, dialect=DIALECTS[setting % len(DIALECTS)])
    assert all(refused.reason for refused in found.refused)


def _apart(data: bytes, setting: int) -> None:
    """One record, taken apart only: the cheapest way in, for what the reader itself does."""
    encoding = ENCODINGS[setting % len(ENCODINGS)]
    try:
        taken_apart(RawRecord("testlib", "1", "iso2709", data), library(encoding=encoding))
    except Malformed as malformed:
        _explains(malformed)


def _explains(refusal: Exception, name: str = "") -> None:
    assert str(refusal).removeprefix(name).strip(" :")
    assert str(refusal).startswith(name)


_NAMES: dict[str, Callable[[bytes, int], None]] = {
    "iso2709": _payload("iso2709"),
    "marcxml": _payload("marcxml"),
    "oai_dc": _payload("oai_dc"),
    "dump": _dump,
    "answer": _answer,
    "apart": _apart,
}
_WAYS = tuple(_NAMES.values())

"""A file of MARC as a selector's list: suppliers send records of what they sell, with the price in 020 $c."""

from __future__ import annotations

import io
from collections.abc import Iterator

from harvester.marc_split import MarcXmlPieces, Piece, PieceRefused, iso2709_pieces, iso2709_record, marcxml_piece
from harvester.raw_record import PayloadFormat, RawRecord
from indexer.marc import Marc
from indexer.read import SkipRecord, dialect_in, record_of, taken_apart
from indexer.record import Record
from indexer.transmission import Malformed
from mappings.harvest import Harvest
from mappings.library import Library, Records
from search_api.selecting.given import MAX_CELL, Given, Money, Numbers, Why
from search_api.selecting.numbers import numbers
from search_api.selecting.prices import money

SUPPLIER = Library(
    code="list",
    name={"zh-Hant": "書單", "en": "List"},
    region="list",
    kind="special",
    harvest=Harvest(protocol="marc-dump", files=("list",)),
    records=Records(holdings="none"),
)
"""What the records of a list are read as: no member's, and without copies."""

PRICE = {"marc21": ("020", "c"), "unimarc": ("010", "d")}


def marc_lines(data: bytes, kind: PayloadFormat, currency: str) -> Iterator[Given]:
    """The records of a file, each a line; one that cannot be read is a line that says why."""
    stream = io.BytesIO(data)
    pieces = MarcXmlPieces(stream) if kind == "marcxml" else iso2709_pieces(stream)
    number = 0
    for piece in pieces:
        if not piece.data:
            continue
        number += 1
        try:
            payload = _payload(piece, pieces)
            marc = taken_apart(RawRecord(SUPPLIER.code, str(number), kind, payload), SUPPLIER)
            dialect = dialect_in(marc, SUPPLIER)
            raw = RawRecord(SUPPLIER.code, str(number), kind, payload)
            record = record_of(marc, dialect, raw, SUPPLIER)
        except (PieceRefused, Malformed, SkipRecord) as exc:
            yield Given(number, number, "", why=Why.BROKEN_RECORD, detail=str(exc)[:300])
            continue
        yield of_record(record, number, _price(marc, dialect, currency))


def _payload(piece: Piece, pieces: object) -> bytes:
    if piece.refusal:
        raise PieceRefused(piece.refusal)
    if isinstance(pieces, MarcXmlPieces):
        return marcxml_piece(piece, pieces.wrapped(piece)).payload
    return iso2709_record(piece.data).payload


def of_record(record: Record, number: int, price: Money | None) -> Given:
    """What a record says, as a line."""
    title = record.title
    shown = " ".join(filter(None, (title.proper, title.part_number, title.part_name))) if title else ""
    isbns, issns = record.numbers("isbn"), record.numbers("issn")
    wrong = record.numbers("isbn", valid=False)
    first = next((i for i in record.identifiers if i.kind == "isbn" and i.valid), None)
    stated = Numbers(
        isbns,
        issns[0] if issns and not isbns else "",
        qualifier=first.qualifier if first else "",
        volume=first.volume if first else "",
    )
    if not isbns and wrong and (found := numbers(wrong[0])).why:
        stated = found
    return Given(
        number,
        number,
        (shown or record.local_id)[:MAX_CELL],
        stated,
        title=shown[:MAX_CELL],
        creator=next((agent.name for agent in record.agents), "")[:MAX_CELL],
        publisher=next((imprint.publisher for imprint in record.imprints if imprint.publisher), "")[:MAX_CELL],
        year=record.year,
        price=price,
        why=None if stated.isbns or stated.issn or shown else stated.why or Why.NO_NUMBER,
        record=record,
    )


def _price(marc: Marc, dialect: str, currency: str) -> Money | None:
    tag, code = PRICE[dialect]
    texts = (text for field in marc.fields(tag) for at, text in field.subfields if at == code)
    return next((found for text in texts if (found := money(text, currency))), None)

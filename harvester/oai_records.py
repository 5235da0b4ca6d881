"""The records of an OAI-PMH page, each to a raw record or to quarantine, and whether it was asked for at all."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from lxml import etree

from harvester.marc_rules import Suppression, from_oai_marc, is_hollow, is_oai_marc, joined, suppressed
from harvester.marcxml import child_text, children, is_empty, local_name, says_deleted, serialised, text_of
from harvester.oai_pieces import OaiPiece
from harvester.raw_record import PayloadFormat, Quarantined, RawRecord
from harvester.strict_xml import REPLACEMENT, XmlRefused, root_of

FORMATS: dict[str, PayloadFormat] = {"record": "marcxml", "dc": "oai_dc"}  # by the metadata's root element
NAMELESS = "#"  # begins the name of a record that came without identifier
FOREIGN = "neither MARCXML nor Dublin Core"
CLOCKS_DIFFER = timedelta(days=1)  # more than any time zone taken for UTC


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list was asked to hold, so that strangers in it are known for such."""

    set: str = ""
    since: datetime | None = None

    def is_stranger(self, header: etree._Element) -> bool:
        """Whether a record lies outside; what a header does not say does not count against it.

        A datestamp later than asked for is none: some servers select by one date and show another.
        """
        if self.set:
            sets = [text_of(element) for element in children(header, "setSpec")]
            if sets and not any(name == self.set or name.startswith(f"{self.set}:") for name in sets):
                return True
        stamp = None if self.since is None else instant(child_text(header, "datestamp"))
        return stamp is not None and self.since is not None and stamp < self.since - CLOCKS_DIFFER


EVERYTHING = Asked()


@dataclass(frozen=True, slots=True)
class Reading:
    """What is needed to read the records of one library."""

    library: str
    now: datetime
    asked: Asked = EVERYTHING
    suppressions: tuple[Suppression, ...] = ()


def instant(text: str) -> datetime | None:
    """A UTCdatetime, to the second or the day; absent when it is neither. Without a zone it is taken as UTC."""
    try:
        value = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def read_records(
    elements: Iterable[etree._Element], reading: Reading
) -> tuple[tuple[RawRecord, ...], tuple[Quarantined, ...], int]:
    """The records, those that cannot be read, and how many of all were not asked for."""
    records: list[RawRecord] = []
    refused: list[Quarantined] = []
    strangers = 0
    for at, element in enumerate(elements, 1):
        header = next(children(element, "header"), None)
        item = _record(element, header, reading)
        if isinstance(item, RawRecord):
            records.append(item)
        else:
            refused.append(_placed(item, at))
        if reading.asked is not EVERYTHING and header is not None:
            strangers += reading.asked.is_stranger(header)
    return tuple(records), tuple(refused), strangers


def read_pieces(
    pieces: Iterable[OaiPiece], reading: Reading
) -> tuple[tuple[RawRecord, ...], tuple[Quarantined, ...], int, int]:
    """The same of a page that had to be taken apart, and how many places were mended.

    What was mended is kept as it was sent.
    """
    records: list[RawRecord] = []
    refused: list[Quarantined] = []
    strangers = repairs = 0
    for at, piece in enumerate(pieces, 1):
        try:
            element, mended = piece.read()
            found, hollow, strange = read_records([element], reading)
            names = [one.identifier for one in found] + [one.identifier for one in hollow]
            if mended and any(REPLACEMENT in name for name in names):
                raise XmlRefused("bytes of its identifier are damaged")
        except XmlRefused as exc:
            name = piece.likely_identifier or _nameless(piece.data)
            item = Quarantined(reading.library, name, "harvest", "", str(exc), reading.now, piece.data)
            refused.append(_placed(item, at))
            continue
        if mended:
            found = tuple(replace(one, payload=_as_sent(piece) or one.payload) if one.payload else one for one in found)
        records += found
        refused += (_placed(one, at) for one in hollow)
        strangers += strange
        repairs += mended
    return tuple(records), tuple(refused), strangers, repairs


def _placed(item: Quarantined, at: int) -> Quarantined:
    """A refused record, with its place on the page where it has no name to be found by."""
    return replace(item, field=f"record {at}") if item.identifier.startswith(NAMELESS) else item


def _as_sent(piece: OaiPiece) -> bytes | None:
    """What its metadata hold as it was sent; None where that is not one record as those who read it know it."""
    data = piece.payload()
    if data is None:
        return None
    root, _ = root_of(data)
    one = local_name(root) in FORMATS or (local_name(root) == "collection" and len(list(children(root, "record"))) == 1)
    return data if one else None


def read_record(element: etree._Element, reading: Reading) -> RawRecord | Quarantined:
    """One record."""
    return _record(element, next(children(element, "header"), None), reading)


def header_of(header: etree._Element) -> tuple[str, bool]:
    """The identifier a header gives, "" when none, and whether it says that the record is deleted."""
    return child_text(header, "identifier"), (header.get("status") or "").strip().lower() == "deleted"


def _record(element: etree._Element, header: etree._Element | None, reading: Reading) -> RawRecord | Quarantined:
    library = reading.library
    identifier, deleted = ("", False) if header is None else header_of(header)
    if header is None or not identifier:
        found = serialised(element)
        return Quarantined(library, _nameless(found), "harvest", "header", "it has no identifier", reading.now, found)
    datestamp = child_text(header, "datestamp")
    metadata = next(children(element, "metadata"), None)
    payload = None if metadata is None or deleted else _payload(metadata)
    if not deleted and payload is not None:
        deleted = says_deleted(payload) or suppressed(payload, reading.suppressions)
    if deleted:
        return RawRecord(library, identifier, "marcxml", b"", deleted=True, datestamp=datestamp)
    if payload is None:
        return RawRecord(library, identifier, "marcxml", b"", datestamp=datestamp)  # without metadata
    name = local_name(payload)
    if name not in FORMATS:
        reason = f"its metadata is <{name}>, {FOREIGN}"
    elif is_empty(payload):
        reason = "it holds no field"
    elif name == "record" and is_hollow(payload):
        reason = "it has neither control number nor title; the version there was is kept"
    else:
        return RawRecord(library, identifier, FORMATS[name], serialised(payload), datestamp=datestamp)
    return Quarantined(library, identifier, "harvest", "", reason, reading.now, serialised(payload))


def _nameless(data: bytes) -> str:
    """What a record without identifier is called: a position would say nothing from page to page."""
    return f"{NAMELESS}{hashlib.sha256(data).hexdigest()[:12]}"


def _payload(metadata: etree._Element) -> etree._Element | None:
    """The one record within a metadata element, a collection around it taken off, its holdings records joined to it."""
    inside = [child for child in metadata if isinstance(child.tag, str)]
    if len(inside) == 1 and local_name(inside[0]) == "collection":
        records = list(children(inside[0], "record"))
        return joined(records) if records else inside[0]
    if len(inside) > 1 and all(local_name(child) == "record" for child in inside):
        return joined(inside)
    first = next(iter(inside), None)
    return from_oai_marc(first) if first is not None and is_oai_marc(first) else first

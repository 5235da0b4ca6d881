"""One answer to an SRU searchRetrieve request → records and how many there are (SRU 1.1, 1.2 and 2.0)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from lxml import etree

from harvester.errors import AccessRefused, AnswerRefused, HarvestFailed, ProtocolFailed
from harvester.http import Answer
from harvester.marcxml import child_text, children, control_number, is_empty, local_name, says_deleted, serialised
from harvester.oai_pieces import data_as_sent
from harvester.oai_records import FORMATS
from harvester.store import Quarantined, RawRecord
from harvester.strict_xml import XmlRefused, root_of

TOO_MANY, OUT_OF_RANGE = "60", "61"
MAY_PASS = {"1", "2"}  # general system error, system temporarily unavailable
FOR_AN_OPERATOR = {"3": "it wants a login", "66": "set harvest.sru.record_schema to one the server has"}
TROUBLES_OF_ONE_RECORD = {"64", "65", "67", "68", "69", "70", "71"}


class ResultTooLarge(HarvestFailed):
    """The server does not give so many records of one query: the part has to be made smaller."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a query found: ``count`` in all, and the records of this answer, ``given`` of them."""

    count: int
    exact: bool  # whether the count is more than an estimate
    given: int
    records: tuple[RawRecord, ...]
    refused: tuple[Quarantined, ...]
    repairs: int
    nameless: int


def found(answer: Answer, library: str, place: str, start: int, now: datetime) -> Found:
    """Reads an answer whose first record is number ``start`` of ``place``, the words for its query.

    Raises: AnswerRefused when it is no answer to searchRetrieve or the server's trouble may pass; ResultTooLarge;
    AccessRefused and ProtocolFailed for diagnostics that will not pass.
    """
    try:
        root, repairs = root_of(answer.body)
    except XmlRefused as exc:
        html = b"<html" in answer.body[:4096].lower()
        raise AnswerRefused(f"{answer.url}: {'an HTML page came instead of records' if html else exc}") from exc
    if local_name(root) != "searchRetrieveResponse":
        raise AnswerRefused(f"{answer.url}: the answer is <{local_name(root)}>, not <searchRetrieveResponse>")
    count = child_text(root, "numberOfRecords")
    for diagnostics in children(root, "diagnostics"):
        for diagnostic in children(diagnostics, "diagnostic"):
            if _number(diagnostic) == OUT_OF_RANGE and start == 1 and count in {"", "0"}:
                count = "0"  # there is not even a first record
                continue
            _raise(diagnostic, answer.url)
    if not (count.isascii() and count.isdigit()):
        raise AnswerRefused(f"{answer.url}: the answer does not say how many records there are")
    listed = next(children(root, "records"), None)
    elements = [] if listed is None else list(children(listed, "record"))
    items = [_record(element, library, f"{place}@{start + at}", now) for at, element in enumerate(elements)]
    if repairs and len(sent := data_as_sent(answer.body)) == len(items):
        items = [_as_sent(item, data) for item, data in zip(items, sent, strict=True)]
    refused = tuple(item for item in items if isinstance(item, Quarantined))
    return Found(
        int(count),
        child_text(root, "resultCountPrecision").rpartition("/")[2] in {"", "exact"},
        len(elements),
        tuple(item for item in items if isinstance(item, RawRecord)),
        refused,
        repairs,
        sum(item.identifier.startswith(f"{place}@") for item in refused),
    )


def _as_sent(item: RawRecord | Quarantined, data: bytes) -> RawRecord | Quarantined:
    """A record of an answer that had to be mended as it was sent, where that had to be mended: in which character set
    its bytes are is not for harvesting to say."""
    if isinstance(item, Quarantined) or not item.payload:
        return item
    try:
        _, mended = root_of(data)
    except XmlRefused:
        return item
    return replace(item, payload=data) if mended else item


def _number(diagnostic: etree._Element) -> str:
    return child_text(diagnostic, "uri").rpartition("/")[2]


def _raise(diagnostic: etree._Element, url: str) -> None:
    number = _number(diagnostic)
    words = "; ".join(filter(None, (child_text(diagnostic, "message"), child_text(diagnostic, "details"))))
    said = f"{url}: diagnostic {number}: {words}"
    if number in {TOO_MANY, OUT_OF_RANGE}:
        raise ResultTooLarge(said)
    if number in FOR_AN_OPERATOR:
        raise AccessRefused(f"{said}; {FOR_AN_OPERATOR[number]}")
    if number in MAY_PASS or number in TROUBLES_OF_ONE_RECORD:
        raise AnswerRefused(said)
    raise ProtocolFailed(said)


def _record(element: etree._Element, library: str, position: str, now: datetime) -> RawRecord | Quarantined:
    data = next(children(element, "recordData"), None)
    stated = child_text(element, "recordIdentifier")
    if data is None:
        return Quarantined(library, stated or position, "harvest", "", "it came without data", now, serialised(element))
    try:
        record = _content(data)
    except XmlRefused as exc:
        return Quarantined(library, stated or position, "harvest", "", str(exc), now, serialised(element))
    name = "" if record is None else local_name(record)
    identifier = (control_number(record) if record is not None else "") or stated
    reason = ""
    if record is None:
        reason = "it came without data"
    elif name == "diagnostic":
        reason = f"the server could not give it: {child_text(record, 'message') or child_text(record, 'details')}"
    elif name not in FORMATS:
        reason = f"it is <{name}>, neither MARCXML nor Dublin Core"
    elif not identifier:
        reason = "it has no control number"
    elif says_deleted(record):
        return RawRecord(library, identifier, "marcxml", b"", deleted=True)
    elif is_empty(record):
        reason = "it holds no field"
    else:
        return RawRecord(library, identifier, FORMATS[name], serialised(record))
    return Quarantined(library, identifier or position, "harvest", "", reason, now, serialised(element))


def _content(data: etree._Element) -> etree._Element | None:
    """The record in recordData, which holds it as XML or as escaped text (recordPacking)."""
    inside = next(iter(data), None)
    if inside is None:
        text = (data.text or "").strip()
        if not text:
            return None
        inside, _ = root_of(text.encode())
    if local_name(inside) == "collection":
        records = list(children(inside, "record"))
        return records[0] if len(records) == 1 else inside
    return inside

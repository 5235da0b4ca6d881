"""One OAI-PMH response → a list of records, or the error it states (OAI-PMH 2.0 §3.2, §3.6, §4.5).

A response is accepted when it is XML by the strict rules, its root is OAI-PMH, and it holds the asked verb or an error.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from lxml import etree

from harvester.errors import AccessRefused, AnswerRefused, ProtocolFailed, TokenRefused
from harvester.http import Answer
from harvester.marcxml import child_text, children, is_empty, local_name, says_deleted, serialised, text_of
from harvester.store import PayloadFormat, Quarantined, RawRecord
from harvester.strict_xml import REPLACEMENT, XmlRefused, root_of

FORMATS: dict[str, PayloadFormat] = {"record": "marcxml", "dc": "oai_dc"}  # by the metadata's root element

_AFTER_THE_END = re.compile(rb"</(?:[\w.-]+:)?OAI-PMH\s*>")

NAMELESS = "#"  # begins the name of a record that came without identifier


@dataclass(frozen=True, slots=True)
class Listed:
    """An accepted ListRecords response; ``token`` is absent at the end of the list."""

    records: tuple[RawRecord, ...]
    refused: tuple[Quarantined, ...]
    token: str | None
    response_date: datetime | None
    cursor: int | None
    complete_list_size: int | None
    repairs: int
    nothing_matches: bool = False  # the server says that no record matches, which is not an error

    @property
    def count(self) -> int:
        return len(self.records) + len(self.refused)

    @property
    def nameless(self) -> int:
        return sum(item.identifier.startswith(NAMELESS) for item in self.refused)


@dataclass(frozen=True, slots=True)
class Identity:
    """What a harvester needs of an Identify response."""

    repository_name: str
    seconds: bool  # whether from and until may be given to the second; else to the day
    deleted_record: str  # no, transient, persistent, or "" when it is not stated


def is_protocol_error(answer: Answer) -> bool:
    """Whether a body states an OAI-PMH error: some servers send those with 4xx or 5xx."""
    return b"OAI-PMH" in answer.body[:4096] and b"<error" in answer.body.replace(b":error", b"<error")


def listed(answer: Answer, library: str, now: datetime) -> Listed:
    """Reads a response to ListRecords.

    Raises: AnswerRefused when it is no response to ListRecords, TokenRefused and ProtocolFailed for errors it states.
    """
    root, repairs = _root(answer)
    response_date = instant(child_text(root, "responseDate"))
    if _raise_errors(root, answer.url):
        return Listed((), (), None, response_date, None, None, repairs, nothing_matches=True)
    body = _only(root, "ListRecords", answer.url)
    records: list[RawRecord] = []
    refused: list[Quarantined] = []
    for element in children(body, "record"):
        item = _record(element, library, now)
        if isinstance(item, RawRecord):
            records.append(item)
        else:
            refused.append(item)
    # The last page has an empty one; a server was seen to send an empty one beside the real one.
    tokens = sorted(children(body, "resumptionToken"), key=lambda element: text_of(element) == "")
    token = tokens[0] if tokens else None
    text = "" if token is None else text_of(token)
    if repairs and REPLACEMENT in text:
        raise AnswerRefused(f"{answer.url}: bytes of the resumption token are damaged")
    return Listed(
        tuple(records),
        tuple(refused),
        text if text != "" else None,  # "0" is a token
        response_date,
        _number(token, "cursor"),
        _number(token, "completeListSize"),
        repairs,
    )


def identity(answer: Answer) -> Identity:
    """Reads a response to Identify; what is not stated gets the cautious value.

    Raises: AnswerRefused, ProtocolFailed.
    """
    root, _ = _root(answer)
    _raise_errors(root, answer.url)
    body = _only(root, "Identify", answer.url)
    seconds = "hh:mm:ss" in child_text(body, "granularity").lower()
    return Identity(child_text(body, "repositoryName"), seconds, child_text(body, "deletedRecord").lower())


def instant(text: str) -> datetime | None:
    """A UTCdatetime, to the second or the day; absent when it is neither. Without a zone it is taken as UTC."""
    try:
        value = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _root(answer: Answer) -> tuple[etree._Element, int]:
    body = answer.body
    try:
        root, repairs = root_of(body)
    except XmlRefused as exc:
        trimmed = _without_junk(body)
        if trimmed == body:
            raise AnswerRefused(f"{answer.url}: {_what_came(body, exc)}") from exc
        try:
            root, repairs = root_of(trimmed)
        except XmlRefused as again:
            raise AnswerRefused(f"{answer.url}: {_what_came(body, again)}") from again
        repairs += 1
    if local_name(root) != "OAI-PMH":
        why = ValueError(f"the answer is <{local_name(root)}>, not OAI-PMH")
        raise AnswerRefused(f"{answer.url}: {_what_came(body, why)}")
    return root, repairs


def _without_junk(body: bytes) -> bytes:
    """The body without notices that programs write before or after it."""
    ends = list(_AFTER_THE_END.finditer(body))
    if not ends:
        return body
    start = body.find(b"<?xml")
    return body[max(start, 0) : ends[-1].end()]


def _what_came(body: bytes, why: Exception) -> str:
    if b"<html" in body[:4096].lower():
        return "an HTML page came instead of records"
    if body.strip() and not _AFTER_THE_END.search(body) and b"OAI-PMH" in body[:4096]:
        return f"the answer is cut off: {why}"
    return str(why)


def _raise_errors(root: etree._Element, url: str) -> bool:
    """Raises what a response states as errors; True when it says that no record matches."""
    stated = [((e.get("code") or "").strip(), text_of(e)) for e in children(root, "error")]
    if not stated:
        return False
    errors = {code.lower() for code, _ in stated}
    words = "; ".join(f"{code or 'an error without code'}: {text}" if text else code for code, text in stated)
    if "badresumptiontoken" in errors:
        raise TokenRefused(f"{url}: {words}")
    if "norecordsmatch" in errors:
        return True
    if "cannotdisseminateformat" in errors:
        raise AccessRefused(f"{url}: {words}; set harvest.metadata_prefix to one the server has")
    if errors & {"badargument", "badverb", "nosethierarchy", "iddoesnotexist", "nometadataformats"}:
        raise ProtocolFailed(f"{url}: {words}")
    raise AnswerRefused(f"{url}: {words}")  # unknown codes are troubles of the server's own, and may pass


def _record(element: etree._Element, library: str, now: datetime) -> RawRecord | Quarantined:
    header = next(children(element, "header"), None)
    identifier = "" if header is None else child_text(header, "identifier")
    if header is None or not identifier:
        found = serialised(element)
        name = f"{NAMELESS}{hashlib.sha256(found).hexdigest()[:12]}"  # a position says nothing from page to page
        return Quarantined(library, name, "harvest", "header", "it has no identifier", now, found)
    datestamp = child_text(header, "datestamp")
    deleted = (header.get("status") or "").strip().lower() == "deleted"
    metadata = next(children(element, "metadata"), None)
    payload = None if metadata is None or deleted else _payload(metadata)
    if deleted or (payload is not None and says_deleted(payload)):
        return RawRecord(library, identifier, "marcxml", b"", deleted=True, datestamp=datestamp)
    if payload is None:
        return RawRecord(library, identifier, "marcxml", b"", datestamp=datestamp)  # without metadata
    name = local_name(payload)
    if name not in FORMATS:
        reason = f"its metadata is <{name}>, neither MARCXML nor Dublin Core"
    elif is_empty(payload):
        reason = "it holds no field"
    else:
        return RawRecord(library, identifier, FORMATS[name], serialised(payload), datestamp=datestamp)
    return Quarantined(library, identifier, "harvest", "", reason, now, serialised(payload))


def _payload(metadata: etree._Element) -> etree._Element | None:
    """The one record within a metadata element, a collection around it taken off."""
    inside = next(iter(metadata), None)
    if inside is not None and local_name(inside) == "collection":
        records = list(children(inside, "record"))
        return records[0] if len(records) == 1 else inside
    return inside


def _only(root: etree._Element, verb: str, url: str) -> etree._Element:
    found = next(children(root, verb), None)
    if found is None:
        names = ", ".join(f"<{local_name(child)}>" for child in root) or "nothing"
        raise AnswerRefused(f"{url}: the answer holds {names}, not <{verb}>")
    return found


def _number(element: etree._Element | None, name: str) -> int | None:
    text = "" if element is None else (element.get(name) or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None

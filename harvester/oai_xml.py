"""One OAI-PMH response → a list of records, or the error it states (OAI-PMH 2.0 §3.2, §3.6, §4.5).

A response is accepted when it is XML by the strict rules, its root is OAI-PMH, and it holds the asked verb or an error.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime

from lxml import etree

from harvester.errors import AnswerRefused, ArgumentRefused, FormatRefused, ProtocolFailed, TokenRefused
from harvester.http import Answer
from harvester.marcxml import child_text, children, local_name, text_of
from harvester.oai_frame import frame_of, strange
from harvester.oai_pieces import OaiPiece, apart
from harvester.oai_records import NAMELESS, Reading, header_of, instant, read_pieces, read_record, read_records
from harvester.oai_signs import last_end, sign_of
from harvester.raw_record import Quarantined, RawRecord
from harvester.strict_xml import REPLACEMENT, XmlRefused, root_of

_BEGINNING = re.compile(rb"<\?xml|<(?:[\w.-]+:)?OAI-PMH[\s>]")


@dataclass(frozen=True, slots=True)
class ListPage:
    """An accepted page of a list; ``token`` is absent at the end of the list."""

    names: tuple[str, ...]  # of all it lists, in its order
    token: str | None
    response_date: datetime | None
    cursor: int | None
    complete_list_size: int | None
    repairs: int
    nothing_matches: bool  # the server says that no record matches, which is not an error
    odd: (
        str  # what stands on the page and does not belong there, in words: records may be missing; "" when nothing does
    )
    sign: str  # … and what shows that its writer may have broken down behind it
    strangers: int  # listed though nobody asked for them

    @property
    def count(self) -> int:
        return len(self.names)

    @property
    def nameless(self) -> int:
        return sum(name.startswith(NAMELESS) for name in self.names)


@dataclass(frozen=True, slots=True)
class Listed(ListPage):
    """A page of ListRecords."""

    records: tuple[RawRecord, ...]
    refused: tuple[Quarantined, ...]


@dataclass(frozen=True, slots=True)
class Headers(ListPage):
    """A page of ListIdentifiers."""

    live: tuple[str, ...]
    deleted: tuple[RawRecord, ...]


@dataclass(frozen=True, slots=True)
class Identity:
    """What an Identify response says; "" for what it does not state."""

    repository_name: str
    seconds: bool  # whether from and until may be given to the second; else to the day
    deleted_record: str  # no, transient, persistent
    base_url: str
    repository_identifier: str  # of the oai-identifier description
    earliest_datestamp: str
    response_date: datetime | None


@dataclass(frozen=True, slots=True)
class Format:
    """A metadata format a server offers."""

    prefix: str
    namespace: str


def is_protocol_error(answer: Answer) -> bool:
    """Whether a body states an OAI-PMH error: some servers send those with 4xx or 5xx."""
    return b"OAI-PMH" in answer.body[:4096] and b"<error" in answer.body.replace(b":error", b"<error")


def listed(answer: Answer, reading: Reading) -> Listed:
    """Reads a response to ListRecords.

    Raises: AnswerRefused when it is no response to ListRecords, and for errors it states TokenRefused,
    ArgumentRefused, FormatRefused or ProtocolFailed.
    """

    parsed, refusal = _parsed(answer)
    taken = None if parsed is not None and not parsed[1] else _taken_apart(answer)
    if taken is not None:
        frame, pieces = taken
        records, refused, strangers, mended = read_pieces(pieces, reading)
        facts = _list_page(frame, answer, "ListRecords", "record")[1]
        token, date, cursor, size, repairs, nothing, odd, sign = facts
        odd = odd or ("" if all(piece.is_closed for piece in pieces) else "a record that does not end as one")
        facts = (token, date, cursor, size, repairs + mended, nothing, odd, sign)
        return _listed(records, refused, facts, strangers)
    if parsed is None:
        raise refusal
    elements, facts = _list_page(parsed, answer, "ListRecords", "record")
    records, refused, strangers = read_records(elements, reading)
    return _listed(records, refused, facts, strangers)


def _listed(records: tuple[RawRecord, ...], refused: tuple[Quarantined, ...], facts: _Facts, strangers: int) -> Listed:
    names = tuple(record.identifier for record in records) + tuple(item.identifier for item in refused)
    return Listed(names, *facts, strangers, records, refused)


def _parsed(answer: Answer) -> tuple[_Parsed | None, AnswerRefused]:
    """The root of an answer and how often it was mended; absent, with the reason, when it is none."""
    try:
        return _root(answer), AnswerRefused()
    except AnswerRefused as exc:
        return None, exc


def _taken_apart(answer: Answer) -> tuple[_Parsed, list[OaiPiece]] | None:
    """The frame of a page that is not well-formed, and its records; absent where no record can be told in it."""
    body = _without_junk(answer.body)
    taken = apart(body)
    frame = None if taken is None else _parsed(replace(answer, body=taken[0]))[0]
    if taken is None or frame is None:
        return None
    return (frame[0], frame[1] + (body.strip() != answer.body.strip())), taken[1]


def headers(answer: Answer, reading: Reading) -> Headers:
    """Reads a response to ListIdentifiers; headers without identifier are left out, as they name nothing.

    Raises: as ``listed``.
    """

    elements, facts = _list_page(_root(answer), answer, "ListIdentifiers", "header")
    live: list[str] = []
    deleted: list[RawRecord] = []
    for element in elements:
        name, gone = header_of(element)
        if gone and name:
            stamp = child_text(element, "datestamp")
            deleted.append(RawRecord(reading.library, name, "marcxml", b"", deleted=True, datestamp=stamp))
        elif name:
            live.append(name)
    names = (*live, *(record.identifier for record in deleted))
    strangers = sum(reading.asked.is_stranger(element) for element in elements)
    return Headers(names, *facts, strangers, tuple(live), tuple(deleted))


def got(answer: Answer, reading: Reading) -> RawRecord | Quarantined | None:
    """Reads a response to GetRecord; absent when the server has no such record.

    Raises: as ``listed``.
    """
    root, repairs = _root(answer)
    if "iddoesnotexist" in _errors(root):
        return None
    _raise_errors(root, answer.url)
    body = _only(root, "GetRecord", answer.url)
    taken = _taken_apart(answer) if repairs else None
    if taken is not None and len(taken[1]) == 1:  # what was mended is kept as it was sent
        records, refused, _, _ = read_pieces(taken[1], reading)
        return records[0] if records else refused[0]
    element = next(children(body, "record"), None)
    if element is None and (odd := ", ".join(strange(body, (), answer.url))):
        raise AnswerRefused(f"{answer.url}: the answer holds {odd}, not a record")  # nor does it say that there is none
    return None if element is None else read_record(element, reading)


def identity(answer: Answer) -> Identity:
    """Reads a response to Identify; what is not stated gets the cautious value.

    Raises: AnswerRefused, ProtocolFailed.
    """
    root, _ = _root(answer)
    _raise_errors(root, answer.url)
    body = _only(root, "Identify", answer.url)
    own = [element for described in children(body, "description") for element in children(described, "oai-identifier")]
    return Identity(
        repository_name=child_text(body, "repositoryName"),
        seconds="hh:mm:ss" in child_text(body, "granularity").lower(),
        deleted_record=child_text(body, "deletedRecord").lower(),
        base_url=child_text(body, "baseURL"),
        repository_identifier=child_text(own[0], "repositoryIdentifier") if own else "",
        earliest_datestamp=child_text(body, "earliestDatestamp"),
        response_date=instant(child_text(root, "responseDate")),
    )


def formats(answer: Answer) -> tuple[Format, ...]:
    """Reads a response to ListMetadataFormats.

    Raises: AnswerRefused, ProtocolFailed.
    """
    root, _ = _root(answer)
    _raise_errors(root, answer.url)
    offered = children(_only(root, "ListMetadataFormats", answer.url), "metadataFormat")
    return tuple(Format(child_text(one, "metadataPrefix"), child_text(one, "metadataNamespace")) for one in offered)


def sets(answer: Answer) -> tuple[tuple[str, ...], str | None]:
    """Reads a response to ListSets: the specs of the sets, and the token of the next page.

    Raises: AnswerRefused, ProtocolFailed.
    """
    root, _ = _root(answer)
    if "nosethierarchy" in _errors(root):
        return (), None
    _raise_errors(root, answer.url)
    _only(root, "ListSets", answer.url)
    frame = frame_of(root, "ListSets", "set", answer.url)
    return tuple(child_text(one, "setSpec") for one in frame.elements), _token(frame.token)


_Facts = tuple[str | None, datetime | None, int | None, int | None, int, bool, str, str]
"""What every list page states: token, response date, cursor, size; repairs; whether nothing matches; what is odd; what
shows a breakdown."""


_Parsed = tuple[etree._Element, int]
"""The root of an answer, and how many places had to be mended."""


def _list_page(parsed: _Parsed, answer: Answer, verb: str, element: str) -> tuple[list[etree._Element], _Facts]:
    (root, repairs), url, sign = parsed, answer.url, sign_of(answer)
    response_date = instant(child_text(root, "responseDate"))
    nothing = _raise_errors(root, url)
    if not nothing:
        _only(root, verb, url)
    frame = frame_of(root, verb, element, url)
    if nothing and frame.elements:
        raise AnswerRefused(f"{url}: the answer says that no record matches, and lists some")
    if nothing:
        return [], (None, response_date, None, None, repairs, True, frame.odd, sign)
    text = _token(frame.token)
    if repairs and text is not None and REPLACEMENT in text:
        raise AnswerRefused(f"{url}: bytes of the resumption token are damaged")
    size = _number(frame.token, "completeListSize")
    facts = (text, response_date, _number(frame.token, "cursor"), size, repairs, False, frame.odd, sign)
    return frame.elements, facts


def _token(element: etree._Element | None) -> str | None:
    """The token; a blank one is none, and "0" is one."""
    return None if element is None else text_of(element) or None


def _root(answer: Answer) -> _Parsed:
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
    end = last_end(body)
    if end < 0:
        return body
    start = _BEGINNING.search(body)
    return body[start.start() if start else 0 : end]


def _what_came(body: bytes, why: Exception) -> str:
    if b"<html" in body[:4096].lower():
        return "an HTML page came instead of records"
    if body.strip() and last_end(body) < 0 and b"OAI-PMH" in body[:4096]:
        return f"the answer is cut off: {why}"
    return str(why)


def _errors(root: etree._Element) -> set[str]:
    """The codes of the errors a response states."""
    return {(element.get("code") or "").strip().lower() for element in children(root, "error")}


def _raise_errors(root: etree._Element, url: str) -> bool:
    """Raises what a response states as errors; True when it says that no record matches."""
    stated = [((e.get("code") or "").strip(), text_of(e)) for e in children(root, "error")]
    if not stated:
        return False
    errors = _errors(root)
    words = "; ".join(f"{code or 'an error without code'}: {text}" if text else code for code, text in stated)
    if "badresumptiontoken" in errors:
        raise TokenRefused(f"{url}: {words}")
    if "norecordsmatch" in errors:
        return True
    if "cannotdisseminateformat" in errors:
        raise FormatRefused(f"{url}: {words}; set harvest.metadata_prefix to one the server has")
    if "badargument" in errors:
        raise ArgumentRefused(f"{url}: {words}")
    if errors & {"badverb", "nosethierarchy", "iddoesnotexist", "nometadataformats"}:
        raise ProtocolFailed(f"{url}: {words}")
    raise AnswerRefused(f"{url}: {words}")  # unknown codes are troubles of the server's own, and may pass


def _only(root: etree._Element, verb: str, url: str) -> etree._Element:
    found = next(children(root, verb), None)
    if found is None:
        names = ", ".join(f"<{local_name(child)}>" for child in root) or "nothing"
        raise AnswerRefused(f"{url}: the answer holds {names}, not <{verb}>")
    return found


def _number(element: etree._Element | None, name: str) -> int | None:
    text = "" if element is None else (element.get(name) or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None

"""An OAI-PMH page that is not well-formed, taken apart: only its damaged records suffer, their neighbours are as sent.

A page that had to be mended as a whole would not say which of its records were, and one broken tag would cost all of
them. Records begin where a header follows them, and end where the next begins, so that not even one that is not closed
takes its neighbour along. What is left without them, the frame, has to be well-formed as any page: a body that was cut
off is none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from harvester.strict_xml import XmlRefused, root_of

_PREFIX = rb"(?:[A-Za-z_][\w.-]*:)?"
_RECORD = re.compile(
    rb"<%brecord(?:\s[^<>]*)?>(?=(?:\s|<!--(?:[^-]|-[^-]){0,500}-->)*<%bheader[\s>/])" % (_PREFIX, _PREFIX)
)
_END = re.compile(rb"</%b(?:ListRecords|GetRecord)\s*>|<%bresumptionToken[\s>/]" % (_PREFIX, _PREFIX))
_METADATA = re.compile(rb"<%bmetadata(?:\s[^<>]*)?>\s*(<.*)</%bmetadata\s*>" % (_PREFIX, _PREFIX), re.DOTALL)
_RECORD_END = re.compile(rb"</%brecord\s*>" % _PREFIX)
_NOTHING = re.compile(rb"(?:\s|<!--.*?-->|<\?.*?\?>)*", re.DOTALL)
_IDENTIFIER = re.compile(rb"<%bidentifier(?:\s[^<>]*)?>([^<]*)</" % _PREFIX)
_DECLARATION = re.compile(rb"\s*<\?xml[^>]*\?>")
_NAMESPACE = re.compile(rb"\s(xmlns(?::[\w.-]+)?)\s*=\s*(\"[^\"]*\"|'[^']*')")
_START_TAG = re.compile(rb"<[A-Za-z_][\w.:-]*([^>]*?)/?>")
_RECORD_DATA = re.compile(rb"<%brecordData(?:\s[^<>]*)?>(.*?)</%brecordData\s*>" % (_PREFIX, _PREFIX), re.DOTALL)
_PACKED = ((b"&lt;", b"<"), (b"&gt;", b">"), (b"&quot;", b'"'), (b"&apos;", b"'"), (b"&amp;", b"&"))
_WIDE = (b"\xff\xfe", b"\xfe\xff")  # UTF-16, in which no tag is made of these bytes


Namespaces = tuple[tuple[bytes, bytes], ...]


@dataclass(frozen=True, slots=True)
class OaiPiece:
    """One record of a page as it was sent, and what stands around it there."""

    data: bytes
    declaration: bytes
    namespaces: Namespaces

    @property
    def likely_identifier(self) -> str:
        """Its identifier as far as it can be made out without reading it, else ""."""
        found = _IDENTIFIER.search(self.data)
        try:
            return found[1].strip().decode("utf-8") if found and b"&" not in found[1] else ""
        except UnicodeDecodeError:
            return ""

    @property
    def is_closed(self) -> bool:
        """Whether it ends as a record does; else what wrote the page may have broken off in it or behind it."""
        end = self.data
        for match in _RECORD_END.finditer(self.data):
            end = self.data[match.end() :]
        return _NOTHING.fullmatch(end) is not None

    def read(self) -> tuple[etree._Element, int]:
        """The record element, and how many places of it had to be mended.

        Raises: XmlRefused.
        """
        return root_of(self._standing_alone(self.data))

    def payload(self) -> bytes | None:
        """What its metadata hold, as sent, standing alone; None where that cannot be told, even mended."""
        found = _METADATA.search(self.data)
        if found is None:
            return None
        document = self._standing_alone(found[1].rstrip())
        try:
            root_of(document)
        except XmlRefused:
            return None
        return document

    def _standing_alone(self, element: bytes) -> bytes:
        return _as_document(element, self.declaration, self.namespaces)


def _as_document(element: bytes, declaration: bytes, namespaces: Namespaces) -> bytes:
    """An element of a page as a document: with the page's declaration and the namespaces it inherits."""
    start = _START_TAG.match(element)
    own = {name for name, _ in _NAMESPACE.findall(start[1])} if start else set()
    inherited = b"".join(b" %b=%b" % pair for pair in namespaces if pair[0] not in own)
    at = start.start(1) if start else 0
    return declaration + element[:at] + (inherited if start else b"") + element[at:]


def data_as_sent(body: bytes) -> list[bytes]:
    """What each recordData of an answer over SRU holds, as it was sent and standing alone; unpacked where it is text.

    In the order of the answer; empty where the answer is in UTF-16.
    """
    if body.startswith(_WIDE):
        return []
    first = _RECORD_DATA.search(body)
    head = body[: first.start()] if first else b""
    declaration = _DECLARATION.match(head.removeprefix(b"\xef\xbb\xbf"))
    declared = declaration[0].lstrip() if declaration else b""
    namespaces = tuple(dict(_NAMESPACE.findall(head)).items())
    found: list[bytes] = []
    for match in _RECORD_DATA.finditer(body):
        data = match[1].strip()
        if not data.startswith(b"<"):
            for name, character in _PACKED:
                data = data.replace(name, character)
            data = data[at.end() :] if (at := _DECLARATION.match(data)) else data
        found.append(_as_document(data, declared, namespaces))
    return found


def apart(body: bytes) -> tuple[bytes, list[OaiPiece]] | None:
    """The frame of a page and its records; None where no record can be told in it."""
    starts = [] if body.startswith(_WIDE) else [match.start() for match in _RECORD.finditer(body)]
    end = _END.search(body, starts[-1]) if starts else None
    if end is None:
        return None
    head = body[: starts[0]]
    declaration = _DECLARATION.match(head.removeprefix(b"\xef\xbb\xbf"))
    namespaces = tuple(dict(_NAMESPACE.findall(head)).items())
    return head + body[end.start() :], [
        OaiPiece(body[at:until].rstrip(), declaration[0].lstrip() if declaration else b"", namespaces)
        for at, until in zip(starts, [*starts[1:], end.start()], strict=True)
    ]

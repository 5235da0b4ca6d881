"""What a file is by its first bytes, never by its name."""

from __future__ import annotations

import codecs
import re

from harvester.errors import DumpUnusable
from harvester.iso2709 import BETWEEN_RECORDS, FIELD_END, RECORD_END
from harvester.raw_record import PayloadFormat
from harvester.strict_xml import declares_doctype

_FIVE_DIGITS = re.compile(rb"[0-9]{5}")
_BARE_DOCTYPE = re.compile(
    rb"<!DOCTYPE\s+(?![hH][tT][mM][lL])[\w.:-]+(?:\s+(?:SYSTEM|PUBLIC\s+(?:\"[^\"]*\"|'[^']*'))"
    rb"\s+(?:\"[^\"]*\"|'[^']*'))?\s*>"
)
"""A document type that only names a file, which is never fetched: nothing can be declared in it."""
_LISTS_RECORDS = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?(?:ListRecords|GetRecord)[\s>]")
_FIRST_ELEMENT_OR_COMMENT = re.compile(rb"<(?:!--|([A-Za-z_][\w.:-]*)([^<>]*)>)")


def format_of(head: bytes) -> PayloadFormat:
    """What a file is by its first bytes, never by its name.

    Raises: DumpUnusable when it is neither ISO 2709 nor MARCXML.
    """
    start = in_utf8(head).removeprefix(b"\xef\xbb\xbf").lstrip(b" \t" + BETWEEN_RECORDS)
    if not start:
        raise DumpUnusable("the file is empty")
    if start.startswith(b"<"):
        if declares_doctype(start) and not _BARE_DOCTYPE.search(start):
            raise DumpUnusable("the file declares a document type, as HTML pages do and records never")
        root = root_tag(start)
        if root is None:
            raise DumpUnusable(f"no element begins in its first {len(head):,} bytes")
        name = root[1].rpartition(b":")[2]
        if name == b"OAI-PMH" and not _LISTS_RECORDS.search(start):
            raise DumpUnusable("the file is an answer over OAI-PMH that lists no records")
        if name not in {b"collection", b"record", b"OAI-PMH"}:
            raise DumpUnusable(f"the file's root is <{name.decode('utf-8', 'replace')}>, not a MARCXML collection")
        return "marcxml"
    if _FIVE_DIGITS.match(start) or FIELD_END in start or RECORD_END in start:
        return "iso2709"
    raise DumpUnusable("the file is neither ISO 2709 nor MARCXML")


def is_utf16(head: bytes) -> bool:
    """Whether bytes begin with the mark of UTF-16."""
    return head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))


def in_utf8(head: bytes) -> bytes:
    """The first bytes of a file, in UTF-8 where they are in UTF-16."""
    return codecs.getincrementaldecoder("utf-16")("replace").decode(head).encode("utf-8") if is_utf16(head) else head


def root_tag(head: bytes) -> re.Match[bytes] | None:
    """The first element; None when none begins, or only behind a comment that does not end here."""
    at = 0
    while match := _FIRST_ELEMENT_OR_COMMENT.search(head, at):
        if match[1]:
            return match
        end = head.find(b"-->", match.end())
        if end < 0:
            break
        at = end + 3
    return None

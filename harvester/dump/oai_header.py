"""What stands round a record in a file shaped like an answer over OAI-PMH, as library systems publish them."""

from __future__ import annotations

import html
import re

_HEADER = re.compile(
    rb"<((?:[A-Za-z_][\w.-]*:)?)record(?:\s[^<>]*)?>\s*"
    rb"<\1header(?P<facts>[^<>]*)>(?P<inside>.*?)</\1header\s*>",
    re.DOTALL,
)
_NAME = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?identifier[^<>]*>([^<]*)<")
_DELETED = re.compile(rb"\sstatus\s*=\s*[\"']deleted[\"']")


def oai_name(data: bytes) -> tuple[str, bool]:
    """The identifier in the header that a record begins with, "" when it has none, and whether it is deleted."""
    header = _HEADER.match(data)
    name = _NAME.search(header["inside"]) if header else None
    if header is None or name is None:
        return "", False
    text = html.unescape(name[1].decode("utf-8", "replace")).strip()
    return text, _DELETED.search(header["facts"]) is not None

"""Why a library's system did not answer, in the words of the page; the technical words stay beside what is rare."""

from __future__ import annotations

import re

from search_api.texts import Texts

_WORDS = (
    ("late", re.compile(r"\bno (?:answer|connection) within (?P<seconds>[\d.]+) s\b")),
    ("unreachable", re.compile(r"\bcould not be reached\b")),
    ("http", re.compile(r"\banswered HTTP (?P<status>\d{3})\b")),
    ("secret", re.compile(r"\bcannot be entered: (?P<name>[A-Z0-9_]+) is not set\b")),
    ("record", re.compile(r"\bdoes not know record (?P<record>\S+)")),
    ("garbled", re.compile(r"\banswered (?P<what>.+)", re.DOTALL)),
)
"""What connectors say, the likeliest first: `availability.http.ConnectorUnavailable`."""


def failure_in_words(failure: str, t: Texts) -> str:
    """A reason for staff; as it stands where there are no words for it, and in English."""
    for name, pattern in _WORDS:
        if found := pattern.search(failure):
            return t(f"live_failure.{name}", **found.groupdict())
    return failure

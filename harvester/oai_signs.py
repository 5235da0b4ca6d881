"""Signs that what wrote an OAI-PMH page may have broken down, though the page ends as one.

A program that dies after its first records may still close what it has begun. Its last words then stand behind the end,
where they cost nothing but what is not there.
"""

from __future__ import annotations

import re

from harvester.http import Answer

END = re.compile(rb"</(?:[\w.-]+:)?OAI-PMH\s*>")
"""Where a page ends."""

NEAR_THE_END = 64 * 1024  # bytes: most pages end there, and need not be searched whole
SHOWN = 60  # letters of what stands there
_HARMLESS = re.compile(rb"<\?.*?\?>|<!--(?P<said>.*?)-->|^\xef\xbb\xbf", re.DOTALL)
_LAST_WORDS = re.compile(rb"fatal|error|exception|exhausted|out of memory|timed? ?out", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")


def last_end(body: bytes) -> int:
    """Where the last end of a page is over; -1 when there is none."""
    for start in (max(0, len(body) - NEAR_THE_END), 0):
        for match in reversed(list(END.finditer(body, start))):
            return match.end()
    return -1


def sign_of(answer: Answer) -> str:
    """What shows, behind the end of a page or in how it came, that it may not be whole, in words; "" when nothing does.

    Comments and instructions may stand there (XML 1.0 §2.1), unless they tell of an error.
    """
    if answer.odd:
        return answer.odd
    at = last_end(answer.body)
    behind = b"" if at < 0 else _HARMLESS.sub(_said, answer.body[at:]).strip(b"\0\t\n\r ")
    if not behind:
        return ""
    text = re.sub(r"<[^>]*>", " ", behind.decode("utf-8", "replace"))
    return f"behind its end the text {' '.join(text.split())[:SHOWN]!r}"


def kind_of(sign: str) -> str:
    """A sign without what differs each time: its lines and times."""
    return _DIGITS.sub("", sign)


def _said(match: re.Match[bytes]) -> bytes:
    said: bytes = match["said"] or b""
    return said if _LAST_WORDS.search(said) else b""

"""The terms that one uncontrolled heading holds: rivers; lakes; 河川."""

from __future__ import annotations

import re

_SEMICOLON = re.compile(r"\s*[;；]\s*")
_POINT = re.compile(r"\s*、\s*")
_TERM = re.compile(r"[^\s()（）《》「」]{1,12}")
_READ = 2000  # characters
MOST = 100
"""Terms taken of one heading."""


def terms_in(text: str) -> list[str]:
    """The terms of a text, parted by semicolons, and by 、 between short words; the text itself where it is one."""
    if ";" not in text and "；" not in text and "、" not in text:
        return [text]
    found: list[str] = []
    for part in _SEMICOLON.split(text[:_READ]):
        listed = _POINT.split(part)
        found += listed if all(map(_TERM.fullmatch, listed)) else [part]
    return [one for one in found if one][:MOST]

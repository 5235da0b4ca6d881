"""Where call numbers stand on the shelf: the class as decimals, then the author mark, the year, the volume.

857.49 stands before 857.5 and 857.49 875 before 857.49 5513; PL99 before PL2727, and S25 before S3, for cutter numbers
are decimals. A collection (R, 特藏) is a place of its own in each library and counts last.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from indexer.sort_keys import MAX_PLACE_LENGTH, han_in_order

Scheme = Literal["ncsclt", "ddc", "lcc", "other"]
"""Whose order a call number stands in; ``other`` is any other scheme, and none."""

_DECIMAL = re.compile(r"(?:(?P<collection>[^\W\d_]{1,6})\.?\s+)?(?P<number>\d{1,3}(?:\.\d*)?)(?!\d)(?P<rest>.*)")
_LC = re.compile(r"(?P<letters>[A-Za-z]{1,3})\s?(?P<number>\d{1,5})(?P<decimals>\.\d+)?(?P<rest>.*)")
_LC_CLASS = re.compile(r"[A-HJ-NP-VZa-hj-np-vz][A-Za-z]{0,2}\s?\d")
_STEP = re.compile(r"\d+|[^\W\d_]+\d*")
_CAPTION = re.compile(r"(?i:vol|no|pt|bk|bd|copy)(?=\d)|[vc](?=\d)|(?i:v|vol|no|pt|bk|bd|t|c|copy)$")
"""What a number is called; a capital before figures is a cutter number."""

_BETWEEN = " ,;:/("
_CALLED = r"(?:(?<![^\W_])(?i:copy|vol|no|pt|bk|bd|[cvt])\.?\s*|複本\s*|第\s*)"
"""What stands before the number of a volume or copy."""


def shared(text: str, volume: str, copy: str) -> str:
    """What a call number shares with those of other volumes and copies: 857.49 5513 of ``857.49 5513 v.1 c.2``."""
    for part in (copy, volume, copy):
        if part and (match := _last(part).search(text)) is not None and match.start() > 0:
            text = text[: match.start()].rstrip(_BETWEEN)
    return text


@lru_cache(maxsize=4096)
def _last(part: str) -> re.Pattern[str]:
    """A volume or copy where it is the last of a call number, whole, with what it is called: a figure of a class or of
    a year is none."""
    return re.compile(rf"(?:(?<=[{_BETWEEN}])|{_CALLED}){_CALLED}?{re.escape(part)}(?:冊|册|輯|卷|集|本)?\s*\)?\s*$")


def class_in(text: str) -> str:
    """The class that a call number begins with, where its parts are not known; "" when there seems to be none."""
    if match := _DECIMAL.match(text):
        return match["number"]
    return text if _LC_CLASS.match(text) else ""


def is_lc_class(classification: str) -> bool:
    """Whether a class is one of the Library of Congress: letters, then a number."""
    return _LC_CLASS.match(classification) is not None


@lru_cache(maxsize=4096)
def shelf_place(text: str, scheme: Scheme) -> str:
    """The place of a call number on the shelf of a scheme: places sort, character by character, as the shelf does.

    The place of the beginning of a call number is before those of all that begin so. One that is not of the scheme
    stands behind those that are.
    """
    text = text.strip()
    if scheme == "lcc":
        match = _LC.match(text)
        if match is not None:
            number = f"{match['letters'].lower():<3} {match['number']:0>5}{match['decimals'] or ''}"
            return f"{number} {_steps(match['rest'])}".rstrip()[:MAX_PLACE_LENGTH]
    elif match := _DECIMAL.match(text):
        collection = f" {match['collection'].lower()}" if match["collection"] else ""
        return f"{match['number']} {_steps(match['rest'])}".rstrip()[: MAX_PLACE_LENGTH - 10] + han_in_order(collection)
    return f"~{_steps(text)}"[:MAX_PLACE_LENGTH] if text else ""


def _steps(text: str) -> str:
    """What follows a class: whole numbers by size, cutter numbers as decimals, each step before all that go on."""
    return han_in_order(" ".join(filter(None, map(_step, _STEP.findall(text)))))


def _step(step: str) -> str:
    if step.isdecimal():
        return f"{step:0>6}"
    caption = _CAPTION.match(step)
    number = step[caption.end() :] if caption else ""
    return f"{number:0>6}" if number else "" if caption else step.lower()

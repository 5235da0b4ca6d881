"""The tags of fields as a library's file names them: one, or a hundred or ten at once (``5XX``, ``59X``)."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator

_TAG = re.compile(r"[0-9]{3}|[0-9A-Z]{3}|[0-9a-z]{3}")
_RANGE = re.compile(r"[0-9][0-9X]X", re.IGNORECASE)
_DIGITS_AND_X = re.compile(r"[0-9X]*X[0-9X]*", re.IGNORECASE)
_PATH = re.compile(r"(?P<tag>[^$]*)(?:\$[0-9A-Za-z])?")


def _a_tag(text: str) -> str:
    if not _TAG.fullmatch(text) or text.upper() == "LDR" or _DIGITS_AND_X.fullmatch(text):
        raise ValueError("must be the tag of one field, three digits or letters such as 949; not the leader")
    return text


def _a_path(text: str) -> str:
    path = _PATH.fullmatch(text)
    if path is None or not _TAG.fullmatch(path["tag"]) or _DIGITS_AND_X.fullmatch(path["tag"]):
        raise ValueError("must be a tag, or a tag and a subfield such as 999$c")
    return text


def _tag_or_range(text: str) -> str:
    if _RANGE.fullmatch(text):
        return text.upper()
    if not _TAG.fullmatch(text) or text.upper() == "LDR" or _DIGITS_AND_X.fullmatch(text):
        raise ValueError(
            "must be the tag of a field, three digits or letters such as 500, or 5XX for all of 500–599, 59X for all "
            "of 590–599; no subfield, not the leader"
        )
    return text


Tag = Annotated[str, AfterValidator(_a_tag)]
"""The tag of one field."""

FieldPath = Annotated[str, AfterValidator(_a_path)]
"""A control field, or a field and its subfield: ``001``, ``999$c``."""

TagOrRange = Annotated[str, AfterValidator(_tag_or_range)]
"""The tag of one field, or a range of tags in capitals: ``5XX``."""


def tags_in(text: str) -> tuple[str, ...]:
    """The tags that a `TagOrRange` names, in their order."""
    if not _RANGE.fullmatch(text):
        return (text,)
    digits = text.rstrip("Xx")
    width = 3 - len(digits)
    return tuple(f"{digits}{number:0{width}d}" for number in range(10**width))

"""Whom or what an edition suits: children, poor sight, ears instead of eyes, a screen; what is narrowed by in one tap.

Formats, carriers and audiences say most of it; each value here brings together what several of them mean to a reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from indexer.record import Carrier, Edition, Format

FOR_CHILDREN = frozenset({"preschool", "primary", "children", "juvenile"})
"""Audiences of up to thirteen years; teenagers look for their own."""

_PRINT_AND_BRAILLE = re.compile(
    r"雙視|双视|双視|[點点]字(?:與|和|及|、|/|／)?(?:印刷|明眼|墨字|國字|国字)|(?:印刷|明眼字?|墨字)(?:與|和|及|、|/|／)?[點点]字"
    r"|twin[- ]?vision|print\s*(?:/|and|&|-)\s*braille|braille\s*(?:/|and|&|-)\s*print",
    re.IGNORECASE,
)
"""How catalogues say that a book has ordinary letters and braille on the same pages (雙視圖書)."""


_CHILDRENS = re.compile(
    r"juvenile (?:fiction|literature|works|poetry|drama|films)|picture books for children|fairy tales"
    r"|children's (?:stories|poetry)"
    r"|圖畫書|图画书|繪本|绘本|童話|童话|童書|童书|[兒儿]童(?:讀物|读物|故事|小說|小说|文學|文学)|絵本|児童(?:文学|読物)|童話|그림책|동화|아동"
    r"|thiếu nhi|cerita anak|buku anak|หนังสือสำหรับเด็ก",
    re.IGNORECASE,
)
_ABOUT_THEM = re.compile(
    r"history|criticism|study|bibliograph|歷史|历史|評論|评论|研究|教學|教学|書目|书目", re.IGNORECASE
)
"""What tells a book about children's books from one for children."""


def suits(edition: Edition) -> tuple[str, ...]:
    """The codes of ``mappings/tables/suits.toml`` that hold of an edition, in the order of the table."""
    both = any(map(_PRINT_AND_BRAILLE.search, _said(edition)))
    holds = {
        "children": _is_for_children(edition),
        "large_print": Carrier.LARGE_PRINT is edition.carrier or edition.format is Format.LARGE_PRINT,
        "braille": both or edition.carrier is Carrier.BRAILLE or edition.format is Format.BRAILLE,
        "print_braille": both,
        "audio": edition.format is Format.AUDIOBOOK,
        "online": edition.carrier is Carrier.ONLINE,
    }
    return tuple(code for code, holding in holds.items() if holding)


def _is_for_children(edition: Edition) -> bool:
    """By what is coded; where nothing is, as in most catalogues, by its subjects."""
    if edition.format is Format.PICTURE_BOOK or not FOR_CHILDREN.isdisjoint(edition.audience):
        return True
    subjects = (stated.value.text for stated in edition.subjects)
    return any(_CHILDRENS.search(text) and not _ABOUT_THEM.search(text) for text in subjects)


def _said(edition: Edition) -> Iterator[str]:
    """Where records say what letters a book has."""
    for title in edition.titles:
        yield title.value.other
    for stated in (*edition.editions, *edition.extents, *edition.notes):
        yield stated.value
    for series in edition.series:
        yield series.value.title
    for subject in edition.subjects:
        yield subject.value.text

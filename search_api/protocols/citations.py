"""Citations in the usual styles, by a CSL processor (citeproc-py) from styles of our own in ``styles/``.

Every style is there twice: for texts in Latin script and for Chinese, Japanese and Korean, whose names are neither
turned round nor cut to initials and whose punctuation is full width. Which one serves is the edition's matter, not the
reader's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from threading import Lock
from types import SimpleNamespace
from typing import Any

from citeproc import Citation as CiteprocCitation  # type: ignore[import-untyped]
from citeproc import CitationItem, CitationStylesBibliography, CitationStylesStyle
from citeproc.source.json import CiteProcJSON  # type: ignore[import-untyped]
from markupsafe import Markup, escape

from search_api.protocols.csl_json import csl_item
from search_api.protocols.reference import Reference

STYLES_FOLDER = Path(__file__).parent / "styles"
STYLES = {"apa": "APA", "mla": "MLA", "chicago": "Chicago", "gbt7714": "GB/T 7714"}
"""The styles in the order in which pages show them, and what they are called in every language."""

_BEGIN, _END, _JOINS = "\ue000", "\ue001", "\ue002"
"""Marks in what the processor returns: italics, and a word that follows without a space (等)."""
_MARKS = dict.fromkeys(map(ord, (_BEGIN, _END, _JOINS)))
_BEHIND_COLON = re.compile(r"(?<=: )[a-z]")
_EDITION = re.compile(r"\bed(?:ition|n)?\b\.?", re.IGNORECASE)
_ORDINALS = {
    word: f"{number}{ ({1: 'st', 2: 'nd', 3: 'rd'}.get(number, 'th')) }"
    for number, word in enumerate(
        (
            *("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"),
            *("eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth"),
            *("eighteenth", "nineteenth", "twentieth"),
        ),
        1,
    )
}
_ONE_AT_A_TIME = Lock()
"""The processor notes things in a style while it renders: two threads must not use one at once."""


@dataclass(frozen=True, slots=True)
class Citation:
    style: str  # as in `STYLES`
    name: str
    text: str
    html: Markup  # the same with italics; nothing else in it is markup


def cited(one: Reference, day: date) -> tuple[Citation, ...]:
    """A reference in every style; ``day`` is when it is looked at, which GB/T 7714 tells of what is on line."""
    item = _item(one, day)
    return tuple(_citation(style, name, one.cjk, item) for style, name in STYLES.items())


def _citation(style: str, name: str, cjk: bool, item: dict[str, Any]) -> Citation:
    with _ONE_AT_A_TIME:
        bibliography = CitationStylesBibliography(_style(style, cjk), CiteProcJSON([item]), _FORMATTER)
        bibliography.register(CiteprocCitation([CitationItem(item["id"])]))
        rendered = "".join(map(str, bibliography.bibliography()[0]))
    rendered = rendered.replace(f" {_JOINS}", "").replace(_JOINS, "")
    html = escape(rendered).replace(_BEGIN, Markup("<i>")).replace(_END, Markup("</i>"))
    return Citation(style, name, rendered.translate(_MARKS), html)


def _short_edition(statement: str) -> str:
    """A statement of edition as English citations have it: Sixth edition → 6th ed."""
    first, space, rest = statement.strip().partition(" ")
    short = f"{_ORDINALS.get(first.casefold(), first)}{space}{rest}"
    return _EDITION.sub("ed.", short)


def _item(one: Reference, day: date) -> dict[str, Any]:
    """What the styles use of a reference."""
    item = {name: _clean(value) for name, value in csl_item(one).items()}
    item["id"] = "1"
    item["title"] = item.get("title") or "—"
    item["genre"] = one.kind.gbt
    item["medium"] = one.kind.medium_zh if one.cjk else one.kind.medium
    if one.lang == "en":
        item["edition"] = _short_edition(one.edition)
        item["title"] = _BEHIND_COLON.sub(lambda found: found[0].upper(), item["title"])
    if one.goes_on:
        item["issued"] = {"literal": one.years}
    if one.links:
        item["URL"] = one.cited_url
        item["accessed"] = {"date-parts": [[day.year, day.month, day.day]]}
    else:
        item.pop("URL", None)  # a printed book is cited, not the page of a catalogue
    if director := item.pop("director", None):
        item["interviewer"] = director  # citeproc-py knows no director; ours are the only styles that read it
    if performer := item.pop("performer", None):
        item.setdefault("author", performer)
    unused = (
        "contributor",
        "abstract",
        "keyword",
        "note",
        "call-number",
        "title-short",
        "number-of-pages",
        "ISBN",
        "ISSN",
    )
    return {name: value for name, value in item.items() if value and name not in unused}


def _clean(value: Any) -> Any:
    """A value without our marks and without what the processor would take for markup of its own."""
    if isinstance(value, str):
        return value.translate(_MARKS)
    if isinstance(value, dict):
        return {name: _clean(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_clean(one) for one in value]
    return value


@cache
def _style(style: str, cjk: bool) -> Any:
    file = STYLES_FOLDER / f"{style}{'-cjk' if cjk else ''}.csl"
    return CitationStylesStyle(str(file), locale="zh-TW" if cjk else "en-US", validate=False)


class _Marked(str):
    """Text between the marks of italics."""

    __slots__ = ()

    def __new__(cls, text: object) -> _Marked:
        return super().__new__(cls, f"{_BEGIN}{text}{_END}")


_FORMATTER = SimpleNamespace(
    preformat=str,
    Italic=_Marked,
    Oblique=_Marked,
    Bold=str,
    Light=str,
    Underline=str,
    Superscript=str,
    Subscript=str,
    SmallCaps=str,
)
"""How the processor writes: plain text, italics marked; what is markup is decided here, after everything is escaped."""

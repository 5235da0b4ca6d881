"""What a patron typed, as groups of tokens to be found together.

Words stand alone and may occur in any order; neighbouring Chinese, Japanese, Korean or Thai characters and quoted words
form phrases; a leading minus excludes; what looks like a number is also sought as one. Nothing typed is an error.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from indexer.analysis import is_single, parts, tokens
from indexer.identifiers import isbn13, issns, oclc

MAX_TOKENS = 64
"""Tokens of a query that are used; the rest is ignored, so that a pasted page costs no more than a long sentence."""

MAX_LENGTH = 4_000
"""Characters of a query that are read at all."""


@dataclass(frozen=True, slots=True)
class Group:
    """Tokens found next to each other in this order; one is a word. ``numbers`` are other things it may stand for."""

    tokens: tuple[str, ...]
    numbers: tuple[str, ...] = ()  # normal forms: ISBN-13, ISSN, and letters and digits only
    excluded: bool = False


_QUOTED = re.compile(r'(?P<minus>(?<!\S)-)?(?:"([^"]*)"|[“„]([^”“]*)[”“]|「([^」]*)」|『([^』]*)』)')
_DASH_IN_NUMBER = re.compile(r"(?<=[0-9])[‐‑‒–—―−](?=[0-9Xx])")
_ISBN_LIKE = re.compile(r"(?<![\w-])(?:97[89][ -]?)?[0-9](?:[ -]?[0-9]){8}[ -]?[0-9Xx](?![\w-])")
_ISSN_LIKE = re.compile(r"[0-9]{4}-?[0-9]{3}[0-9Xx]")
_OCLC_PREFIX = re.compile(r"\(OCoLC\)|oc[mn]|on(?=[0-9])", re.IGNORECASE)
_NUMBER_LIKE = re.compile(r"[A-Za-z]{0,5}[0-9][0-9-]{4,}[A-Za-z]?")


def compact(text: str) -> str:
    """A number in letters and digits only, capitals: as `number` fields hold it."""
    if text.isascii() and text.isalnum():
        return text.upper()[:64]
    return "".join(c for c in unicodedata.normalize("NFKC", text) if c.isalnum()).upper()[:64]


def numbers(text: str) -> tuple[str, ...]:
    """The normal forms of a text that is one number: ISBN-13 for an ISBN, ISSN digits, and the text itself, compact."""
    forms = [isbn13(text), *(issn.value.replace("-", "") for issn in issns(text) if issn.valid), compact(text)]
    if _OCLC_PREFIX.match(text):
        forms.append(oclc(text))
    return tuple(dict.fromkeys(form for form in forms if form))


def analyse_query(text: str) -> tuple[Group, ...]:
    """The groups of a query in the order typed, none twice; none when it says nothing that could be searched."""
    text = _DASH_IN_NUMBER.sub("-", unicodedata.normalize("NFKC", text[:MAX_LENGTH]))
    left = MAX_TOKENS
    found: dict[Group, None] = {}
    for group in _groups(text):
        kept = Group(group.tokens[:left], group.numbers, group.excluded)
        if kept not in found:
            found[kept] = None
            left -= len(kept.tokens)
        if left <= 0:
            break
    return tuple(found)


def _groups(text: str) -> Iterator[Group]:
    end = 0
    for quoted in _QUOTED.finditer(text):
        yield from _unquoted(text[end : quoted.start()])
        inside = next((part for part in quoted.groups()[1:] if part is not None), "")
        if phrase := tuple(tokens(inside)):
            yield Group(phrase, _as_number(inside.strip()), excluded=bool(quoted["minus"]))
        end = quoted.end()
    yield from _unquoted(text[end:])


def _unquoted(text: str) -> Iterator[Group]:
    end = 0
    for match in _ISBN_LIKE.finditer(text):
        if isbn13(match.group()):
            yield from _words(text[end : match.start()])
            yield Group(tuple(tokens(match.group())), numbers(match.group()))
            end = match.end()
    yield from _words(text[end:])


def _words(text: str) -> Iterator[Group]:
    for chunk in text.split():
        if chunk[0] == "-" and (excluded := tuple(tokens(chunk))):
            yield Group(excluded, _as_number(chunk[1:]), excluded=True)
        elif number := _as_number(chunk):
            yield Group(tuple(tokens(chunk)), number)
        else:
            for part in parts(chunk):
                for together, run in groupby(part, key=is_single):
                    stretch = tuple(run)
                    yield from [Group(stretch)] if together else map(Group, zip(stretch, strict=True))


def _as_number(chunk: str) -> tuple[str, ...]:
    if _ISSN_LIKE.fullmatch(chunk) or _NUMBER_LIKE.fullmatch(chunk) or isbn13(chunk):
        return numbers(chunk)
    return ()

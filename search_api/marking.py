"""Which parts of a title are what was typed: to be marked where it stands, whatever script or spelling it stands in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from indexer.query_text import Either, Group, Scoped, Sought, analyse_query
from indexer.variants import fold_variants, is_han

Piece = tuple[str, bool]
"""A part of a text, and whether it is what was typed."""

MOST_SOUGHT = 16
"""Words of a query that are marked; of a pasted page nobody needs all."""

_D = str.maketrans("đĐøØłŁı", "ddoolli")


@dataclass(frozen=True, slots=True)
class Marking:
    """What was typed, ready to be found in titles. Without any nothing is marked."""

    typed: str = ""  # as it was typed
    _pattern: re.Pattern[str] | None = None

    @classmethod
    def of(cls, text: str) -> Marking:
        """The marking of a query; what it excludes, and what it looks for in another field, is not marked."""
        words = list(dict.fromkeys(_words(analyse_query(text))))[:MOST_SOUGHT]
        return cls(text, re.compile("|".join(map(_sought, sorted(words, key=len, reverse=True)))) if words else None)

    def pieces(self, text: str) -> tuple[Piece, ...]:
        """The text in parts, those that are what was typed told apart."""
        found, at = [], 0
        for match in self._pattern.finditer(_folded(text)) if self._pattern else ():
            if match.end() > match.start():
                found += [(text[at : match.start()], False), (text[match.start() : match.end()], True)]
                at = match.end()
        return tuple(piece for piece in (*found, (text[at:], False)) if piece[0])

    def forms(self, texts: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        """How what was typed is written otherwise in some texts, in other forms of its Han characters, each once with
        the language of the text; the texts come with their languages."""
        typed = unicodedata.normalize("NFC", self.typed)
        found: dict[str, str] = {}
        for text, language in texts:
            for form, marked in self.pieces(text):
                if marked and form not in typed and any(map(is_han, form)):
                    found.setdefault(form, language)
        return tuple(found.items())


def _words(asked: Sequence[Sought | Either]) -> Iterable[str]:
    for one in asked:
        match one:
            case Group() if not one.excluded:
                yield from _of_group(one)
            case Scoped() if one.field in {"all", "title"} and not one.excluded:
                yield from _words(analyse_query(one.text, scoped=True))
            case Either():
                for choice in one.choices:
                    yield from _words(choice)


def _of_group(group: Group) -> Iterable[str]:
    """A phrase of characters is one word; Latin words are marked each by itself."""
    if len(group.tokens) > 1 and all(len(token) == 1 for token in group.tokens):
        yield "".join(group.tokens)
    else:
        yield from (token for token in group.tokens if len(token) > 1 or is_han(token))


def _sought(word: str) -> str:
    """A word of letters stands by itself; characters stand anywhere."""
    return re.escape(word) if any(map(is_han, word)) or not word.isascii() else rf"(?<![a-z0-9]){re.escape(word)}"


def _folded(text: str) -> str:
    """A text of the same length in which variants, marks and case are gone, as in what was indexed."""
    return fold_variants("".join(map(_bare, text)))


def _bare(character: str) -> str:
    if character.isascii():
        return character.lower()
    if is_han(character):
        return character
    plain = unicodedata.normalize("NFKD", character)[:1].lower().translate(_D)
    return plain if len(plain) == 1 else character

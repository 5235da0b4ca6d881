"""Which parts of a title are what was typed: to be marked where it stands, whatever script or spelling it stands in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, product

from indexer.query_text import Either, Group, Scoped, Sought, analyse_query
from indexer.readings import hanyu, has_han, spellings
from indexer.variants import fold_variants, is_han

Piece = tuple[str, bool]
"""A part of a text, and whether it is what was typed."""

MOST_SOUGHT = 16
"""Words of a query that are marked; of a pasted page nobody needs all."""

MOST_READINGS = 12
"""Ways to read a query that are looked for."""

_D = str.maketrans("đĐøØłŁı", "ddoolli")


@dataclass(frozen=True, slots=True)
class Marking:
    """What was typed, ready to be found in titles. Without any nothing is marked."""

    typed: str = ""  # as it was typed
    _pattern: re.Pattern[str] | None = None
    _ways: tuple[tuple[str, ...], ...] = ()  # the syllables that what was typed may be, where it may be Chinese

    @classmethod
    def of(cls, text: str) -> Marking:
        """The marking of a query; what it excludes, and what it looks for in another field, is not marked."""
        words = list(dict.fromkeys(_words(analyse_query(text))))[:MOST_SOUGHT]
        pattern = "|".join(map(_sought, sorted(words, key=len, reverse=True)))
        return cls(text, re.compile(pattern) if words else None, _readings(words))

    def pieces(self, text: str) -> tuple[Piece, ...]:
        """The text in parts, those that are what was typed told apart."""
        found, at = [], 0
        for start, end in self._places(text):
            found += [(text[at:start], False), (text[start:end], True)]
            at = end
        return tuple(piece for piece in (*found, (text[at:], False)) if piece[0])

    def _places(self, text: str) -> list[tuple[int, int]]:
        """Where it stands, in order; where it stands nowhere, what reads so."""
        matches = self._pattern.finditer(_folded(text)) if self._pattern else ()
        return [match.span() for match in matches if match.end() > match.start()] or list(_read_so(text, self._ways))

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


def _readings(words: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """The syllables that words in Latin letters or Zhuyin may be together; none when one of them cannot be Chinese, or
    there is but one syllable."""
    ways = [spellings(word) for word in words]
    if not ways or not all(ways):
        return ()
    joined = (tuple(chain.from_iterable(one)) for one in islice(product(*ways), MOST_READINGS))
    return tuple(way for way in dict.fromkeys(joined) if len(way) > 1)


def _read_so(text: str, ways: Sequence[tuple[str, ...]]) -> Iterator[tuple[int, int]]:
    """The first place of a text whose Han characters read so, when each of its characters has a reading."""
    if not ways or not has_han(text):
        return
    places = [place for place, sign in enumerate(text) if is_han(sign)]
    syllables = hanyu(text).split()
    if len(places) != len(syllables):
        return
    for way in ways:
        for first in range(len(syllables) - len(way) + 1):
            start, end = places[first], places[first + len(way) - 1] + 1
            if tuple(syllables[first : first + len(way)]) == way and end - start == len(way):
                yield start, end
                return


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

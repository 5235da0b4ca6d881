"""The mix of searches that `make bench-search` asks, written down: what patrons type, of editions that are there."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from benchmarks.made import AT_ONCE, editions
from indexer.engine import Clause, FacetField, Filter, SearchRequest
from indexer.readings import hanyu
from indexer.record import Edition

FACETS: tuple[FacetField, ...] = ("library", "region", "format", "language", "subject")
SHOWN = 20

STRETCHES = 3
"""Stretches of the made-up editions from which those sought are taken."""


@dataclass(frozen=True, slots=True)
class Query:
    """What is typed or chosen: the parameters of `/api/search`, which the adapter is asked as well."""

    kind: str
    text: str = ""
    library: tuple[str, ...] = ()
    language: tuple[str, ...] = ()

    def request(self) -> SearchRequest:
        """The question to the engine, as `/api/search` asks it: rows of the first twenty, with five facets."""
        filters = (("library", self.library), ("language", self.language))
        return SearchRequest(
            clauses=(Clause(self.text),) if self.text else (),
            filters=tuple(Filter(field, values) for field, values in filters if values),  # type: ignore[arg-type]
            limit=SHOWN,
            facets=FACETS,
            facet_size=SHOWN,
            rows=True,
        )

    def path(self) -> str:
        """The address that asks it over HTTP."""
        if self.kind in SUGGEST:
            return f"/api/suggest?{urlencode([('q', self.text)])}"
        pairs = [("q", self.text)] if self.text else []
        pairs += [("library", code) for code in self.library] + [("language", code) for code in self.language]
        return f"/api/search?{urlencode([*pairs, *(('facet', facet) for facet in FACETS)])}"


MIX: Mapping[str, tuple[int, str]] = {
    # kind: share of a hundred, what a patron does
    "title_words": (20, "two words of a title"),
    "phrase": (14, "the beginning of a Chinese title"),
    "spaced": (8, "two pieces of a Chinese title, a space between"),
    "unspaced": (8, "a piece of a Chinese title and its author, without a space"),
    "creator": (14, "an author, surname last"),
    "identifier": (10, "an ISBN, scanned"),
    "common": (6, "one common word"),
    "filtered": (8, "a common word in three libraries and a language"),
    "pinyin": (6, "how the beginning of a Chinese title reads"),
    "broad": (3, "a language and nothing else: 40 % of the catalogue"),
    "everything": (3, "nothing: the whole catalogue"),
}

SUGGEST: Mapping[str, str] = {
    "one_letter": "suggest: the first two letters or the first character of a title",
    "two_letters": "suggest: three letters, or two characters",
    "half_a_word": "suggest: half of a title",
    "read": "suggest: the first two syllables of a Chinese title, in Pinyin",
}


def mix(count: int, stretches: int, seed: int = 7) -> list[Query]:
    """``count`` searches of editions of an index of so many stretches."""
    dice = random.Random(seed)
    shelf = _shelf(dice, stretches)
    kinds, shares = zip(*((kind, share) for kind, (share, _) in MIX.items()), strict=True)
    return [_QUERIES[kind](dice, shelf) for kind in dice.choices(kinds, shares, k=count)]


def typing(count: int, stretches: int, seed: int = 7) -> list[Query]:
    """``count`` beginnings of titles that editions of such an index have."""
    dice = random.Random(seed)
    shelf = _shelf(dice, stretches)
    return [_begun(dice, shelf, dice.choice(tuple(SUGGEST))) for _ in range(count)]


@dataclass(frozen=True, slots=True)
class _Shelf:
    chinese: tuple[Edition, ...]
    other: tuple[Edition, ...]
    common: tuple[str, ...]  # words, of those most frequent in titles


def _shelf(dice: random.Random, stretches: int) -> _Shelf:
    every = [
        edition for stretch in dice.sample(range(stretches), min(STRETCHES, stretches)) for edition in editions(stretch)
    ]
    return _Shelf(
        tuple(e for e in every if e.languages == ("chi",)), tuple(e for e in every if e.languages != ("chi",)), COMMON
    )


COMMON = ("taiwan", "history", "the", "love", "world", "紅樓", "台灣", "歷史", "文學", "小說", "dream", "story")


def _title(edition: Edition) -> str:
    return edition.title.proper if edition.title else ""


def _title_words(dice: random.Random, shelf: _Shelf) -> Query:
    words = _title(dice.choice(shelf.other)).split()
    return Query("title_words", " ".join(dice.sample(words, min(2, len(words)))))


def _phrase(dice: random.Random, shelf: _Shelf) -> Query:
    return Query("phrase", _title(dice.choice(shelf.chinese))[: dice.choice((2, 3, 4))])


def _spaced(dice: random.Random, shelf: _Shelf) -> Query:
    title = _title(dice.choice(shelf.chinese))
    return Query("spaced", f"{title[:2]} {title[-2:]}")


def _unspaced(dice: random.Random, shelf: _Shelf) -> Query:
    edition = dice.choice(shelf.chinese)
    return Query("unspaced", f"{_title(edition)[:4]}{edition.agents[0].value.name[:3]}")


def _creator(dice: random.Random, shelf: _Shelf) -> Query:
    edition = dice.choice(dice.choice((shelf.chinese, shelf.other)))
    return Query("creator", " ".join(reversed(edition.agents[0].value.name.replace(",", "").split())))


def _identifier(dice: random.Random, shelf: _Shelf) -> Query:
    while True:
        edition = dice.choice(dice.choice((shelf.chinese, shelf.other)))
        if edition.identifiers:
            return Query("identifier", edition.identifiers[0].value.value)


def _common(dice: random.Random, shelf: _Shelf) -> Query:
    return Query("common", dice.choice(shelf.common))


def _filtered(dice: random.Random, shelf: _Shelf) -> Query:
    return Query("filtered", dice.choice(shelf.common), ("m01", "m02", "m05"), (dice.choice(("chi", "eng")),))


def _pinyin(dice: random.Random, shelf: _Shelf) -> Query:
    reading = hanyu(_title(dice.choice(shelf.chinese))[: dice.choice((2, 3, 4))])
    return Query("pinyin", dice.choice((reading, reading.replace(" ", ""))))


def _broad(_: random.Random, __: _Shelf) -> Query:
    return Query("broad", language=("eng",))


def _everything(_: random.Random, __: _Shelf) -> Query:
    return Query("everything")


_QUERIES: Mapping[str, Callable[[random.Random, _Shelf], Query]] = {
    "title_words": _title_words,
    "phrase": _phrase,
    "spaced": _spaced,
    "unspaced": _unspaced,
    "creator": _creator,
    "identifier": _identifier,
    "common": _common,
    "filtered": _filtered,
    "pinyin": _pinyin,
    "broad": _broad,
    "everything": _everything,
}


def _begun(dice: random.Random, shelf: _Shelf, kind: str) -> Query:
    if kind == "read":
        return Query(kind, hanyu(_title(dice.choice(shelf.chinese))[:2]))
    title = _title(dice.choice(dice.choice((shelf.chinese, shelf.other))))
    han = not title.isascii()
    lengths = {"one_letter": 1 if han else 2, "two_letters": 2 if han else 3, "half_a_word": len(title) // 2 + 1}
    return Query(kind, title[: lengths[kind]])


def changes(stretches: int, seed: int = 3) -> Iterator[Edition]:
    """Editions of such an index, one after the other without end, for updates."""
    dice = random.Random(seed)
    while True:
        yield from dice.sample(list(editions(dice.randrange(stretches))), AT_ONCE)

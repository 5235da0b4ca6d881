"""Where each value of a record was read: found by changing the record and reading it again, never by guessing.

A value was read from the subfield, or the character of a fixed field, whose text it changes with. One that no text
changes (a kind, a number of pages) was read from the field it is lost without. One that outlives every single field
stands in several: then each field that states it alone is named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, NamedTuple

from indexer import marc_parts
from indexer.marc import Marc
from indexer.marc_parts import Part, Piece
from indexer.record import Holding, Record

Reader = Callable[[Marc], Record]
"""Reads a record taken apart; what it gives depends on nothing else."""

MAX_READINGS = 5_000
"""Of one record. Beyond, fields are named without subfields."""

_ALTERATIONS = (marc_parts.altered_first, marc_parts.altered_last)
_FROM_ELSEWHERE = frozenset({"library", "identifier", "dialect", "repairs", "replacements"})  # not read from a field
_WHOSE = frozenset({"library", "record", "local_id", "items"})  # of a holding; its items are values of their own


@dataclass(frozen=True, slots=True)
class Origin:
    """A value as read and where it stands: ``titles[0].proper``, 紅樓夢, ``880-01$a``.

    ``sources`` are the fields it was read from, in the record's order: all together, or, when ``each``, any one of them
    alone. Empty: no field says so, the reading takes it for granted.
    """

    name: str
    value: str
    sources: tuple[str, ...]
    each: bool = False


Noun = dict[str, str]
"""What is stated of one thing, by leaf (`proper`, `romanised`); a plain text has the leaf ""."""
Reading = dict[str, list[Noun]]
"""What a record says, by the names of `Record`. ``items`` are those of all holdings."""


class _Value(NamedTuple):
    name: str
    place: int
    leaf: str


class _Loss(NamedTuple):
    """The values that are lost, or others, in another reading. ``outlived``: those whose noun is still there.

    ``along``: those of them that are lost where their noun's own name is another: it is recognised no more.
    """

    values: frozenset[_Value]
    outlived: frozenset[_Value]
    along: frozenset[_Value]


def origins(marc: Marc, read: Reader, ignore: Iterable[str] = ()) -> tuple[Origin, ...]:
    """Every value that a record states, in the order of `Record`, each with the fields it was read from.

    Fields whose tags are ignored take no part. ``read`` is asked some three times for every subfield: some hundredths
    of a second for most records.
    """
    ignored = frozenset(ignore)
    seen = Marc(
        marc.leader,
        [(tag, value) for tag, value in marc.control_fields if tag not in ignored],
        [field for field in marc.data_fields if field.tag not in ignored],
        charset=marc.charset,
    )
    return tuple(_Search(seen, read).origins())


class _Search:
    """One record, and what it says when parts of it are changed."""

    def __init__(self, marc: Marc, read: Reader) -> None:
        self._marc = marc
        self._read = read
        self._readings = 0
        self._whole = self._reading(marc)
        self._parts = marc_parts.parts(marc)
        self._removals: dict[int, list[tuple[Piece, _Loss]]] = {}
        self._alone: dict[int, Reading] = {}
        self._nothing: Reading | None = None

    def origins(self) -> Iterator[Origin]:
        without = [_loss(self._whole, self._reading(marc_parts.without(self._marc, part))) for part in self._parts]
        altered = [[loss for change in _ALTERATIONS for loss in self._losses(part, change)] for part in self._parts]
        single = [name for name, nouns in self._whole.items() if name in _SCALARS and nouns]
        for value in _values(self._whole):
            sources = (
                self._flowing(value, altered)
                or self._needed(value, self._keeping_the_name(value, without))
                or self._flowing(value, altered, along=True)
                or self._needed(value, dict(enumerate(without)))
            )
            each = False
            if not sources and not self._taken_for_granted(value):
                sources, each = self._stated_often(value)
            yield Origin(
                _name(value, several=value.name not in single), self._noun(value)[value.leaf], tuple(sources), each
            )

    def _reading(self, marc: Marc) -> Reading:
        self._readings += 1
        return reading_of(self._read(marc))

    def _noun(self, value: _Value) -> Noun:
        return self._whole[value.name][value.place]

    def _losses(
        self, part: Part, changed: Callable[[Marc, Part, Piece], Marc], marc: Marc | None = None
    ) -> list[tuple[Piece, _Loss]]:
        """What is lost with each piece of a part changed; nothing when too much has been read already."""
        marc = marc or self._marc
        pieces = marc_parts.pieces(marc, part)
        if self._readings + len(pieces) > MAX_READINGS:
            return []
        return [(piece, _loss(self._whole, self._reading(changed(marc, part, piece)))) for piece in pieces]

    def _flowing(
        self, value: _Value, altered: Sequence[Sequence[tuple[Piece, _Loss]]], *, along: bool = False
    ) -> list[str]:
        """The pieces whose text the value changes with; ``along``: those too in which it goes with its noun's name."""
        sources = []
        for part, losses in zip(self._parts, altered, strict=True):
            changed = [p for p, loss in losses if value in loss.outlived and (along or value not in loss.along)]
            if told := list(dict.fromkeys(changed)):
                sources.append(_label(self._marc, part, told))
        return sources

    def _keeping_the_name(self, value: _Value, without: Sequence[_Loss]) -> dict[int, _Loss]:
        """The readings in which what the value is said of is still there by its name: 譯 stands in 200 $g, and not in
        the heading of the translator."""
        name = value._replace(leaf=next(iter(self._noun(value))))
        return {number: loss for number, loss in enumerate(without) if name != value and name not in loss.values}

    def _needed(self, value: _Value, without: Mapping[int, _Loss]) -> list[str]:
        """The fields the value is lost without, and the pieces of them that it alone is lost without."""
        sources = []
        for number, loss in without.items():
            if value in loss.values:
                if number not in self._removals:
                    self._removals[number] = self._losses(self._parts[number], marc_parts.less)
                told = [piece for piece, less in self._removals[number] if value in less.outlived]
                sources.append(_label(self._marc, self._parts[number], told))
        return sources

    def _taken_for_granted(self, value: _Value) -> bool:
        """Whether a record without any field says the same."""
        if self._nothing is None:
            self._nothing = self._reading(marc_parts.only(self._marc, (), leader=False))
        return self._says(self._nothing, value)

    def _stated_often(self, value: _Value) -> tuple[list[str], bool]:
        """The fields that each state the value, and True; or a smallest set that does together, and False."""
        leader = self._parts[0]
        if self._says(self._reading(marc_parts.only(self._marc, ())), value):
            return [self._stating(value, leader)], False
        if not self._alone:
            for number, part in enumerate(self._parts[1:], 1):
                self._alone[number] = self._reading(marc_parts.only(self._marc, [part]))
        alone = [number for number, reading in self._alone.items() if self._says(reading, value)]
        if alone:
            return [self._stating(value, self._parts[number]) for number in alone], len(alone) > 1
        kept = list(self._parts[1:])
        for part in self._parts[:0:-1]:
            fewer = [one for one in kept if one != part]
            if self._readings < MAX_READINGS and self._says(self._reading(marc_parts.only(self._marc, fewer)), value):
                kept = fewer
        return [part.label for part in kept], False

    def _stating(self, value: _Value, part: Part) -> str:
        """A part that states the value by itself, with the pieces that it needs for it."""
        marc = marc_parts.only(self._marc, [part])
        own = marc_parts.parts(marc)[-1]
        pieces = marc_parts.pieces(marc, own) if self._readings < MAX_READINGS else []
        for changes in (_ALTERATIONS, (marc_parts.less,)):
            lost = [p for p in pieces for to in changes if not self._says(self._reading(to(marc, own, p)), value)]
            if lost:
                return _label(self._marc, part, list(dict.fromkeys(lost)))
        return part.label

    def _says(self, reading: Reading, value: _Value) -> bool:
        """Whether a reading states the value, of a thing with the same first leaf."""
        noun = self._noun(value)
        first = next(iter(noun.items()))
        return any(
            other.get(value.leaf) == noun[value.leaf] and first in other.items()
            for other in reading.get(value.name, ())
        )


def _label(marc: Marc, part: Part, told: Sequence[Piece]) -> str:
    """What a part is called when these pieces of it are meant; a control field that is meant whole by its tag alone."""
    whole = part.control and len(told) == len(marc_parts.pieces(marc, part))
    return marc_parts.label(part, () if whole else told)


def values_of(record: Record) -> Iterator[tuple[str, str]]:
    """Every value that a record states, with its name, where the fields it was read from are not at hand any more."""
    reading = reading_of(record)
    for value in _values(reading):
        noun = reading[value.name][value.place]
        yield _name(value, several=value.name not in _SCALARS), noun[value.leaf]


def _name(value: _Value, *, several: bool) -> str:
    place = f"[{value.place}]" if several else ""
    return f"{value.name}{place}{f'.{value.leaf}' if value.leaf else ''}"


def reading_of(record: Record) -> Reading:
    """What a record states, without what it does not."""
    reading: Reading = {}
    for field in fields(record):
        if field.name not in _FROM_ELSEWHERE:
            value = getattr(record, field.name)
            things = value if isinstance(value, tuple) else () if value in (None, field.default) else (value,)
            reading[field.name] = [_noun(thing) for thing in things]
    items = [_noun(item) for holding in record.holdings for item in holding.items]
    return {**reading, "items": items}


def _noun(thing: Any) -> Noun:
    if not is_dataclass(thing):
        return {"": _text(thing)}
    left_out = _WHOSE if isinstance(thing, Holding) else frozenset()
    stated = ((f.name, getattr(thing, f.name), f.default) for f in fields(thing) if f.name not in left_out)
    return {name: _text(value) for name, value, default in stated if value not in (default, "")} or {"": ""}


def _text(value: object) -> str:
    return "yes" if value is True else str(value)


_SCALARS = frozenset(f.name for f in fields(Record) if not str(f.type).startswith("tuple"))


def _values(reading: Reading) -> Iterator[_Value]:
    for name, nouns in reading.items():
        for place, noun in enumerate(nouns):
            for leaf in noun:
                yield _Value(name, place, leaf)


def _loss(before: Reading, after: Reading) -> _Loss:
    values: set[_Value] = set()
    outlived: set[_Value] = set()
    along: set[_Value] = set()
    for name, nouns in before.items():
        others = after.get(name, [])
        if nouns == others:
            continue
        for place, other in _beside(nouns, others).items():
            first = next(iter(nouns[place]))
            renamed = other is not None and other.get(first) != nouns[place][first]
            for leaf, text in nouns[place].items():
                if other is None or other.get(leaf) != text:
                    value = _Value(name, place, leaf)
                    values.add(value)
                    if other is not None or not leaf:
                        outlived.add(value)
                    if renamed and other is not None and leaf not in other:
                        along.add(value)
    return _Loss(frozenset(values), frozenset(outlived), frozenset(along))


def _beside(nouns: Sequence[Noun], others: Sequence[Noun]) -> dict[int, Noun | None]:
    """By place, what each noun that is not there any more has become; None when it is gone."""
    left = list(others)
    changed: list[int] = []
    for place, noun in enumerate(nouns):
        if noun in left:
            left.remove(noun)
        else:
            changed.append(place)
    if len(left) == len(changed):
        return dict(zip(changed, left, strict=True))
    became: dict[int, Noun | None] = {}
    for place in changed:
        alike = [len(nouns[place].items() & other.items()) for other in left]
        best = max(range(len(left)), key=alike.__getitem__, default=None)
        became[place] = left.pop(best) if best is not None and alike[best] else None
    return became

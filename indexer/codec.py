"""`Record` ↔ bytes, faithfully and compactly: JSON of what is stated, compressed with Zstandard.

A record is an object of its non-default fields; the nouns inside it are lists in field order, trailing defaults
left out. So fields may be added at the end of a noun, with a default, without a new `VERSION`.
"""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Iterable, Sequence
from itertools import compress, starmap
from operator import attrgetter, ne
from typing import Any, NamedTuple

import orjson
import zstandard

from indexer.record import (
    Agent,
    Carrier,
    Classification,
    Format,
    Holding,
    Identifier,
    Imprint,
    Item,
    Link,
    Record,
    Series,
    Subject,
    Title,
)

VERSION = b"4"
"""The first byte of every encoded record; changed when old bytes can no longer be read."""


class CodecMismatch(ValueError):
    """These bytes were written by another version of the codec; reading all raw records again makes new ones."""


_NESTED: dict[str, type[Any]] = {
    "titles": Title,
    "agents": Agent,
    "imprints": Imprint,
    "series": Series,
    "subjects": Subject,
    "classifications": Classification,
    "identifiers": Identifier,
    "links": Link,
    "holdings": Holding,
    "items": Item,
}
"""Record and Holding fields that hold tuples of nouns; every other tuple field holds strings."""

_TUPLES = (
    *("notes", "languages", "original_languages", "repairs", "audience", "subtitle_languages", "unread_codes"),
    "intermediate_languages",
)


class _Shape(NamedTuple):
    """How the values of a noun are had all at once, with the default of each."""

    names: tuple[str, ...]
    values: Callable[[Any], tuple[Any, ...]]
    defaults: tuple[Any, ...]
    items: int  # where its items stand, beyond its end when it has none


def _shape(noun: type[Any]) -> _Shape:
    fields = dataclasses.fields(noun)
    names = tuple(field.name for field in fields)
    items = names.index("items") if "items" in names else len(names)
    return _Shape(names, attrgetter(*names), tuple(field.default for field in fields), items)


_RECORD = _shape(Record)
_FIELDS = {noun: _shape(noun) for noun in {*_NESTED.values()}}


def _to_list(noun: Any) -> Sequence[Any]:
    _, values_of, defaults, items = _FIELDS[type(noun)]
    values = values_of(noun)
    length = len(values)
    while length and values[length - 1] == defaults[length - 1]:
        length -= 1
    if items >= length:
        return values[:length]
    return [*values[:items], [_to_list(one) for one in values[items]], *values[items + 1 : length]]


def _reader(noun: type[Any]) -> Callable[[Iterable[Sequence[Any]]], tuple[Any, ...]]:
    """What makes nouns of their values."""
    tuples = [
        (place, _NESTED.get(field.name))
        for place, field in enumerate(dataclasses.fields(noun))
        if str(field.type).startswith("tuple")
    ]
    if not tuples:
        return lambda nouns: tuple(starmap(noun, nouns))
    first = tuples[0][0]
    readers = [(place, _reader(nested) if nested else tuple) for place, nested in tuples]

    def with_tuples(values: Sequence[Any]) -> Any:
        if len(values) > first:
            values = list(values)
            for place, read in readers:
                if place < len(values):
                    values[place] = read(values[place])
        return noun(*values)

    return lambda nouns: tuple(map(with_tuples, nouns))


_READERS = {name: _reader(noun) for name, noun in _NESTED.items()}
_FORMATS: dict[str, Format] = {one.value: one for one in Format}
_CARRIERS: dict[str, Carrier] = {one.value: one for one in Carrier}
"""What asking the class takes ten times as long for."""


class _Zstandard(threading.local):
    """One compressor and decompressor a thread: neither may be shared."""

    def __init__(self) -> None:
        self.compressor = zstandard.ZstdCompressor(level=3, write_content_size=True)
        self.decompressor = zstandard.ZstdDecompressor()


_ZSTANDARD = _Zstandard()


def encode(record: Record) -> bytes:
    """The record as bytes; equal records give equal bytes."""
    values = _RECORD.values(record)
    stated = dict(compress(zip(_RECORD.names, values, strict=True), map(ne, values, _RECORD.defaults)))
    for name in _NESTED:
        if name in stated:
            stated[name] = list(map(_to_list, stated[name]))
    return VERSION + _ZSTANDARD.compressor.compress(orjson.dumps(stated))


def decode(data: bytes) -> Record:
    """The record that `encode` was given.

    Raises: CodecMismatch for bytes of another version, or of none.
    """
    if data[:1] != VERSION:
        raise CodecMismatch(f"written by codec version {data[:1]!r}, this one reads {VERSION!r}")
    try:
        stated = orjson.loads(_ZSTANDARD.decompressor.decompress(data[1:]))
        for name, value in stated.items():
            if name in _NESTED:
                stated[name] = _READERS[name](value)
            elif name in _TUPLES:
                stated[name] = tuple(value)
        if "format" in stated:
            stated["format"] = _FORMATS[stated["format"]]
        if "carrier" in stated:
            stated["carrier"] = _CARRIERS[stated["carrier"]]
        return Record(**stated)
    except (zstandard.ZstdError, orjson.JSONDecodeError, TypeError, ValueError, KeyError) as exc:
        raise CodecMismatch(f"not a record of this version: {exc}") from exc

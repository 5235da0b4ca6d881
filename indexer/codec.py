"""`Record` ↔ bytes, faithfully and compactly: JSON of what is stated, compressed with Zstandard.

A record is an object of its non-default fields; the nouns inside it are lists in field order, trailing defaults
left out. So fields may be added at the end of a noun, with a default, without a new `VERSION`.
"""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Sequence
from operator import attrgetter
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


def _from_list(noun: type[Any]) -> Callable[[Sequence[Any]], Any]:
    tuples = [
        (place, _NESTED.get(field.name))
        for place, field in enumerate(dataclasses.fields(noun))
        if str(field.type).startswith("tuple")
    ]
    if not tuples:
        return lambda values: noun(*values)
    first = tuples[0][0]

    def with_tuples(values: Sequence[Any]) -> Any:
        if len(values) > first:
            values = list(values)
            for place, nested in tuples:
                if place < len(values):
                    values[place] = tuple(nested(*one) for one in values[place]) if nested else tuple(values[place])
        return noun(*values)

    return with_tuples


_READERS = {name: _from_list(noun) for name, noun in _NESTED.items()}


class _Zstandard(threading.local):
    """One compressor and decompressor a thread: neither may be shared."""

    def __init__(self) -> None:
        self.compressor = zstandard.ZstdCompressor(level=3, write_content_size=True)
        self.decompressor = zstandard.ZstdDecompressor()


_ZSTANDARD = _Zstandard()


def encode(record: Record) -> bytes:
    """The record as bytes; equal records give equal bytes."""
    stated: dict[str, Any] = {}
    for name, value, default in zip(_RECORD.names, _RECORD.values(record), _RECORD.defaults, strict=True):
        if value != default:
            stated[name] = list(map(_to_list, value)) if name in _NESTED else value
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
                reader = _READERS[name]
                stated[name] = tuple(reader(values) for values in value)
            elif name in _TUPLES:
                stated[name] = tuple(value)
        if "format" in stated:
            stated["format"] = Format(stated["format"])
        if "carrier" in stated:
            stated["carrier"] = Carrier(stated["carrier"])
        return Record(**stated)
    except (zstandard.ZstdError, orjson.JSONDecodeError, TypeError, ValueError) as exc:
        raise CodecMismatch(f"not a record of this version: {exc}") from exc

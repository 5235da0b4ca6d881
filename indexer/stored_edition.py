"""Edition ↔ the JSON that an index document carries of it and that comes back with every hit.

What has its default value is left out: two thirds of an edition's fields say nothing, and whoever shows twenty hits
reads all of them, items included.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from itertools import compress
from operator import attrgetter, ne
from typing import Any, NamedTuple

import orjson

from indexer.record import (
    Agent,
    Carrier,
    Classification,
    Edition,
    Format,
    Holding,
    Identifier,
    Imprint,
    Item,
    Link,
    Member,
    Series,
    Sourced,
    Subject,
    Title,
)

_VALUES: Mapping[str, type[Any] | None] = {
    "titles": Title,
    "agents": Agent,
    "imprints": Imprint,
    "series": Series,
    "subjects": Subject,
    "classifications": Classification,
    "identifiers": Identifier,
    "links": Link,
    **dict.fromkeys(("responsibilities", "editions", "years", "extents", "notes", "summaries", "contents")),
    **dict.fromkeys(("copyright_years", "original_years")),
}
"""Fields of an edition whose values are sourced, with the noun a value is; None: a text or a number."""

_NOUNS = (Edition, Holding, Item, Member, *(noun for noun in _VALUES.values() if noun))


class _Spared(NamedTuple):
    """The fields of a noun, how their values are had all at once, and their defaults; what a field without one says
    equals none."""

    names: tuple[str, ...]
    values: Callable[[Any], tuple[Any, ...]]
    defaults: tuple[Any, ...]


def _spared(noun: type[Any]) -> _Spared:
    names = tuple(field.name for field in fields(noun))
    return _Spared(names, attrgetter(*names), tuple(field.default for field in fields(noun)))


_SPARED: Mapping[type[Any], _Spared] = {noun: _spared(noun) for noun in _NOUNS}

_TUPLES: Mapping[type[Any], tuple[str, ...]] = {
    noun: tuple(
        field.name
        for field in fields(noun)
        if field.default == () and field.name not in (*_VALUES, "holdings", "items")
    )
    for noun in _NOUNS
}
"""For each noun its fields that are tuples of texts: JSON has lists."""


def stored(edition: Edition) -> str:
    """An edition as its document carries it."""
    told = _told(edition)
    for name, noun in _VALUES.items():
        if name in told and noun is not None:
            told[name] = [{"value": _told(s.value), "libraries": s.libraries} for s in told[name]]
    if edition.holdings:
        told["holdings"] = [_told(holding) for holding in edition.holdings]
        for holding in told["holdings"]:
            if "items" in holding:
                holding["items"] = [_told(item) for item in holding["items"]]
    told["members"] = [_told(member) for member in edition.members]
    return orjson.dumps(told).decode()


def _told(noun: Any) -> dict[str, Any]:
    names, values_of, defaults = _SPARED[type(noun)]
    values = values_of(noun)
    return dict(compress(zip(names, values, strict=True), map(ne, values, defaults)))


def edition(text: str | bytes) -> Edition:
    """The edition that was stored.

    Raises: ValueError when the text is not of this version.
    """
    return _edition(text, _MAKERS, holdings=True)


def row(text: str | bytes) -> Edition:
    """What a row of a list shows of the edition that was stored: titles, names, imprints, years, extents, numbers,
    subjects, classes and who holds it; notes, holdings and the like are left empty. In a third of the time.

    Raises: ValueError when the text is not of this version.
    """
    return _edition(text, _ROW_MAKERS, holdings=False)


def _edition(text: str | bytes, makers: Mapping[str, Callable[[Any], Any]], *, holdings: bool) -> Edition:
    try:
        told = orjson.loads(text)
        for name in _VALUES:
            if (values := told.pop(name, None)) and (make := makers.get(name)):
                told[name] = tuple([Sourced(make(s["value"]), tuple(s["libraries"])) for s in values])
        of_holdings = told.pop("holdings", ())
        if holdings:
            told["holdings"] = tuple([_holding(**one) for one in of_holdings])
        told["members"] = tuple([Member(**member) for member in told["members"]])
        for name in _TUPLES[Edition]:
            if name in told:
                told[name] = tuple(told[name])
        for name, code in (("format", Format), ("carrier", Carrier)):
            if name in told:
                told[name] = code(told[name])
        return Edition(**told)
    except (KeyError, TypeError, AttributeError, orjson.JSONDecodeError) as exc:
        raise ValueError(f"not an edition of this version: {exc!r}") from exc


def _holding(items: Sequence[Mapping[str, str]] = (), **told: str) -> Holding:
    return Holding(**told, items=tuple([Item(**item) for item in items]))


def _maker(noun: type[Any] | None) -> Callable[[Any], Any]:
    """What makes a value of what is told of it."""
    if noun is None:
        return _as_it_is
    lists = _TUPLES[noun]

    def make(told: dict[str, Any]) -> Any:
        for name in lists:
            if name in told:
                told[name] = tuple(told[name])
        return noun(**told)

    return make


def _as_it_is(value: Any) -> Any:
    return value


_MAKERS = {name: _maker(noun) for name, noun in _VALUES.items()}

_ROW_MAKERS = {
    name: _MAKERS[name]
    for name in (
        "titles",
        "agents",
        "responsibilities",
        "editions",
        "imprints",
        "years",
        "extents",
        "identifiers",
        "subjects",
        "classifications",
    )
}

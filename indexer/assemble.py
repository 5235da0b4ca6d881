"""Values read one by one → a `Record`: each dialect names its functions in a table, and this puts them together.

The tables (`marc21.FIELDS`, `unimarc.FIELDS`) also say which fields of the record each value is read from, so that a
cataloguer can be told where a mistake stands, and so that no function is called for fields that are not there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from indexer.marc import Marc

LEADER = "LDR"


class Source(NamedTuple):
    """Where a value of `Record` comes from: what reads it, and the fields it looks at.

    ``tags`` are in the order in which they are believed or shown; ``LDR`` is the leader. An 880 is read wherever the
    field it names is. ``part`` names the attribute, where one function reads several values at once.
    """

    function: Callable[[Marc], Any]
    tags: tuple[str, ...]
    part: str = ""


Fields = Mapping[str, Source]
"""The name of a field of `Record` → its source."""

Values = dict[str, Any]
"""Values by the names `Record` gives them."""


class _Plan(NamedTuple):
    """The functions to call for records that call for the same, with the names of what they read."""

    single: tuple[tuple[str, Callable[[Marc], Any]], ...]
    several: tuple[tuple[Callable[[Marc], Any], tuple[tuple[str, str], ...]], ...]
    """Of functions that read several values at once: (name, attribute) of each."""


def assembler(fields: Fields) -> Callable[[Marc], Values]:
    """What reads everything that a record says of its book, by a table.

    Each function runs once, and only for a record with the leader or one of the fields it looks at; what is not read
    is not among the values: `Record` has it empty.
    """
    calls: dict[Callable[[Marc], Any], int] = {}  # → its place among them, a bit in the masks below
    parts: list[list[tuple[str, str]]] = []
    masks: dict[str, int] = {}
    for name, source in fields.items():
        place = calls.setdefault(source.function, len(calls))
        if place == len(parts):
            parts.append([])
        parts[place].append((name, source.part))
        for tag in source.tags:
            masks[tag] = masks.get(tag, 0) | 1 << place
    always = masks.pop(LEADER, 0)

    @lru_cache(maxsize=4096)
    def planned(mask: int) -> _Plan:
        called = [(function, parts[place]) for function, place in calls.items() if mask & 1 << place]
        return _Plan(
            tuple((named[0][0], function) for function, named in called if not named[0][1]),
            tuple((function, tuple(named)) for function, named in called if named[0][1]),
        )

    def values(marc: Marc) -> Values:
        mask = always
        for tag in marc.tags():
            mask |= masks.get(tag, 0)
        single, several = planned(mask)
        found: Values = {name: function(marc) for name, function in single}
        for function, named in several:
            value = function(marc)
            for name, part in named:
                found[name] = getattr(value, part)
        return found

    return values

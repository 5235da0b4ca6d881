"""Values read one by one → a `Record`: each dialect names its functions in a table, and this puts them together.

The tables (`marc21.FIELDS`, `unimarc.FIELDS`) also say which fields of the record each value is read from, so that a
cataloguer can be told where a mistake stands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from indexer.marc import Marc


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


def assembled(fields: Fields, marc: Marc) -> dict[str, Any]:
    """Everything that a record says of its book, by the names `Record` gives it; each function runs once."""
    whole: dict[Callable[[Marc], Any], Any] = {}
    values: dict[str, Any] = {}
    for name, (function, _, part) in fields.items():
        if not part:
            values[name] = function(marc)
            continue
        if function not in whole:
            whole[function] = function(marc)
        values[name] = getattr(whole[function], part)
    return values

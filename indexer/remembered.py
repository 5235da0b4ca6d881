"""Pure functions of what comes again from record to record: the same subject, name, date, place, extent."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from indexer.marc import Field

K = TypeVar("K", bound="str | tuple[object, ...]")
V = TypeVar("V")

AT_MOST = 8192
"""Values one function remembers. When it has as many it forgets them all: no bookkeeping for each that is found."""
MAX_LENGTH = 400
"""Characters of what a value is remembered of. Longer texts hardly come again, and hostile ones would fill memory."""


class _Memory(dict[K, V]):
    __slots__ = ("_function",)

    def __init__(self, function: Callable[[K], V]) -> None:
        self._function = function

    def __missing__(self, key: K) -> V:
        value = self._function(key)
        if (len(key) if isinstance(key, str) else _length(key)) <= MAX_LENGTH:
            if len(self) >= AT_MOST:
                self.clear()
            self[key] = value
        return value


def remembered(function: Callable[[K], V]) -> Callable[[K], V]:
    """The function, which works out a value once for the many records that need it.

    For pure functions of one text, or of one tuple of texts and such tuples (`Field`, a pair of them), that give what
    nobody changes.
    """
    return _Memory(function).__getitem__


def _length(key: object) -> int:
    if isinstance(key, str):
        return len(key)
    if isinstance(key, Field):
        return sum([len(text) for _, text in key.subfields])
    return sum([_length(part) for part in key if part is not None]) if isinstance(key, tuple) else 0

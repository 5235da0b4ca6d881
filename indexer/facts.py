"""`Profile` ↔ bytes, within one run of one program: for sending facts between processes and keeping many of them."""

from __future__ import annotations

import dataclasses
import marshal
from collections.abc import Callable
from operator import attrgetter
from typing import Any

from indexer.profile import Form, Profile
from indexer.record import Carrier, Format, RecordRef

_To = Callable[[Any], Any]


def _same(value: Any) -> Any:
    return value


def _tuples(forms: tuple[Form, ...]) -> tuple[tuple[str, ...], ...]:
    return tuple(map(tuple, forms)) if forms else ()


def _forms(tuples: tuple[tuple[str, ...], ...]) -> tuple[Form, ...]:
    return tuple(map(Form._make, tuples)) if tuples else ()


_KINDS: dict[str, tuple[_To, _To]] = {
    "RecordRef": (tuple, RecordRef._make),
    "Format": (str, Format),
    "Carrier": (str, Carrier),
    "Form": (tuple, Form._make),
    "tuple[Form, ...]": (_tuples, _forms),
}
"""By the type of a field: how its value is written in what `marshal` knows, and how it is read back."""

_FIELDS = tuple((field.name, *_KINDS.get(str(field.type), (_same, _same))) for field in dataclasses.fields(Profile))
_NAMES = tuple(name for name, _, _ in _FIELDS)
_VALUES = attrgetter(*_NAMES)
_TITLE, _WHOLE = _NAMES.index("title"), _NAMES.index("whole")
_WRITERS = tuple((place, write) for place, (_, write, _) in enumerate(_FIELDS) if write is not _same)
_READERS = tuple((place, read) for place, (_, _, read) in enumerate(_FIELDS) if read is not _same)


def packed(facts: Profile) -> bytes:
    """The facts as bytes; only the same program, running now, reads them."""
    values: list[Any] = [*_VALUES(facts)]
    if facts.whole is facts.title:  # a comparison asks whether they are one
        values[_WHOLE] = ()
    for place, write in _WRITERS:
        values[place] = write(values[place])
    return marshal.dumps(values)


def unpacked(data: bytes) -> Profile:
    """The facts that `packed` was given."""
    values = marshal.loads(data)  # noqa: S302 - written by this very program
    one = not values[_WHOLE]
    if one:
        values[_WHOLE] = values[_TITLE]
    for place, read in _READERS:
        values[place] = read(values[place])
    if one:
        values[_WHOLE] = values[_TITLE]
    return Profile(*values)

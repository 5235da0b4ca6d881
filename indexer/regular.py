"""ISO 2709 as most records are: ASCII or UTF-8, every length right, nothing to be mended. Of any other, nothing.

What `transmission` reads step by step, asking at each whether something is out of order, is here one pass that stops
at the first thing that is; the same record comes out.
"""

from __future__ import annotations

import re
from itertools import accumulate
from operator import add
from struct import Struct

from indexer.marc import Field, Marc
from indexer.mending import may_need_mending
from indexer.remembered import remembered

_MAX_BYTES = 20_000
"""Of longer records fields and subfields are to be counted first."""

_LEADER, _ENTRY = 24, 12
_CONTROL = frozenset(f"00{digit}" for digit in range(10))
COME_AGAIN = frozenset(
    f"{number:03d}" for first, last in ((40, 44), (82, 84), (600, 699)) for number in range(first, last + 1)
) | {
    *("100", "250", "300", "336", "337", "338", "504", "588", "773"),
}
"""Tags of what many records share: codes, classes, names, extents, subjects. Titles, imprints and copies come once."""
_CODES = {chr(code): chr(code) for code in range(0x21, 0x7F)}


INDICATOR_SPELT = re.compile(rb"\x1e(?:[#\\].|.[#\\])\x1f")
"""Blank indicators as manuals and editors show them."""


class _Irregular(ValueError):
    """Something is out of order."""


def regular_marc(data: bytes, encoding: str, ignore: tuple[str, ...], *, mend: bool) -> Marc | None:
    """The record in ISO 2709 bytes, None when anything in it is out of the ordinary."""
    size = len(data)
    ascii_only = data.isascii()
    if (
        size > _MAX_BYTES
        or data.find(b"\x1d") != size - 1
        or data[:5] != b"%05d" % size
        or not (ascii_only or encoding in ("auto", "utf-8"))
        or b"\x1b" in data
        or ((b"#" in data or b"\\" in data) and INDICATOR_SPELT.search(data))
        or (b"&" in data and b"&#x" in data)
        or (mend and may_need_mending(data))
    ):
        return None
    base = data.find(b"\x1e") + 1
    count, rest = divmod(base - 1 - _LEADER, _ENTRY)
    if count <= 0 or rest or data[12:17] != b"%05d" % base or data[-2:] != b"\x1e\x1d":
        return None
    try:
        text = data.decode()
        values = text[base:-2].split("\x1e")
        if ascii_only:
            sizes = list(map(len, values))
        elif data[:base].isascii() and b"\xef\xbf\xbd" not in data:
            sizes = list(map(len, data[base:-2].split(b"\x1e")))
        else:
            return None
        if not _directory_fits(data[_LEADER : base - 1], count, sizes):
            return None
        control: list[tuple[str, str]] = []
        fields: list[Field] = []
        at = _LEADER
        for value in values:
            tag = text[at : at + 3]
            at += _ENTRY
            if tag in COME_AGAIN:
                fields.append(_remembered_field(tag + value))
            elif tag not in _CONTROL:
                fields.append(_field(tag + value))
            elif "\x1f" not in value:
                control.append((tag, value))
            else:
                return None
    except ValueError:  # no UTF-8, or a field is irregular
        return None
    return Marc(text[:_LEADER], control, fields, charset="ascii" if ascii_only else "utf-8", ignore=ignore)


_DIRECTORIES = [Struct("3x4s5s" * count) for count in range(400)]
_LENGTHS = [b"%04d" % (size + 1) for size in range(9_999)]
_PLACES = [b"%05d" % place for place in range(_MAX_BYTES)]


def _directory_fits(directory: bytes, count: int, sizes: list[int]) -> bool:
    """Whether every entry gives the length and the place of the field that stands there, in turn."""
    if count != len(sizes) or count >= len(_DIRECTORIES) or max(sizes) >= len(_LENGTHS):
        return False
    entries = _DIRECTORIES[count].unpack(directory)
    places = map(add, accumulate(sizes, initial=0), range(count))  # each field before ends with its terminator
    return entries[::2] == tuple(map(_LENGTHS.__getitem__, sizes)) and entries[1::2] == tuple(
        map(_PLACES.__getitem__, places)
    )


def _field(text: str) -> Field:
    """A data field from its tag, indicators and subfields.

    Raises: _Irregular.
    """
    if text[5:6] != "\x1f" or text[3] == "\x1f" or not (text.isascii() or text[3:5].isascii()):
        raise _Irregular
    try:
        subfields = tuple([(_CODES[part[0]], part[1:]) for part in text[6:].split("\x1f")])
    except LookupError as exc:  # a subfield without a code, or with one that is none
        raise _Irregular from exc
    return _new_tuple(Field, (text[:3], text[3], text[4], subfields))


_new_tuple = tuple.__new__  # what `Field(…)` calls, without the step between
_remembered_field = remembered(_field)

"""Basic Encoding Rules (ITU-T X.690), as far as Z39.50 uses them: nested tags, integers, booleans, texts, names.

Decoding takes any bytes: what is not BER, or is nested or divided beyond all sense, is a `BerInvalid` and nothing else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass

UNIVERSAL, CONTEXT = 0, 2
MESSAGE_KIND = 0xA0  # the first bits of every message of Z39.50: context, constructed
INTEGER, OCTET_STRING, OID, EXTERNAL, SEQUENCE = 2, 4, 6, 8, 16

MAX_DEPTH = 40  # an OPAC record in a present response is 12 deep
MAX_ELEMENTS = 100_000  # of one message: 2,000 copies are some 40,000
_MAX_TAG_BYTES = 4
_MAX_LENGTH_BYTES = 8
_END_OF_CONTENTS = b"\x00\x00"


class BerInvalid(ValueError):
    """Bytes that are not BER, or not the message that was expected."""


@dataclass(frozen=True, slots=True)
class Element:
    """One tag with its content: ``content`` when it is primitive, ``children`` when it is constructed."""

    tag_class: int
    number: int
    constructed: bool
    content: bytes = b""
    children: tuple[Element, ...] = ()

    def get(self, number: int, tag_class: int = CONTEXT) -> Element | None:
        """The first child of that tag; None without one."""
        return next((c for c in self.children if c.number == number and c.tag_class == tag_class), None)

    def need(self, number: int, tag_class: int = CONTEXT) -> Element:
        """The first child of that tag.

        Raises: BerInvalid without one.
        """
        child = self.get(number, tag_class)
        if child is None:
            raise BerInvalid(f"lacks tag {number}")
        return child

    @property
    def octets(self) -> bytes:
        """The content of a string, which may be sent in pieces."""
        return b"".join(child.octets for child in self.children) if self.constructed else self.content

    @property
    def integer(self) -> int:
        """Raises: BerInvalid when it is not one, or has more than 64 bits."""
        if self.constructed or not 0 < len(self.content) <= 8:
            raise BerInvalid("not an integer")
        return int.from_bytes(self.content, "big", signed=True)

    @property
    def boolean(self) -> bool:
        """Raises: BerInvalid when it is not one."""
        if self.constructed or len(self.content) != 1:
            raise BerInvalid("not a boolean")
        return self.content != b"\x00"

    @property
    def oid(self) -> str:
        """An object identifier in dots and digits.

        Raises: BerInvalid when it is not one.
        """
        if self.constructed or not self.content or self.content[-1] & 0x80 or len(self.content) > 64:
            raise BerInvalid("not an object identifier")
        numbers, number = [], 0
        for byte in self.content:
            number = number << 7 | byte & 0x7F
            if not byte & 0x80:
                numbers.append(number)
                number = 0
        first = min(numbers[0] // 40, 2)
        return ".".join(map(str, (first, numbers[0] - 40 * first, *numbers[1:])))


def decoded(data: bytes) -> Element:
    """The one element that the bytes are.

    Raises: BerInvalid.
    """
    left = iter(range(MAX_ELEMENTS))
    element, end = _element(data, 0, len(data), 0, left)
    if element is None or end != len(data):
        raise BerInvalid("more or less than one message")
    return element


def encoded(element: Element) -> bytes:
    """The bytes of an element, lengths definite."""
    content = b"".join(map(encoded, element.children)) if element.constructed else element.content
    first = element.tag_class << 6 | (0x20 if element.constructed else 0)
    tag = (first | element.number,) if element.number < 31 else (first | 31, *_base128(element.number))
    return bytes(tag) + _length(len(content)) + content


async def received(reader: asyncio.StreamReader, max_bytes: int, *, kind: int | None = None) -> bytes:
    """The next element of a stream, whole and undecoded, in either form of length.

    ``kind``: what the first three bits must be, class and form. Noise is refused by them at once: as a length it may
    promise more than ever comes.

    Raises: BerInvalid when it is longer than ``max_bytes`` or not BER; asyncio.IncompleteReadError at the end.
    """
    taken, open_ended = bytearray(), 0

    async def take(size: int) -> bytes:
        if len(taken) + size > max_bytes:
            raise BerInvalid(f"a message of more than {max_bytes} bytes")
        part = await reader.readexactly(size)
        taken.extend(part)
        return part

    while True:
        first = (await take(1))[0]
        if kind is not None and len(taken) == 1 and first & 0xE0 != kind:
            raise BerInvalid("begins as no message does")
        if first & 31 == 31:
            for _ in range(_MAX_TAG_BYTES):
                if not (await take(1))[0] & 0x80:
                    break
            else:
                raise BerInvalid("a tag too long")
        length = (await take(1))[0]
        if length == 0x80:
            if not first & 0x20 or open_ended == MAX_DEPTH:
                raise BerInvalid("no length")
            open_ended += 1
            continue
        if length > 0x80:
            if length - 0x80 > _MAX_LENGTH_BYTES:
                raise BerInvalid("a length too long")
            length = int.from_bytes(await take(length - 0x80), "big")
        await take(length)
        if open_ended and first == 0 and length == 0:
            open_ended -= 1
        if not open_ended:
            return bytes(taken)


def constructed(number: int, *children: Element, tag_class: int = CONTEXT) -> Element:
    """An element of elements."""
    return Element(tag_class, number, True, children=children)


def primitive(number: int, content: bytes, tag_class: int = CONTEXT) -> Element:
    """An element of bytes."""
    return Element(tag_class, number, False, content)


def integer(number: int, value: int, tag_class: int = CONTEXT) -> Element:
    """A whole number, two's complement in as few bytes as it takes."""
    size = (value + (value < 0)).bit_length() // 8 + 1
    return primitive(number, value.to_bytes(size, "big", signed=True), tag_class)


def boolean(number: int, value: bool) -> Element:
    """True or false."""
    return primitive(number, b"\xff" if value else b"\x00")


def oid(number: int, dotted: str, tag_class: int = CONTEXT) -> Element:
    """An object identifier given in dots and digits."""
    first, second, *rest = map(int, dotted.split("."))
    return primitive(number, b"".join(map(_base128, (40 * first + second, *rest))), tag_class)


def _element(data: bytes, at: int, end: int, depth: int, left: Iterator[int]) -> tuple[Element | None, int]:
    """The element at a place and where it ends; None for the end of contents of an open-ended one."""
    if depth > MAX_DEPTH:
        raise BerInvalid("nested too deep")
    if next(left, None) is None:
        raise BerInvalid("too many elements")
    if data[at : min(at + 2, end)] == _END_OF_CONTENTS:
        return None, at + 2
    tag_class, is_constructed, number, at = _tag(data, at, end)
    size, at = _size(data, at, end)
    if size is None and not is_constructed:
        raise BerInvalid("a primitive without length")
    stop = end if size is None else at + size
    if stop > end:
        raise BerInvalid("a length beyond the end")
    if not is_constructed:
        return Element(tag_class, number, False, data[at:stop]), stop
    children: list[Element] = []
    while size is None or at < stop:
        child, at = _element(data, at, stop, depth + 1, left)
        if child is None:
            if size is None:
                return Element(tag_class, number, True, children=tuple(children)), at
            raise BerInvalid("an end of contents where none is open")
        children.append(child)
    return Element(tag_class, number, True, children=tuple(children)), at


def _tag(data: bytes, at: int, end: int) -> tuple[int, bool, int, int]:
    first, at = _byte(data, at, end)
    number = first & 31
    if number == 31:
        number = 0
        for _ in range(_MAX_TAG_BYTES):
            byte, at = _byte(data, at, end)
            number = number << 7 | byte & 0x7F
            if not byte & 0x80:
                break
        else:
            raise BerInvalid("a tag too long")
    return first >> 6, bool(first & 0x20), number, at


def _size(data: bytes, at: int, end: int) -> tuple[int | None, int]:
    """A length, None for one that is left open."""
    first, at = _byte(data, at, end)
    if first < 0x80:
        return first, at
    count = first - 0x80
    if count > _MAX_LENGTH_BYTES or at + count > end:
        raise BerInvalid("a length too long")
    return (int.from_bytes(data[at : at + count], "big") if count else None), at + count


def _byte(data: bytes, at: int, end: int) -> tuple[int, int]:
    if at >= end:
        raise BerInvalid("ends in the middle")
    return data[at], at + 1


def _length(size: int) -> bytes:
    if size < 0x80:
        return bytes((size,))
    count = (size.bit_length() + 7) // 8
    return bytes((0x80 | count,)) + size.to_bytes(count, "big")


def _base128(number: int) -> bytes:
    out = [number & 0x7F]
    while number := number >> 7:
        out.append(number & 0x7F | 0x80)
    return bytes(reversed(out))

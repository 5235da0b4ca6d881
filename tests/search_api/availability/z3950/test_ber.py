"""BER: what is written is read again, both forms of length, and no bytes do anything but be refused."""

from __future__ import annotations

import asyncio
import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search_api.availability.http import ConnectorUnavailable
from search_api.availability.z3950.ber import (
    CONTEXT,
    MAX_DEPTH,
    MAX_ELEMENTS,
    MESSAGE_KIND,
    UNIVERSAL,
    BerInvalid,
    Element,
    boolean,
    constructed,
    decoded,
    encoded,
    integer,
    oid,
    primitive,
    received,
)
from search_api.availability.z3950.messages import found, init_request, is_let_in
from search_api.availability.z3950.messages import given as given_records
from search_api.availability.z3950.opac import record_of
from tests.support.marc_bytes import iso2709
from tests.support.opac import external, opac_ber
from tests.support.plays.opac_copies import COPIES
from tests.support.z3950 import init_answer, present_answer, search_answer

TAGS = st.tuples(st.sampled_from([UNIVERSAL, CONTEXT]), st.integers(1, 2_000_000))
PRIMITIVES = st.builds(lambda tag, content: primitive(tag[1], content, tag[0]), TAGS, st.binary(max_size=300))
ELEMENTS = st.recursive(
    PRIMITIVES,
    lambda inner: st.builds(
        lambda tag, children: constructed(tag[1], *children, tag_class=tag[0]), TAGS, st.lists(inner, max_size=4)
    ),
    max_leaves=20,
)


MESSAGES = [
    present_answer([opac_ber("1", "紅樓夢", *COPIES[name])])
    for name in ("available", "on_loan", "in_transit", "on_order")
] + [present_answer([external("marc21", iso2709("1"))]), search_answer(1), search_answer(0, 114), init_answer()]


def _spoilt(element: Element, at: int, by: bytes) -> bytes:
    """A message with some bytes of it overwritten."""
    data = encoded(element)
    return data[:at] + by + data[at + len(by) :]


WRITTEN = [
    (integer(5, 0), "85 01 00", "nought has one byte"),
    (integer(5, 127), "85 01 7f", "as few bytes as it takes"),
    (integer(5, 128), "85 02 00 80", "the first bit is the sign"),
    (integer(5, -128), "85 01 80", "the least of one byte"),
    (integer(5, -129), "85 02 ff 7f", "below it, two"),
    (boolean(12, True), "8c 01 ff", "true"),
    (primitive(105, b"Default"), "9f 69 07 44 65 66 61 75 6c 74", "a tag above 30 has bytes of its own"),
    (primitive(201, b""), "9f 81 49 00", "above 127, two"),
    (oid(104, "1.2.840.10003.5.102"), "9f 68 07 2a 86 48 ce 13 05 66", "OPAC syntax"),
    (primitive(4, b"x" * 200, UNIVERSAL), "04 81 c8" + " 78" * 200, "long lengths say how long they are"),
    (constructed(7, integer(1, 1)), "a7 03 81 01 01", "an element in another"),
]


@pytest.mark.parametrize(
    ("element", "written", "why"), WRITTEN, ids=lambda value: value if isinstance(value, str) else ""
)
def test_an_element_is_written_as_the_rules_say(element: Element, written: str, why: str) -> None:
    assert encoded(element) == bytes.fromhex(written), why
    assert decoded(bytes.fromhex(written)) == element


@given(ELEMENTS)
def test_what_is_written_is_read_again(element: Element) -> None:
    assert decoded(encoded(element)) == element


@given(st.integers(-(2**63), 2**63 - 1))
def test_a_number_is_read_again(number: int) -> None:
    assert decoded(encoded(integer(1, number))).integer == number


@given(st.lists(st.integers(0, 2**40), max_size=10))
def test_an_object_identifier_is_read_again(rest: list[int]) -> None:
    dotted = ".".join(map(str, (1, 2, *rest)))
    element = oid(6, dotted)
    if len(element.content) <= 64:
        assert decoded(encoded(element)).oid == dotted


def test_a_length_may_be_left_open() -> None:
    definite = constructed(23, integer(23, 1), constructed(28, primitive(1, b"x")))
    inner = b"\xbc\x80" + encoded(primitive(1, b"x")) + b"\x00\x00"
    assert decoded(b"\xb7\x80" + encoded(integer(23, 1)) + inner + b"\x00\x00") == definite


def test_a_string_may_come_in_pieces() -> None:
    pieces = constructed(1, primitive(4, "館".encode(), UNIVERSAL), primitive(4, "藏".encode(), UNIVERSAL))
    assert decoded(encoded(pieces)).octets.decode() == "館藏"


WRONG = [
    (b"", "nothing"),
    (b"\x85", "a tag and no length"),
    (b"\x85\x01", "less than the length says"),
    (b"\x85\x01\x00\x00", "more than one element"),
    (b"\x85\x80\x00\x00", "a primitive without length"),
    (b"\xb7\x80\x85\x01\x00", "an open length never closed"),
    (b"\xb7\x02\x00\x00", "an end where nothing is open"),
    (b"\x00\x00", "an end alone"),
    (b"\xff\xff\xff\xff\xff\xff\x00", "a tag without end"),
    (b"\x85\x89" + b"\x01" * 9, "a length of nine bytes"),
    (b"\x85\x84\xff\xff\xff\xff", "a length of four thousand million"),
    (b"\x85\xff", "a reserved length"),
    (b"\x30\x80" * (MAX_DEPTH + 2) + b"\x00\x00" * (MAX_DEPTH + 2), "too deep"),
    (b"\x30\x80" + b"\x05\x00" * MAX_ELEMENTS + b"\x00\x00", "too many"),
]


@pytest.mark.parametrize(("data", "why"), WRONG, ids=[why for _, why in WRONG])
def test_what_is_not_ber_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(BerInvalid):
        decoded(data)
    assert why


@settings(max_examples=250, deadline=None)
@given(
    st.binary(max_size=400)
    | st.builds(_spoilt, st.sampled_from(MESSAGES) | ELEMENTS, st.integers(0, 400), st.binary(max_size=3))
)
def test_no_bytes_do_anything_but_be_refused(data: bytes) -> None:
    try:
        element = decoded(data)
    except BerInvalid:
        return
    for reading in (found, given_records, is_let_in):
        with contextlib.suppress(BerInvalid):
            reading(element)
    with contextlib.suppress(BerInvalid, ConnectorUnavailable):
        for syntax, body in given_records(element).records:
            record_of(syntax, body, "auto")
    for syntax in ("opac", "marc21", "unimarc", "xml", ""):
        with contextlib.suppress(BerInvalid, ConnectorUnavailable):
            record_of(syntax, element, "auto")


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200) | ELEMENTS.map(encoded))
def test_a_stream_gives_one_element_or_ends(data: bytes) -> None:
    async def read() -> bytes:
        reader = asyncio.StreamReader()
        reader.feed_data(data)
        reader.feed_eof()
        return await received(reader, 10_000)

    try:
        message = asyncio.run(read())
    except (BerInvalid, asyncio.IncompleteReadError):
        with pytest.raises(BerInvalid):
            decoded(data)
        return
    assert data.startswith(message)


async def test_a_stream_is_read_no_further_than_its_element() -> None:
    one, other = encoded(init_request(None)), encoded(integer(1, 1))
    reader = asyncio.StreamReader()
    reader.feed_data(one + other)
    assert await received(reader, 10_000) == one
    assert await received(reader, 10_000) == other


async def test_noise_is_refused_by_its_first_byte() -> None:
    reader = asyncio.StreamReader()
    reader.feed_data(b"HT")
    with pytest.raises(BerInvalid, match="begins as no message"):
        await received(reader, 10_000, kind=MESSAGE_KIND)


LONG = [
    (b"\xb9\x84\x7f\xff\xff\xff", "a length beyond the cap is refused before anything is read"),
    (b"\xb9\x80" + b"\x04\x7f" + b" " * 127 + (b"\x04\x7f" + b" " * 127) * 100, "a stream that is never closed"),
]


@pytest.mark.parametrize(("data", "why"), LONG, ids=[why for _, why in LONG])
async def test_a_message_longer_than_the_cap_is_refused(data: bytes, why: str) -> None:
    reader = asyncio.StreamReader()
    reader.feed_data(data)
    with pytest.raises(BerInvalid, match="more than 10000 bytes"):
        await received(reader, 10_000)
    assert why

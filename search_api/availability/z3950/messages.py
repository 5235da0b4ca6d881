"""The messages of Z39.50 version 3 that a search needs: init, search, present, close (ISO 23950, section 4.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from search_api.availability.z3950.ber import (
    EXTERNAL,
    INTEGER,
    OCTET_STRING,
    OID,
    SEQUENCE,
    UNIVERSAL,
    BerInvalid,
    Element,
    boolean,
    constructed,
    integer,
    oid,
    primitive,
)

INIT, INIT_ANSWER, SEARCH, SEARCH_ANSWER, PRESENT, PRESENT_ANSWER, CLOSE = 20, 21, 22, 23, 24, 25, 48

BIB1_ATTRIBUTES = "1.2.840.10003.3.1"
SYNTAXES = {
    "opac": "1.2.840.10003.5.102",
    "marc21": "1.2.840.10003.5.10",
    "unimarc": "1.2.840.10003.5.1",
    "xml": "1.2.840.10003.5.109.10",
}
"""Record syntaxes by the name that a library's file gives them."""

MESSAGE_BYTES = 1_000_000  # what we ask the server not to exceed
_RESULT_SET = b"default"
_SEARCH_AND_PRESENT = b"\x00\xc0"  # options, a string of bits: 0 search, 1 present
_VERSIONS_1_TO_3 = b"\x05\xe0"


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who asks, as the init request tells it: user and password apart, or one string when ``together``."""

    user: str
    password: str
    group: str = ""
    together: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What a search came to; ``diagnostic`` is the server's number of what is wrong (bib-1), None without."""

    hits: int
    diagnostic: int | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """Records as they were sent, each with the name of its syntax; a record that could not be given is a diagnostic."""

    records: tuple[tuple[str, Element], ...]
    diagnostic: int | None = None


def init_request(credentials: Credentials | None) -> Element:
    """Opens a session, as a user or as anybody."""
    entry = [] if credentials is None else [constructed(7, _authentication(credentials))]
    return constructed(
        INIT,
        primitive(3, _VERSIONS_1_TO_3),
        primitive(4, _SEARCH_AND_PRESENT),
        integer(5, MESSAGE_BYTES),
        integer(6, MESSAGE_BYTES),
        *entry,
        primitive(111, b"Allshelves"),
        primitive(112, b"0.1"),
    )


def is_let_in(answer: Element) -> bool:
    """Whether the server accepts the session.

    Raises: BerInvalid when it is not the answer to an init.
    """
    return _expected(answer, INIT_ANSWER).need(12).boolean


def search_request(database: str, attributes: Sequence[tuple[int, int]], term: str) -> Element:
    """A type-1 query of one term: attributes (type, value) of bib-1. No record comes with its answer."""
    described = (
        constructed(SEQUENCE, integer(120, kind), integer(121, value), tag_class=UNIVERSAL)
        for kind, value in attributes
    )
    operand = constructed(102, constructed(44, *described), primitive(45, term.encode()))
    query = constructed(1, oid(OID, BIB1_ATTRIBUTES, UNIVERSAL), constructed(0, operand))
    return constructed(
        SEARCH,
        integer(13, 0),
        integer(14, 1),
        integer(15, 0),
        boolean(16, True),
        primitive(17, _RESULT_SET),
        constructed(18, primitive(105, database.encode())),
        constructed(21, query),
    )


def found(answer: Element) -> Found:
    """What came of a search.

    Raises: BerInvalid.
    """
    answer = _expected(answer, SEARCH_ANSWER)
    hits, succeeded = answer.need(23).integer, answer.need(22).boolean
    diagnostic = _diagnostic(answer)
    if not succeeded and diagnostic is None:
        diagnostic = 0
    if hits < 0:
        raise BerInvalid("less than no hits")
    return Found(hits, diagnostic)


def present_request(first: int, count: int, syntax: str, elements: str) -> Element:
    """Asks for records of the result by their places, from 1 on. ``elements``: the element set; "" leaves it open."""
    composition = [constructed(19, primitive(0, elements.encode()))] if elements else []
    return constructed(
        PRESENT,
        primitive(31, _RESULT_SET),
        integer(30, first),
        integer(29, count),
        *composition,
        oid(104, SYNTAXES[syntax]),
    )


def given(answer: Element) -> Given:
    """The records of an answer to a present.

    Raises: BerInvalid.
    """
    answer = _expected(answer, PRESENT_ANSWER)
    diagnostic, records = _diagnostic(answer), []
    listed = answer.get(28)
    for one in listed.children if listed is not None else ():
        record = one.need(1)
        external = record.get(1)
        refused = record.get(2)
        if external is not None:
            records.append(named_record(external.need(EXTERNAL, UNIVERSAL)))
        elif refused is not None:
            diagnostic = _condition(refused)
    return Given(tuple(records), diagnostic)


def named_record(external: Element) -> tuple[str, Element]:
    """A record and the name of its syntax, "" for one that we do not know.

    Raises: BerInvalid.
    """
    reference = external.need(OID, UNIVERSAL).oid
    body = external.get(0) or external.get(1)
    if body is None:
        raise BerInvalid("a record without content")
    return next((name for name, number in SYNTAXES.items() if number == reference), ""), body


def close_request() -> Element:
    """Ends a session: finished."""
    return constructed(CLOSE, integer(211, 0))


def _authentication(credentials: Credentials) -> Element:
    if credentials.together:
        text = f"{credentials.user}/{credentials.password}"
        return primitive(26, text.encode(), UNIVERSAL)  # VisibleString
    group = [primitive(0, credentials.group.encode())] if credentials.group else []
    return constructed(
        SEQUENCE,
        *group,
        primitive(1, credentials.user.encode()),
        primitive(2, credentials.password.encode()),
        tag_class=UNIVERSAL,
    )


def _expected(answer: Element, number: int) -> Element:
    if answer.number != number or not answer.constructed:
        raise BerInvalid("another message than was asked for")
    return answer


def _diagnostic(answer: Element) -> int | None:
    """The number of a diagnostic in place of records."""
    one = answer.get(130)
    if one is not None:
        return one.need(INTEGER, UNIVERSAL).integer
    several = answer.get(205)
    return _condition(several) if several is not None else None


def _condition(holder: Element) -> int:
    """The number of the first diagnostic in a list of one or more; 0 for one of a form we do not read."""
    default = holder.get(SEQUENCE, UNIVERSAL)
    return default.need(INTEGER, UNIVERSAL).integer if default is not None else 0


def octets_of(body: Element) -> bytes:
    """The bytes of a record that is octets, however they are wrapped."""
    inner = body.get(OCTET_STRING, UNIVERSAL) if body.constructed else None
    return inner.octets if inner is not None else body.octets

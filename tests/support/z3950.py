"""A Z39.50 server on a local port that knows the records of a test, and says what a test has it say."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from search_api.availability.z3950.ber import (
    EXTERNAL,
    INTEGER,
    OID,
    SEQUENCE,
    UNIVERSAL,
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
from search_api.availability.z3950.messages import (
    CLOSE,
    INIT,
    INIT_ANSWER,
    PRESENT,
    PRESENT_ANSWER,
    SEARCH,
    SEARCH_ANSWER,
    SYNTAXES,
)

Say = Callable[[Element], "bytes | None"]
"""What is sent back for a message; None ends the connection, b"" is silence."""


@dataclass
class ServedZ3950:
    """A server, what it was asked and how often a session was opened."""

    url: str = ""
    messages: list[Element] = field(default_factory=list)
    sessions: int = 0
    ended: asyncio.Event = field(default_factory=asyncio.Event)  # a session was ended politely
    writers: set[asyncio.StreamWriter] = field(default_factory=set)

    @property
    def terms(self) -> list[tuple[tuple[int, ...], str]]:
        """What was looked up: the attributes' values, and the term."""
        return [looked_up(message) for message in self.messages if message.number == SEARCH]

    def drop_all(self) -> None:
        """Ends every connection, as a server does that is started anew."""
        for writer in self.writers:
            writer.transport.abort()


@asynccontextmanager
async def z3950(say: Say) -> AsyncIterator[ServedZ3950]:
    """A server that answers each message as ``say`` says."""
    served = ServedZ3950()

    async def session(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        served.sessions += 1
        served.writers.add(writer)
        with contextlib.suppress(asyncio.IncompleteReadError, OSError):
            while True:
                message = decoded(await received(reader, 1_000_000))
                served.messages.append(message)
                if message.number == CLOSE:
                    served.ended.set()
                    break
                answer = say(message)
                if answer is None:
                    break
                writer.write(answer)
                await writer.drain()
        writer.close()
        served.writers.discard(writer)

    server = await asyncio.start_server(session, "127.0.0.1", 0)
    served.url = f"tcp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield served
    finally:
        server.close()
        served.drop_all()
        await server.wait_closed()


def knowing(
    records: Mapping[str, Sequence[Element]],
    *,
    at_once: int = 10,
    syntaxes: Sequence[str] = ("opac", "marc21"),
    attributes: Sequence[int] = (12, 7),
    let_in: Callable[[Element], bool] = lambda _: True,
) -> Say:
    """What a well-behaved server says: term → the records it finds, as EXTERNALs.

    ``at_once``: records given in one present; ``syntaxes`` and ``attributes``: those that it knows.
    """
    result: list[Element] = []

    def say(message: Element) -> bytes | None:
        if message.number == INIT:
            return encoded(init_answer(let_in(message)))
        if message.number == SEARCH:
            values, term = looked_up(message)
            if not set(values) <= set(attributes):
                return encoded(search_answer(0, 114))
            result[:] = records.get(term, ())
            return encoded(search_answer(len(result)))
        if message.number == PRESENT:
            if message.need(104).oid not in {SYNTAXES[name] for name in syntaxes}:
                return encoded(present_answer((), 239))
            first, count = message.need(30).integer, message.need(29).integer
            return encoded(present_answer(result[first - 1 :][: min(count, at_once)]))
        return None

    return say


def looked_up(search: Element) -> tuple[tuple[int, ...], str]:
    """The values of the attributes and the term of a search request."""
    operand = search.need(21).need(1).need(0).need(102)
    values = tuple(attribute.need(121).integer for attribute in operand.need(44).children)
    return values, operand.need(45).octets.decode()


def init_answer(let_in: bool = True) -> Element:
    return constructed(
        INIT_ANSWER,
        primitive(3, b"\x05\xe0"),
        primitive(4, b"\x00\xc0"),
        integer(5, 1_000_000),
        integer(6, 1_000_000),
        boolean(12, let_in),
    )


def search_answer(hits: int, diagnostic: int | None = None) -> Element:
    return constructed(
        SEARCH_ANSWER,
        integer(23, hits),
        integer(24, 0),
        integer(25, 1),
        boolean(22, diagnostic is None),
        *([] if diagnostic is None else [constructed(130, *_diagnostic(diagnostic))]),
    )


def present_answer(records: Sequence[Element], diagnostic: int | None = None) -> Element:
    listed = [constructed(SEQUENCE, constructed(1, constructed(1, one)), tag_class=UNIVERSAL) for one in records]
    return constructed(
        PRESENT_ANSWER,
        integer(24, len(records)),
        integer(25, len(records) + 1),
        integer(27, 0),
        constructed(28, *listed) if diagnostic is None else constructed(130, *_diagnostic(diagnostic)),
    )


def surrogate(diagnostic: int) -> Element:
    """A diagnostic in the place of one record."""
    body = constructed(SEQUENCE, *_diagnostic(diagnostic), tag_class=UNIVERSAL)
    return constructed(SEQUENCE, constructed(1, constructed(2, body)), tag_class=UNIVERSAL)


def _diagnostic(number: int) -> tuple[Element, ...]:
    return (
        oid(OID, "1.2.840.10003.4.1", UNIVERSAL),
        integer(INTEGER, number, UNIVERSAL),
        primitive(26, "機密".encode(), UNIVERSAL),
    )


def syntax_of(record: Element) -> str:
    """The name of the syntax of an EXTERNAL."""
    assert record.number == EXTERNAL
    number = record.need(OID, UNIVERSAL).oid
    return next(name for name, known in SYNTAXES.items() if known == number)

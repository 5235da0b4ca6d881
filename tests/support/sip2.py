"""SIP2 servers as a test scripts them, over TCP: items by barcode, and answers that no server should give."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from search_api.availability.sip2.messages import written

STATUS = "98YNNYNN60000320261121    0014262.00AOSHELF|BXYYYYYYYYYYYYYYYY|"
NO_ITEMS = STATUS.replace("BXYYYYYYYYYYY", "BXYYYYYYYYYYN")
OFF_LINE = STATUS.replace("98Y", "98N")
NOW = "20261121    001426"


class Last(bytes):
    """An answer, or a part of one, after which the connection is ended."""


Say = Callable[[str], bytes | None]
"""A message without its check → what is sent back as it is; b"": nothing; None: the connection is ended."""


@dataclass
class Sip2Served:
    """A server, the messages it was sent, and how many connections it has had."""

    url: str
    received: list[str] = field(default_factory=list)
    connections: int = 0

    @property
    def barcodes(self) -> list[str]:
        return [barcode_of(line) for line in self.received if line.startswith("17")]


@asynccontextmanager
async def sip2(say: Say, *, encoding: str = "utf-8") -> AsyncIterator[Sip2Served]:
    """A server on a free local port that answers each line as ``say`` says."""
    served = Sip2Served("")

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        served.connections += 1
        try:
            while True:
                line = (await reader.readuntil(b"\r")).decode(encoding).strip()
                served.received.append(line)
                answer = say(line)
                if answer is None:
                    return
                writer.write(answer)
                await writer.drain()
                if isinstance(answer, Last):
                    writer.close()
                    return
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            if not writer.is_closing():
                writer.transport.abort()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    served.url = f"tcp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield served
    finally:
        server.close()


def barcode_of(line: str) -> str:
    """The barcode that a message 17 asks about."""
    return line.partition("|AB")[2].partition("|")[0]


def sequence_of(line: str) -> int | None:
    """The number of a message that was sent to the server."""
    return int(line[-7]) if line[-9:-7] == "AY" and line[-6:-4] == "AZ" else None


def item(barcode: str, status: str = "03", *, title: str = "紅樓夢", **fields: str) -> str:
    """Message 18 for one copy; ``fields`` as SIP2 names them (AH, CF …)."""
    more = "".join(f"{name}{value}|" for name, value in fields.items())
    return f"18{status}0001{NOW}{more}AB{barcode}|AJ{title}|"


def knowing(
    items: Mapping[str, str],
    *,
    encoding: str = "utf-8",
    login: str = "941",
    status: str = STATUS,
    numbered: bool = True,
) -> Say:
    """A server that knows these barcodes (→ `item`); of others it says 01 and no title.

    ``numbered`` False: one that takes no notice of numbers and checksums.
    """

    def say(line: str) -> bytes | None:
        number = sequence_of(line) if numbered else None
        if line.startswith("93"):
            return written(login, encoding, number)
        if line.startswith("99"):
            return written(status, encoding, number)
        barcode = barcode_of(line)
        return written(items.get(barcode) or item(barcode, "01", title=""), encoding, number)

    return say

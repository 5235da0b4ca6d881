"""Patrons for `make bench-search`, in a process of their own: connections that ask one address after the other.

Reads what to do as JSON from standard input, and prints what came of it as JSON.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import cycle

import orjson

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Visit:
    """What is to be asked of whom; connections are spread over the ports."""

    ports: tuple[int, ...]
    paths: tuple[str, ...]
    requests: int
    connections: int = 8


@dataclass(frozen=True, slots=True)
class Visited:
    seconds: float
    times: list[float]  # of each answer, in milliseconds
    refused: int  # answers other than 200


async def visit(wanted: Visit) -> Visited:
    paths = cycle(wanted.paths)
    left = iter(range(wanted.requests))
    times: list[float] = []
    refused = [0]
    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for number in range(wanted.connections):
            port = wanted.ports[number % len(wanted.ports)]
            group.create_task(_ask(port, paths, left, times, refused))
    return Visited(time.perf_counter() - began, times, refused[0])


async def _ask(port: int, paths: Iterator[str], left: Iterator[int], times: list[float], refused: list[int]) -> None:
    reader, writer = await asyncio.open_connection(HOST, port)
    for _ in left:
        began = time.perf_counter()
        writer.write(f"GET {next(paths)} HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        await reader.readexactly(int(length.partition(b":")[2]))
        times.append((time.perf_counter() - began) * 1000)
        refused[0] += b" 200 " not in head[:20]
    writer.close()


def main() -> None:
    wanted = orjson.loads(sys.stdin.buffer.read())
    found = asyncio.run(
        visit(Visit(tuple(wanted["ports"]), tuple(wanted["paths"]), wanted["requests"], wanted["connections"]))
    )
    sys.stdout.buffer.write(orjson.dumps(asdict(found)))


if __name__ == "__main__":
    main()

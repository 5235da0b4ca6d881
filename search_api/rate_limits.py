"""How much one address may ask: generous for people, also for a whole campus behind one address, tight for programs.

A bucket per address and kind of request, filled steadily, emptied by requests. Who finds it empty is told when to come
again. Addresses of IPv6 are counted by their network of 64 bits: one subscriber has all of it.
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Literal

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from search_api.errors import Problem
from search_api.settings import Network

Kind = Literal["page", "live", "api", "export"]


@dataclass(frozen=True, slots=True)
class Budget:
    """What one address may ask: at once, and again each second."""

    at_once: float
    per_second: float


BUDGETS: dict[Kind, Budget] = {
    "page": Budget(600, 30),  # and what pages ask for by themselves while somebody types
    "live": Budget(300, 15),  # each asks the libraries' systems
    "api": Budget(120, 5),
    "export": Budget(40, 1),  # many editions at once
}
"""A reading room of two hundred behind one address turns some ten pages a second."""

MOST_ADDRESSES = 20_000
"""Buckets kept; the one that was used longest ago makes room, and is most likely full again."""

_SPARED = ("/static/", "/site/", "/favicon.ico", "/robots.txt", "/api/health", "/metrics")
_OF_PAGES = ("/api/suggest", "/api/facets", "/opensearch/")
_EXPORTS = ("/export", "/feed.atom")
_LIVE = ("/live", "/availability")


def kind_of(path: str, query: bytes = b"") -> Kind | None:
    """The kind of a request; None for what is never limited."""
    if path.startswith(_SPARED):
        return None
    if path.endswith(_LIVE) or b"live=1" in query:
        return "live"
    if path.endswith(_EXPORTS) or path.startswith("/sitemap/"):
        return "export"
    if path.startswith(_OF_PAGES):
        return "page"
    return "api" if path.startswith("/api/") else "page"


class Buckets:
    """What each address has left. ``factor`` widens or narrows every budget."""

    def __init__(
        self, factor: float = 1.0, most: int = MOST_ADDRESSES, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._factor = factor
        self._most = most
        self._clock = clock
        self._left: OrderedDict[tuple[str, Kind], tuple[float, float]] = OrderedDict()  # tokens, and when counted

    def __len__(self) -> int:
        return len(self._left)

    def wait_seconds(self, address: str, kind: Kind) -> int:
        """Takes one request off the bucket: 0 when it was there, else after how many whole seconds it will be."""
        budget = BUDGETS[kind]
        most, per_second = budget.at_once * self._factor, budget.per_second * self._factor
        now = self._clock()
        left, counted = self._left.pop((address, kind), (most, now))
        left = min(most, left + (now - counted) * per_second)
        wait = 0 if left >= 1 else math.ceil((1 - left) / per_second)
        self._left[address, kind] = (left if wait else left - 1, now)
        if len(self._left) > self._most:
            self._left.popitem(last=False)
        return wait


class RateLimits:
    """Refuses with 429 what goes beyond an address's budget; the program's own machine is never limited."""

    def __init__(
        self,
        app: ASGIApp,
        buckets: Buckets,
        unlimited: Sequence[Network],
        answer: Callable[[Request, Problem], Awaitable[Response]],
    ) -> None:
        self._app = app
        self._buckets = buckets
        self._unlimited = tuple(unlimited)
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (kind := kind_of(scope["path"], scope["query_string"])):
            address = self._counted_as(scope.get("client"))
            wait = self._buckets.wait_seconds(address, kind) if address else 0
            if wait:
                problem = Problem(
                    429,
                    "too_many_requests",
                    f"Too many requests from this address; come again in {wait} seconds.",
                    headers=(("Retry-After", str(wait)),),
                )
                await (await self._answer(Request(scope), problem))(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _counted_as(self, client: tuple[str, int] | None) -> str:
        """What an asker is counted as, "" for one who is not."""
        try:
            address = ip_address(client[0]) if client else None
        except ValueError:  # a socket's path
            return ""
        if address is None or address.is_loopback:
            return ""
        if isinstance(address, IPv6Address) and address.ipv4_mapped:
            address = address.ipv4_mapped
        if any(address in network for network in self._unlimited if network.version == address.version):
            return ""
        if isinstance(address, IPv6Address):
            return str(IPv6Network((address, 64), strict=False))
        return str(address)

"""Answers of the API that are sent again, byte for byte, while the index is as it was when they were made.

For what is read from the index alone. Nothing that a library's own system was asked for is ever kept here.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request
from fastapi.routing import APIRoute
from starlette.responses import Response

from indexer.engine import EngineIncompatible, EngineUnavailable
from search_api.services import Services

MAX_BYTES = 32_000_000
"""Of all answers kept; those not asked for longest are forgotten first."""

Address = tuple[str, bytes]
"""Path and query as sent."""


class KeptAnswers:
    """The bodies of answers made in one state of the index."""

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._state = ""
        self._bodies: OrderedDict[Address, bytes] = OrderedDict()

    def body(self, state: str, address: Address) -> bytes | None:
        """What was answered at an address in this state; all others are forgotten."""
        if state != self._state:
            self._state, self._bytes = state, 0
            self._bodies.clear()
        if address in self._bodies:
            self._bodies.move_to_end(address)
        return self._bodies.get(address)

    def keep(self, state: str, address: Address, body: bytes) -> None:
        """Keeps an answer that was made after the index was in this state, unless it has changed meanwhile."""
        if state != self._state or address in self._bodies or len(body) > self._max_bytes // 8:
            return
        self._bodies[address] = body
        self._bytes += len(body)
        while self._bytes > self._max_bytes:
            self._bytes -= len(self._bodies.popitem(last=False)[1])


class KeptRoute(APIRoute):
    """A route whose answers are kept: they depend on the address and the index, and on nothing else."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        make = super().get_route_handler()

        async def answer(request: Request) -> Response:
            services: Services = request.app.state.services
            kept: KeptAnswers = request.app.state.kept_answers
            if "now" in request.query_params:
                return await make(request)  # depends on what libraries' systems say
            address: Address = (request.scope["path"], request.scope["query_string"])
            try:
                state = await services.engine.state()
            except (EngineUnavailable, EngineIncompatible):
                return await make(request)  # says so, or first what is wrong with the request
            if (body := kept.body(state, address)) is not None:
                return Response(body, media_type="application/json")
            response = await make(request)
            if response.status_code == 200:
                kept.keep(state, address, bytes(response.body))
            return response

        return answer

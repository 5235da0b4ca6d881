"""Answers are sent compressed to who takes them so, but for events, which would wait, and for what staff see."""

from __future__ import annotations

from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

LEAST_BYTES = 1_000
LEVEL = 5
"""Nearly as small as the highest, at a third of its time."""


class Compressed:
    """Compresses with gzip.

    Pages of staff hold a secret against forged forms beside what an address says; compressed together, the length of
    the answer would tell the secret, a letter at a time (BREACH).
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._compressed = GZipMiddleware(app, LEAST_BYTES, LEVEL)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        plain = scope["type"] != "http" or "/staff" in scope["path"]
        await (self._app if plain else self._compressed)(scope, receive, send)

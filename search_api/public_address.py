"""The address under which readers find the catalogue, whatever a web server in front of it passes on."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send


class PublicAddress:
    """Lets every request be one for the configured address: all addresses that are written out begin with it.

    Else whoever sends a `Host` of their own, or a web server that passes on none, would stand in permanent links.
    """

    def __init__(self, app: ASGIApp, url: str) -> None:
        self._app = app
        parts = urlsplit(url)
        self._scheme = parts.scheme
        self._host = parts.netloc.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            headers = [(name, value) for name, value in scope["headers"] if name != b"host"]
            scope = {**scope, "scheme": self._scheme, "headers": [*headers, (b"host", self._host)]}
        await self._app(scope, receive, send)

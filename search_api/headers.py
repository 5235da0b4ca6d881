"""The headers that every answer carries: what browsers may do with it, and with what it leads to."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mappings.site import Site


def security_headers(site: Site, hsts_seconds: int = 0) -> Mapping[str, str]:
    """The headers for one consortium. ``hsts_seconds``: for how long browsers shall come by TLS only; 0 says nothing.

    No script, style or picture but our own, save covers from the one service that was configured; no page in a frame.
    """
    covers = site.covers.origin
    policy = [
        "default-src 'self'",
        f"img-src 'self' {covers}".rstrip(),
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "object-src 'none'",
    ]
    headers = {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Permitted-Cross-Domain-Policies": "none",
    }
    if hsts_seconds:
        policy.append("upgrade-insecure-requests")
        headers["Strict-Transport-Security"] = f"max-age={hsts_seconds}; includeSubDomains"
    return {"Content-Security-Policy": "; ".join(policy), **headers}


class SecurityHeaders:
    """Sets the same headers on every answer, errors and streams included, unless it has its own."""

    def __init__(self, app: ASGIApp, headers: Mapping[str, str]) -> None:
        self._app = app
        self._headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)

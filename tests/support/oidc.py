"""Providers of OpenID Connect for tests: a real one that others wrote, and one that does what no real one would."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

from aiohttp import BasicAuth, web
from authlib.oauth2.rfc7636 import create_s256_code_challenge  # type: ignore[import-untyped]
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

CLIENT, SECRET = "the-catalogue", "a secret & more"


@contextmanager
def real_provider() -> Iterator[str]:
    """The address of oidc-provider-mock, in a process of its own. It lets anybody log in as anybody."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    environment = {**os.environ, "AUTHLIB_INSECURE_TRANSPORT": "1"}
    with subprocess.Popen(command, env=environment, **quiet) as process:  # type: ignore[call-overload]
        try:
            _wait(f"http://localhost:{port}/.well-known/openid-configuration")
            yield f"http://localhost:{port}"
        finally:
            process.terminate()


def _wait(url: str) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


class Provider:
    """A provider of ours that tells what a test wants told. ``asked`` counts requests by path."""

    def __init__(self) -> None:
        self.issuer = ""
        self.key = ECKey.generate_key("P-256", {"kid": "first"})
        self.published: list[ECKey] = [self.key]
        self.metadata: dict[str, Any] = {}  # over what it would state
        self.claims: dict[str, Any] = {}  # over what the ID token would say; None takes one out
        self.header: dict[str, Any] = {}
        self.userinfo: dict[str, Any] = {}
        self.tokens: dict[str, Any] = {}  # over what the token endpoint would answer
        self.asked: dict[str, int] = {}
        self._granted: dict[str, dict[str, str]] = {}

    def grant(self, address: str, sub: str = "17", **claims: Any) -> dict[str, str]:
        """What the browser brings back when somebody has logged in at the address they were sent to."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert query["response_type"] == "code"
        assert query["code_challenge_method"] == "S256"
        code = f"code-{len(self._granted)}"
        self._granted[code] = query
        self.claims = {"sub": sub, **claims, **self.claims}
        return {"code": code, "state": query["state"]}

    def application(self) -> web.Application:
        app = web.Application(middlewares=[self._counted])
        app.router.add_get("/.well-known/openid-configuration", self._discovery)
        app.router.add_get("/jwks", self._jwks)
        app.router.add_post("/token", self._token)
        app.router.add_get("/userinfo", self._userinfo)
        return app

    @web.middleware
    async def _counted(self, request: web.Request, handler: Any) -> web.StreamResponse:
        self.asked[request.path] = self.asked.get(request.path, 0) + 1
        answer: web.StreamResponse = await handler(request)
        return answer

    async def _discovery(self, _: web.Request) -> web.Response:
        stated = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "end_session_endpoint": f"{self.issuer}/leave?of=here",
            "id_token_signing_alg_values_supported": ["ES256", "HS256", "none"],
        }
        return web.json_response({**stated, **self.metadata})

    async def _jwks(self, _: web.Request) -> web.Response:
        return web.json_response(KeySet(list(self.published)).as_dict(private=False))

    async def _token(self, request: web.Request) -> web.Response:
        form = await request.post()
        query = self._granted.pop(str(form["code"]), None)
        given = BasicAuth.decode(request.headers.get("Authorization", "Basic Og=="))
        right = (
            query is not None
            and create_s256_code_challenge(form["code_verifier"]) == query["code_challenge"]
            and form["redirect_uri"] == query["redirect_uri"]
            and (given.login, given.password) == (CLIENT, "a%20secret%20%26%20more")
        )
        if not right or query is None:
            return web.json_response({"error": "invalid_grant"}, status=400)
        now = int(self.claims.pop("now", 0)) or int(time.time())
        said = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": query["nonce"], **self.claims}
        said = {name: value for name, value in said.items() if value is not None}
        header = {"alg": "ES256", "kid": self.key.kid, **self.header}
        token = jwt.encode(header, said, self.key)
        return web.json_response({"access_token": "opaque", "token_type": "Bearer", "id_token": token, **self.tokens})

    async def _userinfo(self, request: web.Request) -> web.Response:
        assert request.headers["Authorization"] == "Bearer opaque"
        return web.json_response(self.userinfo)


@asynccontextmanager
async def running() -> AsyncIterator[Provider]:
    """A provider of ours, at a port of its own."""
    provider = Provider()
    runner = web.AppRunner(provider.application())
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    provider.issuer = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield provider
    finally:
        await asyncio.shield(runner.cleanup())

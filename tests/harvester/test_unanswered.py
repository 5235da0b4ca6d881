"""What goes wrong on the line, by real servers that do it, in words that need no programmer."""

from __future__ import annotations

import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web
from yarl import URL

from harvester.access import Access
from harvester.errors import AccessRefused, HarvestFailed, HostUnknown, SourceUnreachable, Untrusted
from harvester.http import Patience
from tests.support.oai import oai_library, serving, sleepless
from tests.support.wild.tls import own_certificate

ONCE = Patience(timeout_seconds=5, retries=0)


async def refusal(url: str, **harvest: object) -> HarvestFailed:
    access = Access.of(oai_library(url, **harvest), {})
    async with sleepless() as http:
        with pytest.raises(HarvestFailed) as caught:
            await http.ask(URL(url), ONCE, str, access=access)
    return caught.value


@asynccontextmanager
async def tls_server(context: ssl.SSLContext) -> AsyncIterator[str]:
    app = web.Application()
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
        yield f"https://127.0.0.1:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()


async def cut_off(request: web.Request) -> web.StreamResponse:
    """Half of what it announces, and the end."""
    response = web.StreamResponse()
    response.content_length = 100
    await response.prepare(request)
    await response.write(b"half" * 10)
    assert request.transport is not None
    request.transport.close()
    return response


def _unused_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


async def test_a_certificate_of_an_unknown_authority_is_told_with_what_can_be_done(tmp_path: Path) -> None:
    async with tls_server(own_certificate(tmp_path)) as url:
        exc = await refusal(url)
    assert isinstance(exc, Untrusted)
    assert "its certificate cannot be trusted: " in str(exc)
    assert "harvest.ca_file" in str(exc)
    assert "SSL" not in str(exc), "no word of a library"


async def test_a_certificate_that_has_expired_is_told_without_that_hint(tmp_path: Path) -> None:
    async with tls_server(own_certificate(tmp_path, days=-1)) as url:
        exc = await refusal(url, ca_file=str(tmp_path / "own.pem"))
    assert isinstance(exc, Untrusted)
    assert str(exc).endswith("its certificate cannot be trusted: certificate has expired")


async def test_https_where_none_is_spoken_is_told() -> None:
    async with serving(cut_off) as url:
        exc = await refusal(url.replace("http://", "https://"))
    assert isinstance(exc, AccessRefused)
    assert "does not speak TLS: is it http://?" in str(exc)


async def test_a_port_that_nobody_listens_at_is_told() -> None:
    exc = await refusal(f"http://127.0.0.1:{_unused_port()}/oai")
    assert isinstance(exc, SourceUnreachable)
    assert str(exc).endswith("/oai: no connection: connection refused (asked 1 times)")


async def test_an_answer_that_breaks_off_is_told() -> None:
    async with serving(cut_off) as url:
        exc = await refusal(url)
    assert str(exc).endswith("the answer broke off before its end (asked 1 times)")


async def test_a_name_that_leads_nowhere_is_told() -> None:
    assert isinstance(await refusal("http://nosuch.invalid/oai"), HostUnknown)

"""The impatient HTTP of live availability: one try, about a second, no redirect but to named hosts, a capped body.

Never shared with harvesting, whose sessions are patient and repeat. A patron waits here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import aiohttp
from yarl import URL

from search_api.availability.status import AnswerState

MAX_BODY_BYTES = 2_000_000
MAX_REDIRECTS = 3
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_FOR_ANYBODY = frozenset({"Accept", "Accept-Language"})
_ASKED_ANEW = frozenset({301, 302, 303})  # with GET, whatever was sent, as browsers do
CONNECTIONS_PER_HOST = 8
USER_AGENT = "Allshelves/0.1 (live availability)"


class ConnectorUnavailable(Exception):
    """The library's system could not be asked, or its answer cannot be used. Ask again later; nothing is known."""

    state = AnswerState.ERROR


class EntryRefused(ConnectorUnavailable):
    """The system wants a key, or another one than it was given (401, 403)."""


class ConnectorTimedOut(ConnectorUnavailable):
    """The library's system did not answer in time."""

    state = AnswerState.TIMEOUT


class QuestionRefused(ConnectorUnavailable):
    """The system is up and refuses this one question (400, 414, 422); others may be answered."""


class _Lost(aiohttp.ClientError):
    """A connection was lost while asking.

    aiohttp sends a GET again by itself when a kept-alive connection breaks: a system that answers slowly by closing
    would be asked twice, and a patron would wait twice. An error of its own kind is not repeated.
    """


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent to a library's system once."""

    url: str
    query: Mapping[str, str] = field(default_factory=dict)  # added to what the address has
    method: Literal["GET", "POST"] = "GET"
    content: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)  # may hold a key: never shown
    hosts: frozenset[str] = frozenset()  # where a redirect may lead, as ``host`` or ``host:port``; none: nowhere
    also: frozenset[int] = frozenset()  # statuses besides 200 that are answers of this protocol, e.g. 404


@dataclass(frozen=True, slots=True)
class Body:
    """A whole answer."""

    content: bytes
    links: Mapping[str, str]  # Link header: rel → address
    status: int = 200
    url: str = ""  # where it came from at last
    content_type: str = ""  # with its parameters
    cookies: Mapping[str, str] = field(default_factory=dict, repr=False)  # set on the way; nothing keeps them


class ImpatientHttp:
    """One session for all libraries; open it inside the running loop and close it."""

    def __init__(self) -> None:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, limit_per_host=CONNECTIONS_PER_HOST),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": USER_AGENT},
            middlewares=(_not_sent_again,),
            trust_env=False,
        )

    async def send(self, request: Request, *, timeout_seconds: float, connect_seconds: float | None = None) -> Body:
        """Asks once, following redirects no further than the request's hosts.

        ``timeout_seconds`` is for all of it, ``connect_seconds`` for each connection alone (None: no limit of its own).

        Raises: ConnectorTimedOut, EntryRefused, QuestionRefused, or ConnectorUnavailable with a reason for staff that
        holds nothing of the answer's text.
        """
        try:
            async with asyncio.timeout(timeout_seconds):
                return await self._followed(request, connect_seconds)
        except aiohttp.ConnectionTimeoutError as exc:
            raise ConnectorTimedOut(f"no connection within {connect_seconds:g} s") from exc
        except TimeoutError as exc:
            raise ConnectorTimedOut(f"no answer within {timeout_seconds:g} s") from exc
        except (aiohttp.ClientError, OSError, ValueError) as exc:
            raise ConnectorUnavailable(f"could not be reached ({type(_cause(exc)).__name__})") from exc

    async def _followed(self, request: Request, connect_seconds: float | None) -> Body:
        url, method, content = URL(request.url).update_query(request.query), request.method, request.content
        cookies: dict[str, str] = {}
        headers = dict(request.headers)
        for _ in range(MAX_REDIRECTS + 1):
            async with self._session.request(
                method,
                url,
                data=content,
                headers=headers,
                allow_redirects=False,  # a redirect could lead to an inside address
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=connect_seconds),
            ) as response:
                cookies |= {name: morsel.value for name, morsel in response.cookies.items()}
                if response.status in _REDIRECTS and request.hosts:
                    target = _allowed(response, url, request.hosts)
                    if response.status in _ASKED_ANEW:
                        method, content = "GET", None
                    if target.origin() != url.origin():  # keys and cookies are for the host that they were given for
                        headers = {name: value for name, value in headers.items() if name in _FOR_ANYBODY}
                        cookies = {}
                    if cookies:
                        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
                    url = target
                    continue
                if response.status not in request.also:
                    _check_status(response.status)
                return Body(
                    content=await _whole(response),
                    links={rel: str(link["url"]) for rel, link in response.links.items()},
                    status=response.status,
                    url=str(url),
                    content_type=response.headers.get("Content-Type", ""),
                    cookies=cookies,
                )
        raise ConnectorUnavailable("sends from one address to the next without end")

    async def close(self) -> None:
        await self._session.close()


def _allowed(response: aiohttp.ClientResponse, url: URL, hosts: frozenset[str]) -> URL:
    """Where a redirect leads, if it may."""
    target = url.join(URL(response.headers.get("Location", "")))
    if target.scheme not in ("http", "https") or (url.scheme == "https" and target.scheme == "http"):
        raise ConnectorUnavailable("sends to an address that is not safe to follow")
    if target.host not in hosts and f"{target.host}:{target.port}" not in hosts:
        raise ConnectorUnavailable("sends to a host that its library's file does not name (availability.hosts)")
    return target


async def _not_sent_again(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    try:
        return await handler(request)
    except aiohttp.ClientConnectorError:
        raise  # never connected: nothing was sent, and aiohttp does not repeat it
    except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError) as exc:
        raise _Lost(str(exc)) from exc


def _cause(exc: BaseException) -> BaseException:
    return exc.__cause__ if isinstance(exc, _Lost) and exc.__cause__ else exc


def _check_status(status: int) -> None:
    if status == 200:
        return
    if status in (401, 403):
        raise EntryRefused(f"does not let us in (HTTP {status})")
    if status in (400, 414, 422):
        raise QuestionRefused(f"refused the question (HTTP {status})")
    raise ConnectorUnavailable(f"answered HTTP {status}")


async def _whole(response: aiohttp.ClientResponse) -> bytes:
    """The body, decompressed, read no further than the cap."""
    content = bytearray()
    async for chunk in response.content.iter_any():
        content += chunk
        if len(content) > MAX_BODY_BYTES:
            raise ConnectorUnavailable(f"answered more than {MAX_BODY_BYTES} bytes")
    return bytes(content)

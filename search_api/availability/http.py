"""The impatient HTTP of live availability: one try, about a second, no redirect, a capped body.

Never shared with harvesting, whose sessions are patient and repeat. A patron waits here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import aiohttp
from yarl import URL

from search_api.availability.status import AnswerState

MAX_BODY_BYTES = 2_000_000
CONNECTIONS_PER_HOST = 8
USER_AGENT = "Allshelves/0.1 (live availability)"


class ConnectorUnavailable(Exception):
    """The library's system could not be asked, or its answer cannot be used. Ask again later; nothing is known."""

    state = AnswerState.ERROR


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
class Body:
    """A whole answer with status 200."""

    content: bytes
    links: Mapping[str, str]  # Link header: rel → address


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

    async def get(self, url: str, query: Mapping[str, str], *, timeout_seconds: float, accept: str) -> Body:
        """Asks once.

        Raises: ConnectorTimedOut, QuestionRefused, or ConnectorUnavailable with a reason for staff that holds
        nothing of the answer's text.
        """
        try:
            async with self._session.get(
                URL(url).update_query(query),
                headers={"Accept": accept},
                allow_redirects=False,  # a redirect could lead to an inside address
                timeout=aiohttp.ClientTimeout(total=timeout_seconds),
            ) as response:
                _check_status(response.status)
                return Body(await _whole(response), {rel: str(link["url"]) for rel, link in response.links.items()})
        except TimeoutError as exc:
            raise ConnectorTimedOut(f"no answer within {timeout_seconds:g} s") from exc
        except (aiohttp.ClientError, OSError, ValueError) as exc:
            raise ConnectorUnavailable(f"could not be reached ({type(_cause(exc)).__name__})") from exc

    async def close(self) -> None:
        await self._session.close()


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

"""What a server does with a token that is used twice, a date that is not to its liking: asked once, at onboarding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from harvester.errors import ArgumentRefused, HarvestFailed, ProtocolFailed
from harvester.oai_pmh.server import Server
from harvester.oai_xml import Headers, Listed, headers, listed


@dataclass(frozen=True, slots=True)
class TokenTried:
    """What came of asking twice with one token; ``idempotent`` is absent when no list had a second page."""

    idempotent: bool | None
    why: str = ""  # the failure of the second time, in words


async def first_page(server: Server, arguments: Mapping[str, str]) -> Listed:
    """The first page of a list of records, as it is.

    Raises: HarvestFailed, of any kind asking and reading raise.
    """
    reading = server.reading()
    return (await server.ask("ListRecords", lambda answer: listed(answer, reading), arguments)).value


async def first_names(server: Server, arguments: Mapping[str, str]) -> Headers:
    """The first page of a list of identifiers, as it is.

    Raises: as ``first_page``.
    """
    reading = server.reading()
    return (await server.ask("ListIdentifiers", lambda answer: headers(answer, reading), arguments)).value


async def token_twice(server: Server, token: str | None) -> TokenTried:
    """Asks twice with a token of ``first_page`` and learns whether both answers list the same.

    Raises: HarvestFailed when not even the first time goes well.
    """
    if token is None:
        return TokenTried(None)
    once = await first_page(server, {"resumptionToken": token})
    try:
        again = await first_page(server, {"resumptionToken": token})
    except HarvestFailed as exc:
        server.dialect.learn("token_idempotent", False)
        return TokenTried(False, str(exc))
    same = once.names == again.names
    server.dialect.learn("token_idempotent", same)
    return TokenTried(same, "" if same else "the second time it lists other records")


async def takes(server: Server, arguments: Mapping[str, str]) -> bool:
    """Whether a list may be asked for with these arguments; that nothing matches is an answer.

    Raises: HarvestFailed, but for what the protocol says against the arguments.
    """
    try:
        await first_names(server, arguments)
    except (ArgumentRefused, ProtocolFailed):
        return False
    return True

"""How a library's system is asked: one module per protocol, one line in the table.

A connector asks and understands; deadlines, caching, isolation and counting are the checker's (``check.py``).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from search_api.availability.connectors import (
    daia,
    evergreen,
    folio_rtac,
    koha_ilsdi,
    koha_rest,
    ncip,
    none,
    sierra,
    sru,
)
from search_api.availability.connectors.alma import AlmaConnector
from search_api.availability.connectors.sip2 import Sip2Connector
from search_api.availability.connectors.web import WebConnector
from search_api.availability.connectors.z3950 import Z3950Connector
from search_api.availability.entry import Entry
from search_api.availability.status import AskedRecord, ItemStatus, Reply
from search_api.availability.system import System


class Connector(Protocol):
    """Asks one library's system. Made once per library, when the program starts, and closed when it ends."""

    async def ask(self, records: Sequence[AskedRecord]) -> Reply:
        """One answer for each record it was asked, whatever the system said; not more than ``service.batch_size``.

        Raises: ConnectorUnavailable when nothing of the answer can be used; then nothing is known of any of them.
        """

    async def close(self) -> None:
        """Ends what it keeps open between questions."""


@dataclass(frozen=True, slots=True)
class _EachTime:
    """A connector that keeps nothing open between questions."""

    system: System
    asking: Callable[[System, Sequence[AskedRecord]], Awaitable[Reply]]

    async def ask(self, records: Sequence[AskedRecord]) -> Reply:
        return await self.asking(self.system, records)

    async def close(self) -> None:
        return None


def each_time(asking: Callable[[System, Sequence[AskedRecord]], Awaitable[Reply]]) -> Callable[[System], Connector]:
    """A connector of a function that asks anew each time."""
    return lambda system: _EachTime(system, asking)


@dataclass(frozen=True, slots=True)
class _Discreet:
    """A connector whose replies tell no secret: systems write what they were sent into messages and notes."""

    connector: Connector
    entry: Entry

    async def ask(self, records: Sequence[AskedRecord]) -> Reply:
        reply = await self.connector.ask(records)
        tell = self.entry.telling()
        answers = (
            replace(answer, items=tuple(_told(tell, item) for item in answer.items), message=tell(answer.message))
            for answer in reply.answers
        )
        return Reply(tuple(answers), tuple(map(tell, reply.unknown_words)))

    async def close(self) -> None:
        await self.connector.close()


def _told(tell: Callable[[str], str], item: ItemStatus) -> ItemStatus:
    return replace(
        item,
        item_id=tell(item.item_id),
        barcode=tell(item.barcode),
        branch=tell(item.branch),
        location=tell(item.location),
        call_number=tell(item.call_number),
        volume=tell(item.volume),
        message=tell(item.message),
        url=item.url if tell(item.url) == item.url else "",  # an address with a part missing leads nowhere
    )


def connected(system: System, connectors: Mapping[str, Callable[[System], Connector]] | None = None) -> Connector:
    """The connector of a library's protocol, without the library's secrets in what it replies."""
    connector = (CONNECTORS if connectors is None else connectors)[system.service.protocol](system)
    return connector if system.service.auth is None else _Discreet(connector, system.entry)


CONNECTORS: Mapping[str, Callable[[System], Connector]] = {
    "none": each_time(none.ask),
    "daia": each_time(daia.ask),
    "koha-ils-di": each_time(koha_ilsdi.ask),
    "koha-rest": each_time(koha_rest.ask),
    "alma": AlmaConnector,
    "evergreen": each_time(evergreen.ask),
    "folio-rtac": each_time(folio_rtac.ask),
    "ncip": each_time(ncip.ask),
    "sierra": each_time(sierra.ask),
    "sip2": Sip2Connector,
    "sru": each_time(sru.ask),
    "web": WebConnector,
    "z3950": Z3950Connector,
}

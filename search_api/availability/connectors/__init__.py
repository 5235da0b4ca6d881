"""How a library's system is asked: one module per protocol, one line in the table.

A connector asks and understands; deadlines, caching, isolation and counting are the checker's (``check.py``).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
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
from search_api.availability.status import AskedRecord, Reply
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

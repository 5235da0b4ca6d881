"""How a library's system is asked: one module per protocol, one line in the table.

A connector asks and understands; deadlines, caching, isolation and counting are the checker's (``check.py``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from mappings.library import Availability
from search_api.availability.connectors import daia, koha_ilsdi, none
from search_api.availability.http import ImpatientHttp
from search_api.availability.status import Reply


class Connector(Protocol):
    """Asks one library's system about some records, not more than ``service.batch_size``."""

    async def __call__(self, http: ImpatientHttp, service: Availability, local_ids: Sequence[str]) -> Reply:
        """One answer for each local id it was asked, whatever the system said of it.

        Raises: ConnectorUnavailable when nothing of the answer can be used; then nothing is known of any of them.
        """


CONNECTORS: Mapping[str, Connector] = {
    "none": none.ask,
    "daia": daia.ask,
    "koha-ils-di": koha_ilsdi.ask,
}

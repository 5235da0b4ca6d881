"""Z39.50 (ISO 23950): a search for each record, then its record with the copies, OPAC syntax or MARC.

The look-ups of the library's file are tried one after the other until one finds the record; one that the server does
not take is passed over. A number that finds only records of other numbers has not found the record. What the records
mean is the same as over SRU: ``search_api/availability/opac``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from mappings.opac import OpacSystem
from search_api.availability.http import ConnectorUnavailable
from search_api.availability.opac.answering import Found, reply
from search_api.availability.opac.shown import shown
from search_api.availability.status import AskedRecord, Reply
from search_api.availability.system import System
from search_api.availability.z3950.ber import BerInvalid
from search_api.availability.z3950.client import Search, Z3950Client
from search_api.availability.z3950.messages import Credentials
from search_api.availability.z3950.opac import record_of

_SYNTAXES: Mapping[OpacSystem, tuple[str, ...]] = dict.fromkeys(
    ("evergreen", "koha", "polaris", "symphony", "tlc"), ("marc21",)
)
"""What a kind of system puts its copies into; the others give OPAC records, and MARC where they cannot."""

_ATTRIBUTE = re.compile(r"@attr (\d+)=(\d+)")


class Z3950Connector:
    """One server, with the session that is kept open between questions."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._settings = system.service.z3950
        self._client = Z3950Client(
            system.service.url, timeout_seconds=system.service.timeout_seconds, credentials=self._credentials
        )

    async def ask(self, records: Sequence[AskedRecord]) -> Reply:
        """Asks for one record after the other: a server takes one session from us, and a session one question.

        Raises: ConnectorUnavailable when no record is answered for.
        """
        return await reply(self._system, self._settings, records, self._search)

    async def close(self) -> None:
        """Ends the session."""
        await self._client.close()

    async def _search(self, way: str, term: str) -> Found:
        settings = self._settings
        wanted = (settings.syntax,) if settings.syntax else _SYNTAXES.get(settings.system, ("opac", "marc21"))
        attributes = tuple((int(kind), int(value)) for kind, value in _ATTRIBUTE.findall(way))
        search = Search(settings.database, attributes, term, wanted, settings.elements)
        try:
            hits = await self._client.ask(search)
            found = [record_of(syntax, body, settings.charset) for syntax, body in hits.records]
        except BerInvalid as exc:
            self._system.tell(str(search), f"({exc})")
            raise ConnectorUnavailable("answered a record that is not in the syntax it says") from exc
        except ConnectorUnavailable as exc:
            self._system.tell(str(search), f"({exc})")
            raise
        if self._system.listener is not None:
            self._system.tell(str(search), "\n\n".join((f"{hits.count} found", *map(shown, found))))
        return Found(hits.count, found)

    def _credentials(self) -> Credentials | None:
        login = self._system.entry.login()
        if login is None:
            return None
        return Credentials(*login, group=self._settings.group, together=self._settings.login == "together")

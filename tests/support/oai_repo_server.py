"""An OAI-PMH server that we did not write, oai_repo, over the records of a wild repository."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import oai_repo
from aiohttp import web
from lxml import etree

from fixtures.wild.repository import SLIM, Entry, Repository, metadata_of
from tests.support.oai import serving

STAMP = "%Y-%m-%dT%H:%M:%SZ"


class Records(oai_repo.DataInterface):  # type: ignore[misc]
    """What oai_repo asks of whoever uses it; it pages, makes tokens and XML, and answers errors by itself."""

    limit = 10

    def __init__(self, repository: Repository) -> None:
        self.repository = repository
        self.base_url = ""

    def get_identify(self) -> oai_repo.Identify:
        return oai_repo.Identify(
            repository_name="Not ours",
            base_url=self.base_url,
            admin_email=["library@example.org"],
            earliest_datestamp=min(e.stamp for e in self.repository.entries.values()).strftime(STAMP),
            deleted_record="no",
            granularity="YYYY-MM-DDThh:mm:ssZ",
        )

    def is_valid_identifier(self, identifier: str) -> bool:
        return identifier in self.repository.live

    def get_metadata_formats(self, identifier: str | None = None) -> list[oai_repo.MetadataFormat]:
        return [oai_repo.MetadataFormat("marc21", "http://www.loc.gov/standards/marcxml/schema/MARC21slim.xsd", SLIM)]

    def get_record_header(self, identifier: str) -> oai_repo.RecordHeader:
        return oai_repo.RecordHeader(
            identifier=identifier, datestamp=self.repository.live[identifier].stamp.strftime(STAMP)
        )

    def get_record_metadata(self, identifier: str, metadataprefix: str) -> etree._Element:
        return etree.fromstring(metadata_of(self.repository.live[identifier]))

    def get_record_abouts(self, identifier: str) -> list[etree._Element]:
        return []

    def list_set_specs(self, identifier: str | None = None, cursor: int = 0) -> tuple[None, None, None]:
        return None, None, None

    def get_set(self, setspec: str) -> None:
        return None

    def list_identifiers(
        self,
        metadataprefix: str,
        filter_from: datetime | None = None,
        filter_until: datetime | None = None,
        filter_set: str | None = None,
        cursor: int = 0,
    ) -> tuple[list[str], int, None]:
        def is_within(entry: Entry) -> bool:
            low = filter_from is None or entry.stamp >= filter_from.replace(tzinfo=UTC)
            return low and (filter_until is None or entry.stamp <= filter_until.replace(tzinfo=UTC))

        names = sorted(name for name, entry in self.repository.live.items() if is_within(entry))
        return names[cursor : cursor + self.limit], len(names), None


@asynccontextmanager
async def oai_repo_server(repository: Repository) -> AsyncIterator[str]:
    """Its base URL, while it runs."""
    records = Records(repository)
    oai = oai_repo.OAIRepository(records)

    async def answer(request: web.Request) -> web.Response:
        return web.Response(body=bytes(oai.process(dict(request.query))), content_type="text/xml")

    async with serving(answer) as base:
        records.base_url = f"{base}/oai"
        yield records.base_url

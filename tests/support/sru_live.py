"""A local SRU server that knows the records of a test by the queries that find them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aiohttp import web

from tests.support.status import Handler


def sru(records: Mapping[str, Sequence[str]]) -> Handler:
    """CQL query → the XML of the records that it finds."""

    async def answer(request: web.Request) -> web.StreamResponse:
        return web.Response(text=sru_answer(records.get(request.query["query"], ())), content_type="text/xml")

    return answer


def sru_answer(records: Sequence[str] = (), *, hits: int | None = None, diagnostic: int | None = None) -> str:
    """A response of SRU 1.2 with these records, or with a diagnostic."""
    listed = "".join(
        "<zs:record><zs:recordSchema>opac</zs:recordSchema><zs:recordPacking>xml</zs:recordPacking>"
        f"<zs:recordData>{record}</zs:recordData></zs:record>"
        for record in records
    )
    failure = (
        ""
        if diagnostic is None
        else '<zs:diagnostics><diagnostic xmlns="http://www.loc.gov/zing/srw/diagnostic/">'
        f"<uri>info:srw/diagnostic/1/{diagnostic}</uri><details>機密</details></diagnostic></zs:diagnostics>"
    )
    return (
        '<?xml version="1.0"?><zs:searchRetrieveResponse xmlns:zs="http://www.loc.gov/zing/srw/">'
        f"<zs:version>1.2</zs:version><zs:numberOfRecords>{len(records) if hits is None else hits}</zs:numberOfRecords>"
        f"<zs:records>{listed}</zs:records>{failure}</zs:searchRetrieveResponse>"
    )

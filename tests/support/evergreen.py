"""An Evergreen's unAPI as a test scripts it: records with volumes and copies, and its page for what is not there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.sax.saxutils import quoteattr

from aiohttp import web

from tests.support.status import Handler

NAMESPACE = "http://open-ils.org/spec/holdings/v1"
_ASKED = re.compile(r"tag::U2@bre/(\d+)\{holdings_xml,acn,acp\}(?:/\w+)?")


def evergreen(records: Mapping[str, str]) -> Handler:
    """A server that knows these records: number → its copies (`evergreen_copy`), which stand in one volume."""

    async def answer(request: web.Request) -> web.StreamResponse:
        wanted = _ASKED.fullmatch(request.query["id"])
        assert wanted, request.query["id"]
        assert request.query["format"] == "holdings_xml"
        if wanted[1] not in records:
            page = "<html><body><center>Sorry, we couldn't retrieve a bre with the id of 1.</center></body></html>"
            return web.Response(text=page, status=404, content_type="text/html")
        return web.Response(text=evergreen_holdings(wanted[1], records[wanted[1]]), content_type="application/xml")

    return answer


def evergreen_holdings(number: str, copies: str, **flags: str) -> str:
    """The answer for one record; ``flags`` as attributes of its volume."""
    more = "".join(f" {name}={quoteattr(value)}" for name, value in flags.items())
    volume = (
        f'<volume id="tag:open-ils.org:U2@acn/7" lib="BR1" label="857.49 8" record="{number}"{more}>'
        f"<copies>{copies}</copies></volume>"
    )
    return f'<holdings xmlns="{NAMESPACE}"><counts/><volumes>{volume if copies else ""}</volumes></holdings>'


def evergreen_copy(ident: str, name: str = "", **flags: str) -> str:
    """One copy by its status; ``flags`` as its attributes (ref, circulate, deleted, opac_visible, barcode …)."""
    known = {"deleted": "f", "opac_visible": "t", "circulate": "t", "ref": "f", **flags}
    attributes = "".join(f" {flag}={quoteattr(value)}" for flag, value in known.items())
    return (
        f'<copy id="tag:open-ils.org:U2@acp/3"{attributes}><status ident="{ident}">{name}</status>'
        '<location ident="1">一般書庫</location><circ_lib name="北區分館"/></copy>'
    )

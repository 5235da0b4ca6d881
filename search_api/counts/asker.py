"""Whether a request is a reader's: what programs, robots and staff ask is not counted."""

from __future__ import annotations

import re

from starlette.requests import Request

_PROGRAM = re.compile(
    r"(?<!cu)bot\b|crawl|spider|slurp|archiv|fetch|preview|monitor|uptime|pingdom|headless|lighthouse|scan|check|"
    r"feed|zotero|facebookexternalhit|whatsapp|telegram|curl|wget|python|httpx|aiohttp|okhttp|libwww|java/|go-http|"
    r"ruby|perl|php/|node|axios|scrapy|postman|insomnia|allshelves",
    re.I,
)


STAFF_COOKIES = ("allshelves", "__Host-allshelves")
"""Only those who have logged in have one; it need not be looked up to know that it is no reader's."""


def is_reader(request: Request) -> bool:
    """Whether a reader looks at the page now: no program, no page that a browser fetches ahead of time, no staff."""
    if any(name in request.cookies for name in STAFF_COOKIES):
        return False
    agent = request.headers.get("user-agent", "")
    ahead = "prefetch" in f"{request.headers.get('sec-purpose', '')} {request.headers.get('purpose', '')}".lower()
    return request.method == "GET" and agent.startswith("Mozilla/") and not ahead and not _PROGRAM.search(agent)

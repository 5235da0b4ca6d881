"""Site maps (sitemaps.org 0.9): an index of parts, each an even share of the editions, and the crawling rules.

An edition's id is a hash written in base 32, so ids that begin alike are an even share of all: a part is the editions
whose ids begin with its name. It is read by the key of the catalogue and sent as it is read; nothing counts through a
million editions, and none of them is merged.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import product
from xml.sax.saxutils import escape

ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"
"""What ids are written with, in their order."""

MOST_IN_A_PART = 50_000
"""sitemaps.org allows no more."""

_WANTED_IN_A_PART = 40_000
"""On average: shares of a hash differ, by less than a hundredth at this size."""

_XMLNS = "http://www.sitemaps.org/schemas/sitemap/0.9"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'

CRAWL_DELAY_SECONDS = 1


def parts(editions: int) -> list[str]:
    """The names of the parts that so many editions are shared among: what their ids begin with."""
    letters = 0
    while editions > _WANTED_IN_A_PART * len(ALPHABET) ** letters:
        letters += 1
    return ["".join(one) for one in product(ALPHABET, repeat=letters)]


def index(addresses: Iterable[str], changed: datetime | None) -> Iterator[str]:
    """The index of parts; ``changed`` is when any of them may last have changed."""
    yield f'{_HEAD}<sitemapindex xmlns="{_XMLNS}">\n'
    for address in addresses:
        yield f"<sitemap><loc>{escape(address)}</loc>{_lastmod(changed)}</sitemap>\n"
    yield "</sitemapindex>\n"


def urls(found: Iterable[tuple[str, datetime | None]]) -> Iterator[str]:
    """One part: addresses, each with its last change."""
    yield f'{_HEAD}<urlset xmlns="{_XMLNS}">\n'
    for address, changed in found:
        yield f"<url><loc>{escape(address)}</loc>{_lastmod(changed)}</url>\n"
    yield "</urlset>\n"


def _lastmod(changed: datetime | None) -> str:
    return f"<lastmod>{changed.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}</lastmod>" if changed else ""


def robots(site: str, parameters: Iterable[str]) -> str:
    """The crawling rules: pages and plain searches may be read; what narrows and sorts them leads nowhere new."""
    rules = [
        "User-agent: *",
        "Disallow: /api/",
        "Disallow: /out",
        "Disallow: /staff",
        "Disallow: /*/live",
        "Disallow: /search/live",
        "Disallow: /*list?",
        "Disallow: /*advanced?",
        "Disallow: /*feed.atom",
        *(f"Disallow: /*{mark}{name}=" for name in parameters for mark in "?&"),
        f"Crawl-delay: {CRAWL_DELAY_SECONDS}",
        "",
        f"Sitemap: {site}/sitemap.xml",
        "",
    ]
    return "\n".join(rules)

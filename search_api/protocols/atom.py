"""Atom feeds (RFC 4287) of searches: what of them entered the catalogue last, with ids that last."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from lxml import etree

NAMESPACE = "http://www.w3.org/2005/Atom"
KIND = "application/atom+xml"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_NOT_XML = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 65534, 65535), "�")


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One edition of a feed."""

    id: str  # its permanent address
    title: str
    language: str  # of the title, as in ``lang``; "" when not known
    address: str
    entered: datetime
    changed: datetime
    authors: tuple[str, ...] = ()
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed of one search in one interface language."""

    id: str
    title: str
    subtitle: str
    language: str
    address: str  # of the page with the same search
    itself: str
    author: str  # the consortium: who no author is known of is its
    icon: str
    changed: datetime
    entries: tuple[FeedEntry, ...]


def written(feed: Feed) -> bytes:
    """The feed as XML."""
    root = etree.Element(f"{{{NAMESPACE}}}feed", {_XML_LANG: feed.language}, nsmap={None: NAMESPACE})
    _add(root, "id", feed.id)
    _add(root, "title", feed.title)
    _add(root, "subtitle", feed.subtitle)
    _add(root, "updated", _moment(feed.changed))
    _add(etree.SubElement(root, f"{{{NAMESPACE}}}author"), "name", feed.author)
    _link(root, "self", feed.itself, KIND)
    _link(root, "alternate", feed.address, "text/html")
    _add(root, "icon", feed.icon)
    _add(root, "generator", "Allshelves")
    for entry in feed.entries:
        _write(etree.SubElement(root, f"{{{NAMESPACE}}}entry"), entry)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _write(element: etree._Element, entry: FeedEntry) -> None:
    _add(element, "id", entry.id)
    title = _add(element, "title", entry.title)
    if entry.language:
        title.set(_XML_LANG, entry.language)
    _add(element, "published", _moment(entry.entered))
    _add(element, "updated", _moment(entry.changed))
    for author in _each(entry.authors):
        _add(etree.SubElement(element, f"{{{NAMESPACE}}}author"), "name", author)
    _link(element, "alternate", entry.address, "text/html")
    if entry.summary:
        _add(element, "summary", entry.summary)


def _each(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(filter(None, names)))


def _add(parent: etree._Element, tag: str, text: str) -> etree._Element:
    element = etree.SubElement(parent, f"{{{NAMESPACE}}}{tag}")
    element.text = text.translate(_NOT_XML)  # a record may hold what XML cannot
    return element


def _link(parent: etree._Element, rel: str, address: str, kind: str) -> None:
    etree.SubElement(parent, f"{{{NAMESPACE}}}link", {"rel": rel, "href": address, "type": kind})


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"

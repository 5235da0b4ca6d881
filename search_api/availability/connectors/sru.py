"""SRU 1.1 to 2.0: a query for each record, answered with OPAC XML, or with MARCXML that holds the copies.

What the records mean is the same as over Z39.50: ``search_api/availability/opac``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from lxml import etree

from mappings.opac import BY_ISBN, NAMED
from search_api.availability.http import ConnectorUnavailable, EntryRefused, QuestionRefused
from search_api.availability.opac.answering import Found, reply
from search_api.availability.opac.record import CatalogueRecord, record_of_xml
from search_api.availability.reading import child_text, children, count, local_name, xml
from search_api.availability.status import AskedRecord, Reply
from search_api.availability.system import System

MAX_RECORDS = 10  # taken of one query: a number finds one record, an ISBN several editions

_PLAIN = re.compile(r"[\w.-]+")
_OF_QUERY = frozenset(range(10, 50))  # diagnostics of SRU about the query
_NO_ACCESS = frozenset({3})
_BEYOND_THE_LAST = 61  # what some servers say in place of "none found"


async def ask(system: System, records: Sequence[AskedRecord]) -> Reply:
    """Asks for one record after the other.

    Raises: ConnectorUnavailable when no record is answered for.
    """

    async def search(way: str, term: str) -> Found:
        return await _search(system, query(way, term))

    return await reply(system, system.service.sru, records, search)


def query(way: str, term: str) -> str:
    """The CQL of a look-up: a term that is more than letters and digits stands in quotes, its own signs escaped."""
    place = BY_ISBN if BY_ISBN in way else NAMED
    escaped = re.sub(r'(["\\*?^])', r"\\\1", term)
    if not _PLAIN.fullmatch(term) and f'"{place}"' not in way:
        escaped = f'"{escaped}"'
    return way.replace(place, escaped)


async def _search(system: System, cql: str) -> Found:
    settings = system.service.sru
    escaping = "recordXMLEscaping" if settings.version == "2.0" else "recordPacking"
    asked = {
        "version": settings.version,
        "operation": "searchRetrieve",
        "query": cql,
        "maximumRecords": str(MAX_RECORDS),
        "recordSchema": settings.record_schema,
        escaping: "xml",
    }
    body = await system.get(asked, accept="application/sru+xml, application/xml, text/xml")
    root = xml(body.content)
    if local_name(root) != "searchRetrieveResponse":
        raise ConnectorUnavailable(f"answered <{local_name(root)[:40]}> instead of <searchRetrieveResponse>")
    hits = count(child_text(root, "numberOfRecords"))
    failure = _failure(root)
    if failure is not None and not hits:
        raise failure
    if hits is None:
        raise ConnectorUnavailable("does not say how many records it found")
    given = [one for group in children(root, "records") for one in islice(children(group, "record"), MAX_RECORDS)]
    if hits and not given:
        raise failure or ConnectorUnavailable("found the record and gave none")
    return Found(hits, [_record(one) for one in given])


def _record(element: etree._Element) -> CatalogueRecord:
    data = next(iter(children(element, "recordData")), None)
    if data is None:
        raise ConnectorUnavailable("answered a record without data")
    inner = next((child for child in data if local_name(child)), None)
    if inner is None:  # sent as text, whatever was asked for
        inner = xml((data.text or "").strip().encode())
    if local_name(inner) == "diagnostic":
        raise _refusal(inner)
    return record_of_xml(inner)


def _failure(root: etree._Element) -> ConnectorUnavailable | None:
    """The first diagnostic in place of a result; None without, and for one that only says that there is nothing."""
    first = next((one for group in children(root, "diagnostics") for one in children(group, "diagnostic")), None)
    if first is None or _number(first) == _BEYOND_THE_LAST:
        return None
    return _refusal(first)


def _refusal(diagnostic: etree._Element) -> ConnectorUnavailable:
    number = _number(diagnostic)
    if number in _NO_ACCESS:
        return EntryRefused(f"does not let us in (diagnostic {number})")
    if number in _OF_QUERY:
        return QuestionRefused(f"refused the question (diagnostic {number})")
    return ConnectorUnavailable(f"answered with diagnostic {number}")


def _number(diagnostic: etree._Element) -> int:
    return count(child_text(diagnostic, "uri").rsplit("/", 1)[-1]) or 0

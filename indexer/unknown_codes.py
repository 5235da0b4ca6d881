"""Codes a record carries that nobody has given words for: what a page would show bare, and a report names.

Of a library's own codes its TOML file is asked, of MARC's the tables in ``mappings/tables``.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping

from indexer.record import Record
from indexer.unread_codes import parted
from mappings.library import Library
from mappings.table import load_table

UnknownCode = tuple[str, str]
"""(kind, code as sent); the kinds are those of `OF_A_LIBRARY`, `OF_MARC` and `UNREAD`."""

OF_A_LIBRARY = ("branch", "location", "item_type", "collection", "policy")
"""Kinds whose words stand in the library's file, in the order reported."""

OF_MARC: Mapping[str, Container[str]] = {
    "language": load_table("languages"),
    "country": load_table("countries"),
    "relator": load_table("relators"),
}
"""Kinds whose words stand in a table of the product, in the order reported."""

UNREAD = (
    *("scheme", "thesaurus", "audience", "carrier", "format"),
    *("content_type", "media_type", "place", "coded_data", "number_source"),
)
"""Kinds besides, of codes that a record keeps only to be told (`Record.unread_codes`)."""


def unknown_codes(record: Record, library: Library) -> tuple[UnknownCode, ...]:
    """The codes of a record that have no label, each once, by kind and in record order; empty when all have one."""
    known: Mapping[str, Container[str]] = {
        "branch": library.records.branches,
        "location": library.records.locations,
        "item_type": library.records.item_types,
        "collection": library.records.collections,
        "policy": library.records.policies,
        **OF_MARC,
    }
    found = [code for code in _codes(record) if code[1] and code[1] not in known[code[0]]]
    found.extend(parted(record.unread_codes))
    kinds = (*OF_A_LIBRARY, *OF_MARC, *UNREAD)
    return tuple(sorted(dict.fromkeys(found), key=lambda code: kinds.index(code[0])))


def _codes(record: Record) -> Iterator[UnknownCode]:
    for holding in record.holdings:
        yield "branch", holding.branch
        yield "location", holding.location
        yield "collection", holding.collection
        for item in holding.items:
            yield "item_type", item.item_type
            yield "collection", item.collection
            yield "policy", item.policy
    translated_from = (*record.original_languages, *record.intermediate_languages)
    for language in (*record.languages, *translated_from, *record.subtitle_languages):
        yield "language", language
    yield "country", record.country
    for agent in record.agents:
        for role in agent.roles:
            yield "relator", role

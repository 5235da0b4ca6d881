"""A catalogue record as lines of text, for whoever sets up a member."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from search_api.availability.opac.record import CatalogueRecord, Circulation, OpacHolding


def shown(record: CatalogueRecord) -> str:
    """MARC fields in their order, then holdings with what was sent of them."""
    return "\n".join(_lines(record))


def _lines(record: CatalogueRecord) -> Iterator[str]:
    if record.marc is not None:
        yield from (f"{tag}    {value}" for tag, value in record.marc.control_fields)
        for field in record.marc.data_fields:
            subfields = "".join(f"${code}{value}" for code, value in field.subfields)
            yield f"{field.tag} {field.ind1}{field.ind2} {subfields}"
    for holding in record.holdings:
        yield "holding"
        yield from _sent(holding, "  ")
        for copy in holding.circulations:
            yield "  copy"
            yield from _sent(copy, "    ")


def _sent(part: OpacHolding | Circulation, indent: str) -> Iterator[str]:
    for field in fields(part):
        value = getattr(part, field.name)
        if field.name != "circulations" and value not in ("", None):
            yield f"{indent}{field.name}: {value}"

"""Why the records of an edition are one, as the page tells it: one line a record, each joined to one above it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from indexer.catalogue import Edge
from indexer.record import Edition, RecordRef
from search_api.labels import Labels
from search_api.services import Services
from search_api.texts import Texts

REASONS_SHOWN = 5
_DIALECTS = {"marc21": "MARC 21", "unimarc": "UNIMARC／CMARC", "oai_dc": "Dublin Core"}


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    library: str
    record: str  # what the library calls it
    url: str
    dialect: str
    compared: str  # with which record above
    reasons: tuple[str, ...]  # the weightiest first; empty for the first record


def evidence(services: Services, edition: Edition, t: Texts, labels: Labels) -> tuple[EvidenceLine, ...]:
    """A line for each record: the strongest judgement that joins it to the records above."""
    members = {member.ref: member for member in edition.members}
    lines = []
    for ref, edge in joined(tuple(members), services.catalogue.edges(members)):
        member = members[ref]
        compared, reasons = t("edition.why_first"), []
        if edge is not None:
            other = members[edge.a if edge.b == ref else edge.b]
            number = other.local_id or other.identifier
            compared = t("edition.why_with", library=labels.library(other.library), record=number)
            reasons = _weightiest(edge, t)
        url = f"/api/editions/{edition.id}/records/{quote(ref.library)}/{quote(ref.identifier, safe='')}"
        dialect = _DIALECTS.get(member.dialect, member.dialect)
        lines.append(
            EvidenceLine(
                library=labels.library(ref.library),
                record=member.local_id or ref.identifier,
                url=url,
                dialect=dialect,
                compared=compared,
                reasons=tuple(reasons),
            )
        )
    return tuple(lines)


def joined(refs: Sequence[RecordRef], edges: Sequence[Edge]) -> list[tuple[RecordRef, Edge | None]]:
    """The records in an order in which each is joined to one before it by the strongest edge there is.

    ``edges`` are strongest first. The first record has no edge; nor has one that no edge reaches.
    """
    waiting = dict.fromkeys(refs)
    placed: list[tuple[RecordRef, Edge | None]] = []
    reached: set[RecordRef] = set()
    while waiting:
        found = next(
            ((edge, edge.a if edge.b in reached else edge.b) for edge in edges if _leads_on(edge, reached)), None
        )
        edge, ref = found if found else (None, next(iter(waiting)))
        del waiting[ref]
        reached.add(ref)
        placed.append((ref, edge))
    return placed


def _leads_on(edge: Edge, reached: set[RecordRef]) -> bool:
    return (edge.a in reached) != (edge.b in reached)


def _weightiest(edge: Edge, t: Texts) -> list[str]:
    return [t(f"reason.{statement}") for statement in edge.reasons[:REASONS_SHOWN]]

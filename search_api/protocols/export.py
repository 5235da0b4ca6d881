"""Editions in the formats that other programs read: one table of formats, one function for pages and API."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from indexer.record import Edition
from mappings.library import Library
from search_api.labels import Labels
from search_api.protocols.bibtex import bibtex
from search_api.protocols.csl_json import csl_json
from search_api.protocols.json_ld import json_ld
from search_api.protocols.marc_file import iso2709, marcxml
from search_api.protocols.marc_record import marc_record
from search_api.protocols.reference import Reference, reference
from search_api.protocols.ris import ris


@dataclass(frozen=True, slots=True)
class Context:
    """What a format needs besides the editions."""

    site: str  # the catalogue's own address, without a slash at its end
    libraries: Mapping[str, Library]
    language: str  # of the names of libraries
    at: datetime


Writer = Callable[[Sequence[Edition], Context], bytes]


@dataclass(frozen=True, slots=True)
class ExportFormat:
    label: str  # the same in every language
    suffix: str  # of an edition's address and of the file
    media_type: str
    write: Writer


def _references(editions: Iterable[Edition], context: Context) -> list[Reference]:
    return [reference(edition, context.site) for edition in editions]


def _ris(editions: Sequence[Edition], context: Context) -> bytes:
    return ris(_references(editions, context)).encode()


def _bibtex(editions: Sequence[Edition], context: Context) -> bytes:
    return bibtex(_references(editions, context)).encode()


def _csl_json(editions: Sequence[Edition], context: Context) -> bytes:
    return csl_json(_references(editions, context))


def _json_ld(editions: Sequence[Edition], context: Context) -> bytes:
    return json_ld(editions, context.libraries, context.site, context.language)


def _marc21(editions: Sequence[Edition], context: Context) -> bytes:
    labels = Labels(context.libraries, context.language)
    return b"".join(
        iso2709(marc_record(edition, context.site, labels, context.at), f"{context.site}/editions/{edition.id}")
        for edition in editions
    )


def _marcxml(editions: Sequence[Edition], context: Context) -> bytes:
    labels = Labels(context.libraries, context.language)
    return marcxml(marc_record(edition, context.site, labels, context.at) for edition in editions)


FORMATS: dict[str, ExportFormat] = {
    "ris": ExportFormat("RIS", "ris", "application/x-research-info-systems; charset=utf-8", _ris),
    "bibtex": ExportFormat("BibTeX", "bib", "application/x-bibtex; charset=utf-8", _bibtex),
    "csl-json": ExportFormat("CSL-JSON", "csl", "application/vnd.citationstyles.csl+json", _csl_json),
    "marc21": ExportFormat("MARC 21", "mrc", "application/marc", _marc21),
    "marcxml": ExportFormat("MARCXML", "xml", "application/marcxml+xml", _marcxml),
    "json-ld": ExportFormat("JSON-LD", "jsonld", "application/ld+json", _json_ld),
}
"""The formats by the names the API knows them by, in the order in which pages offer them."""

BY_SUFFIX: dict[str, str] = {one.suffix: name for name, one in FORMATS.items()}


@dataclass(frozen=True, slots=True)
class Download:
    """A link to an export."""

    label: str
    url: str
    media_type: str


def downloads(address: Callable[[str, ExportFormat], str]) -> list[Download]:
    """A link for each format, by its name."""
    return [Download(one.label, address(name, one), one.media_type.partition(";")[0]) for name, one in FORMATS.items()]

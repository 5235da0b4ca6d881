"""How records can be had: protocol name → source. A protocol is one module, one line here, one name in a TOML file.

What the keys of a library's ``[harvest]`` are, protocol by protocol, stands in ``mappings/library.py``.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from dataclasses import dataclass

from harvester import marc_dump, oai_pmh, sru
from harvester.page import IdentifierPage, Page, Presence, Visit
from mappings.library import Library


@dataclass(frozen=True, slots=True)
class Source:
    """What a protocol can do for a run."""

    source_of: Callable[[Library], str]  # what a run is bound to: another address, set or prefix is another list
    pages: Callable[[Visit], AsyncGenerator[Page, None]]
    resumes: bool = False  # goes on from a checkpoint; else an interrupted list begins anew
    incremental: bool = False  # with a watermark it lists what changed, not everything
    identifiers: Callable[[Visit], AsyncGenerator[IdentifierPage, None]] | None = (
        None  # absent: a full list is the sweep
    )
    one: Callable[[Visit, str], Awaitable[Presence]] | None = None  # asks for one record; absent where that cannot be


PROTOCOLS: Mapping[str, Source] = {
    "oai-pmh": Source(
        oai_pmh.source_of,
        oai_pmh.pages,
        resumes=True,
        incremental=True,
        identifiers=oai_pmh.identifiers,
        one=oai_pmh.one,
    ),
    "marc-dump": Source(marc_dump.source_of, marc_dump.pages),
    "sru": Source(sru.source_of, sru.pages, resumes=True),
}

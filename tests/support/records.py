"""Small records for tests: what a test does not name is as a well catalogued printed book has it, or absent."""

from __future__ import annotations

import itertools
from typing import Any

from indexer.record import (
    Agent,
    Carrier,
    Format,
    Holding,
    Identifier,
    Imprint,
    Item,
    Record,
    Series,
    Subject,
    Title,
)

_numbers = itertools.count(1)


def make_record(
    title: str | Title = "Pride and prejudice",
    ref: str = "",
    *,
    other: str = "",
    part: str = "",
    romanised: str = "",
    author: str | Agent = "",
    translator: str = "",
    publisher: str = "",
    place: str = "",
    isbn: str | tuple[str, ...] = (),
    issn: str = "",
    oclc: str = "",
    lccn: str = "",
    language: str = "",
    subjects: tuple[str, ...] = (),
    series: str = "",
    holdings: int = 0,
    **fields: Any,
) -> Record:
    """A printed book with what is given; ``ref`` is ``library:identifier``, made up when absent.

    ``fields`` are fields of `Record` by name: ``year``, ``pages``, ``edition``, ``format`` …
    """
    library, _, identifier = (ref or f"ntl:{next(_numbers)}").partition(":")
    titles = (title if isinstance(title, Title) else Title(title, other=other, part_number=part, romanised=romanised),)
    agents = []
    if author:
        agents.append(author if isinstance(author, Agent) else Agent(author, role="aut", main=True))
    if translator:
        agents.append(Agent(translator, role="trl"))
    isbns = (isbn,) if isinstance(isbn, str) else isbn
    identifiers = [Identifier("isbn", number) for number in isbns]
    identifiers += [
        Identifier(kind, value) for kind, value in (("issn", issn), ("oclc", oclc), ("lccn", lccn)) if value
    ]
    year = fields.get("year")
    given: dict[str, Any] = {
        "titles": titles if titles[0].proper else (),
        "agents": tuple(agents),
        "imprints": (Imprint(place, publisher, str(year or "")),) if place or publisher or year else (),
        "identifiers": tuple(identifiers),
        "languages": (language,) if language else (),
        "subjects": tuple(Subject(text) for text in subjects),
        "series": (Series(series),) if series else (),
        "format": Format.BOOK,
        "carrier": Carrier.PRINT,
        "holdings": tuple(
            Holding(library, identifier, identifier, items=(Item(barcode=f"{library}-{identifier}-{copy}"),))
            for copy in range(holdings)
        ),
    }
    return Record(library, identifier, local_id=identifier, **{"dialect": "marc21", **given, **fields})

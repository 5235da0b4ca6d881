"""Small editions for tests of what comes after merging: what a test does not name is absent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from indexer.record import (
    Agent,
    Carrier,
    Edition,
    Format,
    Holding,
    Identifier,
    Imprint,
    Item,
    Member,
    Series,
    Sourced,
    Subject,
    Title,
)
from mappings.library import Harvest, Library

T = TypeVar("T")

REGIONS = {
    "ntl": "north", "haifeng": "south", "shancheng": "north", "daolang": "central",
    "shiqiao": "central", "fenggu": "east", "fengdao": "islands", "riverside": "abroad",
}  # fmt: skip


def make_libraries() -> dict[str, Library]:
    """The demo members by code, with what an index document needs of them."""
    return {
        code: Library(
            code=code,
            name={"en": code.title()},
            region=region,
            kind="city",
            harvest=Harvest(protocol="oai-pmh", url="http://127.0.0.1/"),
        )
        for code, region in REGIONS.items()
    }


def make_edition(
    edition_id: str,
    title: str | Title | Iterable[Title] = "",
    *,
    libraries: Iterable[str] = ("ntl",),
    romanised: str = "",
    other: str = "",
    creators: Iterable[str | Agent] = (),
    responsibility: str = "",
    publisher: str = "",
    place: str = "",
    year: int | None = None,
    isbns: Iterable[str] = (),
    issn: str = "",
    wrong_isbn: str = "",
    oclc: str = "",
    subjects: Iterable[str] = (),
    series: str = "",
    notes: Iterable[str] = (),
    summary: str = "",
    contents: str = "",
    call_number: str = "",
    barcode: str = "",
    languages: Iterable[str] = (),
    format: Format = Format.BOOK,
) -> Edition:
    """An edition every one of whose values all its libraries state."""
    holders = tuple(libraries)

    def sourced(values: Iterable[T]) -> tuple[Sourced[T], ...]:
        return tuple(Sourced(value, tuple(sorted(holders))) for value in values)

    titles: tuple[Title, ...]
    if isinstance(title, str):
        titles = (Title(title, other=other, romanised=romanised),) if title else ()
    else:
        titles = (title,) if isinstance(title, Title) else tuple(title)
    identifiers = [Identifier("isbn", value) for value in isbns]
    if wrong_isbn:
        identifiers.append(Identifier("isbn", wrong_isbn, valid=False))
    identifiers += [Identifier(kind, value) for kind, value in (("issn", issn), ("oclc", oclc)) if value]
    holding = Holding(
        library=holders[0] if holders else "ntl",
        record=edition_id,
        local_id=edition_id,
        call_number=call_number,
        items=(Item(barcode=barcode, call_number=call_number),) if barcode else (),
    )
    return Edition(
        id=edition_id,
        members=tuple(Member(code, f"{code}-{edition_id}", edition_id, "marc21") for code in sorted(holders)),
        titles=sourced(titles),
        responsibilities=sourced([responsibility] if responsibility else []),
        agents=sourced(a if isinstance(a, Agent) else Agent(a, main=True, role="aut") for a in creators),
        imprints=sourced([Imprint(place, publisher)] if publisher or place else []),
        years=sourced([year] if year is not None else []),
        series=sourced([Series(series)] if series else []),
        notes=sourced(notes),
        summaries=sourced([summary] if summary else []),
        contents=sourced([contents] if contents else []),
        subjects=sourced(Subject(text) for text in subjects),
        identifiers=sourced(identifiers),
        languages=tuple(languages),
        format=format,
        carrier=Carrier.PRINT,
        holdings=(holding,) if call_number or barcode else (),
    )

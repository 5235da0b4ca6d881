"""A request to be handed on: what is wanted, and the libraries to ask in order. Every form of it is made of this."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from indexer.record import Edition, Format
from mappings.library import Library
from search_api.lending.reasons import Lender
from search_api.lending.sought import SERIALS, Sought

Kind = Literal["loan", "serial_copy", "book_copy", "thesis_copy"]
"""借書, 期刊複印, 圖書複印, 博碩士論文複印: the forms of document delivery."""


@dataclass(frozen=True, slots=True)
class Suppliable:
    """The request: lenders in the order of asking, ``editions`` by id."""

    number: str  # of the request, of our making; names nobody
    at: datetime  # where the consortium is
    sought: Sought
    editions: Mapping[str, Edition]
    lenders: Sequence[Lender]
    libraries: Mapping[str, Library]

    @property
    def edition(self) -> Edition:
        """What the first library is asked for."""
        return self.editions[self.lenders[0].edition] if self.lenders else next(iter(self.editions.values()))

    @property
    def borrower(self) -> Library | None:
        return self.libraries.get(self.sought.borrower)

    @property
    def kind(self) -> Kind:
        if self.sought.service == "loan":
            return "loan"
        if self.edition.format in SERIALS or self.sought.issn or self.sought.issue:
            return "serial_copy"
        return "thesis_copy" if self.edition.format is Format.THESIS else "book_copy"


@dataclass(frozen=True, slots=True)
class Description:
    """What is wanted in the words of forms; empty where it is not stated."""

    title: str = ""
    subtitle: str = ""
    author: str = ""
    series: str = ""
    edition: str = ""
    article: str = ""
    article_author: str = ""
    volume: str = ""
    issue: str = ""
    year: str = ""
    pages: str = ""
    isbn: str = ""
    issn: str = ""
    publisher: str = ""
    place: str = ""


def described(edition: Edition, sought: Sought) -> Description:
    """An edition and the part of it that is wanted."""
    title = edition.title
    imprint = edition.imprints[0].value if edition.imprints else None
    serial = edition.format in SERIALS
    return Description(
        title=title.proper if title else sought.title,
        subtitle=title.other if title else "",
        author=_author(edition),
        series=edition.series[0].value.title if edition.series else "",
        edition=edition.editions[0].value if edition.editions else "",
        article=sought.article,
        article_author=sought.author,
        volume=sought.volume,
        issue=sought.issue,
        year=sought.year if serial else str(edition.year or ""),
        pages=sought.pages,
        isbn=_number(edition, "isbn"),
        issn=_number(edition, "issn"),
        publisher=imprint.publisher if imprint else "",
        place=imprint.place if imprint else "",
    )


def _author(edition: Edition) -> str:
    named = [one.value for one in edition.agents]
    main = next((one for one in named if one.main), named[0] if named else None)
    if main is not None:
        return main.name
    return edition.responsibilities[0].value if edition.responsibilities else ""


def _number(edition: Edition, kind: str) -> str:
    own = (one.value for one in edition.identifiers if one.value.kind == kind)
    return next((one.value for one in own if one.valid and not one.linked), "")

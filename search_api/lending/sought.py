"""What somebody at the desk looks for, as the fields of a form, an address or a line of a list say it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from indexer.holdings.coverage import Issue
from indexer.numerals import chinese_number
from indexer.record import Edition, Format
from mappings.lending import Service
from search_api.errors import InvalidRequest
from search_api.lending.reasons import Wanted

SERIALS = frozenset({Format.SERIAL, Format.NEWSPAPER})

Which = Literal["this", "any"]


@dataclass(frozen=True, slots=True)
class Sought:
    """A wanted thing. Empty texts are not stated."""

    edition: str = ""  # an edition's id
    isbn: str = ""
    issn: str = ""
    title: str = ""  # of the book or the journal
    creator: str = ""
    year: str = ""  # of publication, of an article the year of its issue
    article: str = ""  # the title of an article or a chapter
    author: str = ""  # of that
    volume: str = ""
    issue: str = ""
    pages: str = ""
    which: Which = "this"  # this edition, or any of the work
    service: Service = "loan"
    borrower: str = ""
    needed_by: date | None = None

    @property
    def is_article(self) -> bool:
        """Whether a part of a journal is wanted, as far as the words say."""
        if self.issn or self.issue:
            return True
        pages = self.pages and (self.volume or self.service == "copy") and not self.creator
        return bool((self.article or pages) and not self.isbn and not self.edition)

    @property
    def needs(self) -> Service:
        """What the thing itself asks for: an article, an issue or pages are copied, the rest is lent."""
        return "copy" if self.article or self.issue or self.pages else "loan"

    @property
    def named(self) -> bool:
        """Whether anything says what is wanted."""
        return any((self.edition, self.isbn, self.issn, self.title))


def wanted(sought: Sought, editions: Sequence[Edition], today: date) -> Wanted:
    """What the holders of the editions found are asked for."""
    of_serial = bool(editions) and all(edition.format in SERIALS for edition in editions)
    base = Wanted(
        today,
        service=sought.service,
        borrower=sought.borrower,
        pages=page_count(sought.pages),
        needed_by=sought.needed_by,
    )
    if of_serial:
        issue = Issue(number_of(sought.volume), number_of(sought.issue), year_of(sought.year))
        return replace(base, issue=issue)
    return replace(base, volume=sought.volume)


def check(sought: Sought, today: date) -> None:
    """Raises: InvalidRequest for a year that is none and for a day that is over: both would be dropped in silence."""
    if sought.year and year_of(sought.year) is None:
        raise InvalidRequest(f"{sought.year} is not a year: write 2005 or 民94.", field="year")
    if sought.needed_by is not None and sought.needed_by < today:
        raise InvalidRequest(f"{sought.needed_by} is over.", field="needed_by")


def number_of(text: str) -> int | None:
    """The number in a volume or an issue: ``v.12``, 第12卷, 十二; None when there is none."""
    plain = unicodedata.normalize("NFKC", text)
    if found := re.search(r"\d{1,6}", plain):
        return int(found[0])
    han = re.sub(r"[第卷巻期號号冊册\s]", "", plain)
    return chinese_number(han)


def year_of(text: str) -> int | None:
    """A year of the Common Era, of one of the Republic: 2005, 民94; None when there is none."""
    plain = unicodedata.normalize("NFKC", text)
    if found := re.search(r"(?<!\d)(1[4-9]\d\d|20\d\d)(?!\d)", plain):
        return int(found[0])
    if found := re.search(r"民國?\s*(\d{1,3})", plain):
        return 1911 + int(found[1])
    return None


def page_count(text: str) -> int | None:
    """How many pages ``12-25``, ``3, 7-9``, ``S12-S20`` or 第12頁至第25頁 are; None when they are not stated or run
    backwards, and for the number of an article that has no pages of its own (``e123``)."""
    plain = re.sub(r"[第頁页]", "", unicodedata.normalize("NFKC", text))
    plain = re.sub(r"\s*([-–—~至到])\s*", r"\1", plain)
    if re.search(r"(?i)(?<![a-z])e\d", plain):
        return None
    total = 0
    for first, last in re.findall(r"(\d{1,6})(?:[-–—~至到][A-Za-z]?(\d{1,6}))?", plain):
        begins = int(first)
        ends = int(last) if last else begins
        if ends < begins:  # 125-9 is 125-129
            ends = int(first[: len(first) - len(last)] + last) if len(last) < len(first) else begins - 1
        if ends < begins:
            return None
        total += ends - begins + 1
    return total or None

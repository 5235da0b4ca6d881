"""Who published a thing, where and when, as Dublin Core says it: dc:publisher and the dates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from indexer.dates import years_printed
from indexer.record import Imprint
from indexer.text import trim_isbd

Elements = dict[str, list[str]]
"""The texts of a record's elements by local name, cleaned, empty ones left out."""

_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\d[T ](?!00:00(?::00)?(?:\.0+)?Z?$)\d\d:")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_CHINESE_PLACE = re.compile(r"(?P<place>[\[［]?[\u3400-\u9fff]{2,8}[\]］]?)\s*[:：]\s*(?P<name>[^:：]+)")
_PLACE = re.compile(r"(?P<place>[^\W\d_][^:：\d]{1,59}?)\s*[:：](?P<space>\s*)(?P<name>[^:：/][^:：]*)")
_OF_PUBLISHERS = re.compile(
    r"\b(?:press|publ\w*|verlag\w*|universit\w*|univ|books?|[ée]dition\w*|edit\w*|inc|ltd|gmbh|co|compan\w*|group"
    r"|institut\w*|societ\w*|association|librairie|library|house|media|nxb|foundation|department|ministry|council)\b"
    r"|出版|書局|书局|印書館|公司|文化|大學|大学|學會|学会",
    re.IGNORECASE,
)
_DATE_AT_END = re.compile(r"(?P<name>.*\S)\s*[,，;；]\s*(?P<date>[^,，;；]{2,30})", re.DOTALL)
_NUMERAL = re.compile(r"[\d〇零一二三四五六七八九十]{2}")
_READ = 500  # characters of a publisher


class Published(NamedTuple):
    """What one dc:publisher holds; "" for what it does not."""

    place: str
    name: str
    date: str


def imprints(elements: Elements) -> tuple[Imprint, ...]:
    """Publishers with the date as written; places stand apart.

    A place is told by `` : ``; without spaces by its Chinese characters, or by not being a publisher's name; with one
    behind the colon only where what follows is a publisher's name. A date behind the last comma is one.
    """
    date = date_believed(elements)
    found: list[Imprint] = []
    for written in elements.get("publisher", ()):
        one = published(written)
        found.append(Imprint(one.place, one.name, date))
    if not found and date:
        found.append(Imprint(date=date))
    return tuple(dict.fromkeys(found))


def published(written: str) -> Published:
    """A dc:publisher parted: 臺北 : 聯經, 民93 into place, name and date."""
    text = written
    date = ""
    if (dated := _DATE_AT_END.fullmatch(written[:_READ])) and _is_date(dated["date"]):
        text, date = dated["name"], trim_isbd(dated["date"])
    place, colon, name = text.partition(" : ")
    if not colon and (apart := _apart(text[:_READ])):
        place, colon, name = apart["place"], ":", apart["name"]
    return Published(trim_isbd(place) if colon else "", trim_isbd(name if colon else text), date)


def _apart(text: str) -> re.Match[str] | None:
    if match := _CHINESE_PLACE.fullmatch(text):
        return match
    match = _PLACE.fullmatch(text)
    if match is None or _OF_PUBLISHERS.search(match["place"]):
        return None
    return match if not match["space"] or _OF_PUBLISHERS.search(match["name"]) else None


def _is_date(text: str) -> bool:
    return _NUMERAL.search(text) is not None and years_printed(text).start is not None


def date_believed(elements: Elements) -> str:
    """The date of publication among those given; the first where none has a year.

    A day beside a year of its own is that on which a repository took it in, and so is a moment; where there is nothing
    but moments, a publisher's date is, and else the first year of all.
    """
    dated = _dated(elements)
    stated = [text for text in dated if not _TIMESTAMP.match(text)]
    if issued := [text for text in stated if text in elements.get("issued", ())]:
        return issued[0]
    if stated:
        return next((text for text in stated if not _DAY.match(text)), min(stated))
    for text in elements.get("publisher", ()):
        if behind := published(text).date:
            return behind
    return min(text[:4] for text in dated) if dated else next(_dates(elements), "")


def is_of_deposit(elements: Elements) -> bool:
    """Whether the year believed is none of publication: there are only moments at which systems took it in."""
    dated = _dated(elements)
    at_all = bool(dated) and all(map(_TIMESTAMP.match, dated))
    return at_all and not any(published(text).date for text in elements.get("publisher", ()))


def _dates(elements: Elements) -> Iterator[str]:
    yield from elements.get("issued", ())
    yield from elements.get("date", ())


def _dated(elements: Elements) -> list[str]:
    return [text for text in _dates(elements) if years_printed(text).start]

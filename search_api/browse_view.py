"""A page of a list as patrons see it: which lists there are, its lines, where one can jump to, each a link."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import get_args
from urllib.parse import urlencode

from indexer.browse import ListName
from indexer.shelved import SCHEMES
from search_api.browsing import Browsed, Found
from search_api.labels import Labels
from search_api.search_view import LinkView
from search_api.texts import Texts

LISTS: tuple[ListName, ...] = get_args(ListName)
LABELS: Mapping[ListName, str] = {
    "title": "browse.title_list",
    "creator": "browse.creator",
    "subject": "browse.subject",
    "call_number": "browse.call_number",
}
"""What lists are called: keys of the interface texts."""

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
MOST_STROKES = 25
"""Few titles and names begin with a character of more."""

_LC_CLASSES = "ABCDEFGHJKLMNPQRSTUVZ"


@dataclass(frozen=True, slots=True)
class SeeView:
    text: str
    url: str
    count: int


@dataclass(frozen=True, slots=True)
class LineView:
    """A line of the page. ``url`` is "" where it only refers to others."""

    text: str
    url: str
    count: int
    see: tuple[SeeView, ...]
    here: bool  # what was looked for is this, or would stand just before


@dataclass(frozen=True, slots=True)
class JumpsView:
    """A row of places one can jump to."""

    name: str
    links: tuple[LinkView, ...]


class BrowseView:
    """Writes a page of a list in one interface language; ``link`` makes an address from a path."""

    def __init__(self, found: Browsed, t: Texts, labels: Labels, link: Callable[[str], str]) -> None:
        self._found = found
        self._t = t
        self._labels = labels
        self._link = link

    def address(self, **values: object) -> str:
        """This list from another place."""
        kept: dict[str, object] = {"list": self._found.name}
        if self._found.name == "call_number":
            kept["scheme"] = self._found.params.scheme
        return self._link(f"browse?{urlencode({**kept, **values})}")

    def lists(self) -> tuple[LinkView, ...]:
        return tuple(
            LinkView(self._t(LABELS[name]), self._link(f"browse?list={name}"), name == self._found.name)
            for name in LISTS
        )

    def schemes(self) -> tuple[LinkView, ...]:
        """The schemes of call numbers, none for another list."""
        if self._found.name != "call_number":
            return ()
        return tuple(
            LinkView(
                self._t("browse.other") if scheme == "other" else self._labels.scheme(scheme),
                self.address(scheme=scheme),
                scheme == self._found.params.scheme,
            )
            for scheme in SCHEMES
        )

    def lines(self) -> tuple[LineView, ...]:
        return tuple(
            LineView(
                one.text,
                self._search(one.own) if one.own else "",
                one.own.count if one.own else 0,
                tuple(SeeView(other.heading, self._search(other), other.count) for other in one.see),
                place == self._found.landed,
            )
            for place, one in enumerate(self._found.headings)
        )

    def jumps(self) -> tuple[JumpsView, ...]:
        """The letters and strokes of an alphabetical list, the main classes of a shelf."""
        return tuple(JumpsView(self._t(f"browse.by_{name}"), tuple(links)) for name, links in self._jumps())

    def previous(self) -> str:
        return self.address(before=self._found.previous) if self._found.previous else ""

    def next(self) -> str:
        return self.address(after=self._found.next) if self._found.next else ""

    def _jumps(self) -> Iterator[tuple[str, Iterator[LinkView]]]:
        if self._found.name != "call_number":
            yield "letter", (LinkView(letter, self.address(**{"from": letter})) for letter in LETTERS)
            strokes = range(1, MOST_STROKES + 1)
            yield "strokes", (LinkView(self._t.number(n), self.address(strokes=n)) for n in strokes)
        elif (scheme := self._found.params.scheme) == "lcc":
            yield "class", (self._class(scheme, letter, letter) for letter in _LC_CLASSES)
        elif scheme != "other":
            yield "class", (self._class(scheme, digit, f"{digit}00") for digit in "0123456789")

    def _class(self, scheme: str, main: str, start: str) -> LinkView:
        label = self._labels.of_facet("classification", f"{scheme}:{main}")
        return LinkView(f"{start} {label}", self.address(**{"from": start}))

    def _search(self, found: Found) -> str:
        return self._link(f"search?{urlencode(found.params.pairs())}")

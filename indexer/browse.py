"""What stands in the lists one can leaf through: titles, creators, subjects and call numbers of the editions.

An entry says under which heading it stands and, where it only refers to another, which. It says nothing of how many
editions there are: that is asked of the engine, by the search the entry leads to, whenever it is shown. So a list only
has to hold every heading that any edition has, and one whose last edition has left is passed over.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Literal, NamedTuple

from indexer.document import CONTAINED
from indexer.record import Edition
from indexer.shelf_order import Scheme, shelf_place
from indexer.shelved import shelved
from indexer.sort_keys import list_place
from indexer.strokes import by_strokes, strokes
from indexer.variants import is_han

ListName = Literal["title", "creator", "subject", "call_number"]

VERSION = "3"
"""Lists of another version are made anew: raise it with whatever changes what stands in them, or where."""

MAX_HEADING = 250
"""Longer headings are in no list."""

Line = tuple[str, bytes, str, str]
"""An entry as it is stored: millions of them are made."""


class Entry(NamedTuple):
    """One line of a list. ``see``: the heading to look under instead, "" for one that has editions itself."""

    list: str  # a list's name; of call numbers the scheme's
    place: bytes
    heading: str
    see: str = ""


def place_of(name: ListName, scheme: Scheme, text: str) -> tuple[str, bytes]:
    """The list that a name and a scheme mean, and where in it stands what somebody looks for."""
    if name == "call_number":
        return scheme, shelf_place(text, scheme).encode()
    return name, list_place(text)


def place_of_strokes(count: int) -> bytes:
    """Where Han characters of so many strokes begin in a list."""
    return list_place(
        chr(next((code for code in by_strokes() if is_han(chr(code)) and strokes(chr(code)) >= count), 0))
    )


def entries(edition: Edition) -> set[Line]:
    """The lines of an edition."""
    language = edition.languages[0] if edition.languages else ""
    found: list[Line] = [("title", list_place(title, language), title, "") for title in _titles(edition)]
    for agent in (sourced.value for sourced in edition.agents):
        found.append(("creator", list_place(agent.name), agent.name, ""))
        if agent.romanised or agent.original:
            found += references("creator", (agent.name,), (agent.romanised, agent.original))
    for subject in (sourced.value for sourced in edition.subjects):
        found.append(("subject", list_place(subject.text), subject.text, ""))
        if subject.romanised:
            found += references("subject", (subject.text,), (subject.romanised,))
    found += [(one.scheme, one.place.encode(), one.text, "") for one in shelved(edition)]
    return {line for line in found if line[1] and len(line[2]) <= MAX_HEADING >= len(line[3])}


def references(name: ListName, headings: Collection[str], others: Iterable[str]) -> Iterator[Line]:
    """The lines of other names, each referring to the headings of the same."""
    for other in others:
        if other and len(other) <= MAX_HEADING and (place := list_place(other)):
            yield from ((name, place, other, heading) for heading in headings if heading and heading != other)


def _titles(edition: Edition) -> Iterator[str]:
    """Every title that is of the whole edition, and of the parts that it names."""
    for title in (sourced.value for sourced in edition.titles):
        if title.kind not in CONTAINED:
            yield title.proper
            if title.romanised:
                yield title.romanised
            if title.part_number or title.part_name:
                yield f"{title.proper} {title.part_number} {title.part_name}".rstrip()

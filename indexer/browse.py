"""What stands in the lists one can leaf through: titles, creators, subjects and call numbers of the editions.

An entry says under which heading it stands and, where it only refers to another, which. It says nothing of how many
editions there are: that is asked of the engine, by the search the entry leads to, whenever it is shown. So a list only
has to hold every heading that any edition has, and one whose last edition has left is passed over.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Literal, NamedTuple, get_args

from indexer.document import CONTAINED
from indexer.record import Edition
from indexer.shelf_order import Scheme, class_in, is_lc_class, shared, shelf_place
from indexer.sort_keys import list_place

ListName = Literal["title", "creator", "subject", "call_number"]
SCHEMES: tuple[Scheme, ...] = get_args(Scheme)

VERSION = "1"
"""Lists of another version are made anew: raise it with whatever changes what stands in them, or where."""

MAX_HEADING = 250
"""Longer headings are in no list."""

EAST_ASIAN = frozenset({"chi", "jpn", "kor"})
"""Languages whose books stand by 中文圖書分類法 in a library that says nothing of its scheme."""


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
    found += _call_numbers(edition)
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


def _call_numbers(edition: Edition) -> Iterator[Line]:
    """The call numbers on the shelves, each once and without what tells volumes and copies apart."""
    classes: dict[str, str] = {}
    for holding in edition.holdings:
        classes.setdefault(holding.call_number, holding.classification)
        for item in holding.items:
            text = shared(item.call_number, item.volume, item.copy) if item.volume or item.copy else item.call_number
            if not classes.get(text):
                classes[text] = item.classification
    classes.pop("", None)
    for text, classification in classes.items():
        scheme = scheme_of(edition, classification or class_in(text))
        yield scheme, shelf_place(text, scheme).encode(), text, ""


def scheme_of(edition: Edition, classification: str) -> Scheme:
    """The scheme a class on the shelf is of: that of a class the records state which it shortens or is, else what a
    class so written is taken for."""
    if not classification:
        return "other"
    if is_lc_class(classification):
        return "lcc"
    stated = {one.value.scheme for one in edition.classifications if _is_of(one.value.number, classification)}
    schemes = stated or {one.value.scheme for one in edition.classifications if one.value.scheme not in ("lcc", "clc")}
    if len(schemes) == 1:
        (scheme,) = schemes
        return scheme if scheme in ("ncsclt", "ddc") else "other"  # type: ignore[return-value]
    if "ncsclt" in schemes or "ddc" in schemes or not schemes:
        return "ncsclt" if not EAST_ASIAN.isdisjoint(edition.languages[:1]) else "ddc"
    return "other"


def _is_of(stated: str, classification: str) -> bool:
    plain = stated.replace("/", "").strip()
    return plain.startswith(classification) or classification.startswith(plain or " ")

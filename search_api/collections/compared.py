"""The figures of collections compared: what each member holds, alone and with each other, along several axes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, get_args

from indexer.engine import FacetField, FacetValue

Axis = Literal["ncsclt", "ncsclt_division", "ddc", "ddc_division", "decade", "language", "format"]
"""What collections are taken apart by: a scheme's main classes and hundred divisions, decades, languages, formats."""

AXES: tuple[Axis, ...] = get_args(Axis)

FACET_OF: Mapping[Axis, FacetField] = {
    "ncsclt": "classification",
    "ncsclt_division": "division",
    "ddc": "classification",
    "ddc_division": "division",
    "decade": "year",
    "language": "language",
    "format": "format",
}

SCHEME_OF: Mapping[Axis, str] = {
    "ncsclt": "ncsclt",
    "ncsclt_division": "ncsclt",
    "ddc": "ddc",
    "ddc_division": "ddc",
}

NOT_STATED = ""
"""The key of what an axis does not tell: without a class of the scheme, a year or a language."""

Counts = Mapping[str, int]
"""Editions by key of an axis. Where an edition may have several keys (classes, languages, a comic that is a book) it
counts under each: the counts may add up to more than the editions."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some editions, counted along every axis."""

    editions: int = 0
    by: Mapping[Axis, Counts] = field(default_factory=dict)

    def of(self, axis: Axis, key: str) -> int:
        """How many have a key; 0 for a key that none has."""
        return self.by.get(axis, {}).get(key, 0)


@dataclass(frozen=True, slots=True)
class MemberFigures:
    """One member's collection within what is compared."""

    library: str
    held: Part
    unique: Part  # editions that no other library of the catalogue holds
    shared: Counts  # every other member → editions that both hold
    last_of_work: int | None = None  # of the unique ones, those that no other holds in any edition; None: not counted

    @property
    def unique_share(self) -> float | None:
        """Of what it holds, 0 to 1; None when it holds nothing."""
        return share(self.unique.editions, self.held.editions)

    def shared_share(self, other: str) -> float | None:
        """Of what it holds, what another holds too; None when it holds nothing."""
        return share(self.shared.get(other, 0), self.held.editions)


@dataclass(frozen=True, slots=True)
class Compared:
    """All figures of one comparison, as of one state of the index."""

    scope: str  # the address of the search it is narrowed to, "" for the whole catalogue
    state: str  # of the index: `indexer.engine.SearchEngine.state`
    made_at: datetime
    seconds: float
    whole: Part  # what any library holds
    members: tuple[MemberFigures, ...]  # in the order given: every member, those that hold nothing too
    held_by: Counts  # how many libraries ("1", "2", …) → editions that so many hold

    def member(self, code: str) -> MemberFigures | None:
        """A member's figures; None for a library that is none."""
        return next((one for one in self.members if one.library == code), None)


def share(part: int, whole: int) -> float | None:
    """A part of a whole, 0 to 1; None of nothing."""
    return part / whole if whole else None


def keys(compared: Compared, axis: Axis) -> tuple[str, ...]:
    """The keys of an axis that anything has, in the order of its rows: classes as they rise, decades from the newest,
    languages and formats by falling count; what is not told comes last."""
    counts = compared.whole.by.get(axis, {})
    stated = [key for key in counts if key != NOT_STATED]
    if axis in SCHEME_OF:
        stated.sort()
    elif axis == "decade":
        stated.sort(key=int, reverse=True)
    else:
        stated.sort(key=lambda key: (-counts[key], key))
    return (*stated, NOT_STATED) if counts.get(NOT_STATED) else tuple(stated)


def counts_of(axis: Axis, values: Iterable[FacetValue]) -> dict[str, int]:
    """The counts of an axis among those of its facet."""
    found: dict[str, int] = {}
    for value in values:
        key = _key(axis, value.value)
        if key:
            found[key] = found.get(key, 0) + value.count
    return found


def _key(axis: Axis, value: str) -> str:
    if axis == "decade":
        return str(int(value) // 10 * 10)
    scheme = SCHEME_OF.get(axis)
    return value if scheme is None or value.startswith(f"{scheme}:") else ""

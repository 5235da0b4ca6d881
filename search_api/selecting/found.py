"""What the catalogue has of a line: the editions found, who holds them, and the one bucket the line ends in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from search_api.selecting.given import Given

EDITIONS_SHOWN = 12
"""Editions of one line that are kept by name; holders are counted over all of them."""

PLACES_SHOWN = 4


class Bucket(StrEnum):
    """Where a line ends: in exactly one of these, so that they add up to the lines given."""

    SAME = "this_edition"
    OTHER = "other_edition"  # only other editions of the work are held
    POSSIBLE = "possible_editions"  # one or several may be meant, and what the line says does not tell
    NONE = "not_held"
    UNREADABLE = "unreadable"


class Remark(StrEnum):
    """What a selector should know of a line besides."""

    SET_ISBN = "set_isbn"  # the number is the whole set's
    VOLUME_ISBN = "volume_isbn"  # the number is one volume's of a set
    TITLE_DIFFERS = "title_differs"  # the edition with this number has quite another title
    ISBN_WRONG = "isbn_wrong"  # found by what else the line says
    ISBN_MENDED = "isbn_mended"  # found by the number that was meant
    OTHER_FORM = "other_form"  # the number is that of its e-book, or its print
    OTHER_VOLUMES = "other_volumes"  # other volumes of it are held, this one by nobody
    COPIES_UNREAD = "copies_unread"  # how many are to be bought cannot be read
    ON_ORDER = "on_order"  # copies are on order or being catalogued


Relation = Literal["same", "other", "possible"]
How = Literal["", "isbn", "issn", "description"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where copies stand, codes as the library sends them."""

    branch: str
    location: str
    call_number: str


@dataclass(frozen=True, slots=True)
class HeldBy:
    """One library's copies of an edition; ``copies`` is None when its records state none. On order and in cataloguing
    are among the copies."""

    library: str
    copies: int | None
    on_order: int = 0
    in_process: int = 0
    online: bool = False
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class FoundEdition:
    id: str
    relation: Relation
    title: str
    creator: str
    publisher: str
    year: int | None
    format: str
    online: bool
    held_by: tuple[HeldBy, ...]  # in the order of library codes
    volume: str = ""  # the volume that the line's number is of


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An ISBN that may have been meant, and what bears it."""

    isbn: str
    title: str


@dataclass(frozen=True, slots=True)
class Checked:
    """A line with what came of it."""

    given: Given
    bucket: Bucket
    how: How = ""
    sure: float | None = None  # that it is the edition, from 0 to 1; None where a number says so
    editions: tuple[FoundEdition, ...] = ()
    more: int = 0  # editions found beyond those kept
    same: tuple[str, ...] = ()  # libraries that hold this edition, or one that may be meant; sorted
    any: tuple[str, ...] = ()  # libraries that hold any edition, those included; sorted
    copies: int = 0  # of this edition, that records state
    own_copies: tuple[tuple[str, int], ...] = ()  # library → copies of this edition
    repeats: int | None = None  # the number of the earlier line that asks for the same
    remarks: tuple[Remark, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()

"""Named lists: a prize's winners, a reading list, a committee's proposals, kept and shared between selectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, get_args

from search_api.selecting.found import Bucket, Checked
from search_api.selecting.given import Given
from search_api.staff.roles import Actor

Share = Literal["consortium", "library"]
"""Whose selectors may change a list; every selector may read it."""

SHARES: tuple[Share, ...] = get_args(Share)

MAX_LINES = 10_000
LONGEST_NAME, LONGEST_NOTE = 200, 2_000


@dataclass(frozen=True, slots=True)
class NamedList:
    """A list, without its lines."""

    id: str
    name: str
    note: str
    owner: str  # the account that made it
    library: str  # of the owner, "" for the consortium's own staff
    share: Share
    made_at: datetime
    changed_at: datetime
    lines: int = 0
    buckets: tuple[tuple[str, int], ...] = ()  # bucket → lines; those not checked yet are in none
    checked_at: datetime | None = None  # None: never
    state: str = ""  # of the index when it was checked last

    def may_be_changed_by(self, actor: Actor) -> bool:
        """Whether somebody who may read it may change it, too."""
        return self.share == "consortium" or actor.everywhere or actor.library == self.library

    @property
    def unchecked(self) -> int:
        """Lines that were added since and wait for a check."""
        return self.lines - sum(count for _, count in self.buckets)


@dataclass(frozen=True, slots=True)
class ListLine:
    """One line of a list."""

    number: int  # for ever: those of lines that are removed are not given again
    given: Given
    note: str
    added_by: str
    added_at: datetime
    found: Checked | None = None  # None: not checked yet


@dataclass(frozen=True, slots=True)
class Change:
    """What a check found otherwise than the one before."""

    line: int
    at: datetime
    gained: tuple[str, ...]  # libraries that hold this edition now and did not, sorted
    lost: tuple[str, ...]
    before: Bucket
    after: Bucket


def change(line: int, at: datetime, before: Checked | None, after: Checked) -> Change | None:
    """What is otherwise now, None when nothing is or nothing was known.

    Who holds the edition counts, and what the line is found to be: that a library has one copy more does not.
    """
    if before is None:
        return None
    gained = tuple(code for code in after.same if code not in before.same)
    lost = tuple(code for code in before.same if code not in after.same)
    if not gained and not lost and before.bucket == after.bucket:
        return None
    return Change(line, at, gained, lost, before.bucket, after.bucket)


def new_lines(there: Sequence[Given], added: Sequence[Given]) -> list[Given]:
    """Of the lines to be added those that ask for something that is not on the list, nor twice among them."""
    known = {one for given in there for one in _asks_for(given)}
    found = []
    for given in added:
        asks = _asks_for(given)
        if known.isdisjoint(asks):
            found.append(replace(given, record=None))
            known.update(asks)
    return found


def _asks_for(given: Given) -> tuple[str, ...]:
    """What tells two lines that ask for the same: their numbers, else every word."""
    said = " ".join((given.title or given.text, given.creator, given.publisher, str(given.year or "")))
    return given.numbers.isbns or ("".join(said.split()).casefold(),)

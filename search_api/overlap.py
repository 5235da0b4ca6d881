"""Who already holds these? A list of ISBNs against the union catalogue, before a purchase.

Every line ends in exactly one bucket, so that the counts add up to the lines given.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from indexer.identifiers import isbns
from indexer.record import Edition

MAX_LINES = 10_000


class LineState(StrEnum):
    """The bucket of a line."""

    FOUND = "found"
    NOT_HELD = "not_held"
    INVALID = "invalid"  # no ISBN can be read in it


@dataclass(frozen=True, slots=True)
class HeldBy:
    """One library's copies of an edition; ``copies`` is None when its records state none."""

    library: str
    copies: int | None


@dataclass(frozen=True, slots=True)
class HeldEdition:
    edition: Edition
    held_by: tuple[HeldBy, ...]  # in the order of library codes


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list, and what the catalogue has of it."""

    number: int  # in the list as given, from 1
    text: str  # as given
    isbn: str  # ISBN-13 digits, "" when none could be read
    state: LineState
    reason: str = ""  # why it is invalid: empty | no_isbn | wrong_check_digit
    repeats: int | None = None  # the number of the earlier line with the same ISBN
    editions: tuple[HeldEdition, ...] = ()

    @property
    def libraries(self) -> tuple[str, ...]:
        """The libraries that hold any of its editions, sorted."""
        return tuple(sorted({held.library for edition in self.editions for held in edition.held_by}))

    @property
    def copies(self) -> int:
        """Copies that records state; a library that states none counts for nothing here."""
        return sum(held.copies or 0 for edition in self.editions for held in edition.held_by)


@dataclass(frozen=True, slots=True)
class Overlap:
    """The whole list. ``found + not_held + invalid == len(lines)``; repeated lines are counted in their bucket too."""

    lines: tuple[Line, ...]
    found: int
    not_held: int
    invalid: int
    repeated: int
    held_by: dict[str, int]  # library → how many lines it holds
    held_by_one: int  # lines that a single library holds


def read_lines(texts: Sequence[tuple[int, str]]) -> tuple[Line, ...]:
    """Numbered texts as lines, each with its ISBN; all NOT_HELD or INVALID until they are looked up."""
    first: dict[str, int] = {}
    lines = []
    for number, text in texts:
        numbers = isbns(text)
        isbn = next((n.value for n in numbers if n.valid), "")
        if isbn:
            earlier = first.setdefault(isbn, number)
            repeats = earlier if earlier != number else None
            lines.append(Line(number, text, isbn, LineState.NOT_HELD, repeats=repeats))
        else:
            reason = "wrong_check_digit" if numbers else "no_isbn" if text.strip() else "empty"
            lines.append(Line(number, text, "", LineState.INVALID, reason=reason))
    return tuple(lines)


def overlap(lines: Sequence[Line], found: Mapping[str, tuple[Edition, ...]]) -> Overlap:
    """The lines with the editions found for their ISBNs, and the sums."""
    held: dict[str, tuple[HeldEdition, ...]] = {
        isbn: tuple(HeldEdition(edition, _held_by(edition)) for edition in editions)
        for isbn, editions in found.items()
        if editions
    }
    done = tuple(
        Line(line.number, line.text, line.isbn, LineState.FOUND, "", line.repeats, held[line.isbn])
        if line.isbn in held
        else line
        for line in lines
    )
    states = Counter(line.state for line in done)
    return Overlap(
        lines=done,
        found=states[LineState.FOUND],
        not_held=states[LineState.NOT_HELD],
        invalid=states[LineState.INVALID],
        repeated=sum(line.repeats is not None for line in done),
        held_by=dict(sorted(Counter(library for line in done for library in line.libraries).items())),
        held_by_one=sum(len(line.libraries) == 1 for line in done),
    )


def _held_by(edition: Edition) -> tuple[HeldBy, ...]:
    copies: Counter[str] = Counter()
    for holding in edition.holdings:
        copies[holding.library] += len(holding.items)
    return tuple(HeldBy(library, copies[library] or None) for library in edition.libraries)

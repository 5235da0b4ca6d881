"""What is counted, and the counts of one process until they are written down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, get_args

Handoff = Literal["catalogue", "ill", "online"]
"""Where a reader is handed on to: the record in a library's own catalogue, its inter-library loan, the text itself."""

What = Literal["search", "no_hit", "asked", "catalogue", "ill", "online"]
"""``search``: a search's first page; ``no_hit``: of these, nothing was found; ``asked``: an edition's page, which asks
where it can be had."""

HANDOFFS: tuple[Handoff, ...] = get_args(Handoff)
COUNTED: tuple[What, ...] = get_args(What)
ALL_LIBRARIES = ""
"""In place of a library's code: counted once, of however many libraries it was."""

CONSORTIUM = "-"
"""In place of a library's code in the address of a link: the consortium's own, counted once for all."""

MAX_WISHES = 5_000
"""Different ones held until they are written: whoever asks for random words must not fill the memory."""


@dataclass(slots=True)
class Tally:
    """Counts to be added to those that are kept."""

    times: Counter[tuple[date, What, str]] = field(default_factory=Counter)
    wishes: Counter[tuple[date, str]] = field(default_factory=Counter)  # what was asked for and is not there

    @property
    def empty(self) -> bool:
        return not self.times

    def count(self, day: date, what: What, libraries: Iterable[str] = ()) -> None:
        """Counts once for all, and once for each of the libraries."""
        for library in dict.fromkeys((ALL_LIBRARIES, *libraries)):
            self.times[day, what, library] += 1

    def wish(self, day: date, text: str) -> None:
        if (day, text) in self.wishes or len(self.wishes) < MAX_WISHES:
            self.wishes[day, text] += 1

    def add(self, other: Tally) -> None:
        """Adds what could not be written down."""
        self.times.update(other.times)
        for wish, times in other.wishes.items():
            if wish in self.wishes or len(self.wishes) < MAX_WISHES:
                self.wishes[wish] += times

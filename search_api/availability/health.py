"""How a library's live status service has been doing, since the program started."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from search_api.availability.compare import Comparison
from search_api.availability.counted import Counted, step_of

MAX_UNKNOWN_WORDS = 200  # distinct ones counted per library; a system that invents words must not fill the memory


@dataclass(frozen=True, slots=True)
class Health:
    """One library's figures. ``asked == answered + failed``; a question is one batch sent to its system."""

    library: str
    protocol: str
    asked: int = 0
    answered: int = 0
    failed: int = 0
    last_answer_at: datetime | None = None
    last_elapsed_seconds: float | None = None  # of the last answer
    last_failure_at: datetime | None = None
    last_failure: str = ""  # a reason for staff
    failing_since: datetime | None = None  # None: the last question was answered, or none was asked
    resting_until: datetime | None = None  # it is not asked before
    unknown_words: Mapping[str, int] = field(default_factory=dict)  # status words no map knows → how often
    compared: int = 0  # copies of answers that were held against the catalogue
    only_live: int = 0  # of these: the catalogue does not know them
    only_catalogued: int = 0  # of these: the system does not name them


@dataclass(slots=True)
class Record:
    """The running count behind a ``Health``."""

    library: str
    protocol: str
    answered: int = 0
    failed: int = 0
    last_answer_at: datetime | None = None
    last_elapsed_seconds: float | None = None
    last_failure_at: datetime | None = None
    last_failure: str = ""
    failing_since: datetime | None = None
    words: Counter[str] = field(default_factory=Counter)
    compared: int = 0
    only_live: int = 0
    only_catalogued: int = 0
    unwritten: Counted = field(default_factory=Counted)  # since it was last written down

    def note_answer(self, now: datetime, elapsed_seconds: float, unknown_words: tuple[str, ...]) -> None:
        self.answered += 1
        self.last_answer_at = now
        self.last_elapsed_seconds = elapsed_seconds
        self.failing_since = None
        words: Counter[str] = Counter()
        for word in unknown_words:
            if word in self.words or len(self.words) < MAX_UNKNOWN_WORDS:
                self.words[word] += 1
                words[word] += 1
        steps = Counter({step_of(elapsed_seconds): 1})
        self.unwritten.add(Counted(answered=1, last_answer_at=now, steps=steps, words=words))

    def note_difference(self, difference: Comparison) -> None:
        self.compared += difference.compared
        self.only_live += difference.only_live
        self.only_catalogued += difference.only_catalogued
        self.unwritten.add(
            Counted(
                compared=difference.compared,
                only_live=difference.only_live,
                only_catalogued=difference.only_catalogued,
            )
        )

    def note_failure(self, now: datetime, reason: str, *, of_system: bool) -> None:
        """Counts a failure; ``of_system`` is False when the system is up and refused this one question."""
        self.failed += 1
        self.last_failure_at = now
        self.last_failure = reason
        self.unwritten.add(Counted(failed=1, last_failure_at=now, last_failure=reason))
        if of_system:
            self.failing_since = self.failing_since or now

    def health(self, resting_until: datetime | None) -> Health:
        return Health(
            library=self.library,
            protocol=self.protocol,
            asked=self.answered + self.failed,
            answered=self.answered,
            failed=self.failed,
            last_answer_at=self.last_answer_at,
            last_elapsed_seconds=self.last_elapsed_seconds,
            last_failure_at=self.last_failure_at,
            last_failure=self.last_failure,
            failing_since=self.failing_since,
            resting_until=resting_until,
            unknown_words=dict(self.words),
            compared=self.compared,
            only_live=self.only_live,
            only_catalogued=self.only_catalogued,
        )

"""What came of asking one library's system, counted until it is written down: by one process, for one span of time."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

SHORTEST_SECONDS = 0.01
STEPS_PER_DOUBLING = 4  # a percentile is told to a fifth of itself
LONGEST_STEP = 48  # 41 s: no question takes longer


def step_of(seconds: float) -> int:
    """The step of a scale of seconds: each is longer than the one before by a fifth."""
    if seconds <= SHORTEST_SECONDS:
        return 0
    return min(math.ceil(STEPS_PER_DOUBLING * math.log2(seconds / SHORTEST_SECONDS)), LONGEST_STEP)


def percentile(times: Mapping[int, int], share: float) -> float | None:
    """Within how many seconds that share of the answers came; ``times``: step → answers. None: there were none."""
    answers = sum(times.values())
    if not answers:
        return None
    so_far = 0
    for step in sorted(times):
        so_far += times[step]
        if so_far >= share * answers:
            break
    return round(SHORTEST_SECONDS * math.exp2(step / STEPS_PER_DOUBLING), 3)


@dataclass(slots=True)
class Counted:
    """Counts to be added to what is kept; ``asked == answered + failed``."""

    answered: int = 0
    failed: int = 0
    last_answer_at: datetime | None = None
    last_failure_at: datetime | None = None
    last_failure: str = ""  # a reason for staff
    compared: int = 0
    only_live: int = 0
    only_catalogued: int = 0
    steps: Counter[int] = field(default_factory=Counter)  # of the seconds of answers
    words: Counter[str] = field(default_factory=Counter)  # that no map knows

    @property
    def empty(self) -> bool:
        return not (self.answered or self.failed)

    def add(self, other: Counted) -> None:
        """Adds what was counted after this."""
        self.answered += other.answered
        self.failed += other.failed
        self.last_answer_at = other.last_answer_at or self.last_answer_at
        if other.last_failure_at is not None:
            self.last_failure_at, self.last_failure = other.last_failure_at, other.last_failure
        self.compared += other.compared
        self.only_live += other.only_live
        self.only_catalogued += other.only_catalogued
        self.steps.update(other.steps)
        self.words.update(other.words)

"""A circuit breaker: a system that keeps failing is left alone for a while, then tried with one question."""

from __future__ import annotations

from datetime import datetime, timedelta

FAILURES_TO_REST = 3
FIRST_REST_SECONDS = 10.0
LONGEST_REST_SECONDS = 45.0  # so that a system that works again is noticed within a minute


class Breaker:
    """State of one system; times are handed in. Closed, resting (nothing is asked) or half open (one probe)."""

    def __init__(self) -> None:
        self._failures = 0
        self._rest = FIRST_REST_SECONDS
        self._probing = False
        self.resting_until: datetime | None = None

    def may_ask(self, now: datetime) -> bool:
        """Whether a question may be asked now. After the rest exactly one may, until its outcome is told."""
        if self.resting_until is None:
            return True
        if now < self.resting_until or self._probing:
            return False
        self._probing = True
        return True

    def succeeded(self) -> None:
        self._failures = 0
        self._rest = FIRST_REST_SECONDS
        self._probing = False
        self.resting_until = None

    def failed(self, now: datetime) -> None:
        """Counts a failure; a failed probe doubles the rest, up to the longest."""
        self._failures += 1
        if self._probing:
            self._rest = min(self._rest * 2, LONGEST_REST_SECONDS)
        if self._failures >= FAILURES_TO_REST:
            self.resting_until = now + timedelta(seconds=self._rest)
        self._probing = False

    def undecided(self) -> None:
        """The question ended without telling anything of the system (it was cancelled or refused)."""
        self._probing = False

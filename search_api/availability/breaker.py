"""A circuit breaker: a system that keeps failing is left alone for a while, then tried with one question."""

from __future__ import annotations

from datetime import datetime, timedelta

from mappings.availability import Rest


class Breaker:
    """State of one system; times are handed in. Closed, resting (nothing is asked) or half open (one probe)."""

    def __init__(self, rest: Rest) -> None:
        self._of = rest
        self._failures = 0
        self._rest = rest.first_seconds
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
        self._rest = self._of.first_seconds
        self._probing = False
        self.resting_until = None

    def failed(self, now: datetime) -> None:
        """Counts a failure; a failed probe doubles the rest, up to the longest."""
        self._failures += 1
        if self._probing:
            self._rest = min(self._rest * 2, self._of.longest_seconds)
        if self._failures >= self._of.after_failures:
            self.resting_until = now + timedelta(seconds=self._rest)
        self._probing = False

    def undecided(self) -> None:
        """The question ended without telling anything of the system (it was cancelled or refused)."""
        self._probing = False

"""Answers kept in memory: for a moment as live ones, for a day as what was last known."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

from search_api.availability.status import RecordAnswer

CAPACITY = 50_000  # records; about 50 MB when each has a copy or two

Key = tuple[str, str]
"""A library's code and the number its system knows the record by."""


@dataclass(frozen=True, slots=True)
class Kept:
    answer: RecordAnswer
    as_of: datetime


class KeptAnswers:
    """What each library's system last said of a record; the records not asked for longest make room."""

    def __init__(self, fresh_seconds: float, keep_seconds: float, capacity: int = CAPACITY) -> None:
        self._fresh = timedelta(seconds=fresh_seconds)
        self._keep = timedelta(seconds=keep_seconds)
        self._capacity = capacity
        self._kept: OrderedDict[Key, Kept] = OrderedDict()

    def put(self, key: Key, answer: RecordAnswer, now: datetime) -> None:
        self._kept[key] = Kept(answer, now)
        self._kept.move_to_end(key)
        while len(self._kept) > self._capacity:
            self._kept.popitem(last=False)

    def fresh(self, key: Key, now: datetime, seconds: float | None = None) -> Kept | None:
        """The answer while it may be shown as live: for ``seconds``, or as long as any other."""
        return self._younger(key, now, self._fresh if seconds is None else timedelta(seconds=seconds))

    def last(self, key: Key, now: datetime) -> Kept | None:
        """The answer while it is worth showing with its time, for want of a live one."""
        return self._younger(key, now, self._keep)

    def _younger(self, key: Key, now: datetime, limit: timedelta) -> Kept | None:
        kept = self._kept.get(key)
        return kept if kept is not None and now - kept.as_of < limit else None

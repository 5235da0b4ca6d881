"""Answers kept in memory: for a moment as live ones, for a day as what was last known."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from search_api.availability.status import ItemState, RecordAnswer

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
        self._editions: dict[Key, str] = {}

    def put(self, key: Key, answer: RecordAnswer, now: datetime) -> None:
        self._kept[key] = Kept(answer, now)
        self._kept.move_to_end(key)
        while len(self._kept) > self._capacity:
            gone, _ = self._kept.popitem(last=False)
            self._editions.pop(gone, None)

    def note(self, key: Key, edition: str) -> None:
        """Notes which edition a record that is being asked about is of."""
        self._editions[key] = edition
        if len(self._editions) > 2 * self._capacity:  # records that were never answered for
            self._editions = {key: edition for key, edition in self._editions.items() if key in self._kept}

    def on_shelf(self, now: datetime, seconds: float, libraries: Collection[str]) -> dict[str, datetime]:
        """The editions of which some of these libraries had a copy to take home no longer ago, each with when."""
        since = now - timedelta(seconds=seconds)
        found: dict[str, datetime] = {}
        for key, kept in self._kept.items():
            if kept.as_of < since or key[0] not in libraries or key not in self._editions:
                continue
            if any(item.state is ItemState.AVAILABLE for item in kept.answer.items):
                edition = self._editions[key]
                found[edition] = max(kept.as_of, found.get(edition, kept.as_of))
        return found

    def fresh(self, key: Key, now: datetime, seconds: float | None = None) -> Kept | None:
        """The answer while it may be shown as live: for ``seconds``, or as long as any other."""
        return self._younger(key, now, self._fresh if seconds is None else timedelta(seconds=seconds))

    def last(self, key: Key, now: datetime) -> Kept | None:
        """The answer while it is worth showing with its time, for want of a live one."""
        return self._younger(key, now, self._keep)

    def _younger(self, key: Key, now: datetime, limit: timedelta) -> Kept | None:
        kept = self._kept.get(key)
        return kept if kept is not None and now - kept.as_of < limit else None

"""What is still to be listed: sets, and of the set under way the windows of time; kept in the checkpoint as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)  # servers state the year 1, and mean that they do not know


@dataclass(frozen=True, slots=True)
class Window:
    """A time from and until which, both included; absent where the list is open."""

    start: datetime | None = None
    until: datetime | None = None

    def halves(self, earliest: datetime, latest: datetime, granule: timedelta) -> tuple[Window, Window] | None:
        """Two windows that together hold whatever this one does; absent when it cannot be made smaller.

        They share their border, for servers that keep finer times than they show. ``earliest`` and ``latest`` say
        where records are to be expected; a window that was open stays open, so none of them need be true.
        """
        low, high = self.start or earliest, self.until or latest
        if self.start is None and (high - low) // granule <= 1:  # what it states as its earliest date is not
            low = min(low, EARLIEST)
        steps = (high - low) // granule
        if steps <= 0 or (steps == 1 and (self.start is None or self.until is None)):
            return None
        if steps == 1:
            return Window(low, low), Window(high, high)
        middle = low + (steps // 2) * granule
        return Window(self.start, middle), Window(middle, self.until)


@dataclass(slots=True)
class Plan:
    """Where a visit stands among its lists; the first set and the first window are under way."""

    sets: list[str]
    windows: list[Window] = field(default_factory=lambda: [Window()])
    whole: Window = field(default_factory=Window)  # what each set is asked for
    doubts: list[str] = field(default_factory=list)  # why the end will prove nothing
    in_doubt: str = ""  # why the window under way, though listed, is to be checked before it counts
    promised: int | None = None  # how many records the window in doubt was said to hold
    listed: int = 0  # in the windows that are done
    nameless: int = 0  # in the windows that are done
    failures: int = 0  # windows that had to be made smaller

    @classmethod
    def begin(cls, sets: list[str], whole: Window) -> Plan:
        return cls(sets, [whole], whole)

    @property
    def is_done(self) -> bool:
        return not self.sets

    @property
    def is_split(self) -> bool:
        """Whether a set was ever listed in windows smaller than what is asked for."""
        return self.failures > 0

    def advance(self) -> None:
        """The window under way is done."""
        self.in_doubt = ""
        del self.windows[0]
        if not self.windows:
            del self.sets[0]
            self.windows = [self.whole]

    def doubt(self, why: str) -> None:
        if why not in self.doubts:
            self.doubts.append(why)

    def dumped(self) -> str:
        """The plan as a checkpoint keeps it."""
        return json.dumps(asdict(self), default=datetime.isoformat)

    @classmethod
    def loaded(cls, text: str) -> Plan:
        values = json.loads(text)
        values["windows"] = [_window(window) for window in values["windows"]]
        values["whole"] = _window(values["whole"])
        return cls(**values)


def _window(values: dict[str, str | None]) -> Window:
    return Window(**{name: datetime.fromisoformat(text) if text else None for name, text in values.items()})

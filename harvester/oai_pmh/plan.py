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

    def widened(self, granule: timedelta) -> Window:
        """A granule more at both ends, so that it holds this one also where servers take an end for excluded."""
        return Window(
            None if self.start is None else self.start - granule, None if self.until is None else self.until + granule
        )


@dataclass(slots=True)
class Plan:
    """Where a visit stands among its lists; the first set and the first window are under way."""

    sets: list[str]
    windows: list[Window] = field(default_factory=lambda: [Window()])
    whole: Window = field(default_factory=Window)  # what each set is asked for
    doubts: list[str] = field(default_factory=list)  # why the end will prove nothing
    in_doubt: str = ""  # why the window under way, though listed, is to be checked before it counts
    promised: int | None = None  # how many records the window in doubt was said to hold
    listed: int = 0  # in the windows that are done, and once more where names were compared
    nameless: int = 0  # in the windows that are done
    failures: int = 0  # windows that had to be made smaller
    split: bool = False  # the set under way was listed in windows smaller than what is asked for
    comparing: bool = False  # of the set under way only names are listed by now, to see what fell between windows

    @classmethod
    def begin(cls, sets: list[str], whole: Window) -> Plan:
        return cls(sets, [whole], whole)

    @property
    def is_done(self) -> bool:
        return not self.sets

    def advance(self, *, compares: bool = False) -> None:
        """The window under way is done; ``compares`` lists the names of a set once more that was split."""
        self.in_doubt = ""
        del self.windows[0]
        if self.windows:
            return
        self.windows = [self.whole]
        if compares and self.split and not self.comparing:
            self.comparing = True
            return
        del self.sets[0]
        self.split = self.comparing = False

    def narrow(self, halves: tuple[Window, Window], *, last: bool = False) -> None:
        """Puts smaller windows in place of the one under way, or, ``last``, behind all others."""
        self.windows = [*self.windows[1:], *halves] if last else [*halves, *self.windows[1:]]
        self.split = True

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

"""Live status as a row of bars, hour by hour or day by day: what was not asked is a gap, neither up nor down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, get_args

from search_api.availability.history import SLOW_SECONDS, Day, Hour

HOURS = 24
DAYS = 30
SLOW_SHARE = 0.5
"""From this share of late answers on an hour was slow."""
DOWN_SHARE = 0.5
"""From this share of questions without an answer on it was down."""

Kind = Literal["up", "slow", "down", "none"]
KINDS: tuple[Kind, ...] = get_args(Kind)

WIDE, STEP, HIGH = 4, 5, 20
_HEIGHT: Mapping[Kind, int] = {"up": 20, "slow": 11, "down": 4, "none": 1}


@dataclass(frozen=True, slots=True)
class Bar:
    """One hour or day. Height tells the kinds apart for whoever sees no colours."""

    kind: Kind
    x: int
    began: datetime | date
    asked: int
    answered: int

    @property
    def y(self) -> int:
        return HIGH - self.height

    @property
    def height(self) -> int:
        return _HEIGHT[self.kind]


@dataclass(frozen=True, slots=True)
class Bars:
    """A row of bars, the last one now."""

    bars: tuple[Bar, ...]

    @property
    def width(self) -> int:
        return STEP * len(self.bars) - (STEP - WIDE)

    def count(self, kind: Kind) -> int:
        return sum(bar.kind == kind for bar in self.bars)

    @property
    def last_asked(self) -> Bar | None:
        return next((bar for bar in reversed(self.bars) if bar.asked), None)


def of_hours(hours: Iterable[Hour], now: datetime) -> Bars:
    """The last 24 hours."""
    found = {hour.began: hour for hour in hours}
    this = now.replace(minute=0, second=0, microsecond=0)
    bars = []
    for place in range(HOURS):
        began = this - timedelta(hours=HOURS - 1 - place)
        hour = found.get(began, Hour(began, 0, 0, 0))
        kind = _kind(hour.answered, hour.failed, hour.slow >= SLOW_SHARE * hour.answered)
        bars.append(Bar(kind, place * STEP, began, hour.answered + hour.failed, hour.answered))
    return Bars(tuple(bars))


def of_days(days: Sequence[Day], today: date) -> Bars:
    """The last thirty days, of patrons and monitor together."""
    bars = []
    for place in range(DAYS):
        day = today - timedelta(days=DAYS - 1 - place)
        some = [one for one in days if one.day == day]
        answered, failed = sum(one.answered for one in some), sum(one.failed for one in some)
        medians = [one.median_seconds for one in some if one.median_seconds is not None]
        kind = _kind(answered, failed, bool(medians) and min(medians) > SLOW_SECONDS)
        bars.append(Bar(kind, place * STEP, day, answered + failed, answered))
    return Bars(tuple(bars))


def _kind(answered: int, failed: int, slow: bool) -> Kind:
    if not answered + failed:
        return "none"
    if failed > DOWN_SHARE * (answered + failed):
        return "down"
    return "slow" if slow else "up"

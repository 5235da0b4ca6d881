"""When a member is harvested by itself: the table ``[schedule]`` of its file.

Hours are those of the library's own day. Quiet ones belong to its readers and staff: no harvest begins in them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

DAY = timedelta(days=1)
LEAST_OPEN = timedelta(minutes=30)

_SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d) ?[-–] ?([01]\d|2[0-3]):([0-5]\d)")


def _several(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Spans = Annotated[tuple[str, ...], BeforeValidator(_several)]
"""Parts of a day, ``"08:00-21:30"``, over midnight too; one or a list."""


def _zone_is_known(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as exc:
        raise ValueError("must be a time zone such as Asia/Taipei") from exc
    return value


TimeZone = Annotated[str, AfterValidator(_zone_is_known)]
"""The name of a time zone in the IANA list."""


class Schedule(BaseModel):
    """How often a member is harvested, when it is left alone, and from what age on its records are late."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    by_itself: bool = True  # false: only when somebody says so, with ``allshelves harvest``
    every_hours: float = Field(default=24.0, ge=0.25, le=24 * 366)
    time_zone: TimeZone = "Asia/Taipei"  # of the quiet hours
    quiet: Spans = ()
    late_after_hours: float | None = Field(default=None, gt=0)  # without a proven harvest
    alarm_after_hours: float | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _some_hours_are_left(self) -> Schedule:
        for text in self.quiet:
            match = _SPAN.fullmatch(text)
            if match is None or match[1] + match[2] == match[3] + match[4]:
                raise ValueError(f'schedule.quiet = {text!r}: must be two times of a day, "08:00-21:30"')
        if DAY - self._quiet_in_a_day() < LEAST_OPEN:
            raise ValueError("schedule.quiet leaves less than half an hour of a day for harvests")
        if self.alarm_after < self.late_after:
            raise ValueError("schedule.alarm_after_hours is below schedule.late_after_hours")
        return self

    @property
    def zone(self) -> ZoneInfo:
        """The clock of the library: its quiet hours are by it, and whatever staff are told of its harvests."""
        return ZoneInfo(self.time_zone)

    @property
    def every(self) -> timedelta:
        """From the beginning of one harvest to that of the next."""
        return timedelta(hours=self.every_hours)

    @property
    def late_after(self) -> timedelta:
        """How old the last proven harvest may be before it is late: one that failed once is not."""
        if self.late_after_hours is not None:
            return timedelta(hours=self.late_after_hours)
        return 2 * self.every + self._quiet_in_a_day()

    @property
    def alarm_after(self) -> timedelta:
        """How old it may be before somebody has to look."""
        if self.alarm_after_hours is not None:
            return timedelta(hours=self.alarm_after_hours)
        return 3 * self.late_after

    def open_at(self, moment: datetime) -> datetime:
        """The first moment from this one on that is not quiet, in UTC."""
        at = moment.astimezone(UTC)
        moved = True
        while moved:
            moved = False
            for begins, ends in self._quiet_around(at):
                if begins <= at < ends:
                    at, moved = ends, True
        return at

    def quiet_from(self, moment: datetime) -> datetime | None:
        """When the next quiet hours begin, in UTC; the moment itself within them; absent where there are none."""
        at = moment.astimezone(UTC)
        return min((max(begins, at) for begins, ends in self._quiet_around(at) if ends > at), default=None)

    def _quiet_around(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The quiet hours from yesterday to tomorrow, in UTC: clocks may be put forward or back between."""
        zone = self.zone
        today = at.astimezone(zone).date()
        for days in (-1, 0, 1):
            day = today + timedelta(days=days)
            for first, last in map(_times, self.quiet):
                ends = day if first < last else day + DAY
                begun, ended = _in_utc(day, first, zone), _in_utc(ends, last, zone)
                if begun < ended:
                    yield begun, ended

    def _quiet_in_a_day(self) -> timedelta:
        minutes: set[int] = set()
        for first, last in map(_times, self.quiet):
            begin, end = _minute(first), _minute(last)
            minutes.update(range(begin, end) if begin < end else (*range(begin, 24 * 60), *range(end)))
        return timedelta(minutes=len(minutes))


def _times(text: str) -> tuple[time, time]:
    match = _SPAN.fullmatch(text)
    assert match is not None  # validated
    first, second, third, fourth = map(int, match.groups())
    return time(first, second), time(third, fourth)


def _minute(value: time) -> int:
    return value.hour * 60 + value.minute


def _in_utc(day: date, value: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, value, zone).astimezone(UTC)

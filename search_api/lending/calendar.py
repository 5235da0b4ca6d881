"""When a library's desk works, and when what is asked of it today should arrive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from mappings.lending import WEEKDAYS, Closure, Lending, Service

FURTHEST_DAYS = 800
"""Days looked ahead: a desk that works on none of them is closed for good."""

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Working:
    """``opens`` is the first day the desk works; None when none is in sight. ``closed`` is why it does not today."""

    opens: date | None
    closed: Closure | None
    arrives: date | None  # None when the library does not say how long it takes


def closure_on(lending: Lending, day: date) -> Closure | None:
    """What closes the desk on a day; None when nothing does."""
    return next((one for one in lending.closures if any(first <= day <= last for first, last in one.around(day))), None)


def works_on(lending: Lending, day: date) -> bool:
    """Whether the desk works on a day; desks that do not say work every day."""
    is_open = not lending.open_days or WEEKDAYS[day.weekday()] in lending.open_days
    return is_open and closure_on(lending, day) is None


def working(lending: Lending, service: Service, start: date) -> Working:
    """From when the desk works on a request of a day, and when it should have arrived: days of work are counted."""
    left = usual_days(lending, service)
    opens: date | None = None
    day = start
    for _ in range(FURTHEST_DAYS):
        if works_on(lending, day):
            if opens is None:
                opens = day
            elif left:
                left -= 1
            if left in (0, None):
                break
        day += DAY
    return Working(opens, closure_on(lending, start), day if opens is not None and left == 0 else None)


def usual_days(lending: Lending, service: Service) -> int | None:
    """Days of work until it arrives; None when it is not stated."""
    if service == "copy" and lending.copy_days is not None:
        return lending.copy_days
    return lending.days

"""What was counted, put together for a director: months, members, days, and what many wanted in vain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from search_api.counts.ledger import Ledger, Wish
from search_api.counts.tally import ALL_LIBRARIES, HANDOFFS, What

MONTHS = 13
"""So that a month can be held against the same one of the year before."""
DAYS = 35


@dataclass(frozen=True, slots=True)
class Counts:
    """What was counted in one span, of one library or of all."""

    times: Mapping[What, int] = field(default_factory=dict)

    def __getitem__(self, what: What) -> int:
        return self.times.get(what, 0)

    @property
    def handoffs(self) -> int:
        return sum(self[what] for what in HANDOFFS)

    @property
    def in_vain(self) -> float | None:
        """The share of searches that found nothing; None where there were none."""
        return self["no_hit"] / self["search"] if self["search"] else None


@dataclass(frozen=True, slots=True)
class Report:
    """The counts as they stand."""

    month: date  # the first day of the one that is looked at
    months: Mapping[date, Counts]  # of all libraries together, the last first; months without any count are there too
    libraries: Mapping[str, Counts]  # in the month looked at, by code; members without any count are there too
    days: Mapping[date, Counts]  # of all libraries together, the first first, without a gap
    wishes: tuple[Wish, ...]  # in the month looked at


def first_of_month(day: date) -> date:
    return day.replace(day=1)


def month_before(month: date) -> date:
    return first_of_month(month - timedelta(days=1))


def month_after(month: date) -> date:
    return first_of_month(month + timedelta(days=31))


def report(ledger: Ledger, libraries: Iterable[str], today: date, month: date | None = None) -> Report:
    """The report of a month, else of the one that today is in."""
    looked_at = first_of_month(month or today)
    months = [first_of_month(today)]
    while len(months) < MONTHS:
        months.append(month_before(months[-1]))
    kept = ledger.months(min(months[-1], looked_at))
    first_day = today - timedelta(days=DAYS - 1)
    days = ledger.days(first_day)
    all_days = [first_day + timedelta(days=n) for n in range(DAYS)]
    of_month = kept.get(f"{looked_at:%Y-%m}", {})
    return Report(
        month=looked_at,
        months={one: Counts(kept.get(f"{one:%Y-%m}", {}).get(ALL_LIBRARIES, {})) for one in months},
        libraries={code: Counts(of_month.get(code, {})) for code in libraries},
        days={day: Counts(days.get(day, {})) for day in all_days},
        wishes=ledger.wishes(looked_at, month_after(looked_at) - timedelta(days=1)),
    )

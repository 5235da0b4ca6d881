"""One member for whoever looks after it: what waits, its harvests, its live status day by day, its quarantine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from harvester.raw_record import Quarantined
from harvester.runs import RunOutcome
from indexer.quality import general_reason
from mappings.library import Library
from search_api.availability.history import Day
from search_api.live_view import Badge
from search_api.members.bars import Bars, of_days
from search_api.members.failure import failure_in_words
from search_api.members.view import SHAPES, bars_in_words
from search_api.texts import Texts

RECORDS_SHOWN = 50
"""Of one reason; the others are counted, and written to files by `allshelves quarantine --raw`."""
KINDS_SHOWN = 30


@dataclass(frozen=True, slots=True)
class RunRow:
    """One harvest."""

    when: str
    kind: str
    badge: Badge
    seen: int
    new: int
    changed: int
    left: int
    unreadable: int
    seconds: str
    error: str


@dataclass(frozen=True, slots=True)
class DayRow:
    """One day of live status."""

    day: str
    patrons: str
    monitor: str
    median: str
    slow: str
    failure: str


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """One record in quarantine."""

    identifier: str
    address: str
    field: str
    reason: str
    at: str


@dataclass(frozen=True, slots=True)
class RefusedKind:
    """Records in quarantine for one reason."""

    reason: str
    stage: str
    times: int
    records: tuple[RefusedRow, ...]

    @property
    def more(self) -> int:
        return self.times - len(self.records)


class OneView:
    """One member's page."""

    def __init__(self, library: Library, address: str, t: Texts) -> None:
        self._library = library
        self._address = address
        self._t = t

    def runs(self, runs: Sequence[RunOutcome]) -> tuple[RunRow, ...]:
        """Its last harvests, the last first."""
        t = self._t
        shapes = {"complete": SHAPES["ok"], "unverified": SHAPES["due"], "failed": SHAPES["bad"]}
        return tuple(
            RunRow(
                when=self._moment(run.started_at),
                kind=t(f"member_state.run_{run.kind}"),
                badge=Badge(shapes[run.status], t(f"members.{run.status}")),
                seen=run.seen,
                new=run.new,
                changed=run.changed,
                left=run.left,
                unreadable=run.unreadable,
                seconds=t("member_state.seconds", n=round(run.seconds)),
                error=run.error,
            )
            for run in runs
        )

    def days_drawn(self, days: Sequence[Day], today: date) -> tuple[Bars, str]:
        """Thirty days as bars, and in words."""
        bars = of_days(days, today)
        return bars, bars_in_words(bars, self._t, "days")

    def days(self, days: Sequence[Day]) -> tuple[DayRow, ...]:
        """The days on which its system was asked, the last first."""
        rows = []
        for when in sorted({one.day for one in days}, reverse=True):
            some = {one.kind: one for one in days if one.day == when}
            told = some.get("patrons") or some["monitor"]
            failed = [one for one in some.values() if one.last_failure]
            rows.append(
                DayRow(
                    day=self._t.day(when),
                    patrons=self._of(some.get("patrons")),
                    monitor=self._of(some.get("monitor")),
                    median=self._milliseconds(told.median_seconds),
                    slow=self._milliseconds(told.slow_seconds),
                    failure=failure_in_words(failed[-1].last_failure, self._t) if failed else "",
                )
            )
        return tuple(rows)

    def quarantine(self, found: Sequence[Quarantined]) -> tuple[RefusedKind, ...]:
        """What could not be read by reason, the most frequent first."""
        by_reason: dict[tuple[str, str], list[Quarantined]] = {}
        for one in found:
            by_reason.setdefault((general_reason(one.reason), one.stage), []).append(one)
        kinds = sorted(by_reason.items(), key=lambda kind: (-len(kind[1]), kind[0]))
        return tuple(
            RefusedKind(
                reason=reason,
                stage=self._t(f"member_state.stage_{stage}"),
                times=len(some),
                records=tuple(self._refused(one) for one in some[:RECORDS_SHOWN]),
            )
            for (reason, stage), some in kinds[:KINDS_SHOWN]
        )

    def _refused(self, one: Quarantined) -> RefusedRow:
        return RefusedRow(
            identifier=one.identifier,
            address=f"{self._address}/quarantine?{urlencode({'id': one.identifier, 'stage': one.stage})}",
            field=one.field,
            reason=one.reason,
            at=self._moment(one.at),
        )

    def _moment(self, at: datetime) -> str:
        local = at.astimezone(self._library.schedule.zone)
        return f"{self._t.day(local.date())} {local:%H:%M}"

    def _of(self, day: Day | None) -> str:
        return "" if day is None else self._t("member_state.of", n=day.asked, answered=day.answered)

    def _milliseconds(self, seconds: float | None) -> str:
        return "" if seconds is None else self._t("member_state.milliseconds", n=round(1000 * seconds))

"""The members' state in words: one sentence, four figures, and a row for each, trouble first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from babel.numbers import format_percent

from harvester.standing import Standing
from indexer.catalogue import CatalogueCounts
from mappings.library import Library
from search_api.availability.health import Health
from search_api.availability.history import Hour, Past
from search_api.labels import Labels
from search_api.live_view import Badge
from search_api.members.bars import KINDS, Bars, of_hours
from search_api.members.failure import failure_in_words
from search_api.members.state import Level, MemberState, member_state
from search_api.past_view import past_in_words, unknown_words
from search_api.standing_view import StandingView, standing_view
from search_api.texts import Texts

ORDERS = ("trouble", "region", "name")
SHAPES: Mapping[Level, str] = {"bad": "bad", "due": "on_loan", "ok": "available", "new": "asking"}
"""What a level looks like, beside its words: the symbols of live states that mean the same."""


@dataclass(frozen=True, slots=True)
class Row:
    """One member."""

    code: str
    name: str
    address: str
    region: str
    level: Level
    badge: Badge
    why: str  # what is wrong, in sentences; "" when nothing is
    harvest: str
    records: int
    new: int
    changed: int
    left: int
    quarantined: int
    live: str  # "" where there is none
    hours: Bars
    hours_in_words: str
    median: str


@dataclass(frozen=True, slots=True)
class Figure:
    name: str
    value: str
    note: str


class MembersView:
    """All members as the staff's page shows them."""

    def __init__(
        self,
        libraries: Mapping[str, Library],
        states: Mapping[str, MemberState],
        now: datetime,
        t: Texts,
        labels: Labels,
    ) -> None:
        self._libraries = libraries
        self._states = states
        self._now = now
        self._t = t
        self._labels = labels

    def sentence(self) -> str:
        """How many are well, how many need somebody, how many a look."""
        t = self._t
        levels = [state.level for state in self._states.values()]
        parts = [t("member_state.sum_ok", n=len(levels), ok=levels.count("ok"))]
        parts += [t(f"member_state.sum_{level}", n=n) for level in ("bad", "due", "new") if (n := levels.count(level))]
        return t("member_state.comma").join(parts) + t("member_state.stop")

    def figures(self, counts: CatalogueCounts) -> tuple[Figure, ...]:
        t = self._t
        return (
            Figure(
                t("member_state.editions"), t.number(counts.editions), t("member_state.records_of", n=counts.records)
            ),
            self._harvested(),
            self._answered(),
            self._quarantined(),
        )

    def rows(self, order: str, address: str) -> tuple[Row, ...]:
        """The members in one of ``ORDERS``; ``address`` is that of this page."""
        codes = self._labels.in_order(self._states)
        if order == "name":
            codes.sort(key=self._labels.library)
        elif order != "region":
            codes.sort(key=lambda code: self._states[code].rank)
        return tuple(self._row(code, address) for code in codes)

    def standing(self, code: str) -> StandingView:
        return standing_view(self._states[code].standing, self._t, self._now, self._libraries[code].schedule.zone)

    def why(self, code: str) -> tuple[str, ...]:
        """What is wrong with a member, in sentences; none when nothing is."""
        state, view = self._states[code], self.standing(code)
        said: list[str] = []
        if {"harvest_alarm", "harvest_late", "unproven"} & set(state.troubles):
            said.append(view.headline)
        said += view.troubles
        if "live_down" in state.troubles:
            said.append(self._live_down(code))
        if "live_slow" in state.troubles and state.median_seconds is not None:
            said.append(self._t("member_state.because_slow", seconds=f"{state.median_seconds:.2g}"))
        if "quarantined" in state.troubles:
            said.append(self._because_quarantined(state.standing))
        if "words" in state.troubles:
            said += past_in_words(Past((), state.past.unknown_words), self._libraries[code].availability, self._t)
        return tuple(said)

    def badge(self, code: str) -> Badge:
        """The worst there is of a member, in a few words."""
        t, state = self._t, self._states[code]
        if not state.troubles:
            return Badge(SHAPES[state.level], t(f"member_state.{state.level}"))
        n = state.standing.state.quarantined
        return Badge(SHAPES[state.level], t(f"member_state.{state.troubles[0]}", n=n))

    def hours_in_words(self, code: str) -> str:
        return bars_in_words(self._states[code].hours, self._t, "hours")

    def _row(self, code: str, address: str) -> Row:
        t, state, library = self._t, self._states[code], self._libraries[code]
        came, zone = state.standing.came, library.schedule.zone
        median = state.median_seconds
        return Row(
            code=code,
            name=self._labels.library(code),
            address=f"{address}/{code}",
            region=self._labels.region(library.region),
            level=state.level,
            badge=self.badge(code),
            why=" ".join(self.why(code)),
            harvest=t("member_state.never") if came is None else self._short(came.started_at, zone),
            records=state.standing.state.records,
            new=came.new if came else 0,
            changed=came.changed if came else 0,
            left=came.left if came else 0,
            quarantined=state.standing.state.quarantined,
            live="" if state.health.protocol == "none" else state.health.protocol,
            hours=state.hours,
            hours_in_words=self.hours_in_words(code),
            median="" if median is None else t("member_state.milliseconds", n=round(1000 * median)),
        )

    def _short(self, at: datetime, zone: ZoneInfo) -> str:
        local = at.astimezone(zone)
        return f"{self._t.day(local.date())} {local:%H:%M}"

    def _live_down(self, code: str) -> str:
        t, state = self._t, self._states[code]
        since, zone = state.health.failing_since, self._libraries[code].schedule.zone
        if since is not None:
            return t(
                "members.because_live", time=t.moment(since, zone), why=failure_in_words(state.health.last_failure, t)
            )
        together = state.past.together("patrons") or state.past.together("monitor")
        return t("member_state.because_down", why=failure_in_words(together.last_failure, t) if together else "")

    def _because_quarantined(self, standing: Standing) -> str:
        t = self._t
        reasons = t("standing.between").join(
            t("standing.reason", why=why, times=times) for why, times in standing.reasons[:2]
        )
        return t("standing.quarantined", n=standing.state.quarantined, reasons=reasons)

    def _harvested(self) -> Figure:
        t, since = self._t, self._now - timedelta(hours=24)
        came = [state.standing.came for state in self._states.values()]
        recent = [run for run in came if run is not None and run.started_at >= since]
        sums = {name: sum(getattr(run, name) for run in recent) for name in ("new", "changed", "left")}
        complete = sum(run.status == "complete" for run in recent)
        return Figure(
            t("member_state.harvested"), t("member_state.harvested_n", n=complete), t("member_state.came", **sums)
        )

    def _answered(self) -> Figure:
        t = self._t
        bars = [bar for state in self._states.values() for bar in state.hours.bars]
        asked, answered = sum(bar.asked for bar in bars), sum(bar.answered for bar in bars)
        share = format_percent(answered / asked, "0.0%", locale=t.locale) if asked else "—"
        return Figure(
            t("member_state.answered"),
            share,
            t("member_state.answered_n", n=asked) if asked else t("member_state.not_asked"),
        )

    def _quarantined(self) -> Figure:
        t = self._t
        by_code = {code: state.standing.state.quarantined for code, state in self._states.items()}
        total = sum(by_code.values())
        worst = max(by_code, key=lambda code: by_code[code], default="")
        note = ""
        if total and worst:
            note = t("member_state.quarantined_of", n=by_code[worst], library=self._labels.library(worst))
        return Figure(t("member_state.quarantine"), t("member_state.records_n", n=total), note)


def bars_in_words(bars: Bars, t: Texts, unit: str) -> str:
    """A row of bars for whoever does not see it; ``unit`` is hours or days."""
    counted = [(kind, bars.count(kind)) for kind in KINDS]
    said = [t(f"member_state.{unit}_{kind}", n=n) for kind, n in counted if n]
    return t(f"member_state.{unit}", what=t("member_state.comma").join(said))


def member_states(
    libraries: Mapping[str, Library],
    standings: Mapping[str, Standing],
    healths: Mapping[str, Health],
    pasts: Mapping[str, Past],
    *,
    hours: Mapping[str, Sequence[Hour]],
    now: datetime,
) -> dict[str, MemberState]:
    """How each of these members stands."""
    return {
        code: member_state(
            standings[code],
            healths[code],
            pasts[code],
            of_hours(hours[code], now),
            len(unknown_words(pasts[code], library.availability)),
        )
        for code, library in libraries.items()
    }

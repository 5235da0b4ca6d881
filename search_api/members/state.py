"""How one member stands as a whole: the worst of its harvests, its records and its live status."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from harvester.standing import Standing
from search_api.availability.health import Health
from search_api.availability.history import SLOW_SECONDS, Day, Past
from search_api.members.bars import Bars

Level = Literal["bad", "due", "ok", "new"]
"""A person has to act; a person should know; nothing to do; not harvested yet."""

Trouble = Literal[
    "harvest_alarm",
    "held",
    "file_refused",
    "live_down",
    "harvest_late",
    "unproven",
    "live_slow",
    "quarantined",
    "words",
]

MANY_QUARANTINED = 20
SHARE_QUARANTINED = 0.01
"""So many records in quarantine, or such a share of all, are worth a look; a few are part of life."""

LEVEL_OF: Mapping[Trouble, Level] = {
    "harvest_alarm": "bad",
    "held": "bad",
    "file_refused": "bad",
    "live_down": "bad",
    "harvest_late": "due",
    "unproven": "due",
    "live_slow": "due",
    "quarantined": "due",
    "words": "due",
}
"""In the order in which they are told."""

_ORDER: Mapping[Level, int] = {"bad": 0, "due": 1, "new": 2, "ok": 3}


@dataclass(frozen=True, slots=True)
class MemberState:
    """One member, with everything that is wrong, the worst first."""

    standing: Standing
    health: Health
    past: Past
    hours: Bars
    troubles: tuple[Trouble, ...]
    median_seconds: float | None  # of the last days' answers

    @property
    def level(self) -> Level:
        if self.troubles:
            return LEVEL_OF[self.troubles[0]]
        return "new" if self.standing.freshness == "never" else "ok"

    @property
    def rank(self) -> int:
        return _ORDER[self.level]


def member_state(standing: Standing, health: Health, past: Past, hours: Bars, unknown_words: int) -> MemberState:
    """One member's state; ``unknown_words``: status words of its system that nothing explains."""
    median = _median(past) if health.protocol != "none" else None
    found = {
        "harvest_alarm": standing.freshness == "alarm",
        "held": bool(standing.holds),
        "file_refused": bool(standing.refused),
        "live_down": health.protocol != "none" and _is_down(health, hours),
        "harvest_late": standing.freshness == "late",
        "unproven": standing.freshness == "unproven",
        "live_slow": median is not None and median > SLOW_SECONDS,
        "quarantined": _many_quarantined(standing),
        "words": bool(unknown_words),
    }
    troubles = tuple(trouble for trouble in LEVEL_OF if found[trouble])
    return MemberState(standing, health, past, hours, troubles, median)


def _is_down(health: Health, hours: Bars) -> bool:
    """Whether nothing came of asking last, by this process or by any other."""
    last = hours.last_asked
    return health.failing_since is not None or (last is not None and not last.answered)


def _many_quarantined(standing: Standing) -> bool:
    n, records = standing.state.quarantined, standing.state.records
    return n >= MANY_QUARANTINED or (n > 1 and n > SHARE_QUARANTINED * (n + records))


def _median(past: Past) -> float | None:
    asked: Day | None = past.together("patrons") or past.together("monitor")
    return None if asked is None else asked.median_seconds

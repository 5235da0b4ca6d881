"""When each member is harvested next, made of its own schedule and of what its last runs came to.

Nothing is kept beside the runs: whoever harvests, a worker or a person, moves what comes next, and a change of a
library's file counts at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from harvester import lease, removal, run_state, tables
from harvester.errors import Cause
from harvester.runs import RunOutcome
from harvester.store import Store
from mappings.library import Library
from mappings.schedule import Schedule

FIRST_RETRY = timedelta(minutes=15)  # after a failure; each one more doubles it
FIRST_DOUBT = timedelta(hours=1)  # after a list that could not be proven: asking for it again costs its server more
COLLECTED_AGAIN = timedelta(days=7)  # all of it, while a person is to decide: a first export may not have been whole
LONGEST_ABSENCE = timedelta(days=31)  # whatever a server asked for, as noted by a version that believed it
BEYOND_RETRYING: frozenset[Cause] = frozenset({"not_let_in", "not_there", "untrusted", "format"})
REST = timedelta(hours=1)  # at least, between the end of a harvest and the next


@dataclass(frozen=True, slots=True)
class Past:
    """What a member's runs mean for its next one."""

    last: RunOutcome | None = None  # that has ended
    unproven: int = 0  # runs that have ended since the last complete one
    under_way: bool = False  # some process works on it now
    interrupted: bool = False  # a run was stopped or killed, and is to be gone on with
    collected: bool = False  # its records under new names are all here, and a person is to say whether they count


def next_harvest(schedule: Schedule, past: Past, now: datetime) -> datetime | None:
    """The first moment at which a member may be harvested; absent when that waits for a person.

    A moment that has gone by means now. Failures put the next attempt off, never further than the schedule's own
    distance; what the server asked for, within bounds, and quiet hours put it off further.
    """
    if not schedule.by_itself:
        return None
    last = past.last
    if last is None:
        return schedule.open_at(now)
    at = now if past.interrupted else _after(schedule, last, past.unproven)
    if past.collected and not past.interrupted:
        at = max(at, (last.ended_at or last.started_at) + COLLECTED_AGAIN)
    if last.come_back_at is not None:
        at = max(at, min(last.come_back_at, (last.ended_at or last.started_at) + LONGEST_ABSENCE))
    return schedule.open_at(at)


def _after(schedule: Schedule, last: RunOutcome, unproven: int) -> datetime:
    ended = last.ended_at or last.started_at
    regular = max(last.started_at + schedule.every, ended + min(schedule.every, REST))
    if last.status == "complete" or last.cause in BEYOND_RETRYING or last.held:
        return regular  # the latter wait for a person, whom asking again every hour would not help
    first = FIRST_RETRY if last.status == "failed" else FIRST_DOUBT
    return min(regular, ended + first * 2 ** min(unproven - 1, 20) if unproven else ended + first)


def pasts(store: Store, codes: Iterable[str]) -> dict[str, Past]:
    """What the runs of each of these members mean for the next, in their order."""
    now = store.now()
    with store.reading() as connection:
        return {code: _past(connection, code, now) for code in codes}


def _past(connection: Connection, code: str, now: datetime) -> Past:
    run = tables.run
    last, complete = run_state.ended(connection, code)
    query = select(func.count()).where(run.c.library == code, run.c.status != "running")
    if complete is not None:
        query = query.where(run.c.id > complete.id)
    open_runs = select(func.count()).where(run.c.library == code, run.c.status == "running")
    under_way = lease.is_held(connection, code, now)
    return Past(
        last=None if last is None else run_state.outcome_of(last, last.seconds),
        unproven=connection.execute(query).scalar_one(),
        under_way=under_way,
        interrupted=not under_way and connection.execute(open_runs).scalar_one() > 0,
        collected=any(hold.kind == "epoch" for hold in removal.holds(connection, code)),
    )


def under_way(store: Store, codes: Iterable[str]) -> frozenset[str]:
    """Those of these members that some process, this one or another, works on now."""
    now = store.now()
    with store.reading() as connection:
        return frozenset(code for code in codes if lease.is_held(connection, code, now))


def due_next(store: Store, libraries: Mapping[str, Library]) -> dict[str, datetime]:
    """When each member is to be harvested next, the first first; those under way and those that wait for a person
    are absent."""
    now = store.now()
    found = {
        code: next_harvest(libraries[code].schedule, past, now)
        for code, past in pasts(store, libraries).items()
        if not past.under_way
    }
    return dict(sorted(((code, at) for code, at in found.items() if at is not None), key=lambda pair: pair[1]))

"""How each member's harvests stand: how old the last proven one is, what is in doubt, what waits for a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, func, select

from harvester import decisions, epoch, ledger, removal, reuse, run_state, tables, traits
from harvester.access import upload_token_missing
from harvester.errors import Cause
from harvester.ledger import RefusedFile
from harvester.oai_pmh.dialect import proposals
from harvester.protocols import PROTOCOLS
from harvester.removal import Hold
from harvester.runs import LibraryState, RunOutcome
from harvester.schedule import BEYOND_RETRYING, Past, next_harvest, pasts
from harvester.store import Store
from mappings.library import Library
from mappings.schedule import Schedule

Freshness = Literal["never", "unproven", "fresh", "late", "alarm"]
"""The age of the last proven harvest against what the library's file expects; an alarm also where only a person can
help: its host is unknown, it lets us in no more. ``never``: no harvest has ended yet; ``unproven``: some have, and none
was proven complete."""

WAITS_FOR_A_PERSON: frozenset[Cause] = BEYOND_RETRYING | {"host_unknown", "settings"}
"""Kinds of failure that no other attempt will mend."""

TROUBLED: frozenset[Freshness] = frozenset({"unproven", "late", "alarm"})
REASONS_TOLD = 5


@dataclass(frozen=True, slots=True)
class Standing:
    """How one member's harvests stand."""

    state: LibraryState
    came: RunOutcome | None  # the last run that listed records and has ended; sweeps list none
    freshness: Freshness
    tried_since: datetime | None  # the first run of all; absent when there was none
    late_at: datetime | None  # from when on the last proven harvest is late; absent where nothing is expected
    next_at: datetime | None  # absent when it is under way or waits for a person
    under_way: bool
    unproven: int  # runs since the last complete one
    holds: tuple[Hold, ...]  # deletions that wait for a person
    refused: tuple[RefusedFile, ...]  # files that could not be read, and what waits behind them
    reasons: tuple[tuple[str, int], ...]  # why records are in quarantine, the most frequent first, and how often
    reused: tuple[str, ...]  # identifiers given to quite another record of late, the last first
    proposals: tuple[str, ...]  # what to change in the library's file, in words
    collecting: bool  # records under other names are collected beside those there are


def standings(store: Store, libraries: Mapping[str, Library]) -> dict[str, Standing]:
    """How each of these members stands, in their order."""
    now = store.now()
    states = store.library_states(libraries)
    before = pasts(store, libraries)
    with store.reading() as connection:
        return {
            code: _standing(connection, library, states[code], before[code], now) for code, library in libraries.items()
        }


def _standing(connection: Connection, library: Library, state: LibraryState, past: Past, now: datetime) -> Standing:
    code, schedule = library.code, library.schedule
    began = _first_run(connection, code)
    since = began if state.last_complete_at is None else state.confirmed_at
    expected = schedule.by_itself or schedule.late_after_hours is not None
    learnt = traits.of(connection, code, PROTOCOLS[library.harvest.protocol].source_of(library))
    return Standing(
        state=state,
        came=_came(connection, code),
        freshness=freshness(schedule, since, past.last, now, proven=state.last_complete_at is not None),
        tried_since=began,
        late_at=since + schedule.late_after if since is not None and expected else None,
        next_at=None if past.under_way else next_harvest(schedule, past, now),
        under_way=past.under_way,
        unproven=past.unproven,
        holds=tuple(decisions.as_now(connection, code)),
        refused=ledger.refused(connection, code),
        reasons=_reasons(connection, code) if state.quarantined else (),
        reused=tuple(reuse.reused(connection, code)),
        proposals=(*filter(None, (upload_token_missing(library),)), *proposals(learnt)),
        collecting=_collects(connection, code),
    )


def freshness(
    schedule: Schedule, since: datetime | None, last: RunOutcome | None, now: datetime, *, proven: bool
) -> Freshness:
    """How a member stands whose last proven harvest, or else whose first attempt, was at ``since``."""
    if last is not None and last.cause in WAITS_FOR_A_PERSON:
        return "alarm"
    if since is None:
        return "never"
    age = now - since
    if age > schedule.alarm_after and (schedule.by_itself or schedule.alarm_after_hours is not None):
        return "alarm"
    if age > schedule.late_after and (schedule.by_itself or schedule.late_after_hours is not None):
        return "late"
    if proven:
        return "fresh"
    return "never" if last is None else "unproven"


def in_trouble(found: Iterable[Standing]) -> bool:
    """Whether any of these members is late, an alarm, was never proven, or waits for a person."""
    return any(one.freshness in TROUBLED or one.holds or one.refused for one in found)


def _collects(connection: Connection, code: str) -> bool:
    """Whether records under other names have come; a new address from which nothing came says nothing of names."""
    collecting = epoch.collecting(connection, code)
    return collecting is not None and removal.live(connection, collecting.shelf) > 0


def _first_run(connection: Connection, code: str) -> datetime | None:
    run = tables.run
    query = select(run.c.started_at).where(run.c.library == code).order_by(run.c.id).limit(1)
    return connection.execute(query).scalar_one_or_none()


def _came(connection: Connection, code: str) -> RunOutcome | None:
    run = tables.run
    ended = (run.c.library == code, run.c.status != "running", run.c.kind != "sweep")
    row = connection.execute(select(run).where(*ended).order_by(run.c.id.desc()).limit(1)).one_or_none()
    return None if row is None else run_state.outcome_of(row, row.seconds, removal.left(connection, row.id))


def _reasons(connection: Connection, code: str) -> tuple[tuple[str, int], ...]:
    table = tables.quarantine
    times = func.count().label("times")
    query = select(table.c.reason, times).where(table.c.library == code).group_by(table.c.reason)
    rows = connection.execute(query.order_by(times.desc(), table.c.reason).limit(REASONS_TOLD))
    return tuple((row.reason, row.times) for row in rows)

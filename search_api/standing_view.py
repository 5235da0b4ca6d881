"""How a member's harvests stand, in sentences a librarian understands: on the page, in the API, at a terminal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from harvester.runs import RunOutcome
from harvester.standing import WAITS_FOR_A_PERSON, Standing
from mappings.library import Library
from search_api import schemas
from search_api.availability.history import Past
from search_api.past_view import past_body
from search_api.texts import STAFF_LANGUAGES, Texts, texts

Moment = Callable[[datetime], str]
WAITING_NAMED = 3
"""Files behind a refused one that a sentence names."""
REUSED_NAMED = 3
"""Identifiers given to other records that a sentence names."""
CAUSES_TOLD = {"request_refused", "circles"}
"""Kinds of failure that have words of their own though they may pass."""


@dataclass(frozen=True, slots=True)
class StandingView:
    """Sentences; "" and none where there is nothing to say."""

    headline: str  # how old the last proven harvest is, and whether that is well
    troubles: tuple[str, ...]  # the last run, if it came to nothing proven; what waits for a decision
    notes: tuple[str, ...]  # what can wait
    came: str
    next: str

    @property
    def whole(self) -> str:
        return " ".join(filter(None, (self.headline, *self.troubles, *self.notes, self.came, self.next)))


def standing_view(standing: Standing, t: Texts, now: datetime, zone: ZoneInfo) -> StandingView:
    """One member's standing in an interface language; times are by the clock of ``zone``, the library's own."""

    def moment(at: datetime) -> str:
        return t.moment(at, zone)

    return StandingView(
        headline=_headline(standing, t, moment),
        troubles=tuple(_troubles(standing, t, moment)),
        notes=tuple(_notes(standing, t, moment)),
        came=_came(standing.came, t),
        next=_next(standing, t, now, moment),
    )


def standing_body(library: Library, standing: Standing, past: Past, now: datetime) -> schemas.StandingBody:
    """One member's standing for programs, and in words for people."""
    state, zone = standing.state, library.schedule.zone
    return schemas.StandingBody(
        code=library.code,
        name=dict(library.name),
        freshness=standing.freshness,
        in_words={language: standing_view(standing, texts(language), now, zone).whole for language in STAFF_LANGUAGES},
        records=state.records,
        deleted=state.deleted,
        copies_of=state.copies,
        quarantined=state.quarantined,
        quarantined_because=tuple(schemas.RefusalBody(reason=why, records=times) for why, times in standing.reasons),
        last_complete_at=state.last_complete_at,
        late_at=standing.late_at,
        next_harvest_at=standing.next_at,
        under_way=standing.under_way,
        unproven_runs=standing.unproven,
        last_run=None if state.last_run is None else schemas.RunBody.model_validate(state.last_run),
        held=tuple(schemas.HoldBody.model_validate(hold) for hold in standing.holds),
        refused_files=tuple(schemas.RefusedFileBody.model_validate(file) for file in standing.refused),
        reused=len(standing.reused),
        proposals=standing.proposals,
        collecting=standing.collecting,
        live_past=past_body(past, library.availability),
    )


def _headline(standing: Standing, t: Texts, moment: Moment) -> str:
    last, proven = standing.state.last_run, standing.state.last_complete_at
    if last is not None and last.cause in WAITS_FOR_A_PERSON:
        return t(f"standing.{last.cause}", why=last.error)
    if standing.freshness == "never" or standing.tried_since is None:
        return t("standing.never")
    if proven is None:
        never = f"{standing.freshness}_never" if standing.freshness in ("late", "alarm") else "unproven"
        return t(f"standing.{never}", moment=moment(standing.tried_since))
    expected = moment(standing.late_at) if standing.late_at is not None else ""
    key: str = standing.freshness
    if key == "fresh" and (standing.refused or (last is not None and last.status != "complete" and not last.held)):
        key = "proven"  # recent, and yet nobody should read that all is well first
    return t(f"standing.{key}", moment=moment(proven), expected=expected)


def _troubles(standing: Standing, t: Texts, moment: Moment) -> list[str]:
    found = []
    last = standing.state.last_run
    if last is not None:
        found += _of_run(last, t, moment)
    for hold in standing.holds:
        code = standing.state.library
        found.append(t("standing.held", n=hold.records, live=hold.live, code=code, why=hold.reason))
    for file in standing.refused:
        code = standing.state.library
        found.append(t("standing.refused_file", name=file.name, why=file.reason, code=code))
        if file.waiting:
            such = t("standing.between").join(file.waiting[:WAITING_NAMED])
            found.append(t("standing.waiting_files", n=len(file.waiting), such=such))
    return found


def _notes(standing: Standing, t: Texts, moment: Moment) -> list[str]:
    found = []
    proven, confirmed = standing.state.last_complete_at, standing.state.confirmed_at
    if proven is not None and confirmed is not None and confirmed > proven:
        found.append(t("standing.no_news", moment=moment(confirmed)))
    if standing.state.quarantined:
        reasons = t("standing.between").join(
            t("standing.reason", why=why, times=times) for why, times in standing.reasons
        )
        found.append(t("standing.quarantined", n=standing.state.quarantined, reasons=reasons))
    if standing.state.copies:
        found.append(t("standing.copies", n=standing.state.copies))
    if standing.reused:
        such = t("standing.between").join(standing.reused[:REUSED_NAMED])
        found.append(t("standing.reused", n=len(standing.reused), such=such, code=standing.state.library))
    if standing.collecting:
        found.append(t("standing.collecting"))
    found += [t("standing.proposal", what=what) for what in standing.proposals]
    return found


def _of_run(last: RunOutcome, t: Texts, moment: Moment) -> list[str]:
    found = []
    if last.status != "complete" and last.cause not in WAITS_FOR_A_PERSON and not last.held:
        of_cause = last.status == "failed" and last.cause in CAUSES_TOLD
        found.append(t(f"standing.{last.cause if of_cause else last.status}", why=last.error))
    if last.come_back_at is not None:
        found.append(t("standing.come_back", moment=moment(last.come_back_at)))
    return found


def _came(came: RunOutcome | None, t: Texts) -> str:
    if came is None or (came.status != "complete" and not came.seen):
        return ""
    return t("standing.came", new=came.new, changed=came.changed, deleted=came.left)


def _next(standing: Standing, t: Texts, now: datetime, moment: Moment) -> str:
    if standing.under_way:
        return t("standing.under_way")
    if standing.next_at is None:
        return t("standing.by_hand")
    return t("standing.next_now") if standing.next_at <= now else t("standing.next", moment=moment(standing.next_at))

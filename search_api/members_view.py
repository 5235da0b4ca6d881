"""The member libraries as home and members page show them: last harvest, counts, and how their live status answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from harvester.store import LibraryState
from mappings.library import Library
from search_api.availability.health import Health
from search_api.labels import Labels
from search_api.live_view import Badge
from search_api.services import Services
from search_api.texts import Texts


@dataclass(frozen=True, slots=True)
class MemberLine:
    name: str
    homepage: str
    badge: Badge


@dataclass(frozen=True, slots=True)
class MemberRegion:
    name: str
    members: tuple[MemberLine, ...]


@dataclass(frozen=True, slots=True)
class MemberRow:
    name: str
    homepage: str
    region: str
    harvest: str
    records: int
    new: int
    changed: int
    deleted: int
    quarantined: int
    badge: Badge
    answered: str
    why: str  # what is wrong, in words; "" when nothing is
    complete: bool


def member_regions(services: Services, t: Texts, labels: Labels) -> tuple[MemberRegion, ...]:
    """The members by region, each with the state of its live status."""
    health = services.checker.health()
    codes = labels.in_order(services.libraries)
    return tuple(
        MemberRegion(
            name=labels.region(region),
            members=tuple(
                MemberLine(labels.library(code), services.libraries[code].homepage, _live_badge(health[code], t))
                for code in codes
                if labels.region_of(code) == region
            ),
        )
        for region in labels.regions_in_order(labels.region_of(code) for code in codes)
    )


def member_rows(services: Services, t: Texts, labels: Labels) -> tuple[MemberRow, ...]:
    """The members as a table, those in trouble first."""
    states: Mapping[str, LibraryState] = services.store.library_states(services.libraries)
    health = services.checker.health()
    rows = [
        _row(services.libraries[code], states[code], health[code], t, labels)
        for code in labels.in_order(services.libraries)
    ]
    return tuple(sorted(rows, key=lambda row: not row.why))


def _row(library: Library, state: LibraryState, health: Health, t: Texts, labels: Labels) -> MemberRow:
    run = state.last_run
    troubles = []
    if run and run.error:
        troubles.append(t("members.because_harvest", why=run.error))
    if health.failing_since is not None:
        troubles.append(t("members.because_live", time=t.time(health.failing_since), why=health.last_failure))
    return MemberRow(
        name=labels.library(library.code),
        homepage=library.homepage,
        region=labels.region(library.region),
        harvest=f"{t.moment(run.started_at)} {t(f'members.{run.status}')}" if run else t("members.never"),
        records=state.records,
        new=run.new if run else 0,
        changed=run.changed if run else 0,
        deleted=run.deleted if run else 0,
        quarantined=state.quarantined,
        badge=_live_badge(health, t),
        answered=t("members.answered", answered=health.answered, asked=health.asked) if health.asked else "",
        why=" ".join(troubles),
        complete=run is not None and run.status == "complete",
    )


def _live_badge(health: Health, t: Texts) -> Badge:
    if health.protocol == "none":
        return Badge("no_service", t("members.live_none"))
    if health.failing_since is not None:
        return Badge("unknown", t("members.live_down"))
    if health.answered:
        return Badge("available", t("members.live_ok"))
    return Badge("asking", t("members.live_unasked"))

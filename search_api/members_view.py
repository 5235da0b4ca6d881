"""The member libraries as home and members page show them: last harvest, counts, and how their live status answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from harvester.standing import Standing
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
    """A member as patrons see it; what is wrong with it is for staff (``search_api.members``)."""

    name: str
    homepage: str
    region: str
    harvest: str  # when the last one was, and what came of it
    records: int
    badge: Badge
    answered: str
    complete: bool  # of an age that was to be expected, and nothing waits for a person


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


def member_rows(
    services: Services, standings: Mapping[str, Standing], t: Texts, labels: Labels
) -> tuple[MemberRow, ...]:
    """The members as a table, by region."""
    health = services.checker.health()
    return tuple(
        _row(services.libraries[code], standings[code], health[code], t, labels)
        for code in labels.in_order(services.libraries)
    )


def _row(library: Library, standing: Standing, health: Health, t: Texts, labels: Labels) -> MemberRow:
    zone, came = library.schedule.zone, standing.came
    return MemberRow(
        name=labels.library(library.code),
        homepage=library.homepage,
        region=labels.region(library.region),
        harvest=f"{t.moment(came.started_at, zone)} {t(f'members.{came.status}')}" if came else t("members.never"),
        records=standing.state.records,
        badge=_live_badge(health, t),
        answered=t("members.answered", answered=health.answered, asked=health.asked) if health.asked else "",
        complete=_is_complete(standing),
    )


def _is_complete(standing: Standing) -> bool:
    """Whether all there is has come, as far as can be known, and nothing of it waits for anybody."""
    last = standing.state.last_run
    proven = standing.freshness == "fresh" and standing.state.last_complete_at is not None
    ended_well = last is None or last.status == "complete"
    return proven and ended_well and not standing.holds and not standing.refused


def _live_badge(health: Health, t: Texts) -> Badge:
    if health.protocol == "none":
        return Badge("no_service", t("members.live_none"))
    if health.failing_since is not None:
        return Badge("unknown", t("members.live_down"))
    if health.answered:
        return Badge("available", t("members.live_ok"))
    return Badge("asking", t("members.live_unasked"))

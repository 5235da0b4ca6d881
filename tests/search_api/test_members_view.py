"""The members as pages show them: harvest, counts, live status, and trouble first."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from harvester.ledger import RefusedFile
from harvester.removal import Hold
from harvester.standing import Standing
from harvester.store import LibraryState, RunOutcome
from mappings.availability import Availability
from search_api.availability.health import Health
from search_api.availability.history import Day, Past
from search_api.labels import Labels
from search_api.members_view import MemberRow, member_regions, member_rows
from search_api.past_view import past_in_words
from search_api.services import Services
from search_api.texts import texts

SINCE = datetime(2026, 11, 21, 0, 40, tzinfo=UTC)


def run(library: str, **values: Any) -> RunOutcome:
    outcome = RunOutcome(
        library=library, kind="full", status="complete", started_at=SINCE, seconds=1.0,
        seen=10, new=7, changed=1, unchanged=0, deleted=2, unreadable=0, left=2,
    )  # fmt: skip
    return replace(outcome, **values)


def standing(code: str, last: RunOutcome | None = None, **values: Any) -> Standing:
    proven = SINCE if last is not None and last.status == "complete" else None
    found = Standing(
        state=LibraryState(code, 1234, 2, 3, 0, last, proven), came=last, freshness="fresh" if last else "never",
        tried_since=SINCE if last else None, late_at=SINCE, next_at=SINCE, under_way=False, unproven=0, holds=(),
        refused=(), reasons=(("it has no title", 3),), reused=(), proposals=(), collecting=False,
    )  # fmt: skip
    return replace(found, **values)


class Checker:
    """The health of the members' live status, as a test says."""

    def __init__(self, **health: Health) -> None:
        self._health = health

    def health(self) -> dict[str, Health]:
        asked = {code: Health(code, "daia") for code in ("alpha", "beta", "delta")}
        return {**asked, "gamma": Health("gamma", "none"), **self._health}


def rows(services: Services, standings: list[Standing], checker: Checker, language: str = "en") -> dict[str, MemberRow]:
    given = replace(services, checker=checker)  # type: ignore[arg-type]
    by_code = {code: standing(code) for code in services.libraries} | {one.state.library: one for one in standings}
    found = member_rows(given, by_code, texts(language), Labels(services.libraries, language))
    return {row.name: row for row in found}


async def test_a_row_tells_the_last_harvest_and_how_many_records_there_are(services: Services) -> None:
    row = rows(services, [standing("alpha", run("alpha"))], Checker())["Alpha Library"]
    assert row.harvest.startswith("21 Nov 2026, ")
    assert row.harvest.endswith(" complete")
    assert (row.records, row.region, row.complete) == (1234, "Northern Taiwan", True)


async def test_a_member_never_harvested_says_so(services: Services) -> None:
    row = rows(services, [], Checker(), "zh-Hant")["甲圖書館"]
    assert (row.harvest, row.complete) == ("尚未擷取", False)


HELD = Hold(1, "alpha", 2, "absent", 900, 1234, "the list lacks 900", SINCE)
REFUSED = RefusedFile("may.mrc", "it breaks off")
NOT_COMPLETE = [
    ({}, "complete", True),
    ({"holds": (HELD,)}, "complete", False),
    ({"refused": (REFUSED,)}, "complete", False),
    ({}, "unverified", False),
    ({"freshness": "late"}, "complete", False),
]


@pytest.mark.parametrize(("more", "status", "complete"), NOT_COMPLETE)
async def test_a_member_of_which_something_waits_is_not_counted_as_harvested(
    services: Services, more: dict[str, Any], status: Any, complete: bool
) -> None:
    last = run("alpha", status=status)
    state = LibraryState("alpha", 1234, 2, 3, 0, last, SINCE, SINCE)
    found = rows(services, [standing("alpha", last, state=state, **({"freshness": "fresh"} | more))], Checker())
    assert found["Alpha Library"].complete == complete


HEALTH = [
    (Health("alpha", "daia"), "asking", "Not asked yet", ""),
    (Health("alpha", "daia", asked=3, answered=3), "available", "Answers", "3 of 3 answered"),
    (Health("alpha", "daia", asked=3, answered=2, failed=1), "available", "Answers", "2 of 3 answered"),
    (Health("alpha", "daia", asked=2, failed=2, last_failure="no answer within 1.5 s", failing_since=SINCE),
     "unknown", "Could not ask", "0 of 2 answered"),
    (Health("alpha", "none"), "no_service", "None", ""),
]  # fmt: skip


@pytest.mark.parametrize(("health", "shape", "words", "answered"), HEALTH)
async def test_live_status_has_a_badge(
    *, services: Services, health: Health, shape: str, words: str, answered: str
) -> None:
    row = rows(services, [], Checker(alpha=health))["Alpha Library"]
    assert (row.badge.shape, row.badge.words, row.answered) == (shape, words, answered)


async def test_members_stand_by_region(services: Services) -> None:
    given = replace(services, checker=Checker())  # type: ignore[arg-type]
    found = member_regions(given, texts("zh-Hant"), Labels(services.libraries, "zh-Hant"))
    assert [(region.name, [member.name for member in region.members]) for region in found] == [
        ("北區", ["甲圖書館", "丁圖書館"]),
        ("南區", ["乙圖書館"]),
        ("東區", ["丙圖書館"]),
    ]


def test_what_is_kept_of_a_live_status_is_told_in_sentences() -> None:
    asked = Day(SINCE.date(), "patrons", answered=9, failed=1, compared=40, only_live=2, steps={13: 8, 25: 1})
    looks = Day(SINCE.date(), "monitor", failed=3, last_failure_at=SINCE, last_failure="no answer within 1.5 s")
    past = Past((asked, looks), {"新書展示": 4})
    service = Availability(protocol="daia", url="https://alpha.example/daia")
    assert " ".join(past_in_words(past, service, texts("en"))) == (
        "Live status: 9 of 10 questions answered in 7 days, half of them within 0.095 s, 19 of 20 within 0.76 s."
        " Monitor: none of 3 looks answered in 7 days (no answer within 1.5 s)."
        " Of 40 copies compared 2 are not in the catalogue and 0 not in its system."
        " 1 status word is not known (新書展示 (4)): say in its file what it means (availability.words)."
    )

"""How a member's harvests stand, in sentences of both languages."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from harvester.ledger import RefusedFile
from harvester.removal import Hold
from harvester.runs import LibraryState, RunOutcome
from harvester.standing import WAITS_FOR_A_PERSON, Standing
from mappings.library import Library
from search_api.availability.history import Past
from search_api.standing_view import standing_body, standing_view
from search_api.texts import STAFF_LANGUAGES, texts

T = datetime(2026, 11, 21, 2, tzinfo=UTC)
LATER = T + timedelta(hours=5)
TAIPEI = ZoneInfo("Asia/Taipei")
AT, AFTER = "21 Nov 2026, 10:00 (Asia/Taipei)", "21 Nov 2026, 15:00 (Asia/Taipei)"
RUN = RunOutcome("lib", "incremental", "complete", T, 1.0, seen=10, new=7, changed=1, deleted=2, vanished=3, left=5)


def standing(last: RunOutcome | None = RUN, *, proven: datetime | None = T, **values: Any) -> Standing:
    found = Standing(
        state=LibraryState("lib", 1234, 0, 0, 0, last, proven, proven), came=last, freshness="fresh", tried_since=T,
        late_at=LATER, next_at=LATER, under_way=False, unproven=0, holds=(), refused=(), reasons=(), reused=(),
        proposals=(), collecting=False,
    )  # fmt: skip
    return replace(found, **values)


def failed(**values: Any) -> RunOutcome:
    return replace(RUN, status="failed", seen=0, new=0, changed=0, deleted=0, vanished=0, left=0, **values)


BROKEN = RefusedFile("may-03.mrc", "the file ends in the middle of this record", ("may-04.mrc", "may-05.mrc"))
HELD = Hold(1, "lib", 2, "absent", 900, 1234, "the list lacks 900", T)
NEXT = f"Next harvest: {AFTER}."

WORDS = [
    (standing(), f"Up to date: the last proven harvest was on {AT}. New 7, changed 1, deleted 5. {NEXT}"),
    (standing(None, proven=None, freshness="never", tried_since=None, next_at=T),
     "Not harvested yet. Next harvest: now."),
    (standing(freshness="late", came=None),
     f"Late: the last proven harvest was on {AT}; one was expected by {AFTER}. {NEXT}"),
    (standing(freshness="alarm", came=None), f"Alarm: no proven harvest since {AT}. Somebody should look. {NEXT}"),
    (standing(failed(error="500"), freshness="late", proven=None),
     (f"Late: no harvest has been proven complete since the first attempt on {AT}."
     f" The last harvest failed and will be tried again. (500) {NEXT}")),
    (standing(failed(error="500"), freshness="alarm", proven=None),
     (f"Alarm: no harvest has ever been proven complete; the first attempt was on {AT}."
     f" The last harvest failed and will be tried again. (500) {NEXT}")),
    (standing(failed(error="500"), proven=None, next_at=T, freshness="unproven"),
     (f"Not proven: no harvest has been complete since the first attempt on {AT}."
     " The last harvest failed and will be tried again. (500) Next harvest: now.")),
    (standing(refused=(BROKEN,)),
     (f"The last proven harvest was on {AT}; none since. The file may-03.mrc cannot be read (the file ends in the"
     " middle of this record). Have it sent again, or let harvests pass it over: allshelves skip lib may-03.mrc."
     f" 2 files wait behind it (may-04.mrc; may-05.mrc). New 7, changed 1, deleted 5. {NEXT}")),
    (standing(failed(error="401", cause="not_let_in"), freshness="alarm"),
     f"Alarm: its server does not let us in. Ask the library. (401) {NEXT}"),
    (standing(failed(error="400", cause="request_refused")),
     (f"The last proven harvest was on {AT}; none since. The last harvest failed: its server does not take what it is"
      " asked. It will be tried again; if that goes on, its address or settings here are wrong, or its server is. (400)"
      f" {NEXT}")),
    (standing(failed(error="x leads to x", cause="circles")),
     (f"The last proven harvest was on {AT}; none since. The last harvest failed: its address leads in circles. It will"
      f" be tried again; if that goes on, ask the library for the right one. (x leads to x) {NEXT}")),
    (standing(failed(error="503", come_back_at=LATER)),
     (f"The last proven harvest was on {AT}; none since. The last harvest failed and will be tried again. (503)"
     f" Its server asked to be left alone until {AFTER}. {NEXT}")),
    (standing(replace(RUN, status="unverified", held=900), holds=(HELD,), came=None),
     (f"Up to date: the last proven harvest was on {AT}. 900 of 1,234 records would leave; they stay until somebody"
     f" decides: allshelves accept lib. (the list lacks 900) {NEXT}")),
    (standing(came=None, under_way=True, next_at=None, collecting=True, proposals=("set harvest.url to x",)),
     (f"Up to date: the last proven harvest was on {AT}. Its records have come under new names; they replace the old"
     " ones once all are here. To do: set harvest.url to x. A harvest is under way.")),
    (standing(state=LibraryState("lib", 1234, 0, 0, 0, RUN, T, LATER), came=None),
     (f"Up to date: the last proven harvest was on {AT}. Nothing new has come since; it was last looked for on {AFTER}."
      f" {NEXT}")),
    (standing(state=LibraryState("lib", 1234, 0, 0, 0, RUN, T, T), came=None),
     f"Up to date: the last proven harvest was on {AT}. {NEXT}"),
    (standing(came=None, reused=("a", "b", "c", "d")),
     (f"Up to date: the last proven harvest was on {AT}. 4 identifiers were given to quite another record (a; b; c)."
     f" What they were before: allshelves show lib ID --former. {NEXT}")),
    (standing(came=None, next_at=None),
     f"Up to date: the last proven harvest was on {AT}. It is harvested only by hand."),
]  # fmt: skip


@pytest.mark.parametrize(("given", "words"), WORDS)
def test_a_standing_in_english(given: Standing, words: str) -> None:
    assert standing_view(given, texts("en"), T, TAIPEI).whole == words


@pytest.mark.parametrize("given", [given for given, _ in WORDS])
def test_a_standing_in_chinese_says_as_much(given: Standing) -> None:
    english, chinese = (standing_view(given, texts(language), T, TAIPEI) for language in ("en", "zh-Hant"))
    assert (len(chinese.troubles), len(chinese.notes)) == (len(english.troubles), len(english.notes))
    assert bool(chinese.headline) == bool(english.headline)
    assert "。" in chinese.whole


@pytest.mark.parametrize("cause", sorted(WAITS_FOR_A_PERSON))
def test_what_only_a_person_can_mend_has_words_in_every_language(cause: Any) -> None:
    given = standing(failed(cause=cause, error="because"), freshness="alarm")
    for language in STAFF_LANGUAGES:
        assert "because" in standing_view(given, texts(language), T, TAIPEI).headline


def test_programs_get_the_same_with_its_words(library: Library) -> None:
    body = standing_body(library, standing(holds=(HELD,), reasons=(("no title", 2),)), Past(), T)
    assert (body.code, body.freshness, body.held[0].records) == ("lib", "fresh", 900)
    assert body.quarantined_because[0].records == 2
    assert body.in_words.keys() == set(STAFF_LANGUAGES)


@pytest.fixture
def library() -> Library:
    harvest = {"protocol": "oai-pmh", "url": "http://x.example"}
    return Library.model_validate(
        {"code": "lib", "name": {"en": "Lib"}, "region": "north", "kind": "city", "harvest": harvest}
    )

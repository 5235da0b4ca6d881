"""Answers kept in memory, for a moment as live and for longer as what was last known."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from search_api.availability.kept import KeptAnswers
from search_api.availability.status import AnswerState, RecordAnswer

START = datetime(2026, 9, 1, tzinfo=UTC)
ANSWER = RecordAnswer("1", AnswerState.OK)


def test_an_answer_is_live_for_a_moment_and_known_for_longer() -> None:
    kept = KeptAnswers(fresh_seconds=45, keep_seconds=3600)
    kept.put(("lib", "1"), ANSWER, START)
    for seconds, fresh, last in [(0, True, True), (44, True, True), (45, False, True), (3600, False, False)]:
        now = START + timedelta(seconds=seconds)
        assert (kept.fresh(("lib", "1"), now) is not None) is fresh, seconds
        assert (kept.last(("lib", "1"), now) is not None) is last, seconds


def test_an_answer_says_when_it_was_given() -> None:
    kept = KeptAnswers(45, 3600)
    kept.put(("lib", "1"), ANSWER, START)
    found = kept.last(("lib", "1"), START + timedelta(minutes=5))
    assert found is not None
    assert (found.answer, found.as_of) == (ANSWER, START)


def test_another_library_s_record_of_the_same_number_is_another_record() -> None:
    kept = KeptAnswers(45, 3600)
    kept.put(("lib", "1"), ANSWER, START)
    assert kept.fresh(("other", "1"), START) is None


def test_the_oldest_answers_make_room() -> None:
    kept = KeptAnswers(45, 3600, capacity=2)
    for number in ("1", "2", "1", "3"):
        kept.put(("lib", number), ANSWER, START)
    assert kept.fresh(("lib", "2"), START) is None
    assert kept.fresh(("lib", "1"), START) is not None

"""What is remembered of a library's live status."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from search_api.availability.health import MAX_UNKNOWN_WORDS, Record

START = datetime(2026, 9, 1, tzinfo=UTC)


def test_failing_began_with_the_first_failure_after_an_answer() -> None:
    record = Record("lib", "daia")
    for minute in range(3):
        record.note_failure(START + timedelta(minutes=minute), "answered HTTP 500", of_system=True)
    assert record.health(None).failing_since == START
    record.note_answer(START + timedelta(minutes=5), 0.25, ())
    health = record.health(None)
    assert health.failing_since is None
    assert (health.asked, health.answered, health.failed) == (4, 1, 3)
    assert (health.last_failure, health.last_elapsed_seconds) == ("answered HTTP 500", 0.25)


def test_a_refused_question_is_a_failure_but_no_sign_of_a_broken_system() -> None:
    record = Record("lib", "daia")
    record.note_failure(START, "refused the question (HTTP 422)", of_system=False)
    assert (record.health(None).failed, record.health(None).failing_since) == (1, None)


def test_a_system_that_invents_words_does_not_fill_the_memory() -> None:
    record = Record("lib", "daia")
    record.note_answer(START, 0.1, tuple(f"word {n}" for n in range(10_000)))
    record.note_answer(START, 0.1, ("word 0", "one more"))
    words = record.health(None).unknown_words
    assert len(words) == MAX_UNKNOWN_WORDS
    assert words["word 0"] == 2

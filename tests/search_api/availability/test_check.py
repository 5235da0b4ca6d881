"""Asking the libraries side by side: nobody waits for a slow one, nobody is spoilt by a broken one."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web

from indexer.record import Holding
from mappings.availability import Rest
from mappings.library import Library
from search_api.availability.check import AvailabilityChecker
from search_api.availability.connectors import CONNECTORS, Connector, each_time
from search_api.availability.http import ConnectorTimedOut, ImpatientHttp
from search_api.availability.lateness import BEAT_SECONDS, TOO_LATE_SECONDS
from search_api.availability.status import (
    Answer,
    AnswerState,
    AskedRecord,
    ItemState,
    ItemStatus,
    RecordAnswer,
    Reply,
    Standing,
    summarise,
    tally,
)
from search_api.availability.system import System
from tests.support.status import (
    LENT,
    ON_SHELF,
    Handler,
    Served,
    answering,
    daia,
    edition,
    library,
    never,
    one_after_another,
    serving,
)

START = datetime(2026, 9, 1, 10, tzinfo=UTC)
REST = Rest()


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@asynccontextmanager
async def checking(
    *libraries: Library,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    deadline_seconds: float = 10,
    connectors: Mapping[str, Callable[[System], Connector]] = CONNECTORS,
) -> AsyncIterator[AvailabilityChecker]:
    http = ImpatientHttp()
    checker = AvailabilityChecker(
        {one.code: one for one in libraries},
        http,
        deadline_seconds=deadline_seconds,
        cache_seconds=45,
        keep_seconds=3600,
        connectors=connectors,
        now=now,
    )
    try:
        yield checker
    finally:
        await checker.close()
        await http.close()


def held_back(handler: Handler) -> tuple[Handler, asyncio.Event]:
    """The handler, answering only once the event is set."""
    go = asyncio.Event()

    async def answer(request: web.Request) -> web.StreamResponse:
        await go.wait()
        return await handler(request)

    return answer, go


def patient(code: str, server: Served, **service: object) -> Library:
    """A library whose system may take its time."""
    return library(code, server.url, availability={"timeout_seconds": 20, **service})


SHELF = daia({"1": [ON_SHELF]})
EDITION = edition("e1", {"lib": "1"})


async def one(checker: AvailabilityChecker, *, deadline_seconds: float | None = None) -> Answer:
    (answer,) = await checker.answers([EDITION], deadline_seconds=deadline_seconds)
    return answer


async def test_each_library_answers_for_itself() -> None:
    held = edition("e1", {"broken": "1", "good": "1", "mute": "1", "silent": "1"})
    async with serving(SHELF) as good, serving(answering("", status=500)) as broken, serving(never) as silent:
        members = (
            library("good", good.url),
            library("broken", broken.url),
            library("silent", silent.url, availability={"timeout_seconds": 0.05}),
            library("mute", protocol="none"),
        )
        async with checking(*members) as checker:
            answers = await checker.answers([held])
    assert [(a.library, a.state, tally(a).standing) for a in answers] == [
        ("broken", AnswerState.ERROR, Standing.UNANSWERED),
        ("good", AnswerState.OK, Standing.AVAILABLE),
        ("mute", AnswerState.UNSUPPORTED, Standing.NO_LIVE_STATUS),
        ("silent", AnswerState.TIMEOUT, Standing.UNANSWERED),
    ]
    assert [a.as_of is not None for a in answers] == [False, True, False, False]
    summary = summarise(answers)
    assert (summary.holders, summary.available, summary.unanswered) == (4, 1, 2)


async def test_answers_come_as_they_come_and_not_in_any_order() -> None:
    held = edition("e1", {"fast": "1", "slow": "1", "early": "1"})
    slow, go = held_back(SHELF)
    async with serving(slow) as one_server, serving(SHELF) as other:
        members = (patient("slow", one_server), patient("fast", other), library("early", protocol="none"))
        async with checking(*members) as checker:
            stream = checker.stream([held])
            assert [(await anext(stream)).library, (await anext(stream)).library] == ["early", "fast"]
            go.set()
            assert (await anext(stream)).library == "slow"
            with pytest.raises(StopAsyncIteration):
                await anext(stream)


async def test_what_is_not_there_at_the_deadline_is_unknown_and_kept_for_the_next_reader() -> None:
    slow, go = held_back(SHELF)
    async with serving(slow) as server, checking(patient("lib", server)) as checker:
        answer = await one(checker, deadline_seconds=0.05)
        assert (answer.state, answer.pending, answer.items) == (AnswerState.TIMEOUT, True, ())
        go.set()
        later = await one(checker)
        assert (later.state, later.pending) == (AnswerState.OK, False)
        assert len(server.queries) == 1, "the question that was under way was joined"


async def test_a_dead_line_of_nothing_gives_what_is_known() -> None:
    async with serving(SHELF) as server, checking(patient("lib", server)) as checker:
        assert (await one(checker, deadline_seconds=0)).pending
        await one(checker)
        assert (await one(checker, deadline_seconds=0)).state is AnswerState.OK


async def test_many_readers_are_one_question() -> None:
    slow, go = held_back(SHELF)
    async with serving(slow) as server, checking(patient("lib", server)) as checker:
        readers = [asyncio.create_task(checker.answers([EDITION])) for _ in range(100)]
        await asyncio.sleep(0)
        go.set()
        states = {answers[0].state for answers in await asyncio.gather(*readers)}
    assert states == {AnswerState.OK}
    assert len(server.queries) == 1


async def test_an_answer_is_live_for_a_moment_and_then_asked_again() -> None:
    clock = Clock()
    handler = one_after_another(SHELF, daia({"1": [LENT]}))
    async with serving(handler) as server, checking(patient("lib", server), now=clock) as checker:
        first = await one(checker)
        clock.advance(44)
        again = await one(checker)
        clock.advance(2)
        third = await one(checker)
    assert len(server.queries) == 2
    assert (first.as_of, again.as_of, third.as_of) == (START, START, START + timedelta(seconds=46))
    assert [i.items[0].state for i in (first, again, third)] == [
        ItemState.AVAILABLE,
        ItemState.AVAILABLE,
        ItemState.ON_LOAN,
    ]


async def test_when_a_system_fails_the_last_answer_is_shown_with_its_time() -> None:
    clock = Clock()
    handler = one_after_another(SHELF, answering("", status=503))
    async with serving(handler) as server, checking(patient("lib", server), now=clock) as checker:
        await one(checker)
        clock.advance(600)
        kept = await one(checker)
        clock.advance(3600)
        gone = await one(checker)
    assert (kept.state, kept.as_of, len(kept.items)) == (AnswerState.STALE, START, 1)
    assert kept.failing_since == START + timedelta(seconds=600)
    assert kept.message == "answered HTTP 503"
    assert tally(kept).standing is Standing.KEPT, "not counted as available now"
    assert (gone.state, gone.as_of, gone.items) == (AnswerState.ERROR, None, ())


async def test_that_a_record_was_not_found_is_no_answer_to_keep_for_a_day() -> None:
    clock = Clock()
    handler = one_after_another(daia({}), answering("", status=503))
    async with serving(handler) as server, checking(patient("lib", server), now=clock) as checker:
        assert (await one(checker)).state is AnswerState.NOT_FOUND
        clock.advance(600)
        assert (await one(checker)).state is AnswerState.ERROR


async def test_a_failure_is_not_kept() -> None:
    handler = one_after_another(answering("", status=503), SHELF)
    async with serving(handler) as server, checking(patient("lib", server)) as checker:
        assert (await one(checker)).state is AnswerState.ERROR
        assert (await one(checker)).state is AnswerState.OK


async def test_a_dead_system_costs_nothing_and_is_noticed_when_it_is_back() -> None:
    clock = Clock()
    failing = [answering("", status=500)] * REST.after_failures
    handler = one_after_another(*failing, SHELF)
    async with serving(handler) as server, checking(patient("lib", server), now=clock) as checker:
        for _ in range(REST.after_failures + 5):
            answer = await one(checker)
            assert answer.state is AnswerState.ERROR
        assert len(server.queries) == REST.after_failures
        assert answer.message == "not asked, it keeps failing: answered HTTP 500"
        assert answer.failing_since == START
        health = checker.health()["lib"]
        assert (health.asked, health.answered, health.failed) == (REST.after_failures, 0, REST.after_failures)
        assert health.resting_until == START + timedelta(seconds=REST.first_seconds)
        clock.advance(REST.first_seconds)
        assert (await one(checker)).state is AnswerState.OK
        assert checker.health()["lib"].failing_since is None


async def test_a_refused_question_does_not_close_the_library_for_others() -> None:
    async with serving(answering("", status=422)) as server, checking(patient("lib", server)) as checker:
        for _ in range(REST.after_failures + 2):
            assert (await one(checker)).message == "refused the question (HTTP 422)"
        assert len(server.queries) == REST.after_failures + 2
        health = checker.health()["lib"]
        assert (health.failed, health.failing_since, health.resting_until) == (REST.after_failures + 2, None, None)


async def test_records_of_several_editions_are_asked_in_batches() -> None:
    editions = [edition(f"e{n}", {"lib": str(n)}) for n in range(7)]
    handler = daia({str(n): [ON_SHELF] for n in range(7)})
    async with serving(handler) as server, checking(patient("lib", server, batch_size=3)) as checker:
        answers = await checker.answers(editions)
    assert [(a.edition, a.state) for a in answers] == [(f"e{n}", AnswerState.OK) for n in range(7)]
    assert sorted(query["id"] for query in server.queries) == ["0|1|2", "3|4|5", "6"]


async def test_a_library_with_two_records_of_an_edition_answers_once_for_both() -> None:
    held = edition("e1", {"lib": [Holding("lib", "r1", "1"), Holding("lib", "r2", "2"), Holding("lib", "r3", "3")]})
    async with serving(daia({"1": [ON_SHELF], "2": [LENT]})) as server, checking(patient("lib", server)) as checker:
        (answer,) = await checker.answers([held])
    assert (answer.state, answer.local_ids) == (AnswerState.OK, ("1", "2", "3"))
    assert [item.local_id for item in answer.items] == ["1", "2"]


async def test_only_what_is_not_known_is_asked() -> None:
    async with serving(daia({"1": [ON_SHELF], "2": [LENT]})) as server, checking(patient("lib", server)) as checker:
        await one(checker)
        await checker.answers([EDITION, edition("e2", {"lib": "2"})])
    assert [query["id"] for query in server.queries] == ["1", "2"]


async def test_what_is_read_on_line_is_never_asked() -> None:
    held = edition("e1", {"lib": [Holding("lib", "r1", "1", url="https://e.example/1")]})
    async with serving(SHELF) as server, checking(patient("lib", server)) as checker:
        (answer,) = await checker.answers([held])
    assert server.queries == []
    assert (answer.state, answer.items[0].state, tally(answer).standing) == (
        AnswerState.OK,
        ItemState.ONLINE,
        Standing.ONLINE,
    )


async def test_a_holder_that_is_no_member_any_more_has_no_live_status() -> None:
    async with checking() as checker:
        assert (await one(checker)).state is AnswerState.UNSUPPORTED


async def test_an_edition_nobody_holds_has_no_answers() -> None:
    async with checking() as checker:
        assert await checker.answers([edition("e1", {})]) == ()


async def test_a_fault_of_a_connector_is_one_library_s_failure(caplog: pytest.LogCaptureFixture) -> None:
    async def faulty(system: System, records: Sequence[AskedRecord]) -> Reply:
        raise ZeroDivisionError("a fault")

    held = edition("e1", {"bad": "1", "good": "1"})
    async with serving(SHELF) as server:
        members = (patient("good", server), library("bad", protocol="koha-ils-di"))
        with caplog.at_level(logging.ERROR):
            async with checking(*members, connectors={**CONNECTORS, "koha-ils-di": each_time(faulty)}) as checker:
                answers = await checker.answers([held])
    assert [(a.library, a.state) for a in answers] == [("bad", AnswerState.ERROR), ("good", AnswerState.OK)]
    assert answers[0].message == "the answer made the connector fail"
    assert "ZeroDivisionError" in caplog.text


async def test_a_secret_in_an_answer_reaches_neither_pages_nor_counted_words(monkeypatch: pytest.MonkeyPatch) -> None:
    secret = "k3y-of-the-library"
    monkeypatch.setenv("LIB_KEY", secret)

    async def echoing(system: System, records: Sequence[AskedRecord]) -> Reply:
        item = ItemStatus(
            ItemState.UNKNOWN, barcode="B1", message=f"key {secret}", url=f"https://x.example/?k={secret}"
        )
        return Reply((RecordAnswer("1", AnswerState.PARTIAL, (item,), f"note {secret}"),), (secret,))

    auth = {"kind": "api-key", "key_env": "LIB_KEY", "parameter": "k"}
    member = library("lib", availability={"auth": auth})
    async with checking(member, connectors={**CONNECTORS, "daia": each_time(echoing)}) as checker:
        answer = await one(checker)
        health = checker.health()["lib"]
    assert [(i.message, i.url, i.barcode) for i in answer.items] == [("key …", "", "B1")]
    assert answer.message == "note …"
    assert secret not in repr((answer, health))
    assert "…" in repr(health)


async def test_a_record_a_connector_forgets_is_not_found() -> None:
    async def forgetful(system: System, records: Sequence[AskedRecord]) -> Reply:
        return Reply((RecordAnswer("other", AnswerState.OK),))

    async with checking(library("lib"), connectors={**CONNECTORS, "daia": each_time(forgetful)}) as checker:
        assert (await one(checker)).state is AnswerState.NOT_FOUND


async def test_health_counts_questions_and_words_nobody_knows() -> None:
    odd = {"available": [{"service": "teleportation"}]}
    handler = one_after_another(daia({"1": [odd, odd]}), answering("", status=500))
    clock = Clock()
    async with serving(handler) as server:
        members = (patient("lib", server), library("mute", protocol="none"))
        async with checking(*members, now=clock) as checker:
            assert checker.health()["lib"].asked == 0
            await checker.answers([edition("e1", {"lib": "1", "mute": "1"})])
            clock.advance(60)
            await checker.answers([edition("e1", {"lib": "1", "mute": "1"})])
            lib, mute = checker.health()["lib"], checker.health()["mute"]
    assert (lib.asked, lib.answered, lib.failed) == (2, 1, 1)
    assert lib.last_answer_at == START
    assert lib.last_failure_at == lib.failing_since == START + timedelta(seconds=60)
    assert lib.last_failure == "answered HTTP 500"
    assert lib.unknown_words == {"teleportation": 2}
    assert lib.last_elapsed_seconds is not None
    assert (mute.asked, mute.protocol) == (0, "none")


async def test_a_reader_who_leaves_does_not_end_the_question() -> None:
    slow, go = held_back(SHELF)
    async with serving(slow) as server, checking(patient("lib", server)) as checker:
        reader = asyncio.create_task(checker.answers([EDITION]))
        await asyncio.sleep(0)
        reader.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reader
        go.set()
        assert (await one(checker)).state is AnswerState.OK
        assert len(server.queries) == 1


async def test_closing_ends_what_is_under_way_and_readers_get_an_answer() -> None:
    async with serving(never) as server, checking(patient("lib", server)) as checker:
        reader = asyncio.create_task(checker.answers([EDITION]))
        await asyncio.sleep(0)
        await checker.close()
        (answer,) = await reader
    assert (answer.state, answer.message) == (AnswerState.ERROR, "the program is ending")


async def test_one_library_is_not_asked_by_everybody_at_once() -> None:
    under_way, most = 0, 0
    slow, go = held_back(daia({str(n): [ON_SHELF] for n in range(12)}))

    async def counting(request: web.Request) -> web.StreamResponse:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        if under_way == 4:
            go.set()
        response = await slow(request)
        under_way -= 1
        return response

    async with serving(counting) as server, checking(patient("lib", server, batch_size=1)) as checker:
        answers = await checker.answers([edition(f"e{n}", {"lib": str(n)}) for n in range(12)])
    assert {a.state for a in answers} == {AnswerState.OK}
    assert most == 4


async def test_a_library_that_may_take_longer_does_not_hold_back_the_others_and_does_not_outstay_its_own_time() -> None:
    held = edition("e1", {"brief": "1", "long": "1"})
    slow, go = held_back(SHELF)
    async with serving(never) as brief, serving(slow) as long:
        members = (
            library("brief", brief.url, availability={"timeout_seconds": 20, "deadline_seconds": 0.05}),
            library("long", long.url, availability={"timeout_seconds": 20, "deadline_seconds": 20}),
        )
        async with checking(*members, deadline_seconds=1) as checker:
            came = []
            async for answer in checker.stream([held]):
                came.append((answer.library, answer.state))
                go.set()  # only once the first has been given up
            assert [checker.deadline(code) for code in ("brief", "long", "gone")] == [0.05, 20, 1]
            assert checker.deadline("long", 0.5) == 0.5, "whoever asks may wait for less"
    assert came == [("brief", AnswerState.TIMEOUT), ("long", AnswerState.OK)]


async def test_a_library_says_itself_how_long_its_answers_are_live() -> None:
    clock = Clock()
    async with serving(SHELF) as server, checking(patient("lib", server, fresh_seconds=120), now=clock) as checker:
        await one(checker)
        clock.advance(100)
        await one(checker)
        assert len(server.queries) == 1, "beyond the deployment's 45 seconds"
        clock.advance(30)
        await one(checker)
    assert len(server.queries) == 2


async def test_a_library_says_itself_when_its_system_is_left_alone_and_for_how_long() -> None:
    clock = Clock()
    async with serving(one_after_another(answering("", status=500), SHELF)) as server:
        rest = {"after_failures": 1, "first_seconds": 30}
        async with checking(patient("lib", server, rest=rest), now=clock) as checker:
            states = []
            for seconds in (0, 29, 1):
                clock.advance(seconds)
                states.append((await one(checker)).state)
    assert states == [AnswerState.ERROR, AnswerState.ERROR, AnswerState.OK]
    assert len(server.queries) == 2, "it was left alone for half a minute"


@pytest.mark.parametrize("busy", [True, False], ids=["while this process is late", "while it is not"])
async def test_what_times_out_while_this_process_is_late_is_not_held_against_the_system(busy: bool) -> None:
    async def ask(_: System, __: Sequence[AskedRecord]) -> Reply:
        await asyncio.sleep(0)  # the heartbeat begins
        if busy:
            time.sleep(BEAT_SECONDS + 2 * TOO_LATE_SECONDS)  # noqa: ASYNC251
            for _ in range(5):
                await asyncio.sleep(0)  # and is late
        raise ConnectorTimedOut("no answer within 1.5 s")

    asked = 0

    def counted(system: System) -> Connector:
        async def count(given: System, records: Sequence[AskedRecord]) -> Reply:
            nonlocal asked
            asked += 1
            return await ask(given, records)

        return each_time(count)(system)

    async with checking(library("lib"), connectors={"daia": counted}) as checker:
        for _ in range(REST.after_failures + 1):
            assert (await one(checker)).state is AnswerState.TIMEOUT or not busy
        assert (checker.health()["lib"].resting_until is None) is busy
    assert asked == REST.after_failures + busy

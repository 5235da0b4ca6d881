from __future__ import annotations

import asyncio
import gzip
import io
import tracemalloc
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import zstandard
from aiohttp import web
from yarl import URL

from harvester.errors import (
    AccessRefused,
    AnswerRefused,
    AnswerTooLarge,
    ComeBackLater,
    HostUnknown,
    LedInCircles,
    SourceUnreachable,
)
from harvester.http import SPOOLED_BYTES, Answer, Patience, PatientSession
from harvester.retrying import retry_after_seconds
from tests.support.oai import dropped, serving, sleepless

PATIENCE = Patience(timeout_seconds=5, retries=3, max_bytes=10_000)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def body(answer: Answer) -> bytes:
    return answer.body


class Script:
    """Answers each request with the next of its answers, and with the last one for ever after."""

    def __init__(self, *answers: web.Response | Handler) -> None:
        self.answers = list(answers)
        self.requests: list[web.Request] = []

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, web.Response):
            return web.Response(body=answer.body, status=answer.status, headers=answer.headers)
        return await answer(request)


def ok() -> web.Response:
    return web.Response(body=b"good")


def status(code: int, **headers: str) -> web.Response:
    return web.Response(status=code, headers={name.replace("_", "-"): value for name, value in headers.items()})


async def drop(request: web.Request) -> web.StreamResponse:
    return await dropped(None, request)  # type: ignore[arg-type]


async def test_the_harvester_says_who_it_is() -> None:
    script = Script(ok())
    async with serving(script) as url, PatientSession(contact="union@example.org") as http:
        await http.ask(URL(url), PATIENCE, body)
    headers = script.requests[0].headers
    assert headers["User-Agent"].startswith("Allshelves/")
    assert "union@example.org" in headers["User-Agent"]
    assert headers["From"] == "union@example.org"


@pytest.mark.parametrize("code", [408, 425, 429, 500, 502, 503, 504])
async def test_a_trouble_that_may_pass_is_asked_about_again(code: int) -> None:
    slept: list[float] = []
    script = Script(status(code), status(code), ok())
    async with serving(script) as url, sleepless(slept) as http:
        assert (await http.ask(URL(url), PATIENCE, body)).value == b"good"
    assert slept == [1.0, 2.0]


@pytest.mark.parametrize("code", [401, 403, 404, 410, 451])
async def test_a_refusal_is_not_asked_about_again(code: int) -> None:
    script = Script(status(code))
    async with serving(script) as url, sleepless() as http:
        with pytest.raises(AccessRefused, match=str(code)):
            await http.ask(URL(url), PATIENCE, body)
    assert len(script.requests) == 1


TROUBLES = [(304, "refused"), (400, "request_refused"), (405, "request_refused"), (206, "refused")]


@pytest.mark.parametrize(("code", "cause"), TROUBLES)
async def test_a_status_that_turns_nobody_away_is_a_trouble_that_may_pass(code: int, cause: str) -> None:
    def read(answer: Answer) -> bytes:
        if answer.status == 206:
            raise AnswerRefused("half of it")
        return answer.body

    script = Script(status(code), ok())
    async with serving(script) as url, sleepless() as http:
        assert (await http.ask(URL(url), PATIENCE, read)).value == b"good"
        into = io.BytesIO()
        script.answers.insert(0, status(code))
        assert (await http.download(URL(url), PATIENCE, into)).modified
        assert into.getvalue() == b"good"
    async with serving(Script(status(code))) as url, sleepless() as http:
        with pytest.raises(AnswerRefused) as caught:
            await http.ask(URL(url), PATIENCE, read)
    assert (caught.value.cause, caught.value.resumable) == (cause, True)


@pytest.mark.parametrize(("code", "error"), [(503, SourceUnreachable), (500, AnswerRefused)])
async def test_retries_are_bounded(code: int, error: type[Exception]) -> None:
    script = Script(status(code))
    async with serving(script) as url, sleepless() as http:
        with pytest.raises(error, match=str(code)):
            await http.ask(URL(url), PATIENCE, body)
    assert len(script.requests) == 4


async def test_retry_after_is_honoured() -> None:
    slept: list[float] = []
    async with serving(Script(status(503, Retry_After="17"), ok())) as url, sleepless(slept) as http:
        await http.ask(URL(url), PATIENCE, body)
    assert slept == [17.0]


async def test_a_server_that_asks_for_hours_is_not_slept_for() -> None:
    slept: list[float] = []
    async with serving(Script(status(503, Retry_After="86400"))) as url, sleepless(slept) as http:
        with pytest.raises(ComeBackLater) as caught:
            await http.ask(URL(url), PATIENCE, body)
    assert (caught.value.seconds, slept) == (86400.0, [])


@pytest.mark.parametrize("asked", ["1000000000000", "9" * 400, "Fri, 31 Dec 9999 23:59:59 GMT"])
async def test_no_server_is_left_alone_for_longer_than_its_librarys_file_says(asked: str) -> None:
    script = Script(status(503, Retry_After=asked), status(429, Retry_After=asked), ok())
    now = 0.0
    async with serving(script) as url, sleepless(clock=lambda: now) as http:
        with pytest.raises(ComeBackLater, match="longest_absence_hours: it is asked again after 24 hours") as caught:
            await http.ask(URL(url), PATIENCE, body)
        assert caught.value.seconds == 86_400
        now = 86_401
        with pytest.raises(ComeBackLater, match="asked again after 2 hours") as caught:
            await http.ask(URL(url), replace(PATIENCE, absence_seconds=7200), body)
        assert caught.value.seconds == 7200
        now += 7201
        assert (await http.ask(URL(url), PATIENCE, body)).value


RETRY_AFTER = [
    ("120", 120.0, "seconds"),
    ("Wed, 01 May 2024 12:01:00 GMT", 60.0, "a date"),
    ("Wed, 01 May 2024 11:00:00 GMT", 0.0, "a date that is past"),
    ("Wednesday, 01-May-24 12:01:00 GMT", 60.0, "the old form of a date"),
    ("", None, "nothing"),
    ("soon", None, "words"),
    ("-5", None, "a negative number"),
    ("١٢", None, "digits that are not ASCII"),
]


@pytest.mark.parametrize(("value", "seconds", "why"), RETRY_AFTER, ids=[row[2] for row in RETRY_AFTER])
def test_retry_after_says_seconds_or_a_date(value: str, seconds: float | None, why: str) -> None:
    assert retry_after_seconds(value, datetime(2024, 5, 1, 12, tzinfo=UTC)) == seconds, why


async def test_a_request_is_never_sent_twice_behind_our_back() -> None:
    # The first answer keeps the connection; the second request on it is dropped. Left alone, aiohttp sends a third.
    script = Script(ok(), drop, ok())
    async with serving(script) as url, PatientSession() as http:
        once = Patience(retries=0)
        await http.ask(URL(url), once, body)
        with pytest.raises(SourceUnreachable, match="dropped"):
            await http.ask(URL(url), once, body)
    assert len(script.requests) == 2


async def test_a_request_sent_again_is_marked_as_disturbed() -> None:
    async with serving(Script(drop, ok())) as url, sleepless() as http:
        assert (await http.ask(URL(url), PATIENCE, body)).disturbed
        assert not (await http.ask(URL(url), PATIENCE, body)).disturbed


async def test_a_request_that_the_server_says_it_did_not_carry_out_is_not_disturbed() -> None:
    async with serving(Script(status(503), ok())) as url, sleepless() as http:
        assert not (await http.ask(URL(url), PATIENCE, body)).disturbed


async def test_a_server_that_is_not_there_is_unreachable() -> None:
    async with serving(Script(ok())) as url:
        pass
    slept: list[float] = []
    async with sleepless(slept) as http:
        with pytest.raises(SourceUnreachable, match="asked 4 times"):
            await http.ask(URL(url), PATIENCE, body)
    assert slept == [1.0, 2.0, 4.0]


async def test_an_answer_that_cannot_be_read_is_asked_for_again() -> None:
    def read(answer: Answer) -> bytes:
        if answer.body != b"good":
            raise AnswerRefused("not good")
        return answer.body

    async with serving(Script(web.Response(body=b"bad"), ok())) as url, sleepless() as http:
        assert (await http.ask(URL(url), PATIENCE, read)).value == b"good"
    async with serving(Script(web.Response(body=b"bad"))) as url, sleepless() as http:
        with pytest.raises(AnswerRefused):
            await http.ask(URL(url), PATIENCE, read)


async def test_an_answer_over_the_cap_is_not_used() -> None:
    async with serving(Script(web.Response(body=b"x" * 10_001))) as url, sleepless() as http:
        with pytest.raises(AnswerTooLarge, match="10,000"):
            await http.ask(URL(url), PATIENCE, body)


async def test_the_cap_counts_what_compression_unfolds_to() -> None:
    bomb = gzip.compress(b"x" * 1_000_000)
    announced = web.Response(body=bomb, headers={"Content-Encoding": "gzip"})
    for answer in (announced, web.Response(body=bomb)):
        async with serving(Script(answer)) as url, sleepless() as http:
            with pytest.raises(AnswerTooLarge):
                await http.ask(URL(url), PATIENCE, body)


async def test_gzip_is_known_by_its_first_bytes() -> None:
    async with serving(Script(web.Response(body=gzip.compress(b"good")))) as url, sleepless() as http:
        assert (await http.ask(URL(url), PATIENCE, body)).value == b"good"


async def test_a_server_whose_compression_is_broken_is_asked_without() -> None:
    broken = web.Response(body=gzip.compress(b"good" * 100)[:-20], headers={"Content-Encoding": "gzip"})
    script = Script(broken, ok())
    async with serving(script) as url, sleepless() as http:
        assert (await http.ask(URL(url), PATIENCE, body)).value == b"good"
    assert [request.headers["Accept-Encoding"] for request in script.requests] == ["gzip", "identity"]


async def test_an_answer_that_is_announced_as_compressed_and_is_not_is_taken_as_it_is() -> None:
    plain = web.Response(body=b"this is not gzip", headers={"Content-Encoding": "gzip"})
    async with serving(Script(plain)) as url, sleepless() as http:
        assert (await http.ask(URL(url), PATIENCE, body)).value == b"this is not gzip"


async def test_requests_to_a_host_come_one_after_another_with_the_pause_between() -> None:
    slept: list[float] = []
    patience = Patience(pause_seconds=0.25)
    async with serving(Script(ok())) as url, sleepless(slept) as http:
        for _ in range(3):
            await http.ask(URL(url), patience, body)
    assert slept == [0.25, 0.25]


async def test_redirects_are_followed_but_not_for_ever() -> None:
    async def once(request: web.Request) -> web.StreamResponse:
        return ok() if request.path == "/new" else status(301, Location="/new")

    async with serving(once) as url, sleepless() as http:
        assert (await http.ask(URL(url + "/old"), PATIENCE, body)).value == b"good"
    async with serving(Script(status(302, Location="/again"))) as url, sleepless() as http:
        with pytest.raises(LedInCircles) as caught:  # nobody was turned away
            await http.ask(URL(url), PATIENCE, body)
    assert (caught.value.cause, caught.value.resumable) == ("circles", True)


async def test_a_refusal_at_the_end_of_a_redirect_says_where_it_led() -> None:
    async def leads(request: web.Request) -> web.StreamResponse:
        return status(401) if request.path == "/new" else status(302, Location="/new?key=abc")

    async with serving(leads) as url, sleepless() as http:
        with pytest.raises(AccessRefused) as caught:
            await http.ask(URL(url + "/old"), PATIENCE, body)
        with pytest.raises(AccessRefused) as of_a_file:
            await http.download(URL(url + "/old"), PATIENCE, io.BytesIO())
    assert str(caught.value) == str(of_a_file.value)
    assert str(caught.value) == f"{url}/old, which leads to {url}/new?key=…: 401 Unauthorized"


async def test_an_address_that_is_none_is_refused_at_once() -> None:
    slept: list[float] = []
    async with sleepless(slept) as http:
        with pytest.raises(AccessRefused):
            await http.ask(URL("http:///nowhere"), PATIENCE, body)
    assert slept == []


async def test_a_silent_server_is_given_up_in_time() -> None:
    release = asyncio.Event()

    async def silent(request: web.Request) -> web.StreamResponse:
        await release.wait()
        return ok()

    async with serving(silent) as url, sleepless() as http:
        with pytest.raises(SourceUnreachable, match="no answer in time"):
            await http.ask(URL(url), Patience(first_byte_seconds=0.01, retries=1), body)
        release.set()


async def test_an_answer_that_drips_for_ever_is_given_up_in_time() -> None:
    release = asyncio.Event()

    async def drips(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"<OAI-PMH>")
        await release.wait()
        return response

    for patience in (Patience(timeout_seconds=0.02, retries=0), Patience(whole_seconds=0.02, retries=0)):
        async with serving(drips) as url, sleepless() as http:
            with pytest.raises(SourceUnreachable, match="no answer in time"):
                await http.ask(URL(url), patience, body)
            release.set()
        release.clear()


async def test_a_body_without_end_is_not_read_to_it() -> None:
    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b" " * 1000)

    async with serving(endless) as url, sleepless() as http:
        with pytest.raises(AnswerTooLarge, match="10,000"):
            await http.ask(URL(url), PATIENCE, body)


async def test_a_large_body_lies_on_disk_while_it_comes_and_is_not_kept_once_it_was_read() -> None:
    chunk = b" " * 1_000_000

    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(chunk)

    script = Script(web.Response(body=b"x" * (SPOOLED_BYTES + 1)))
    async with serving(endless) as url, serving(script) as large, sleepless() as http:
        patience = replace(PATIENCE, max_bytes=40 * SPOOLED_BYTES)
        asked = await http.ask(URL(large), patience, body)
        assert (len(asked.value), asked.answer.body) == (SPOOLED_BYTES + 1, b"")
        del asked
        tracemalloc.start()
        try:
            with pytest.raises(AnswerTooLarge):
                await http.ask(URL(url), patience, body)
            assert tracemalloc.get_traced_memory()[1] < 4 * SPOOLED_BYTES
        finally:
            tracemalloc.stop()


async def test_a_host_that_never_answers_is_left_alone_for_a_while() -> None:
    async with serving(Script(ok())) as url:
        pass
    seconds = [0.0]
    slept: list[float] = []

    async def sleep(wanted: float) -> None:
        slept.append(wanted)

    async with PatientSession(sleep=sleep, clock=lambda: seconds[0]) as http:
        once = Patience(retries=0)
        for _ in range(3):
            with pytest.raises(SourceUnreachable, match="asked 1 times"):
                await http.ask(URL(url), once, body)
        with pytest.raises(ComeBackLater, match="left alone") as caught:
            await http.ask(URL(url), once, body)
        assert caught.value.seconds == 300
        seconds[0] = 301.0
        with pytest.raises(SourceUnreachable, match="asked 1 times"):
            await http.ask(URL(url), once, body)


async def test_a_host_that_asks_for_hours_is_left_alone_for_hours_by_all_its_libraries() -> None:
    script = Script(status(503, Retry_After="7200"), ok())
    seconds = [0.0]
    async with serving(script) as url, PatientSession(clock=lambda: seconds[0]) as http:
        for _ in range(2):
            with pytest.raises(ComeBackLater):
                await http.ask(URL(url), PATIENCE, body)
        assert len(script.requests) == 1
        seconds[0] = 7201.0
        assert (await http.ask(URL(url), PATIENCE, body)).value == b"good"


async def test_a_host_whose_name_is_unknown_is_told_from_one_that_is_silent() -> None:
    async with sleepless() as http:
        with pytest.raises(HostUnknown, match=r"nowhere\.invalid"):
            await http.ask(URL("http://nowhere.invalid/oai"), Patience(retries=0), body)


async def test_zstandard_and_gzip_of_several_members_are_unfolded() -> None:
    for packed in (zstandard.compress(b"good"), gzip.compress(b"go") + gzip.compress(b"od")):
        async with serving(Script(web.Response(body=packed))) as url, sleepless() as http:
            assert (await http.ask(URL(url), PATIENCE, body)).value == b"good"


async def test_unfolding_is_capped_and_cut_off_streams_are_no_answer() -> None:
    bomb = zstandard.compress(b"x" * 1_000_000)
    async with serving(Script(web.Response(body=bomb))) as url, sleepless() as http:
        with pytest.raises(AnswerTooLarge):
            await http.ask(URL(url), PATIENCE, body)
    script = Script(web.Response(body=gzip.compress(b"good" * 100)[:-9]), ok())
    async with serving(script) as url, sleepless() as http:
        assert (await http.ask(URL(url), PATIENCE, body)).value == b"good"
    assert script.requests[1].headers["Accept-Encoding"] == "identity"


async def test_only_so_many_hosts_are_asked_at_once() -> None:
    at_once, most = 0, 0
    meet = asyncio.Event()

    async def counts(request: web.Request) -> web.StreamResponse:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        if at_once == 2:
            meet.set()
        await meet.wait()
        at_once -= 1
        return ok()

    async with AsyncExitStack() as stack:
        urls = [await stack.enter_async_context(serving(counts)) for _ in range(4)]
        async with PatientSession(hosts_at_once=2) as http:
            await asyncio.gather(*(http.ask(URL(url), PATIENCE, body) for url in urls))
    assert most == 2


async def test_a_file_is_fetched_once_and_then_only_when_it_changed() -> None:
    seen: list[str] = []

    async def file(request: web.Request) -> web.StreamResponse:
        seen.append(request.headers.get("If-None-Match", ""))
        if seen[-1] == '"v1"':
            return status(304)
        return web.Response(body=b"contents", headers={"ETag": '"v1"'})

    async with serving(file) as url, sleepless() as http:
        into = io.BytesIO()
        first = await http.download(URL(url), PATIENCE, into)
        assert (first.modified, first.etag, into.getvalue()) == (True, '"v1"', b"contents")
        again = await http.download(URL(url), PATIENCE, io.BytesIO(), etag=first.etag)
        assert (again.modified, again.etag) == (False, '"v1"')
    assert seen == ["", '"v1"']


async def test_a_download_that_breaks_off_begins_anew() -> None:
    async def half(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "8"})
        await response.prepare(request)
        await response.write(b"cont")
        assert request.transport is not None
        request.transport.close()
        return response

    async with serving(Script(half, web.Response(body=b"contents"))) as url, sleepless() as http:
        into = io.BytesIO()
        await http.download(URL(url), PATIENCE, into)
    assert into.getvalue() == b"contents"


@pytest.mark.parametrize(("code", "error"), [(404, AccessRefused), (500, AnswerRefused)])
async def test_a_download_that_fails_says_so(code: int, error: type[Exception]) -> None:
    async with serving(Script(status(code))) as url, sleepless() as http:
        with pytest.raises(error):
            await http.download(URL(url), PATIENCE, io.BytesIO())


async def test_a_download_over_the_cap_is_not_used() -> None:
    async with serving(Script(web.Response(body=b"x" * 10_001))) as url, sleepless() as http:
        with pytest.raises(AnswerTooLarge):
            await http.download(URL(url), PATIENCE, io.BytesIO())

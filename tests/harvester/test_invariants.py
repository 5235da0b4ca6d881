"""What holds whatever a server does, whatever happens on the way and wherever a harvest is killed.

I1 after peace, and one sweep, what is live here is what is live there. I2 nothing live is ever deleted. I3 the
watermark never goes back, nor past the first page of a run that was proven. I4 what came before changes nothing when it
comes again. I5 a kill costs one request at most. I6 whatever becomes of the bytes of a page, no run is complete with
fewer records. I7 any token goes to the server as it came.

``make fuzz-harvest`` tries many more of each.
"""

from __future__ import annotations

import os
from datetime import datetime
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from fixtures.wild.fault import Call, Fault, Reply
from fixtures.wild.manner import Manner
from fixtures.wild.server import WildServer
from harvester.http import Answer
from harvester.oai_pmh.dialect import Dialect
from harvester.oai_pmh.server import request_url
from harvester.oai_records import Reading
from harvester.oai_xml import listed
from tests.support.wild.life import Life, Round, life, manners, rounds

TIMES = int(os.environ.get("ALLSHELVES_FUZZ", "1"))


def few(examples: int) -> settings:
    """So many examples, the same each time; many more and others each time where ``make fuzz-harvest`` asks."""
    return settings(
        max_examples=examples * TIMES,
        deadline=None,
        derandomize=TIMES == 1,
        database=None if TIMES == 1 else settings.default.database,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


counts = st.integers(0, 18)
lives = st.lists(rounds, min_size=1, max_size=4)


def gone_through(one: Life, what: list[Round]) -> None:
    for part in what:
        one.go_through(part)
        assert one.wrongly_deleted() == set()  # I2, at every moment


@few(30)
@given(manners, counts, lives)
def test_after_peace_what_is_live_here_is_what_is_live_there(manner: Manner, count: int, what: list[Round]) -> None:
    with life(manner, count) as one:
        gone_through(one, what)
        one.find_peace()
        assert one.live() == set(one.repository.live)
        assert one.wrongly_deleted() == set()


@few(20)
@given(manners, counts, lives)
def test_the_watermark_never_goes_back_and_never_past_the_first_page(
    manner: Manner, count: int, what: list[Round]
) -> None:
    with life(manner, count) as one:
        before = ""
        for part in what:
            begun = len(one.server.first_pages)
            one.go_through(part)
            mark = one.marks[-1]
            if mark in (before, ""):  # "" asks for everything again
                continue
            assert not before or datetime.fromisoformat(mark) >= datetime.fromisoformat(before)
            moved_to = datetime.fromisoformat(mark)
            assert moved_to in [at for at, _ in one.server.first_pages]
            good = [at for at, undisturbed in one.server.first_pages[begun:] if undisturbed]
            assert not good or moved_to <= good[0]
            before = mark


@few(15)
@given(manners, counts, lives)
def test_what_came_before_changes_nothing_when_it_comes_again(manner: Manner, count: int, what: list[Round]) -> None:
    with life(manner, count) as one:
        gone_through(one, what)
        one.find_peace()
        one.visit(full=True)
        assert one.stale() == []
        last = one.store.last_seq()
        one.visit(full=True)
        one.clock.later(days=1)
        one.visit(sweep=True)
        assert one.store.last_seq() == last


@few(25)
@given(manners.filter(lambda manner: not manner.consumable), counts, st.lists(st.integers(1, 60), max_size=6))
def test_a_kill_costs_one_request_at_most(manner: Manner, count: int, kills: list[int]) -> None:
    with life(manner, count) as one:
        killed = 0
        for at in kills:
            killed += not one.visit(killed_at=at)
        (outcome,) = one.visit()
        again = killed < len(kills)  # one of them came to its end before it would have been killed
        pages = max(1, -(-count // manner.page_size))
        asked = [call for call in one.server.requests("ListRecords") if "from" not in call]
        if not again:
            assert outcome.status == ("complete" if count else "unverified")  # a first list of nothing proves nothing
            assert len(asked) <= pages + killed
        assert one.live() == set(one.repository.live)


@few(20)
@given(st.integers(1, 6), counts.filter(bool), st.integers(1, 80), st.integers(1, 80))
def test_killed_at_any_step_twice_it_ends_with_every_record(size: int, count: int, first: int, second: int) -> None:
    with life(Manner(page_size=size), count) as one:
        one.visit(killed_at=first)
        one.visit(killed_at=second)
        outcomes = one.visit()
        assert outcomes[-1].status == "complete"
        assert one.stale() == []


cuts = st.one_of(
    st.tuples(st.just("flip"), st.integers(0, 10_000), st.integers(1, 255)),
    st.tuples(st.just("cut"), st.integers(0, 10_000), st.integers(1, 60)),  # not a token with all that belongs to it
    st.tuples(st.just("put"), st.integers(0, 10_000), st.binary(min_size=1, max_size=8)),
    st.tuples(st.just("end"), st.integers(0, 10_000), st.just(0)),
)


def mutated(body: bytes, how: str, at: int, what: int | bytes) -> bytes:
    at %= len(body)
    match how, what:
        case "flip", int():
            return body[:at] + bytes([body[at] ^ what]) + body[at + 1 :]
        case "cut", int():
            return body[:at] + body[at + what :]
        case "put", bytes():
            return body[:at] + what + body[at:]
    return body[:at]


@few(60)
@given(st.integers(1, 5), cuts, st.sampled_from([1, None]))
@example(2, ("end", 9_999, 0), None)
def test_whatever_becomes_of_the_bytes_of_a_page_no_run_is_complete_with_fewer_records(
    page: int, cut: tuple[str, int, int | bytes], times: int | None
) -> None:
    def sent(server: WildServer, call: Call, reply: Reply) -> Reply:
        return Reply(mutated(reply.body, *cut), reply.status, reply.headers)

    damage = Fault("damage", (), "", verbs=frozenset({"ListRecords"}), sent=sent)
    with life(Manner(page_size=4), 18) as one:
        one.server.switch(damage, page=page, times=times)
        outcomes = one.visit()
        if outcomes[-1].status == "complete":
            accounted = one.live() | {item.identifier for item in one.store.quarantined("testlib")}
            assert len(accounted) >= 18
        assert one.server.hits["damage"]
        one.server.switches.clear()
        one.find_peace()
        assert one.live() == set(one.repository.live)


legal = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")


@few(200)
@given(st.text(legal, min_size=1).filter(lambda text: text == text.strip(" \t\r\n") and text != ""))
@example("0")
@example("a+b c=d&e%2F%41;g/?:@é書")
@example("]]>&amp;<x>")
def test_any_token_goes_to_the_server_as_it_came(token: str) -> None:
    page = (
        '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords><record/>'
        f"<resumptionToken>\n {escape(token)} \n</resumptionToken></ListRecords></OAI-PMH>"
    )
    read = listed(Answer("", 200, page.encode()), Reading("x", datetime(2024, 1, 1)))  # noqa: DTZ001
    assert read.token == token
    url = request_url(
        "http://x.example.org/oai?mode=1", {"verb": "ListRecords", "resumptionToken": token}, Dialect({}).quoted
    )
    assert parse_qs(url.raw_query_string, keep_blank_values=True)["resumptionToken"] == [token]

"""Z39.50: look-ups, records, the session that is kept, and what a server may do wrong."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest
from pydantic import ValidationError

from mappings.library import Availability
from search_api.availability.connectors.z3950 import Z3950Connector
from search_api.availability.http import (
    ConnectorTimedOut,
    ConnectorUnavailable,
    EntryRefused,
    ImpatientHttp,
    QuestionRefused,
)
from search_api.availability.opac.record import Circulation
from search_api.availability.status import AnswerState, AskedRecord, ItemState
from search_api.availability.system import Exchange, System
from search_api.availability.z3950.ber import UNIVERSAL, Element, encoded
from search_api.availability.z3950.messages import CLOSE, INIT, PRESENT, SEARCH, close_request
from tests.support.opac import external, holding, opac_ber
from tests.support.z3950 import (
    Say,
    ServedZ3950,
    init_answer,
    knowing,
    looked_up,
    present_answer,
    search_answer,
    z3950,
)

HERE = holding(Circulation(available_now=True))
LENT = holding(Circulation(available_now=False, available_date="2026-09-20"))
READ = holding(Circulation(available_now=True, restrictions="Library use only"))
BOOK = {"1": [opac_ber("1", "書", HERE)]}


@asynccontextmanager
async def connected(
    say: Say,
    *,
    environ: Mapping[str, str] | None = None,
    timeout_seconds: float = 5,
    listener: Callable[[Exchange], None] | None = None,
    auth: Mapping[str, str] | None = None,
    **settings: Any,
) -> AsyncIterator[tuple[Z3950Connector, ServedZ3950]]:
    """A connector and the server that it asks."""
    http = ImpatientHttp()
    async with z3950(say) as server:
        known = {"protocol": "z3950", "url": server.url, "timeout_seconds": timeout_seconds, "z3950": settings}
        service = Availability.model_validate({**known, **({"auth": auth} if auth else {})})
        connector = Z3950Connector(System("lib", service, http, environ or {}, listener))
        try:
            yield connector, server
        finally:
            await connector.close()
            await http.close()


async def states(connector: Z3950Connector, *records: str | AskedRecord) -> list[tuple[AnswerState, list[ItemState]]]:
    reply = await connector.ask([AskedRecord(r) if isinstance(r, str) else r for r in records])
    return [(answer.state, [item.state for item in answer.items]) for answer in reply.answers]


AVAILABLE = [(AnswerState.OK, [ItemState.AVAILABLE])]


async def test_states_are_told_for_each_record_asked() -> None:
    known = {
        "1": [opac_ber("1", "書", HERE)],
        "2": [opac_ber("2", "書", LENT)],
        "3": [opac_ber("3", "書", READ)],
        "4": [opac_ber("4", "書")],
    }
    async with connected(knowing(known)) as (connector, server):
        reply = await connector.ask([AskedRecord(number) for number in "43215"])
    assert [(a.local_id, a.state, [i.state for i in a.items]) for a in reply.answers] == [
        ("4", AnswerState.OK, []),
        ("3", AnswerState.OK, [ItemState.AVAILABLE_ONSITE]),
        ("2", AnswerState.OK, [ItemState.ON_LOAN]),
        ("1", AnswerState.OK, [ItemState.AVAILABLE]),
        ("5", AnswerState.NOT_FOUND, []),
    ]
    assert str(reply.answers[2].items[0].due) == "2026-09-20"
    assert all(item.local_id == a.local_id for a in reply.answers for item in a.items)
    assert server.sessions == 1, "one session is enough for all of them"


async def test_a_session_is_ended_politely() -> None:
    async with connected(knowing(BOOK)) as (connector, server):
        await connector.close()
        assert server.sessions == 0, "one that was never opened is not ended"
        assert await states(connector, "1") == AVAILABLE
        await connector.close()
        async with asyncio.timeout(5):
            await server.ended.wait()
        assert server.messages[-1].number == CLOSE


async def test_the_number_is_looked_up_first_and_then_the_isbn() -> None:
    record = AskedRecord("1", isbns=("9789573264682",))
    found = {"9789573264682": [opac_ber("1", "書", HERE)]}
    async with connected(knowing(found)) as (connector, server):
        assert await states(connector, record) == AVAILABLE
        assert server.terms == [((12,), "1"), ((7,), "9789573264682")]
    async with connected(knowing(BOOK)) as (connector, server):
        assert await states(connector, record) == AVAILABLE
        assert server.terms == [((12,), "1")], "what is found is not looked for again"


async def test_the_library_says_how_records_are_looked_up() -> None:
    async with connected(knowing(BOOK, attributes=(1016, 107)), look_up=["@attr 1=1016 @attr 4=107 {local_id}"]) as (
        connector,
        server,
    ):
        assert await states(connector, "1") == AVAILABLE
    assert server.terms == [((1016, 107), "1")]


async def test_a_look_up_that_the_server_does_not_take_is_passed_over() -> None:
    found = {"9789573264682": [opac_ber("1", "書", HERE)]}
    async with connected(knowing(found, attributes=(7,))) as (connector, server):
        assert await states(connector, AskedRecord("1", isbns=("9789573264682",))) == AVAILABLE
        with pytest.raises(QuestionRefused, match="diagnostic 114"):
            await states(connector, "1")
        assert server.sessions == 1, "a refused question ends no session"


async def test_records_of_other_numbers_are_never_taken() -> None:
    found = {"1": [opac_ber("9", "別的書", HERE)], "9789573264682": [opac_ber("8", "別的書", HERE)]}
    async with connected(knowing(found)) as (connector, _):
        reply = await connector.ask([AskedRecord("1", isbns=("9789573264682",), title="書")])
    assert [(a.state, a.items) for a in reply.answers] == [(AnswerState.NOT_FOUND, ())]
    assert "another record" in reply.answers[0].message


async def test_of_several_records_only_the_one_asked_for_is_taken() -> None:
    found = {"1": [opac_ber("9", "別的書", LENT), opac_ber("1", "書", HERE)]}
    async with connected(knowing(found, at_once=1)) as (connector, server):
        assert await states(connector, AskedRecord("1", title="書")) == AVAILABLE
    presents = [message.need(30).integer for message in server.messages if message.number == PRESENT]
    assert presents == [1, 2], "a server that gives one at a time is asked for the rest"


async def test_marc_is_taken_where_there_is_no_opac_record() -> None:
    koha = b"00000nam a2200000 a 4500"
    fields = [
        ("001", b"1"),
        ("245", b"00\x1fa\xa4\xa4"),
        ("952", b"  \x1f70\x1fp314\x1fo857.6\x1fb" + "總館".encode("big5")),
    ]
    directory, body = b"", b""
    for tag, value in fields:
        directory += f"{tag}{len(value) + 1:04}{len(body):05}".encode()
        body += value + b"\x1e"
    base = 24 + len(directory) + 1
    leader = f"{base + len(body) + 1:05}".encode() + koha[5:12] + f"{base:05}".encode() + koha[17:]
    sent = external("marc21", leader + directory + b"\x1e" + body + b"\x1d")
    async with connected(knowing({"1": [sent]}, syntaxes=("marc21",)), charset="big5") as (connector, server):
        reply = await connector.ask([AskedRecord("1")])
    ((item,),) = [answer.items for answer in reply.answers]
    assert (item.state, item.barcode, item.branch) == (ItemState.AVAILABLE, "314", "總館")
    assert [m.number for m in server.messages] == [INIT, SEARCH, PRESENT, PRESENT, CLOSE]


async def test_the_session_is_kept_and_opened_once_more_when_it_was_dropped() -> None:
    async with connected(knowing(BOOK)) as (connector, server):
        assert await states(connector, "1") == AVAILABLE
        assert await states(connector, "1") == AVAILABLE
        assert server.sessions == 1
        server.drop_all()
        assert await states(connector, "1") == AVAILABLE
        assert server.sessions == 2


async def test_a_session_that_the_server_ends_politely_is_opened_once_more() -> None:
    usual, ended = knowing(BOOK), iter([False, True, False, False])

    def say(message: Element) -> bytes | None:
        return encoded(close_request()) if message.number == SEARCH and next(ended) else usual(message)

    async with connected(say) as (connector, server):
        assert await states(connector, "1") == AVAILABLE
        assert await states(connector, "1") == AVAILABLE
        assert server.sessions == 2


async def test_a_server_that_drops_every_session_is_asked_once_and_no_more() -> None:
    usual = knowing(BOOK)
    async with connected(lambda m: None if m.number == SEARCH else usual(m)) as (connector, server):
        with pytest.raises(ConnectorUnavailable, match="ended the session"):
            await states(connector, "1")
        assert server.sessions == 1


async def test_a_late_answer_is_never_taken_for_the_next_question() -> None:
    usual, searched = knowing({"2": [opac_ber("2", "書", HERE)]}), asyncio.Event()

    def say(message: Element) -> bytes | None:
        if message.number == SEARCH and looked_up(message)[1] == "1":
            searched.set()
            return b""
        return usual(message)

    async with connected(say) as (connector, server):
        asking = asyncio.create_task(states(connector, "1"))
        await searched.wait()
        asking.cancel()
        await asyncio.wait({asking})
        assert await states(connector, "2") == AVAILABLE
        assert server.sessions == 2, "the session with an answer outstanding is left"


async def test_questions_asked_at_once_take_turns_in_one_session() -> None:
    known = {str(n): [opac_ber(str(n), "書", HERE)] for n in range(20)}
    async with connected(knowing(known)) as (connector, server):
        answers = await asyncio.gather(*(states(connector, str(n)) for n in range(20)))
        assert answers == [AVAILABLE] * 20
        assert server.sessions == 1


async def test_a_failure_after_the_first_answer_leaves_the_first() -> None:
    usual, searches = knowing(BOOK), iter([False, True])

    def say(message: Element) -> bytes | None:
        return encoded(search_answer(0, 2)) if message.number == SEARCH and next(searches) else usual(message)

    async with connected(say) as (connector, server):
        reply = await connector.ask([AskedRecord("1"), AskedRecord("2"), AskedRecord("3")])
    assert [answer.state for answer in reply.answers] == [AnswerState.OK, AnswerState.ERROR, AnswerState.ERROR]
    assert len(server.terms) == 2, "what would only fail again is not asked"


BASIC = {"kind": "basic", "username_env": "Z_USER", "password_env": "Z_WORD"}
ENTRY = {"Z_USER": "reader", "Z_WORD": "s3cret"}


async def test_user_and_password_are_told_when_the_session_is_opened() -> None:
    async with connected(knowing(BOOK), auth=BASIC, environ=ENTRY, group="libs") as (connector, server):
        assert await states(connector, "1") == AVAILABLE
    (told,) = server.messages[0].need(7).children
    assert [told.need(number).content for number in (0, 1, 2)] == [b"libs", b"reader", b"s3cret"]
    async with connected(knowing(BOOK), auth=BASIC, environ=ENTRY, login="together") as (connector, server):
        assert await states(connector, "1") == AVAILABLE
    assert server.messages[0].need(7).need(26, UNIVERSAL).content == b"reader/s3cret"
    async with connected(knowing(BOOK)) as (connector, server):
        assert await states(connector, "1") == AVAILABLE
    assert server.messages[0].get(7) is None, "who needs none tells none"


async def test_a_password_that_is_not_set_is_said_by_its_name() -> None:
    async with connected(knowing(BOOK), auth=BASIC, environ={"Z_USER": "reader"}) as (connector, _):
        with pytest.raises(ConnectorUnavailable, match="Z_WORD is not set"):
            await states(connector, "1")


async def test_staff_are_told_what_went_to_and_fro_and_no_secret() -> None:
    heard: list[Exchange] = []
    known = {"1": [opac_ber("1", "s3cret 書", HERE)]}
    async with connected(knowing(known), auth=BASIC, environ=ENTRY, listener=heard.append) as (connector, _):
        await states(connector, "1", "2")
    assert [exchange.sent for exchange in heard] == [
        "Default: @attr 1=12 1 (opac, marc21)",
        "Default: @attr 1=12 2 (opac, marc21)",
    ]
    assert "available_now: True" in heard[0].received
    assert "書" in heard[0].received
    assert heard[1].received == "0 found"
    assert "s3cret" not in str(heard)


def _instead(number: int, *answers: bytes | None) -> Say:
    usual, left = knowing(BOOK), list(answers)

    def say(message: Element) -> bytes | None:
        return left.pop(0) if message.number == number and left else usual(message)

    return say


FAULTS: list[tuple[Say, type[ConnectorUnavailable], str]] = [
    (_instead(INIT, encoded(init_answer(False))), EntryRefused, "the session is refused"),
    (_instead(SEARCH, encoded(search_answer(0, 236))), EntryRefused, "the database is closed to us"),
    (_instead(SEARCH, encoded(search_answer(0, 1))), ConnectorUnavailable, "an error of its own"),
    (_instead(SEARCH, encoded(search_answer(1_000_000_000))), ConnectorUnavailable, "hits that are not given"),
    (_instead(SEARCH, encoded(init_answer())), ConnectorUnavailable, "another message than was asked for"),
    (_instead(PRESENT, encoded(present_answer(()))), ConnectorUnavailable, "a record found and not given"),
    (_instead(PRESENT, encoded(present_answer((), 14))), ConnectorUnavailable, "a diagnostic in place of the record"),
    (_instead(PRESENT, encoded(present_answer([external("marc21", b"noise")]))), ConnectorUnavailable, "no MARC"),
    (_instead(PRESENT, encoded(present_answer([external("xml", b"<a>")]))), ConnectorUnavailable, "no XML"),
    (_instead(INIT, b"HTTP/1.1 400 Bad Request\r\n\r\n" * 9), ConnectorUnavailable, "a web server"),
    (_instead(INIT, b"\xb5\x84\x7f\xff\xff\xff"), ConnectorUnavailable, "two thousand million bytes"),
    (_instead(INIT, None), ConnectorUnavailable, "hangs up"),
]


@pytest.mark.parametrize(("say", "error", "why"), FAULTS, ids=[row[2] for row in FAULTS])
async def test_a_failure_raises_and_is_never_an_empty_answer(
    *, say: Say, error: type[ConnectorUnavailable], why: str
) -> None:
    async with connected(say) as (connector, server):
        with pytest.raises(error) as caught:
            await states(connector, "1")
        assert type(caught.value) is error, why
        assert "機密" not in str(caught.value), "a reason holds nothing of the answer's text"
        assert server.sessions == 1


async def test_silence_raises_in_time() -> None:
    for number in (INIT, SEARCH, PRESENT):
        async with connected(_instead(number, b""), timeout_seconds=0.1) as (connector, _):
            with pytest.raises(ConnectorTimedOut):
                await states(connector, "1")


async def test_a_server_that_is_not_there_cannot_be_reached() -> None:
    async with connected(knowing(BOOK)) as (connector, server):
        await states(connector, "1")
        url = server.url
    http = ImpatientHttp()
    service = Availability.model_validate({"protocol": "z3950", "url": url, "timeout_seconds": 5})
    with pytest.raises(ConnectorUnavailable, match="could not be reached"):
        await Z3950Connector(System("lib", service, http, {})).ask([AskedRecord("1")])
    await http.close()


def test_a_session_is_asked_one_record_at_a_time_unless_the_file_says_otherwise() -> None:
    known = {"protocol": "z3950", "url": "tcp://lib.example.org"}
    service = Availability.model_validate(known)
    assert (service.at_once, service.batch_size) == (1, 1)
    assert Availability.model_validate({**known, "batch_size": 5}).batch_size == 5


WRONG_SETTINGS: Sequence[tuple[dict[str, Any], str]] = [
    ({"url": "http://lib.example.org"}, "tcp://host:port"),
    ({"url": "tcp://lib.example.org:210/db"}, "tcp://host:port"),
    ({"z3950": {"look_up": ["1=12"]}}, "@attr 1=12 {local_id}"),
    ({"z3950": {"look_up": []}}, "at least 1"),
    ({"z3950": {"system": "aleph"}}, "koha"),
    ({"z3950": {"id_fields": ["99"]}}, "999$c"),
    ({"auth": {"kind": "bearer", "token_env": "T"}}, "user and password"),
]


@pytest.mark.parametrize(("wrong", "told"), WRONG_SETTINGS, ids=[str(row[0]) for row in WRONG_SETTINGS])
def test_wrong_settings_are_refused_with_what_is_allowed(wrong: dict[str, Any], told: str) -> None:
    good = {"protocol": "z3950", "url": "tcp://lib.example.org:210"}
    assert Availability.model_validate(good).z3950.database == "Default"
    with pytest.raises(ValidationError) as caught:
        Availability.model_validate({**good, **wrong})
    assert told in str(caught.value)

"""SIP2: what a copy's code, date and words mean; one session, shared, reopened, and never off by one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from indexer.record import Item
from mappings.library import Availability
from search_api.availability.connectors.sip2 import Sip2Connector
from search_api.availability.http import ConnectorTimedOut, ConnectorUnavailable, EntryRefused, ImpatientHttp
from search_api.availability.sip2.messages import written
from search_api.availability.status import AnswerState, AskedRecord, ItemState, Reply
from search_api.availability.system import Commons, Exchange, System
from tests.support.sip2 import NO_ITEMS, item, knowing, sequence_of, sip2
from tests.support.status import asked

DUE = "20260920    235900"
RECORD = AskedRecord("1", barcodes=("B1",))
LOGIN = {"kind": "basic", "username_env": "U", "password_env": "P"}


@pytest.fixture
async def http() -> AsyncIterator[ImpatientHttp]:
    opened = ImpatientHttp()
    yield opened
    await opened.close()


def service(url: str, **values: Any) -> Availability:
    return Availability.model_validate({"protocol": "sip2", "url": url, "timeout_seconds": 5, **values})


def summary(reply: Reply) -> list[tuple[str, AnswerState, list[ItemState]]]:
    return [(a.local_id, a.state, [i.state for i in a.items]) for a in reply.answers]


STATES: list[tuple[str, dict[str, str], ItemState, str]] = [
    ("02", {}, ItemState.ON_ORDER, "of the protocol"),
    ("03", {}, ItemState.AVAILABLE, "of the protocol"),
    ("04", {"AH": DUE}, ItemState.ON_LOAN, "of the protocol"),
    ("05", {"AH": DUE}, ItemState.ON_LOAN, "of the protocol"),
    ("06", {}, ItemState.IN_PROCESS, "of the protocol"),
    ("07", {"AH": DUE}, ItemState.RECALLED, "of the protocol"),
    ("08", {}, ItemState.ON_HOLD_SHELF, "of the protocol"),
    ("09", {}, ItemState.IN_PROCESS, "back, and not on its shelf"),
    ("10", {}, ItemState.IN_TRANSIT, "of the protocol"),
    ("11", {}, ItemState.MISSING, "nobody knows where it is"),
    ("12", {"AH": DUE}, ItemState.LOST, "not expected back whatever the date"),
    ("13", {}, ItemState.MISSING, "of the protocol"),
    ("03", {"AH": DUE}, ItemState.ON_LOAN, "a due date goes before a shelf"),
    ("08", {"AH": DUE}, ItemState.ON_LOAN, "an old Koha: lent, and somebody waits for some copy"),
    ("01", {"AH": DUE}, ItemState.ON_LOAN, "whatever it is, it has to come back"),
    ("03", {"AH": "03/12/26 23:59"}, ItemState.ON_LOAN, "a date that cannot be read is one nevertheless"),
    ("03", {"AH": "00000000    000000"}, ItemState.AVAILABLE, "zeros are no date"),
    ("03", {"AH": "In Transit"}, ItemState.IN_TRANSIT, "a word in the place of the date"),
    ("03", {"AH": "ON HOLDSHELF"}, ItemState.ON_HOLD_SHELF, "likewise"),
    ("03", {"AH": "編目中"}, ItemState.IN_PROCESS, "likewise"),
    ("03", {"AH": "雲端"}, ItemState.UNKNOWN, "a word that nobody knows makes a shelf doubtful"),
    ("03", {"AF": "歡迎光臨"}, ItemState.AVAILABLE, "a greeting on the terminal's screen"),
    ("03", {"AF": "限館內使用"}, ItemState.AVAILABLE_ONSITE, "a usual word on the screen is no greeting"),
    ("01", {"AF": "修補中"}, ItemState.IN_PROCESS, "other, and the screen says what"),
    ("01", {"AF": "雲端"}, ItemState.UNKNOWN, "other, and nobody knows what"),
    ("01", {}, ItemState.UNKNOWN, "other, without a word"),
    ("77", {}, ItemState.UNKNOWN, "no code of the protocol"),
]


@pytest.mark.parametrize(("code", "fields", "state", "why"), STATES)
async def test_code_date_and_words_make_a_state(
    http: ImpatientHttp, code: str, fields: dict[str, str], state: ItemState, why: str
) -> None:
    async with sip2(knowing({"B1": item("B1", code, **fields)})) as server:
        reply = await asked(http, service(server.url), [RECORD])
    assert summary(reply) == [("1", AnswerState.OK, [state])], why
    dated = state in (ItemState.ON_LOAN, ItemState.RECALLED) and fields["AH"] == DUE
    assert reply.answers[0].items[0].due == (date(2026, 9, 20) if dated else None)
    assert reply.unknown_words == ((fields.get("AH") or fields.get("AF") or code,) if state == "unknown" else ())


REPEATED: list[tuple[str, ItemState, date | None, str]] = [
    ("AH|AH20261203|", ItemState.ON_LOAN, date(2026, 12, 3), "an empty field says nothing against a date"),
    ("AH20261203|AH|", ItemState.ON_LOAN, date(2026, 12, 3), "in either order"),
    ("AHIn Library|AH20261203|", ItemState.ON_LOAN, date(2026, 12, 3), "a date goes before a word"),
    ("AHIn Library|AHIn Transit|", ItemState.IN_TRANSIT, None, "the worse of two words"),
    ("AHIn Library|AH雲端|", ItemState.UNKNOWN, None, "a word that nobody knows"),
    ("AFAvailable|AFChecked out|", ItemState.ON_LOAN, None, "on the screen as well"),
    ("AF歡迎光臨|AF謝謝|", ItemState.AVAILABLE, None, "two greetings"),
]


@pytest.mark.parametrize(("fields", "state", "due", "why"), REPEATED)
async def test_of_a_field_that_is_repeated_the_worse_counts(
    http: ImpatientHttp, fields: str, state: ItemState, due: date | None, why: str
) -> None:
    async with sip2(knowing({"B1": item("B1", "03").replace("AB", f"{fields}AB", 1)})) as server:
        reply = await asked(http, service(server.url), [RECORD])
    assert [(i.state, i.due) for i in reply.answers[0].items] == [(state, due)], why


DATES: list[tuple[str, str, date | None, str]] = [
    (DUE, "", date(2026, 9, 20), "the protocol's own"),
    ("20260920 UTC235900", "", date(2026, 9, 20), "with a zone"),
    ("2026-09-20 23:59", "", date(2026, 9, 20), "as many write it"),
    ("09-20-26", "MM-DD-YY", date(2026, 9, 20), "as the library's file says"),
    (DUE, "MM-DD-YY", date(2026, 9, 20), "the protocol's own is known whatever the file says"),
    ("115/09/20", "", date(2026, 9, 20), "民國"),
    ("09/10/26", "", None, "a date that could be two"),
]


@pytest.mark.parametrize(("text", "form", "due", "why"), DATES)
async def test_due_dates_are_free_text(http: ImpatientHttp, text: str, form: str, due: date | None, why: str) -> None:
    async with sip2(knowing({"B1": item("B1", "04", AH=text)})) as server:
        reply = await asked(http, service(server.url, due_form=form), [RECORD])
    assert [i.due for i in reply.answers[0].items] == [due], why


async def test_everything_a_copy_says_is_taken_and_one_that_says_little_gets_nothing_made_up(
    http: ImpatientHttp,
) -> None:
    known = {
        "B1": item("B1", "07", AH=DUE, CJ="20260901    000000", CF="2", AQ="總館", AP="五樓", CS="857.49", AF="催還中"),
        "B2": item("B2", "03", CF="0"),
    }
    async with sip2(knowing(known)) as server:
        reply = await asked(http, service(server.url), [AskedRecord("1", barcodes=("B1", "B2"))])
    full, bare = reply.answers[0].items
    assert (full.barcode, full.local_id, full.branch, full.call_number) == ("B1", "1", "五樓", "857.49")
    assert (full.queue, full.message, full.due) == (2, "催還中", date(2026, 9, 1))
    assert (bare.queue, bare.due, bare.branch, bare.call_number, bare.message) == (None, None, "", "", "")


async def test_the_librarys_own_words_come_first_by_code(http: ImpatientHttp) -> None:
    async with sip2(knowing({"B1": item("B1", "08")})) as server:
        reply = await asked(http, service(server.url, words={"08": "check_with_library"}), [RECORD])
    assert summary(reply) == [("1", AnswerState.OK, [ItemState.CHECK_WITH_LIBRARY])]


COPIES = (Item(barcode="B1"), Item(barcode=""))
RECORDS: list[tuple[AskedRecord, AnswerState, int, str]] = [
    (AskedRecord("1"), AnswerState.UNSUPPORTED, 0, "no barcode: nothing can be asked, nothing is said"),
    (AskedRecord("1", barcodes=("B1", "B2")), AnswerState.OK, 1, "one of two barcodes is known there"),
    (AskedRecord("1", barcodes=("B8", "B9")), AnswerState.NOT_FOUND, 0, "none of them is"),
    (AskedRecord("1", barcodes=("B|1",)), AnswerState.ERROR, 0, "it would end its field"),
    (AskedRecord("1", barcodes=("B\r1", "B1")), AnswerState.PARTIAL, 1, "it would end the message"),
    (AskedRecord("1", barcodes=("B1",), copies=COPIES), AnswerState.PARTIAL, 1, "one copy of two has no barcode"),
    (AskedRecord("1", barcodes=("B9",), copies=COPIES), AnswerState.ERROR, 0, "the copy without may be there"),
]


@pytest.mark.parametrize(("record", "state", "copies", "why"), RECORDS)
async def test_a_record_is_what_its_barcodes_are(
    http: ImpatientHttp, record: AskedRecord, state: AnswerState, copies: int, why: str
) -> None:
    async with sip2(knowing({"B1": item("B1")})) as server:
        reply = await asked(http, service(server.url), [record])
    assert [(a.state, len(a.items)) for a in reply.answers] == [(state, copies)], why
    assert bool(reply.answers[0].message) is (state is not AnswerState.OK)


async def test_a_record_without_barcodes_costs_no_connection(http: ImpatientHttp) -> None:
    async with sip2(knowing({})) as server:
        await asked(http, service(server.url), [AskedRecord("1")])
    assert server.connections == 0


async def test_what_was_not_reached_in_time_is_partial_or_timed_out_and_never_not_found(http: ImpatientHttp) -> None:
    usual = knowing({"B1": item("B1")})
    records = [AskedRecord("1", barcodes=("B1", "B2")), AskedRecord("2", barcodes=("B3",)), AskedRecord("3")]
    async with sip2(lambda line: b"" if "|ABB2|" in line else usual(line)) as server:
        reply = await asked(http, service(server.url, timeout_seconds=0.4), records)
    assert [(a.state, len(a.items)) for a in reply.answers] == [
        (AnswerState.PARTIAL, 1),
        (AnswerState.TIMEOUT, 0),
        (AnswerState.UNSUPPORTED, 0),
    ]
    assert "1 of 2" in reply.answers[0].message


async def test_a_login_is_sent_first_and_shown_to_nobody(http: ImpatientHttp) -> None:
    exchanges: list[Exchange] = []
    async with sip2(knowing({"B1": item("B1")})) as server:
        login = service(server.url, auth=LOGIN, sip2={"location": "L1"})
        system = System("lib", login, http, {"U": "tom", "P": "geheim"}, listener=exchanges.append)
        connector = Sip2Connector(system)
        assert summary(await connector.ask([RECORD])) == [("1", AnswerState.OK, [ItemState.AVAILABLE])]
        await connector.close()
    assert [line[:2] for line in server.received] == ["93", "99", "17"]
    assert server.received[0].startswith("9300CNtom|COgeheim|CPL1|")
    assert not [e for e in exchanges if "geheim" in e.sent + e.received]
    assert len(exchanges) == 3


async def test_who_is_not_let_in_says_so(http: ImpatientHttp) -> None:
    async with sip2(knowing({}, login="940")) as server:
        with pytest.raises(EntryRefused):
            await asked(http, service(server.url, auth=LOGIN), [RECORD], environ={"U": "u", "P": "p"})
        with pytest.raises(EntryRefused, match="cannot send"):
            await asked(http, service(server.url, auth=LOGIN), [RECORD], environ={"U": "u", "P": "p|q"})
        place = {"location": "總館", "encoding": "cp850"}
        with pytest.raises(EntryRefused, match="cannot send"):
            await asked(http, service(server.url, auth=LOGIN, sip2=place), [RECORD], environ={"U": "u", "P": "p"})


async def test_a_server_that_does_not_tell_of_items_is_not_asked_for_them(http: ImpatientHttp) -> None:
    async with sip2(knowing({}, status=NO_ITEMS)) as server:
        with pytest.raises(ConnectorUnavailable, match="BX"):
            await asked(http, service(server.url), [RECORD])
    assert server.barcodes == []


async def test_the_institution_is_the_files_or_the_servers_own(http: ImpatientHttp) -> None:
    async with sip2(knowing({})) as server:
        await asked(http, service(server.url, institution="NORTH"), [RECORD])
        await asked(http, service(server.url), [RECORD])
        await asked(http, service(server.url, sip2={"status": False}), [RECORD])
    institutions = [line.split("AO")[1].split("|")[0] for line in server.received if line.startswith("17")]
    assert institutions == ["NORTH", "SHELF", ""]


async def test_libraries_of_one_server_share_a_session_which_the_last_one_ends(http: ImpatientHttp) -> None:
    async with sip2(knowing({"B1": item("B1"), "B2": item("B2", "10")})) as server:
        commons = Commons()
        north, south = (
            Sip2Connector(System(code, service(server.url, institution=code), http, {}, commons=commons))
            for code in ("n", "s")
        )
        replies = await asyncio.gather(north.ask([RECORD]), south.ask([AskedRecord("2", barcodes=("B2",))]))
        await north.close()
        await north.close()
        replies.append(await south.ask([RECORD]))
        await south.close()
        assert server.connections == 1
        assert [summary(reply)[0][2] for reply in replies] == [["available"], ["in_transit"], ["available"]]
        later = Sip2Connector(System("n", service(server.url), http, {}, commons=commons))
        await later.ask([RECORD])
        await later.close()
        assert server.connections == 2, "the first session has ended with the last library"


async def test_libraries_that_enter_differently_do_not_share(http: ImpatientHttp) -> None:
    async with sip2(knowing({})) as server:
        commons = Commons()
        entry = {"U": "u", "P": "p"}
        one = Sip2Connector(System("a", service(server.url), http, {}, commons=commons))
        other = Sip2Connector(System("b", service(server.url, auth=LOGIN), http, entry, commons=commons))
        await one.ask([RECORD])
        await other.ask([RECORD])
        await one.close()
        await other.close()
    assert server.connections == 2


async def test_a_session_that_was_dropped_is_opened_once_more(http: ImpatientHttp) -> None:
    usual, dropping = knowing({"B1": item("B1")}), [False]

    def say(line: str) -> bytes | None:
        if dropping[0] and line.startswith("17"):
            dropping[0] = False
            return None
        return usual(line)

    async with sip2(say) as server:
        connector = Sip2Connector(System("lib", service(server.url), http, {}))
        await connector.ask([RECORD])
        dropping[0] = True
        assert summary(await connector.ask([RECORD])) == [("1", AnswerState.OK, [ItemState.AVAILABLE])]
        await connector.close()
    assert server.connections == 2


async def test_one_that_is_dropped_again_at_once_is_left(http: ImpatientHttp) -> None:
    async with sip2(lambda line: None if line.startswith("17") else knowing({})(line)) as server:
        with pytest.raises(ConnectorUnavailable, match="ended the session"):
            await asked(http, service(server.url), [RECORD])
    assert server.connections == 1


async def test_a_late_answer_is_not_taken_for_that_of_the_next_question(http: ImpatientHttp) -> None:
    usual, held = knowing({"B1": item("B1", "12"), "B2": item("B2")}), [b""]

    def say(line: str) -> bytes | None:
        answer = usual(line)
        if "|ABB1|" in line:
            held[0] = answer or b""
            return b""
        return held[0] + (answer or b"") if "|ABB2|" in line else answer

    async with sip2(say) as server:
        connector = Sip2Connector(System("lib", service(server.url, timeout_seconds=0.4), http, {}))
        with pytest.raises(ConnectorTimedOut):
            await connector.ask([RECORD])
        with pytest.raises(ConnectorUnavailable):  # the server itself mixes them up
            await connector.ask([AskedRecord("2", barcodes=("B2",))])
        held[0] = b""
        reply = await connector.ask([AskedRecord("2", barcodes=("B2",))])
        await connector.close()
    assert summary(reply) == [("2", AnswerState.OK, [ItemState.AVAILABLE])]
    assert server.connections == 3


async def test_a_server_that_wants_a_message_again_gets_it_as_it_was(http: ImpatientHttp) -> None:
    usual, again = knowing({"B1": item("B1")}), [2]

    def say(line: str) -> bytes | None:
        if line.startswith("17") and again[0]:
            again[0] -= 1
            return b"96AZFEF6\r"
        return usual(line)

    async with sip2(say) as server:
        reply = await asked(http, service(server.url), [RECORD])
    assert summary(reply) == [("1", AnswerState.OK, [ItemState.AVAILABLE])]
    assert len({line for line in server.received if line.startswith("17")}) == 1
    async with sip2(lambda line: b"96AZFEF6\r" if line.startswith("17") else usual(line)) as server:
        with pytest.raises(ConnectorUnavailable, match="undamaged"):
            await asked(http, service(server.url), [RECORD])
    assert len(server.barcodes) == 3


async def test_an_answer_that_was_damaged_is_asked_for_again(http: ImpatientHttp) -> None:
    usual, last = knowing({"B1": item("B1")}), [b""]

    def say(line: str) -> bytes | None:
        if line == "97AZFEF5":
            return last[0]
        last[0] = usual(line) or b""
        return last[0].replace(b"AJ", b"AK") if line.startswith("17") else last[0]

    async with sip2(say) as server:
        reply = await asked(http, service(server.url), [RECORD])
    assert summary(reply) == [("1", AnswerState.OK, [ItemState.AVAILABLE])]
    assert server.received[-1] == "97AZFEF5"


async def test_a_server_that_takes_no_notice_of_numbers_is_understood_and_one_that_mixes_them_is_not(
    http: ImpatientHttp,
) -> None:
    async with sip2(knowing({"B1": item("B1")}, numbered=False)) as server:
        reply = await asked(http, service(server.url), [RECORD])
    assert summary(reply) == [("1", AnswerState.OK, [ItemState.AVAILABLE])]
    async with sip2(lambda line: written(item("B1"), "utf-8", 7) if line[:2] == "17" else knowing({})(line)) as server:
        with pytest.raises(ConnectorUnavailable, match="another message"):
            await asked(http, service(server.url), [RECORD])


async def test_nothing_is_numbered_where_the_file_says_so(http: ImpatientHttp) -> None:
    async with sip2(knowing({"B1": item("B1")})) as server:
        await asked(http, service(server.url, sip2={"checksum": False}), [RECORD])
    assert [sequence_of(line) for line in server.received] == [None, None]


@pytest.mark.parametrize("encoding", ["utf-8", "cp850", "latin-1", "big5"])
async def test_words_are_in_the_character_set_of_the_file(http: ImpatientHttp, encoding: str) -> None:
    words = "限館內使用" if encoding in ("utf-8", "big5") else "réservé"
    say = knowing({"B1": item("B1", "01", title="x", AF=words)}, encoding=encoding)
    async with sip2(say, encoding=encoding) as server:
        settings = {"sip2": {"encoding": encoding}, "words": {"réservé": "available_onsite"}}
        reply = await asked(http, service(server.url, **settings), [RECORD])
    assert [(i.state, i.message) for i in reply.answers[0].items] == [(ItemState.AVAILABLE_ONSITE, words)]


HOSTILE: list[tuple[bytes, str]] = [
    (b"18" + b" " * 200_000, "no end"),
    (b"\x00\xff\xfe" * 1_000 + b"\r", "noise"),
    (b"HTTP/1.1 400 Bad Request\r\n\r\n", "a web server"),
    (b"941\r", "an answer to another question"),
    (b"1803\r", "cut short"),
    (item("B9").encode() + b"\r", "another copy"),
    (item("", "03").encode() + b"\r", "no copy"),
    (b"\r", "an empty line"),
]


@pytest.mark.parametrize(("answer", "why"), HOSTILE)
async def test_a_hostile_answer_is_a_failure_with_a_reason_that_holds_nothing_of_it(
    http: ImpatientHttp, answer: bytes, why: str
) -> None:
    async with sip2(lambda line: answer if line.startswith("17") else knowing({})(line)) as server:
        with pytest.raises(ConnectorUnavailable) as raised:
            await asked(http, service(server.url), [RECORD])
    assert "HTTP" not in str(raised.value), why
    assert "B9" not in str(raised.value)


async def test_silence_and_a_host_that_is_not_there_are_told_in_time(http: ImpatientHttp) -> None:
    async with sip2(lambda _: b"") as server:
        with pytest.raises(ConnectorTimedOut):
            await asked(http, service(server.url, timeout_seconds=0.1), [RECORD])
    with pytest.raises(ConnectorUnavailable, match="could not be reached"):
        await asked(http, service(server.url), [RECORD])


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"url": "http://x.example/"}, "not an address of terminals"),
        ({"auth": {"kind": "bearer", "token_env": "T"}}, "SIP2 has users and passwords"),
        ({"sip2": {"encoding": "utf-7"}}, "no character set of such servers"),
        ({"sip2": {"location": "a|b"}}, "it would end its field"),
    ],
)
def test_what_sip2_cannot_do_stops_the_start(values: dict[str, Any], why: str) -> None:
    with pytest.raises(ValidationError):
        service(**{"url": "tcp://x.example", **values})
    assert why


def test_one_record_is_asked_at_a_time_unless_the_file_says_otherwise() -> None:
    assert (service("tcp://x").batch_size, service("tcp://x").at_once) == (1, 1)
    assert service("tcp://x", batch_size=5).batch_size == 5

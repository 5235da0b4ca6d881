"""SIP2 messages: read, written, checked; whatever comes, a message or a plain refusal."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_api.availability.sip2.messages import (
    ChecksumWrong,
    Message,
    Sip2Invalid,
    can_be_written,
    checksum,
    item_request,
    login,
    parsed,
    send_again,
    server_status,
    status_request,
    written,
)

OPENNCIP = b"1803020120261121    001426CF0|ABB1|AJPerl 5 desktop reference|CK001|BGUWOLS|"
ENCODINGS = st.sampled_from(["utf-8", "cp850", "latin-1", "big5"])


def test_a_message_is_read_into_code_fixed_part_and_fields() -> None:
    message = parsed(OPENNCIP, "utf-8")
    assert (message.code, message.fixed[:2], message.sequence) == ("18", "03", None)
    assert message.fields["AJ"] == "Perl 5 desktop reference"
    assert message.fields["CF"] == "0"


def test_what_is_sent_is_as_the_specification_has_it() -> None:
    now = datetime(2006, 1, 10, 21, 56, 12)  # noqa: DTZ001
    assert item_request("UWOLS", "1565921879", now) == "1720060110    215612AOUWOLS|AB1565921879|AC|"
    assert login("scclient", "pwd", "The basement") == "9300CNscclient|COpwd|CPThe basement|"
    assert login("scclient", "pwd", "") == "9300CNscclient|COpwd|"
    assert status_request() == "9900302.00"
    assert send_again() == b"97AZFEF5\r"


def test_the_sum_of_a_message_and_its_checksum_is_zero() -> None:
    line = written("9900302.00", "utf-8", 1)
    assert line == b"9900302.00AY1AZFCA5\r"
    assert (sum(line[:-5]) + int(line[-5:-1], 16)) & 0xFFFF == 0


def test_a_damaged_message_is_told_from_a_whole_one() -> None:
    line = written("18" + "0" * 24 + "ABx|", "utf-8", 4)
    assert parsed(line, "utf-8").sequence == 4
    with pytest.raises(ChecksumWrong):
        parsed(line.replace(b"ABx", b"ABy"), "utf-8")


def test_a_letter_of_big5_that_holds_the_byte_of_the_bar_does_not_end_a_field() -> None:
    title = "育陝慾"
    assert b"|" in title.encode("big5")
    message = parsed(("18" + "0" * 24 + f"AJ{title}|ABx|").encode("big5"), "big5")
    assert (message.fields["AJ"], message.fields["AB"]) == (title, "x")


INVALID: list[tuple[bytes, str]] = [
    (b"", "nothing"),
    (b"<html>", "a page"),
    (b"18030001", "cut short"),
    (b"2400", "an answer to what was never asked"),
    (b"17" + b"0" * 60, "our own kind of message"),
    (b"\xff\xfe\x00", "noise"),
]


@pytest.mark.parametrize(("line", "why"), INVALID)
def test_what_is_no_message_is_refused(line: bytes, why: str) -> None:
    with pytest.raises(Sip2Invalid):
        parsed(line, "utf-8")
    assert why


@given(st.binary(max_size=300) | st.binary(max_size=80).map(lambda tail: OPENNCIP + tail), ENCODINGS)
def test_whatever_comes_is_a_message_or_refused(line: bytes, encoding: str) -> None:
    try:
        message = parsed(line, encoding)
    except Sip2Invalid:
        return
    assert isinstance(message, Message)
    assert server_status(message).institution == message.fields.get("AO", "")


@given(st.text(max_size=40), st.text(max_size=40), st.integers(0, 9) | st.none(), ENCODINGS)
def test_what_can_be_written_comes_back_as_it_was(title: str, barcode: str, number: int | None, encoding: str) -> None:
    if not (can_be_written(title, encoding) and can_be_written(barcode, encoding)):
        return
    line = written("18" + "0" * 24 + f"AB{barcode}|AJ{title}|", encoding, number)
    message = parsed(line, encoding)
    assert (message.fields["AB"], message.sequence) == (barcode.strip(), number)


@given(st.binary(max_size=200))
def test_a_checksum_is_four_figures(line: bytes) -> None:
    assert (sum(line) + int(checksum(line), 16)) & 0xFFFF == 0
    assert len(checksum(line)) == 4


def test_a_server_says_whether_it_is_there_and_tells_of_items() -> None:
    line = b"98YNNYNN60000320261121    0014262.00AOUWOLS|BXYYYYYYYYYYNYNYYYY|"
    status = server_status(parsed(line, "utf-8"))
    assert (status.online, status.tells_items, status.institution) == (True, False, "UWOLS")
    silent = server_status(parsed(line.replace(b"98Y", b"98N").split(b"AO")[0], "utf-8"))
    assert (silent.online, silent.tells_items, silent.institution) == (False, True, "")

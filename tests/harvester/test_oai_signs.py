from __future__ import annotations

import pytest

from harvester.http import Answer
from harvester.oai_signs import kind_of, sign_of

PAGE = b'<?xml version="1.0"?><OAI-PMH><ListRecords/></OAI-PMH>'

SIGNS = [
    (PAGE, "", "", "a page as it should be"),
    (PAGE + b"\r\n\0\0", "", "", "white space and padding"),
    (PAGE + b"<!-- 0.3 s --><?served by=x?>\n", "", "", "a comment may stand there"),
    (
        PAGE + b"\n<b>Fatal error</b>:  Allowed memory",
        "",
        "behind its end the text 'Fatal error : Allowed memory'",
        "PHP",
    ),
    (
        PAGE + b"<!-- Fatal error: out of memory -->",
        "",
        "behind its end the text 'Fatal error: out of memory'",
        "hidden",
    ),
    (b"<p>Notice: sort</p>" + PAGE, "", "", "what stands before it was written before it"),
    (
        PAGE.replace(b"OAI-PMH", b"oai:OAI-PMH") + b"x" * 70_000,
        "",
        f"behind its end the text {'x' * 60!r}",
        "far behind",
    ),
    (PAGE, "status 206, a part of an answer", "status 206, a part of an answer", "how it came"),
    (b"<html>no page at all</html>", "", "", "no end, nothing behind it"),
]


@pytest.mark.parametrize(("body", "odd", "sign", "why"), SIGNS, ids=[row[-1] for row in SIGNS])
def test_what_stands_behind_the_end_of_a_page_is_a_sign(body: bytes, odd: str, sign: str, why: str) -> None:
    assert sign_of(Answer("http://x", 200, body, odd=odd)) == sign, why


def test_a_sign_is_of_one_kind_whatever_its_line() -> None:
    assert kind_of("Notice on line 12") == kind_of("Notice on line 9") != kind_of("Fatal on line 9")

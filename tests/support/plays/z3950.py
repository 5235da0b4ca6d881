"""What a Z39.50 server says in each situation: OPAC records, its diagnostics, and what is no Z39.50 at all."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from mappings.library import Availability
from search_api.availability.opac.record import OpacHolding
from search_api.availability.z3950.ber import Element, encoded
from search_api.availability.z3950.messages import INIT, PRESENT, PRESENT_ANSWER, SEARCH
from tests.support.opac import opac_ber
from tests.support.plays.opac_copies import COPIES, OTHER_TITLE
from tests.support.situations import TITLE, Play, Plays, Stage
from tests.support.z3950 import Say, init_answer, knowing, present_answer, search_answer, z3950


def _stage(say: Say, **settings: Any) -> Stage:
    @asynccontextmanager
    async def stage() -> AsyncIterator[Availability]:
        async with z3950(say) as server:
            known = {"protocol": "z3950", "url": server.url, "timeout_seconds": 5, **settings}
            yield Availability.model_validate(known)

    return stage


def _play(records: Mapping[str, Sequence[Element]]) -> Play:
    return Play(_stage(knowing(records)))


def _copies(*holdings: OpacHolding) -> Play:
    return _play({"1": [opac_ber("1", TITLE, *holdings)]})


def _instead(number: int, answer: bytes | None, **settings: Any) -> Play:
    """All goes well until a message of this number, which is answered so."""
    usual = knowing({"1": [opac_ber("1", TITLE, *COPIES["available"])]})
    return Play(_stage(lambda message: answer if message.number == number else usual(message), **settings))


_WHOLE = encoded(present_answer([opac_ber("1", TITLE, *COPIES["available"])]))
_HALF = _WHOLE[: len(_WHOLE) // 2]
_HALF_AS_WHOLE = encoded(Element(2, PRESENT_ANSWER, False, _HALF[4:])).replace(b"\x99", b"\xb9", 1)
_DEEP = b"\xb9\x80" + b"\x30\x80" * 100_000 + b"\x00\x00" * 100_001
_ENDLESS = b"\xb9\x80" + (b"\x04\x82\xff\xff" + b" " * 65_535) * 64  # 4 MB and never closed
_HTML = b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\n\r\n<html><h1>400</h1></html>"

PLAYS: Plays = {
    **{name: _copies(*holdings) for name, holdings in COPIES.items()},
    "not_known": _play({}),
    "part_of_batch": _copies(*COPIES["available"]),
    "silence": _instead(SEARCH, b"", timeout_seconds=0.1),
    "refused": _instead(INIT, encoded(init_answer(let_in=False))),
    "too_often": _instead(INIT, None),
    "broken": _instead(SEARCH, encoded(search_answer(0, 1))),
    "lost_connection": _instead(PRESENT, None),
    "truncated": _instead(PRESENT, _HALF_AS_WHOLE),
    "html": _instead(INIT, _HTML),
    "endless": _instead(PRESENT, _ENDLESS),
    "others": _play({"1": [opac_ber("9", OTHER_TITLE, *COPIES["available"])]}),
    "deep": _instead(PRESENT, _DEEP),
}

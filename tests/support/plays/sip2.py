"""What a SIP2 server says in each situation."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from mappings.library import Availability
from tests.support.sip2 import OFF_LINE, Last, Say, item, knowing, sip2
from tests.support.situations import DUE, STRANGE_WORD, NoWord, Play, Plays, Stage

_DUE = f"{DUE:%Y%m%d}    235900"


def _stage(say: Say, **settings: Any) -> Stage:
    @asynccontextmanager
    async def stage() -> AsyncIterator[Availability]:
        async with sip2(say) as server:
            known = {"protocol": "sip2", "url": server.url, "timeout_seconds": 5, **settings}
            yield Availability.model_validate(known)

    return stage


def _play(items: Mapping[str, str], **settings: Any) -> Play:
    return Play(_stage(knowing(items), **settings))


def _copy(status: str, **fields: str) -> Play:
    return _play({"B1": item("B1", status, **fields)})


def _instead(answer: bytes | None, **settings: Any) -> Play:
    """All goes well until a copy is asked about, which is answered so."""
    usual = knowing({})
    return Play(_stage(lambda line: answer if line.startswith("17") else usual(line), **settings))


PLAYS: Plays = {
    "available": _copy("03"),
    "on_loan": _copy("04", AH=_DUE),
    "contradiction": _copy("03", AH=_DUE),
    "hold_shelf": _copy("08", CF="1"),
    "in_transit": _copy("10"),
    "reference": _copy("01", AF="Reference only"),
    "on_order": _copy("02"),
    "lost": _copy("12"),
    "strange_word": _copy("01", AF=STRANGE_WORD),
    "no_items": NoWord("SIP2 knows copies, and no records"),
    "not_known": _play({}),
    "part_of_batch": _play({"B1": item("B1")}, batch_size=2),
    "silence": _instead(b"", timeout_seconds=0.3),
    "refused": Play(_stage(lambda _: None)),  # who has not logged in is cut off
    "too_often": _instead(None),
    "broken": Play(_stage(knowing({}, status=OFF_LINE))),
    "lost_connection": _instead(Last(b"1803000120261121")),
    "truncated": _instead(b"1803000120261121\r"),
    "html": _instead(b"<html>\r\n<body><h1>400 Bad Request</h1></body></html>\r\n"),
    "endless": _instead(b"18" + b" " * 1_000_000),
    "others": _instead(item("B9").encode() + b"\r"),
    "too_many": NoWord("one copy is asked about at a time"),
    "deep": NoWord("its messages are flat"),
}

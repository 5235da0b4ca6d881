"""A catalogue's pages asked once, as a test describes them."""

from __future__ import annotations

from typing import Any

from mappings.availability import Availability
from search_api.availability.http import ImpatientHttp
from search_api.availability.status import AskedRecord, RecordAnswer, Reply
from tests.support.status import Handler, answering, asked, serving
from tests.support.web_opacs import PERMISSION, TITLE, page

RECORD = AskedRecord("1", barcodes=("B1", "B2"), isbns=("9789573264682",), title=TITLE)
BARE = {"path": "/record/{local_id}"}


async def reply(
    http: ImpatientHttp, handler: Handler, keys: dict[str, Any], record: AskedRecord = RECORD, **service: Any
) -> Reply:
    async with serving(handler) as server:
        known = {"protocol": "web", "url": server.url, "timeout_seconds": 5, **service}
        return await asked(
            http, Availability.model_validate({**known, "web": {"permission": PERMISSION, **keys}}), [record]
        )


async def told(http: ImpatientHttp, handler: Handler, keys: dict[str, Any] = BARE, **more: Any) -> RecordAnswer:
    (answer,) = (await reply(http, handler, keys, **more)).answers
    return answer


def shown(body: str) -> Handler:
    return answering(page(body), headers={"Content-Type": "text/html; charset=utf-8"})


def states(answer: RecordAnswer) -> list[str]:
    return [item.state.value for item in answer.items]

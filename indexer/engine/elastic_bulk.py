"""Changes on their way to a cluster: in parts it can take, and again when it says *later*."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from typing import Any, Literal, cast

import orjson
from elasticsearch import ApiError, AsyncElasticsearch

from indexer.engine import Document, EngineUnavailable
from indexer.engine.elastic_errors import REFUSED, error_type, told

BULK_BYTES = 900_000
"""Of one request, unless a single document is larger: the client's HTTP library complains beyond a mebibyte."""

PAUSES = (0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8)
"""Seconds before what was refused is sent again; refused once more after the last, the cluster is too busy."""


async def send(
    client: AsyncElasticsearch,
    index: str,
    documents: Iterable[Document],
    deleted: Iterable[str] = (),
    *,
    visible: bool = False,
    alias: bool = False,
) -> None:
    """Sends the changes in parts; what the cluster refuses for now is sent again, later, and nothing else is.

    ``visible`` waits after the last part until searches see them. ``alias``: the name has to be one, so that no index
    is made by mistake.

    Raises: EngineUnavailable for what it does not take; the client's errors.
    """
    parts = list(_parts(_actions(documents, deleted)))
    for number, part in enumerate(parts, 1):
        refresh: Literal["wait_for", False] = "wait_for" if visible and number == len(parts) else False
        waiting = await _send(client, index, part, refresh, alias)
        for pause in PAUSES:
            if not waiting:
                break
            await asyncio.sleep(pause)
            waiting = await _send(client, index, waiting, refresh, alias)
        if waiting:
            raise EngineUnavailable("the search cluster is too busy to write; try again later")


async def _send(
    client: AsyncElasticsearch, index: str, part: list[bytes], refresh: Literal["wait_for", False], alias: bool
) -> list[bytes]:
    """Sends one part; the actions that were refused for now."""
    try:
        answer = await client.bulk(index=index, operations=cast(Any, part), refresh=refresh, require_alias=alias)
    except ApiError as exc:
        if error_type(exc) == REFUSED:
            return part
        raise
    refused: list[bytes] = []
    for action, item in zip(part, answer["items"] if answer["errors"] else (), strict=False):
        (result,) = item.values()
        error = result.get("error")
        if error and error["type"] == REFUSED:
            refused.append(action)
        elif error:
            raise EngineUnavailable(f"the search cluster did not take edition {result['_id']}: {told(error)}")
    return refused


def _actions(documents: Iterable[Document], deleted: Iterable[str]) -> Iterator[bytes]:
    """Each change as its bulk lines: removals first, so that an id in both is there afterwards."""
    for gone in deleted:
        yield orjson.dumps({"delete": {"_id": gone}})
    for document in documents:
        yield orjson.dumps({"index": {"_id": document["id"]}}) + b"\n" + orjson.dumps(document)


def _parts(actions: Iterable[bytes]) -> Iterator[list[bytes]]:
    part: list[bytes] = []
    size = 0
    for action in actions:
        if part and size + len(action) > BULK_BYTES:
            yield part
            part, size = [], 0
        part.append(action)
        size += len(action)
    if part:
        yield part

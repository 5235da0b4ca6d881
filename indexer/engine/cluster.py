"""The cluster engine: Elasticsearch 9 through its official client, for consortia that outgrow one machine.

Editions are in an index ``<prefix>-editions-<mapping version>-<moment>`` behind the alias ``<prefix>-editions``. A
rebuild fills another index and moves the alias in one step. One process writes at a time: what another wrote while a
rebuild ran would be lost.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any, Literal, cast
from urllib.parse import urlsplit

import orjson
from elastic_transport import TransportError
from elasticsearch import ApiError, AsyncElasticsearch, NotFoundError

from indexer.engine import Document, EngineIncompatible, EngineUnavailable, Hit, SearchPage, SearchRequest
from indexer.engine.answers import by_isbn, edition_of
from indexer.engine.elastic_query import EDITIONS, facets_of, search_body, works_of
from indexer.engine.mapping import index_mapping
from indexer.engine.plan import plan
from indexer.record import Edition

OLDEST_VERSION = 9
BULK_BYTES = 900_000
"""Of one request, unless a single document is larger: the client's HTTP library complains beyond a mebibyte."""
IDS_AT_ONCE = 1_000
REFUSALS_BORNE = 8
REFUSED = "es_rejected_execution_exception"
"""The one answer that means *later*. A full disk answers 429 as well, and would be asked for ever."""


class ClusterEngine:
    """A `SearchEngine` on a cluster; see the protocol for what each method promises."""

    def __init__(self, url: str, prefix: str = "allshelves") -> None:
        self._place = _without_secrets(url)
        self._mapping = index_mapping()
        self._alias = f"{prefix}-editions"
        self._compatible = f"{self._alias}-{self._mapping.version}-"
        self._checked = False
        self._writing = asyncio.Lock()
        self._client = AsyncElasticsearch(url, request_timeout=60, retry_on_status=(), retry_on_timeout=False)

    @property
    def name(self) -> str:
        return f"cluster {self._place} {self._alias}"

    async def write(self, documents: Sequence[Document], deleted: Sequence[str] = ()) -> None:
        self._mapping.check(documents)
        async with self._writing:
            with self._errors("writing"):
                if not await self._exists():
                    await self._create({self._alias: {}})
                await self._bulk(self._alias, documents, deleted, visible=True)

    async def rebuild(self, batches: AsyncIterator[Sequence[Document]]) -> int:
        async with self._writing:
            with self._errors("rebuilding"):
                await self._check_server()
                replaced = await self._behind_alias()
                await self._drop([name for name in await self._indexes() if name not in replaced])
                name = await self._create({}, refresh_interval="-1")
            try:
                count = 0
                async for batch in batches:
                    self._mapping.check(batch)
                    with self._errors("rebuilding"):
                        await self._bulk(name, batch)
                    count += len(batch)
                with self._errors("rebuilding"):
                    interval = self._mapping.settings["refresh_interval"]
                    await self._client.indices.put_settings(index=name, settings={"refresh_interval": interval})
                    await self._client.indices.refresh(index=name)
                    await self._switch(name, replaced)
            except BaseException:
                with suppress(ApiError, TransportError):
                    if name not in await self._behind_alias():
                        await self._drop([name])
                raise
            self._checked = True
            return count

    async def search(self, request: SearchRequest) -> SearchPage:
        body = search_body(plan(request), request)
        with self._errors("searching"):
            await self._check_index()
            answer = await self._search(**body)
        found = answer["hits"]["hits"]
        hits = tuple(map(self._hit, found))
        ordered = request.sort != "relevance" and not request.by_work
        cursor = str(found[-1]["sort"][0]) if found and ordered else ""
        return SearchPage(answer["hits"]["total"]["value"], hits, facets_of(answer, request), cursor, works_of(answer))

    async def editions(self, ids: Sequence[str]) -> dict[str, Edition]:
        wanted = list(dict.fromkeys(ids))
        found: dict[str, Edition] = {}
        with self._errors("looking up"):
            await self._check_index()
            for start in range(0, len(wanted), IDS_AT_ONCE):
                some = wanted[start : start + IDS_AT_ONCE]
                answer = await self._client.mget(index=self._alias, ids=some, source=["edition"])
                found.update((hit["_id"], self._edition(hit)) for hit in answer["docs"] if hit.get("found"))
        return found

    async def with_isbns(self, isbns: Sequence[str]) -> dict[str, tuple[Edition, ...]]:
        wanted = list(dict.fromkeys(isbns))
        found: dict[str, Edition] = {}
        with self._errors("looking up"):
            await self._check_index()
            for start in range(0, len(wanted), IDS_AT_ONCE):
                async for hit in self._with_any_isbn(wanted[start : start + IDS_AT_ONCE]):
                    found[hit["_id"]] = self._edition(hit)
        return by_isbn(found.values(), isbns)

    async def count(self) -> int:
        with self._errors("counting"):
            if not await self._exists():
                return 0
            return int((await self._client.count(index=self._alias))["count"])

    async def close(self) -> None:
        await self._client.close()

    # --- what is there

    @contextmanager
    def _errors(self, doing: str) -> Iterator[None]:
        """Turns the client's errors into EngineUnavailable with the cluster's own reason."""
        try:
            yield
        except TransportError as exc:
            raise EngineUnavailable(f"the search cluster {self._place} cannot be reached: {exc.message}") from exc
        except NotFoundError as exc:
            if _error_type(exc) != "index_not_found_exception":
                raise EngineUnavailable(f"the search cluster {self._place} failed while {doing}: {exc}") from exc
            self._checked = False
            raise EngineUnavailable(f"there is no index on {self._place} yet; run `allshelves index`") from exc
        except ApiError as exc:
            raise EngineUnavailable(f"the search cluster {self._place} failed while {doing}: {_reason(exc)}") from exc

    async def _check_server(self) -> None:
        """Raises: EngineUnavailable for a server too old. Not asked of ``GET /``: the core modules have none."""
        nodes = (await self._client.nodes.info(filter_path="nodes.*.version"))["nodes"].values()
        for version in {node["version"] for node in nodes}:
            if int(version.partition(".")[0]) < OLDEST_VERSION:
                raise EngineUnavailable(
                    f"the search cluster {self._place} is Elasticsearch {version}; {OLDEST_VERSION} or later is needed"
                )

    async def _check_index(self) -> None:
        """Raises: EngineUnavailable when nothing was ever indexed, EngineIncompatible for another version."""
        if not await self._exists():
            raise EngineUnavailable(f"there is no index {self._alias} on {self._place} yet; run `allshelves index`")

    async def _exists(self) -> bool:
        """Whether there is an index to use. Asked once; a search on an index that went away asks again.

        Raises: EngineIncompatible for an index of another version.
        """
        if not self._checked:
            await self._check_server()
            try:
                behind = (await self._client.indices.get_mapping(index=self._alias)).body
            except NotFoundError:
                return False
            for name, definition in behind.items():
                version = definition["mappings"].get("_meta", {}).get("version")
                if version != self._mapping.version:
                    raise self._incompatible(name, version)
            self._checked = True
        return True

    def _incompatible(self, index: str, version: object) -> EngineIncompatible:
        return EngineIncompatible(
            f"the index {index} on {self._place} has version {version}, this product writes and reads version "
            f"{self._mapping.version}; run `allshelves rebuild`"
        )

    def _edition(self, hit: dict[str, Any]) -> Edition:
        """The edition of a hit, unless another process has meanwhile switched to another version."""
        if not hit["_index"].startswith(self._compatible):
            self._checked = False
            raise self._incompatible(hit["_index"], "another")
        return edition_of(hit["_source"]["edition"])

    def _hit(self, hit: dict[str, Any]) -> Hit:
        edition, score = self._edition(hit), hit["_score"] or 0.0
        if EDITIONS not in hit.get("inner_hits", {}):
            return Hit(edition, score)
        of_work = hit["inner_hits"][EDITIONS]["hits"]
        others = (self._edition(one) for one in of_work["hits"] if one["_id"] != hit["_id"])
        return Hit(edition, score, of_work["total"]["value"], tuple(others))

    async def _behind_alias(self) -> list[str]:
        try:
            return list((await self._client.indices.get_alias(name=self._alias)).body)
        except NotFoundError:
            return []

    async def _indexes(self) -> list[str]:
        return list((await self._client.indices.get(index=f"{self._alias}-*", features="aliases")).body)

    # --- reading

    async def _search(self, **body: Any) -> dict[str, Any]:
        answer = await self._client.search(
            index=self._alias,
            source={"includes": ["edition"]},
            track_total_hits=True,
            search_type="dfs_query_then_fetch",
            allow_partial_search_results=False,
            **body,
        )
        return dict(answer.body)

    async def _with_any_isbn(self, isbns: Sequence[str]) -> AsyncIterator[dict[str, Any]]:
        """The hits that carry any of the ISBNs, by halves when they are more than one search may return."""
        answer = await self._search(query={"terms": {"isbn": list(isbns)}}, size=10_000, sort=[{"num": "asc"}])
        if answer["hits"]["total"]["value"] > len(answer["hits"]["hits"]) and len(isbns) > 1:
            half = len(isbns) // 2
            for some in (isbns[:half], isbns[half:]):
                async for hit in self._with_any_isbn(some):
                    yield hit
            return
        for hit in answer["hits"]["hits"]:
            yield hit

    # --- writing

    async def _create(self, aliases: dict[str, Any], **settings: Any) -> str:
        name = f"{self._compatible}{datetime.now(UTC):%Y%m%dt%H%M%S%f}"
        await self._client.indices.create(
            index=name,
            mappings=self._mapping.mappings,
            settings={**self._mapping.settings, **settings},
            aliases=aliases,
        )
        return name

    async def _switch(self, name: str, replaced: Sequence[str]) -> None:
        """Moves the alias in one step; the index replaced stays until the next rebuild."""
        removals = [{"remove": {"index": old, "alias": self._alias}} for old in replaced]
        await self._client.indices.update_aliases(actions=[*removals, {"add": {"index": name, "alias": self._alias}}])

    async def _drop(self, names: Sequence[str]) -> None:
        if names:
            await self._client.indices.delete(index=list(names), ignore_unavailable=True)

    async def _bulk(
        self, index: str, documents: Iterable[Document], deleted: Iterable[str] = (), *, visible: bool = False
    ) -> None:
        """Sends the changes in parts; what the cluster refuses for now is sent again, later.

        ``visible`` waits after the last part until searches see them.
        """
        parts = list(_parts(_actions(documents, deleted)))
        for number, part in enumerate(parts, 1):
            waiting = part
            for refusals in range(REFUSALS_BORNE + 1):
                waiting = await self._send(index, waiting, "wait_for" if visible and number == len(parts) else False)
                if not waiting:
                    break
                if refusals == REFUSALS_BORNE:
                    raise EngineUnavailable(f"the search cluster {self._place} is too busy to write; try again later")
                await asyncio.sleep(0.1 * 2**refusals)

    async def _send(self, index: str, part: list[bytes], refresh: Literal["wait_for", False]) -> list[bytes]:
        """Sends one part; the actions that were refused for now."""
        try:
            answer = await self._client.bulk(
                index=index, operations=cast(Any, part), refresh=refresh, require_alias=index == self._alias
            )
        except ApiError as exc:
            if _error_type(exc) == REFUSED:
                return part
            raise
        refused: list[bytes] = []
        for action, item in zip(part, answer["items"] if answer["errors"] else (), strict=False):
            (result,) = item.values()
            error = result.get("error")
            if error and error["type"] == REFUSED:
                refused.append(action)
            elif error:
                raise EngineUnavailable(
                    f"the search cluster {self._place} did not take edition {result['_id']}: {error['reason']}"
                )
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


def _without_secrets(url: str) -> str:
    parsed = urlsplit(url)
    return f"{parsed.scheme}://{parsed.hostname}" + (f":{parsed.port}" if parsed.port else "")


def _error(exc: ApiError) -> dict[str, Any]:
    error = exc.body.get("error") if isinstance(exc.body, dict) else None
    return error if isinstance(error, dict) else {}


def _error_type(exc: ApiError) -> str:
    return str(_error(exc).get("type", ""))


def _reason(exc: ApiError) -> str:
    error = _error(exc)
    causes = [error, *(error.get("root_cause") or ())]
    return "; ".join(dict.fromkeys(str(c["reason"]) for c in causes if c.get("reason"))) or str(exc)

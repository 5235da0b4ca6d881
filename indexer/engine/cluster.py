"""The cluster engine: Elasticsearch 9 through its official client, for consortia that outgrow one machine.

Editions are in an index ``<prefix>-editions-<mapping version>-<moment>`` behind the alias ``<prefix>-editions``. A
rebuild fills another index and moves the alias in one step; a second alias, ``<prefix>-editions-before``, keeps the one
it replaced, so that it can be gone back to. All others are of rebuilds that were killed, and the next one removes them.
One process writes at a time: what another wrote while a rebuild ran would be lost.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit

from elastic_transport import ConnectionTimeout, TransportError
from elasticsearch import ApiError, AsyncElasticsearch, NotFoundError

from indexer.engine import (
    Document,
    EngineEmpty,
    EngineIncompatible,
    EngineUnavailable,
    Hit,
    SearchPage,
    SearchRequest,
)
from indexer.engine.answers import by_isbn, edition_of
from indexer.engine.elastic_bulk import send
from indexer.engine.elastic_errors import OLDEST_VERSION, cluster_errors, error_type, told
from indexer.engine.elastic_query import EDITIONS, facets_of, search_body, totals_body, totals_of, works_of
from indexer.engine.elastic_state import TOLD, state_of
from indexer.engine.in_turn import in_turn, is_in_turn
from indexer.engine.layout import DEFAULT_LAYOUT, Layout
from indexer.engine.mapping import index_mapping
from indexer.engine.plan import plan
from indexer.record import Edition

T = TypeVar("T")

IDS_AT_ONCE = 1_000
WRITE_SECONDS = 60
READ_SECONDS = 10
"""A node that hangs is given up on so soon, and another asked."""

PAUSES = (0.2, 0.8)
"""Seconds before a question is asked again that met a node just leaving: its shards are elsewhere by then."""

PASSING = frozenset({502, 503, 504})

SETTLE_SECONDS = 600
"""How long the copies of an index are waited for."""


class ClusterEngine:
    """A `SearchEngine` on a cluster; see the protocol for what each method promises.

    ``urls`` are those of its nodes, separated by commas: one that is down is passed over. The first names the cluster.
    """

    def __init__(self, urls: str, prefix: str = "allshelves", layout: Layout = DEFAULT_LAYOUT) -> None:
        nodes = [url.strip() for url in urls.split(",")]
        self._place = ", ".join(map(_without_secrets, nodes))
        self._mapping = index_mapping()
        self._layout = layout
        self._alias = f"{prefix}-editions"
        self._before = f"{self._alias}-before"
        self.name = f"cluster {_without_secrets(nodes[0])} {self._alias}"
        self._compatible = f"{self._alias}-{self._mapping.version}-"
        self._checked = False
        self._writing = asyncio.Lock()
        self._client = AsyncElasticsearch(
            nodes, request_timeout=WRITE_SECONDS, retry_on_status=(), retry_on_timeout=False, max_retries=len(nodes)
        )
        self._reader = self._client.options(request_timeout=READ_SECONDS, max_retries=len(nodes))

    async def write(self, documents: Sequence[Document], deleted: Sequence[str] = ()) -> None:
        self._mapping.check(documents)
        async with self._writing:
            with self._errors("writing"):
                if not await self._exists():
                    await self._create({self._alias: {}})
                await send(self._client, self._alias, documents, deleted, visible=True, alias=True)

    async def rebuild(self, batches: AsyncIterator[Sequence[Document]]) -> int:
        async with self._writing:
            with self._errors("rebuilding"):
                await self._check_server()
                replaced = await self._behind(self._alias)
                await self._drop([name for name in await self._indexes() if name not in replaced])
                name = await self._create({}, refresh_interval="-1")
            try:
                count = 0
                async for batch in batches:
                    self._mapping.check(batch)
                    with self._errors("rebuilding"):
                        await send(self._client, name, batch)
                    count += len(batch)
                with self._errors("rebuilding"):
                    await self._finish(name, count)
                    await self._switch(name, replaced)
            except BaseException:
                with suppress(ApiError, TransportError):
                    if name not in await self._behind(self._alias):
                        await self._drop([name])
                raise
            self._checked = True
            return count

    async def back(self) -> None:
        async with self._writing:
            with self._errors("switching back"):
                await self._check_server()
                before = await self._behind(self._before)
                if not before:
                    raise EngineUnavailable(f"there is no index on {self._place} that a rebuild replaced")
                await self._check_versions(self._before)
                await self._found(before[0], size=0)
                await self._switch(before[0], await self._behind(self._alias))
            self._checked = True

    async def state(self) -> str:
        with self._errors("looking"):
            await self._check_index()
            return state_of(
                (
                    await self._reader.indices.stats(
                        index=self._alias, metric="docs,refresh", level="shards", filter_path=TOLD
                    )
                ).body
            )

    async def search(self, request: SearchRequest) -> SearchPage:
        if is_in_turn(request):
            return await in_turn(self.search, request)
        body = search_body(plan(request), request)
        with self._errors("searching"):
            await self._check_index()
            answer = await self._search(**body)
            if not answer["hits"]["total"]["value"]:
                self._checked = False  # another version's index would find nothing, and show it nowhere else
                await self._check_index()
        found = answer["hits"]["hits"]
        hits = tuple(self._hit(hit, rows=request.rows) for hit in found)
        ordered = request.sort != "relevance" and not request.by_work
        cursor = str(found[-1]["sort"][0]) if found and ordered else ""
        return SearchPage(answer["hits"]["total"]["value"], hits, facets_of(answer, request), cursor, works_of(answer))

    async def totals(self, requests: Sequence[SearchRequest]) -> tuple[int, ...]:
        if not requests:
            return ()
        with self._errors("counting"):
            await self._check_index()
            return totals_of(await self._search(**totals_body(map(plan, requests))))

    async def editions(self, ids: Sequence[str]) -> dict[str, Edition]:
        wanted = list(dict.fromkeys(ids))
        found: dict[str, Edition] = {}
        with self._errors("looking up"):
            await self._check_index()
            for start in range(0, len(wanted), IDS_AT_ONCE):
                some = wanted[start : start + IDS_AT_ONCE]
                found.update((hit["_id"], self._edition(hit)) for hit in await self._documents(some))
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
            return int((await self._search(size=0))["hits"]["total"]["value"])

    async def close(self) -> None:
        await self._client.close()

    # --- what is there

    @contextmanager
    def _errors(self, doing: str) -> Iterator[None]:
        """Turns the client's errors into EngineUnavailable with the cluster's own reason."""
        try:
            with cluster_errors(self._place, doing):
                yield
        except EngineUnavailable as exc:
            if not isinstance(exc.__cause__, NotFoundError) or error_type(exc.__cause__) != "index_not_found_exception":
                raise
            self._checked = False
            raise EngineEmpty(f"there is no index on {self._place} yet; run `allshelves index`") from exc

    async def _check_server(self) -> None:
        """Raises: EngineUnavailable for a server too old. Not asked of ``GET /``: the core modules have none."""
        answer = await self._reader.nodes.info(filter_path="nodes.*.version")
        for version in {node["version"] for node in answer["nodes"].values()}:
            if int(version.partition(".")[0]) < OLDEST_VERSION:
                raise EngineUnavailable(
                    f"the search cluster {self._place} is Elasticsearch {version}; {OLDEST_VERSION} or later is needed"
                )

    async def _check_index(self) -> None:
        """Raises: EngineUnavailable when nothing was ever indexed, EngineIncompatible for another version."""
        if not await self._exists():
            raise EngineEmpty(f"there is no index {self._alias} on {self._place} yet; run `allshelves index`")

    async def _exists(self) -> bool:
        """Whether there is an index to use. Asked once; a search on an index that went away asks again.

        Raises: EngineIncompatible for an index of another version.
        """
        if not self._checked:
            await self._patiently(self._check_server)
            try:
                await self._patiently(lambda: self._check_versions(self._alias))
            except NotFoundError:
                return False
            self._checked = True
        return True

    async def _check_versions(self, alias: str) -> None:
        """Raises: EngineIncompatible for an index of another version."""
        for name, definition in (await self._reader.indices.get_mapping(index=alias)).body.items():
            version = definition["mappings"].get("_meta", {}).get("version")
            if version != self._mapping.version:
                raise self._incompatible(name, version)

    def _incompatible(self, index: str, version: object) -> EngineIncompatible:
        return EngineIncompatible(
            f"the index {index} on {self._place} has version {version}, this product writes and reads version "
            f"{self._mapping.version}; run `allshelves rebuild`"
        )

    def _edition(self, hit: dict[str, Any], *, rows: bool = False) -> Edition:
        """The edition of a hit, unless another process has meanwhile switched to another version."""
        if not hit["_index"].startswith(self._compatible):
            self._checked = False
            raise self._incompatible(hit["_index"], "another")
        return edition_of(hit["_source"]["edition"], rows=rows)

    def _hit(self, hit: dict[str, Any], *, rows: bool) -> Hit:
        edition, score = self._edition(hit, rows=rows), hit["_score"] or 0.0
        if EDITIONS not in hit.get("inner_hits", {}):
            return Hit(edition, score)
        of_work = hit["inner_hits"][EDITIONS]["hits"]
        others = (self._edition(one, rows=rows) for one in of_work["hits"] if one["_id"] != hit["_id"])
        return Hit(edition, score, of_work["total"]["value"], tuple(others))

    async def _behind(self, alias: str) -> list[str]:
        try:
            return list((await self._client.indices.get_alias(name=alias)).body)
        except NotFoundError:
            return []

    async def _indexes(self) -> list[str]:
        return list((await self._client.indices.get(index=f"{self._alias}-*", features="aliases")).body)

    # --- reading

    async def _patiently(self, ask: Callable[[], Awaitable[T]]) -> T:
        """What is answered, asked again when a node is just leaving: a moment later another one has its shards."""
        for pause in PAUSES:
            try:
                return await ask()
            except ConnectionTimeout:
                pass  # long enough already
            except ApiError as exc:
                if exc.status_code not in PASSING:
                    raise
                await asyncio.sleep(pause)
        return await ask()

    async def _search(self, **body: Any) -> dict[str, Any]:
        return await self._patiently(lambda: self._found(self._alias, **body))

    async def _found(self, index: str, **body: Any) -> dict[str, Any]:
        """The answer of all shards: one that is missing is an error, never fewer hits."""
        answer = await self._reader.search(
            index=index,
            source={"includes": ["edition"]},
            track_total_hits=True,
            search_type="dfs_query_then_fetch",
            allow_partial_search_results=False,
            **body,
        )
        return dict(answer.body)

    async def _documents(self, ids: Sequence[str]) -> list[dict[str, Any]]:
        """The documents of these ids that there are. Raises: EngineUnavailable when some cannot be looked at."""

        async def ask() -> list[dict[str, Any]]:
            answer = await self._reader.mget(index=self._alias, ids=list(ids), source=["edition"])
            return list(answer["docs"])

        for pause in (*PAUSES, None):
            found = await self._patiently(ask)
            failed = next((told(one["error"]) for one in found if "error" in one), None)
            if failed is None:
                return [one for one in found if one["found"]]
            if pause is not None:
                await asyncio.sleep(pause)
        raise EngineUnavailable(f"the search cluster {self._place} failed while looking up: {failed}")

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
            settings={**self._mapping.settings, **self._layout.settings, **settings},
            aliases=aliases,
        )
        await self._settle(name)
        return name

    async def _settle(self, name: str) -> None:
        """Waits until an index has its copies, as far as there are nodes for them: until then one node's death would
        take it away."""
        patient = self._client.options(request_timeout=SETTLE_SECONDS + 10, ignore_status=408)  # 408: not in time
        await patient.cluster.health(
            index=name,
            wait_for_events="languid",
            wait_for_no_initializing_shards=True,
            timeout=f"{SETTLE_SECONDS}s",
        )

    async def _finish(self, name: str, count: int) -> None:
        """Makes a filled index ready to be searched. Raises: EngineUnavailable when it is not what was filled in."""
        interval = self._mapping.settings["refresh_interval"]
        await self._client.indices.put_settings(index=name, settings={"refresh_interval": interval})
        await self._client.indices.refresh(index=name)
        await self._settle(name)
        held = (await self._found(name, size=0))["hits"]["total"]["value"]
        if held != count:
            raise EngineUnavailable(f"the new index {name} on {self._place} holds {held} of {count} editions")

    async def _switch(self, name: str, replaced: Sequence[str]) -> None:
        """Moves the aliases in one step: the index replaced becomes the one before."""
        removals = [{"remove": {"index": old, "alias": self._alias}} for old in replaced]
        removals += [{"remove": {"index": old, "alias": self._before}} for old in await self._behind(self._before)]
        additions = [{"add": {"index": old, "alias": self._before}} for old in replaced]
        additions += [{"add": {"index": name, "alias": self._alias}}]
        await self._client.indices.update_aliases(actions=[*removals, *additions])

    async def _drop(self, names: Sequence[str]) -> None:
        if names:
            await self._client.indices.delete(index=list(names), ignore_unavailable=True)


def _without_secrets(url: str) -> str:
    parsed = urlsplit(url)
    return f"{parsed.scheme}://{parsed.hostname}" + (f":{parsed.port}" if parsed.port else "")

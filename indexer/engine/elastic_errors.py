"""What goes wrong with a cluster, told as an operator needs it: what is the matter, and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from elastic_transport import TransportError
from elasticsearch import ApiError, UnsupportedProductError

from indexer.engine import EngineUnavailable

OLDEST_VERSION = 9

REFUSED = "es_rejected_execution_exception"
"""The one answer that means *later*. A full disk answers 429 as well, and would be asked for ever."""

_READ_ONLY = (
    "somebody made the index or the cluster read-only; lift the block (PUT <index>/_settings "
    '{"index.blocks.write": null, "index.blocks.read_only": null})'
)
_FULL = "a disk of the cluster is full, and it takes no more until there is room: free some or add a node"
_NO_MASTER = "the cluster has no master: fewer than half of its nodes see each other; start those that are missing"
_RED = (
    "parts of the index are on no node (the cluster is red): start the nodes that are missing; if what they held is "
    "lost, run `allshelves rebuild`"
)

_ADVICE: tuple[tuple[str, str, str], ...] = (
    ("cluster_block_exception", "disk usage exceeded", _FULL),
    ("cluster_block_exception", "no master", _NO_MASTER),
    ("cluster_block_exception", "", _READ_ONLY),
    ("master_not_discovered_exception", "", _NO_MASTER),
    ("media_type_header_exception", "", f"it is older than Elasticsearch {OLDEST_VERSION}; this or later is needed"),
    ("security_exception", "", "it does not let us in; ALLSHELVES_ENGINE takes http://user:password@host:9200"),
    ("no_shard_available_action_exception", "", _RED),
    ("unavailable_shards_exception", "", _RED),
    ("search_phase_execution_exception", "missing shards", _RED),
)
"""What to do by a kind of error and a part of its reason; the first that fits."""


@contextmanager
def cluster_errors(place: str, doing: str) -> Iterator[None]:
    """Turns the client's errors into EngineUnavailable, with the cluster's own reason and what to do about it."""
    try:
        yield
    except TransportError as exc:
        raise EngineUnavailable(f"the search cluster {place} cannot be reached: {exc.message}") from exc
    except UnsupportedProductError as exc:
        raise EngineUnavailable(_stranger(place)) from exc
    except ApiError as exc:
        raise EngineUnavailable(_failure(exc, place, doing)) from exc


def error_type(exc: ApiError) -> str:
    """What kind of error the cluster calls it, "" when it says nothing of the kind."""
    return str(_error(exc).get("type", ""))


def told(error: Mapping[str, Any]) -> str:
    """What an error means to an operator and the cluster's own reasons, "" when it gives none of either."""
    causes = list(_causes(error))
    meant = (what for kind, part, what in _ADVICE for its_kind, why in causes if kind == its_kind and part in why)
    what, why = next(meant, ""), "; ".join(dict.fromkeys(why for _, why in causes if why))
    return f"{what} ({why})" if what and why else what or why


def _failure(exc: ApiError, place: str, doing: str) -> str:
    if "x-elastic-product" not in exc.meta.headers and not _error(exc):
        return f"{_stranger(place)} (status {exc.status_code})"
    return f"the search cluster {place} failed while {doing}: {told(_error(exc)) or exc}"


def _stranger(place: str) -> str:
    return f"what answers at {place} is not Elasticsearch {OLDEST_VERSION} or later; look at ALLSHELVES_ENGINE"


def _error(exc: ApiError) -> Mapping[str, Any]:
    error = exc.body.get("error") if isinstance(exc.body, dict) else None
    return error if isinstance(error, dict) else {}


def _causes(error: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """An error and all that the cluster says it came from: kind and reason, "" for what is not said."""
    inner = [*(error.get("root_cause") or ()), *(one["reason"] for one in error.get("failed_shards") or ())]
    inner += [error["caused_by"]] if error.get("caused_by") else []
    if error:
        yield str(error.get("type") or ""), str(error.get("reason") or "")
    for one in inner:
        if isinstance(one, dict):
            yield from _causes(one)

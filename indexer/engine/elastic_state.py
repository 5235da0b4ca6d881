"""How a cluster's index is named as searches see it now: what they see changes only when a shard is refreshed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

TOLD = ",".join(
    f"indices.*.shards.*.{name}"
    for name in ("routing.node", "docs", "refresh.total", "refresh.external_total", "seq_no.max_seq_no")
)
"""What is asked of the statistics: which copies there are, what they hold, and how often they were refreshed."""


def state_of(statistics: Mapping[str, Any]) -> str:
    """The name of the state that an answer of ``GET /<index>/_stats/docs,refresh?level=shards`` describes."""
    return orjson.dumps(statistics, option=orjson.OPT_SORT_KEYS).decode()

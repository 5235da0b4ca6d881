"""How an index lies on the nodes of a cluster."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Layout:
    """Shards and their copies. A change holds from the next rebuild on."""

    shards: int = 1
    replicas: int | None = None  # copies of each shard; None: one as soon as there is a second node

    @property
    def settings(self) -> Mapping[str, int | str]:
        """The settings of an index that lies so, as Elasticsearch names them."""
        copies: dict[str, int | str] = {"number_of_replicas": self.replicas or 0}
        if self.replicas is None:
            copies = {"auto_expand_replicas": "0-1"}
        return {"number_of_shards": self.shards, **copies}


DEFAULT_LAYOUT = Layout()

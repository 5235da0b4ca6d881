"""Which engine a deployment uses: the embedded one, or a cluster by its URL."""

from __future__ import annotations

from pathlib import Path

from indexer.engine import SearchEngine
from indexer.engine.cluster import ClusterEngine
from indexer.engine.embedded import EmbeddedEngine


def open_engine(engine_url: str, folder: Path) -> SearchEngine:
    """The engine at a URL (``http://user:password@host:9200``), or for "" the embedded one with its index in a folder.

    Nothing is asked or written before the first call on it.
    """
    return ClusterEngine(engine_url) if engine_url else EmbeddedEngine(folder)

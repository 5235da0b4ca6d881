"""Which engine a deployment uses: the embedded one, or a cluster by its URL."""

from __future__ import annotations

from pathlib import Path

from indexer.engine import SearchEngine
from indexer.engine.cluster import ClusterEngine
from indexer.engine.embedded import EmbeddedEngine
from indexer.engine.layout import DEFAULT_LAYOUT, Layout


def open_engine(engine_urls: str, folder: Path, layout: Layout = DEFAULT_LAYOUT) -> SearchEngine:
    """The engine at the URLs of a cluster's nodes (``http://user:password@host:9200``, separated by commas), or for ""
    the embedded one with its index in a folder.

    Nothing is asked or written before the first call on it.
    """
    return ClusterEngine(engine_urls, layout=layout) if engine_urls else EmbeddedEngine(folder)

"""What tests of several packages share: one real Elasticsearch node for all that a process runs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from fixtures import node


@pytest.fixture(scope="session")
def elasticsearch_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real node, started for this run. One that cannot start fails the tests, it never skips them."""
    with node.start(tmp_path_factory.mktemp("node")) as running:
        yield running.url

"""What tests of several packages share: one real Elasticsearch node for the whole run, and who runs which file."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from fixtures import node


@pytest.fixture(scope="session")
def elasticsearch_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real node, started for this run. One that cannot start fails the tests, it never skips them."""
    with node.start(tmp_path_factory.mktemp("node")) as running:
        yield running.url


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Gives the tests of a file to one worker, as they share what is costly; those of the node's files to the same one,
    so that one node is started, and those in the browser to the same one, so that one demo is served."""
    at_node = {item.path for item in items if "elasticsearch_url" in getattr(item, "fixturenames", ())}
    for item in items:
        in_browser = item.path.parent.name == "journeys"
        group = "node" if item.path in at_node else "journeys" if in_browser else str(item.path)
        item.add_marker(pytest.mark.xdist_group(group))

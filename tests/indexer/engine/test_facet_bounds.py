"""Where a facet has more values than each part of an index counts, its counts say by how much they may be too low."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest

from indexer.document import document
from indexer.engine import FacetValue, SearchEngine, SearchRequest, elastic_query, tantivy_search
from indexer.engine.cluster import ClusterEngine
from indexer.engine.embedded import EmbeddedEngine
from indexer.engine.layout import Layout
from tests.support.editions import make_edition, make_libraries

SUBJECTS = [*(f"Subject {number}" for number in range(120)), *["Everywhere"] * 60]
"""Of one edition each: more than the 51 that both engines ask of a part, at the least."""


@pytest.fixture(params=["embedded", "cluster"])
async def engine(request: pytest.FixtureRequest, tmp_path: Path, elasticsearch_url: str) -> AsyncIterator[SearchEngine]:
    """An engine whose index has several parts."""
    prefix = f"bounds-{uuid4().hex[:8]}"
    opened = (
        EmbeddedEngine(tmp_path / "index")
        if request.param == "embedded"
        else ClusterEngine(elasticsearch_url, prefix, Layout(shards=2))
    )
    editions = [make_edition(f"e{n}", "Title", subjects=(name,)) for n, name in enumerate(SUBJECTS)]
    documents = [document(edition, make_libraries()) for edition in editions]
    await opened.write(documents[::2])
    await opened.write(documents[1::2])
    yield opened
    await opened.close()


async def first_subject(engine: SearchEngine) -> FacetValue:
    page = await engine.search(SearchRequest(limit=0, facets=("subject",), facet_size=1))
    return page.facets["subject"][0]


async def test_counts_are_exact_where_all_values_are_counted(engine: SearchEngine) -> None:
    assert await first_subject(engine) == FacetValue("Everywhere", 60, 0)


async def test_counts_say_their_bound_where_parts_leave_values_out(
    engine: SearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(elastic_query, "TERMS_CONSIDERED", 1)
    monkeypatch.setattr(tantivy_search, "TERMS_CONSIDERED", 1)
    found = await first_subject(engine)
    assert (found.value, found.error > 0) == ("Everywhere", True)
    assert found.count <= 60 <= found.count + found.error

"""What `/api/search` writes without a model is what its model describes."""

from __future__ import annotations

import httpx
import pytest

from search_api.schemas import SearchBody


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("", "hits, facets and a page"),
        ("size=1&page=2", "what is before and behind"),
        ("size=1&sort=title", "a cursor"),
        ("group=work", "works"),
        ("q=sapienz", "another spelling"),
        ("q=9789570835871", "a wrong check digit"),
        ("library=alpha&language=chi&facet_size=2", "values chosen"),
        ("facet_size=0", "no facets"),
    ],
)
async def test_an_answer_is_of_the_shape_described(client: httpx.AsyncClient, query: str, why: str) -> None:
    answer = await client.get(f"/api/search?{query}")
    assert answer.status_code == 200, why
    body = SearchBody.model_validate_json(answer.content, strict=True)
    assert body.model_dump(mode="json") == answer.json(), why
    assert list(body.model_dump()) == list(answer.json()), "in the order described"

"""Whatever is typed, the embedded engine answers: no error, no panic, and the process lives."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.document import document
from indexer.engine import Clause, FacetField, Filter, How, SearchField, SearchRequest, Sort
from indexer.engine.embedded import EmbeddedEngine
from tests.support.editions import make_libraries
from tests.support.shelf import SHELF

PIECES = st.sampled_from(
    [
        *("OR", "NOT", "AND", "|", "-", '"', "「", "」", "title:", "作者：", "isbn:", "*", "?", "(", ")", "[", " "),
        *(
            "第3冊",
            "紅樓夢",
            "曹雪芹",
            "norwegian",
            "hong",
            "ㄏㄨㄥˊ",
            "ㄌ",
            "9789570835878",
            "1607-2294",
            "ภาษา",
            "한국",
        ),
        *("ﾉ", "Ł", "\u0301"),
    ]
)
TYPED = st.one_of(st.text(max_size=60), st.lists(st.one_of(PIECES, st.text(max_size=3)), max_size=40).map("".join))


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[EmbeddedEngine, asyncio.Runner]]:
    with asyncio.Runner() as runner:
        engine = EmbeddedEngine(tmp_path_factory.mktemp("any-query"))
        runner.run(engine.write([document(edition, make_libraries()) for edition in SHELF]))
        yield engine, runner
        runner.run(engine.close())


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(
        st.tuples(TYPED, st.sampled_from(get_args(SearchField)), st.sampled_from(get_args(How))), max_size=3
    ),
    facet=st.sampled_from(get_args(FacetField)),
    value=st.text(max_size=20),
    sort=st.sampled_from(get_args(Sort)),
)
def test_any_query_is_answered(
    *,
    filled: tuple[EmbeddedEngine, asyncio.Runner],
    texts: list[tuple[str, SearchField, How]],
    facet: FacetField,
    value: str,
    sort: Sort,
) -> None:
    engine, runner = filled
    clauses = tuple(Clause(*one) for one in texts)
    page = runner.run(engine.search(SearchRequest(clauses, sort=sort, limit=5, facets=(facet,))))
    assert page.total >= len(page.hits)
    narrowed = runner.run(engine.search(SearchRequest(clauses, (Filter(facet, (value,)),), limit=5)))
    assert narrowed.total <= page.total

"""Why records are one edition: each joined to one above it by the strongest judgement there is."""

from __future__ import annotations

import pytest

from indexer.catalogue import Edge
from indexer.record import RecordRef
from search_api.evidence_view import REASONS_SHOWN, evidence, joined
from search_api.labels import Labels
from search_api.services import Services
from search_api.texts import texts
from tests.support.catalogue import RED

A, B, C, D = (RecordRef(code, "1") for code in ("alpha", "beta", "cork", "dill"))


def edge(a: RecordRef, b: RecordRef, score: float) -> Edge:
    return Edge(a, b, score, ("isbn_shared",), "m1")


CHAINS = [
    ((A, B, C), [edge(A, B, 9), edge(A, C, 8)], [(A, None), (B, 9), (C, 8)], "both to the first"),
    ((A, B, C), [edge(B, C, 9), edge(A, B, 8)], [(A, None), (B, 8), (C, 9)], "through the second"),
    ((A, B, C), [edge(A, C, 9), edge(B, C, 8), edge(A, B, 2)], [(A, None), (C, 9), (B, 8)], "the strongest first"),
    ((A, B), [], [(A, None), (B, None)], "no edge reaches the second: it is shown all the same"),
    ((A, B, C, D), [edge(A, B, 5), edge(C, D, 5)], [(A, None), (B, 5), (C, None), (D, 5)], "two groups"),
    ((A,), [], [(A, None)], "one record"),
    ((), [], [], "none"),
]


@pytest.mark.parametrize(("refs", "edges", "expected", "why"), CHAINS)
def test_each_record_is_joined_to_one_above_it(
    refs: tuple[RecordRef, ...], edges: list[Edge], expected: list[tuple[RecordRef, float | None]], why: str
) -> None:
    found = [(ref, one.score if one else None) for ref, one in joined(refs, edges)]
    assert found == expected, why


async def test_the_evidence_of_an_edition_is_told_in_words(services: Services) -> None:
    edition_id = (await services.engine.with_isbns([RED]))[RED][0].id
    edition = services.catalogue.edition(edition_id)
    assert edition is not None
    lines = evidence(services, edition, texts("en"), Labels(services.libraries, "en"))
    assert sorted(line.library for line in lines) == ["Alpha Library", "Beta Library", "Gamma Library"]
    assert {line.dialect for line in lines} == {"MARC 21"}
    first, *rest = lines
    assert first.compared == "(where the comparison starts)"
    assert first.reasons == ()
    for line in rest:
        assert line.compared.startswith("Compared with ")
        assert line.reasons[0] == "An ISBN is shared", "the weightiest first"
        assert len(line.reasons) <= REASONS_SHOWN
    assert {line.url for line in lines} >= {f"/api/editions/{edition_id}/records/alpha/oai%3Aalpha%3A100"}

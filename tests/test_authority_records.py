"""Authority records of the demo's members, from their OAI-PMH servers to a search: 查良鏞 finds 金庸."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from fixtures.consortium.editions import Edition, load_editions
from fixtures.servers import Consortium, running_consortium
from harvester.run import harvest
from harvester.store import Store
from indexer.catalogue import Catalogue
from indexer.engine import Clause, SearchField, SearchRequest
from indexer.engine.embedded import EmbeddedEngine
from indexer.run import IndexOutcome, index_changes
from mappings.library import load_libraries

MEMBERS = ("ntl", "shiqiao")
WRITERS = ("金庸", "曹雪芹", "村上春樹")


@dataclass
class Union:
    folder: Path
    consortium: Consortium

    async def bring_up_to_date(self) -> IndexOutcome:
        """Harvests both members and indexes what changed."""
        libraries = load_libraries(self.consortium.write_libraries(self.folder / "libraries"))
        store = Store.open(f"sqlite:///{self.folder / 'catalogue.sqlite3'}")
        engine = EmbeddedEngine(self.folder / "index")
        try:
            outcomes = await harvest(libraries.values(), store)
            assert [outcome.status for outcome in outcomes] == ["complete"] * len(MEMBERS), outcomes
            return await index_changes(store, Catalogue(store.engine), engine, libraries)
        finally:
            await engine.close()
            store.close()

    async def titles(self, text: str, field: SearchField) -> set[str]:
        engine = EmbeddedEngine(self.folder / "index")
        try:
            page = await engine.search(SearchRequest((Clause(text, field),), limit=100))
        finally:
            await engine.close()
        return {hit.edition.titles[0].value.proper for hit in page.hits}


def editions() -> list[Edition]:
    return [edition for edition in load_editions() if any(one.name in WRITERS for one in edition.creators)]


@pytest.mark.parametrize("field", ["all", "creator"])
async def test_books_are_found_by_every_name_of_their_writer_while_a_member_says_so(
    tmp_path: Path, field: SearchField
) -> None:
    async with running_consortium(MEMBERS, editions=editions()) as consortium:
        union = Union(tmp_path, consortium)
        outcome = await union.bring_up_to_date()
        assert outcome.authorities == len(MEMBERS) * len(WRITERS)
        assert outcome.unreadable == 0
        by_jin_yong = await union.titles("金庸", field)
        assert len(by_jin_yong) > 5
        for name in ("查良鏞", "查良镛", "Louis Cha", "Cha, Louis"):
            assert await union.titles(name, field) == by_jin_yong, name
        assert await union.titles("무라카미", field) == await union.titles("村上春樹", field) != set()
        assert await union.titles("曹霑", field) == await union.titles("曹雪芹", field) != set()

        for member, number in (("ntl", "A0000001"), ("shiqiao", "sqa000001")):
            consortium[member].repository.delete(number)
        outcome = await union.bring_up_to_date()
        assert (outcome.seen, outcome.deleted) == (2, 2)
        assert outcome.editions_written > 5
        assert await union.titles("查良鏞", field) == set()
        assert await union.titles("金庸", field) == by_jin_yong

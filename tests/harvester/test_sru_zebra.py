"""SRU harvested from a server that we did not write."""

from __future__ import annotations

from pathlib import Path

import pytest

from harvester.store import Store
from tests.support.harvesting import contents, live, run
from tests.support.marc_bytes import collection, marcxml
from tests.support.sru import sru_library
from tests.support.zebra import PRESENT, zebra

pytestmark = pytest.mark.skipif(not PRESENT, reason="Debian's idzebra-2.0 is not installed")

WAYS: list[tuple[dict[str, object], str]] = [
    ({}, "all with one query"),
    ({"part": 'rec.id="{prefix}*"', "max_results": 40}, "in parts by prefix"),
    ({"part": "rec.id>={low} and rec.id<={high}", "low": 100, "high": 999, "max_results": 40}, "in parts by number"),
]


@pytest.mark.parametrize(("sru", "way"), WAYS, ids=[way for _, way in WAYS])
async def test_zebra_is_harvested_whole(tmp_path: Path, sru: dict[str, object], way: str) -> None:
    records = collection(*(marcxml(str(number), f"標題 {number}") for number in range(100, 350)))
    store = Store.open(f"sqlite:///{tmp_path}/catalogue.sqlite3")
    (tmp_path / "zebra").mkdir()
    async with zebra(tmp_path / "zebra", records) as url:
        (outcome,) = await run(store, sru_library(url, **{"page_size": 30, **sru}))
    assert (outcome.status, outcome.error, outcome.new) == ("complete", "", 250)
    assert live(store) == [str(number) for number in range(100, 350)]
    assert "標題 123" in contents(store)["123"][0].decode()
    store.close()


async def test_a_query_that_zebra_does_not_know_is_a_failure_in_its_words(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path}/catalogue.sqlite3")
    (tmp_path / "zebra").mkdir()
    async with zebra(tmp_path / "zebra", collection(marcxml("1"))) as url:
        (outcome,) = await run(store, sru_library(url, everything="nosuch.index=1"))
    assert outcome.status == "failed"
    assert "diagnostic 1" in outcome.error
    store.close()

"""What the catalogue holds of one library: read back from a real one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from harvester.store import Store
from indexer import own_records
from indexer.catalogue import Catalogue
from mappings.library import load_libraries
from search_api.settings import Settings
from tests.support.catalogue import RED_AT_ALPHA, fill, harvest_into, index


@pytest.fixture
async def filled(tmp_path: Path) -> AsyncIterator[tuple[Settings, Store, Catalogue]]:
    settings = await fill(tmp_path)
    store = Store.open(settings.database_url)
    yield settings, store, Catalogue(store.engine)
    store.close()


Filled = tuple[Settings, Store, Catalogue]


def test_a_librarys_records_come_in_the_order_of_their_identifiers(
    filled: Filled, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, _, catalogue = filled
    monkeypatch.setattr(own_records, "BATCH", 1)
    assert [r.identifier for r in own_records.records(catalogue, "alpha")] == ["oai:alpha:100", "oai:alpha:101"]
    assert [r.identifier for r in own_records.records(catalogue, "alpha", "101")] == ["oai:alpha:101"]
    assert list(own_records.records(catalogue, "delta")) == []
    assert own_records.count(catalogue, "alpha") == 2


def test_a_record_is_found_by_what_its_own_library_calls_it(filled: Filled) -> None:
    _, _, catalogue = filled
    assert [str(ref) for ref in own_records.named(catalogue, "alpha", "100")] == ["alpha:oai:alpha:100"]
    assert [str(ref) for ref in own_records.named(catalogue, "beta", "200")] == ["beta:oai:beta:200"], "999$c, not 001"
    assert own_records.named(catalogue, "alpha", "200") == ()
    assert own_records.named(catalogue, "alpha", "10%") == (), "no pattern"


async def test_records_of_one_edition_in_one_library_are_duplicates(filled: Filled) -> None:
    settings, store, catalogue = filled
    assert own_records.duplicates(catalogue, "alpha").editions == 0
    harvest_into(store, "alpha", [("oai:alpha:900", RED_AT_ALPHA)])
    await index(settings)
    told = own_records.duplicates(catalogue, "alpha")
    assert (told.editions, told.surplus) == (1, 1)
    [example] = told.examples
    assert example.title == "紅樓夢校注"
    assert [str(ref) for ref in example.records] == ["alpha:oai:alpha:100", "alpha:oai:alpha:900"]
    quality = own_records.quality_of(store, catalogue, load_libraries(settings.libraries)["alpha"])
    assert (quality.records, quality.duplicates) == (3, told)
    assert quality.conflicts.numbers == 1, "both state 100"


async def test_the_state_changes_with_what_is_harvested_read_and_refused(filled: Filled) -> None:
    settings, store, catalogue = filled
    states = [own_records.state_of(store, catalogue, "alpha")]
    assert own_records.state_of(store, catalogue, "alpha") == states[0]
    harvest_into(store, "alpha", [("oai:alpha:900", RED_AT_ALPHA)])
    states.append(own_records.state_of(store, catalogue, "alpha"))
    await index(settings)
    states.append(own_records.state_of(store, catalogue, "alpha"))
    store.quarantine_record("alpha", "x", "why")
    states.append(own_records.state_of(store, catalogue, "alpha"))
    assert len(set(states)) == len(states)


async def test_fields_that_nothing_reads_are_counted_in_records_spread_over_all(
    filled: Filled, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, store, catalogue = filled
    member = load_libraries(settings.libraries)["alpha"]
    assert own_records.quality_of(store, catalogue, member).unread_fields == ()
    harvest_into(store, "alpha", [("oai:alpha:900", RED_AT_ALPHA + "\n=907  \\\\$aX")])
    await index(settings)
    [unread] = own_records.quality_of(store, catalogue, member).unread_fields
    assert (unread.tag, unread.records, unread.looked_at) == ("907", 1, 3)
    assert [str(ref) for ref in unread.examples] == ["alpha:oai:alpha:900"]
    monkeypatch.setattr(own_records, "LOOKED_AT", 1)
    assert own_records.quality_of(store, catalogue, member).unread_fields == (), "only the first of three is looked at"

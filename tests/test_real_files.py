"""Real files, each as one member: every record is read or its refusal is explained, and none is lost on the way."""

from __future__ import annotations

from pathlib import Path

import pytest

from harvester.run import harvest
from harvester.store import Store
from indexer.catalogue import Catalogue
from indexer.engine.open import open_engine
from indexer.run import index_changes
from mappings.library import Harvest, Library, Records

DATA = Path(__file__).parents[2] / "shared" / "data" / "marc"
RECORD_END = 0x1D

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"the real records are not here: {DATA}")


def _member(number: int, file: Path) -> Library:
    return Library(
        code=f"real-{number:02d}",
        name={"en": file.stem},
        region="abroad",
        kind="university",
        harvest=Harvest(protocol="marc-dump", files=(str(file),)),
        records=Records(dialect="auto"),
    )


def _records_in(file: Path) -> int:
    payload = file.read_bytes()
    return payload.count(b"<record") if file.suffix == ".xml" else payload.count(RECORD_END)


async def test_the_catalogue_loads_every_real_file_without_losing_a_record(tmp_path: Path) -> None:
    files = sorted(file for file in DATA.iterdir() if file.suffix in (".mrc", ".xml"))
    libraries = {member.code: member for member in map(_member, range(len(files)), files)}
    store = Store.open(f"sqlite:///{tmp_path / 'catalogue.sqlite3'}")
    catalogue = Catalogue(store.engine)
    engine = open_engine("", tmp_path / "index")
    try:
        outcomes = await harvest(libraries.values(), store)
        indexed = await index_changes(store, catalogue, engine, libraries)
        editions = await engine.count()
        quarantined = {code: store.quarantined(code) for code in libraries}
    finally:
        await engine.close()
        store.close()
    sent = 0
    for outcome, file in zip(outcomes, files, strict=True):
        assert outcome.status == "complete", (file.name, outcome)
        accounted = (
            outcome.new + outcome.changed + outcome.unchanged + outcome.deleted + outcome.unreadable + outcome.waiting
        )
        assert outcome.seen == accounted == _records_in(file), (file.name, outcome)
        sent += outcome.seen
    refused = [one for ones in quarantined.values() for one in ones]
    never_held = sum(outcome.deleted for outcome in outcomes)  # told of in an empty store: nothing to index
    assert sent == indexed.seen + never_held + sum(outcome.unreadable for outcome in outcomes)
    assert indexed.read + indexed.deleted + indexed.unreadable == indexed.seen
    assert len(refused) == indexed.unreadable + sum(outcome.unreadable for outcome in outcomes)
    assert all(one.reason and one.identifier for one in refused)
    assert len(refused) <= sent * 0.001, refused
    assert 0 < editions == indexed.editions_written

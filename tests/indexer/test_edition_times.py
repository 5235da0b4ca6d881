"""When editions entered and changed: as the harvests that brought their records say."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import inspect

from harvester.store import Store
from indexer import catalogue_tables, edition_times
from indexer.catalogue import Catalogue
from tests.support.catalogue import fill, harvest_into, index

NEW = """
=001  700
=008  200101s2020    ch            000 0 chi d
=245  00$a新到的書
"""


async def test_the_newest_comes_first_with_the_day_it_came_and_the_day_it_changed(tmp_path: Path) -> None:
    settings = await fill(tmp_path)
    store = Store.open(settings.database_url)
    before = edition_times.newest(store.engine, 100)
    harvest_into(store, "delta", [("oai:delta:700", NEW)])
    await index(settings)
    after = edition_times.newest(store.engine, 100)
    assert after[1:] == before
    [new] = set(after) - set(before)
    assert edition_times.newest(store.engine, 1) == [new]
    found = edition_times.times(store.engine, [new, "nosuch"])
    assert found.keys() == {new}
    assert datetime.now(UTC) - found[new].entered < timedelta(minutes=5)
    assert found[new].entered <= found[new].changed
    assert edition_times.count(store.engine) == len(after)
    listed = list(edition_times.changes(store.engine, ""))
    assert listed == [(one, edition_times.times(store.engine, [one])[one].changed) for one in sorted(after)]
    assert [one for one, _ in edition_times.changes(store.engine, new[0])] == sorted(
        one for one in after if one[0] == new[0]
    )
    assert edition_times.last_change(store.engine) is not None
    store.close()


def test_a_catalogue_of_an_earlier_version_gets_the_index_that_the_newest_are_found_by(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path}/c.sqlite3")
    Catalogue(store.engine)
    with store.engine.begin() as connection:
        catalogue_tables.NEWEST.drop(connection)
    Catalogue(store.engine)
    names = {one["name"] for one in inspect(store.engine).get_indexes("catalogue_editions")}
    assert "catalogue_editions_newest" in names
    assert edition_times.newest(store.engine, 5) == []
    assert edition_times.last_change(store.engine) is None
    store.close()

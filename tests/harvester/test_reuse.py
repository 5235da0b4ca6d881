"""An identifier that is given to quite another record: the record changes, and what it was is kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from harvester.reuse import formers
from harvester.store import Store
from tests.support.harvesting import contents
from tests.support.listing import Clock, Listing, visited


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    store = Store.open(f"sqlite:///{tmp_path}/catalogue.sqlite3", clock)
    yield store
    store.close()


CHANGES = [
    # title before, title now, is another record, why
    ("紅樓夢", "西遊記", True, "nothing of it is the same"),
    ("紅樓夢", "紅樓夢 / 曹雪芹", False, "a statement of responsibility was added"),
    ("A Title", "A title.", False, "how it is written was corrected"),
    ("A title", "", False, "nothing tells that it is another"),
    ("紅樓夢校注", "\ufffd\ufffd好\ufffd", False, "a damaged title tells nothing"),
    ("紅樓夢校注", "?????", False, "nor do question marks"),
    ("\ufffd\ufffd家\ufffd變", "\ufffd西遊記校注", True, "of two damaged ones what is left tells"),
]


@pytest.mark.parametrize(("before", "now", "another", "why"), CHANGES, ids=[row[3] for row in CHANGES])
async def test_another_record_under_an_old_identifier_is_noticed(
    tmp_path: Path, before: str, now: str, another: bool, why: str
) -> None:
    store = Store.open(f"sqlite:///{tmp_path}/catalogue.sqlite3", Clock())
    there = Listing({"a": before})
    await visited(store, there.source())
    there.changes = {"a": now}
    (outcome,) = await visited(store, there.source())
    assert (outcome.changed, outcome.reused) == (1, int(another)), why
    assert [former.record.identifier for former in formers(store, "testlib")] == ["a"] * another
    store.close()


async def test_what_the_record_was_is_kept_for_ninety_days(store: Store, clock: Clock) -> None:
    there = Listing({"a": "紅樓夢"})
    await visited(store, there.source())
    payload = contents(store)["a"][0]
    there.changes = there.records = {"a": "西遊記"}
    await visited(store, there.source())
    (former,) = formers(store, "testlib")
    assert (former.record.payload, former.replaced_at) == (payload, clock.at)
    assert contents(store)["a"][0] != payload
    clock.later(days=91)
    await visited(store, there.source(), sweep=False)
    assert formers(store, "testlib") == []


async def test_records_named_by_their_place_in_a_file_are_not_compared(store: Store) -> None:
    there = Listing({"#1": "紅樓夢"})
    await visited(store, there.source())
    there.changes = {"#1": "西遊記"}
    (outcome,) = await visited(store, there.source())
    assert (outcome.changed, outcome.reused) == (1, 0)

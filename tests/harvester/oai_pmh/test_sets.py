from __future__ import annotations

import pytest

from harvester.errors import AccessRefused, FilterLost
from tests.support.oai import OaiRecord, oai_server, records, response, sends
from tests.support.oai_visit import NOW, end_of, listing, names

LATER = "2024-05-02T00:00:00Z"
BOTH = {"sets": ["books", "maps"]}


def shelf(count: int, *sets: str, prefix: str = "") -> list[OaiRecord]:
    return [OaiRecord(f"{prefix or sets[0]}-{number}", sets=sets) for number in range(count)]


async def test_every_set_is_listed_to_its_own_end() -> None:
    async with oai_server(
        [*shelf(15, "books"), *shelf(12, "maps"), *shelf(5, "films")], sets=("books", "maps")
    ) as server:
        listed = await listing(server, harvest=BOTH)
    assert sorted(names(listed)) == sorted(record.identifier for record in server.records[:27])
    assert end_of(listed).proven
    assert [request.get("set") for request in server.asked] == ["books", None, "maps", None]


async def test_a_visit_goes_on_in_the_set_where_it_was() -> None:
    async with oai_server([*shelf(15, "books"), *shelf(15, "maps")], sets=("books", "maps")) as server:
        third = (await listing(server, harvest=BOTH))[2].checkpoint
        server.requests.clear()
        listed = await listing(server, harvest=BOTH, checkpoint=third)
    assert names(listed) == [f"maps-{number}" for number in range(10, 15)]
    assert server.asked == [{"verb": "ListRecords", "resumptionToken": "page-2"}]


async def test_a_set_the_server_no_longer_has_is_a_failure_and_no_empty_list() -> None:
    async with oai_server(shelf(5, "books"), sets=("books",)) as server:
        for harvest in (BOTH, {"set": "maps"}):
            with pytest.raises(AccessRefused, match="no set 'maps'"):
                await listing(server, harvest=harvest)
    assert server.asked == []


async def test_a_server_that_does_not_say_which_sets_it_has_is_believed_to_have_them() -> None:
    async with oai_server(shelf(5, "books"), sets=("books",)) as server:
        server.verbs["ListSets"] = sends("", 500)
        assert len(names(await listing(server, harvest={"set": "books"}))) == 5


async def test_a_record_that_left_one_set_and_is_in_another_is_not_deleted() -> None:
    there = OaiRecord("moved", LATER, title="in maps now", sets=("maps",))
    gone = OaiRecord("gone", LATER, deleted=True, sets=("books",))
    async with oai_server([*shelf(5, "maps"), there, gone], sets=("books", "maps")) as server:
        left = OaiRecord("moved", LATER, deleted=True, sets=("books",))
        first = response(f"<ListRecords>{left.xml()}{gone.xml()}</ListRecords>")
        server.at(1, sends(first))
        listed = await listing(server, since=NOW.isoformat(), harvest=BOTH)
    found = {record.identifier: record.deleted for page in listed for record in page.records}
    assert found == {"moved": False, "gone": True}
    assert end_of(listed).proven


async def test_where_it_cannot_be_found_out_what_has_left_the_end_is_unproven() -> None:
    async with oai_server([OaiRecord("x", LATER, deleted=True, sets=("books",))], sets=("books", "maps")) as server:
        server.verbs["GetRecord"] = sends("", 500)
        listed = await listing(server, since=NOW.isoformat(), harvest=BOTH)
    assert names(listed) == []
    assert not end_of(listed).proven


async def test_in_a_full_list_of_several_sets_absence_is_what_deletes() -> None:
    mixed = [OaiRecord("x", deleted=True, sets=("books",)), OaiRecord("x", sets=("maps",))]
    async with oai_server(mixed, sets=("books", "maps")) as server:
        listed = await listing(server, harvest=BOTH)
    assert [(record.identifier, record.deleted) for page in listed for record in page.records] == [("x", False)]


@pytest.mark.parametrize("own", ["films", "bookshop"])
async def test_a_server_that_lists_other_sets_than_asked_for_is_a_failure(own: str) -> None:
    async with oai_server([*shelf(7, "books"), *shelf(3, own)], sets=("books",)) as server:
        server.always[1] = sends(server.page(1))
        with pytest.raises(FilterLost, match=r"3 of 10.*'books'"):
            await listing(server, harvest={"set": "books"})


@pytest.mark.parametrize("own", [(), ("books:rare",), ("films", "books")])
async def test_a_record_of_no_set_of_a_set_within_or_of_several_is_no_stranger(own: tuple[str, ...]) -> None:
    async with oai_server(records(10, sets=own), sets=("books",)) as server:
        server.always[1] = sends(server.page(1))
        assert end_of(await listing(server, harvest={"set": "books"})).proven

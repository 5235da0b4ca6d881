from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from aiohttp import web

from harvester.errors import AccessRefused, AnswerRefused, HarvestFailed, ProtocolFailed
from harvester.page import Page, Visit
from harvester.sru import pages, source_of
from harvester.sru_parts import Part, first_part, split
from harvester.store import Checkpoint, Store, utc_now
from mappings.library import Library
from mappings.sru import Sru
from tests.support.harvesting import live, run
from tests.support.oai import serving, sleepless, xml_answer
from tests.support.sru import SRU_2, diagnostic, sru_library, sru_server

BY_PREFIX = {"part": 'rec.id="{prefix}*"'}
BY_BOUNDS = {"part": "rec.id>={low} and rec.id<={high}", "low": 0, "high": 99_999}


async def listing(library: Library) -> list[Page]:
    async with sleepless() as http:
        return [page async for page in pages(Visit(library, http, utc_now()))]


def names(listed: list[Page]) -> list[str]:
    return [record.identifier for page in listed for record in page.records]


def doubt(listed: list[Page]) -> str:
    assert all(page.end is None for page in listed[:-1])
    end = listed[-1].end
    assert end is not None
    assert end.proven == (end.reason == "")
    return end.reason


async def test_a_small_catalogue_comes_whole_with_one_query() -> None:
    async with sru_server(25) as server:
        listed = await listing(sru_library(server.url))
    assert names(listed) == server.names
    assert doubt(listed) == ""
    assert [start for query, start, most in server.queries if most > 1] == [1, 11, 21]


async def test_the_next_page_begins_after_what_came_however_little_that_was() -> None:
    async with sru_server(25, most=7) as server:
        listed = await listing(sru_library(server.url))
    assert (names(listed), doubt(listed)) == (server.names, "")
    assert [start for query, start, most in server.queries if most > 1] == [1, 8, 15, 22]


PARTS = [(BY_PREFIX, "prefixes"), (BY_BOUNDS, "bounds")]


@pytest.mark.parametrize(("part", "how"), PARTS, ids=[how for _, how in PARTS])
async def test_a_catalogue_larger_than_the_servers_limit_comes_whole_in_parts(
    part: dict[str, object], how: str
) -> None:
    async with sru_server(300, cap=40) as server:
        listed = await listing(sru_library(server.url, max_results=40, **part))
    assert (sorted(names(listed)), doubt(listed)) == (server.names, "")
    assert listed[-1].expected == 300


LIMITS = [
    ({"cap": 40}, "with a diagnostic"),
    ({"cap": 40, "in_silence": True}, "with empty answers"),
    ({"counts_to": 40}, "by counting no further"),
]


@pytest.mark.parametrize(("limit", "how"), LIMITS, ids=[how for _, how in LIMITS])
async def test_a_limit_that_truncates_is_never_taken_for_the_end(limit: dict[str, object], how: str) -> None:
    async with sru_server(100, **limit) as server:
        listed = await listing(sru_library(server.url, max_results=40))
    assert len(names(listed)) == 40
    assert "cql.allRecords=1" in doubt(listed)


async def test_a_limit_that_nobody_configured_is_found_and_parts_made_smaller() -> None:
    async with sru_server(300, cap=40) as server:
        listed = await listing(sru_library(server.url, **BY_BOUNDS))
    assert (sorted(set(names(listed))), doubt(listed)) == (server.names, "")


MANY = [f"{number:05}" for number in range(200)] + [f"b{number:04}" for number in range(58)]
HIDDEN = [
    ({"counts_to": 50}, MANY, {**BY_PREFIX, "alphabet": "0123456789b"}, "its whole, too, says fifty"),
    ({"counts_to": 50}, MANY[:200], BY_PREFIX, "all names begin alike: whole and part say the same number"),
    ({"counts_to": 50}, MANY[:200], BY_BOUNDS, "all within one range"),
    ({"counts_to": 37, "cap": 37}, MANY[:200], BY_BOUNDS, "a number that is not round"),
]


@pytest.mark.parametrize(("limit", "there", "part", "why"), HIDDEN, ids=[why for *_, why in HIDDEN])
async def test_a_server_that_counts_no_further_than_it_gives_is_found_out(
    limit: dict[str, object], there: list[str], part: dict[str, object], why: str
) -> None:
    async with sru_server(**limit) as server:
        server.names = list(there)
        listed = await listing(sru_library(server.url, **part))
    assert (sorted(set(names(listed))), doubt(listed)) == (sorted(there), "")


OUTSIDE = [
    ({}, ["X-1", "李1"], "2 records are in no part of it"),
    ({}, [], ""),
    ({"knows_not": False}, ["X-1"], "nothing else tells whether its parts hold all of it"),
    ({"knows_not": False}, [], "nothing else tells whether its parts hold all of it"),
]


@pytest.mark.parametrize(("values", "beyond", "words"), OUTSIDE)
async def test_what_no_part_holds_is_asked_for_where_the_whole_is_only_a_limit(
    values: dict[str, object], beyond: list[str], words: str
) -> None:
    async with sru_server(counts_to=50, **values) as server:
        server.names = [*MANY, *beyond]
        listed = await listing(sru_library(server.url, **BY_PREFIX, alphabet="0123456789b", max_results=50))
    assert len(set(names(listed))) == 258
    assert words in doubt(listed)
    assert bool(words) == bool(doubt(listed))


async def test_a_name_within_a_split_part_that_no_smaller_one_holds_is_missed_too() -> None:
    async with sru_server(counts_to=50) as server:
        server.names = [*MANY, "0-1"]
        listed = await listing(sru_library(server.url, **BY_PREFIX, alphabet="0123456789b", max_results=50))
    assert 'rec.id="0*": 1 records are in no part of it' in doubt(listed)


ONE_QUERY = [
    (50, 258, {}, False, "it gives fifty of everything, and fifty of everything but one"),
    (37, 258, {}, False, "a number that is not round is no limit's excuse"),
    (50, 258, {"knows_not": False}, False, "a round number that nothing bears out"),
    (1000, 50, {}, True, "fifty that are forty-nine without one of them"),
    (1000, 50, {"knows_not": False}, False, "as far as can be told it may be the limit"),
    (1000, 53, {"knows_not": False}, True, "no limit that anybody chooses"),
]


@pytest.mark.parametrize(("limit", "there", "values", "proven", "why"), ONE_QUERY, ids=[why for *_, why in ONE_QUERY])
async def test_one_query_proves_what_a_number_beside_it_bears_out(
    limit: int, there: int, values: dict[str, object], proven: bool, why: str
) -> None:
    async with sru_server(there, counts_to=limit, **values) as server:
        listed = await listing(sru_library(server.url))
    assert (doubt(listed) == "") == proven


async def test_parts_without_a_query_for_everything_prove_nothing_of_what_is_beside_them() -> None:
    async with sru_server(30) as server:
        listed = await listing(sru_library(server.url, **BY_PREFIX, everything=""))
    assert "harvest.sru.everything" in doubt(listed)


async def test_a_checkpoint_of_an_earlier_form_begins_anew(store: Store) -> None:
    async with sru_server(25) as server:
        library = sru_library(server.url)
        visit = Visit(library, None, utc_now(), checkpoint=Checkpoint('{"todo": [], "owed": [], "begun": true}'))  # type: ignore[arg-type]
        async with sleepless() as http:
            listed = [page async for page in pages(replace(visit, http=http))]
    assert (names(listed), doubt(listed)) == (server.names, "")


async def test_records_in_no_part_are_missed_by_number() -> None:
    async with sru_server(50) as server:
        server.names += ["x0001", "x0002"]
        listed = await listing(sru_library(server.url, **BY_PREFIX))
    assert len(names(listed)) == 50
    assert "2 records are in no part of it" in doubt(listed)


async def test_a_record_whose_number_is_a_prefix_of_others_is_in_a_part_too() -> None:
    async with sru_server() as server:
        server.names = ["1", *(f"1{n}" for n in range(10)), "2"]
        listed = await listing(sru_library(server.url, max_results=5, **BY_PREFIX))
    assert (sorted(names(listed)), doubt(listed)) == (sorted(server.names), "")


async def test_a_part_that_changes_while_it_is_read_is_read_again() -> None:
    async with sru_server(25, grows_at={2: "00003x"}) as server:
        listed = await listing(sru_library(server.url))
    assert (sorted(set(names(listed))), doubt(listed)) == (server.names, "")


async def test_a_part_that_keeps_changing_proves_nothing() -> None:
    async with sru_server(25, grows_at={n: f"00003x{n}" for n in range(2, 30)}) as server:
        listed = await listing(sru_library(server.url))
    assert "keeps changing" in doubt(listed)


async def test_a_server_that_gives_one_record_twice_and_another_not_at_all_is_not_believed() -> None:
    async with sru_server(25) as server:
        server.names[7] = server.names[3]
        listed = await listing(sru_library(server.url))
    assert "finds 25 records and gave 24 different ones" in doubt(listed)


@pytest.mark.parametrize("at", [0, 12, 24])
async def test_a_record_that_the_server_breaks_at_is_passed_over_and_said(at: int) -> None:
    async with sru_server(25) as server:
        server.poison = frozenset({server.names[at]})
        listed = await listing(sru_library(server.url))
    assert names(listed) == [*server.names[:at], *server.names[at + 1 :]]
    (refused,) = [item for page in listed for item in page.refused]
    assert refused.identifier == f"cql.allRecords=1@{at + 1}"
    assert doubt(listed) == "the server could not give 1 of the records it counts"
    assert listed[-1].end is not None
    assert listed[-1].end.nameless == 1


async def test_a_record_that_comes_as_a_diagnostic_is_kept_in_quarantine() -> None:
    async with sru_server(12, surrogates=frozenset({"00003"})) as server:
        listed = await listing(sru_library(server.url))
    (refused,) = [item for page in listed for item in page.refused]
    assert "no such record" in refused.reason
    assert (len(names(listed)), doubt(listed)) == (11, "")


FORMS = [({"as_text": True}, "escaped"), ({"namespace": SRU_2}, "SRU 2.0"), ({"namespace": ""}, "no namespace")]


@pytest.mark.parametrize(("values", "how"), FORMS, ids=[how for _, how in FORMS])
async def test_records_are_read_in_every_packing_and_namespace(values: dict[str, object], how: str) -> None:
    async with sru_server(3, **values) as server:
        listed = await listing(sru_library(server.url))
    assert (names(listed), doubt(listed)) == (server.names, "")


async def test_a_count_that_is_an_estimate_proves_nothing() -> None:
    async with sru_server(3, precision="info:srw/vocabulary/resultCountPrecision/1/estimate") as server:
        assert "only estimates" in doubt(await listing(sru_library(server.url)))
    async with sru_server(3, precision="info:srw/vocabulary/resultCountPrecision/1/exact") as server:
        assert doubt(await listing(sru_library(server.url))) == ""


def answer(inside: str) -> str:
    return f'<searchRetrieveResponse xmlns="http://www.loc.gov/zing/srw/">{inside}</searchRetrieveResponse>'


REFUSED = [
    ("<html><body>Down for maintenance</body></html>", AnswerRefused, "not <searchRetrieveResponse>"),
    (answer("<numberOfRecords>3</numberOfRecords><records>")[:-30], AnswerRefused, "not well-formed"),
    (answer("<records/>"), AnswerRefused, "how many records"),
    (answer(f"<diagnostics>{diagnostic(66)}</diagnostics>"), AccessRefused, "record_schema"),
    (
        answer(f"<diagnostics>{diagnostic(10, 'Query syntax error')}</diagnostics>"),
        ProtocolFailed,
        "Query syntax error",
    ),
    (answer(f"<diagnostics>{diagnostic(2)}</diagnostics>"), AnswerRefused, "diagnostic 2"),
    (
        answer("<numberOfRecords>3</numberOfRecords>").replace("<search", "<!DOCTYPE a><search", 1),
        AnswerRefused,
        "type",
    ),
]


@pytest.mark.parametrize(("body", "kind", "words"), REFUSED, ids=[words for _, _, words in REFUSED])
async def test_what_is_no_answer_is_refused_in_words(body: str, kind: type[HarvestFailed], words: str) -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        return xml_answer(body)

    async with serving(handler) as url:
        with pytest.raises(kind, match=words):
            await listing(sru_library(url))


async def test_nothing_found_is_an_answer_even_as_out_of_range() -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        return xml_answer(answer(f"<diagnostics>{diagnostic(61)}</diagnostics>"))

    async with serving(handler) as url:
        listed = await listing(sru_library(url))
    assert (names(listed), doubt(listed)) == ([], "")


async def test_a_query_in_the_address_is_kept_and_the_protocols_own_replaced() -> None:
    asked: list[dict[str, str]] = []

    async def handler(request: web.Request) -> web.StreamResponse:
        asked.append(dict(request.query))
        return xml_answer(answer("<numberOfRecords>0</numberOfRecords>"))

    async with serving(handler) as url:
        await listing(sru_library(f"{url}/sru?database=main&query=old&version=1.1"))
    assert (asked[0]["database"], asked[0]["query"], asked[0]["version"]) == ("main", "cql.allRecords=1", "1.2")


def test_parts_together_are_what_they_were_split_from() -> None:
    years = Sru(part="date>={low} and date<={high}", low=date(2024, 1, 1), high=date(2024, 12, 31))
    parts = [first_part(years)]
    days: list[str] = []
    while parts:
        smaller = split(years, parts.pop(), 0)
        parts += smaller
        days += [str(part.low) for part in parts if part.low == part.high]
        parts = [part for part in parts if part.low != part.high]
    assert len(days) == len(set(days)) == 366


def test_a_part_that_is_one_number_or_one_query_cannot_be_split() -> None:
    bounds = Sru(part="id>={low} and id<={high}", low=1, high=1)
    assert split(bounds, first_part(bounds), 0) == []
    assert split(Sru(), Part("cql.allRecords=1"), 0) == []


# Through the store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store.open(f"sqlite:///{tmp_path}/catalogue.sqlite3")
    yield store
    store.close()


async def test_every_run_lists_everything_so_what_is_gone_leaves(store: Store) -> None:
    async with sru_server(30) as server:
        library = sru_library(server.url, **BY_BOUNDS)
        (first,) = await run(store, library)
        server.names.remove("00004")
        server.titles["00005"] = "Another"
        (second,) = await run(store, library)
    assert (first.kind, first.status, first.new) == ("full", "complete", 30)
    assert (second.kind, second.status, second.changed, second.unchanged) == ("full", "complete", 1, 28)
    assert (second.vanished, "00004" in live(store)) == (1, False)


async def test_where_a_server_stops_counting_is_known_the_next_time(store: Store) -> None:
    async with sru_server(counts_to=50) as server:
        server.names = [f"{number:05}" for number in range(200)]
        library = sru_library(server.url, **BY_BOUNDS)
        asked = []
        for _ in range(2):
            before = len(server.queries)
            (outcome,) = await run(store, library)
            assert (outcome.status, len(live(store))) == ("complete", 200)
            asked.append(len(server.queries) - before)
    assert asked[1] < asked[0], "nothing is laid out anew"
    assert store.traits("testlib", source_of(library))["most_results"] == 50


async def test_a_run_that_breaks_off_goes_on_with_the_part_it_was_in(store: Store) -> None:
    async with sru_server(100, cap=20) as server:
        library = sru_library(server.url, max_results=20, **{**BY_BOUNDS, "high": 127})
        server.down_after = 15
        (broken,) = await run(store, library)
        server.down_after = 10**9
        asked = len(server.queries)
        (whole,) = await run(store, library)
    assert (broken.status, 0 < broken.seen < 100, broken.unreadable) == ("failed", True, 0)
    assert (whole.status, live(store)) == ("complete", server.names)
    assert len(server.queries) - asked < asked
    assert not any(query == "cql.allRecords=1" for query, _, _ in server.queries[asked:])


async def test_a_truncated_list_deletes_nothing(store: Store) -> None:
    async with sru_server(30) as server:
        library = sru_library(server.url)
        await run(store, library)
        server.cap = 20
        (outcome,) = await run(store, library)
    assert (outcome.status, outcome.vanished, len(live(store))) == ("unverified", 0, 30)


def test_another_way_of_asking_is_another_source() -> None:
    assert source_of(sru_library("http://a/sru")) != source_of(sru_library("http://a/sru", everything="rec.id>0"))

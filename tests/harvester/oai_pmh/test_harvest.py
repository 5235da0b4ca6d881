from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest
from aiohttp import web

from harvester.errors import (
    AccessRefused,
    AnswerRefused,
    AnswerTooLarge,
    ComeBackLater,
    HarvestFailed,
    ProtocolFailed,
    SourceUnreachable,
)
from harvester.oai_pmh import identifiers, one
from harvester.oai_pmh.server import request_url
from harvester.page import End, Visit
from harvester.store import Checkpoint
from tests.support.marc_bytes import marcxml
from tests.support.oai import (
    OaiRecord,
    OaiServer,
    cut_off,
    dropped,
    error,
    maintenance_page,
    oai_library,
    oai_server,
    records,
    response,
    sends,
    sleepless,
    xml_answer,
)
from tests.support.oai_visit import NOW, end_of, listing, names

ALL = [record.identifier for record in records(35)]


async def test_every_page_comes_once_and_the_last_one_proves_the_end() -> None:
    async with oai_server(records(35)) as server:
        listed = await listing(server)
    assert names(listed) == ALL
    assert [len(page.records) for page in listed] == [10, 10, 10, 5]
    assert end_of(listed) == End(True, NOW.isoformat())
    assert [page.checkpoint.token for page in listed if page.checkpoint] == ["page-2", "page-3", "page-4", ""]
    assert listed[0].expected == 35
    assert [request.get("resumptionToken") for request in server.asked] == [None, "page-2", "page-3", "page-4"]


async def test_only_the_token_goes_with_a_token() -> None:
    async with oai_server(records(15, sets=("books",)), sets=("books",)) as server:
        await listing(server, harvest={"set": "books", "metadata_prefix": "marc21"})
    assert server.asked == [
        {"verb": "ListRecords", "metadataPrefix": "marc21", "set": "books"},
        {"verb": "ListRecords", "resumptionToken": "page-2"},
    ]


async def test_the_first_harvest_names_no_date() -> None:
    async with oai_server(records(5)) as server:
        await listing(server)
    assert "from" not in server.asked[0]


@pytest.mark.parametrize(
    ("seconds", "since"), [(True, "2024-05-01T11:00:00Z"), (False, "2024-04-30")], ids=["seconds", "days"]
)
async def test_an_incremental_harvest_asks_from_before_the_watermark_as_finely_as_the_server_knows(
    seconds: bool, since: str
) -> None:
    async with oai_server(records(5, datestamp="2024-05-02T00:00:00Z"), seconds=seconds) as server:
        await listing(server, since=NOW.isoformat())
    assert [request["verb"] for request in server.requests] == ["Identify", "ListMetadataFormats", "ListRecords"]
    assert server.asked[0]["from"] == since


async def test_a_server_that_refuses_its_own_seconds_is_asked_by_days() -> None:
    async with oai_server(records(5, datestamp="2024-05-02T00:00:00Z")) as server:
        server.at(1, sends(error("badArgument", "from")))
        listed = await listing(server, since=NOW.isoformat())
    assert server.asked[-1]["from"] == "2024-04-30"
    assert end_of(listed).proven


async def test_nothing_new_is_a_proven_end() -> None:
    async with oai_server(records(5)) as server:
        listed = await listing(server, since=NOW.isoformat())
    assert (names(listed), end_of(listed).proven) == ([], True)


async def test_the_watermark_is_the_server_time_of_the_first_page() -> None:
    async def later(server: OaiServer, request: object) -> object:
        server.clock = datetime(2024, 5, 1, 11, 45, tzinfo=UTC)
        return xml_answer(server.page(2))

    async with oai_server(records(15), clock=datetime(2024, 5, 1, 11, 30, tzinfo=UTC)) as server:
        server.at(2, later)  # type: ignore[arg-type]
        listed = await listing(server)
    assert end_of(listed).watermark == "2024-05-01T11:30:00+00:00"


async def test_a_server_whose_clock_is_ahead_does_not_push_the_watermark_into_the_future() -> None:
    started = datetime(2024, 5, 1, 11, 59, tzinfo=UTC)
    async with oai_server(records(5), clock=datetime(2024, 5, 1, 20, tzinfo=UTC)) as server:
        listed = await listing(server, started_at=started)
    assert end_of(listed).watermark == started.isoformat()


async def test_a_server_that_states_no_time_is_taken_at_its_date_header() -> None:
    body = response(f"<ListRecords>{OaiRecord('a').xml()}</ListRecords>", response_date="")
    async with oai_server([]) as server:
        server.at(1, sends(body, Date="Wed, 01 May 2024 10:00:00 GMT"))
        listed = await listing(server)
    assert end_of(listed).watermark == "2024-05-01T10:00:00+00:00"


NASTY_TOKENS: list[Callable[[int], str]] = [
    "a+b {}".format,
    "a%2Bb%20{}".format,
    "x&y=z#{}?/:@".format,
    "夢{}".format,
    "{}==".format,
    "<{}>".format,
    lambda number: str(number - 2),  # "0" for the second page
]


@pytest.mark.parametrize("token", NASTY_TOKENS)
async def test_a_token_arrives_at_the_server_as_it_was_sent(token: Callable[[int], str]) -> None:
    async with oai_server(records(25), token=token) as server:
        listed = await listing(server)
    assert [request.get("resumptionToken") for request in server.asked] == [None, token(2), token(3)]
    assert len(names(listed)) == 25


BASES = [
    ("http://x/oai", "http://x/oai?verb=Identify"),
    ("http://x/oai?mode=oaipmh", "http://x/oai?mode=oaipmh&verb=Identify"),
    ("http://x/oai?verb=Identify", "http://x/oai?verb=Identify"),
    ("http://x/oai/key%2F1?", "http://x/oai/key%2F1?verb=Identify"),
    ("http://x/oai?a=%2B&set=s", "http://x/oai?a=%2B&verb=Identify"),
]


@pytest.mark.parametrize(("base", "url"), BASES)
def test_what_a_base_url_says_is_kept_but_for_pasted_arguments(base: str, url: str) -> None:
    assert str(request_url(base, {"verb": "Identify"})) == url


PASSING_FAULTS = [maintenance_page, cut_off, dropped, sends("", 503, Retry_After="1"), sends(error("InternalError"))]


@pytest.mark.parametrize("fault", PASSING_FAULTS)
async def test_a_trouble_that_passes_loses_nothing(fault: object) -> None:
    async with oai_server(records(35)) as server:
        server.at(2, fault)  # type: ignore[arg-type]
        listed = await listing(server)
    assert (names(listed), end_of(listed).proven) == (ALL, True)


LASTING_FAULTS: list[tuple[object, str]] = [
    (maintenance_page, "a page of HTML"),
    (cut_off, "half a page"),
    (dropped, "no answer at all"),
    (sends("", 500), "an error of the server's own"),
    (sends(response("<ListSets/>")), "the answer to another question"),
    (sends("<!DOCTYPE x [<!ENTITY a 'b'>]>" + response("")), "a document type"),
]


@pytest.mark.parametrize(("fault", "why"), LASTING_FAULTS, ids=[row[1] for row in LASTING_FAULTS])
async def test_a_page_that_can_never_be_had_is_gone_round_and_no_record_is_lost(fault: object, why: str) -> None:
    async with oai_server(records(35)) as server:
        server.always[2] = fault  # type: ignore[assignment]
        listed = await listing(server, unseen=True)
    assert (set(names(listed)), end_of(listed).proven) == (set(ALL), True), why


@pytest.mark.parametrize(("fault", "why"), LASTING_FAULTS, ids=[row[1] for row in LASTING_FAULTS])
async def test_when_the_whole_server_is_ill_the_list_ends_as_a_failure_never_as_success(
    fault: object, why: str
) -> None:
    async with oai_server(records(35)) as server:
        server.breaks_down_at(2, fault)  # type: ignore[arg-type]
        with pytest.raises(SourceUnreachable):
            await listing(server, unseen=True)
    assert "until" not in server.asked[-1], why


@pytest.mark.parametrize(("status", "raised"), [(403, AccessRefused), (401, AccessRefused), (503, ComeBackLater)])
async def test_a_server_that_turns_us_away_is_not_asked_in_other_ways(status: int, raised: type[HarvestFailed]) -> None:
    async with oai_server(records(35)) as server:
        server.always[2] = sends("", status)
        with pytest.raises(raised):
            await listing(server)
    assert all("until" not in request for request in server.requests)


async def test_an_error_of_the_protocol_counts_whatever_the_status() -> None:
    async with oai_server(records(5)) as server:
        server.always[1] = sends(error("noRecordsMatch"), 404)
        listed = await listing(server, since="2024-01-01T00:00:00Z")
    assert (names(listed), end_of(listed).proven) == ([], True)


async def test_a_first_list_of_everything_that_is_empty_proves_nothing() -> None:
    async with oai_server([]) as server:
        listed = await listing(server)
    assert not end_of(listed).proven
    assert "no record at all" in end_of(listed).reason


async def test_a_page_over_the_cap_is_not_used() -> None:
    async with oai_server(records(35)) as server:
        with pytest.raises(AnswerTooLarge):
            await listing(server, harvest={"max_page_bytes": 1000})


async def test_a_refused_token_begins_the_same_list_anew() -> None:
    async with oai_server(records(35)) as server:
        server.at(3, sends(error("badResumptionToken")))
        listed = await listing(server)
    assert names(listed) == ALL[:20] + ALL
    assert end_of(listed).proven
    assert server.asked[3] == server.asked[0]


async def test_an_incremental_list_begins_anew_from_the_same_date() -> None:
    async with oai_server(records(15, datestamp="2024-05-02T00:00:00Z")) as server:
        server.at(2, sends(error("badResumptionToken")))
        await listing(server, since=NOW.isoformat())
    assert [r.get("from") for r in server.asked if "metadataPrefix" in r] == ["2024-05-01T11:00:00Z"] * 2


async def test_tokens_that_always_die_are_got_round_by_smaller_windows() -> None:
    dated = [OaiRecord(f"r{number}", f"2024-0{1 + number // 9}-01T00:00:00Z") for number in range(36)]
    async with oai_server(dated) as server:
        server.always[3] = server.always[2] = sends(error("badResumptionToken", "expired"))
        listed = await listing(server, unseen=True)
    assert (set(names(listed)), end_of(listed).proven) == ({record.identifier for record in dated}, True)
    assert [request.get("until") for request in server.asked[:6]] == [None] * 6, "twice anew, before it is split"
    assert server.asked[6]["until"] < server.asked[-1]["from"]


async def test_where_not_even_names_can_be_listed_the_end_is_unproven() -> None:
    async with oai_server(records(35)) as server:
        server.always[2] = server.verbs["ListIdentifiers"] = sends(error("badResumptionToken", "expired"))
        end = end_of(await listing(server, unseen=True))
    assert not end.proven
    assert "nor their names" in end.reason


async def test_a_server_that_wants_the_prefix_with_the_token_gets_it() -> None:
    async def wants_prefix(server: OaiServer, request: object) -> object:
        arguments = server.asked[-1]
        return xml_answer(server.page(2) if "metadataPrefix" in arguments else error("badArgument", "metadataPrefix"))

    async with oai_server(records(15)) as server:
        server.always[2] = wants_prefix  # type: ignore[assignment]
        listed = await listing(server)
    assert (len(names(listed)), end_of(listed).proven) == (15, True)


async def test_a_list_that_goes_in_circles_is_a_failure() -> None:
    async with oai_server(records(35)) as server:
        server.always[3] = sends(server.page(1))
        with pytest.raises(ProtocolFailed, match="circles"):
            await listing(server)


async def test_the_same_token_for_other_pages_is_no_circle() -> None:
    async with oai_server(records(35), token=lambda number: "cursor", consumable=True) as server:
        listed = await listing(server)
    assert (names(listed), end_of(listed).proven) == (ALL, True)


async def test_empty_pages_with_a_token_are_passed_over_but_not_for_ever() -> None:
    empty = sends(response("<ListRecords><resumptionToken>page-3</resumptionToken></ListRecords>"))
    async with oai_server(records(35)) as server:
        server.at(2, empty)
        listed = await listing(server)
    assert names(listed) == ALL[:10] + ALL[20:]
    assert not end_of(listed).proven  # 35 were promised

    again = sends(response("<ListRecords><resumptionToken>page-2</resumptionToken></ListRecords>"))
    async with oai_server(records(35)) as server:
        server.always[2] = again
        with pytest.raises(ProtocolFailed, match="empty pages"):
            await listing(server)


ENDS = [
    # the answer to the second request of 20 records, whether sizes are stated, proven, why
    (error("noRecordsMatch"), True, False, "10 of 20 came"),
    (error("noRecordsMatch"), False, False, "nobody knows whether all came"),
    (response("<ListRecords/>"), True, False, "an empty page is no end"),
    (response("<ListRecords/>"), False, False, "an empty page is no end"),
    (response(f"<ListRecords>{OaiRecord('z').xml()}</ListRecords>"), True, False, "11 of 20 came"),
    (response(f"<ListRecords>{OaiRecord('z').xml()}</ListRecords>"), False, True, "a page without a token"),
]


@pytest.mark.parametrize(("body", "stated", "proven", "why"), ENDS)
async def test_an_end_that_proves_nothing_is_said_to(body: str, stated: bool, proven: bool, why: str) -> None:
    async with oai_server(records(20), states_numbers=stated) as server:
        server.always[2] = sends(body)
        end = end_of(await listing(server))
    assert end.proven is proven, why
    assert bool(end.reason) is not proven


async def test_a_token_on_the_last_page_is_forgiven_when_the_numbers_add_up() -> None:
    async with oai_server(records(10)) as server:
        full = server.page(1).replace("></resumptionToken>", ">more</resumptionToken>")
        server.always[1] = sends(full)
        server.always[0] = sends(error("noRecordsMatch"))
        listed = await listing(server)
    assert (len(names(listed)), end_of(listed).proven) == (10, True)


async def test_an_empty_first_page_proves_nothing() -> None:
    async with oai_server(records(10)) as server:
        server.always[1] = sends(response("<ListRecords/>"))
        assert not end_of(await listing(server)).proven


async def test_where_tokens_are_used_up_a_dropped_answer_never_loses_a_page_in_silence() -> None:
    async with oai_server(records(100), consumable=True, token=lambda number: "scroll") as server:

        async def drop_the_fourth(server: OaiServer, request: object) -> object:
            if len(server.asked) == 4:
                return await dropped(server, request)  # type: ignore[arg-type]
            return xml_answer(server.page(server.position))

        server.always[2] = drop_the_fourth  # type: ignore[assignment]
        listed = await listing(server)
    assert set(names(listed)) == {record.identifier for record in records(100)}
    assert end_of(listed).proven


async def test_without_numbers_a_page_that_may_be_lost_leaves_the_end_unproven() -> None:
    async with oai_server(records(35), states_numbers=False) as server:
        server.at(2, dropped)
        end = end_of(await listing(server))
    assert not end.proven
    assert "skipped" in end.reason


async def test_a_checkpoint_goes_on_with_the_next_page() -> None:
    async with oai_server(records(35)) as server:
        first = (await listing(server))[1].checkpoint
        assert first is not None
        server.requests.clear()
        listed = await listing(server, checkpoint=first)
    assert names(listed) == ALL[20:]
    assert end_of(listed).proven
    assert server.asked[0] == {"verb": "ListRecords", "resumptionToken": "page-3"}


async def test_the_place_after_the_last_page_leads_to_the_end_and_lists_nothing() -> None:
    async with oai_server(records(35)) as server:
        last = (await listing(server))[-1]
        server.requests.clear()
        again = await listing(server, checkpoint=last.checkpoint)
    assert names(again) == []
    assert end_of(again) == last.end
    assert server.asked == []


async def test_a_list_that_could_not_be_proven_is_not_proven_by_going_on_from_its_end() -> None:
    async with oai_server(records(35), states_numbers=False) as server:
        server.at(2, dropped)
        last = (await listing(server))[-1]
        again = await listing(server, checkpoint=last.checkpoint)
    assert end_of(again) == last.end
    assert not end_of(again).proven


def repeats(page: int) -> Callable[[OaiServer, object], Awaitable[web.StreamResponse]]:
    """The records of another page in place of those of the one asked for, under the token of that one."""

    async def answer(server: OaiServer, request: web.Request) -> web.StreamResponse:
        other, own = server.page(page), server.page(server.page_number(request))
        head, tail = other.partition("<resumptionToken")[0], own.partition("<resumptionToken")
        return xml_answer(head + tail[1] + tail[2])

    return answer  # type: ignore[return-value]


@pytest.mark.parametrize("stated", [True, False])
async def test_a_page_in_place_of_another_is_told_from_it(stated: bool) -> None:
    async with oai_server(records(45), states_numbers=stated) as server:
        server.always[3] = repeats(2)
        unproven = end_of(await listing(server))
        compared = await listing(server, unseen=True)
    assert not unproven.proven
    assert end_of(compared).proven
    assert set(names(compared)) == {record.identifier for record in records(45)}


async def test_a_page_that_a_process_before_this_one_had_is_known_when_it_comes_again() -> None:
    async with oai_server(records(45)) as server:
        begun = await listing(server)
        there = [record.identifier for page in begun[:2] for record in page.records]
        server.always[3] = repeats(2)
        going_on = await listing(server, checkpoint=begun[1].checkpoint, unseen=True, came=there)
    assert end_of(going_on).proven
    assert set(names(going_on)) >= {f"oai:test:{number:04}" for number in range(20, 45)}


async def test_a_record_that_comes_again_is_no_doubt_when_the_sum_works_out() -> None:
    def twice(server: OaiServer) -> Callable[[OaiServer, object], Awaitable[web.StreamResponse]]:
        first = server.records[0].xml()

        async def answer(server: OaiServer, request: web.Request) -> web.StreamResponse:
            return xml_answer(server.page(4).replace("<resumptionToken", first + "<resumptionToken"))

        return answer  # type: ignore[return-value]

    async with oai_server(records(35)) as server:
        server.always[4] = twice(server)
        listed = await listing(server, unseen=True)
        asked = [request["verb"] for request in server.requests]
    assert (len(names(listed)), end_of(listed).proven) == (36, True)
    assert "ListIdentifiers" not in asked


@pytest.mark.parametrize(("stated", "there_are"), [(True, 200), (True, 195), (False, 200), (False, 195)])
async def test_one_record_that_a_page_lacks_is_found_by_name_where_numbers_are_stated_or_the_last_page_is_full(
    stated: bool, there_are: int
) -> None:
    async with oai_server(records(there_are), states_numbers=stated) as server:
        page = server.page(4).replace(records(there_are)[33].xml(), "")
        server.always[4] = sends(page)
        listed = await listing(server, unseen=True)
    assert end_of(listed).proven
    assert len(set(names(listed))) == there_are - (not stated and there_are == 195)


async def test_a_size_that_is_a_little_too_large_costs_a_comparison_of_names_and_no_more() -> None:
    async with oai_server(records(200)) as server:

        async def estimates(server: OaiServer, request: web.Request) -> web.StreamResponse:
            answer = server.page(server.page_number(request))
            return xml_answer(answer.replace('completeListSize="200"', 'completeListSize="201"'))

        server.always.update(dict.fromkeys(range(1, 21), estimates))
        listed = await listing(server, unseen=True)
        asked = [request["verb"] for request in server.requests]
    assert (len(names(listed)), end_of(listed).proven) == (200, True)
    assert "ListIdentifiers" in asked
    assert "GetRecord" not in asked


async def test_going_on_without_numbers_leaves_the_end_unproven() -> None:
    async with oai_server(records(35), states_numbers=False) as server:
        listed = await listing(server, checkpoint=Checkpoint("page-2", 1, 10, requested_at=NOW))
    assert not end_of(listed).proven


async def test_a_checkpoint_whose_token_has_died_begins_the_list_anew() -> None:
    async with oai_server(records(35)) as server:
        listed = await listing(server, checkpoint=Checkpoint("dead", 2, 20, 20, 35, server_time=NOW))
    assert (names(listed), end_of(listed).proven) == (ALL, True)


async def test_a_list_far_longer_than_stated_is_a_failure() -> None:
    endless = iter(range(10**9))

    async def one_more(server: OaiServer, request: object) -> object:
        number = next(endless)
        xml = "".join(OaiRecord(f"{number}-{n}", deleted=True).xml() for n in range(1500))
        token = f'<resumptionToken completeListSize="10">page-{2}</resumptionToken>'
        return xml_answer(response(f"<ListRecords>{xml}{token}</ListRecords>"))

    async with oai_server(records(20)) as server:
        server.always[1] = server.always[2] = one_more  # type: ignore[assignment]
        with pytest.raises(ProtocolFailed, match="does not end"):
            await listing(server)


async def test_records_that_cannot_be_read_are_passed_on_with_their_reason() -> None:
    mixed = [
        OaiRecord("a"),
        OaiRecord("b", metadata="<foo/>"),
        OaiRecord("c", metadata=""),
        OaiRecord("d", deleted=True),
    ]
    async with oai_server(mixed) as server:
        (page,) = await listing(server)
    assert [(r.identifier, bool(r.payload), r.deleted) for r in page.records] == [
        ("a", True, False),
        ("c", False, False),
        ("d", False, True),
    ]
    assert [q.identifier for q in page.refused] == ["b"]
    assert page.end is not None
    assert page.end.proven


async def test_a_poison_record_costs_its_own_place_alone() -> None:
    dated = [
        OaiRecord(f"r{number:03}", f"2024-01-{1 + number % 28:02}T{number % 24:02}:00:00Z") for number in range(95)
    ]
    poison = frozenset({"r013", "r070"})
    async with oai_server(dated, poison=poison) as server:
        listed = await listing(server, unseen=True)
    assert set(names(listed)) == {record.identifier for record in dated} - poison
    refused = [item for page in listed for item in page.refused]
    assert {item.identifier for item in refused} == poison
    assert end_of(listed).proven
    assert len(server.requests) < 500


async def test_a_poison_record_on_the_first_page_of_a_catalogue_of_one_day_costs_only_itself() -> None:
    dated = [OaiRecord(f"r{number:03}", f"2024-01-01T00:{number:02}:00Z") for number in range(25)]
    dated.append(OaiRecord("late", "2024-03-01T00:00:00Z"))
    async with oai_server(dated, poison=frozenset({"r003"}), clock=datetime(2024, 5, 1, 12, tzinfo=UTC)) as server:
        listed = await listing(server, unseen=True)
    assert set(names(listed)) == {record.identifier for record in dated} - {"r003"}
    assert [item.identifier for page in listed for item in page.refused] == ["r003"]
    assert end_of(listed).proven


async def test_a_run_that_dies_among_the_windows_goes_on_among_them() -> None:
    dated = [OaiRecord(f"r{number:02}", f"2024-01-{1 + number:02}T00:00:00Z") for number in range(25)]
    async with oai_server(dated, poison=frozenset({"r13"})) as server:
        first = await listing(server, unseen=True)
        for page in first[:-1]:
            if page.checkpoint is None or page.checkpoint.token:
                continue  # the scripted server's tokens do not say to which window they belong
            again = await listing(server, unseen=True, checkpoint=page.checkpoint)
            assert end_of(again).proven
            came = {record.identifier for one in first[: first.index(page) + 1] for record in one.records}
            assert came | set(names(again)) == {record.identifier for record in dated} - {"r13"}


async def test_a_list_where_nothing_can_be_had_is_given_up_soon() -> None:
    async with oai_server(records(35)) as server:
        server.always[1] = sends("", 500)
        with pytest.raises(AnswerRefused):
            await listing(server, unseen=True)
    assert len(server.asked) < 30


async def test_the_watermark_of_windows_is_the_time_of_the_first_page() -> None:
    async with oai_server(records(25), poison=frozenset({"oai:test:0013"})) as server:

        async def later(server: OaiServer, request: object) -> object:
            server.clock = datetime(2024, 5, 1, 11, 45, tzinfo=UTC)
            return xml_answer(server.page(1))

        server.clock = datetime(2024, 5, 1, 11, 30, tzinfo=UTC)
        server.verbs["GetRecord"] = later  # type: ignore[assignment]
        end = end_of(await listing(server, unseen=True))
    assert end.watermark == "2024-05-01T11:30:00+00:00"


async def test_windows_that_give_less_than_the_server_says_there_is_prove_nothing() -> None:
    dated = [OaiRecord(f"r{number:02}", f"2024-01-{1 + number:02}T00:00:00Z") for number in range(25)]
    async with oai_server(dated, poison=frozenset({"r13"})) as server:
        names_of_all = response(
            "<ListIdentifiers><header><identifier>r00</identifier></header>"
            '<resumptionToken completeListSize="60"/></ListIdentifiers>'
        )

        async def more(server: OaiServer, request: object) -> object:
            asked = server.requests[-1]
            if "from" in asked or "until" in asked:
                return xml_answer(response("<ListIdentifiers>" + dated[13].header() + "</ListIdentifiers>"))
            return xml_answer(names_of_all)

        server.verbs["ListIdentifiers"] = more  # type: ignore[assignment]
        end = end_of(await listing(server, unseen=True))
    assert not end.proven
    assert "promised 60" in end.reason


SIZES = [
    (60, True, False, "more than came is a doubt"),
    (35, True, True, "as many as came"),
    (10, True, True, "fewer than came is the size of a page"),
    (60, False, True, "unless the library's file says that its sizes are wrong"),
]


@pytest.mark.parametrize(("stated", "believed", "proven", "why"), SIZES, ids=[row[3] for row in SIZES])
async def test_a_stated_size_can_raise_a_doubt_and_never_ends_a_list(
    stated: int, believed: bool, proven: bool, why: str
) -> None:
    async with oai_server(records(35)) as server:

        async def says(server: OaiServer, request: object) -> object:
            page = server.page(server.page_number(request))  # type: ignore[arg-type]
            return xml_answer(page.replace('completeListSize="35"', f'completeListSize="{stated}"'))

        for number in range(1, 5):
            server.always[number] = says  # type: ignore[assignment]
        listed = await listing(server, unseen=True, harvest={"believe_sizes": believed})
    assert (names(listed)[:35], end_of(listed).proven) == (ALL, proven), why


async def test_a_page_under_new_tokens_for_ever_is_a_circle_too() -> None:
    async with oai_server(records(2000), states_numbers=False) as server:

        async def first_again(server: OaiServer, request: object) -> object:
            token = f"<resumptionToken>page-{3 + len(server.requests)}</resumptionToken>"
            xml = "".join(record.xml() for record in server.records[:10])
            return xml_answer(response(f"<ListRecords>{xml}{token}</ListRecords>"))

        for number in range(2, 200):
            server.always[number] = first_again  # type: ignore[assignment]
        with pytest.raises(ProtocolFailed, match="circles"):
            await listing(server)


async def test_where_a_token_is_known_to_bear_repeating_a_dropped_answer_raises_no_doubt() -> None:
    async with oai_server(records(35), states_numbers=False) as server:
        server.at(2, dropped)
        listed = await listing(server, traits={"token_idempotent": True})
    assert (names(listed), end_of(listed).proven) == (ALL, True)


async def test_names_are_compared_where_a_page_may_be_lost_and_numbers_say_nothing() -> None:
    async with oai_server(records(35), states_numbers=False, consumable=True, token=lambda _: "scroll") as server:

        async def drop_once(server: OaiServer, request: object) -> object:
            if server.position == 3 and not server.faults[99]:
                server.faults[99].append(dropped)
                return await dropped(server, request)  # type: ignore[arg-type]
            return xml_answer(server.page(server.position))

        server.always[2] = drop_once  # type: ignore[assignment]
        server.verbs["ListIdentifiers"] = _all_names  # type: ignore[assignment]
        listed = await listing(server, unseen=True)
    assert (set(names(listed)), end_of(listed).proven) == (set(ALL), True)
    assert [r["identifier"] for r in server.requests if r["verb"] == "GetRecord"] == ALL[20:30]


async def _all_names(server: OaiServer, request: object) -> object:
    return xml_answer(response(f"<ListIdentifiers>{''.join(r.header() for r in server.records)}</ListIdentifiers>"))


async def test_a_withdrawn_record_is_a_deletion_by_the_librarys_own_rule() -> None:
    field = '<datafield tag="999" ind1="f" ind2="f"><subfield code="t">1</subfield></datafield>'
    withdrawn = marcxml("2").replace("</record>", f"{field}</record>")
    async with oai_server([OaiRecord("1"), OaiRecord("2", metadata=withdrawn)]) as server:
        listed = await listing(server, harvest={"suppress": ["999ff$t=1"]})
    assert [(record.identifier, record.deleted) for record in listed[0].records] == [("1", False), ("2", True)]


async def test_the_names_of_all_there_is_are_listed_for_a_sweep() -> None:
    mixed = [*records(25), OaiRecord("gone", deleted=True)]
    async with oai_server(mixed) as server, sleepless() as http:
        visit = Visit(oai_library(server.url), http, NOW)
        found = [page async for page in identifiers(visit, now=lambda: NOW)]
        assert [name for page in found for name in page.live] == ALL[:25]
        assert [name for page in found for name in page.deleted] == ["gone"]
        assert found[-1].end is not None
        assert found[-1].end.proven
        there = [await one(visit, name, now=lambda: NOW) for name in (ALL[0], "gone", "never")]
        server.verbs["GetRecord"] = sends("", 500)
        there.append(await one(visit, ALL[0], now=lambda: NOW))
        server.verbs["GetRecord"] = sends("", 404)
        there.append(await one(visit, ALL[0], now=lambda: NOW))
    assert there == ["present", "gone", "gone", "unknown", "gone"]


async def test_a_list_of_names_that_breaks_off_proves_nothing() -> None:
    async with oai_server(records(25)) as server, sleepless() as http:
        server.verbs["ListIdentifiers"] = sends(response("<ListIdentifiers/>"))
        visit = Visit(oai_library(server.url), http, NOW)
        (page,) = [page async for page in identifiers(visit, now=lambda: NOW)]
    assert page.end is not None
    assert not page.end.proven


@pytest.mark.parametrize("broken", ["", "<datafield tag='245'>"], ids=["well-formed", "not even that"])
async def test_a_record_without_a_name_is_found_by_its_page_and_place(broken: str) -> None:
    async with oai_server(records(25)) as server:
        head, *parts = server.page(2).split("<record>")
        parts[3] = f"<header><datestamp>2024-05-01</datestamp></header><metadata>{broken}x</metadata></record>"
        server.always[2] = sends("<record>".join([head, *parts]))
        listed = await listing(server)
    refused = {item.identifier: item.field for page in listed for item in page.refused}
    ((name, field),) = refused.items()
    assert (name[0], field) == ("#", "page 2, record 4")

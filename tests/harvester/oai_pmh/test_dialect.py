from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from harvester.errors import AccessRefused, FilterLost, ProtocolFailed
from harvester.oai_pmh.dialect import Dialect, proposals
from harvester.traits import TRAITS, Trait
from tests.support.oai import OaiRecord, OaiServer, error, oai_server, records, response, sends, xml_answer
from tests.support.oai_visit import NOW, end_of, listing, names

NEW = "2024-05-02T00:00:00Z"


async def test_what_a_server_says_of_itself_is_learnt_with_the_first_page() -> None:
    learnt: dict[str, Trait] = {}
    async with oai_server(records(5), repository="lib.example.org") as server:
        await listing(server, learnt=learnt)
    assert learnt == {
        "repository_identifier": "lib.example.org",
        "base_url": server.url,
        "earliest_datestamp": "2023-06-01T00:00:00Z",
        "deleted_record": "persistent",
        "granularity": "second",
        "metadata_prefix": "marcxml",
    }
    assert set(learnt) <= set(TRAITS)


async def test_what_is_known_is_not_learnt_again() -> None:
    learnt: dict[str, Trait] = {}
    async with oai_server(records(5)) as server:
        await listing(server, learnt=learnt)
        again: dict[str, Trait] = {}
        await listing(server, learnt=again, traits=learnt)
    assert again == {}


async def test_a_server_that_cannot_say_what_it_is_is_harvested_with_caution() -> None:
    async with oai_server(records(5, datestamp=NEW)) as server:
        server.verbs["Identify"] = sends("Not found", 200)
        listed = await listing(server, since=NOW.isoformat())
    assert (len(names(listed)), end_of(listed).proven) == (5, True)
    assert server.asked[0]["from"] == "2024-04-30"


async def test_a_server_that_fails_over_encoded_tokens_gets_them_as_they_are_and_that_is_remembered() -> None:
    """It compares the token with what stands in the URL, undecoded."""

    async def undecoded(server: OaiServer, request: object) -> object:
        sent = str(request.rel_url.raw_query_string).partition("resumptionToken=")[2]  # type: ignore[attr-defined]
        return xml_answer(server.page(2) if sent == "a/b+c==" else error("badResumptionToken"))

    learnt: dict[str, Trait] = {}
    async with oai_server(records(15), token=lambda number: "a/b+c==" if number == 2 else "never") as server:
        server.always[2] = undecoded  # type: ignore[assignment]
        server.always[0] = undecoded  # type: ignore[assignment]
        listed = await listing(server, learnt=learnt)
        assert (len(names(listed)), end_of(listed).proven) == (15, True)
        assert learnt["token_encoding"] == "verbatim"
        server.requests.clear()
        await listing(server, traits=learnt)
    assert len(server.asked) == 2, "no request is wasted on what is known"


async def test_a_token_that_died_is_not_taken_for_one_that_was_written_wrongly() -> None:
    learnt: dict[str, Trait] = {}
    async with oai_server(records(25), token="a+b {}".format) as server:
        server.at(3, sends(error("badResumptionToken")), sends(error("badResumptionToken")))
        listed = await listing(server, learnt=learnt)
    assert end_of(listed).proven
    assert learnt["token_encoding"] == "quoted"


async def test_that_the_prefix_has_to_go_with_the_token_is_remembered() -> None:
    async def wants_prefix(server: OaiServer, request: object) -> object:
        given = "metadataPrefix" in server.requests[-1]
        return xml_answer(server.page(2) if given else error("badArgument", "metadataPrefix"))

    learnt: dict[str, Trait] = {}
    async with oai_server(records(15)) as server:
        server.always[2] = wants_prefix  # type: ignore[assignment]
        await listing(server, learnt=learnt)
        assert learnt["prefix_with_token"] is True
        server.requests.clear()
        await listing(server, traits=learnt)
    assert len(server.asked) == 2


async def test_that_a_server_refuses_its_own_seconds_is_remembered() -> None:
    learnt: dict[str, Trait] = {}
    async with oai_server(records(5, datestamp=NEW)) as server:
        server.at(1, sends(error("badArgument", "from")))
        await listing(server, since=NOW.isoformat(), learnt=learnt)
        assert learnt["granularity"] == "day"
        server.requests.clear()
        await listing(server, since=NOW.isoformat(), traits=learnt)
    assert [request["from"] for request in server.asked] == ["2024-04-30"]


GRANULARITIES = [
    ("YYYY-MM-DDThh:mm:ssZ", "second", "as it should be"),
    ("YYYY-MM-DDTHH:MM:SSZ", "second", "in capitals"),
    ("yyyy-mm-dd", "day", "in small letters"),
    ("YYYY-MM-DD", "day", "days"),
    ("", "day", "nothing: the coarser is always allowed"),
]


@pytest.mark.parametrize(("stated", "learnt_as", "why"), GRANULARITIES)
async def test_odd_granularities_are_understood(stated: str, learnt_as: str, why: str) -> None:
    learnt: dict[str, Trait] = {}
    async with oai_server(records(5)) as server:
        server.verbs["Identify"] = sends(response(f"<Identify><granularity>{stated}</granularity></Identify>"))
        await listing(server, learnt=learnt)
    assert learnt["granularity"] == learnt_as, why


CLOCKS = [
    (timedelta(minutes=5), None, "2024-05-01T11:00:00Z", "clocks differ a little"),
    (timedelta(hours=8), 28800, "2024-05-01T03:00:00Z", "Taiwan's time labelled as UTC widens the overlap"),
    (timedelta(hours=-8), -28800, "2024-05-01T11:00:00Z", "a clock behind ours only makes the watermark earlier"),
]


@pytest.mark.parametrize(("ahead", "skew", "asked_from", "why"), CLOCKS, ids=[row[3] for row in CLOCKS])
async def test_a_clock_that_is_ahead_widens_the_overlap(
    ahead: timedelta, skew: int | None, asked_from: str, why: str
) -> None:
    learnt: dict[str, Trait] = {}
    async with oai_server(records(5), clock=NOW + ahead) as server:
        first = end_of(await listing(server, learnt=learnt))
        await listing(server, since=NOW.isoformat(), traits=learnt)
    assert learnt.get("skew_seconds") == skew, why
    assert datetime.fromisoformat(first.watermark) <= NOW + timedelta(minutes=10)
    assert server.asked[-1]["from"] == asked_from


async def test_the_overlap_is_the_librarys_choice() -> None:
    async with oai_server(records(5)) as server:
        await listing(server, since=NOW.isoformat(), harvest={"overlap_hours": 24})
    assert server.asked[0]["from"] == "2024-04-30T12:00:00Z"


async def test_a_server_that_ignores_dates_is_known_for_it_and_harvested_in_full() -> None:
    async def all_of_them(server: OaiServer, request: object) -> object:
        return xml_answer(server.page(1, asked=None))

    learnt: dict[str, Trait] = {}
    async with oai_server(records(35, datestamp="2020-01-01T00:00:00Z")) as server:
        everything = server.page(1)
        server.always[1] = sends(everything)
        with pytest.raises(FilterLost, match="dates"):
            await listing(server, since=NOW.isoformat(), learnt=learnt)
        assert learnt["selective_ok"] is False
        listed = await listing(server, since=NOW.isoformat(), traits=learnt)
        assert "from" not in server.asked[-1]
        assert end_of(listed).proven
    assert proposals(learnt) == ["the server does not honour dates: every harvest is a full one"]


async def test_dates_lost_on_the_way_are_given_to_the_second_the_next_time() -> None:
    learnt: dict[str, Trait] = {}
    new = [OaiRecord(f"new-{number}", NEW) for number in range(10)]
    async with oai_server([*new, *records(30, datestamp="2020-01-01T00:00:00Z")], seconds=False) as server:

        async def forgetful(server: OaiServer, request: object) -> object:
            if "T" in server.lists["ListRecords"].start:
                return xml_answer(server.page(2))
            server.lists.clear()
            return xml_answer(server.page(server.page_number(request)))  # type: ignore[arg-type]

        for page in (2, 3, 4):
            server.always[page] = forgetful  # type: ignore[assignment]
        new.append(OaiRecord("new-10", NEW))
        server.records.insert(0, new[-1])
        with pytest.raises(FilterLost):
            await listing(server, since=NOW.isoformat(), learnt=learnt)
        assert learnt["force_seconds"] is True
        listed = await listing(server, since=NOW.isoformat(), traits=learnt)
    assert server.asked[-2]["from"].endswith("Z")
    assert (len(names(listed)), end_of(listed).proven) == (11, True)


async def test_a_record_dated_later_than_asked_for_or_a_little_earlier_is_no_stranger() -> None:
    odd = [OaiRecord("later", "2030-01-01T00:00:00Z"), OaiRecord("earlier", "2024-05-01T02:00:00Z")]
    async with oai_server([]) as server:
        server.always[1] = sends(response(f"<ListRecords>{''.join(one.xml() for one in odd)}</ListRecords>"))
        assert len(names(await listing(server, since=NOW.isoformat()))) == 2


async def test_a_server_that_moved_for_good_is_reported_after_three_runs() -> None:
    learnt: dict[str, Trait] = {}
    async with oai_server(records(5)) as server:
        old = server.url

        async def moved(server: OaiServer, request: object) -> object:
            if request.path == "/new":  # type: ignore[attr-defined]
                return xml_answer(server.identify())
            return xml_redirect(f"/new?{request.query_string}", 301)  # type: ignore[attr-defined]

        server.verbs["Identify"] = moved  # type: ignore[assignment]
        for run in range(3):
            assert proposals(learnt) == [], f"not after {run} runs"
            await listing(server, learnt=learnt, traits=dict(learnt))
        assert proposals(learnt) == [f"the server has moved: set harvest.url to {old.replace('/oai', '/new')}"]
        del server.verbs["Identify"]
        await listing(server, learnt=learnt, traits=dict(learnt))
    assert proposals(learnt) == []


def xml_redirect(where: str, status: int) -> object:
    answer = xml_answer("", status)
    answer.headers["Location"] = where
    return answer


async def test_a_watermark_that_is_no_date_is_said_to_be_none() -> None:
    async with oai_server(records(5)) as server:
        with pytest.raises(ProtocolFailed, match="no date"):
            await listing(server, since="yesterday")


def test_years_before_the_thousandth_are_written_with_four_digits() -> None:
    assert Dialect({"granularity": "second"}).stamp(datetime(1, 1, 1, tzinfo=UTC)) == "0001-01-01T00:00:00Z"


async def test_a_librarys_missing_secret_is_named_before_anything_is_asked() -> None:
    async with oai_server(records(5)) as server:
        with pytest.raises(AccessRefused, match=r"harvest\.auth\.token_env names NO_SUCH_TOKEN"):
            await listing(server, harvest={"auth": {"kind": "bearer", "token_env": "NO_SUCH_TOKEN"}})
    assert server.requests == []


async def test_a_secret_that_the_server_repeats_is_neither_told_nor_learnt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RIVERTON_KEY", "k3y-of-riverton")
    learnt: dict[str, Trait] = {}
    auth = {"kind": "api-key", "key_env": "RIVERTON_KEY", "parameter": "apikey"}
    async with oai_server(records(5)) as server:
        echoed = f"{server.url}?apikey=k3y-of-riverton"
        server.verbs["Identify"] = sends(response(f"<Identify><baseURL>{echoed}</baseURL></Identify>"))
        server.always[1] = sends(error("badVerb", echoed))
        with pytest.raises(ProtocolFailed) as caught:
            await listing(server, harvest={"auth": auth}, learnt=learnt)
    assert server.requests[0]["apikey"] == "k3y-of-riverton"
    assert "k3y" not in f"{caught.value} {learnt}"

"""The desk's API: who can supply it, the request to hand on, batches, counts, OpenURL."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from lxml import etree

from search_api.app import create_app
from search_api.services import Services, open_services
from search_api.settings import Settings
from search_api.staff.access import Role
from tests.support.catalogue import RED, UNHELD, write_libraries
from tests.support.real_files import DATA
from tests.support.staff import person, person_of
from tests.support.status import ON_SHELF, daia, koha, koha_item, koha_record, serving

SCHEMA = DATA / "schemas" / "ISO-18626-v1_2.xsd"
NS = {"i": "http://illtransactions.org/2013/iso18626"}


@pytest.fixture
async def client(services: Services) -> AsyncIterator[httpx.AsyncClient]:
    """Requests of the consortium's own ILL librarian."""
    transport = httpx.ASGITransport(create_app(services), raise_app_exceptions=False)
    headers = person(services.store, Role.ILL).program
    async with httpx.AsyncClient(transport=transport, base_url="http://catalogue.example", headers=headers) as opened:
        yield opened


async def told(client: httpx.AsyncClient, url: str) -> dict[str, Any]:
    answer = await client.get(url)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def whys(lender: dict[str, Any], side: str) -> list[str]:
    return [reason["why"] for reason in lender[side]]


async def test_lenders_stand_in_order_and_the_excluded_with_their_rule(client: httpx.AsyncClient) -> None:
    found = await told(client, f"/api/lenders?isbn={RED}&borrower=delta")
    assert [edition["title"] for edition in found["editions"]] == ["紅樓夢校注"]
    assert [(one["rank"], one["library"]) for one in found["lenders"]] == [(1, "beta"), (2, "alpha")]
    assert "same_region" in whys(found["lenders"][1], "reasons_for")
    days = next(reason for reason in found["lenders"][0]["reasons_for"] if reason["why"] == "usual_days")
    assert (days["number"], days["day"], days["volume"]) == (3, None, "")
    assert [(one["library"], one["rule"]) for one in found["excluded"]] == [("gamma", "does_not_lend")]
    assert (found["live"], found["found_by"], found["sure"]) == (False, "isbn", None)
    assert all(one["answer"] is None for one in found["lenders"])
    assert {one["sure"] for one in found["lenders"]} == {False}, "no rule says yes: both are to be asked"


async def test_an_article_is_copied_unless_a_loan_is_chosen_on_purpose(client: httpx.AsyncClient) -> None:
    for query, kind in (
        ("", "Loan"),
        ("&article=x", "Copy"),
        ("&pages=1-4", "Copy"),
        ("&issue=3&service=loan", "Loan"),
    ):
        found = await told(client, f"/api/lenders/request.json?isbn={RED}&borrower=delta&{query}")
        assert found["ISO18626Message"]["request"]["serviceInfo"]["serviceType"] == kind, query


async def test_lenders_of_an_edition_are_those_of_its_isbn(client: httpx.AsyncClient) -> None:
    by_isbn = await told(client, f"/api/lenders?isbn={RED}")
    by_id = await told(client, f"/api/lenders?edition={by_isbn['editions'][0]['id']}")
    assert by_id["lenders"] == by_isbn["lenders"]


async def test_a_citation_is_matched_and_says_how_sure(client: httpx.AsyncClient) -> None:
    found = await told(client, "/api/lenders?title=紅樓夢校注&creator=曹雪芹&year=1984")
    assert ([one["title"] for one in found["editions"]], found["found_by"]) == (["紅樓夢校注"], "citation")
    assert 0.5 < found["sure"] <= 1
    wrong = await told(client, "/api/lenders?title=紅樓夢校注&creator=曹雪芹&year=1923")
    assert (wrong["editions"], [one["edition"]["title"] for one in wrong["choices"]]) == ([], ["紅樓夢校注"])
    nothing = await told(client, "/api/lenders?title=沒有這本書&creator=無名氏")
    assert (nothing["editions"], nothing["lenders"], nothing["found_by"]) == ([], [], "citation")


async def test_what_nobody_holds_nobody_lends(client: httpx.AsyncClient) -> None:
    found = await told(client, f"/api/lenders?isbn={UNHELD}")
    assert (found["editions"], found["lenders"], found["excluded"]) == ([], [], [])


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("", "isbn"),
        (f"isbn={RED}&edition=x", "isbn"),
        ("isbn=978-0", "isbn"),
        ("issn=1234-5678", "issn"),
        (f"isbn={RED}&borrower=nosuch", "borrower"),
        (f"isbn={RED}&live=perhaps", "live"),
        (f"isbn={RED}&service=gift", "service"),
        (f"isbn={RED}&needed_by=soon", "needed_by"),
        (f"isbn={RED}&patron=1", "patron"),
    ],
)
async def test_a_mistaken_question_for_lenders_names_the_parameter(
    client: httpx.AsyncClient, query: str, field: str
) -> None:
    answer = await client.get(f"/api/lenders?{query}")
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, field)


async def test_the_desk_is_for_ill_librarians(services: Services) -> None:
    transport = httpx.ASGITransport(create_app(services), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://catalogue.example") as stranger:
        assert (await stranger.get(f"/api/lenders?isbn={RED}")).status_code == 401
        selector = person(services.store, Role.SELECTOR).program
        assert (await stranger.get(f"/api/lenders?isbn={RED}", headers=selector)).status_code == 403
        own = person(services.store, Role.ILL, library="alpha").program
        body = (await stranger.get(f"/api/lenders?isbn={RED}", headers=own)).json()
    assert ("alpha", "own_library") in [(one["library"], one["rule"]) for one in body["excluded"]], (
        "whose desk asks is known from who has logged in"
    )


@pytest.fixture
async def live(filled: Settings, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """The API with two libraries whose systems answer: alpha has it on the shelf, beta's copy is lent."""
    koha_answers = koha(
        {"200": koha_item("20", "not available", "Checked out")},
        {"200": koha_record("200", {"itemnumber": "20", "onloan": "2026-09-20"})},
    )
    async with serving(daia({"100": [ON_SHELF]})) as alpha, serving(koha_answers) as beta:
        folder = write_libraries(tmp_path / "libraries", {"alpha": alpha.url, "beta": beta.url})
        services = await open_services(replace(filled, libraries=folder))
        transport = httpx.ASGITransport(create_app(services), raise_app_exceptions=False)
        headers = person_of(filled, Role.ILL).program
        async with httpx.AsyncClient(transport=transport, base_url="http://a.example", headers=headers) as opened:
            yield opened
        await services.close()


async def test_lenders_asked_live_put_what_is_there_first(live: httpx.AsyncClient) -> None:
    found = await told(live, f"/api/lenders?isbn={RED}&live=true&borrower=delta")
    assert [(one["library"], one["tier"], one["answer"]["standing"]) for one in found["lenders"]] == [
        ("alpha", "there", "available"),
        ("beta", "out", "not_now"),
    ]
    out = found["lenders"][1]["reasons_against"][0]
    assert (out["why"], out["day"]) == ("on_loan", "2026-09-20")


async def test_the_request_is_valid_iso_18626_with_the_suppliers_in_order(live: httpx.AsyncClient) -> None:
    query = f"isbn={RED}&live=true&borrower=delta&needed_by=2027-03-01&volume=v.2"
    answer = await live.get(f"/api/lenders/request.xml?{query}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/xml")
    message = etree.fromstring(answer.content)
    etree.XMLSchema(etree.parse(SCHEMA)).assertValid(message)

    def texts(path: str) -> list[str]:
        return [str(one.text) for one in message.iterfind(path, NS)]

    supplier = ".//i:supplierInfo/"
    assert texts(f"{supplier}i:sortOrder") == ["1", "2"]
    assert texts(f"{supplier}i:supplierCode/i:agencyIdValue") == ["alpha", "beta"]
    assert texts(f"{supplier}i:callNumber") == ["857.49", "857.49"]
    note = texts(f"{supplier}i:availabilityNote")[0]
    assert "T" in note, "with the time it was said"
    assert "2" in note
    assert texts(".//i:needBeforeDate") == ["2027-03-01T23:59:59+08:00"], "the end of the day where the library is"
    assert texts(".//i:bibliographicItemIdentifier") == [RED]
    assert texts(".//i:requestingAgencyId/i:agencyIdValue") == ["delta"]


async def test_the_same_request_as_json_and_to_chosen_libraries(live: httpx.AsyncClient) -> None:
    found = await told(live, f"/api/lenders/request.json?isbn={RED}&live=true&borrower=delta&to=beta")
    request = found["ISO18626Message"]["request"]
    assert [one["supplierCode"]["agencyIdValue"] for one in request["supplierInfo"]] == ["beta"]
    assert request["serviceInfo"]["serviceType"] == "Loan"
    assert (await live.get(f"/api/lenders/request.json?isbn={UNHELD}")).status_code == 404


async def test_requests_are_counted_and_told_to_the_libraries_they_are_of(tmp_path: Path, filled: Settings) -> None:
    services = await open_services(replace(filled, home=tmp_path))
    transport = httpx.ASGITransport(create_app(services), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://a.example") as client:
        ours, theirs = (person(services.store, Role.ILL, library=code).program for code in ("delta", "gamma"))
        for lender in ("beta", "beta", "alpha"):
            answer = await client.post("/api/lenders/sent", json={"lender": lender}, headers=ours)
            assert answer.status_code == 204
        refused = await client.post("/api/lenders/sent", json={"lender": "nosuch"}, headers=ours)
        assert (refused.status_code, refused.json()["error"]["field"]) == (422, "lender")
        for body, status, why in (
            ({"borrower": "gamma", "lender": "beta"}, 403, "another library's requests"),
            ({"lender": "delta"}, 422, "nobody asks himself"),
            ({"lender": "alpha", "number": "n-1"}, 204, "a request with its number"),
            ({"lender": "alpha", "number": "n-1"}, 204, "the same again"),
        ):
            assert (await client.post("/api/lenders/sent", json=body, headers=ours)).status_code == status, why
        other = await client.get(f"/api/lenders/request.json?isbn={RED}&borrower=gamma", headers=ours)
        assert other.status_code == 403
        log = person(services.store, Role.ADMIN).program
        did = [one["action"] for one in (await client.get("/api/staff/log", headers=log)).json()["entries"]]
        assert did.count("request_counted") == 4
        months = (await client.get("/api/lenders/counts", headers=ours)).json()["months"]
        assert [(one["borrower"], one["lender"], one["service"], one["times"]) for one in months] == [
            ("delta", "alpha", "loan", 2),
            ("delta", "beta", "loan", 2),
        ]
        assert (await client.get("/api/lenders/counts", headers=theirs)).json()["months"] == []
    await services.close()


async def test_a_batch_gives_every_line_one_state_and_the_counts_add_up(client: httpx.AsyncClient) -> None:
    lines = [{"isbn": RED}, {"isbn": UNHELD}, {"isbn": "978-0"}, {"edition": "nosuch"}, {"title": "紅樓夢校注"}, {}]
    answer = await client.post("/api/lenders/batch", json={"lines": lines, "borrower": "delta"})
    found = answer.json()
    assert [line["state"] for line in found["lines"]] == [
        "assigned",
        "not_found",
        "unreadable",
        "not_found",
        "assigned",
        "unreadable",
    ]
    counted = sum(found[state] for state in ("assigned", "nobody", "not_found", "unreadable"))
    assert (counted, found["total"]) == (6, 6)
    first = found["lines"][0]
    assert (first["lender"]["library"], first["others"]) == ("beta", ["alpha"])
    assert found["by_lender"] == {"beta": 2}


OPENURLS = [
    (f"rft.isbn={RED}", "/editions/", "by its ISBN"),
    (f"id=urn:ISBN:{RED}&url_ver=Z39.88-2004", "/editions/", "by a URN"),
    ("genre=book&title=白鯨記&aulast=Melville&date=1851", "/search?q=", "a citation of nothing there is"),
    ("rft.btitle=紅樓夢校注&rft.au=曹雪芹&rft.date=1984", "/editions/", "a citation that is"),
    ("rft.jtitle=Nature&rft.volume=5", "/search?q=Nature", "nobody has it"),
    ("isbn=123&title=Sapiens", "/search?q=Sapiens", "a number that is none"),
]


@pytest.mark.parametrize(("query", "leads", "why"), OPENURLS)
async def test_an_openurl_leads_to_what_it_cites(services: Services, query: str, leads: str, why: str) -> None:
    transport = httpx.ASGITransport(create_app(services), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://catalogue.example") as reader:
        answer = await reader.get(f"/openurl?{query}")
    assert answer.status_code == 302, answer.text
    assert answer.headers["location"].removeprefix("http://catalogue.example").startswith(leads), why


async def test_an_openurl_that_cites_nothing_is_refused(client: httpx.AsyncClient) -> None:
    assert (await client.get("/openurl?sid=x")).status_code == 422

"""The API as a page: every operation of the OpenAPI description, in words, without a script from elsewhere."""

import httpx
import lxml.html
import pytest

from search_api.protocols.api_page import groups


@pytest.mark.parametrize("url", ["/api/", "/en/api/", "/th/api/"])
async def test_every_operation_is_on_the_page(client: httpx.AsyncClient, url: str) -> None:
    described = (await client.get("/api/openapi.json")).json()
    answer = await client.get(url)
    assert answer.status_code == 200
    tree = lxml.html.document_fromstring(answer.text)
    shown = {
        (one.cssselect(".call b")[0].text, one.cssselect(".call code")[0].text) for one in tree.cssselect(".operation")
    }
    assert shown == {(method.upper(), path) for path, methods in described["paths"].items() for method in methods}
    places = {one.get("id") for one in tree.cssselect(".operation")}
    assert len(places) == len(shown)
    assert {a.get("href")[1:] for a in tree.cssselect(".api-toc a")} == places
    assert all(one.get("src").startswith("/static/") for one in tree.cssselect("script[src]"))


async def test_what_can_be_opened_with_its_address_alone_can_be_opened(client: httpx.AsyncClient) -> None:
    tree = lxml.html.document_fromstring((await client.get("/en/api/")).text)
    addresses = {a.get("href") for a in tree.cssselect(".call a")}
    assert {"/api/search", "/api/libraries"} <= addresses
    assert not any("{" in address for address in addresses)
    assert (await client.get("/api/search")).status_code == 200


async def test_the_footer_of_every_page_leads_there(client: httpx.AsyncClient) -> None:
    tree = lxml.html.document_fromstring((await client.get("/vi/libraries")).text)
    assert "/vi/api/" in [a.get("href") for a in tree.cssselect(".foot a")]


def test_kinds_of_values_are_told_in_a_few_words() -> None:
    told = {
        "paths": {
            "/api/x/{id}": {
                "get": {
                    "summary": "X",
                    "parameters": [
                        {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}},
                        {"name": "sort", "in": "query", "schema": {"enum": ["a", "b"], "description": "Order."}},
                        {"name": "year", "in": "query", "schema": {"anyOf": [{"type": "integer"}, {"type": "null"}]}},
                        {"name": "many", "in": "query", "schema": {"type": "array", "items": {"type": "string"}}},
                    ],
                    "responses": {"200": {"description": "Fine."}, "500": {"description": "Not."}},
                }
            }
        }
    }
    [group] = groups(told)
    [operation] = group.operations
    assert [(one.name, one.kind) for one in operation.parameters] == [
        ("id", "string"),
        ("sort", "a | b"),
        ("year", "integer"),
        ("many", "string, …"),
    ]
    assert operation.parameters[1].about == "Order."
    assert (operation.answers, operation.try_it, operation.id) == ((("200", "Fine."),), "", "get-api-x-id")


async def test_the_address_without_a_slash_leads_there(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api")
    assert (answer.status_code, answer.headers["location"]) == (307, "http://catalogue.example/api/")

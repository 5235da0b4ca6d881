from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from harvester.oai_pmh import Server, server_of
from harvester.oai_pmh.probing import first_names, first_page, takes, token_twice
from harvester.page import Visit
from tests.support.oai import OaiServer, error, oai_library, oai_server, records, sends, sleepless
from tests.support.oai_visit import NOW

MARC = {"metadataPrefix": "marcxml"}


@asynccontextmanager
async def asking(server: OaiServer) -> AsyncIterator[Server]:
    async with sleepless() as http:
        yield server_of(Visit(oai_library(server.url), http, NOW), now=lambda: NOW, environ={})


async def test_a_token_that_can_be_used_again_is_known_for_it() -> None:
    async with oai_server(records(35)) as script, asking(script) as server:
        tried = await token_twice(server, (await first_page(server, MARC)).token)
    assert (tried.idempotent, server.dialect["token_idempotent"]) == (True, True)


async def test_a_token_that_is_used_up_is_known_for_it() -> None:
    async with oai_server(records(35), consumable=True, token=lambda _: "scroll") as script, asking(script) as server:
        tried = await token_twice(server, (await first_page(server, MARC)).token)
    assert (tried.idempotent, tried.why) == (False, "the second time it lists other records")
    assert server.dialect.fresh() == {"token_idempotent": False}


async def test_a_token_that_is_refused_the_second_time_is_used_up_too() -> None:
    async with oai_server(records(35)) as script, asking(script) as server:
        token = (await first_page(server, MARC)).token
        page = script.page(2)
        script.at(2, sends(page), sends(error("badResumptionToken", "used")))
        tried = await token_twice(server, token)
    assert (tried.idempotent, "used" in tried.why) == (False, True)


async def test_without_a_second_page_nothing_is_known() -> None:
    async with oai_server(records(5)) as script, asking(script) as server:
        assert (await token_twice(server, (await first_page(server, MARC)).token)).idempotent is None
        assert len((await first_names(server, MARC)).live) == 5


async def test_what_a_server_takes_is_found_out_by_asking() -> None:
    async with oai_server(records(5)) as script, asking(script) as server:
        assert await takes(server, MARC | {"from": "2030-01-01"}), "that nothing matches is an answer"
        script.verbs["ListIdentifiers"] = sends(error("badArgument", "from"))
        assert not await takes(server, MARC | {"from": "2030-01-01"})

from __future__ import annotations

import pytest

from harvester.errors import AccessRefused
from harvester.marc_rules import SLIM
from harvester.oai_pmh.opening import candidates
from harvester.oai_xml import Format
from harvester.traits import Trait
from tests.support.oai import DUBLIN_CORE, OaiRecord, OaiServer, error, oai_server, records, xml_answer
from tests.support.oai_visit import NOW, end_of, listing, names

ANY = {"metadata_prefix": ""}
DC = f'<oai_dc:dc xmlns:oai_dc="{DUBLIN_CORE}"><title>x</title></oai_dc:dc>'

OFFERS = [
    ([("oai_dc", DUBLIN_CORE), ("marcxml", SLIM)], ["marcxml", "oai_dc"], "as most do"),
    ([("MARC21", SLIM), ("oai_dc", DUBLIN_CORE)], ["MARC21", "oai_dc"], "in capitals"),
    ([("marcxml", SLIM), ("marc21", SLIM)], ["marc21", "marcxml"], "two names for the same"),
    (
        [("lib_full", SLIM + "/"), ("oai_dc", DUBLIN_CORE)],
        ["lib_full", "oai_dc"],
        "a name of its own",
    ),
    ([("x", SLIM.replace("http:", "https:"))], ["x"], "https in the namespace"),
    ([("marcxml", "http://example.org/"), ("y", SLIM)], ["y", "marcxml"], "the namespace before the name"),
    ([("oai_marc", "http://www.openarchives.org/OAI/1.1/oai_marc")], ["oai_marc"], "the older form"),
    ([("mods", "http://www.loc.gov/mods/v3"), ("oai_dc", DUBLIN_CORE)], ["oai_dc"], "what nobody here reads is left"),
    ([("mods", "http://www.loc.gov/mods/v3")], [], "nothing to be read"),
]


@pytest.mark.parametrize(("offered", "prefixes", "why"), OFFERS, ids=[row[2] for row in OFFERS])
def test_marc_is_known_by_its_namespace_then_by_its_name(
    offered: list[tuple[str, str]], prefixes: list[str], why: str
) -> None:
    assert candidates(tuple(Format(*one) for one in offered)) == prefixes, why


async def test_the_format_is_chosen_by_what_the_server_offers_and_remembered() -> None:
    learnt: dict[str, Trait] = {}
    async with oai_server(records(5), formats=(("oai_dc", DUBLIN_CORE), ("lib", SLIM))) as server:
        await listing(server, harvest=ANY, learnt=learnt)
        assert server.asked[0]["metadataPrefix"] == learnt["metadata_prefix"] == "lib"
        server.requests.clear()
        await listing(server, harvest=ANY, traits=learnt)
    assert [request["verb"] for request in server.requests] == ["Identify", "ListRecords"]


async def test_a_repository_of_dublin_core_alone_is_harvested_too() -> None:
    async with oai_server(records(5, metadata=DC), formats=(("oai_dc", DUBLIN_CORE),)) as server:
        listed = await listing(server, harvest=ANY)
    assert {record.format for page in listed for record in page.records} == {"oai_dc"}
    assert end_of(listed).proven


async def test_a_prefix_that_gives_something_else_than_it_says_is_passed_over() -> None:
    async with oai_server(records(5), formats=(("marc21", SLIM), ("marcxml", SLIM))) as server:

        async def swapped(server: OaiServer, request: object) -> object:
            right = server.requests[-1]["metadataPrefix"] == "marcxml"
            page = server.page(1)
            return xml_answer(
                page
                if right
                else page.replace("<record xmlns", "<mods xmlns").replace("</record></metadata>", "</mods></metadata>")
            )

        server.always[1] = swapped  # type: ignore[assignment]
        listed = await listing(server, harvest=ANY)
    assert (len(names(listed)), end_of(listed).proven) == (5, True)


async def test_a_format_that_is_gone_is_chosen_anew_and_everything_comes_in_the_new_one() -> None:
    learnt: dict[str, Trait] = {"metadata_prefix": "marcxml"}
    async with oai_server(records(5), formats=(("marc21", SLIM),)) as server:

        async def only_marc21(server: OaiServer, request: object) -> object:
            known = server.requests[-1]["metadataPrefix"] == "marc21"
            return xml_answer(server.page(1) if known else error("cannotDisseminateFormat"))

        server.always[1] = only_marc21  # type: ignore[assignment]
        listed = await listing(server, harvest=ANY, traits=dict(learnt), learnt=learnt, since=NOW.isoformat())
    assert (len(names(listed)), learnt["metadata_prefix"]) == (5, "marc21")
    assert "from" not in server.asked[-1]


async def test_a_format_that_the_librarys_file_names_is_never_exchanged() -> None:
    async with oai_server(records(5), formats=(("marc21", SLIM),)) as server:
        server.always[1] = lambda server, request: _refused()  # type: ignore[assignment]
        with pytest.raises(AccessRefused, match="it offers marc21"):
            await listing(server, harvest={"metadata_prefix": "marcxml"})


async def _refused() -> object:
    return xml_answer(error("cannotDisseminateFormat"))


async def test_a_server_without_any_format_that_can_be_read_needs_an_operator() -> None:
    async with oai_server([OaiRecord("a")], formats=(("mods", "http://www.loc.gov/mods/v3"),)) as server:
        with pytest.raises(AccessRefused, match="offers mods"):
            await listing(server, harvest=ANY)


async def test_a_librarys_file_that_names_no_format_leaves_it_to_what_the_server_has() -> None:
    async with oai_server(records(5, metadata=DC), formats=(("oai_dc", DUBLIN_CORE),)) as server:
        listed = await listing(server)
    assert (len(names(listed)), server.asked[0]["metadataPrefix"]) == (5, "oai_dc")

"""Decisions over HTTP: why an edition is one, its other editions, what staff judge, and where old addresses lead."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from harvester.store import Store
from indexer.catalogue import Catalogue
from indexer.compare import MODEL
from indexer.engine.open import open_engine
from indexer.record import RecordRef
from indexer.run import rebuild
from mappings.library import load_libraries
from search_api.settings import Settings
from search_api.staff.access import Role
from search_api.staff.audit import Action, Audit
from tests.support.background import served
from tests.support.catalogue import harvest_into, index, write_libraries
from tests.support.staff import opened, person_of


def _emma(number: str, year: int, house: str, pages: int, title: str = "Emma") -> tuple[str, str]:
    text = f"""
=001  {number}
=008  040101s{year}    enk           000 1 eng d
=100  1\\$aAusten, Jane,$eauthor.
=245  10$a{title} /$cJane Austen.
=260  \\\\$aLondon :$b{house},$c{year}.
=300  \\\\$a{pages} p.
"""
    return number, "\n".join(line for line in text.splitlines() if line)


MURRAY = _emma("1", 1816, "John Murray", 322)
PENGUIN = _emma("2", 2003, "Penguin", 474)
OXFORD = _emma("3", 2008, "Oxford University Press", 418)
A, B, C = "alpha:1", "beta:2", "gamma:3"


async def _settings(home: Path) -> Settings:
    settings = Settings(home=home, libraries=write_libraries(home / "libraries"))
    await _harvest(settings, alpha=[MURRAY], beta=[PENGUIN], gamma=[OXFORD])
    return settings


async def _harvest(settings: Settings, **records: list[tuple[str, str]]) -> None:
    store = Store.open(settings.database_url)
    for library, some in records.items():
        harvest_into(store, library, some)
    store.close()
    await index(settings)


@asynccontextmanager
async def _asked(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """Requests of a cataloguer's program over a real connection to a real server."""
    chen = person_of(settings, Role.CATALOGUER, name="chen")
    async with served(settings) as url, httpx.AsyncClient(base_url=url, headers=chen.program) as client:
        yield client


def _edition(settings: Settings, ref: str) -> str:
    store = Store.open(settings.database_url)
    try:
        return str(Catalogue(store.engine).edition_of(RecordRef.parse(ref)))
    finally:
        store.close()


async def _judge(client: httpx.AsyncClient, a: str, b: str, verdict: str, **more: Any) -> httpx.Response:
    question = {"a": a, "b": b, "verdict": verdict, "because": "seen on the shelf", **more}
    return await client.post("/api/judgements", json=question)


async def test_staff_join_and_part_editions_and_take_it_back(tmp_path: Path) -> None:
    settings = await _settings(tmp_path)
    async with _asked(settings) as client:
        made = await _judge(client, A, B, "same")
        assert made.status_code == 201
        body = made.json()
        assert body["edition_a"] == body["edition_b"]
        assert (body["merged"], body["repeated"], body["searchable"]) == (1, False, "with the next index")
        edition = (await client.get(f"/api/editions/{body['edition_a']}")).json()
        assert [record["library"] for record in edition["records"]] == ["alpha", "beta"], "it shows at once"
        [listed] = (await client.get("/api/judgements")).json()["judgements"]
        assert (listed["a"], listed["b"], listed["by"], listed["because"]) == (A, B, "Chen", "seen on the shelf")
        number = listed["number"]
        taken = await client.delete(f"/api/judgements/{number}?because=an+error")
        assert taken.status_code == 200
        assert taken.json()["edition_a"] != taken.json()["edition_b"]
        assert (await client.get("/api/judgements")).json()["judgements"] == []
        [kept] = (await client.get("/api/judgements?withdrawn=true")).json()["judgements"]
        assert kept["withdrawn"]["by"] == "Chen"


async def test_judgements_are_noted_with_who_made_them(tmp_path: Path) -> None:
    settings = await _settings(tmp_path)
    async with _asked(settings) as client:
        number = (await _judge(client, A, B, "same")).json()["judgement"]["number"]
        await _judge(client, A, B, "same")
        await client.delete(f"/api/judgements/{number}?because=an+error")
    with opened(settings) as store:
        noted = [(one.who, one.action, one.what) for one in reversed(Audit(store).entries())]
    assert noted == [("chen", Action.JUDGED, f"{A} {B}: same"), ("chen", Action.JUDGEMENT_WITHDRAWN, str(number))]


@pytest.mark.parametrize(("role", "status"), [(None, 401), (Role.SELECTOR, 403), (Role.ILL, 403)])
async def test_only_cataloguers_judge_or_see_who_did(tmp_path: Path, role: Role | None, status: int) -> None:
    settings = await _settings(tmp_path)
    headers = person_of(settings, role).program if role else {"Authorization": "Bearer asl_guessed"}
    async with _asked(settings) as client:
        question = {"a": A, "b": B, "verdict": "same", "because": "x"}
        answers = [
            await client.post("/api/judgements", json=question, headers=headers),
            await client.get("/api/judgements", headers=headers),
            await client.delete("/api/judgements/1?because=x", headers=headers),
        ]
    assert [answer.status_code for answer in answers] == [status] * 3


async def test_what_cannot_be_judged_is_refused_with_its_reason(tmp_path: Path) -> None:
    async with _asked(await _settings(tmp_path)) as client:
        unknown = await _judge(client, A, "beta:999", "same")
        assert (unknown.status_code, unknown.json()["error"]["message"]) == (404, "There is no record beta:999.")
        assert (await _judge(client, A, "nothing", "same")).status_code == 422
        assert (await _judge(client, A, B, "alike")).status_code == 422
        assert (await _judge(client, A, B, "same", because=" ")).status_code == 409
        assert (await _judge(client, A, B, "same")).status_code == 201
        assert (await _judge(client, A, B, "same")).json()["repeated"] is True
        assert (await _judge(client, B, C, "same")).status_code == 201
        refused = await _judge(client, A, C, "different")
        assert refused.status_code == 409
        assert "judgement 1, Chen" in refused.json()["error"]["message"]
        assert (await client.delete("/api/judgements/99?because=x")).status_code == 404


async def test_other_editions_of_a_text_are_told_the_newest_first(tmp_path: Path) -> None:
    settings = await _settings(tmp_path)
    await _harvest(settings, alpha=[_emma("4", 1811, "Egerton", 300, "Sense and sensibility")])
    edition = _edition(settings, A)
    async with _asked(settings) as client:
        told = (await client.get(f"/api/editions/{edition}/editions")).json()
        assert [(one["year"], one["publisher"], one["libraries"]) for one in told["editions"]] == [
            (2008, "Oxford University Press", ["gamma"]),
            (2003, "Penguin", ["beta"]),
        ]
        work = (await client.get(f"/api/works/{told['work']}")).json()
        assert (work["total"], len(work["editions"])) == (3, 3)
        assert (await client.get(f"/api/editions/{edition}")).json()["work"] == told["work"]
        alone = (await client.get(f"/api/editions/{_edition(settings, 'alpha:4')}/editions")).json()
        assert (alone["work"], alone["total"], alone["editions"]) == (None, 0, [])
        assert (await client.get("/api/works/wnothing")).status_code == 404
        page = (await client.get(f"/en/editions/{edition}")).text
        assert "Other editions" in page
        assert "Penguin" in page
        assert "其他版本" in (await client.get(f"/editions/{edition}")).text
        assert "Other editions" not in (await client.get(f"/en/editions/{_edition(settings, 'alpha:4')}")).text


async def test_a_volume_and_its_set_know_each_other_and_are_no_other_editions(tmp_path: Path) -> None:
    settings = await _settings(tmp_path)
    volumes = [_emma(str(10 + n), 1816, "John Murray", 300 + n, f"Emma.$nVolume {n}") for n in (1, 2)]
    await _harvest(settings, delta=volumes)
    async with _asked(settings) as client:
        one = (await client.get(f"/api/editions/{_edition(settings, 'delta:11')}/editions")).json()
        assert one["editions"] == []
        assert len(one["whole"]) == 3
        assert [volume["part"] for volume in one["volumes"]] == ["Volume 2"]
        whole = (await client.get(f"/api/editions/{_edition(settings, A)}/editions")).json()
        assert len(whole["editions"]) == 2
        assert sorted(volume["part"] for volume in whole["volumes"]) == ["Volume 1", "Volume 2"]


async def test_an_edition_says_where_it_split_from_and_who_has_it_twice(tmp_path: Path) -> None:
    settings = await _settings(tmp_path)
    await _harvest(settings, alpha=[("9", MURRAY[1].replace("=001  1", "=001  9"))])
    edition = _edition(settings, A)
    async with _asked(settings) as client:
        told = (await client.get(f"/api/editions/{edition}")).json()
        assert [record["identifier"] for record in told["records"]] == ["1", "9"], "both are kept"
        assert told["held_twice_by"] == ["alpha"]
        assert told["split_from"] is None
        assert (
            "More than one record of this edition: Alpha Library" in (await client.get(f"/en/editions/{edition}")).text
        )
        assert (await _judge(client, "alpha:1", "alpha:9", "different")).json()["split"] == 1
        parted = {_edition(settings, "alpha:1"), _edition(settings, "alpha:9")} - {edition}
        [other] = parted
        assert (await client.get(f"/api/editions/{other}")).json()["split_from"] == edition
        page = (await client.get(f"/en/editions/{other}")).text
        assert f'href="/en/editions/{edition}"' in page
        assert "were part of another edition" in page


async def test_an_explanation_draws_an_edition_and_its_border(tmp_path: Path) -> None:
    settings = await _settings(tmp_path)
    await _harvest(settings, delta=[("5", MURRAY[1].replace("=001  1", "=001  5"))])
    async with _asked(settings) as client:
        await _judge(client, A, C, "same")
        address = f"/api/editions/{_edition(settings, A)}/explanation"
        drawn = (await client.get(address)).json()
        del client.headers["Authorization"]
        public = (await client.get(address)).json()
        wrong = await client.get(address, headers={"Authorization": "Bearer asl_nosuch"})
    assert public["judgements"] == [{"a": A, "b": C, "verdict": "same"}], "staff's names and words are their own"
    assert wrong.json() == public
    assert drawn["judgements"][0]["by"]
    assert [one["record"] for one in drawn["records"]] == [A, "delta:5", C]
    [edge] = drawn["edges"]
    assert (edge["a"], edge["b"]) == (A, "delta:5")
    assert "titles_equal" in edge["reasons"]
    assert edge["model"] == MODEL
    assert datetime.fromisoformat(edge["judged_at"]) <= datetime.now(UTC)
    assert [one["verdict"] for one in drawn["judgements"]] == ["same"]
    assert {(one["a"], one["b"]["record"]) for one in drawn["vetoed_inside"]} <= {(A, C), ("delta:5", C)}
    assert drawn["vetoed_inside"], "the rules would have kept the third out"
    outside = {one["b"]["record"] for kind in ("outvoted", "vetoed", "nearly") for one in drawn[kind]}
    assert outside <= {B}
    assert len(drawn["replaces"]) == 1


# Addresses that were given lead somewhere for ever


async def _ends(client: httpx.AsyncClient, address: str) -> tuple[list[int], str]:
    """The states on the way, and where it ends."""
    response = await client.get(address, follow_redirects=True)
    return [one.status_code for one in (*response.history, response)], response.url.path


async def test_merged_ids_redirect_in_one_step_after_several_merges_and_a_rebuild(tmp_path: Path) -> None:
    settings = await _settings(tmp_path)
    old = {ref: _edition(settings, ref) for ref in (A, B, C)}
    async with _asked(settings) as client:
        for pair in ((A, B), (B, C)):
            assert (await _judge(client, *pair, "same")).status_code == 201
        await _all_lead_to_one(client, settings, old)
    store = Store.open(settings.database_url)
    engine = open_engine("", settings.index_folder)
    try:
        libraries = load_libraries(settings.libraries)
        await rebuild(store, Catalogue(store.engine), engine, libraries, reread=True)
    finally:
        await engine.close()
        store.close()
    async with _asked(settings) as client:
        await _all_lead_to_one(client, settings, old)


async def _all_lead_to_one(client: httpx.AsyncClient, settings: Settings, old: dict[str, str]) -> None:
    [survivor] = {_edition(settings, ref) for ref in old}
    assert survivor in old.values()
    for given in old.values():
        for address in (
            "/editions/{}",
            "/en/editions/{}",
            "/api/editions/{}",
            "/api/editions/{}/editions",
            "/api/editions/{}/explanation",
            "/api/editions/{}/availability",
        ):
            states, path = await _ends(client, address.format(given))
            assert states == ([200] if given == survivor else [301, 200]), address
            assert path == address.format(survivor)


async def test_a_work_that_was_merged_redirects_too(tmp_path: Path) -> None:
    settings = await _settings(tmp_path)
    more = [_emma("21", 1990, "Folio", 500, "Emma Woodhouse"), _emma("22", 1991, "Virago", 510, "Emma Woodhouse")]
    await _harvest(settings, delta=more)
    async with _asked(settings) as client:

        async def work(ref: str) -> str:
            return str((await client.get(f"/api/editions/{_edition(settings, ref)}")).json()["work"])

        kept, given_up = await work(A), await work("delta:21")
        renamed = [(number, text.replace("Emma Woodhouse", "Emma")) for number, text in more]
        await _harvest(settings, delta=renamed)
        assert await _ends(client, f"/api/works/{given_up}") == ([301, 200], f"/api/works/{kept}")


async def test_an_id_whose_records_all_left_is_not_given_to_others(tmp_path: Path) -> None:
    settings = await _settings(tmp_path)
    gone = _edition(settings, A)
    store = Store.open(settings.database_url)
    harvest_into(store, "alpha", [], deleted=("1",))
    store.close()
    await index(settings)
    async with _asked(settings) as client:
        assert (await client.get(f"/api/editions/{gone}")).status_code == 410
        await _harvest(settings, delta=[("7", MURRAY[1].replace("=001  1", "=001  7"))])
        assert _edition(settings, "delta:7") != gone

"""Z39.50 and SRU against servers that we did not write: yaz-ztest with its OPAC records, zebrasrv over ours."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from mappings.library import Availability
from search_api.availability.connectors.z3950 import Z3950Connector
from search_api.availability.http import ImpatientHttp, QuestionRefused
from search_api.availability.status import AnswerState, AskedRecord, ItemState
from search_api.availability.system import System
from tests.support.marc_bytes import collection, marcxml
from tests.support.status import asked
from tests.support.yaz import free_port, needed, running
from tests.support.zebra import zebra

FIRST = AskedRecord("11224466", title="How to program a computer")
"""What yaz-ztest finds at number 1, whatever it is asked: a term that is a number is how many it finds."""

KOHA = (
    '<datafield tag="999" ind1=" " ind2=" "><subfield code="c">{number}</subfield></datafield>'
    '<datafield tag="952" ind1=" " ind2=" "><subfield code="7">0</subfield><subfield code="p">B{number}</subfield>'
    '<subfield code="b">總館</subfield>{due}</datafield></record>'
)


@pytest.fixture(autouse=True)
def _servers_are_here() -> None:
    needed()


@pytest.fixture
async def http() -> AsyncIterator[ImpatientHttp]:
    opened = ImpatientHttp()
    yield opened
    await opened.close()


@pytest.fixture
async def ztest(tmp_path: Path) -> AsyncIterator[str]:
    port = free_port()
    async with running("yaz-ztest", f"tcp:127.0.0.1:{port}", folder=tmp_path, port=port):
        yield f"tcp://127.0.0.1:{port}"


def record(number: int, due: str = "") -> str:
    given = f'<subfield code="q">{due}</subfield>' if due else ""
    return marcxml(str(number), "紅樓夢").replace("</record>", KOHA.format(number=number, due=given))


async def test_yaz_ztest_gives_opac_records(http: ImpatientHttp, ztest: str) -> None:
    service = Availability.model_validate({"protocol": "z3950", "url": ztest, "id_template": "1", "timeout_seconds": 5})
    (answer,) = (await asked(http, service, [FIRST])).answers
    (item,) = answer.items
    assert (answer.state, item.state, item.barcode) == (AnswerState.OK, ItemState.AVAILABLE, "1226176")
    assert item.branch == "Main or Science/Business Reading Rms - STORED OFFSITE"
    assert item.call_number == "MLCM 89/00602 (N)"


async def test_yaz_ztest_is_asked_by_many_at_once_in_one_session(http: ImpatientHttp, ztest: str) -> None:
    service = Availability.model_validate({"protocol": "z3950", "url": ztest, "id_template": "1", "timeout_seconds": 5})
    connector = Z3950Connector(System("lib", service, http, {}))
    replies = await asyncio.gather(*(connector.ask([FIRST]) for _ in range(34)))
    await connector.close()
    assert {answer.state for reply in replies for answer in reply.answers} == {AnswerState.OK}


async def test_records_of_yaz_ztest_with_other_numbers_are_not_taken(http: ImpatientHttp, ztest: str) -> None:
    service = Availability.model_validate({"protocol": "z3950", "url": ztest, "timeout_seconds": 5})
    (answer,) = (await asked(http, service, [AskedRecord("5", title="別的書")])).answers
    assert (answer.state, answer.items) == (AnswerState.NOT_FOUND, ())


async def test_zebra_gives_marc_with_copies_over_z3950_and_sru(http: ImpatientHttp, tmp_path: Path) -> None:
    records = collection(record(1), record(2, "2026-12-03"))
    async with zebra(tmp_path, records) as url:
        over_sru = {"protocol": "sru", "url": url, "sru": {"system": "koha", "record_schema": "marcxml"}}
        over_z3950 = {
            "protocol": "z3950",
            "url": url.replace("http://", "tcp://").rstrip("/"),
            "z3950": {"system": "koha", "syntax": "xml", "elements": "marcxml"},
        }
        for settings in (over_sru, over_z3950):
            service = Availability.model_validate({**settings, "timeout_seconds": 5})
            reply = await asked(http, service, ["1", "2", "3"])
            assert [(a.state, [(i.state, i.barcode, i.branch) for i in a.items]) for a in reply.answers] == [
                (AnswerState.OK, [(ItemState.AVAILABLE, "B1", "總館")]),
                (AnswerState.OK, [(ItemState.ON_LOAN, "B2", "總館")]),
                (AnswerState.NOT_FOUND, []),
            ], settings["protocol"]
        service = Availability.model_validate(
            {**over_z3950, "z3950": {**over_z3950["z3950"], "look_up": ["@attr 1=5555 {local_id}"]}}  # type: ignore[dict-item]
        )
        with pytest.raises(QuestionRefused):
            await asked(http, service, ["1"])

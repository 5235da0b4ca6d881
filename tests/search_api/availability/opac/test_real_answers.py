"""Real answers of eleven kinds of system, over SRU as they are and over Z39.50 with the same in BER."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from lxml import etree

from mappings.availability import Availability
from mappings.opac import OpacSystem
from search_api.availability.http import ImpatientHttp
from search_api.availability.opac.record import record_of_xml
from search_api.availability.status import AnswerState, AskedRecord, ItemState, ItemStatus
from tests.support.opac import external, opac_ber
from tests.support.real_files import ABSENT, DATA
from tests.support.status import answering, asked, serving
from tests.support.z3950 import knowing, z3950

FOLDER = DATA / "opac"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=ABSENT)

A, SITE, LOAN = ItemState.AVAILABLE, ItemState.AVAILABLE_ONSITE, ItemState.ON_LOAN

ANSWERS: list[tuple[str, OpacSystem, AskedRecord, list[tuple[ItemState, str, str, str, str]]]] = [
    (
        "alma-princeton",
        "alma",
        AskedRecord("9911694303506421"),
        [(A, "32101034358281", "Firestone Library", "stacks: Firestone Library", "HG2481 .C42 1997")],
    ),
    (
        "evergreen-east-central-with-checked-out-item-status",
        "evergreen",
        AskedRecord("683325"),
        [(LOAN, "32050009446276", "EC-RC", "CAR", "")],
    ),
    (
        "evergreen-lake-agassiz-with-available-item-status",
        "evergreen",
        AskedRecord("264421"),
        [(A, "33500012563250", "HAWLEY", "PAR", "LARGE PRINT")],
    ),
    (
        "folio-not-requestable",
        "folio",
        AskedRecord("15112677"),
        [
            (SITE, "31924128478918", "Olin Library", "Olin Reserve", "CB19 .G69 2021"),
            (LOAN, "31924127029480", "Olin Library", "Olin", "CB19 .G69 2021"),
        ],
    ),
    (
        "horizon-hennepin",
        "horizon",
        AskedRecord("920189"),
        [(A, "", "Minneapolis Central (1st floor General)", "Adult Fiction Book (Stacks)", "YEVTUSH")],
    ),
    ("koha-chatham", "koha", AskedRecord("100087"), [(A, "31437000069572", "CHATHAM", "CIRC2", "580.1 G733v")]),
    (
        "polaris-with-in-item-status",
        "polaris",
        AskedRecord("651857"),
        [(A, "31256015853493", "Main Library", "Juvenile nonfiction shelves", "j574.92 Sill")],
    ),
    (
        "sierra-laroche",
        "sierra",
        AskedRecord(".b11408480", title="My name is Asher Lev"),
        [(A, "", "Circulation", "", "813.54 P648my 2003")],
    ),
    (
        "symphony-stanford",
        "symphony",
        AskedRecord("a12145126"),
        [(A, "", "SAL3", "STACKS", "HV6534 .V55 J36 2017")],
    ),
    (
        "tlc-eastern",
        "tlc",
        AskedRecord("ocm32429215"),
        [(A, "30094000460060", "Warner Library", "WARNER STACKS", "PQ2683.I32 Z52313 1996")],
    ),
    (
        "voyager-temp",
        "voyager",
        AskedRecord("13022770"),
        [(SITE, "11529458", "BASS, Lower Level", "BASS, Lower Level, 24-Hour Reserve", "PN56.C612 G48X 2016 (LC)")],
    ),
    (
        "wms-lfmm",
        "worldshare",
        AskedRecord("1010578748"),
        [(A, "0111504744439", "LFMM", "General Collection", "PS3557.R48935 S67 2018")],
    ),
]
each_answer = pytest.mark.parametrize(("name", "kind", "record", "copies"), ANSWERS, ids=[row[0] for row in ANSWERS])


@pytest.fixture
async def http() -> AsyncIterator[ImpatientHttp]:
    opened = ImpatientHttp()
    yield opened
    await opened.close()


def test_every_real_answer_is_read_here() -> None:
    assert {file.stem for file in FOLDER.glob("*.xml")} == {row[0] for row in ANSWERS}


@each_answer
async def test_over_sru(
    *,
    http: ImpatientHttp,
    name: str,
    kind: OpacSystem,
    record: AskedRecord,
    copies: list[tuple[ItemState, str, str, str, str]],
) -> None:
    async with serving(answering(_file(name).read_bytes())) as server:
        service = Availability.model_validate({"protocol": "sru", "url": server.url, "sru": {"system": kind}})
        (answer,) = (await asked(http, service, [record])).answers
    assert answer.state is AnswerState.OK
    assert [_seen(item) for item in answer.items] == copies


@each_answer
async def test_over_z3950(
    *,
    http: ImpatientHttp,
    name: str,
    kind: OpacSystem,
    record: AskedRecord,
    copies: list[tuple[ItemState, str, str, str, str]],
) -> None:
    data = next(etree.parse(_file(name)).iter("{*}recordData"))
    sent = record_of_xml(data[0])
    assert sent.marc is not None
    if sent.holdings:
        marc = (
            b"00026nam a2200025 a 4500\x1e\x1d"
            if name == "wms-lfmm"
            else _iso2709(
                sent.marc.control_fields, [(f.tag, f.ind1 + f.ind2, f.subfields) for f in sent.marc.data_fields]
            )
        )
        message, syntaxes = opac_ber("", "", *sent.holdings, marc=marc), ("opac",)
    else:
        message, syntaxes = external("xml", etree.tostring(data[0])), ("xml",)
    async with z3950(knowing({record.local_id: [message]}, syntaxes=syntaxes)) as server:
        settings = {"system": kind, "syntax": syntaxes[0]}
        service = Availability.model_validate({"protocol": "z3950", "url": server.url, "z3950": settings})
        (answer,) = (await asked(http, service, [record])).answers
    assert answer.state is AnswerState.OK
    assert [_seen(item) for item in answer.items] == copies


@each_answer
async def test_nothing_is_taken_from_them_for_another_record(
    *,
    http: ImpatientHttp,
    name: str,
    kind: OpacSystem,
    record: AskedRecord,
    copies: list[tuple[ItemState, str, str, str, str]],
) -> None:
    assert copies
    other = AskedRecord(f"x{record.local_id}", title="紅樓夢")
    bare = name.startswith(("evergreen", "polaris", "wms"))  # copies and nothing else: no telling whose they are
    async with serving(answering(_file(name).read_bytes())) as server:
        service = Availability.model_validate({"protocol": "sru", "url": server.url, "sru": {"system": kind}})
        (answer,) = (await asked(http, service, [other])).answers
    assert (answer.state is AnswerState.NOT_FOUND) is not bare, answer


def test_an_answer_without_number_is_taken_when_the_number_found_it_alone() -> None:
    """What `bare` above stands for, seen by itself: the record names nothing that could be compared."""
    for name in ("polaris-with-in-item-status", "evergreen-lake-agassiz-with-available-item-status"):
        marc = record_of_xml(next(etree.parse(_file(name)).iter("{*}recordData"))[0]).marc
        assert marc is not None
        assert {f.tag for f in marc.data_fields} == {"852"}
        assert not marc.control_fields


def _seen(item: ItemStatus) -> tuple[ItemState, str, str, str, str]:
    return item.state, item.barcode, item.branch, item.location, item.call_number


def _file(name: str) -> Path:
    return FOLDER / f"{name}.xml"


def _iso2709(control: tuple[tuple[str, str], ...], data: list[tuple[str, str, tuple[tuple[str, str], ...]]]) -> bytes:
    """The fields as a record of bytes, in UTF-8."""
    fields = [(tag, value.encode()) for tag, value in control]
    fields += [
        (tag, (indicators + "".join(f"\x1f{code}{value}" for code, value in subfields)).encode())
        for tag, indicators, subfields in data
    ]
    directory, body = b"", b""
    for tag, value in fields:
        directory += f"{tag}{len(value) + 1:04}{len(body):05}".encode()
        body += value + b"\x1e"
    base = 24 + len(directory) + 1
    return f"{base + len(body) + 1:05}nam a22{base:05} a 4500".encode() + directory + b"\x1e" + body + b"\x1d"

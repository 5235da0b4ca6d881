"""SRU: queries, schemas, what stands in a response, and what a server may do wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from pydantic import ValidationError

from mappings.library import Availability
from search_api.availability.connectors.sru import query
from search_api.availability.http import ConnectorUnavailable, EntryRefused, ImpatientHttp, QuestionRefused
from search_api.availability.opac.record import Circulation
from search_api.availability.status import AnswerState, AskedRecord, ItemState
from tests.support.marc_bytes import marcxml
from tests.support.opac import holding, opac_xml
from tests.support.sru_live import sru, sru_answer
from tests.support.status import Handler, answering, asked, one_after_another, serving

BOOK = opac_xml("1", "書", holding(Circulation(available_now=True)))
OTHER = opac_xml("9", "別的書", holding(Circulation(available_now=True)))


@pytest.fixture
async def http() -> AsyncIterator[ImpatientHttp]:
    opened = ImpatientHttp()
    yield opened
    await opened.close()


def service(url: str, **settings: Any) -> Availability:
    return Availability.model_validate({"protocol": "sru", "url": url, "timeout_seconds": 5, "sru": settings})


QUERIES = [
    ('rec.id="{local_id}"', "991", 'rec.id="991"', "in quotes already"),
    ('rec.id="{local_id}"', 'a"b\\c', 'rec.id="a\\"b\\\\c"', "signs of CQL are escaped"),
    ('rec.id="{local_id}"', "a*?^", 'rec.id="a\\*\\?\\^"', "so are wild cards: nothing else may be found"),
    ("alma.mms_id={local_id}", "991", "alma.mms_id=991", "a plain number needs no quotes"),
    ("alma.mms_id={local_id}", "1 or 2", 'alma.mms_id="1 or 2"', "anything else gets them"),
    ("bath.isbn={isbn}", "9789573264682", "bath.isbn=9789573264682", "an ISBN"),
]


@pytest.mark.parametrize(("way", "term", "cql", "why"), QUERIES, ids=[row[3] for row in QUERIES])
def test_a_term_is_one_term_of_the_query(way: str, term: str, cql: str, why: str) -> None:
    assert query(way, term) == cql, why


@pytest.mark.parametrize(("version", "escaping"), [("1.1", "recordPacking"), ("2.0", "recordXMLEscaping")])
async def test_what_is_asked(http: ImpatientHttp, version: str, escaping: str) -> None:
    async with serving(sru({'rec.id="1"': [BOOK]})) as server:
        await asked(http, service(server.url, version=version), ["1"])
    assert server.queries == [
        {
            "version": version,
            "operation": "searchRetrieve",
            "query": 'rec.id="1"',
            "maximumRecords": "10",
            "recordSchema": "opac",
            escaping: "xml",
        }
    ]


async def test_the_isbn_is_looked_up_where_the_number_finds_nothing(http: ImpatientHttp) -> None:
    ways = ['rec.id="{local_id}"', "bath.isbn={isbn}"]
    async with serving(sru({"bath.isbn=9789573264682": [OTHER, BOOK]})) as server:
        record = AskedRecord("1", isbns=("9789573264682",), title="書")
        reply = await asked(http, service(server.url, look_up=ways), [record])
        assert [q["query"] for q in server.queries] == ['rec.id="1"', "bath.isbn=9789573264682"]
    assert [(a.state, [i.state for i in a.items]) for a in reply.answers] == [(AnswerState.OK, [ItemState.AVAILABLE])]


KOHA = (
    '<datafield tag="952" ind1=" " ind2=" "><subfield code="7">0</subfield>'
    '<subfield code="p">314</subfield></datafield></record>'
)
TURBO = (
    '<opacRecord><bibliographicRecord><r xmlns="http://www.indexdata.com/turbomarc"><c001>1</c001>'
    '<d245 i1="0" i2="0"><sa>書</sa></d245></r></bibliographicRecord><holdings><holding><circulations><circulation>'
    '<availableNow value="1"/></circulation></circulations></holding></holdings></opacRecord>'
)
RECORDS = [
    (BOOK, "OPAC XML"),
    (marcxml("1").replace("</record>", KOHA), "MARCXML"),
    (BOOK.replace("<", "&lt;").replace(">", "&gt;"), "OPAC XML as text, although XML was asked for"),
    (BOOK.replace("<opacRecord>", '<opacRecord xmlns="http://www.indexdata.com/opac">'), "in a namespace"),
    (TURBO, "with turbomarc in it"),
]


@pytest.mark.parametrize(("record", "why"), RECORDS, ids=[row[1] for row in RECORDS])
async def test_a_record_is_read_however_it_is_packed(http: ImpatientHttp, record: str, why: str) -> None:
    for number, state in (("1", AnswerState.OK), ("2", AnswerState.NOT_FOUND)):
        async with serving(answering(sru_answer([record]))) as server:
            reply = await asked(http, service(server.url), [number])
        assert reply.answers[0].state is state, why
    async with serving(answering(sru_answer([record]))) as server:
        reply = await asked(http, service(server.url), ["1"])
    assert [item.state for item in reply.answers[0].items] == [ItemState.AVAILABLE]


_DIAGNOSTIC_RECORD = (
    '<diagnostic xmlns="http://www.loc.gov/zing/srw/diagnostic/"><uri>info:srw/diagnostic/1/67</uri></diagnostic>'
)
FAULTS: list[tuple[Handler, type[ConnectorUnavailable], str]] = [
    (answering(sru_answer(hits=0, diagnostic=11)), QuestionRefused, "a query that the server does not take"),
    (answering(sru_answer(hits=0, diagnostic=3)), EntryRefused, "no access"),
    (answering(sru_answer(hits=0, diagnostic=1)), ConnectorUnavailable, "an error of its own"),
    (answering(sru_answer(hits=1)), ConnectorUnavailable, "found and not given"),
    (answering(sru_answer(hits=1, diagnostic=66)), ConnectorUnavailable, "a schema that it does not have"),
    (answering(sru_answer([_DIAGNOSTIC_RECORD])), ConnectorUnavailable, "a diagnostic in place of the record"),
    (answering(sru_answer(["<mods/>"])), ConnectorUnavailable, "another schema"),
    (answering(sru_answer([marcxml("1")]).replace("numberOfRecords", "x")), ConnectorUnavailable, "no count"),
    (answering("<explainResponse/>"), ConnectorUnavailable, "another response"),
    (answering('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), ConnectorUnavailable, "a document type"),
]


@pytest.mark.parametrize(("handler", "error", "why"), FAULTS, ids=[row[2] for row in FAULTS])
async def test_a_failure_raises_and_is_never_an_empty_answer(
    http: ImpatientHttp, handler: Handler, error: type[ConnectorUnavailable], why: str
) -> None:
    async with serving(handler) as server:
        with pytest.raises(error) as caught:
            await asked(http, service(server.url), ["1"])
    assert type(caught.value) is error, why
    assert "機密" not in str(caught.value), "a reason holds nothing of the answer's text"


async def test_nothing_beyond_the_last_record_is_nothing(http: ImpatientHttp) -> None:
    async with serving(answering(sru_answer(hits=0, diagnostic=61))) as server:
        reply = await asked(http, service(server.url), ["1"])
    assert [a.state for a in reply.answers] == [AnswerState.NOT_FOUND]


async def test_one_question_refused_leaves_the_others(http: ImpatientHttp) -> None:
    refused, good = answering(sru_answer(hits=0, diagnostic=10)), answering(sru_answer([BOOK]))
    async with serving(one_after_another(refused, good)) as server:
        reply = await asked(http, service(server.url), ["2", "1"])
    assert [a.state for a in reply.answers] == [AnswerState.ERROR, AnswerState.OK]


async def test_a_library_says_where_its_records_have_their_number(http: ImpatientHttp) -> None:
    field = '<datafield tag="999" ind1=" " ind2=" "><subfield code="c">1</subfield></datafield></record>'
    record = marcxml("ocm77").replace("</record>", field)
    for fields, state in ((["999$c"], AnswerState.OK), (["001"], AnswerState.NOT_FOUND)):
        async with serving(answering(sru_answer([record]))) as server:
            reply = await asked(http, service(server.url, id_fields=fields), ["1"])
        assert [a.state for a in reply.answers] == [state]


@pytest.mark.parametrize("wrong", [{"look_up": ["rec.id=1"]}, {"look_up": ["{local_id} {isbn}"]}, {"version": "3"}])
def test_wrong_settings_are_refused(wrong: dict[str, Any]) -> None:
    assert service("http://lib.example.org").sru.look_up == ('rec.id="{local_id}"',)
    with pytest.raises(ValidationError):
        service("http://lib.example.org", **wrong)

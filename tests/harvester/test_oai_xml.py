from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree

from harvester.errors import (
    AnswerRefused,
    ArgumentRefused,
    FormatRefused,
    HarvestFailed,
    ProtocolFailed,
    TokenRefused,
)
from harvester.http import Answer
from harvester.oai_records import Reading, instant
from harvester.oai_xml import Listed, got, identity, listed
from harvester.strict_xml import root_of
from tests.support.marc_bytes import SLIM, marcxml
from tests.support.oai import OaiRecord, error, response

RECORDED = Path(__file__).parents[2].parent / "shared" / "data" / "oai"
recorded = pytest.mark.skipif(not RECORDED.is_dir(), reason=f"the recorded responses are not at {RECORDED}")

NOW = datetime(2024, 5, 1, 12, tzinfo=UTC)


def read(body: str | bytes) -> Listed:
    answer = Answer("http://test/oai", 200, body.encode() if isinstance(body, str) else body)
    return listed(answer, Reading("lib", NOW))


def page(*records: OaiRecord, token: str = "<resumptionToken/>") -> str:
    return response(f"<ListRecords>{''.join(r.xml() for r in records)}{token}</ListRecords>")


def test_a_page_gives_its_records_with_what_the_server_says_of_the_list() -> None:
    answer = read(
        page(
            OaiRecord("oai:x:1", "2024-01-02"),
            token='<resumptionToken cursor="0" completeListSize="7">t</resumptionToken>',
        )
    )
    (record,) = answer.records
    assert (record.library, record.identifier, record.datestamp, record.format) == (
        "lib",
        "oai:x:1",
        "2024-01-02",
        "marcxml",
    )
    assert (answer.token, answer.cursor, answer.complete_list_size) == ("t", 0, 7)
    assert answer.response_date == NOW


def test_a_payload_is_the_record_element_and_can_be_read_alone() -> None:
    (record,) = read(page(OaiRecord("oai:x:1", title="紅樓夢 & 其他"))).records
    root = etree.fromstring(record.payload)
    assert root.tag == f"{{{SLIM}}}record"
    assert "".join(root.itertext()).endswith("紅樓夢 & 其他")


def test_a_payload_does_not_depend_on_white_space_around_it() -> None:
    tight = read(response(f"<ListRecords>{OaiRecord('a').xml()}</ListRecords>"))
    loose = read(
        response(f"<ListRecords>\n\n  {OaiRecord('a').xml().replace('<metadata>', '<metadata>  ')}\n</ListRecords>")
    )
    assert tight.records[0].payload == loose.records[0].payload


def test_a_deletion_is_in_the_header_and_has_no_payload() -> None:
    (record,) = read(page(OaiRecord("a", "2024-01-02", deleted=True))).records
    assert (record.deleted, record.payload, record.datestamp) == (True, b"", "2024-01-02")


def test_a_deletion_may_be_in_the_leader() -> None:
    (record,) = read(page(OaiRecord("a", metadata=marcxml("1", status="d")))).records
    assert (record.deleted, record.payload) == (True, b"")


def test_a_record_without_metadata_is_neither_deleted_nor_readable() -> None:
    (record,) = read(page(OaiRecord("a", metadata=""))).records
    assert (record.deleted, record.payload) == (False, b"")


REFUSED_RECORDS = [
    ("<foo/>", "neither MARCXML nor Dublin Core", "a format nobody asked for"),
    (f'<record xmlns="{SLIM}"><leader>00000nam a2200000 a 4500</leader></record>', "no field", "a bare leader"),
    (f'<collection xmlns="{SLIM}"/>', "<collection>", "an empty collection"),
    (f"<collection>{marcxml('1')}{marcxml('2')}</collection>", "<collection>", "two records under one name"),
]


@pytest.mark.parametrize(("metadata", "reason", "why"), REFUSED_RECORDS, ids=[row[2] for row in REFUSED_RECORDS])
def test_a_record_that_is_none_is_refused_and_its_neighbours_are_read(metadata: str, reason: str, why: str) -> None:
    answer = read(page(OaiRecord("a"), OaiRecord("b", metadata=metadata), OaiRecord("c")))
    assert [r.identifier for r in answer.records] == ["a", "c"]
    (refused,) = answer.refused
    assert (refused.identifier, refused.stage) == ("b", "harvest")
    assert reason in refused.reason
    assert refused.payload
    assert answer.nameless == 0


def test_a_record_without_identifier_is_refused_and_has_no_name() -> None:
    answer = read(response(f"<ListRecords><record><metadata>{marcxml('1')}</metadata></record></ListRecords>"))
    assert answer.records == ()
    assert answer.nameless == 1
    assert "identifier" in answer.refused[0].reason


def test_dublin_core_is_kept_as_such() -> None:
    dc = '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"><title>x</title></oai_dc:dc>'
    assert read(page(OaiRecord("a", metadata=dc))).records[0].format == "oai_dc"


def test_only_the_records_own_header_is_its_header() -> None:
    about = "<about><provenance><header status='deleted'><identifier>other</identifier></header></provenance></about>"
    xml = OaiRecord("a").xml().replace("</metadata>", "</metadata>" + about)
    (record,) = read(response(f"<ListRecords>{xml}</ListRecords>")).records
    assert (record.identifier, record.deleted) == ("a", False)


COLLECTION = f'<metadata><collection xmlns="{SLIM}">'

NAMESPACES: list[tuple[dict[str, str], str]] = [
    ({}, "as it should be"),
    ({' xmlns="http://www.openarchives.org/OAI/2.0/"': ""}, "none at all"),
    ({"http://www.openarchives": "https://www.openarchives"}, "https instead of http"),
    ({f' xmlns="{SLIM}"': ""}, "MARC that inherits the namespace of OAI"),
    ({"<metadata>": COLLECTION, "</metadata>": "</collection></metadata>"}, "in a collection"),
]


@pytest.mark.parametrize(("changes", "why"), NAMESPACES, ids=[row[1] for row in NAMESPACES])
def test_namespaces_are_not_believed(changes: dict[str, str], why: str) -> None:
    body = page(OaiRecord("a"), OaiRecord("b"))
    for old, new in changes.items():
        assert old in body
        body = body.replace(old, new)
    answer = read(body)
    assert [r.identifier for r in answer.records] == ["a", "b"], why
    assert answer.refused == ()
    assert all(str(etree.fromstring(r.payload).tag).endswith("record") for r in answer.records)


def test_prefixes_on_every_element_are_understood() -> None:
    body = (
        '<oai:OAI-PMH xmlns:oai="http://www.openarchives.org/OAI/2.0/" xmlns:marc="http://www.loc.gov/MARC21/slim">'
        "<oai:ListRecords><oai:record><oai:header><oai:identifier>a</oai:identifier></oai:header><oai:metadata>"
        '<marc:record><marc:controlfield tag="001">1</marc:controlfield></marc:record></oai:metadata></oai:record>'
        "<oai:resumptionToken>t</oai:resumptionToken></oai:ListRecords></oai:OAI-PMH>"
    )
    answer = read(body)
    assert (answer.records[0].identifier, answer.token) == ("a", "t")
    assert etree.fromstring(answer.records[0].payload).tag == f"{{{SLIM}}}record"


TOKENS = [
    ("<resumptionToken>t</resumptionToken>", "t", "a token"),
    ("<resumptionToken>\n  t \n</resumptionToken>", "t", "white space around it"),
    ("<resumptionToken>a b</resumptionToken>", "a b", "white space within it"),
    ("<resumptionToken>0</resumptionToken>", "0", "zero is a token"),
    ("<resumptionToken>a&amp;b=%2B+</resumptionToken>", "a&b=%2B+", "it is opaque"),
    ("<resumptionToken>\u3000</resumptionToken>", "\u3000", "only XML's own white space is cut"),
    ("<resumptionToken/>", None, "empty is the end"),
    ("<resumptionToken>  </resumptionToken>", None, "blank is the end"),
    ('<resumptionToken completeListSize="1"/>', None, "attributes alone are the end"),
    ("", None, "absent is the end"),
]


@pytest.mark.parametrize(("xml", "token", "why"), TOKENS, ids=[row[2] for row in TOKENS])
def test_a_token_is_what_stands_there_and_blank_is_the_end(xml: str, token: str | None, why: str) -> None:
    assert read(page(OaiRecord("a"), token=xml)).token == token


@pytest.mark.parametrize(
    ("size", "number"), [("12", 12), ("0", 0), ("-1", None), ("", None), ("many", None), ("9" * 40, None)]
)
def test_a_stated_size_that_is_no_number_is_not_stated(size: str, number: int | None) -> None:
    xml = f'<resumptionToken completeListSize="{size}">t</resumptionToken>'
    assert read(page(OaiRecord("a"), token=xml)).complete_list_size == number


ERRORS: list[tuple[str, type[HarvestFailed], str]] = [
    ("badResumptionToken", TokenRefused, "the window begins anew"),
    ("BADRESUMPTIONTOKEN", TokenRefused, "case is often wrong"),
    ("badArgument", ArgumentRefused, "another form of the argument may help"),
    ("badVerb", ProtocolFailed, "asking again does not help"),
    ("noSetHierarchy", ProtocolFailed, "the configuration is wrong"),
    ("cannotDisseminateFormat", FormatRefused, "the configuration is wrong"),
    ("InternalException", AnswerRefused, "the server's own trouble may pass"),
    ("", AnswerRefused, "no code at all"),
]


@pytest.mark.parametrize(("code", "raised", "why"), ERRORS)
def test_an_error_says_what_to_do(code: str, raised: type[HarvestFailed], why: str) -> None:
    with pytest.raises(raised) as caught:
        read(error(code, "in words"))
    assert type(caught.value) is raised, why
    assert "in words" in str(caught.value)


def test_nothing_that_matches_is_a_proven_answer() -> None:
    answer = read(error("noRecordsMatch"))
    assert answer.nothing_matches
    assert (answer.records, answer.token, answer.response_date) == ((), None, NOW)


def test_of_several_errors_the_token_counts() -> None:
    with pytest.raises(TokenRefused):
        read(response('<error code="badArgument"/><error code="badResumptionToken"/>'))


NOT_A_PAGE = [
    ("<html><body>Down for maintenance</body></html>", "HTML", "a maintenance page"),
    ("<!DOCTYPE html><html><head></head></html>", "HTML", "the same with a document type"),
    (response("<ListIdentifiers><header/></ListIdentifiers>"), "ListIdentifiers", "another verb"),
    (response(""), "responseDate", "neither verb nor error"),
    ("<records><record/></records>", "not OAI-PMH", "another root"),
    (page(OaiRecord("a"), OaiRecord("b"))[:-15], "cut off", "the closing tag is missing"),
    ("", "empty", "nothing"),
]


@pytest.mark.parametrize(("body", "reason", "why"), NOT_A_PAGE, ids=[row[2] for row in NOT_A_PAGE])
def test_what_is_no_page_is_refused(body: str, reason: str, why: str) -> None:
    with pytest.raises(AnswerRefused, match=reason):
        read(body)


def test_a_page_cut_anywhere_is_refused() -> None:
    body = page(OaiRecord("a", title="紅樓夢"), OaiRecord("b"), token="<resumptionToken>t</resumptionToken>").encode()
    for length in range(0, len(body) - 1, 7):
        with pytest.raises(AnswerRefused):
            read(body[:length])


def test_notices_around_the_answer_are_cut_away_and_counted() -> None:
    answer = read("<b>Warning</b>: undefined index\n" + page(OaiRecord("a")) + "\n<br/>Notice")
    assert [r.identifier for r in answer.records] == ["a"]
    assert answer.repairs > 0


def test_characters_that_xml_forbids_are_mended_and_counted() -> None:
    answer = read(page(OaiRecord("a", title="x\x1fy"), OaiRecord("b")))
    assert (len(answer.records), answer.repairs) == (2, 1)


DAMAGED = [
    (">T<", ">T & co<", 1, "a bare ampersand"),
    (">T<", ">caf&eacute;<", 1, "an entity of HTML"),
    (">T<", ">x\x1fy<", 1, "a character that XML forbids"),
    (">T<", ">&#x1;<", 1, "a reference to one"),
    (">T<", ">caf\udce9<", 1, "a byte of Latin-1"),
    (">T<", "><i>T<", None, "a tag that is not closed"),
    ("</record></metadata></record>", "", None, "a record that is not closed at all"),
    ("</metadata>", "</metadat>", None, "a tag misspelt"),
    ('tag="245"', "tag=245", None, "an attribute without quotes"),
    ("<identifier>b", "<identifier>\udc81", None, "an identifier that cannot be told"),
]


@pytest.mark.parametrize(("old", "new", "repairs", "why"), DAMAGED, ids=[row[3] for row in DAMAGED])
def test_a_damaged_record_never_touches_its_neighbours(old: str, new: str, repairs: int | None, why: str) -> None:
    good = [OaiRecord(f"oai:x:{number}", title=f"Title {number} 紅樓夢 & 其他") for number in range(50)]
    sound = read(page(*good, token="<resumptionToken>t</resumptionToken>"))
    broken = OaiRecord("b", title="T").xml()
    assert old in broken
    answer = read(
        page(*good[:25], OaiRecord("BROKEN"), *good[25:], token="<resumptionToken>t</resumptionToken>")
        .replace(OaiRecord("BROKEN").xml(), broken.replace(old, new))
        .encode("utf-8", "surrogateescape")
    )
    assert answer.token == "t"
    assert [record for record in answer.records if record.identifier != "b"] == list(sound.records), why
    if repairs is None:
        (refused,) = answer.refused
        assert refused.reason
        assert refused.payload.startswith(b"<record>")
        assert refused.identifier == "b" or answer.nameless == 1
    else:
        assert (len(answer.records), answer.repairs, answer.refused) == (51, repairs, ())
        (damaged,) = [record for record in answer.records if record.identifier == "b"]
        assert new.encode("utf-8", "surrogateescape").strip(b"<>") in damaged.payload, "it is kept as it was sent"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({}, "MARC with a namespace of its own"),
        ({f' xmlns="{SLIM}"': ""}, "MARC that inherits the namespace of OAI"),
        ({"<record>": "<!-- one --><record >", "</record>": "</record >"}, "comments and blanks"),
        (
            {
                "<metadata>": "<metadata><m:collection>",
                "</metadata>": "</m:collection></metadata>",
                "<OAI-PMH": '<OAI-PMH xmlns:m="urn:marc"',
            },
            "a prefix that the root declares",
        ),
    ],
)
def test_what_is_kept_of_a_damaged_record_can_be_read_alone(changes: dict[str, str], why: str) -> None:
    body = page(OaiRecord("a"), OaiRecord("b", title="BROKEN")).replace("BROKEN", "Rock & Roll &eacute;")
    for old, new in changes.items():
        body = body.replace(old, new)
    first, second = read(body).records
    assert not first.payload.startswith(b"<?xml"), "a good neighbour is as it would be"
    root, mended = root_of(second.payload)
    assert "Rock & Roll é" in "".join(root.itertext()), why
    assert mended >= 1


@pytest.mark.parametrize("verb", ["GetRecord", "ListRecords"])
@pytest.mark.parametrize(("old", "why"), [("<header", "as usual"), ("<!-- 1 - of 1 -->\n<header", "after a comment")])
def test_a_record_in_another_set_than_its_answer_declares_is_kept_as_it_was_sent(verb: str, old: str, why: str) -> None:
    body = response(f"<{verb}>{OaiRecord('a', title='紅樓夢許功蓋').xml().replace('<header', old, 1)}</{verb}>")
    answer = Answer("http://test/oai", 200, body.encode("big5"))
    item = got(answer, Reading("lib", NOW)) if verb == "GetRecord" else listed(answer, Reading("lib", NOW)).records[0]
    assert item is not None
    assert "紅樓夢許功蓋".encode("big5") in item.payload, why
    assert item.identifier == "a"


def test_holdings_joined_to_a_damaged_record_stay_with_it() -> None:
    held = (
        f'<record xmlns="{SLIM}" type="Holdings"><datafield tag="852" ind1=" " ind2=" ">'
        '<subfield code="b">BR & A</subfield></datafield></record>'
    )
    body = (
        page(OaiRecord("a"))
        .replace("<metadata>", "<metadata><collection>")
        .replace("</metadata>", f"{held}</collection></metadata>")
    )
    (record,) = read(body).records
    assert b"BR &amp; A" in record.payload


def test_a_damaged_dublin_core_record_is_kept_as_sent_too() -> None:
    dc = '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"><title>R & B</title></oai_dc:dc>'
    (record,) = read(page(OaiRecord("a", metadata=dc))).records
    assert record.format == "oai_dc"
    assert b"<title>R & B</title>" in record.payload


def test_a_damaged_token_is_not_used() -> None:
    body = page(OaiRecord("a"), token="<resumptionToken>t@</resumptionToken>").encode().replace(b"t@", b"t\x97")
    with pytest.raises(AnswerRefused, match="token"):
        read(body)


def test_what_identify_says_of_dates() -> None:
    def said(granularity: str) -> bool:
        body = response(f"<Identify><granularity>{granularity}</granularity></Identify>")
        return identity(Answer("u", 200, body.encode())).seconds

    assert said("YYYY-MM-DDThh:mm:ssZ")
    assert said("yyyy-mm-ddthh:mm:ssz")
    assert not said("YYYY-MM-DD")
    assert not said("")


INSTANTS = [
    ("2024-05-01T12:00:00Z", NOW, "a UTCdatetime"),
    ("2024-05-01T20:00:00+08:00", NOW, "a zone"),
    ("2024-05-01T12:00:00", NOW, "no zone is taken as UTC"),
    ("2024-05-01", datetime(2024, 5, 1, tzinfo=UTC), "a day"),
    ("2024-05-01T12:00:00.000Z", NOW, "fractions"),
    ("Z", None, "nonsense that was met"),
    ("", None, "absent"),
]


@pytest.mark.parametrize(("text", "value", "why"), INSTANTS, ids=[row[2] for row in INSTANTS])
def test_response_dates_are_read_leniently(text: str, value: datetime | None, why: str) -> None:
    assert instant(text) == value


PAGES = [
    # file, records, of them deleted, refused, the next token
    ("pennstate-300-records-invalid-bytes.xml", 300, 0, 0, "75948_aaeta"),
    ("pyoai/src__oaipmh__tests__fake1__00005.xml", 16, 0, 0, None),
    ("pyoai/src__oaipmh__tests__fake2__00002.xml", 81, 2, 0, None),
    ("reservoir-oai-response-1.xml", 4, 1, 0, "MzM5OzE7Ozt2MS4w"),
    ("reservoir-oai-response-2.xml", 0, 0, 0, None),
    ("reservoir-oai-response-3.xml", 0, 0, 1, "MzM5OzE7Ozt2MS4w"),  # an empty token beside the real one
    ("sickle/sickle__tests__sample_data__ListRecords.xml", 2, 1, 0, "ListRecords2.xml"),
    ("sickle/sickle__tests__sample_data__ListRecords4.xml", 1, 0, 1, None),
    ("sickle/sickle__tests__sample_data__noRecordsMatch.xml", 0, 0, 0, None),
    ("vufindharvest/tests__fixtures__list_records_response.xml", 1, 1, 1, None),
    ("vufindharvest/tests__fixtures__list_records_token_response.xml", 0, 0, 1, "more"),
    ("vufindharvest/tests__fixtures__marc.xml", 100, 0, 0, "fakeresumptiontoken"),
    ("reservoir-oai-response-5.xml", 1, 1, 1, "MzM5OzE7Ozt2MS4w"),  # tags that cross, in its record
    ("vufindharvest/tests__fixtures__oai_doaj.xml", 0, 0, 100, "eyJtIjogIm9haV9kb2FqIiwgIm4iOiAxMDB9"),
]


@recorded
@pytest.mark.parametrize(("file", "records", "deleted", "refused", "token"), PAGES)
def test_recorded_pages_are_read(file: str, records: int, deleted: int, refused: int, token: str | None) -> None:
    answer = read((RECORDED / file).read_bytes())
    found = (len(answer.records), sum(r.deleted for r in answer.records), len(answer.refused), answer.token)
    assert found == (records, deleted, refused, token)
    assert all(r.identifier and (r.deleted or r.payload) for r in answer.records)


FAILURES: list[tuple[str, type[HarvestFailed]]] = [
    ("pyoai/src__oaipmh__tests__fake1__00004.xml", AnswerRefused),  # GetRecord
    ("pyoai/src__oaipmh__tests__fake3__00001.xml", AnswerRefused),  # tags that cross
    ("reservoir-oai-response-4.xml", AnswerRefused),  # ListIdentifiers
    ("sickle/sickle__tests__sample_data__ListRecordsBroken.xml", AnswerRefused),
    ("sickle/sickle__tests__sample_data__badArgument.xml", ProtocolFailed),
    ("sickle/sickle__tests__sample_data__badResumptionToken.xml", TokenRefused),
    ("sickle/sickle__tests__sample_data__undefinedError.xml", AnswerRefused),
    ("vufindharvest/tests__fixtures__arbitrary_error_response.xml", AnswerRefused),
    ("vufindharvest/tests__fixtures__token_error_response.xml", TokenRefused),
]


@recorded
@pytest.mark.parametrize(("file", "raised"), FAILURES)
def test_recorded_answers_that_are_no_pages_are_refused(file: str, raised: type[HarvestFailed]) -> None:
    with pytest.raises(raised):
        read((RECORDED / file).read_bytes())


@recorded
def test_a_real_page_with_bytes_that_are_not_utf_8_loses_no_record() -> None:
    answer = read((RECORDED / "pennstate-300-records-invalid-bytes.xml").read_bytes())
    assert (len(answer.records), answer.refused, answer.repairs) == (300, (), 2)
    assert (answer.token, answer.complete_list_size) == ("75948_aaeta", 3_659_107)
    assert answer.response_date == datetime(2022, 12, 16, tzinfo=UTC)


@recorded
def test_a_real_page_with_deletions() -> None:
    answer = read((RECORDED / "reservoir-oai-response-1.xml").read_bytes())
    assert [r.identifier for r in answer.records if r.deleted] == ["998212783503681"]
    assert answer.token == "MzM5OzE7Ozt2MS4w"

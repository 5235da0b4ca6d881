from __future__ import annotations

from datetime import UTC, datetime

import pytest

from harvester.errors import AnswerRefused
from harvester.http import Answer
from harvester.oai_records import Reading
from harvester.oai_xml import Listed, got, listed, sets
from tests.support.oai import OaiRecord, response

READING = Reading("lib", datetime(2024, 5, 1, 12, tzinfo=UTC))
A, B = OaiRecord("a").xml(), OaiRecord("b").xml()
ERROR = '<error code="internalError">out of memory</error>'


def read(inside: str) -> Listed:
    return listed(Answer("http://test/oai", 200, response(inside).encode()), READING)


def in_list(inside: str) -> str:
    return f"<ListRecords>{inside}</ListRecords>"


TOKENS = [
    (in_list(A + "<resumptionToken>t</resumptionToken>"), "t", "where it belongs"),
    (in_list(A) + "<resumptionToken>t</resumptionToken>", "t", "behind the list"),
    ("<resumptionToken>t</resumptionToken>" + in_list(A), "t", "before the list"),
    (in_list(A + "<resumptiontoken>t</resumptiontoken>"), "t", "in small letters"),
    (
        in_list(A + "<ResumptionToken/>") + "<resumptionToken>t</resumptionToken>",
        "t",
        "an empty one beside the real one",
    ),
    (in_list(A) + in_list(B + "<resumptionToken>t</resumptionToken>"), "t", "in the second of two lists"),
    (in_list(A), None, "nowhere"),
]


@pytest.mark.parametrize(("inside", "token", "why"), TOKENS, ids=[row[2] for row in TOKENS])
def test_a_token_is_followed_wherever_it_stands(inside: str, token: str | None, why: str) -> None:
    page = read(inside)
    assert (page.token, page.odd) == (token, ""), why


def test_two_lists_of_one_answer_are_both_read() -> None:
    assert read(in_list(A) + in_list(B)).names == ("a", "b")


REFUSED = [
    (in_list(A + ERROR), "an error stands within the answer: internalError out of memory"),
    (in_list(A + "<Error/>"), "an error stands within the answer: without a word"),
    (in_list(A) + "<oai_error/>".replace("oai_error", "ERROR"), "an error stands within the answer"),
    (in_list(A) + ERROR, "internalError"),
    (in_list(A) + '<error code="noRecordsMatch"/>', "says that no record matches, and lists some"),
    (in_list(A + "<resumptionToken>t</resumptionToken>") + "<resumptionToken>u</resumptionToken>", "two resumption"),
]


@pytest.mark.parametrize(("inside", "words"), REFUSED, ids=[row[1] for row in REFUSED])
def test_a_page_that_says_two_things_at_once_is_refused(inside: str, words: str) -> None:
    with pytest.raises(AnswerRefused, match=words):
        read(inside)


ODD = [
    (in_list(A + "PHP Fatal error: out of memory"), "the text 'PHP Fatal error: out of memory'"),
    (in_list("<br/><b>Notice</b>" + A), "<br>, <b>"),
    (in_list(A) + "<debug/>", "<debug>"),
    (in_list(f"<records>{A}</records>"), "<records>"),
    (in_list(A.replace("</record>", "<header/><metadata/></record>")), "two records in one"),
    (in_list(A + '<resumptionToken token="t"/>'), "a token in token="),
]


@pytest.mark.parametrize(("inside", "odd"), ODD, ids=[row[1] for row in ODD])
def test_what_does_not_belong_on_a_page_is_told(inside: str, odd: str) -> None:
    assert odd in read(inside).odd


HARMLESS = [
    (in_list(f"\n  {A}\r\n\t<!-- <error/> --><?page break?>{B}\ufeff\u00a0"), "space, comments, instructions, marks"),
    (in_list(A.replace("</metadata>", "</metadata><about><x>anything</x></about>")), "an unknown about"),
    (in_list(A + '<resumptionToken xmlns:x="urn:x" x:y="z" cursor="0" expirationDate=""/>'), "a foreign attribute"),
]


@pytest.mark.parametrize(("inside", "why"), HARMLESS, ids=[row[1] for row in HARMLESS])
def test_what_harms_nobody_is_passed_over(inside: str, why: str) -> None:
    assert read(inside).odd == "", why


DAMAGED = OaiRecord("c").xml().replace("</leader>", "</laeder>")
BROKEN_OFF = [
    (in_list(A + DAMAGED), "", "a damaged record that ends as one"),
    (in_list(A + DAMAGED + ERROR), "a record that does not end as one", "an error behind it"),
    (in_list(DAMAGED + "PHP Fatal error" + A), "a record that does not end as one", "a text behind it"),
    (in_list(A + DAMAGED.removesuffix("</record>")), "a record that does not end as one", "it is not closed"),
]


@pytest.mark.parametrize(("inside", "odd", "why"), BROKEN_OFF, ids=[row[2] for row in BROKEN_OFF])
def test_a_page_taken_apart_tells_whether_its_records_are_whole(inside: str, odd: str, why: str) -> None:
    assert read(inside).odd == odd, why


GOT = [
    ("<GetRecord/>", None, "nothing in it: it is gone"),
    ("<GetRecord>\n<!-- none --></GetRecord>", None, "space alone"),
    (f"<GetRecord>{ERROR}</GetRecord>", "an error stands within", "an error in it says nothing of the record"),
    ("<GetRecord>Fatal error</GetRecord>", "Fatal error", "nor do a program's last words"),
]


@pytest.mark.parametrize(("inside", "words", "why"), GOT, ids=[row[2] for row in GOT])
def test_only_an_empty_answer_says_that_a_record_is_gone(inside: str, words: str | None, why: str) -> None:
    answer = Answer("http://test/oai", 200, response(inside).encode())
    if words is None:
        assert got(answer, READING) is None, why
    else:
        with pytest.raises(AnswerRefused, match=words):
            got(answer, READING)


def test_sets_follow_their_token_beside_the_list_too() -> None:
    inside = "<ListSets><set><setSpec>a</setSpec></set></ListSets><resumptionToken>t</resumptionToken>"
    assert sets(Answer("http://test/oai", 200, response(inside).encode())) == (("a",), "t")

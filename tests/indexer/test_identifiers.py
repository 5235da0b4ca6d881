from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer import marc21_numbers, unimarc_access
from indexer.identifiers import (
    control_number,
    gpns,
    isbn13,
    isbns,
    isbns_of,
    ismns,
    issns,
    lccn,
    oclc,
    oclc_control_number,
    volume_named,
)
from indexer.marc import Field
from tests.support.marc import marc


@pytest.mark.parametrize(
    ("written", "expected", "why"),
    [
        ("9780306406157", [("9780306406157", "", True)], "as it is kept"),
        ("0-306-40615-2", [("9780306406157", "", True)], "ten digits become thirteen"),
        ("0306406152 (pbk.) : $12", [("9780306406157", "pbk.", True)], "qualifier kept, price not"),
        ("7-02-000220-X", [("9787020002207", "", True)], "the check digit X"),
        ("702000220x", [("9787020002207", "", True)], "and x"),
        ("957-13-4164-9 (平裝) : 新臺幣350元", [("9789571341644", "平裝", True)], "as Taiwan writes it"),
        ("957-13-4164-9 平裝 NT$350", [("9789571341644", "平裝", True)], "without punctuation"),
        ("ISBN-13: 978-0-306-40615-7", [("9780306406157", "", True)], "with its name before it"),
        ("０３０６４０６１５２", [("9780306406157", "", True)], "in full-width digits"),
        ("SBN 425-03071-7", [("9780425030714", "", True)], "nine digits of before 1970"),
        (
            "9789571341644 (第1冊) 9780306406157 (第2冊)",
            [("9789571341644", "第1冊", True), ("9780306406157", "第2冊", True)],
            "two in one field, each with its volume",
        ),
        ("9780306406158", [("9780306406158", "", False)], "a wrong check digit is kept for search, not for matching"),
        ("0306406153", [("0306406153", "", False)], "so is a wrong ISBN-10, in its own digits"),
        ("9780306406157 : $12.95 (pbk.)", [("9780306406157", "pbk.", True)], "a price before the binding"),
        ("9789571341644 (平裝) NT350", [("9789571341644", "平裝", True)], "a price without its sign"),
        ("9789571341644平裝NT$300", [("9789571341644", "平裝", True)], "nothing between"),
        ("978-957-13-4164-4（全套：精裝）：NT$1200", [("9789571341644", "全套:精裝", True)], "full-width signs"),
        ("0-306-40615-2 (pbk.) £5.99", [("9780306406157", "pbk.", True)], "a price behind a blank"),
        ("7-02-000220-X (平裝) ￥3.50元", [("9787020002207", "平裝", True)], "yuan by sign and by word"),
        ("9780306406157 (v.1) (pbk.)", [("9780306406157", "v.1; pbk.", True)], "two qualifiers"),
        ("(set) 9780306406157", [("9780306406157", "set", True)], "the qualifier before the number"),
        ("9788936471125 : ₩12000", [("9788936471125", "", True)], "won"),
        ("NT$350", [], "a price is no number"),
        ("平裝", [], "nor is a binding"),
        ("", [], "nor is nothing"),
    ],
)
def test_isbns_are_found_as_typed(written: str, expected: list[tuple[str, str, bool]], why: str) -> None:
    found = [(i.value, i.qualifier, i.valid) for i in isbns(written)]
    assert found == expected, why


def test_a_cancelled_isbn_is_never_valid() -> None:
    assert [(i.value, i.valid) for i in isbns("0306406152", cancelled=True)] == [("9780306406157", False)]


@pytest.mark.parametrize(
    ("qualifier", "volume", "why"),
    [
        ("第1冊", "第1冊", "as Taiwan writes it"),
        ("平裝:第一冊", "第一冊", "behind the binding, in Chinese numerals"),
        ("平裝:v.2", "v.2", "as CMARC libraries do"),
        ("v. 1 : pbk.", "v. 1", "as English-language ones do"),
        ("set : v. 1-3", "v. 1-3", "several"),
        ("上冊", "上冊", "上中下"),
        ("平裝 ; 上", "上", "bare"),
        ("卷1", "卷1", "the number behind its word"),
        ("Bd. 2", "Bd. 2", "German"),
        ("v1", "v1", "nothing between word and number"),
        ("Т. 3", "Т. 3", "Russian"),
        ("제1권", "제1권", "Korean"),
        ("1", "1", "the number alone"),
        ("平裝 : 一", "一", "alone beside the binding"),
        ("04810", "", "five digits are the add-on of a Korean ISBN"),
        ("1998", "", "four are a year"),
        ("U.S.", "", "no word for volume"),
        ("全套", "", "the whole set"),
        ("全2冊", "", "the whole set, counted"),
        ("set", "", "the whole set in English"),
        ("pbk. : alk. paper", "", "a binding"),
        ("", "", "nothing"),
    ],
)
def test_a_qualifier_may_name_the_volume(qualifier: str, volume: str, why: str) -> None:
    assert volume_named(qualifier) == volume, why


def test_each_isbn_of_a_set_has_its_own_volume() -> None:
    found = isbns("9789571341644 (第1冊 : 平裝) 9780306406157 (第2冊 : 平裝)")
    assert [(isbn.value[-4:], isbn.volume) for isbn in found] == [("1644", "第1冊"), ("6157", "第2冊")]


def test_a_qualifier_in_a_subfield_is_of_the_number_before_it() -> None:
    field = Field("020", " ", " ", (("a", "9789571341644"), ("q", "(第1冊 :"), ("q", "平裝)"), ("z", "9780306406157")))
    assert [(n.value[-4:], n.qualifier, n.volume, n.cancelled) for n in isbns_of(field, "q")] == [
        ("1644", "第1冊; 平裝", "第1冊", False),
        ("6157", "", "", True),
    ]
    two = Field("020", " ", " ", (("a", "9789571341644"), ("q", "v. 1"), ("a", "9780306406157"), ("q", "v. 2")))
    assert [n.volume for n in isbns_of(two, "q")] == ["v. 1", "v. 2"]
    assert list(isbns_of(Field("020", " ", " ", (("c", "NT$300"),)), "q")) == []


def test_a_government_publication_number_is_one_only_where_it_says_so() -> None:
    for text in (
        "GPN: 1009300001",
        "GPN 10-093-00001",
        "1009300001 (GPN)",
        "1009300001 GPN",
        "政府出版品統一編號:1009300001",
        "統一編號：1009300001",
        "GPN 10 093 00001 : 250元",
    ):
        assert [number.value for number in gpns(text)] == ["(gpn)1009300001"], text
    for text in ("1009300001", "統一編號:12345678", "統一編號:1234567890", "GPN", ""):
        assert gpns(text) == (), text
    assert [n.value for n in gpns("GPN 1009300001 GPN 1009300002")] == ["(gpn)1009300001", "(gpn)1009300002"]


def test_a_government_publication_number_among_isbns_is_no_wrong_isbn() -> None:
    for subfields in ((("a", "1009300001"), ("q", "(GPN)")), (("q", "GPN"), ("a", "10-093-00001"))):
        assert list(isbns_of(Field("020", " ", " ", subfields), "q")) == []
    assert isbns("統一編號1009300001") == ()
    both = Field("020", " ", " ", (("a", "9789571341644"), ("q", "GPN 1009300001")))
    assert [n.value for n in isbns_of(both, "q")] == ["9789571341644"]
    assert [(n.value, n.valid) for n in isbns("1009300001")] == [("1009300001", False)]


@pytest.mark.parametrize(
    ("field", "found", "why"),
    [
        ("=020  \\\\$a1009300001$q(GPN)", ["(gpn)1009300001"], "the qualifier says so"),
        ("=020  \\\\$a1009300001$qGPN", ["(gpn)1009300001"], "without brackets"),
        ("=027  \\\\$a1009300001", ["(gpn)1009300001"], "bare, by its form"),
        ("=037  \\\\$a10-093-00001", ["(gpn)1009300001"], "where it is ordered"),
        ("=037  \\\\$a1009300001$bBookseller", [], "another's stock number"),
        ("=027  \\\\$a5009300001", [], "of another form"),
        ("=500  \\\\$a統一編號:1009300001", ["(gpn)1009300001"], "in a note"),
        ("=500  \\\\$a定價1009300001", [], "another number there"),
    ],
)
def test_where_a_government_publication_number_stands(field: str, found: list[str], why: str) -> None:
    record = marc(field)
    numbers = marc21_numbers.identifiers(record)
    assert [n.value for n in numbers if n.kind == "national"] == found, why
    assert not any(n.kind == "isbn" for n in numbers)


def test_a_number_that_only_an_880_has_is_kept() -> None:
    [isbn] = marc21_numbers.identifiers(marc("=880  \\\\$6020-00/$1$a9789571341644$q平裝"))
    assert (isbn.value, isbn.qualifier) == ("9789571341644", "平裝")
    linked = marc("=020  \\\\$6880-01$a9789571341644\n=880  \\\\$6020-01/$1$a9789571341644$q平裝")
    assert [number.qualifier for number in marc21_numbers.identifiers(linked)] == [""]
    [unimarc] = unimarc_access.identifiers(marc("=880  \\\\$6010-00$a9789571341644"))
    assert unimarc.value == "9789571341644"
    [gpn] = unimarc_access.identifiers(marc("=010  \\\\$a1009300001$bGPN"))
    assert gpn.value == "(gpn)1009300001"


def test_an_isbn_is_found_with_and_without_hyphens_and_only_when_right() -> None:
    assert isbn13("978-0-306-40615-7") == isbn13("0306406152") == "9780306406157"
    assert isbn13("9780306406158") is None
    assert isbn13("紅樓夢") is None


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("0378-5955", [("0378-5955", True)]),
        ("03785955 (print)", [("0378-5955", True)]),
        ("ISSN 2434-561x", [("2434-561X", True)]),
        ("0378-5954", [("0378-5954", False)]),
        ("none", []),
    ],
)
def test_issns_are_found(written: str, expected: list[tuple[str, bool]]) -> None:
    assert [(i.value, i.valid) for i in issns(written)] == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("M-2306-7118-7", [("9790230671187", True)]),
        ("979-0-2306-7118-7", [("9790230671187", True)]),
        ("979-0-2306-7118-8", [("9790230671188", False)]),
        ("9780306406157", []),
    ],
)
def test_ismns_are_found(written: str, expected: list[tuple[str, bool]]) -> None:
    assert [(i.value, i.valid) for i in ismns(written)] == expected


@pytest.mark.parametrize(
    ("written", "normal", "why"),
    [
        ("   85000002 ", "85000002", "blanks go"),
        ("85-2", "85000002", "what follows the hyphen is filled to six digits"),
        ("n 78890351", "n78890351", "the prefix stays"),
        ("2001-000002", "2001000002", "four-digit years"),
        ("75-425165//r75", "75425165", "revisions go"),
        ("79139101 /AC/r932", "79139101", "suffixes go"),
        ("no number", "", "words are no LCCN"),
        ("", "", "nor is nothing"),
    ],
)
def test_lccns_are_normalised_as_their_namespace_says(written: str, normal: str, why: str) -> None:
    assert lccn(written) == normal, why


@pytest.mark.parametrize(
    ("written", "found", "why"),
    [
        ("95708123469789570836356", ["9789570812343", "9789570836356"], "ten digits, then thirteen"),
        ("97895708363569789861371955", ["9789570836356", "9789861371955"], "thirteen twice"),
        ("9789570836356-9789861371955", ["9789570836356", "9789861371955"], "with a hyphen between"),
        ("978957083635697898613719559570812346", ["9789570836356", "9789861371955", "9789570812343"], "three"),
        ("97895708363569789861371959", [], "one of them is wrong: nothing is guessed"),
        ("9789570836356 (平裝) 9789861371955", ["9789570836356", "9789861371955"], "the twin: apart"),
    ],
)
def test_isbns_written_together_are_read_apart_where_all_are_right(written: str, found: list[str], why: str) -> None:
    assert [one.value for one in isbns(written) if one.valid] == found, why


def test_oclc_numbers_lose_prefix_and_zeros() -> None:
    assert oclc("(OCoLC)ocm00012345 ") == oclc("12345") == oclc("ocn000012345") == "12345"
    assert oclc("none") == ""


def test_a_control_number_is_oclcs_only_with_its_prefix() -> None:
    assert oclc_control_number("ocm00012345 ") == "12345"
    assert oclc_control_number("on1234567890") == "1234567890"
    assert oclc_control_number("00012345") == ""


def test_the_organisation_of_a_control_number_is_told_apart() -> None:
    assert control_number("(nbi)b68514992") == ("nbi", "b68514992")
    assert control_number("b68514992") == ("", "b68514992")


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="0123456789-xX ()MISBN平裝:$第冊/97"))
def test_numbers_never_fail_and_valid_isbns_have_thirteen_digits(text: str) -> None:
    for found in isbns(text):
        assert not found.valid or (len(found.value) == 13 and found.value.isdecimal())
    issns(text), ismns(text), lccn(text), oclc(text), control_number(text)

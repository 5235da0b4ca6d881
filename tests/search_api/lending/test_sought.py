"""Fields of forms, OpenURLs and lists, read as what is wanted."""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qsl, urlsplit

import pytest

from indexer.holdings.coverage import Issue
from indexer.record import Format
from search_api.lending import openurl
from search_api.lending.listing import wanted_items
from search_api.lending.request import described
from search_api.lending.sought import Sought, number_of, page_count, wanted, year_of
from tests.support.editions import make_edition

TODAY = date(2026, 9, 1)


@pytest.mark.parametrize(
    ("text", "number"),
    [("12", 12), ("v.12", 12), ("第12卷", 12), ("第十二卷", 12), ("１２", 12), ("Suppl.", None), ("", None)],
)
def test_numbers_of_volumes_and_issues(text: str, number: int | None) -> None:
    assert number_of(text) == number


@pytest.mark.parametrize(
    ("text", "year"),
    [("2005", 2005), ("2005-03", 2005), ("民94", 2005), ("民國94年3月", 2005), ("Spring 1999", 1999), ("94", None)],
)
def test_years(text: str, year: int | None) -> None:
    assert year_of(text) == year


@pytest.mark.parametrize(
    ("text", "pages"),
    [
        ("12-25", 14),
        ("12–25", 14),
        ("7", 1),
        ("3, 7-9", 4),
        ("125-9", 5),
        ("25-12", None),
        ("", None),
        ("xii", None),
        ("第12頁至第25頁", 14),
        ("頁 12 ～ 25", 14),
        ("S12-S20", 9),
        ("pp. 12-25", 14),
        ("e123", None),
    ],
)
def test_pages_are_counted(text: str, pages: int | None) -> None:
    assert page_count(text) == pages


def test_a_volume_is_of_a_set_for_a_book_and_of_an_issue_for_a_journal() -> None:
    sought = Sought(volume="v.3", issue="2", year="2005", pages="1-4", service="copy")
    of_book = wanted(sought, [make_edition("e1", "書")], TODAY)
    of_journal = wanted(sought, [make_edition("e2", "刊", format=Format.SERIAL)], TODAY)
    assert (of_book.volume, of_book.issue) == ("v.3", Issue())
    assert (of_journal.volume, of_journal.issue, of_journal.pages) == ("", Issue(3, 2, 2005), 4)


@pytest.mark.parametrize(
    ("sought", "of_a_journal", "why"),
    [
        (Sought(title="文訊", volume="12", year="2005", pages="1-9"), True, "volume and pages"),
        (Sought(title="文訊", pages="1-9", service="copy"), True, "copies of pages"),
        (Sought(title="書", creator="某人", pages="1-9", service="copy"), False, "pages of somebody's book"),
        (Sought(title="全集", volume="2"), False, "a volume of a set"),
        (Sought(isbn="9789570835878", volume="2", pages="1-9"), False, "a book by its number"),
    ],
)
def test_a_citation_with_volume_and_pages_is_of_a_journal(sought: Sought, of_a_journal: bool, why: str) -> None:
    assert sought.is_article is of_a_journal, why


CITED = [
    (
        "genre=article&issn=0028-0836&atitle=On+x&title=Nature&volume=420&issue=3&date=2002-11&spage=12&epage=19&aulast=Wu",
        Sought(
            issn="0028-0836", title="Nature", article="On x", author="Wu", volume="420", issue="3",
            pages="12-19", year="2002-11", service="copy",
        ),
        "version 0.1, an article",
    ),
    (
        "url_ver=Z39.88-2004&rft_val_fmt=info:ofi/fmt:kev:mtx:book&rft.btitle=%E7%B4%85&rft.au=A&rft_id=urn:ISBN:9789570835878",
        Sought(isbn="9789570835878", title="紅", creator="A"),
        "version 1.0, a book by its URN",
    ),
    ("rft.genre=bookitem&rft.btitle=T&rft.atitle=C", Sought(title="T", article="C", service="copy"), "a chapter"),
    ("sid=x&pid=y", Sought(), "nothing is cited"),
]  # fmt: skip


@pytest.mark.parametrize(("query", "sought", "why"), CITED)
def test_openurls_of_both_versions_are_read(query: str, sought: Sought, why: str) -> None:
    assert openurl.read(parse_qsl(query)) == sought, why


def test_an_openurl_that_is_written_is_read_as_the_same() -> None:
    edition = make_edition("e1", "Nature", issn="0028-0836", publisher="Macmillan", format=Format.SERIAL)
    sought = Sought(
        issn="0028-0836", title="Nature", article="On x & y", author="吳", volume="420", issue="3", pages="1-4",
        year="2002", service="copy",
    )  # fmt: skip
    address = openurl.address("https://r.example/?id=1", described(edition, sought), edition.format)
    assert address.startswith("https://r.example/?id=1&url_ver=Z39.88-2004")
    assert openurl.read(parse_qsl(urlsplit(address).query)) == sought


BASE = Sought(service="loan", borrower="delta")


@pytest.mark.parametrize(
    ("text", "items", "why"),
    [
        ("", [], "nothing"),
        ("\n978-957-08-3587-8\n", [Sought(isbn="9789570835878")], "an ISBN with hyphens"),
        ("9789570835878 紅樓夢校注", [Sought(isbn="9789570835878")], "words behind it"),
        ("0028-0836", [Sought(issn="0028-0836")], "an ISSN"),
        (
            "紅樓夢校注 / 曹雪芹 / 1984",
            [Sought(title="紅樓夢校注", creator="曹雪芹", year="1984")],
            "title, author, year",
        ),
        ("紅樓夢校注 / 1984", [Sought(title="紅樓夢校注", year="1984")], "without an author"),
        ("1984 / George Orwell", [Sought(title="1984", creator="George Orwell")], "a title that is a year"),
        ("7jsaryumxi", [Sought(edition="7jsaryumxi", title="7jsaryumxi")], "an edition, or a title of one word"),
        ("https://c.example/en/editions/7jsaryumxi?x=1", [Sought(edition="7jsaryumxi")], "the address of an edition"),
        ("978-0-000", [Sought(isbn="978-0-000")], "a wrong number is told as such"),
        ("978-0", [Sought(isbn="978-0")], "so is one that is too short"),
        ("1984", [Sought(title="1984")], "four figures are a title"),
        (
            "刊名\t卷\t期\t年\t頁次\nNature\t420\t3\t2002\t1-4",
            [Sought(title="Nature", volume="420", issue="3", year="2002", pages="1-4", service="copy")],
            "a table of articles",
        ),
        (
            'ISBN,書名\n9789570835878,"紅樓夢, 校注"',
            [Sought(isbn="9789570835878", title="紅樓夢, 校注")],
            "CSV with quotes",
        ),
        (
            "序號,書名,作者\n1,紅樓夢,曹雪芹",
            [Sought(title="紅樓夢", creator="曹雪芹")],
            "a first column of another kind; the author of the book",
        ),
        ("書名;年\n紅樓夢;1984", [Sought(title="紅樓夢", year="1984")], "semicolons"),
        (
            "刊名,篇名,作者\n文訊,台灣文學,吳明益",
            [Sought(title="文訊", article="台灣文學", author="吳明益", service="copy")],
            "the author of the article",
        ),
        ("Title\tArticle author\nT\tWu", [Sought(title="T", author="Wu")], "a heading of two words"),
        ("Love, Actually\nWar and peace", [Sought(title="Love, Actually"), Sought(title="War and peace")], "no table"),
    ],
)
def test_pasted_lists_are_read(text: str, items: list[Sought], why: str) -> None:
    found = wanted_items(text, BASE)
    assert [one.borrower for one in found] == ["delta"] * len(items)
    plain = wanted_items(text, Sought())
    assert plain == items, why

from __future__ import annotations

import pytest

from indexer import marc21_access, unimarc_access
from indexer.links import addresses
from indexer.marc import Field
from indexer.record import Link
from tests.support.marc import marc


@pytest.mark.parametrize(
    ("subfields", "found", "why"),
    [
        ((("u", "https://example.org/x"),), ["https://example.org/x"], "the plain case"),
        ((("u", "www.example.org/x"),), ["http://www.example.org/x"], "without its scheme"),
        ((("a", "example.org"), ("d", "path"), ("f", "a.pdf")), ["http://example.org/path/a.pdf"], "in parts"),
        ((("a", "example.org"), ("d", "/path/"), ("u", "https://x.org/")), ["https://x.org/"], "$u before the parts"),
        ((("u", "http://lib.tw/pdf/台灣 史.pdf"),), ["http://lib.tw/pdf/台灣%20史.pdf"], "a blank in a file's name"),
        ((("u", "http://lib.tw/a.pdf 全文.pdf"),), ["http://lib.tw/a.pdf"], "a file, and words behind it"),
        ((("u", "http://lib.tw/x 全文"),), ["http://lib.tw/x"], "words behind an address"),
        ((("u", "http://lib.tw/x http://lib.tw/b.pdf"),), ["http://lib.tw/x"], "two addresses"),
        ((("u", "http://lib.tw/" + "a b/" * 50_000),), ["http://lib.tw/a"], "a hostile one with blanks"),
        ((("u", "javascript:alert(1)"),), [], "nothing a browser is sent to"),
        ((("u", "example.org"),), ["http://example.org"], "a host alone"),
        ((("u", "lib.example.edu.tw:8080/a?b=1"),), ["http://lib.example.edu.tw:8080/a?b=1"], "with port and path"),
        ((("u", "//example.org/x"),), ["http://example.org/x"], "the scheme left out"),
        ((("u", "140.112.1.1/x"),), ["http://140.112.1.1/x"], "a host by its number"),
        ((("u", "doi:10.1234/abc"),), ["https://doi.org/10.1234/abc"], "a DOI"),
        ((("u", "thesis.pdf"),), [], "a file"),
        ((("u", "docs/thesis.pdf"),), [], "with its folder"),
        ((("u", "someone@example.org"),), [], "a mailbox"),
        ((("u", "example.org is the site"),), [], "a sentence"),
        ((("u", "a." * 100_000),), [], "a hostile one"),
        ((("u", "example"),), [], "no address"),
        ((("a", "see the librarian"), ("d", "x")), [], "no host"),
        ((("d", "path"),), [], "a path alone"),
        ((), [], "nothing stated"),
    ],
)
def test_an_address_is_whole_or_in_parts(subfields: tuple[tuple[str, str], ...], found: list[str], why: str) -> None:
    assert list(addresses(Field("856", "4", "0", subfields))) == found, why


@pytest.mark.parametrize(
    ("label", "kind", "why"),
    [
        ("書目", "elsewhere", "a record of it is not the text"),
        ("書目紀錄", "elsewhere", "in more words"),
        ("書目及全文", "fulltext", "with the text"),
        ("提要", "elsewhere", "what it is about"),
        ("內容簡介", "elsewhere", "in other words"),
        ("Bibliography", "elsewhere", "what it cites"),
        ("Abstract", "elsewhere", "in English"),
        ("索引", "elsewhere", "a part of it"),
        ("Abstract and full text", "fulltext", "with the text"),
        ("目錄", "contents", "by itself"),
        ("本書目錄", "contents", "of this book"),
        ("館藏目錄", "elsewhere", "a library's catalogue"),
        ("圖書館目錄", "elsewhere", "in other words"),
        ("出版社圖書目錄", "elsewhere", "a publisher's"),
        ("館藏數位影像", "fulltext", "the thing itself, from the library's holdings"),
        ("https://example.org/abstract/1", "fulltext", "an address says nothing"),
        ("", "fulltext", "the resource itself by its indicator"),
    ],
)
def test_what_a_label_says_of_a_link(label: str, kind: str, why: str) -> None:
    text = f"=856  40$uhttps://example.org/{f'$3{label}' if label else ''}"
    assert marc21_access.links(marc(text)) == (Link("https://example.org/", label, kind),), why


@pytest.mark.parametrize(
    ("told", "link", "kind", "why"),
    [
        ("=135  \\\\$avrcn", r"=856  4\$uhttps://x.tw/1", "fulltext", "an e-book, and nothing said of the address"),
        ("=135  \\\\$avrcn", r"=856  4\$uhttps://x.tw/1$z三久出版社", "fulltext", "who offers it"),
        ("=135  \\\\$avrcn", r"=856  4\$uhttps://x.tw/1$z目錄", "contents", "its label says what it is"),
        ("=135  \\\\$avrcn", r"=856  42$uhttps://x.tw/1", "elsewhere", "something related, by its indicator"),
        ("=135  \\\\$aboan", r"=856  4\$uhttps://x.tw/1", "elsewhere", "a disc: the address may be anything"),
        ("=215  \\\\$a300面", r"=856  4\$uhttps://x.tw/1", "elsewhere", "a printed book has addresses too"),
    ],
)
def test_of_something_online_an_address_of_which_nothing_is_said_is_the_text(
    told: str, link: str, kind: str, why: str
) -> None:
    assert [one.kind for one in unimarc_access.links(marc(f"{told}\n{link}"))] == [kind], why


def test_so_it_is_in_marc21_too() -> None:
    def kinds(fixed: str) -> list[str]:
        return [one.kind for one in marc21_access.links(marc(f"=008  {fixed}\n=856  4\\$uhttps://x.tw/1"))]

    assert kinds("040101s2004    ch      o     000 0 chi d") == ["fulltext"]
    assert kinds("040101s2004    ch            000 0 chi d") == ["elsewhere"]

from __future__ import annotations

import pytest

from indexer import marc21_access
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
        ((("u", "javascript:alert(1)"),), [], "nothing a browser is sent to"),
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
        ("", "fulltext", "the resource itself by its indicator"),
    ],
)
def test_what_a_label_says_of_a_link(label: str, kind: str, why: str) -> None:
    text = f"=856  40$uhttps://example.org/{f'$3{label}' if label else ''}"
    assert marc21_access.links(marc(text)) == (Link("https://example.org/", label, kind),), why

"""Numbers of authorities: which forms mean one record, and whose they are."""

from __future__ import annotations

import pytest

from indexer.authority_numbers import authority_number


@pytest.mark.parametrize(
    ("written", "sought", "why"),
    [
        ("(DLC)n 79032879", "dlc:n79032879", "as MARC21 has it"),
        ("(DLC)n79032879", "dlc:n79032879", "without the blank of LCCNs"),
        ("http://id.loc.gov/authorities/names/n79032879", "dlc:n79032879", "its address"),
        ("https://id.loc.gov/authorities/names/n79032879.html", "dlc:n79032879", "of the page"),
        ("http://id.loc.gov/rwo/agents/n79032879", "dlc:n79032879", "of the agent itself ($1)"),
        ("(uri)http://id.loc.gov/authorities/subjects/sh85149296", "dlc:sh85149296", "marked as an address"),
        ("http://viaf.org/viaf/102333412/", "viaf:102333412", "VIAF"),
        ("(VIAF)102333412", "viaf:102333412", "VIAF as a number"),
        ("(DE-588)118505173", "gnd:118505173", "GND"),
        ("http://d-nb.info/gnd/118505173", "gnd:118505173", "GND's address"),
        ("(isni)0000-0001-2123-4567", "isni:0000000121234567", "hyphens are for reading"),
        ("https://isni.org/isni/0000000121234567", "isni:0000000121234567", "the same as an address"),
        ("http://www.wikidata.org/entity/Q33977", "wikidata:q33977", "Wikidata"),
        ("(OCoLC)fst00030963", "fast:30963", "FAST"),
        ("http://id.worldcat.org/fast/30963", "fast:30963", "FAST's address"),
        ("(TW-TaNCL)000123", "tw-tancl:000123", "an institution's code means it everywhere"),
        ("(JP-ToKJK)00054222", "ndl:00054222", "Japan's national library"),
        ("http://id.ndl.go.jp/auth/ndlna/00054222", "ndl:00054222", "the same as an address"),
        ("https://data.example.org/names/7/", "//data.example.org/names/7", "any address"),
        ("000123", "ntl|000123", "a bare number is the library's own"),
        ("(local)000123", "ntl|(local)000123", "so is one of a file nobody else knows"),
        ("http://localhost/7", "ntl|http://localhost/7", "and an address that is none"),
        ("", "", "nothing"),
        (" ", "", "blanks"),
    ],
)
def test_a_number_is_sought_in_one_form(written: str, sought: str, why: str) -> None:
    assert authority_number(written, "ntl") == sought, why


def test_a_librarys_own_number_is_another_elsewhere() -> None:
    assert authority_number("000123", "ntl") != authority_number("000123", "haifeng")

from __future__ import annotations

import pytest
from lxml import etree

from harvester.marc_rules import Suppression, from_oai_marc, is_hollow, joined, suppressed
from harvester.marcxml import children, control_number, text_of

FOLIO = (
    '<record><controlfield tag="001">1</controlfield>'
    '<datafield tag="999" ind1="f" ind2="f"><subfield code="i">x</subfield><subfield code="t">1</subfield></datafield>'
    '<datafield tag="952" ind1=" " ind2=" "><subfield code="t">1</subfield></datafield></record>'
)

RULES = [
    ("999$t=1", True, "any indicators"),
    ("999ff$t=1", True, "these indicators"),
    ("999##$t=1", False, "other indicators"),
    ("999$t=0", False, "another value"),
    ("999$i=1", False, "another subfield"),
    ("952##$t=1", True, "blank indicators"),
    ("998$t=1", False, "another field"),
]


@pytest.mark.parametrize(("rule", "holds", "why"), RULES, ids=[row[2] for row in RULES])
def test_a_librarys_rule_says_what_is_withdrawn(rule: str, holds: bool, why: str) -> None:
    assert suppressed(etree.fromstring(FOLIO), [Suppression.of(rule)]) is holds, why


HOLLOW = [
    ('<record><leader/><datafield tag="999"><subfield code="a">x</subfield></datafield></record>', True, "neither"),
    ('<record><controlfield tag="001">1</controlfield></record>', False, "a number: holdings have no title"),
    ('<record><datafield tag="245"><subfield code="a">x</subfield></datafield></record>', False, "a title of MARC 21"),
    ('<record><datafield tag="200"><subfield code="a">x</subfield></datafield></record>', False, "a title of UNIMARC"),
]


@pytest.mark.parametrize(("xml", "hollow", "why"), HOLLOW, ids=[row[2] for row in HOLLOW])
def test_a_record_without_number_and_title_is_hollow(xml: str, hollow: bool, why: str) -> None:
    assert is_hollow(etree.fromstring(xml)) is hollow, why


OLD = """<oai_marc xmlns="http://www.openarchives.org/OAI/1.1/oai_marc"
 status="n" type="a" level="m" encLvl=" " catForm="a">
  <fixfield id="1">"   91-1 "</fixfield><fixfield id="008">"910101s1991"</fixfield>
  <varfield id="245" i1="1" i2="0">
   <subfield label="a">紅樓夢 /</subfield><subfield label="c">曹雪芹</subfield></varfield>
</oai_marc>"""


def test_the_older_oai_marc_becomes_marcxml() -> None:
    record = from_oai_marc(etree.fromstring(OLD))
    assert control_number(record) == "91-1"
    (leader,) = children(record, "leader")
    assert text_of(leader) == "00000nam  2200000 a 4500"
    (title,) = children(record, "datafield")
    assert (title.get("tag"), title.get("ind1"), title.get("ind2")) == ("245", "1", "0")
    assert [(part.get("code"), part.text) for part in title] == [("a", "紅樓夢 /"), ("c", "曹雪芹")]


def test_a_leader_of_its_own_is_kept() -> None:
    record = from_oai_marc(
        etree.fromstring('<oai_marc><fixfield id="LDR">"00714cam a2200205 a 4500"</fixfield></oai_marc>')
    )
    assert [text_of(leader) for leader in children(record, "leader")] == ["00714cam a2200205 a 4500"]


BIB = "<record><leader>00000nam a22</leader><controlfield tag='001'>b</controlfield></record>"
HOLDINGS = (
    "<record type='Holdings'><controlfield tag='001'>h</controlfield><datafield tag='004'/><datafield tag='852'/>"
    "<datafield tag='876'/><datafield tag='245'/><datafield tag='949'/></record>"
)
BY_LEADER = "<record><leader>00000nx  a22</leader><datafield tag='852'/></record>"
TOGETHER = [
    (BIB, "record b", [], "a record alone"),
    (BIB + HOLDINGS, "record b", ["852", "876", "949"], "holdings by their type: no title and no number of theirs"),
    (BY_LEADER + BIB + BY_LEADER, "record b", ["852", "852"], "holdings by their leader, on both sides"),
    (HOLDINGS, "record h", None, "holdings alone"),
    (BIB + BIB, "collection ", None, "two, and nobody says which"),
    (HOLDINGS + HOLDINGS, "collection ", None, "holdings of nothing"),
]


@pytest.mark.parametrize(("xml", "whole", "tags", "why"), TOGETHER, ids=[row[3] for row in TOGETHER])
def test_holdings_are_joined_to_the_one_record_they_stand_beside(
    xml: str, whole: str, tags: list[str] | None, why: str
) -> None:
    found = joined(list(etree.fromstring(f"<collection>{xml}</collection>")))
    assert f"{found.tag} {control_number(found)}" == whole, why
    if tags is not None:
        assert [field.get("tag") for field in children(found, "datafield")] == tags, why

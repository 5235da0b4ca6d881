from __future__ import annotations

import pytest
from lxml import etree

from harvester.marc_rules import Suppression, from_oai_marc, is_hollow, suppressed
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

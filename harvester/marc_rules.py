"""What harvesting must know of a MARC record besides its number: withdrawn, hollow, in an old wrapping."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass

from lxml import etree

from harvester.marcxml import XML_SPACE, children, control_number, local_name, text_of

SLIM = "http://www.loc.gov/MARC21/slim"
TITLES = frozenset({"245", "200"})  # of MARC 21, of UNIMARC

RECORD_TYPE = 6  # of the leader
HOLDINGS = frozenset("uvxy")
OF_COPIES = re.compile(r"8[4-8]\d|9\d\d")  # fields of MARC 21 holdings, and those that systems keep their items in

_RULE = re.compile(r"(...)(..)?\$(.)=(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Suppression:
    """A subfield whose value says that a record is withdrawn."""

    tag: str
    indicators: str  # "" for any
    code: str
    value: str

    @classmethod
    def of(cls, rule: str) -> Suppression:
        """A rule as a library's file writes it: ``999$t=1`` or ``999ff$t=1``."""
        match = _RULE.fullmatch(rule)
        if match is None:
            raise ValueError(f"{rule!r} is no rule of suppression")
        tag, indicators, code, value = match.groups()
        return cls(tag, (indicators or "").replace("#", " "), code, value)

    def holds(self, record: etree._Element) -> bool:
        return any(self._is_here(field) for field in children(record, "datafield") if field.get("tag") == self.tag)

    def _is_here(self, field: etree._Element) -> bool:
        found = (field.get("ind1") or " ") + (field.get("ind2") or " ")
        return self.indicators in ("", found) and any(
            part.get("code") == self.code and text_of(part) == self.value for part in children(field, "subfield")
        )


def suppressed(record: etree._Element, rules: Iterable[Suppression]) -> bool:
    """Whether a rule of the library says that the record is withdrawn."""
    return any(rule.holds(record) for rule in rules)


def is_hollow(record: etree._Element) -> bool:
    """Whether it has neither a control number nor a title: what some systems send for a record they cannot read."""
    return not control_number(record) and not any(field.get("tag") in TITLES for field in children(record, "datafield"))


def is_holdings(record: etree._Element) -> bool:
    """Whether a record describes holdings and no bibliographic unit: by its type, else by leader position 06."""
    leader = next(children(record, "leader"), None)
    kind = ("" if leader is None else leader.text or "")[RECORD_TYPE : RECORD_TYPE + 1]
    return (record.get("type") or "").casefold() == "holdings" or kind in HOLDINGS


def joined(records: Sequence[etree._Element]) -> etree._Element:
    """The one bibliographic record of several, with the fields of copies that its holdings records have.

    Where none or several are bibliographic nobody can say which is meant: what they stand in is given back.
    """
    described = [record for record in records if not is_holdings(record)]
    if len(records) == 1:
        return records[0]
    parent = records[0].getparent()
    if len(described) != 1:
        return records[0] if parent is None else parent
    whole = deepcopy(described[0])
    whole.tail = None
    for holdings in records:
        if holdings is not described[0]:
            whole.extend(deepcopy(f) for f in children(holdings, "datafield") if OF_COPIES.match(f.get("tag") or ""))
    return whole


def from_oai_marc(old: etree._Element) -> etree._Element:
    """MARCXML of a record in the older oai_marc, whose attributes are parts of the leader."""
    record = etree.Element(f"{{{SLIM}}}record", nsmap={None: SLIM})
    etree.SubElement(record, f"{{{SLIM}}}leader").text = _leader(old)
    for tag, element in _fields(old, "fixfield"):
        if tag not in ("LDR", "000"):
            field = etree.SubElement(record, f"{{{SLIM}}}controlfield", tag=tag)
            field.text = _unquoted("".join(element.itertext()))
    for tag, element in _fields(old, "varfield"):
        ind1, ind2 = ((element.get(name) or " ")[:1] for name in ("i1", "i2"))
        field = etree.SubElement(record, f"{{{SLIM}}}datafield", tag=tag, ind1=ind1, ind2=ind2)
        for part in children(element, "subfield"):
            subfield = etree.SubElement(field, f"{{{SLIM}}}subfield", code=(part.get("label") or "a")[:1])
            subfield.text = "".join(part.itertext())
    return record


def _fields(record: etree._Element, name: str) -> Iterator[tuple[str, etree._Element]]:
    return ((f"{element.get('id') or '':0>3}"[-3:], element) for element in children(record, name))


def _leader(record: etree._Element) -> str:
    stated = next((element for tag, element in _fields(record, "fixfield") if tag in ("LDR", "000")), None)
    if stated is not None:
        return f"{_unquoted(''.join(stated.itertext())):<24}"[:24]
    status, kind, level, encoding, form = (
        (record.get(name) or " ")[:1] for name in ("status", "type", "level", "encLvl", "catForm")
    )
    return f"00000{status}{kind}{level}  2200000{encoding}{form} 4500"


def _unquoted(text: str) -> str:
    """Old servers put the values of fixed fields between quotation marks, to keep their spaces."""
    inside = text.strip(XML_SPACE)
    return inside[1:-1] if len(inside) > 1 and inside[0] == inside[-1] == '"' else text


def is_oai_marc(element: etree._Element) -> bool:
    return local_name(element) == "oai_marc"

"""A catalogue record with its holdings (Z39.50 OPAC record syntax, 1.2.840.10003.5.102), however it was sent.

Texts are on one line and cut to a readable length; "" is one that was not sent. A flag that was not sent is None.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, fields
from itertools import islice

from lxml import etree

from indexer.marc import Field, Marc
from indexer.marcxml_transmission import from_marcxml
from indexer.transmission import Malformed
from search_api.availability.http import ConnectorUnavailable
from search_api.availability.reading import MAX_ITEMS, children, local_name, said

SLIM = "http://www.loc.gov/MARC21/slim"


@dataclass(frozen=True, slots=True)
class Circulation:
    """One copy of a holding, as its system's lending desk sees it. Names are those of the standard."""

    available_now: bool | None = None
    available_date: str = ""
    available_thru: str = ""
    restrictions: str = ""
    item_id: str = ""
    on_hold: bool | None = None
    enum_and_chron: str = ""
    temporary_location: str = ""


@dataclass(frozen=True, slots=True)
class OpacHolding:
    """Copies at one place."""

    local_location: str = ""
    shelving_location: str = ""
    call_number: str = ""
    shelving_data: str = ""
    copy_number: str = ""
    public_note: str = ""
    enum_and_chron: str = ""
    circulations: tuple[Circulation, ...] = ()


@dataclass(frozen=True, slots=True)
class CatalogueRecord:
    """A record; ``marc`` is None when the answer holds copies and nothing else."""

    marc: Marc | None
    holdings: tuple[OpacHolding, ...] = ()


NOTHING = Circulation()
"""What a copy of which nothing is said looks like."""

_TEXTS = {
    "localLocation": "local_location",
    "shelvingLocation": "shelving_location",
    "callNumber": "call_number",
    "shelvingData": "shelving_data",
    "copyNumber": "copy_number",
    "publicNote": "public_note",
    "enumAndChron": "enum_and_chron",
    "availabilityDate": "available_date",
    "availablityDate": "available_date",  # as the standard spells it
    "availableThru": "available_thru",
    "restrictions": "restrictions",
    "itemId": "item_id",
    "temporaryLocation": "temporary_location",
}
"""Element of the XML → field."""

_FLAGS = {"availableNow": "available_now", "onHold": "on_hold"}
_OF_HOLDING = frozenset(field.name for field in fields(OpacHolding))
_OF_CIRCULATION = frozenset(field.name for field in fields(Circulation))


def record_of_xml(element: etree._Element) -> CatalogueRecord:
    """A record from ``<opacRecord>``, from MARCXML or from Index Data's turbomarc, in any namespace.

    Raises: ConnectorUnavailable when it is none of them.
    """
    name = local_name(element)
    if name != "opacRecord":
        return CatalogueRecord(_marc(element))
    wrapped = (child for part in children(element, "bibliographicRecord") for child in part if local_name(child))
    bibliographic = next(wrapped, None)
    listed = (one for group in children(element, "holdings") for one in children(group, "holding"))
    marc = None
    if bibliographic is not None:
        with contextlib.suppress(ConnectorUnavailable):  # a record without a field, and its copies are told
            marc = _marc(bibliographic)
    return CatalogueRecord(marc, tuple(_holding(one) for one in islice(listed, MAX_ITEMS + 1)))


def _holding(element: etree._Element) -> OpacHolding:
    copies = (copy for group in children(element, "circulations") for copy in children(group, "circulation"))
    texts = {name: text for name, text in _texts(element).items() if name in _OF_HOLDING}
    if not texts.get("enum_and_chron"):
        volumes = (volume for group in children(element, "volumes") for volume in children(group, "volume"))
        texts["enum_and_chron"] = said(
            " ".join(text for volume in islice(volumes, 5) for part in volume if (text := said(part.text)))
        )
    return OpacHolding(
        **texts,
        circulations=tuple(_circulation(copy) for copy in islice(copies, MAX_ITEMS + 1)),
    )


def _circulation(element: etree._Element) -> Circulation:
    texts = {name: text for name, text in _texts(element).items() if name in _OF_CIRCULATION}
    flags = {
        field: _flag(child) for child in element if (field := _FLAGS.get(local_name(child), "")) in _OF_CIRCULATION
    }
    return Circulation(**texts, available_now=flags.get("available_now"), on_hold=flags.get("on_hold"))


def _texts(element: etree._Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for child in element:
        field = _TEXTS.get(local_name(child))
        if field is not None and (text := said(child.text)):
            found.setdefault(field, text)
    return found


def _flag(element: etree._Element) -> bool | None:
    """``value="1"``, or the text of an element that has no such attribute."""
    return {"1": True, "true": True, "0": False, "false": False}.get(
        (element.get("value") or said(element.text)).strip().casefold()
    )


def _marc(element: etree._Element) -> Marc:
    if local_name(element) == "r":
        return _of_turbomarc(element)
    if local_name(element) != "record":
        raise ConnectorUnavailable(f"answered <{local_name(element)[:40]}> where a record was expected")
    try:
        return from_marcxml(etree.tostring(element, encoding="utf-8", with_tail=False))
    except Malformed as exc:
        raise ConnectorUnavailable("answered a record that cannot be read as MARC") from exc


def _of_turbomarc(element: etree._Element) -> Marc:
    """Turbomarc has tags and codes in the names of its elements: ``<d245 i1="1"><sa>…</sa></d245>``."""
    control: list[tuple[str, str]] = []
    data: list[Field] = []
    for child in element:
        name = local_name(child)
        if name.startswith("c") and len(name) == 4:
            control.append((name[1:], child.text or ""))
        elif name.startswith("d") and len(name) == 4:
            subfields = tuple((local_name(s)[1:2], s.text or "") for s in child if local_name(s).startswith("s"))
            data.append(Field(name[1:], child.get("i1", " ")[:1] or " ", child.get("i2", " ")[:1] or " ", subfields))
    return Marc("", control, data)

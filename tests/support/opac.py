"""Catalogue records with copies, written out as OPAC XML and as the BER of Z39.50, as a test says what is in them."""

from __future__ import annotations

from dataclasses import fields
from xml.sax.saxutils import escape

from search_api.availability.opac.record import Circulation, OpacHolding
from search_api.availability.z3950.ber import (
    EXTERNAL,
    OID,
    UNIVERSAL,
    Element,
    boolean,
    constructed,
    oid,
    primitive,
)
from search_api.availability.z3950.messages import SYNTAXES
from tests.support.marc_bytes import iso2709, marcxml

_XML_NAMES = {
    "local_location": "localLocation",
    "shelving_location": "shelvingLocation",
    "call_number": "callNumber",
    "shelving_data": "shelvingData",
    "copy_number": "copyNumber",
    "public_note": "publicNote",
    "enum_and_chron": "enumAndChron",
    "available_now": "availableNow",
    "available_date": "availabilityDate",
    "available_thru": "availableThru",
    "restrictions": "restrictions",
    "item_id": "itemId",
    "on_hold": "onHold",
    "temporary_location": "temporaryLocation",
}
_OF_HOLDING = {
    "local_location": 9,
    "shelving_location": 10,
    "call_number": 11,
    "shelving_data": 12,
    "copy_number": 13,
    "public_note": 14,
    "enum_and_chron": 17,
}
_OF_CIRCULATION = {
    "available_now": 1,
    "available_date": 2,
    "available_thru": 3,
    "restrictions": 4,
    "item_id": 5,
    "on_hold": 7,
    "enum_and_chron": 8,
    "temporary_location": 10,
}


def holding(*copies: Circulation, **texts: str) -> OpacHolding:
    """A holding with these copies."""
    return OpacHolding(**texts, circulations=copies)


def opac_xml(number: str, title: str, *holdings: OpacHolding) -> str:
    """An ``<opacRecord>`` as YAZ writes it."""
    listed = "".join(_holding_xml(one) for one in holdings)
    return (
        f"<opacRecord><bibliographicRecord>{marcxml(number, title)}</bibliographicRecord>"
        f"<holdings>{listed}</holdings></opacRecord>"
    )


def _holding_xml(one: OpacHolding) -> str:
    copies = "".join(f"<circulation>{_xml(copy)}</circulation>" for copy in one.circulations)
    circulations = f"<circulations>{copies}</circulations>" if copies else ""
    return f"<holding>{_xml(one)}{circulations}</holding>"


def _xml(part: OpacHolding | Circulation) -> str:
    written = ""
    for field in fields(part):
        value, name = getattr(part, field.name), _XML_NAMES.get(field.name)
        if name is None or value in ("", None):
            continue
        written += f'<{name} value="{value:d}"/>' if isinstance(value, bool) else f"<{name}>{escape(value)}</{name}>"
    return written


def external(syntax: str, octets: bytes) -> Element:
    """A record that is bytes, with the name of its syntax."""
    body = primitive(1, octets)
    return constructed(EXTERNAL, oid(OID, SYNTAXES[syntax], UNIVERSAL), body, tag_class=UNIVERSAL)


def opac_ber(number: str, title: str, *holdings: OpacHolding, marc: bytes | None = None) -> Element:
    """An EXTERNAL with an OPAC record in it, as YAZ sends it."""
    bibliographic = external("marc21", marc if marc is not None else iso2709(number, title))
    record = constructed(
        16,
        constructed(1, *bibliographic.children),
        *([constructed(2, *map(_holding_ber, holdings))] if holdings else []),
        tag_class=UNIVERSAL,
    )
    return constructed(EXTERNAL, oid(OID, SYNTAXES["opac"], UNIVERSAL), constructed(0, record), tag_class=UNIVERSAL)


def _holding_ber(one: OpacHolding) -> Element:
    copies = [constructed(16, *_ber(copy, _OF_CIRCULATION), tag_class=UNIVERSAL) for copy in one.circulations]
    return constructed(2, *_ber(one, _OF_HOLDING), *([constructed(19, *copies)] if copies else []))


def _ber(part: OpacHolding | Circulation, numbers: dict[str, int]) -> list[Element]:
    written = []
    for name, number in numbers.items():
        value = getattr(part, name)
        if isinstance(value, bool):
            written.append(boolean(number, value))
        elif value:
            written.append(primitive(number, value.encode()))
    return written

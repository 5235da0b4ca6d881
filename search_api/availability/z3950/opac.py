"""OPAC and MARC records as they come over Z39.50, in BER: ISO 23950, appendix REC.5, and ISO 2709 within."""

from __future__ import annotations

import contextlib

from indexer.charset import UnknownCharacterSet, character_set, decoded
from indexer.marc import Marc
from indexer.transmission import Malformed, from_iso2709
from search_api.availability.http import ConnectorUnavailable
from search_api.availability.opac.record import CatalogueRecord, Circulation, OpacHolding, record_of_xml
from search_api.availability.reading import MAX_ITEMS, said, xml
from search_api.availability.z3950.ber import EXTERNAL, UNIVERSAL, Element
from search_api.availability.z3950.messages import named_record, octets_of

_MARC = ("marc21", "unimarc")
_HOLDING = 2


def record_of(syntax: str, body: Element, charset: str) -> CatalogueRecord:
    """A record by the name of its syntax. ``charset``: of its texts, ``auto`` to find it out.

    Raises: BerInvalid; ConnectorUnavailable when it is in a syntax that was not asked for, or cannot be read.
    """
    if syntax == "opac":
        return _opac(body, charset)
    if syntax in _MARC:
        return CatalogueRecord(_marc(octets_of(body), charset))
    if syntax == "xml":
        return record_of_xml(xml(octets_of(body)))
    raise ConnectorUnavailable("answered a record in a syntax that we do not read")


def _opac(body: Element, charset: str) -> CatalogueRecord:
    record = body.children[0] if body.number == 0 and len(body.children) == 1 else body
    bibliographic, listed = record.get(1), record.get(2)
    marc = None
    if bibliographic is not None:
        external = bibliographic.get(EXTERNAL, UNIVERSAL) or bibliographic  # tagged implicitly; some wrap it
        syntax, inner = named_record(external)
        with contextlib.suppress(ConnectorUnavailable):  # WorldShare sends a leader and no field: copies are told
            marc = record_of(syntax, inner, charset).marc if syntax != "opac" else None
    holdings = listed.children[: MAX_ITEMS + 1] if listed is not None else ()
    return CatalogueRecord(marc, tuple(_holding(one, charset) for one in holdings))


def _holding(one: Element, charset: str) -> OpacHolding:
    """A holding; one that is a MARC record (tag 1) says where copies are and nothing of how they are."""
    if one.number != _HOLDING:
        return OpacHolding()
    copies, volumes = one.get(19), one.get(18)
    enum_and_chron = _text(one, 17, charset)
    if not enum_and_chron and volumes is not None:
        parts = (_text(volume, number, charset) for volume in volumes.children[:5] for number in (1, 2, 3))
        enum_and_chron = said(" ".join(filter(None, parts)))
    return OpacHolding(
        local_location=_text(one, 9, charset),
        shelving_location=_text(one, 10, charset),
        call_number=_text(one, 11, charset),
        shelving_data=_text(one, 12, charset),
        copy_number=_text(one, 13, charset),
        public_note=_text(one, 14, charset),
        enum_and_chron=enum_and_chron,
        circulations=tuple(
            _circulation(copy, charset) for copy in (copies.children[: MAX_ITEMS + 1] if copies is not None else ())
        ),
    )


def _circulation(copy: Element, charset: str) -> Circulation:
    return Circulation(
        available_now=_flag(copy, 1),
        available_date=_text(copy, 2, charset),
        available_thru=_text(copy, 3, charset),
        restrictions=_text(copy, 4, charset),
        item_id=_text(copy, 5, charset),
        on_hold=_flag(copy, 7),
        enum_and_chron=_text(copy, 8, charset),
        temporary_location=_text(copy, 10, charset),
    )


def _flag(element: Element, number: int) -> bool | None:
    child = element.get(number)
    return None if child is None else child.boolean


def _text(element: Element, number: int, charset: str) -> str:
    child = element.get(number)
    return "" if child is None else said(_words(child.octets[:4_000], charset))


def _words(data: bytes, charset: str) -> str:
    """A text in the library's character set, or in the one it is found to be in; U+FFFD for what has no meaning."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass  # most send UTF-8, whatever the records are in
    try:
        known = character_set(data, says_utf8=False) if charset == "auto" else charset
        return decoded(data, known)  # type: ignore[arg-type]  # the library's file lets known ones pass only
    except UnknownCharacterSet:
        return data.decode("utf-8", "replace")


def _marc(data: bytes, charset: str) -> Marc:
    try:
        return from_iso2709(data, charset)
    except Malformed as exc:
        raise ConnectorUnavailable("answered a record that cannot be read as MARC") from exc

"""A record taken apart, written again: MARC 21's and UNIMARC's exchange format (ISO 2709) and MARCXML, both in UTF-8.

What is written is what was read, mended: read again it gives the same record.
"""

from __future__ import annotations

import re

from lxml import etree

from harvester.iso2709 import DELIMITER, FIELD_END, RECORD_END
from indexer.marc import Marc
from indexer.read import Dialect

SLIM = "http://www.loc.gov/MARC21/slim"

_TAG = re.compile(r"[0-9A-Za-z]{3}")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MOST_BYTES, _MOST_OF_A_FIELD = 99_999, 9_999


class NotExportable(ValueError):
    """The record does not go into this form; the message says why, and which would do."""


def iso2709(marc: Marc, dialect: Dialect) -> bytes:
    """The record in ISO 2709, lengths and directory right, leader/09 saying UTF-8 where the dialect has it say so.

    Raises: NotExportable when it is longer than the form allows, or has tags, indicators or codes beyond ASCII.
    """
    fields = [(tag, _encoded(value)) for tag, value in marc.control_fields]
    for field in marc.data_fields:
        codes = "".join(code for code, _ in field.subfields)
        if not (field.ind1 + field.ind2 + codes).isascii():
            raise NotExportable(f"{field.tag}: indicators or subfield codes beyond ASCII; MARCXML has them")
        subfields = b"".join(DELIMITER + code.encode() + _encoded(value) for code, value in field.subfields)
        fields.append((field.tag, (field.ind1 + field.ind2).encode() + subfields))
    directory: list[bytes] = []
    body = bytearray()
    for tag, value in fields:
        if not _TAG.fullmatch(tag):
            raise NotExportable(f"tag {tag!r} is not three letters or digits")
        if len(value) >= _MOST_OF_A_FIELD:
            raise NotExportable(
                f"{tag}: {len(value):,} bytes; ISO 2709 has room for {_MOST_OF_A_FIELD - 1:,}; use MARCXML"
            )
        directory.append(b"%3b%04d%05d" % (tag.encode(), len(value) + 1, len(body)))
        body += value + FIELD_END
    base = 24 + 12 * len(directory) + 1
    length = base + len(body) + 1
    if length > _MOST_BYTES:
        raise NotExportable(f"{length:,} bytes; ISO 2709 has room for {_MOST_BYTES:,}; use MARCXML")
    leader = leader_in_utf8(marc, dialect).encode("ascii", "replace")
    start = b"%05d%b22%05d%b4500" % (length, leader[5:10], base, leader[17:20])
    return start + b"".join(directory) + FIELD_END + bytes(body) + RECORD_END


def marcxml(marc: Marc, dialect: Dialect) -> bytes:
    """The record in MARCXML, a document of its own; characters that XML forbids become blanks."""
    record = etree.Element(f"{{{SLIM}}}record", nsmap={None: SLIM})
    _add(record, "leader", leader_in_utf8(marc, dialect))
    for tag, value in marc.control_fields:
        _add(record, "controlfield", value, tag=tag)
    for field in marc.data_fields:
        element = _add(record, "datafield", "", tag=field.tag, ind1=field.ind1, ind2=field.ind2)
        for code, value in field.subfields:
            _add(element, "subfield", value, code=code)
    return etree.tostring(record, encoding="utf-8", xml_declaration=True, pretty_print=True)


def leader_in_utf8(marc: Marc, dialect: Dialect) -> str:
    """The leader of the record in UTF-8. UNIMARC's leader/09 says nothing of character sets."""
    return f"{marc.leader[:9]}a{marc.leader[10:]}" if dialect == "marc21" else marc.leader


def _encoded(value: str) -> bytes:
    return value.encode("utf-8", "replace")


def _add(parent: etree._Element, name: str, text: str, **attributes: str) -> etree._Element:
    clean = {key: _NOT_XML.sub(" ", value) for key, value in attributes.items()}
    element = etree.SubElement(parent, f"{{{SLIM}}}{name}", clean)
    element.text = _NOT_XML.sub(" ", text) or None
    return element

"""A record as transmitted in MARCXML, taken apart into fields of text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import cast

from lxml import etree

from harvester.iso2709 import LEADER_BYTES
from harvester.strict_xml import XmlRefused, root_of, says_utf8
from indexer.charset import CharacterSet, decoded, is_utf8, likely_instead_of_utf8
from indexer.marc import Field, Marc
from indexer.marcxml_field import TAG, odd_tag, xml_field
from indexer.mending import is_mostly_lost, may_need_mending, mended
from indexer.regular_xml import regular_marcxml
from indexer.transmission import MAX_BYTES, MAX_FIELDS, MAX_SUBFIELDS, Malformed, characters_lost, hint, texts

MAX_ELEMENTS = 2 * (MAX_FIELDS + MAX_SUBFIELDS)
"""Tags in a record: more are refused before a parser makes some hundred bytes of each."""


def from_marcxml(data: bytes, ignore: Iterable[str] = (), encoding: str = "auto", *, mend: bool = True) -> Marc:
    """The first record in MARCXML bytes, in or out of its namespace, bare or wrapped.

    Bytes that are not the UTF-8 they are said to be are in the character set given, where one is.

    Document types are refused before parsing. Bytes of no character, characters that XML forbids, entities of HTML and
    bare ampersands are mended once, and `repairs` says so. Without ``mend`` the text in it stays as it came.

    Raises: Malformed.
    """
    if marc := regular_marcxml(data, tuple(ignore), mend=mend):
        return marc
    repairs: list[str] = []
    if encoding not in ("auto", "utf-8") and says_utf8(data) and not is_utf8(data):
        repairs.append(f"it declares UTF-8, the bytes are {encoding}, as the library's file says")
        data = decoded(data, cast(CharacterSet, encoding)).encode()
    root = xml_root(data, repairs)
    record = root if _name(root) == "record" else next((e for e in root.iter() if _name(e) == "record"), None)
    if record is None:
        raise Malformed("no MARC record in the XML")
    leader = ""
    control: list[tuple[str, str]] = []
    fields: list[Field] = []
    count = 0
    for element in record:
        name = _name(element)
        if name == "datafield":
            count += len(element)
            if field := xml_field(element, repairs):
                fields.append(field)
        elif name == "controlfield":
            tag = element.get("tag") or ""
            if len(element) or not TAG.fullmatch(tag):
                repairs.append(
                    odd_tag(tag) if not TAG.fullmatch(tag) else f"{tag}: elements within a value, their text kept"
                )
            control.append((tag, "".join(element.itertext())))
        elif name == "leader":
            leader = element.text or ""
        else:
            repairs.append(f"<{name[:20]}>: no part of a MARC record, left out")
    if not fields and not control:
        raise Malformed("no field in the record")
    if len(leader) != LEADER_BYTES:
        repairs.append(f"leader of {len(leader)} characters" if leader else "leader missing")
    if len(fields) > MAX_FIELDS or count > MAX_SUBFIELDS:
        raise Malformed(f"{len(fields)} fields with {count} subfields; at most {MAX_FIELDS} and {MAX_SUBFIELDS}")
    if mend and may_need_mending(data, xml=True):
        fields = mended(fields, repairs, dict(control).get("008", ""))
    lost = characters_lost(control, fields) if repairs or b"\xef\xbf\xbd" in data else 0
    if lost:
        repairs.append(f"{lost} characters lost before or when it was sent")
        if is_mostly_lost(texts(control, fields)):
            raise Malformed("most of its text is lost")
    return Marc(leader, control, fields, repairs, ignore=ignore, replacements=lost)


_WITHOUT_TAGS = re.compile(rb"<[^<>]{0,2000}>")


def xml_root(data: bytes, repairs: list[str]) -> etree._Element:
    """The root element of a record in XML; what was mended so that it could be parsed is told in ``repairs``.

    Raises: Malformed.
    """
    if len(data) > MAX_BYTES:
        raise Malformed(f"{len(data)} bytes; a record may have {MAX_BYTES}")
    if data.count(b"<") > MAX_ELEMENTS:
        raise Malformed(f"more than {MAX_FIELDS} fields or {MAX_SUBFIELDS} subfields")
    try:
        root, places = root_of(data)
    except XmlRefused as exc:
        raise Malformed(str(exc)) from exc
    if places:
        likely = likely_instead_of_utf8(_WITHOUT_TAGS.sub(b"\x1fa", data)) if says_utf8(data) else None
        if likely:
            raise Malformed(f"its bytes are not the UTF-8 that it declares, and look like {likely}{hint(likely)}")
        repairs.append(f"{places} places that XML does not allow: bytes, characters, entities or bare ampersands")
    return root


def _name(element: etree._Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""

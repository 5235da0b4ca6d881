"""MARCXML as most records are: elements in the order and the writing that systems give them. Of any other, nothing.

Cut at its closing tags, a record costs a third of what a parser asks. Whatever could mean more than it seems (entities
but the five of XML, comments, sections, other elements, other writings of a tag) is left to the parser; the same record
comes out.
"""

from __future__ import annotations

import re

from lxml import etree

from harvester.strict_xml import XmlRefused, root_of
from indexer.marc import Field, Marc
from indexer.mending import may_need_mending
from indexer.regular import COME_AGAIN
from indexer.remembered import remembered

_MAX_BYTES = 100_000
_LEADER = 24
_DECLARATION = re.compile(r'<\?xml version="1\.0"(?: encoding="(?:UTF|utf)-8")?(?: standalone="(?:yes|no)")?\s?\?>\s*')
_ROOT = re.compile(r'<(?P<prefix>[a-z]{1,9}:)?record(?:\s+[A-Za-z][A-Za-z:]*="[^"<>&]*")*\s*>')
_ATTRIBUTES = (
    re.compile(r'datafield tag="(?P<tag>[0-9A-Za-z]{3})" ind1="(?P<ind1>[ -~])" ind2="(?P<ind2>[ -~])"'),
    re.compile(r'datafield ind1="(?P<ind1>[ -~])" ind2="(?P<ind2>[ -~])" tag="(?P<tag>[0-9A-Za-z]{3})"'),
)
_CODES = {chr(code): chr(code) for code in range(0x21, 0x7F) if chr(code) not in "<>&\"'"}
_NEVER_ALONE = frozenset("<>&\"'")
_NO_INDICATOR = _NEVER_ALONE | frozenset("#\\")
_CONTROLS = bytes(set(range(0x20)) - set(b"\t\n"))  # none is XML's but CR, which becomes LF
_LAST = re.compile(rb"\xef\xbf[\xbd-\xbf]")  # U+FFFD is a loss, what follows no character
_REFERENCE = re.compile("&(?!(?:amp|lt|gt|quot|apos|#[0-9]{3,7});)")


class _Irregular(ValueError):
    """Something is written as most records have it not."""


def regular_marcxml(data: bytes, ignore: tuple[str, ...], *, mend: bool) -> Marc | None:
    """The record in MARCXML bytes, None when anything in it is out of the ordinary."""
    if len(data) > _MAX_BYTES or data != data.translate(None, _CONTROLS) or (b"\xef" in data and _LAST.search(data)):
        return None
    if mend and may_need_mending(data.replace(b"&#", b"#"), xml=True):
        return None  # what character references stand for is looked at where they are resolved
    try:
        text = data.decode()
        if ("&" in text and _REFERENCE.search(text)) or "]]>" in text:
            return None
        if text.startswith("<?") and (declared := _DECLARATION.match(text)):
            text = text[declared.end() :]
        root = _ROOT.match(text)
        if root is None or not _is_well_formed(root.group()):
            return None
        return _marc(text[root.end() :], root["prefix"] or "", ignore)
    except ValueError:  # no UTF-8, or something is irregular
        return None


@remembered
def _is_well_formed(root: str) -> bool:
    """Whether a start tag is XML's, its prefix declared; thousands of records begin with the same."""
    try:
        element, mended = root_of(f"{root}</{root[1:].split(maxsplit=1)[0].rstrip('>')}>".encode())
    except XmlRefused:
        return False
    return not mended and etree.QName(element).localname == "record"


def _marc(text: str, prefix: str, ignore: tuple[str, ...]) -> Marc:
    """What stands between the start and the end of a record.

    Raises: _Irregular.
    """
    *written, end = text.split(f"</{prefix}datafield>")
    start = written[0].find(f"<{prefix}datafield") if written else -1
    if start < 0 or end.strip() != f"</{prefix}record>":
        raise _Irregular
    leader, control = _control_fields(written[0][:start], prefix)
    if len(leader) != _LEADER:
        raise _Irregular
    written[0] = written[0][start:]
    fields: list[Field] = []
    at = len(prefix) + 1
    for one in written:
        one = one.strip()  # noqa: PLW2901 what stands between fields
        if not one.startswith("<") or (prefix and not one.startswith(prefix, 1)):
            raise _Irregular
        tag_at = one.find('tag="', at, at + 40) + 5
        read = _remembered_field if one[tag_at : tag_at + 3] in COME_AGAIN else _field
        fields.append(read((prefix, one)))
    return Marc(leader, control, fields, ignore=ignore)


def _control_fields(text: str, prefix: str) -> tuple[str, list[tuple[str, str]]]:
    leader = ""
    control: list[tuple[str, str]] = []
    *written, end = text.split(f"</{prefix}controlfield>")
    opening = f'<{prefix}controlfield tag="'
    if end.strip():
        raise _Irregular
    for place, one in enumerate(written):
        before, found, rest = one.partition(opening)
        if place == 0 and before.strip():
            leader = before.strip().removeprefix(f"<{prefix}leader>").removesuffix(f"</{prefix}leader>")
            if before.strip() != f"<{prefix}leader>{leader}</{prefix}leader>":
                raise _Irregular
        elif before.strip():
            raise _Irregular
        tag, value = rest[:3], rest[5:]
        if not found or rest[3:5] != '">' or "<" in value or "<" in leader or not (tag.isascii() and tag.isalnum()):
            raise _Irregular
        control.append((tag, _resolved(value)))
    return _resolved(leader), control


def _field(written: tuple[str, str]) -> Field:
    """A data field from its prefix and its text, the end tag taken off.

    Raises: _Irregular.
    """
    prefix, text = written
    *subfields, end = text.split(f"</{prefix}subfield>")
    opening = f'<{prefix}subfield code="'
    size = len(opening)
    if end or not subfields:
        raise _Irregular
    tag, separator, subfields[0] = subfields[0].partition(">")
    named = _attributes(tag[len(prefix) + 1 :] if separator else "")
    found: list[tuple[str, str]] = []
    for one in subfields:
        one = one.lstrip()  # noqa: PLW2901 what stands between subfields
        value = one[size + 3 :]
        if not one.startswith(opening) or one[size + 1 : size + 3] != '">' or "<" in value:
            raise _Irregular
        try:
            found.append((_CODES[one[size]], _resolved(value)))
        except KeyError as exc:
            raise _Irregular from exc
    return Field(*named, tuple(found))


@remembered
def _attributes(written: str) -> tuple[str, str, str]:
    """Tag and indicators of a start tag.

    Raises: _Irregular.
    """
    for pattern in _ATTRIBUTES:
        if found := pattern.fullmatch(written):
            tag, ind1, ind2 = found["tag"], found["ind1"], found["ind2"]
            if ind1 not in _NO_INDICATOR and ind2 not in _NO_INDICATOR:
                return tag, ind1, ind2
    raise _Irregular


def _resolved(value: str) -> str:
    if "&" not in value:
        return value
    if "&#" in value:
        first, *others = value.split("&#")
        parts = [one.partition(";") for one in others]
        value = first + "".join([_referred(number) + rest for number, _, rest in parts])
        if may_need_mending(value.encode(), xml=True):
            raise _Irregular
    for name, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&")):
        value = value.replace(name, character)
    return value


@remembered
def _referred(number: str) -> str:
    """The character of a decimal reference: a letter beyond Latin-1's controls.

    Raises: _Irregular.
    """
    code = int(number)
    if code < 0xA0 or code > 0x10FFFF or 0xD800 <= code < 0xE000 or 0xFFFD <= code <= 0xFFFF:
        raise _Irregular
    return chr(code)


_remembered_field = remembered(_field)

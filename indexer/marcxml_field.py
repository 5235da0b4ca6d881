"""A datafield element of MARCXML → a field; what is more or less than a field is told, never dropped in silence."""

from __future__ import annotations

import re

from lxml import etree

from indexer.marc import Field

TAG = re.compile(r"[0-9A-Za-z]{3}")


def xml_field(element: etree._Element, repairs: list[str]) -> Field | None:
    """A data field; None when it holds no subfield. Whatever of it does not fit a field is told in ``repairs``."""
    tag, ind1, ind2 = element.get("tag") or "", element.get("ind1") or "", element.get("ind2") or ""
    notes: list[str] = []
    if not (ind1 and ind2):
        notes.append("an indicator is missing, taken for a blank")
        ind1, ind2 = ind1 or " ", ind2 or " "
    if not TAG.fullmatch(tag):
        repairs.append(odd_tag(tag))
    if not (len(ind1) == len(ind2) == 1 and ind1.isascii() and ind2.isascii()):
        notes.append(f"indicators {ind1[:8]!r} and {ind2[:8]!r} are not one character each")
        ind1, ind2 = (one[0] if one[0].isascii() else " " for one in (ind1, ind2))
    subfields: list[tuple[str, str]] = []
    own = list(element.iterchildren("{*}subfield"))
    loose = element.text or ""
    for one in own:
        code, text = one.get("code") or "", one.text or ""
        if len(one):
            notes.append("elements within a value, their text kept")
            text = "".join(one.itertext())
        if one.tail and not one.tail.isspace():
            loose += one.tail
        if len(code) == 1 and code > " ":
            subfields.append((code, text))
        elif code.strip():
            notes.append(f"subfield code {code[:8]!r} is not one character")
            subfields.append((code.strip()[0], text))
        else:
            add_without_code(subfields, text, notes)
    if loose and not loose.isspace():
        notes.append(f"text outside of subfields, left out: {loose.strip()[:40]!r}")
    if len(own) != len(element):
        notes.append("elements that are no subfields, left out")
    if not subfields:
        notes.append("no subfields")
    if notes:
        repairs.extend(f"{tag}: {note}" for note in dict.fromkeys(notes))
    return field_with_blanks(Field(tag, ind1, ind2, tuple(subfields)), repairs) if subfields else None


def field_with_blanks(field: Field, repairs: list[str]) -> Field:
    """The field with blank indicators where they are written as manuals and editors show them: # or a backslash."""
    if field.ind1 not in _SPELT and field.ind2 not in _SPELT:
        return field
    repairs.append(f"{field.tag}: an indicator written as # or \\, taken for a blank")
    return field._replace(ind1=_SPELT.get(field.ind1, field.ind1), ind2=_SPELT.get(field.ind2, field.ind2))


_SPELT = {"#": " ", "\\": " "}


def odd_tag(tag: str) -> str:
    """What is to be said of a tag that is none."""
    return f"tag {tag[:8]!r} is not three letters or digits"


def add_without_code(subfields: list[tuple[str, str]], text: str, notes: list[str]) -> None:
    """What begins with no code goes on the subfield before; the first of a field is its main part."""
    notes.append("a subfield without a code, taken for more of the one before")
    if subfields:
        code, before = subfields[-1]
        subfields[-1] = code, f"{before} {text.strip()}"
    else:
        subfields.append(("a", text.strip()))

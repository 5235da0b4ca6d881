"""Small MARC records as cataloguers write them down, for tests:

    =LDR  00000nam a2200000 a 4500
    =008  040101s2004    ch            000 0 chi d
    =245  10$a紅樓夢 /$c曹雪芹著.

A blank indicator is a backslash or a space; ``{dollar}`` is a dollar sign. Leader and indicators may be left out
(``=245 $a…``).
"""

from __future__ import annotations

import re
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from harvester.store import RawRecord
from indexer.marc import Field, Marc
from indexer.read import read
from indexer.record import Record
from mappings.library import Library

LEADER = "00000nam a2200000 a 4500"
_LINE = re.compile(r"=(?P<tag>\w{3})\s(?P<rest>.*)", re.DOTALL)


def fields(text: str) -> tuple[str, list[tuple[str, str]], list[Field]]:
    """Leader, control fields and data fields of a record written down."""
    leader = LEADER
    control: list[tuple[str, str]] = []
    data: list[Field] = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        match = _LINE.fullmatch(line)
        if match is None:
            raise ValueError(f"not a field: {line!r}")
        tag, rest = match.group("tag"), match.group("rest").removeprefix(" ")
        if tag == "LDR":
            leader = rest.replace("\\", " ")
        elif tag < "010" and tag.isdigit():
            control.append((tag, rest.replace("\\", " ")))
        else:
            indicators, *parts = rest.split("$")
            indicators = indicators.replace("\\", " ").ljust(2)
            data.append(
                Field(tag, indicators[0], indicators[1], tuple((p[0], p[1:].replace("{dollar}", "$")) for p in parts))
            )
    return leader, control, data


def marc(text: str) -> Marc:
    """The record taken apart, without having been transmitted."""
    return Marc(*fields(text))


def iso2709(text: str, encoding: str = "utf-8") -> bytes:
    """The record in ISO 2709, its directory right."""
    leader, control, data = fields(text)
    values = [(tag, value.encode(encoding)) for tag, value in control]
    for field in data:
        subfields = "".join(f"\x1f{code}{value}" for code, value in field.subfields)
        values.append((field.tag, (field.ind1 + field.ind2 + subfields).encode(encoding)))
    return from_values(leader, values)


def from_values(leader: str, values: list[tuple[str, bytes]]) -> bytes:
    """A record in ISO 2709 from its fields' bytes: indicators and subfields included."""
    directory, body = b"", b""
    for tag, value in values:
        directory += b"%3s%04d%05d" % (tag.encode(), len(value) + 1, len(body))
        body += value + b"\x1e"
    base = 24 + len(directory) + 1
    whole = f"{base + len(body) + 1:05d}{leader[5:12]}{base:05d}{leader[17:24]}".encode()
    return whole + directory + b"\x1e" + body + b"\x1d"


def marcxml(text: str) -> bytes:
    """The record in MARCXML."""
    leader, control, data = fields(text)
    lines = [f"<leader>{escape(leader)}</leader>"]
    lines += [f"<controlfield tag={quoteattr(tag)}>{escape(value)}</controlfield>" for tag, value in control]
    for field in data:
        subfields = "".join(f"<subfield code={quoteattr(c)}>{escape(value)}</subfield>" for c, value in field.subfields)
        lines.append(f'<datafield tag="{field.tag}" ind1="{field.ind1}" ind2="{field.ind2}">{subfields}</datafield>')
    return f'<record xmlns="http://www.loc.gov/MARC21/slim">{"".join(lines)}</record>'.encode()


def library(code: str = "testlib", **records: Any) -> Library:
    """A member library whose `records` settings are the ones given."""
    return Library.model_validate(
        {
            "code": code,
            "name": {"en": "Test Library"},
            "region": "north",
            "kind": "city",
            "harvest": {"protocol": "marc-dump", "files": ["records.mrc"]},
            "records": records,
        }
    )


def read_text(text: str, **records: Any) -> Record:
    """The record written down, transmitted as ISO 2709 and read with these `records` settings."""
    return read(RawRecord("testlib", "1", "iso2709", iso2709(text)), library(**records))

"""MARC as bytes, written by hand so that every byte of it can be broken."""

from __future__ import annotations

from xml.sax.saxutils import escape

SLIM = "http://www.loc.gov/MARC21/slim"


def iso2709(control_number: str, title: str = "A title", *, status: str = "n") -> bytes:
    """A record of two fields, or of one when the control number is empty."""
    fields = [("001", control_number.encode())] if control_number else []
    fields.append(("245", b"00\x1fa" + title.encode()))
    directory, data = b"", b""
    for tag, value in fields:
        directory += f"{tag}{len(value) + 1:04}{len(data):05}".encode()
        data += value + b"\x1e"
    base = 24 + len(directory) + 1
    return f"{base + len(data) + 1:05}{status}am a22{base:05} a 4500".encode() + directory + b"\x1e" + data + b"\x1d"


def marcxml(control_number: str, title: str = "A title", *, status: str = "n") -> str:
    return (
        f'<record xmlns="{SLIM}"><leader>00000{status}am a2200000 a 4500</leader>'
        f'<controlfield tag="001">{control_number}</controlfield>'
        f'<datafield tag="245" ind1="0" ind2="0"><subfield code="a">{escape(title)}</subfield></datafield></record>'
    )


def collection(*parts: str, root: str = f'<collection xmlns="{SLIM}">') -> bytes:
    name = root.partition(" ")[0].strip("<>")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{root}{"".join(parts)}</{name}>'.encode()

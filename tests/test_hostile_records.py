"""Hostile input costs bounded memory and time, and a clear message; each case is a measured process."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MEGABYTE = 1024 * 1024
MOST_MEGABYTES = 400
"""Of a process that reads one record of three megabytes; at the sixteen a record may have, it is four times that at
worst."""
MOST_SECONDS = 30.0
"""Of processor time. The worst takes a tenth of it; what grows with the square of the input would take days."""

_MEASURED = """
import json, sys, time
sys.path.insert(0, {root!r})
from fixtures.memory import peak_bytes
from tests import test_hostile_records as hostile
started = time.process_time()
said = hostile.CASES[{name!r}][0]()
print(json.dumps({{
    "said": said,
    "seconds": time.process_time() - started,
    "megabytes": peak_bytes() / 1024**2,
}}))
"""


class Endless:
    """Two gigabytes that nobody wrote down: a good record, digits without an end, another good record."""

    size = 2 * 1024 * MEGABYTE

    def __init__(self, first: bytes, last: bytes) -> None:
        self.parts = iter((first, *[b"0123456789abcdef" * (MEGABYTE // 16)] * (self.size // MEGABYTE), b"\x1d" + last))

    def read(self, _: int = -1) -> bytes:
        return next(self.parts, b"")


def _endless() -> str:
    from harvester.marc_split import iso2709_pieces
    from tests.support.marc import iso2709

    pieces = list(iso2709_pieces(Endless(iso2709("=001  1\n=245  10$aA"), iso2709("=001  2\n=245  10$aB"))))  # type: ignore[arg-type]
    assert [bool(piece.refusal) for piece in pieces] == [False, True, False]
    return pieces[1].refusal


def _read(payload: bytes, form: str = "iso2709", encoding: str = "auto") -> str:
    from harvester.store import RawRecord
    from indexer.read import Unreadable, read
    from tests.support.marc import library

    try:
        record = read(RawRecord("testlib", "1", form, payload), library(encoding=encoding))  # type: ignore[arg-type]
    except Unreadable as unreadable:
        return unreadable.reason
    return f"read {len(record.titles)} {record.titles[0].proper[:20]!r} {len(record.repairs)} {record.replacements}"


def _marc(value: bytes, encoding: str = "auto") -> str:
    directory = b"001000200000" + b"245999900002"  # no length of four digits says how long it is
    return _read(b"99999nam a2200049 a 4500" + directory + b"\x1e1\x1e10\x1fa" + value + b"\x1e\x1d", encoding=encoding)


def _xml(inside: bytes) -> str:
    title = b'<datafield tag="245" ind1="1" ind2="0"><subfield code="a">T</subfield></datafield>'
    return _read(b'<record xmlns="http://www.loc.gov/MARC21/slim">' + title + inside + b"</record>", "marcxml")


def _split(data: bytes) -> str:
    from harvester.marc_split import MarcXmlPieces, iso2709_pieces, likely_control_number

    pieces = list(MarcXmlPieces(BytesIO(data)) if data.startswith(b"<") else iso2709_pieces(BytesIO(data)))
    for piece in pieces:
        likely_control_number(piece.data)
    return f"{len(pieces)} pieces"


def _times(piece: bytes, megabytes: int = 3) -> bytes:
    return piece * (megabytes * MEGABYTE // len(piece))


_LAUGHS = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
_BOMB = b'<!DOCTYPE r [<!ENTITY l0 "ha">' + _LAUGHS + b"]><record><controlfield tag='001'>&l9;</controlfield></record>"
_IN_ATTRIBUTE = _BOMB.replace(b"tag='001'>&l9;", b"tag='&l9;'>")
_SUBFIELD = b'<subfield code="a"/>'

CASES: dict[str, tuple[Callable[[], str], str]] = {
    "two gigabytes without an end": (_endless, "no record ends within 16,777,216 bytes"),
    "sixteen megabytes of digits": (lambda: _split(_times(b"1234567890", 15) + b"\x1d"), " pieces"),
    "sixteen megabytes of lengths": (lambda: _split(_times(b"00025", 15) + b"\x1d"), "2 pieces"),
    "leaders without an end": (lambda: _split(_times(b"00036nam a2200025 a 4500001000200000")), "pieces"),
    "elements that are not closed": (lambda: _split(b"<collection>" + _times(b"<record>", 1)), "pieces"),
    "comments before the first record": (lambda: _split(_times(b"<!--", 15) + b"<record>"), "1 pieces"),
    "control fields without an end": (lambda: _split(b"<record>" + _times(b"controlfield ", 15)), "1 pieces"),
    "a record longer than any": (lambda: _marc(_times(b"x", 17)), "a record may have 16777216"),
    "a million subfields": (lambda: _marc(b"\x1fa" * 1_000_000), "more than 20000 fields or 200000 subfields"),
    "a hundred thousand fields": (lambda: _marc(b"\x1e" * 100_000), "more than 20000 fields"),
    "as many subfields as may be": (lambda: _marc(b"\x1faT" * 199_000), "read 1"),
    "a million subfields in XML": (
        lambda: _xml(b'<datafield tag="500">' + _SUBFIELD * 750_000 + b"</datafield>"),
        "more than 20000 fields or 200000 subfields",
    ),
    "as many subfields in XML as may be": (
        lambda: _xml(b'<datafield tag="500">' + _SUBFIELD * 199_000 + b"</datafield>"),
        "read 1 'T'",
    ),
    "a billion laughs": (lambda: _read(_BOMB, "marcxml"), "document type"),
    "a billion laughs in UTF-16": (lambda: _read(_BOMB.decode().encode("utf-16"), "marcxml"), "document type"),
    "a billion laughs in an attribute": (lambda: _read(_IN_ATTRIBUTE, "marcxml"), "document type"),
    "a billion laughs for Dublin Core": (lambda: _read(_BOMB.replace(b"record>", b"dc>"), "oai_dc"), "document type"),
    "a file of this machine": (
        lambda: _read(b'<!DOCTYPE r SYSTEM "file:///etc/passwd"><record/>', "marcxml"),
        "document type",
    ),
    "a hundred thousand elements deep": (lambda: _xml(b"<a>" * 100_000 + b"</a>" * 100_000), "not well-formed XML"),
    "a hundred thousand elements deep in Dublin Core": (
        lambda: _read(b"<dc>" * 100_000 + b"</dc>" * 100_000, "oai_dc"),
        "not well-formed XML",
    ),
    "nothing but NUL": (lambda: _read(_times(b"\x00")), "not a MARC record"),
    "NUL in a value": (lambda: _marc(_times(b"Title\x00")), "read 1 'Title Title"),
    "NUL between letters": (lambda: _marc(_times(b"T\x00")), "in UTF-16"),
    "NUL in XML": (lambda: _xml(_times(b"\x00")), "read 1 'T'"),
    "ampersands": (lambda: _marc(_times(b"T&amp;")), "read 1 'T&T&"),
    "ampersands without an end": (lambda: _marc(_times(b"&a")), "read 1 '&a&a"),
    "bare ampersands in XML": (lambda: _xml(b"<leader>" + _times(b"&") + b"</leader>"), "read 1 'T'"),
    "codes left as ASCII": (lambda: _marc("面".encode() + _times(b"!_w")), "read 1 '面面面"),
    "codes here and there": (lambda: _marc(_times("面!_w ".encode())), "read 1 '面面"),
    "codes of no character": (lambda: _marc("面".encode() + _times(b"!03")), "read 1 '面!03"),
    "exclamation marks": (lambda: _marc("面".encode() + _times(b"!")), "read 1 '面!!!"),
    "braces": (lambda: _marc("面".encode() + _times(b"{u{")), "read 1 '面{u{"),
    "text encoded twice": (lambda: _marc(_times("Ã©".encode())), "read 1 'éé"),
    "text encoded eight times": (lambda: _marc(_times("é".encode().decode("latin-1").encode())), "read 1 'éé"),
    "bad bytes in UTF-8": (lambda: _marc("面".encode() + _times(b"a\xff")), "read 1"),
    "MARC-8 of escapes": (lambda: _marc(_times(b"\x1b$1\x1b(B") + b"T"), "read 1 'T'"),
    "MARC-8 of diacritics": (lambda: _marc(b"\x1b(BT" + _times(b"\xe2", 2)), "lost"),
    "EACC of braces": (lambda: _marc(b"T\x1b$1" + _times(b"{21594")), "read 1"),
    "Big5 of nothing": (lambda: _marc(b"T" + _times(b"\xff"), "big5"), "lost"),
    "Dublin Core of one title": (
        lambda: _read(b"<dc><title>" + _times(b"T : ") + b"</title></dc>", "oai_dc"),
        "read 1",
    ),
    "Dublin Core of identifiers": (
        lambda: _read(b"<dc><title>T</title>" + b"<identifier>978-</identifier>" * 200_000 + b"</dc>", "oai_dc"),
        "read 1 'T'",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_hostile_input_costs_bounded_memory_and_time_and_a_clear_message(name: str) -> None:
    script = _MEASURED.format(root=str(ROOT), name=name)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    measured = json.loads(done.stdout)
    assert CASES[name][1] in measured["said"]
    assert measured["megabytes"] < MOST_MEGABYTES, measured
    assert measured["seconds"] < MOST_SECONDS, measured

"""Lists of control numbers: which records have left, as text or as the records themselves."""

from __future__ import annotations

from collections.abc import Iterator

from harvester.dump.archive import Stream
from harvester.dump.rows import rows
from harvester.errors import DumpUnusable

LONGEST_NUMBER = 200
HEADINGS = frozenset(
    [
        *("001", "id", "ids", "identifier", "record id", "record_id", "control number", "control_number", "ppn"),
        *("mms id", "mms_id", "mmsid", "bib id", "bib_id", "bibid", "biblionumber", "system number"),
        *("控制號", "系統號", "書目號", "書目系統號", "書目識別號", "書目記錄號", "紀錄號", "記錄號", "機讀編號"),
    ]
)
"""What the column of control numbers is called, by itself or in a file of items; compared in lower case."""


def listed_numbers(stream: Stream) -> Iterator[str]:
    """The control numbers of a list: one to a line, or the first column of a table; a heading is passed over.

    Raises: DumpUnusable when a line is no control number; the list is then believed in no part.
    """
    for line, row in rows(stream):
        number = row[0].strip() if row else ""
        if not number or number.startswith("#") or (line == 1 and number.lower() in HEADINGS):
            continue
        if len(number) > LONGEST_NUMBER or "<" in number or not number.isprintable():
            raise DumpUnusable(f"{stream.name}: line {line:,} is no control number: {number[:60]!r}")
        yield number

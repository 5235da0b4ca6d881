"""A table of copies → one record for each record it names, with a field for each row (`mappings.item_columns`)."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

from lxml import etree

from harvester.dump.archive import Stream
from harvester.dump.rows import rows
from harvester.errors import DumpUnusable
from harvester.raw_record import COPIES_OF, RawRecord
from mappings.item_columns import ROW_TAG, ItemColumns, subfields

LEADER = "00000nx  a22000001n 4500"  # holdings of their own
SLIM = "http://www.loc.gov/MARC21/slim"
HEADING_WITHIN = 20  # rows: titles and notes may stand above the headings

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(slots=True)
class ItemTable:
    """The copies in one table; ``nameless`` rows, which name no record, are counted while it is read."""

    library: str
    columns: ItemColumns
    nameless: int = 0
    first_nameless: int = 0  # its line

    def records(self, stream: Stream) -> Iterator[RawRecord]:
        """One record for each record that rows name, in the order of those names; its rows in the order of the table.

        Raises: DumpUnusable when it is no table or has not the columns.
        """
        # The rows of one record may stand anywhere in a table larger than memory, so they are put together on disk.
        with closing(sqlite3.connect("", check_same_thread=False, isolation_level=None)) as disk:
            disk.execute("CREATE TABLE line (number TEXT, place INTEGER, fields TEXT, PRIMARY KEY (number, place))")
            disk.execute("BEGIN")
            for place, number, fields in self._lines(stream):
                disk.execute("INSERT INTO line VALUES (?, ?, ?)", (number, place, json.dumps(fields)))
            number, found = "", list[list[list[str]]]()
            for its, fields in disk.execute("SELECT number, fields FROM line ORDER BY number, place"):
                if its != number and number:
                    yield self._record(number, found)
                    found = []
                number = its
                found.append(json.loads(fields))
            if number:
                yield self._record(number, found)

    def _lines(self, stream: Stream) -> Iterator[tuple[int, str, tuple[tuple[str, str], ...]]]:
        headings: list[str] | None = None
        seen: list[str] = []
        key = self.columns.control_number
        for line, cells in rows(stream):
            if headings is None:
                seen += cells
                if key in cells:
                    headings = cells
                    self._refuse_absent(stream.name, headings)
                elif line > HEADING_WITHIN:
                    break
                continue
            row = dict(zip(headings, cells, strict=False))
            number = row.get(key, "").strip()
            if number:
                yield line, number, subfields(row, self.columns)
            else:
                self.nameless += 1
                self.first_nameless = self.first_nameless or line
        if headings is None:
            raise DumpUnusable(f"{stream.name}: no column is called {key!r}; there are {', '.join(seen[:20])}")

    def _refuse_absent(self, name: str, headings: list[str]) -> None:
        """A renamed column would empty the copies of a whole library in silence."""
        named = [*self.columns.gone]
        for key, value in self.columns:
            named += value if isinstance(value, tuple) and key != "gone" else []
        if absent := [heading for heading in named if heading not in headings]:
            raise DumpUnusable(f"{name}: no column is called {absent[0]!r}; there are {', '.join(headings)}")

    def _record(self, number: str, lines: list[list[list[str]]]) -> RawRecord:
        record = etree.Element(f"{{{SLIM}}}record", nsmap={None: SLIM})
        etree.SubElement(record, f"{{{SLIM}}}leader").text = LEADER
        identifier = COPIES_OF + number
        for tag, text in (("001", identifier), ("004", number)):
            etree.SubElement(record, f"{{{SLIM}}}controlfield", tag=tag).text = _clean(text)
        for fields in lines:
            if fields:
                row = etree.SubElement(record, f"{{{SLIM}}}datafield", tag=ROW_TAG, ind1=" ", ind2=" ")
                for code, text in fields:
                    etree.SubElement(row, f"{{{SLIM}}}subfield", code=code).text = _clean(text)
        return RawRecord(self.library, identifier, "marcxml", etree.tostring(record, encoding="utf-8"))


def _clean(text: str) -> str:
    return _NOT_XML.sub(" ", text)

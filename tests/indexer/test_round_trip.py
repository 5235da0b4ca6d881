"""A real record that pymarc writes again, as MARC21 or as MARCXML, reads back as it read before."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pymarc
import pytest

from harvester.store import PayloadFormat, RawRecord
from indexer.read import HoldingsOnly, read
from indexer.record import Record
from tests.support.marc import library, marcxml
from tests.support.real_files import ABSENT, DATA, iso2709_files, iso2709_records

GOOD = [file for file in iso2709_files() if file.parent.name == "marc"] if DATA.is_dir() else []
AT_MOST = 150
"""Records of one file: they are alike, and there are 7,500."""


def reading(payload: bytes, kind: PayloadFormat = "iso2709") -> Record | None:
    """What the payload says, whatever was mended to read it; None for a record of copies."""
    try:
        return replace(read(RawRecord("testlib", "1", kind, payload), library()), repairs=())
    except HoldingsOnly:
        return None


@pytest.mark.skipif(not DATA.is_dir(), reason=ABSENT)
@pytest.mark.parametrize("file", GOOD, ids=lambda file: file.name)
def test_a_record_written_again_reads_back_the_same(file: Path) -> None:
    records = list(iso2709_records(file))
    for number, payload in enumerate(records[:: max(1, len(records) // AT_MOST)]):
        first = reading(payload)
        if first is None or first.replacements:
            continue  # a character that was lost, each reader writes in its own way
        record = pymarc.Record(payload, to_unicode=True, force_utf8="mislabelled-utf8" in file.name)
        record.leader = pymarc.Leader(f"{str(record.leader)[:9]}a{str(record.leader)[10:]}")
        assert reading(record.as_marc()) == first, (file.name, number, "MARC21")
        xml = bytes(pymarc.record_to_xml(record, namespace=True))  # type: ignore[no-untyped-call]
        assert reading(xml, "marcxml") == first, (file.name, number, "MARCXML")


def test_xml_in_ascii_with_character_references_is_mended_as_any_other() -> None:
    text = "=200  1\\$a傲慢與偏見$g孫!T*!N|!YF\n=215  \\\\$a354!_w"
    references = marcxml(text).decode().encode("ascii", "xmlcharrefreplace")
    assert reading(references, "marcxml") == reading(marcxml(text), "marcxml")

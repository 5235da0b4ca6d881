from __future__ import annotations

from datetime import UTC, datetime
from html import escape

import pytest

from harvester.http import Answer
from harvester.sru_xml import Found, found
from harvester.strict_xml import root_of
from tests.support.marc_bytes import marcxml

NOW = datetime(2024, 5, 1, 12, tzinfo=UTC)
RECORD = marcxml("1", "紅樓夢許功蓋 & Co")


def answered(data: str, encoding: str = "utf-8") -> Found:
    body = (
        '<searchRetrieveResponse xmlns="http://www.loc.gov/zing/srw/"><numberOfRecords>2</numberOfRecords><records>'
        f"<record><recordData>{data}</recordData></record>"
        "<record><recordData>none</recordData><recordIdentifier>2</recordIdentifier></record></records>"
        "</searchRetrieveResponse>"
    )
    return found(Answer("http://test/sru", 200, body.encode(encoding)), "lib", "all", 1, NOW)


@pytest.mark.parametrize("packed", [False, True], ids=["xml", "string"])
def test_a_record_in_another_set_than_its_answer_declares_is_kept_as_it_was_sent(packed: bool) -> None:
    answer = answered(escape(RECORD) if packed else RECORD, "big5")
    (record,) = answer.records
    assert "紅樓夢許功蓋".encode("big5") in record.payload
    assert root_of(record.payload)[0].tag.endswith("record"), "it can be read alone"
    assert len(answer.refused) == 1


@pytest.mark.parametrize("packed", [False, True], ids=["xml", "string"])
def test_the_same_in_utf_8_is_what_was_parsed(packed: bool) -> None:
    (record,) = answered(escape(RECORD) if packed else RECORD).records
    assert "紅樓夢許功蓋 &amp; Co" in record.payload.decode()

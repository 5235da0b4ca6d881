"""Facts go to another process and come back as they were."""

from __future__ import annotations

from dataclasses import fields

import pytest

from indexer.facts import packed, unpacked
from indexer.profile import Profile, profile
from indexer.record import Format, Record
from tests.support.records import make_record

RECORDS = {
    "chinese": make_record(
        "紅樓夢校注", author="曹雪芹", publisher="里仁書局", year=1984, pages=1285, isbn="9789570835878"
    ),
    "english": make_record(
        "Emma", other="a novel", author="Austen, Jane", translator="Li, Wei", year=1816, part="v. 2"
    ),
    "stub": make_record(""),
    "serial": make_record("Nature", issn="0028-0836", format=Format.SERIAL),
}


@pytest.mark.parametrize("record", RECORDS.values(), ids=RECORDS)
def test_facts_come_back_as_they_were(record: Record) -> None:
    before = profile(record)
    after = unpacked(packed(before))
    for field in fields(Profile):
        one, other = getattr(before, field.name), getattr(after, field.name)
        assert (other, type(other)) == (one, type(one)), field.name
    assert (after.whole is after.title) == (before.whole is before.title)


def test_both_a_title_alone_and_one_with_more_are_among_them() -> None:
    facts = [profile(record) for record in RECORDS.values()]
    assert {one.whole is one.title for one in facts} == {True, False}

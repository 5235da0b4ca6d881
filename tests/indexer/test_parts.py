from __future__ import annotations

import pytest

from indexer.transmission import Malformed, from_iso2709
from tests.support.marc import iso2709

FIRST = "=001  7\n=245  10$aA title\n=500  \\\\$aNote\n=952  \\\\$p1"


def test_what_later_parts_have_more_is_put_behind_the_first() -> None:
    second = "=001  7\n=245  10$aA title again\n=650  \\0$aLate\n=952  \\\\$p1\n=952  \\\\$p2"
    third = "=001  7\n=650  \\0$aLater\n=952  \\\\$p3"
    record = from_iso2709(iso2709(FIRST) + iso2709(second) + iso2709(third))
    assert [field.tag for field in record.data_fields] == ["245", "500", "952", "650", "952", "952"]
    assert [field.first("p") for field in record.fields("952")] == ["1", "2", "3"]
    assert record.value("245$a") == "A title"
    assert record.repairs == ("sent in 3 parts",)


def test_a_record_in_one_part_is_as_it_was() -> None:
    assert from_iso2709(iso2709(FIRST)).repairs == ()
    assert from_iso2709(iso2709(FIRST) + b"\r\n").repairs == ()
    assert len(from_iso2709(iso2709(FIRST) + b"00007").data_fields) == 3, "what follows is no record"


def test_fields_to_ignore_are_ignored_in_every_part() -> None:
    record = from_iso2709(iso2709(FIRST) + iso2709("=001  7\n=952  \\\\$p2"), ignore=["952"])
    assert not record.has("952")


def test_losses_and_repairs_of_every_part_count() -> None:
    damaged = iso2709("=001  7\n=952  \\\\$pcaf?").replace(b"?", b"\x81")
    record = from_iso2709(iso2709(FIRST) + damaged, "utf-8")
    assert record.replacements == 1
    assert [repair.partition(":")[0] for repair in record.repairs] == ["sent in 2 parts", "952"]


def test_a_part_that_cannot_be_read_makes_the_whole_unreadable() -> None:
    part = iso2709("=001  7\n=952  \\\\$p2")
    broken = part[:36] + b"\x00\x00\x00" + part[39:].replace(b"\x1e", b"", 1)
    with pytest.raises(Malformed):
        from_iso2709(iso2709(FIRST) + broken)

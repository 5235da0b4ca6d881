"""What `allshelves show` and `allshelves report` print, over a state folder."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console

from harvester.store import RawRecord, Store, StoredRecord
from indexer.catalogue import Catalogue
from indexer.holdings.unread import UnreadCopies
from indexer.own_records import quality_of
from indexer.record import RecordRef
from indexer.unread_fields import UnreadField
from mappings.library import load_libraries
from search_api.commands import reading
from search_api.settings import Settings
from tests.support.catalogue import RED_AT_ALPHA, fill, harvest_into, index
from tests.support.marc import LEADER, from_values, iso2709, library, marc

WHEN = datetime(2026, 11, 21, tzinfo=UTC)
BAD = """
=001  102
=020  \\\\$a9789570835879
=245  10$aBad numbers
=852  8\\$bNOWHERE
"""


def shown(payload: bytes, *, width: int = 80, terminal: bool = True, **records: Any) -> tuple[bool, str]:
    """Whether a payload can be read, and what is printed of it on a terminal."""
    out = io.StringIO()
    console = Console(file=out, width=width, force_terminal=terminal, color_system=None)
    stored = StoredRecord(RawRecord("testlib", "1", "iso2709", payload), 1, WHEN)
    readable = reading.print_record(console, stored, library(**records), "abc")
    return readable, out.getvalue()


def test_a_record_is_written_down_as_cataloguers_do() -> None:
    text = "=001  7\n=008  040101s2004    ch\n=245  1\\$aT {dollar}1$bU"
    assert list(reading.mnemonic(marc(text))) == [
        "=LDR  00000nam\\a2200000\\a\\4500",
        "=001  7",
        "=008  040101s2004\\\\\\\\ch",
        "=245  1\\$aT {dollar}1$bU",
    ]


def test_copies_of_a_holdings_record_stand_beside_the_fields_they_were_read_from() -> None:
    readable, out = shown(
        iso2709("=LDR  00000nx  a2200000 i 4500\n=004  7\n=852  8\\$bM$hR 857.4\n=876  \\\\$p30001", "utf-8")
    )
    assert readable
    rows = [line.split() for line in out.splitlines()]
    assert ["holdings[0].branch", "M", "852$b"] in rows
    assert ["items[0].barcode", "30001", "876$p"] in rows


def test_a_record_of_a_book_lists_no_copies_of_its_own_twice() -> None:
    out = io.StringIO()
    console = Console(file=out, width=80, color_system=None)
    raw = RawRecord("testlib", "1", "iso2709", iso2709("=001  7\n=245  10$aT\n=852  8\\$bM$p1"))
    reading.print_copies(console, raw, library())
    reading.print_copies(console, replace(raw, payload=b"nothing"), library())
    assert out.getvalue() == ""


def test_every_value_stands_beside_the_fields_it_was_read_from() -> None:
    readable, out = shown(iso2709("=001  7\n=245  10$a紅樓夢 :$b校注"))
    assert readable
    assert "=245  10$a紅樓夢 :$b校注" in out
    rows = [line.split() for line in out.splitlines()]
    assert ["titles[0].proper", "紅樓夢", "245$a"] in rows
    assert ["titles[0].other", "校注", "245$b"] in rows
    assert ["local_id", "7", "001"] in rows


def test_repairs_are_told_and_ignored_fields_marked() -> None:
    _, out = shown(iso2709("=001  7\n=245  10$aT\n=520  \\\\$aS")[:-1], ignore_fields=["520"])
    assert "repaired: record terminator missing" in out
    assert "=520  \\\\$aS   (ignored: ignore_fields)" in out
    assert "summary" not in out


def test_a_field_that_nothing_reads_is_marked_in_the_record() -> None:
    _, out = shown(iso2709("=001  7\n=245  10$aT\n=697  \\\\$aLocal\n=650  \\0$aS"))
    assert "=697  \\\\$aLocal   (nothing reads it)\n" in out
    assert "=650  \\0$aS\n" in out


def test_a_mended_field_is_shown_as_it_came_and_as_it_is_read() -> None:
    _, out = shown(iso2709("=001  7\n=245  10$a傲慢與偏見 /$c孫!T*!N|!YF\n=500  \\\\$aplain"))
    assert "=245  10$a傲慢與偏見 /$c孫!T*!N|!YF\n      read as $a傲慢與偏見 /$c孫致禮譯\n=500  \\\\$aplain\n" in out


def test_eighty_columns_lose_no_data() -> None:
    long = "".join(chr(0x4E00 + n) for n in range(300))
    _, out = shown(iso2709(f"=245  10$aT\n=520  \\\\$a{long}"))
    *_, table = out.split("\n\n")
    assert max(cell_len(line) for line in table.splitlines()) <= 80
    assert set(long) <= set(table)


def test_a_pipe_gets_every_value_in_one_line() -> None:
    long = "long " * 60
    _, out = shown(iso2709(f"=245  10$aT\n=520  \\\\$a{long}"), terminal=False)
    [row] = [line for line in out.splitlines() if line.startswith("summary")]
    assert long.strip() in row


def test_a_record_cannot_steer_the_terminal() -> None:
    _, out = shown(from_values(LEADER, [("245", b"10\x1faT\x1b]0;owned\x07[red]"), ("300", b"  \x1fa\xc2\x9b31mX")]))
    assert not set(out) & {"\x1b", "\x07", "\x9b"}
    assert "[red]" in out, "no markup"


def test_what_cannot_be_read_is_shown_as_it_came_with_the_reason() -> None:
    readable, out = shown(b"hello \x1b[31m" + b"x" * 10_000)
    assert not readable
    assert "not a MARC record" in out
    assert "hello \\x1b[31m" in out
    assert "10,011 bytes in all" in out


def test_a_record_of_copies_says_whose_they_are() -> None:
    readable, out = shown(iso2709("=LDR  00000nx  a2200000 a 4500\n=001  9\n=004  7\n=852  8\\$bMAIN"))
    assert readable
    assert "it is a holdings record" in out
    assert "=852  8\\$bMAIN" in out


@pytest.fixture
async def home(tmp_path: Path) -> Settings:
    return await fill(tmp_path)


async def test_a_record_is_found_by_identifier_by_its_name_and_by_its_own_number(home: Settings) -> None:
    store = Store.open(home.database_url)
    catalogue = Catalogue(store.engine)
    for name in ("oai:alpha:100", "alpha:oai:alpha:100", "100"):
        found = reading.find(store, catalogue, "alpha", name)
        assert found is not None
        assert found.raw.identifier == "oai:alpha:100", name
    assert reading.find(store, catalogue, "alpha", "999") is None
    harvest_into(store, "alpha", [("oai:alpha:100-bis", RED_AT_ALPHA)])
    await index(home)
    with pytest.raises(reading.Ambiguous, match="alpha:oai:alpha:100, alpha:oai:alpha:100-bis"):
        reading.find(store, catalogue, "alpha", "100")
    store.close()


async def test_a_report_tells_what_is_wrong_and_where(home: Settings) -> None:
    store = Store.open(home.database_url)
    harvest_into(store, "alpha", [("oai:alpha:102", BAD), ("oai:alpha:900", RED_AT_ALPHA)])
    await index(home)
    store.quarantine_record("alpha", "oai:alpha:9", "truncated: 7 bytes of 99")
    member = load_libraries(home.libraries)["alpha"]
    quality = quality_of(store, Catalogue(store.engine), member)
    store.close()
    out = io.StringIO()
    reading.print_quality(Console(file=out, width=80, force_terminal=True, color_system=None), quality, member)
    text = out.getvalue()
    assert max(cell_len(line) for line in text.splitlines()) <= 80
    rows = [line.split() for line in text.splitlines()]
    assert text.startswith("alpha  甲圖書館  4 records, 1 in quarantine\n")
    assert ["title", "4", "100.0", "█" * reading.BAR] in rows
    assert ["year", "3", "75.0", "█" * (reading.BAR * 3 // 4)] in rows
    assert ["year", "alpha:oai:alpha:102"] in rows, "a record that states none"
    assert not any(row[:1] == ["title"] and row[1:2] != ["4"] for row in rows), "each states a title"
    assert ["alpha:oai:alpha:102", "9789570835879", "check", "digit"] in rows
    assert ["branch", "NOWHERE", "alpha:oai:alpha:102", "1"] in rows
    assert ["read", "truncated:", "…", "bytes", "of", "…", "oai:alpha:9", "1"] in rows
    assert "Editions with several records: 1, 1 records more than needed" in text
    assert "Control numbers that several records state: 1" in text


def test_an_empty_report_says_what_to_do() -> None:
    from indexer.quality import quality

    out = io.StringIO()
    reading.print_quality(Console(file=out, width=80), quality(library(), []), library())
    assert "run allshelves harvest and allshelves index" in out.getvalue()


def test_a_report_counts_the_fields_that_nothing_reads() -> None:
    from indexer.quality import quality

    out = io.StringIO()
    unread = (UnreadField("907", 3, 4, (RecordRef("testlib", "1"),)),)
    reading.print_quality(Console(file=out, width=80), replace(quality(library(), []), unread_fields=unread), library())
    assert "Fields that nothing reads: 1 (4 records looked at)" in out.getvalue()
    assert ["907", "testlib:1", "3"] in [line.split() for line in out.getvalue().splitlines()]
    bare = io.StringIO()
    reading.print_quality(Console(file=bare, width=80), quality(library(), []), library())
    assert "Fields that nothing reads: 0\n" in bare.getvalue()


@pytest.mark.parametrize(
    ("unread", "told"),
    [((UnreadCopies("952", ("koha-952",), 3, 4),), True), ((), False)],
)
def test_a_report_says_which_preset_would_read_copies(unread: tuple[UnreadCopies, ...], told: bool) -> None:
    from indexer.quality import quality

    out = io.StringIO()
    found = replace(quality(library(), []), unread_copies=unread)
    reading.print_quality(Console(file=out, width=300), found, library())
    assert ("3 of 4 records without holdings have field 952" in out.getvalue()) is told
    assert ("4 筆沒有館藏的紀錄中，有 3 筆帶有未讀取的 952 欄" in out.getvalue()) is told


def test_several_records_of_one_number_are_all_named() -> None:
    refs = (RecordRef("alpha", "1"), RecordRef("alpha", "1#2"))
    assert "alpha:1, alpha:1#2" in str(reading.Ambiguous("1", refs))

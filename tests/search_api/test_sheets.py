"""Downloads: what stands in a cell comes back as it was, and is never a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Sequence

import pytest
from openpyxl import load_workbook

from search_api.sheets import BOM, Cell, Row, Sheets, attached, csv_file, csv_stream

CELLS: list[tuple[Cell, str, str]] = [
    ("紅樓夢", "紅樓夢", "plain text"),
    ('a "b", c\nd', 'a "b", c\nd', "quotes, commas, lines"),
    ("=HYPERLINK(1)", "'=HYPERLINK(1)", "a formula"),
    ("+1", "'+1", "what a spreadsheet takes for one"),
    ("-x", "'-x", "a hyphen first"),
    ("@SUM(A1)", "'@SUM(A1)", "an old kind of formula"),
    (-5, "-5", "a number stays a number"),
    (None, "", "nothing"),
    ("", "", "empty"),
]


@pytest.mark.parametrize(("cell", "shown", "why"), CELLS, ids=[why for *_, why in CELLS])
def test_a_cell_comes_back_and_is_no_formula(cell: Cell, shown: str, why: str) -> None:
    content = csv_file(["heading"], [[cell, "end"]])
    assert content.startswith(BOM.encode())
    [_, row] = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    assert row == [shown, "end"], why
    book = Sheets()
    book.add("name", ["heading"], [[cell, "end"]])
    with book.save() as file:
        [_, found] = load_workbook(io.BytesIO(file.read())).worksheets[0].iter_rows(values_only=True)
    assert found == (cell if isinstance(cell, int) else shown or None, "end"), why


def test_what_xml_forbids_is_left_out_of_a_workbook() -> None:
    book = Sheets()
    book.add("name", ["h"], [["a\x00b\x0bc\ud800d\uffff"]])
    with book.save() as file:
        sheet = load_workbook(io.BytesIO(file.read())).worksheets[0]
    assert sheet["A2"].value == "abcd"


async def test_a_stream_is_the_file_in_parts() -> None:
    async def batches() -> AsyncIterator[Sequence[Row]]:
        yield [["a", 1], ["b", 2]]
        yield [["c", 3]]

    parts = [part async for part in csv_stream(["x", "n"], batches())]
    assert len(parts) == 3
    assert b"".join(parts) == csv_file(["x", "n"], [["a", 1], ["b", 2], ["c", 3]])


def test_a_file_is_named_in_any_script_and_never_beyond_its_header() -> None:
    found = attached('唯一館藏 "x"\r\n../a', "csv")["Content-Disposition"]
    assert "\r" not in found
    assert "filename*=UTF-8''%E5%94%AF%E4%B8%80%E9%A4%A8%E8%97%8F" in found
    assert attached("…", "xlsx")["Content-Disposition"].startswith('attachment; filename="table.xlsx"')

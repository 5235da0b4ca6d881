from __future__ import annotations

import io
import zipfile
from datetime import date, datetime

import openpyxl
import pytest

from harvester.dump.archive import Stream
from harvester.dump.numbers import listed_numbers
from harvester.dump.rows import rows
from harvester.errors import DumpUnusable


def stream(data: bytes) -> Stream:
    return Stream("items", io.BytesIO(data))


def workbook(*lines: list[object]) -> bytes:
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(line)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


HEADINGS = ["控制號", "館藏地", "索書號"]
ROW = ["1", "總館，三樓", "857.7 8765"]

TABLES = [
    ("控制號,館藏地,索書號\n1,總館，三樓,857.7 8765\n".encode(), "UTF-8 with commas"),
    ("\ufeff控制號;館藏地;索書號\r\n1;總館，三樓;857.7 8765\r\n".encode(), "a mark of byte order, semicolons"),
    ("控制號\t館藏地\t索書號\n1\t總館，三樓\t857.7 8765\n".encode("utf-16"), "what Excel calls Unicode text"),
    ("控制號,館藏地,索書號\n1,總館，三樓,857.7 8765\n".encode("big5"), "Big5, as older systems of Taiwan write it"),
    ("控制號,館藏地,索書號\n\n,,\n1,\"總館，三樓\", 857.7 8765 \n".encode(), "quotes, empty rows, spaces"),
    (workbook(HEADINGS, ROW), "a workbook"),
    (workbook(HEADINGS, [], [1, "總館，三樓", "857.7 8765"]), "a workbook with numbers and an empty row"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "why"), TABLES, ids=[why for _, why in TABLES])
def test_a_table_gives_its_rows_as_text(data: bytes, why: str) -> None:
    assert [cells for _, cells in rows(stream(data))] == [HEADINGS, ROW]


def test_cells_of_a_workbook_read_as_a_person_sees_them() -> None:
    line = [31234.0, 1.5, date(2024, 5, 1), datetime(2024, 5, 1, 8, 30), True, None]  # noqa: DTZ001
    (row,) = [cells for _, cells in rows(stream(workbook(line)))]
    assert row[:5] == ["31234", "1.5", "2024-05-01", "2024-05-01 08:30:00", "TRUE"]


NO_TABLES = [
    (b"\x00\x01\x02\x03" * 50, "neither text nor a workbook"),
    (workbook(["a"])[:-200], "no workbook that can be read"),
    (b"caf\xe9\x81\xff\xfe\x80\x80 \xff\xff", "character set is unknown"),
]


@pytest.mark.parametrize(("data", "reason"), NO_TABLES)
def test_what_is_no_table_is_refused_by_name(data: bytes, reason: str) -> None:
    with pytest.raises(DumpUnusable, match=f"items: .*{reason}"):
        list(rows(stream(data)))


def test_a_workbook_with_a_document_type_is_refused() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(["a"]))) as book, zipfile.ZipFile(packed, "w") as copy:
        for part in book.namelist():
            content = book.read(part)
            if part.startswith("xl/worksheets/"):
                content = b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "aaaa">]>' + content.partition(b"?>")[2]
            copy.writestr(part, content)
    with pytest.raises(DumpUnusable, match="document type"):
        list(rows(stream(packed.getvalue())))


LISTS = [
    (b"1\n2\n3\n", ["1", "2", "3"], "one to a line"),
    (b"\xef\xbb\xbf1\r\n\r\n# yesterday's\r\n2\r\n", ["1", "2"], "Windows lines, an empty one, a remark"),
    (b"MMS Id\n991\n992\n", ["991", "992"], "a heading"),
    ("控制號,題名\n1,紅樓夢\n".encode(), ["1"], "the first column of a table"),
    (workbook(["biblionumber"], [12], [13]), ["12", "13"], "a workbook"),
    (b"12345678", ["12345678"], "a number that begins as ISO 2709 does"),
]


@pytest.mark.parametrize(("data", "numbers", "why"), LISTS, ids=[row[2] for row in LISTS])
def test_a_list_gives_its_control_numbers(data: bytes, numbers: list[str], why: str) -> None:
    assert list(listed_numbers(stream(data))) == numbers


@pytest.mark.parametrize("line", ["<record>", "x" * 300, "a\x07b"])
def test_a_line_that_is_no_control_number_makes_the_list_useless(line: str) -> None:
    with pytest.raises(DumpUnusable, match="items: line 2 is no control number"):
        list(listed_numbers(stream(f"1\n{line}\n3\n".encode())))

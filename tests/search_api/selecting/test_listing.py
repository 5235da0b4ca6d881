"""Lists as suppliers and committees send them: every kind is read, hostile ones are refused, no line is lost."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

import openpyxl
import pytest

from search_api.selecting import listing as listings
from search_api.selecting.columns import column_called, year_of
from search_api.selecting.given import Column, Given, ListRefused, Money, Why
from search_api.selecting.listing import Options, opened
from tests.support.catalogue import RED_AT_ALPHA
from tests.support.marc import marcxml

RED = "9789570835878"
SAPIENS = "9780062316097"

TABLE = (
    "115年度採購清單,,,,,,\n"
    ",,,,,,\n"
    "序號,書名,作者,出版社,出版年月,ISBN,定價,冊數\n"
    "1,紅樓夢校注,曹雪芹,里仁,113年5月,978-957-08-3587-8,NT$350,2\n"
    '2,"逗號,書",吳明益,麥田,2011/05,9.78986E+12,320元,1\n'
    "3,臺灣鳥類圖鑑,,,,,１２０,\n"
    ",,,,,,合計,$790\n"
)


def lines(data: bytes | str, **options: object) -> list[Given]:
    raw = data.encode() if isinstance(data, str) else data
    return list(opened(raw, Options(**options)).lines())  # type: ignore[arg-type]


def workbook(*rows: Sequence[object], sheet: str = "書單", before: str = "") -> bytes:
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    if before:
        first.title = before
        first.append(["本表請勿修改"])
        first = book.create_sheet(sheet)
    else:
        first.title = sheet
    for row in rows:
        first.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_headings_below_a_title_tell_the_columns_and_a_sum_is_no_book() -> None:
    red, comma, birds, total = lines(TABLE)
    assert (red.numbers.isbns, red.title, red.creator, red.publisher) == ((RED,), "紅樓夢校注", "曹雪芹", "里仁")
    assert (red.year, red.price, red.copies, red.row) == (2024, Money(35000, "TWD"), 2, 4)
    assert (comma.title, comma.numbers.why, comma.why) == ("逗號,書", Why.SPREADSHEET, None)
    assert (birds.title, birds.price, birds.copies) == ("臺灣鳥類圖鑑", Money(12000, "TWD"), None)
    assert (total.why, total.price) == (Why.TOTAL, None)
    assert [line.number for line in (red, comma, birds, total)] == [1, 2, 3, 4]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp950", "utf-16", "utf-16-le", "gb18030"])
def test_a_table_is_read_in_any_character_set(encoding: str) -> None:
    text = (
        TABLE if encoding != "gb18030" else "书名,作者,出版社\n红楼梦校注,曹雪芹,人民文学出版社\n平凡的世界,路遥,十月\n"
    )
    first = lines(text.encode(encoding))[0]
    assert first.title in ("紅樓夢校注", "红楼梦校注"), encoding


@pytest.mark.parametrize("delimiter", ["\t", ";", "|"])
def test_a_table_is_read_with_any_delimiter(delimiter: str) -> None:
    rows = (["書名", "ISBN", "定價"], ["紅樓夢", RED, "350"], ["三國", SAPIENS, "300"])
    found = lines("\n".join(delimiter.join(row) for row in rows))
    assert [(line.title, line.numbers.isbns) for line in found] == [("紅樓夢", (RED,)), ("三國", (SAPIENS,))]


def test_pasted_lines_are_numbers_titles_or_neither() -> None:
    found = lines(f"{RED}\n\n957-08-3587-X\n紅樓夢 / 曹雪芹\n4711234567890\n{RED}, {SAPIENS}\n")
    assert [(line.row, line.numbers.isbns, line.title, line.why) for line in found] == [
        (1, (RED,), "", None),
        (3, (), "", Why.WRONG_CHECK_DIGIT),
        (4, (), "紅樓夢", None),
        (5, (), "", Why.COMMODITY),
        (6, (RED,), "", None),
        (6, (SAPIENS,), "", None),
    ]
    assert found[2].creator == "曹雪芹"


def test_columns_without_headings_are_known_by_what_stands_in_them() -> None:
    first = lines(f"紅樓夢,{RED},NT$350\n三國演義,{SAPIENS},NT$300\n")[0]
    assert (first.title, first.numbers.isbns, first.price) == ("紅樓夢", (RED,), Money(35000, "TWD"))


def test_small_numbers_without_a_heading_are_no_years() -> None:
    first = lines(f"紅樓夢\t{RED}\t90\n三國演義\t{SAPIENS}\t91\n")[0]
    assert (first.title, first.year) == ("紅樓夢", None)
    assert lines(f"紅樓夢\t{RED}\t2001\n三國演義\t{SAPIENS}\t2002\n")[0].year == 2001


def test_a_person_knows_better_which_column_is_which() -> None:
    data = f"a,b,c\n{SAPIENS},紅樓夢,{RED}\n"
    assert lines(data, columns="isbn=C,title=2")[1].numbers.isbns == (RED,)
    assert lines(data, columns="isbn=3", header=1)[0].title == ""
    for wrong in ("isbn=Z", "shelf=A", "isbn=0"):
        with pytest.raises(ListRefused):
            lines(data, columns=wrong)


def test_a_workbook_is_read_from_the_sheet_that_has_headings() -> None:
    rows = (["海風市立圖書館"], [], ["No", "書名", "ISBN", "定價(US$)", "數量"], [1, "Sapiens", int(SAPIENS), 24.5, 3])
    data = workbook(*rows, [2, "紅樓夢", float(RED), "=D4*2", None], before="說明")
    found = opened(data)
    assert (found.rows and found.rows.sheet, found.header) == ("書單", 3)
    first, second = found.lines()
    assert (first.numbers.isbns, first.price, first.copies) == ((SAPIENS,), Money(2450, "USD"), 3)
    assert (second.numbers.isbns, second.price) == ((RED,), None), "what a formula comes to, nobody has worked out"
    with pytest.raises(ListRefused, match="there are 說明, 書單"):
        lines(data, sheet="無")


def test_kbart_brings_print_and_online_numbers_and_serials() -> None:
    text = (
        "publication_title\tprint_identifier\tonline_identifier\tfirst_author\tpublisher_name\tpublication_type\n"
        "Nature\t0028-0836\t1476-4687\t\tNPG\tserial\n"
        f"Sapiens\t\t{SAPIENS}\tHarari\tHarper\tmonograph\n"
    )
    nature, sapiens = lines(text)
    assert (nature.numbers.issn, nature.title) == ("0028-0836", "Nature")
    assert sapiens.numbers.isbns == (SAPIENS,)


def test_marc_is_read_with_its_price_and_a_broken_record_is_a_line_too() -> None:
    record = marcxml(RED_AT_ALPHA).replace(f">{RED}</".encode(), f">{RED} : NT$500</".encode())
    broken = b'<record xmlns="http://www.loc.gov/MARC21/slim"><leader>00000nam a22</leader></record>'
    found = lines(b'<collection xmlns="http://www.loc.gov/MARC21/slim">' + record + broken + b"</collection>")
    assert [line.why for line in found] == [None, Why.BROKEN_RECORD]
    assert (found[0].title, found[0].year, found[0].numbers.isbns) == ("紅樓夢校注", 1984, (RED,))
    assert found[0].record is not None
    assert found[1].detail


def test_a_program_counts_its_empty_lines() -> None:
    found = lines(b'{"lines":[{"isbn":"9789570835878","price":"NT$9"},{"isbn":""},{"title":"x"}]}')
    assert [(line.numbers.isbns, line.why) for line in found] == [((RED,), None), ((), Why.EMPTY), ((), None)]


def bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b"0" * 100_000_000)
    return file.getvalue()


def declared() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("xl/workbook.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><workbook/>')
    return file.getvalue()


REFUSED = [
    (b"", "empty", "nothing"),
    (b" \n ", "empty", "blanks"),
    (b"%PDF-1.4", "pdf", "a PDF"),
    (b"\xd0\xcf\x11\xe0" + b"\0" * 100, "old_workbook", "XLS, or a workbook with a password"),
    (b"<html><body>log in</body></html>", "xml", "a page of a login"),
    (b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><collection/>', "xml", "entities"),
    (b"\x00\x01\x02" * 50, "binary", "bytes"),
    (b"PK\x03\x04broken", "workbook", "a damaged workbook"),
    (bomb(), "bomb", "a workbook that unpacks to a hundred megabytes"),
    (declared(), "bomb", "a workbook with a document type"),
    (b"\x89PNG\r\n", "picture", "a picture"),
    (b'{"lines":[1]}', "json", "JSON of something else"),
]


@pytest.mark.parametrize(("data", "why", "what"), REFUSED)
def test_what_is_no_list_is_refused_with_a_word(data: bytes, why: str, what: str) -> None:
    with pytest.raises(ListRefused) as refusal:
        lines(data)
    assert refusal.value.why == why, what
    assert str(refusal.value).endswith(".")


def test_a_list_may_have_so_many_lines_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listings, "MAX_LINES", 3)
    assert len(lines("a 1\nb 2\nc 3")) == 3
    with pytest.raises(ListRefused) as refusal:
        lines("a 1\nb 2\nc 3\nd 4")
    assert refusal.value.why == "too_many_lines"


def test_a_huge_cell_and_a_quote_never_closed_do_no_harm() -> None:
    assert len(lines("書名,ISBN\n" + "長" * 100_000 + f",{RED}\n")[0].title) == 2_000
    assert [line.title for line in lines('書名,作者\n"紅樓夢,曹雪芹\n三國,羅貫中\n')] == ['"紅樓夢', "三國"]
    with pytest.raises(ListRefused):
        lines("書名,ISBN\n" + "x" * 200_000 + ",1\n")


# fmt: off
HEADINGS = [
    ("定價(NT$)", Column.PRICE), ("出版年月", Column.YEAR), ("書名(題名)", Column.TITLE),
    ("作者／譯者", Column.CREATOR),
    ("數量(冊)", Column.COPIES), ("ISBN/ISSN", Column.ISBN), ("E-ISBN", Column.ISBN),
    ("Publisher Name", Column.PUBLISHER), ("序號", None), ("", None),
]
# fmt: on


@pytest.mark.parametrize(("heading", "column"), HEADINGS)
def test_a_heading_says_what_its_column_is(heading: str, column: Column | None) -> None:
    assert column_called(heading) is column


YEARS = [
    ("2024/05", 2024), ("113年5月", 2024), ("民113", 2024), ("113.05", 2024), ("202405", 2024), ("11305", 2024),
    ("2024-05-01", 2024), ("c2010", 2010), ("平成30", 2018), ("2010", 2010), ("", None), ("350", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "year"), YEARS)
def test_a_year_is_of_our_era(text: str, year: int | None) -> None:
    assert year_of(text) == year


VIETNAMESE = f"Nhan đề,Tác giả,ISBN,title\nTruyện Kiều ẩn hiện,Nguyễn Du,{RED},Việt Nam sử lược\n"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_letters_of_vietnamese_in_utf_16_are_no_separators_of_marc(encoding: str) -> None:
    (line,) = lines(VIETNAMESE.encode(encoding))
    assert (line.numbers.isbns, line.title) == ((RED,), "Việt Nam sử lược")


def test_chinese_in_utf_16_without_a_mark_is_read_though_few_of_its_bytes_are_empty() -> None:
    (line,) = lines("臺灣肚皮與島嶼新書的故事及其他許多很長的事\n".encode("utf-16-le"))
    assert line.title == "臺灣肚皮與島嶼新書的故事及其他許多很長的事"


def test_a_separator_typed_by_a_reader_of_bar_codes_is_a_blank() -> None:
    found = lines(f"\x1d{RED}\n臺灣\x1e肚皮\n")
    assert [(line.numbers.isbns, line.title) for line in found] == [((RED,), ""), ((), "臺灣 肚皮")]


@pytest.mark.parametrize("text", ["9.78957E+12", "9,78957E+12", "ISBN\n9.78957E+12", "ISBN\n9,78957E+12"])
def test_a_number_ruined_by_a_spreadsheet_is_no_title_where_it_stands_alone(text: str) -> None:
    (line,) = lines(text + "\n")
    assert (line.why, line.title) == (Why.SPREADSHEET, "")


SUMS = [
    ("Total recall,Schwarzenegger,2012,", None, "a book"),
    ("Total recall,,,", None, "a book of which nothing else is known"),
    ("總計畫,,,", None, "a word that goes on"),
    ("總計,張三,2012,", None, "a book of that very title"),
    ("總計,,,790元", Why.TOTAL, "a sum"),
    (",合計：NT$790,,", Why.TOTAL, "a sum in another column"),
    ("Total:,,,1200", Why.TOTAL, "in English"),
]


@pytest.mark.parametrize(("row", "why", "what"), SUMS)
def test_a_sum_has_nothing_that_only_books_have(row: str, why: Why | None, what: str) -> None:
    (line,) = lines(f"書名,作者,出版年,定價\n{row}\n")
    assert line.why is why, what


COUNTS = [("1,000", 1000, ""), ("2冊", 2, ""), ("２", 2, ""), ("-3", None, "-3"), ("100000000", None, "100000000")]


@pytest.mark.parametrize(("cell", "copies", "unread"), COUNTS)
def test_a_count_is_read_whole_or_not_at_all(cell: str, copies: int | None, unread: str) -> None:
    (line,) = lines(f"書名\t冊數\n紅樓夢\t{cell}\n")
    assert (line.copies, line.copies_unread) == (copies, unread)


KBART = (
    "publication_title\tprint_identifier\tonline_identifier\tdate_first_issue_online\t"
    "first_author\tdate_monograph_published_print\tdate_monograph_published_online\n"
)


def test_the_year_of_a_book_in_kbart_is_that_of_its_print_else_that_on_line() -> None:
    found = lines(f"{KBART}A\t{RED}\t\t1999\tX\t2010\t2012\nB\t\t{SAPIENS}\t1999\tX\t\t2012\nC\t\t\t1999\tX\t\t\n")
    assert [line.year for line in found] == [2010, 2012, None]


@pytest.mark.parametrize(("text", "year"), [("31/05/2012", 2012), ("1010501", 2012), ("990501", 2010), ("101.5", 2012)])
def test_a_date_with_its_day_tells_the_year(text: str, year: int) -> None:
    assert year_of(text) == year

"""A selector's afternoon with a supplier's list, in a real browser: send it, read the report, decide, take it along."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from fixtures.consortium.editions import Edition, load_editions
from search_api.selecting.api import open_desk
from search_api.selecting.listing import Options
from search_api.services import open_services
from search_api.staff.access import COOKIE, Role
from tests.journeys.conftest import Opening
from tests.support.demo_site import Site, in_a_thread
from tests.support.staff import person_of

LIBRARY = "haifeng"
UNHELD = "9786049881237"


@contextmanager
def desk(site: Site, open_page: Opening, *, javascript: bool = True, width: int = 1280) -> Iterator[Page]:
    """A page of a selector of the library, logged in."""
    who = person_of(site.settings, Role.SELECTOR, library=LIBRARY, name="wang")
    with open_page(javascript=javascript, width=width) as page:
        page.context.add_cookies([{"name": COOKIE, "value": who.session, "url": site.url}])
        yield page


@pytest.fixture(scope="module")
def held() -> list[Edition]:
    """Vietnamese and Japanese books of the consortium with an ISBN each."""
    return [one for one in load_editions() if one.isbns and one.language in ("vie", "jpn") and not one.part_number][:9]


@pytest.fixture(scope="module")
def supplier(held: Sequence[Edition], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A supplier's workbook: headings below a title, a book nobody has, a wrong number, a line twice, a sum."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["115年度多元文化書單"])
    sheet.append(["序號", "書名", "作者", "出版社", "出版年月", "ISBN", "定價", "冊數"])
    for at, one in enumerate(held, 1):
        creator = one.creators[0].name if one.creators else ""
        sheet.append([at, one.title, creator, one.publisher, f"{one.year}/05", int(one.isbns[0]), "NT$300", 1])
    sheet.append([10, "Chưa ai có", "Nguyễn Văn A", "Trẻ", "2026/01", int(UNHELD), "NT$420", 2])
    sheet.append([11, "某書", "", "", "", "4711234567890", "NT$90", 1])
    sheet.append([12, held[0].title, "", "", "", int(held[0].isbns[0]), "NT$300", 1])
    sheet.append(["合計", "", "", "", "", "", "NT$4,000", ""])
    path = tmp_path_factory.mktemp("supplier") / "書單.xlsx"
    book.save(path)
    return path


@pytest.fixture(scope="module")
def report(site: Site, supplier: Path) -> str:
    """The address of the supplier's list, checked, for whoever only reads it."""
    options = Options()
    return f"{site.url}/staff/overlap/{in_a_thread(checked(site, supplier.read_bytes(), supplier.name, options))}"


async def checked(site: Site, content: bytes, name: str, options: Options) -> str:
    """The id of a report that is ready."""
    services = await open_services(site.settings)
    try:
        working, _ = open_desk(services)
        made = working.reports.add(content, name, "", options, library=LIBRARY)
        await working.finish(made)
        return made
    finally:
        await services.close()


def number(text: str) -> int:
    return int(re.sub(r"\D", "", text) or 0)


def has_no_sideways_scrolling(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def send(page: Page, site: Site, file: Path) -> None:
    page.goto(f"{site.url}/staff")
    page.get_by_role("link", name="複本查核").first.click()
    page.get_by_label("選擇檔案").set_input_files(file)
    page.get_by_role("button", name="開始查核").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("書單")


def buckets(page: Page) -> list[int]:
    return [number(text) for text in page.locator(".legend b").all_inner_texts()]


def test_a_suppliers_list_becomes_a_report_whose_parts_add_up(site: Site, open_page: Opening, supplier: Path) -> None:
    with desk(site, open_page) as page:
        send(page, site, supplier)
        *parts, total = buckets(page)
        assert total == sum(parts) == 13
        assert parts[0] >= 9, "those that the consortium has, and the one that stands twice"
        verdicts = [number(text) for text in page.locator(".verdicts .big").all_inner_texts()]
        assert sum(verdicts) == 13
        expect(page.locator("table.checked tbody tr")).to_have_count(13)
        row = page.get_by_role("row", name=re.compile("Chưa ai có"))
        expect(row).to_contain_text("無館收藏")
        expect(row).to_contain_text("建議採購")
        expect(page.get_by_role("row", name=re.compile("商品條碼"))).to_contain_text("待更正")
        expect(page.get_by_role("row", name=re.compile("與第1筆重複"))).to_contain_text("免購")
        expect(page.get_by_role("row", name=re.compile("合計列"))).to_contain_text("無法判讀")


def test_the_rule_decides_anew_and_the_lines_follow(
    site: Site, open_page: Opening, report: str, held: Sequence[Edition]
) -> None:
    with desk(site, open_page) as page:
        page.goto(report)
        page.get_by_label("少於幾館收藏才採購").fill("9")
        page.get_by_label("計入範圍").select_option("consortium")
        page.locator("select[name=mine]").select_option("-")
        page.get_by_role("button", name="重新計算").click()
        expect(page).to_have_url(re.compile("n=9"))
        bought = page.locator(".verdicts div").first
        assert number(bought.locator(".big").inner_text()) == len(held) + 1, "nobody holds a book nine times here"
        expect(bought).to_contain_text("NT$3,540")  # nine for 300 and two copies for 420
        bought.get_by_role("link").click()
        expect(page.locator("table.checked tbody tr")).to_have_count(len(held) + 1)
        page.get_by_label("金額").select_option("false")
        page.get_by_role("button", name="重新計算").click()
        expect(page.locator(".verdicts div").first).to_contain_text("NT$3,120")
        page.get_by_role("link", name="收藏館", exact=True).click()
        expect(page).to_have_url(re.compile("sort=holders"))
        counts = [number(text) for text in page.locator("table.checked .mm .nb").all_inner_texts()]
        assert counts == sorted(counts, reverse=True)


def test_who_has_it_and_where_stands_behind_each_line(site: Site, open_page: Opening, report: str) -> None:
    with desk(site, open_page) as page:
        page.goto(report)
        first = page.locator("table.checked tbody tr").first
        first.get_by_text("個版本與館藏地").click()
        expect(first.locator(".found li li").first).to_contain_text("圖書館")
        first.locator(".found a").first.click()
        expect(page).to_have_url(re.compile("/editions/"))


def test_the_downloads_hold_what_the_page_shows(site: Site, open_page: Opening, report: str, tmp_path: Path) -> None:
    with desk(site, open_page) as page:
        page.goto(report)
        page.locator(".legend").get_by_role("link", name=re.compile("無館收藏")).click()
        expect(page).to_have_url(re.compile("bucket=not_held"))
        with page.expect_download() as download:
            page.get_by_role("link", name="下載CSV").click()
        download.value.save_as(tmp_path / "a.csv")
        rows = list(csv.DictReader(io.StringIO((tmp_path / "a.csv").read_text("utf-8-sig"))))
        assert len(rows) == buckets(page)[3] == page.locator("table.checked tbody tr").count()
        page.get_by_text("自選下載欄位").click()
        for label in page.locator(".ticks label").all():
            label.get_by_role("checkbox").set_checked(label.inner_text().strip() in ("書名", "建議"))
        with page.expect_download() as download:
            page.get_by_role("button", name="下載XLSX").click()
        download.value.save_as(tmp_path / "a.xlsx")
        sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
        assert [cell.value for cell in sheet[1]] == ["書名", "建議"]
        assert sheet.max_row == len(rows) + 1


def test_a_list_read_wrongly_is_corrected_on_the_spot(site: Site, open_page: Opening, held: Sequence[Edition]) -> None:
    with desk(site, open_page, javascript=False) as page:
        page.goto(f"{site.url}/staff/overlap")
        lines = "\n".join(f"{one.title}\t{one.publisher}\t9{at}" for at, one in enumerate(held))
        page.get_by_label("貼上清單").fill(f"名稱一\t名稱二\tx\n{lines}")
        page.get_by_role("button", name="開始查核").click()
        page.get_by_text("（更正）").click()
        page.get_by_label(re.compile("^A")).select_option("title")
        page.get_by_label(re.compile("^B")).select_option("publisher")
        page.get_by_role("button", name="重新讀取").click()
        expect(page.locator("table.checked tbody")).to_contain_text("可能的版本", timeout=20_000)
        assert buckets(page)[-1] == len(held) + 1
        assert sum(buckets(page)[:3]) >= len(held) - 1


def test_a_long_report_shows_how_far_it_is_and_then_itself(site: Site, open_page: Opening) -> None:
    async def kept(report: str = "") -> str:
        services = await open_services(site.settings)
        try:
            working, _ = open_desk(services)
            if report:
                await working.finish(report)
                return report
            return working.reports.add(f"{UNHELD}\n".encode(), "長清單", "", Options(), library=LIBRARY)
        finally:
            await services.close()

    with desk(site, open_page) as page:
        report = in_a_thread(kept())
        page.goto(f"{site.url}/staff/overlap/{report}")
        expect(page.get_by_role("progressbar")).to_be_visible()
        in_a_thread(kept(report))
        expect(page.locator(".legend")).to_be_visible()
        assert buckets(page)[-1] == 1


def test_a_phone_without_script_in_english_does_it_too(site: Site, open_page: Opening, held: Sequence[Edition]) -> None:
    with desk(site, open_page, javascript=False, width=390) as page:
        page.goto(f"{site.url}/en/staff/overlap")
        assert has_no_sideways_scrolling(page)
        page.get_by_label("Paste a list").fill("\n".join([*(one.isbns[0] for one in held), UNHELD]))
        page.get_by_role("button", name="Check the list").click()
        expect(page).to_have_url(re.compile(r"/overlap/[\w-]+$"))
        assert buckets(page)[-1] == len(held) + 1
        assert has_no_sideways_scrolling(page)
        page.get_by_role("link", name=re.compile("^Buy")).first.click()
        expect(page.locator("table.checked tbody")).to_contain_text("No member holds it")

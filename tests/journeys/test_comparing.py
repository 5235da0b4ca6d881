"""A selector's afternoon with collections and lists, in a real browser: what is ours alone, what we lack, a theme, a
committee's list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from search_api.staff.access import COOKIE, Role
from tests.journeys.conftest import Opening
from tests.support.demo_site import Site
from tests.support.staff import person_of

LIBRARY, NAME = "haifeng", "海風市立圖書館"


@contextmanager
def desk(site: Site, open_page: Opening, *, javascript: bool = True, width: int = 1280) -> Iterator[Page]:
    """A page of a selector of the library, logged in."""
    who = person_of(site.settings, Role.SELECTOR, library=LIBRARY, name="wang")
    with open_page(javascript=javascript, width=width) as page:
        page.context.add_cookies([{"name": COOKIE, "value": who.session, "url": site.url}])
        yield page


def number(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def has_no_sideways_scrolling(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_a_selector_sees_what_only_we_hold_and_takes_it_along(site: Site, open_page: Opening, tmp_path: Path) -> None:
    with desk(site, open_page) as page:
        page.goto(f"{site.url}/staff/collections")
        picture = page.get_by_role("img", name="各館館藏重複")
        expect(picture).to_be_visible()
        assert picture.locator("rect").count() == 8 * 8
        assert picture.locator(":scope > g:not(.labels) > text").count() == 8 * 7
        ours = page.get_by_role("row", name=NAME).first
        alone = number(ours.get_by_role("link").first.inner_text())
        ours.get_by_role("link").first.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(f"只有{NAME}收藏")
        rows = page.locator("table.lines tbody tr")
        expect(rows).to_have_count(alone)
        with page.expect_download() as download:
            page.get_by_role("link", name="下載XLSX").click()
        download.value.save_as(tmp_path / "last.xlsx")
        sheet = load_workbook(tmp_path / "last.xlsx").worksheets[0]
        assert sheet.max_row == alone + 1
        page.get_by_text("只比較一部分").click()
        page.get_by_label("他館也沒有其他版本者").check()
        page.get_by_role("button", name="比較").click()
        expect(page).to_have_url(re.compile("works=true"))
        assert 0 < rows.count() <= alone


def test_a_selector_sees_what_many_others_hold_and_we_do_not(site: Site, open_page: Opening) -> None:
    with desk(site, open_page, javascript=False) as page:
        page.goto(f"{site.url}/en/staff/collections")
        row = page.get_by_role("row", name="Haifeng City Library").last
        row.get_by_role("link", name="what others hold and it does not").click()
        page.get_by_text("Compare a part").click()
        page.get_by_label("Held by at least so many others").fill("4")
        page.get_by_label("Language", exact=True).select_option("chi")
        page.get_by_role("button", name="Compare").click()
        held = [number(text) for text in page.locator("table.lines tbody td.num:not(.isbn)").all_inner_texts()]
        assert held
        assert min(held) >= 4
        assert held == sorted(held, reverse=True)
        assert NAME not in page.locator("table.lines").inner_text()


def test_a_theme_is_seen_across_the_members_and_compared_by_class(site: Site, open_page: Opening) -> None:
    with desk(site, open_page) as page:
        page.goto(f"{site.url}/staff/collections/themes")
        page.get_by_role("link", name="多元文化", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("多元文化")
        page.get_by_role("link", name="語文", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("多元文化")
        page.get_by_text("以表格檢視", exact=True).click()
        table = page.get_by_role("table").first
        expect(table.get_by_role("rowheader", name="越南文")).to_be_visible()
        expect(table.get_by_role("rowheader", name="中文")).to_have_count(0)


def test_a_committee_keeps_a_list_with_notes_on_a_phone_without_script(site: Site, open_page: Opening) -> None:
    with desk(site, open_page, javascript=False, width=390) as page:
        hits = page.request.get(f"{site.url}/api/search?library={LIBRARY}&size=20").json()["hits"]
        isbn, title = next((hit["isbns"][0], hit["title"]) for hit in hits if hit["isbns"])
        page.goto(f"{site.url}/staff/lists")
        page.get_by_label("名稱").fill("選書委員會第3次會議")
        page.get_by_label(re.compile("^貼上ISBN")).fill(f"{isbn}\n9789863501237\n")
        page.get_by_role("button", name="建立清單").click()
        expect(page.get_by_role("status")).to_have_text("已加入2筆。")
        expect(page.get_by_role("link", name=title).first).to_be_visible()
        assert has_no_sideways_scrolling(page)
        page.get_by_label(f"{title}的備註").fill("請海風先買")
        page.get_by_role("button", name="儲存").first.click()
        page.get_by_role("link", name=re.compile("^無館收藏")).click()
        expect(page.locator("table.named tbody tr")).to_have_count(1)
        page.get_by_role("link", name=re.compile("^全部")).click()
        expect(page.get_by_label(f"{title}的備註")).to_have_value("請海風先買")


def test_a_report_is_kept_as_a_list(site: Site, open_page: Opening) -> None:
    with desk(site, open_page) as page:
        page.goto(f"{site.url}/staff/overlap")
        page.locator("#list").fill("9789863501237\n9789863501244\n")
        page.get_by_role("button", name=re.compile("查核")).first.click()
        page.get_by_role("link", name="存成清單").click()
        page.get_by_label("名稱").fill("報告中無館收藏者")
        page.get_by_role("button", name="建立清單").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("報告中無館收藏者")
        expect(page.locator("table.named tbody tr")).not_to_have_count(0)


def test_pages_of_collections_fit_a_phone_in_both_languages(site: Site, open_page: Opening) -> None:
    with desk(site, open_page, width=390) as page:
        for path in ("collections", "collections/by/ncsclt", "collections/themes", "collections/unique/haifeng"):
            for prefix in ("", "/en"):
                page.goto(f"{site.url}{prefix}/staff/{path}")
                assert has_no_sideways_scrolling(page), path

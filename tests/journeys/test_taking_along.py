"""The list that only the browser keeps, and the camera that reads ISBNs, in a real browser."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Opening
from tests.support.demo_site import Site

HELD = "/search?q=%E7%B4%85%E6%A8%93%E5%A4%A2"

KEEPS = "ids => localStorage.setItem('allshelves-list', JSON.stringify(ids))"
"""Puts ids where the browser keeps the list."""

BARCODES = """
window.BarcodeDetector = class {
  static async getSupportedFormats() { return ['ean_13', 'qr_code'] }
  async detect() { return SEEN.map((rawValue) => ({ rawValue })) }
}
window.looking = 0
navigator.mediaDevices.getUserMedia = async () => {
  const canvas = Object.assign(document.createElement('canvas'), { width: 64, height: 64 })
  canvas.getContext('2d').fillRect(0, 0, 9, 9)
  const stream = canvas.captureStream(30)
  window.stream = stream
  return stream
}
"""


def first_edition(page: Page, site: Site) -> None:
    [hit, *_] = page.request.get(site.url + "/api" + HELD).json()["hits"]
    page.goto(f"{site.url}/editions/{hit['id']}")


def test_an_edition_is_put_on_the_list_kept_shown_shared_and_taken_off(site: Site, open_page: Opening) -> None:
    with open_page() as page:
        first_edition(page, site)
        title = page.locator("h1").inner_text()
        add = page.get_by_role("button", name="加入書單")
        expect(add).to_have_attribute("aria-pressed", "false")
        add.click()
        expect(page.get_by_role("button", name="已在書單中")).to_have_attribute("aria-pressed", "true")
        expect(page.locator("[data-list-count]")).to_have_text("1")
        page.reload()
        expect(page.locator("[data-list-count]")).to_have_text("1")  # this browser remembers
        page.goto(site.url + "/list")
        expect(page).to_have_url(re.compile(r"/list\?ids=[a-z0-9]+$"))
        expect(page.locator(".listed h2")).to_have_text([title])
        shared = page.url
        page.locator("[data-remove]").click()
        expect(page.get_by_text("書單是空的")).to_be_visible()
        expect(page.locator("[data-list-count]")).to_have_text("")
    with open_page() as elsewhere:  # somebody else's browser: the address is the list
        elsewhere.goto(shared)
        expect(elsewhere.locator(".listed h2")).to_have_text([title])
        elsewhere.get_by_role("button", name="存到這個瀏覽器的書單").click()
        expect(elsewhere.locator("[data-list-count]")).to_have_text("1")


def test_results_are_put_on_the_list_by_keyboard(site: Site, open_page: Opening) -> None:
    with open_page() as page:
        page.goto(site.url + HELD)
        add = page.locator("button[data-keep]").nth(1)
        add.focus()
        page.keyboard.press("Enter")
        expect(page.locator("[data-list-count]")).to_have_text("1")
        page.keyboard.press("Space")
        expect(page.locator("[data-list-count]")).to_have_text("")


def test_a_list_with_an_id_that_was_merged_or_is_gone_mends_what_the_browser_keeps(
    site: Site, open_page: Opening
) -> None:
    with open_page() as page:
        first_edition(page, site)
        page.get_by_role("button", name="加入書單").click()
        kept = page.evaluate("JSON.parse(localStorage['allshelves-list'])")
        page.evaluate(KEEPS, ["nobody", *kept])
        page.goto(site.url + "/list")
        expect(page.locator(".listed > li")).to_have_count(1)
        expect(page.get_by_text("其中1種已不在目錄中")).to_be_visible()
        assert "nobody" not in page.evaluate("localStorage['allshelves-list']")


def test_what_a_browser_keeps_may_be_anything(site: Site, open_page: Opening) -> None:
    with open_page() as page:
        page.goto(site.url + "/list")
        for broken in ("{", "null", '{"a": 1}', '[1, null, {"x": 2}]'):
            page.evaluate("text => localStorage.setItem('allshelves-list', text)", broken)
            page.reload()
            expect(page.get_by_text("書單是空的")).to_be_visible()


def test_without_a_script_the_address_alone_is_the_list(site: Site, open_page: Opening) -> None:
    with open_page(javascript=False) as page:
        first_edition(page, site)
        title = page.locator("h1").inner_text()
        page.get_by_role("link", name="加入書單").click()
        expect(page.locator(".listed h2")).to_have_text([title])
        page.get_by_role("link", name="移出書單").click()
        expect(page.get_by_text("書單要靠網址記住")).to_be_visible()


def test_the_camera_reads_an_isbn_and_searches_for_it(site: Site, open_page: Opening) -> None:
    with open_page() as page:
        page.add_init_script(BARCODES.replace("SEEN", "['4710088', '9780140449266', '9780140449263']"))
        page.goto(site.url + "/search")
        page.get_by_role("button", name="掃描ISBN條碼").click()
        page.wait_for_url(re.compile("q=9780140449266"))  # the one whose check digit is right


def test_the_camera_is_let_go_when_scanning_stops(site: Site, open_page: Opening) -> None:
    with open_page(width=390) as page:
        page.add_init_script(BARCODES.replace("SEEN", "[]"))
        page.goto(site.url + "/search")
        scan = page.get_by_role("button", name="掃描ISBN條碼")
        scan.click()
        page.get_by_role("button", name="停止掃描").click()
        expect(page.locator(".scanner")).to_have_count(0)
        assert page.evaluate("stream.getTracks().every((track) => track.readyState === 'ended')")
        expect(scan).to_be_focused()


def test_the_camera_is_let_go_when_it_was_pressed_again_before_it_was_given(site: Site, open_page: Opening) -> None:
    with open_page() as page:
        page.add_init_script(BARCODES.replace("SEEN", "[]"))
        page.goto(site.url + "/search")
        page.evaluate("""() => {
            const media = navigator.mediaDevices
            const give = media.getUserMedia.bind(media)
            media.getUserMedia = async (wanted) => {
                await new Promise((go) => { window.allow = go })
                return give(wanted)
            }
        }""")
        scan = page.get_by_role("button", name="掃描ISBN條碼")
        scan.click()
        scan.click()
        page.evaluate("window.allow()")
        page.wait_for_function("window.stream?.getTracks().every((track) => track.readyState === 'ended')")
        expect(page.locator("video")).to_have_count(0)


def test_a_browser_that_reads_no_barcodes_shows_no_button(site: Site, open_page: Opening) -> None:
    with open_page() as page:
        page.goto(site.url + "/search")
        expect(page.locator("form.find .scan")).to_have_count(0)

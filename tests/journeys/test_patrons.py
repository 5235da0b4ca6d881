"""What people come for, from the front page to the answer: in the browser, on desktops and on telephones."""

from __future__ import annotations

import re
from itertools import pairwise
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from fixtures.consortium.editions import load_editions
from search_api.page import STATIC_FOLDER
from tests.journeys.conftest import Opening
from tests.support.demo_site import Site

SIZES = pytest.mark.parametrize("width", [1280, 390], ids=["desktop", "phone"])
FIREFOX = "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"
TAIPEI, HANOI = {"locale": "zh-TW"}, {"locale": "vi-VN"}


def searched(page: Page, site: Site, text: str) -> None:
    """The result page of what somebody types on the front page."""
    page.goto(site.url)
    box = page.get_by_role("search").locator("input[name=q]")
    box.fill(text)
    box.press("Enter")
    expect(page.locator("#results .row").first).to_be_visible()


def answered(page: Page) -> None:
    """Waits until every library of an edition has answered, or is said not to have."""
    expect(page.locator("#holdings .st.asking")).to_have_count(0)


@SIZES
def test_a_student_finds_a_copy_on_the_shelf_nearby_now(site: Site, open_page: Opening, width: int) -> None:
    with open_page(width=width, user_agent=FIREFOX, **TAIPEI) as page:
        searched(page, site, "紅樓夢")
        if width < 600:
            page.locator("a.open-facets").click()
        near = page.locator("#near")
        expect(near).to_be_visible()
        library = near.locator("optgroup").nth(1).locator("option").first.get_attribute("value")
        near.select_option(library)
        page.locator("form.near button").click()
        expect(page).to_have_url(re.compile("now=1"))
        row = page.locator("#results .row").first
        expect(row).to_be_visible()
        row.locator(".title a").click()
        answered(page)
        assert page.locator("#holdings .st.available, #holdings .st.on_request").count() > 0
        link = page.locator('#holdings a[href^="/out/catalogue/"]').first
        address = link.get_attribute("href")
        assert address is not None
        library = address.split("/")[3].partition("?")[0]
        led = page.request.get(f"{site.url}{address}", max_redirects=0)
        assert led.status == 303
        assert led.headers["location"].startswith(site.consortium[library].base_url)


@SIZES
def test_a_teacher_with_a_book_in_hand_types_its_isbn_and_keeps_it(site: Site, open_page: Opening, width: int) -> None:
    book = next(one for one in load_editions() if one.language == "chi" and one.format == "book" and one.isbns)
    isbn = book.isbns[0]
    with open_page(width=width, **TAIPEI) as page:
        searched(page, site, f"{isbn[:3]}-{isbn[3:6]}-{isbn[6:9]}-{isbn[9:12]}-{isbn[12]}")
        expect(page.locator("#results .row")).to_have_count(1)
        page.locator("#results .row .title a").click()
        expect(page.locator("h1")).to_contain_text(book.title)
        citations = page.locator("details.citations")
        citations.locator("summary").click()
        expect(citations).to_contain_text("APA")
        ris = page.request.get(f"{site.url}{page.get_by_role('link', name='RIS', exact=True).get_attribute('href')}")
        assert "TY  - BOOK" in ris.text()
        page.locator(".answerbox [data-keep]").click()
        page.locator("header [data-list]").click()
        expect(page.locator("main")).to_contain_text(book.title)


@SIZES
def test_a_reader_asks_for_an_inter_library_loan_with_the_title_filled_in(
    site: Site, open_page: Opening, width: int
) -> None:
    with open_page(width=width, **TAIPEI) as page:
        page.goto(f"{site.url}/editions/{site.an_edition()}")
        title = page.locator("h1").inner_text()
        answered(page)
        library = page.locator('#holdings a[href^="/out/ill/"]').first
        expect(library).to_have_text("申請館際互借")
        library.click()
        expect(page.get_by_role("heading", level=1)).to_have_text("館際借書申請")
        expect(page.get_by_label("書名")).to_have_value(title)
        page.go_back()
        page.get_by_role("status", name="館藏摘要").locator("xpath=..").get_by_role("link", name="申請館際互借").click()
        expect(page.get_by_label("書名")).to_have_value(title)
        expect(page.get_by_label("來自")).to_have_value(re.compile(f"^{re.escape(site.url)}/editions/"))


@SIZES
def test_a_parent_who_reads_vietnamese_finds_childrens_books_in_their_language(
    site: Site, open_page: Opening, width: int
) -> None:
    with open_page(width=width, **HANOI) as page:
        page.goto(site.url)
        expect(page.locator("html")).to_have_attribute("lang", "vi")
        page.locator("#languages a", has_text="Tiếng Việt").first.click()
        expect(page.locator("h1")).to_contain_text("Tiếng Việt")
        first = page.locator("main section").first
        expect(first.get_by_role("heading", level=2)).to_contain_text("thiếu nhi")
        book = first.locator("ul.books a").first
        title = book.locator("[lang=vi]").last.inner_text()
        book.click()
        expect(page.locator("h1")).to_contain_text(title)
        expect(page.locator("html")).to_have_attribute("lang", "vi")
        answered(page)
        assert not re.search(r"\b(Available|On loan|Could not ask)\b|可借|已借出", page.locator("main").inner_text())


@SIZES
def test_a_blind_patron_goes_by_roles_and_names_alone(site: Site, open_page: Opening, width: int) -> None:
    with open_page(width=width, locale="en-GB") as page:
        page.goto(f"{site.url}/en/")
        for landmark in ("banner", "main", "contentinfo"):
            expect(page.get_by_role(landmark)).to_have_count(1)  # type: ignore[arg-type]
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
        box = page.get_by_role("search").get_by_role("combobox", name="Search the catalogue")
        box.fill("sapiens")
        page.get_by_role("search").get_by_role("button", name="Search").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("sapiens")
        results = page.get_by_role("main").get_by_role("region", name=re.compile("sapiens"))
        found = results.get_by_role("listitem").filter(has=page.get_by_role("heading", level=2)).first
        found.get_by_role("heading", level=2).get_by_role("link").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Sapiens")
        said = page.get_by_role("status", name="Summary of holdings")
        expect(said).to_contain_text(re.compile(r"Held by|libraries hold|librar"))
        holdings = page.get_by_role("region", name="Holdings")
        answered(page)
        assert holdings.get_by_role("heading", level=4).count() >= 1
        levels = page.get_by_role("main").get_by_role("heading").evaluate_all("all => all.map(one => +one.tagName[1])")
        assert all(after <= before + 1 for before, after in pairwise(levels)), levels


def test_what_is_told_of_an_edition_is_said_once(site: Site, open_page: Opening) -> None:
    with open_page() as page:
        page.add_init_script(
            """
            window.said = 0
            addEventListener('DOMContentLoaded', () => {
              const answer = document.getElementById('answer')
              new MutationObserver((all) => {
                const heard = answer && answer.getAttribute('aria-live') !== 'off'
                if (heard && all.some((one) => one.addedNodes.length)) said += 1
              }).observe(answer ?? document.body, { childList: true })
            })
            """
        )
        searched(page, site, "紅樓夢")
        page.locator("#results .title a").first.click()
        answered(page)
        expect(page.locator("#answer")).not_to_have_attribute("aria-live", "off")
        assert page.evaluate("window.said") <= 1


def test_a_connection_that_breaks_is_said_once_and_leaves_nobody_asking(open_page: Opening) -> None:
    with open_page() as page:
        page.set_content(
            """
            <section id="answer" role="status" data-live="/live">asking 2</section>
            <template id="unanswered"><span class="st unknown">could not be asked</span></template>
            <template id="broken">2 could not be asked</template>
            <div id="holdings"><p id="at-a"><span class="st asking">asking</span></p></div>
            """
        )
        page.add_script_tag(
            content="""
            window.EventSource = class extends EventTarget {
              constructor() { super(); window.source = this }
              close() {}
            }
            """
        )
        page.add_script_tag(path=STATIC_FOLDER / "live.js")
        expect(page.locator("#answer")).to_have_attribute("aria-live", "off")
        told = {"html": "1 answered, asking 1", "done": False, "broken": "1 answered, 1 could not be asked"}
        page.evaluate("told => source.dispatchEvent(new MessageEvent('summary', { data: JSON.stringify(told) }))", told)
        expect(page.locator("#answer")).to_have_text("1 answered, asking 1")
        page.evaluate("source.dispatchEvent(new Event('error'))")
        expect(page.locator("#answer")).to_have_text("1 answered, 1 could not be asked")
        expect(page.locator("#answer")).to_have_attribute("aria-live", "polite")
        expect(page.locator("#holdings .st")).to_have_text("could not be asked")


def test_nothing_is_animated_for_whoever_asks_for_less_motion(site: Site, open_page: Opening) -> None:
    with open_page(reduced_motion="reduce") as page:
        for path in ("/", f"/search?q={quote('紅樓夢')}"):
            page.goto(f"{site.url}{path}")
            assert page.evaluate("document.getAnimations().length") == 0


def test_a_printed_edition_has_its_holdings_and_its_address_and_no_menus(site: Site, open_page: Opening) -> None:
    with open_page() as page:
        searched(page, site, "紅樓夢")
        page.locator("#results .title a").first.click()
        answered(page)
        page.emulate_media(media="print")
        expect(page.locator("h1")).to_be_visible()
        expect(page.locator("#holdings .lib").first).to_be_visible()
        expect(page.locator(".plain-url")).to_contain_text(page.url.partition("?")[0].partition("#")[0])
        for hidden in ("header.top", "footer.foot"):
            expect(page.locator(hidden)).to_be_hidden()

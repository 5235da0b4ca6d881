"""One journey, from OAI-PMH servers and files to pages in a real browser, over the whole demo consortium."""

from __future__ import annotations

import json
import urllib.request
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, expect

from fixtures.consortium.editions import load_editions
from fixtures.wild.fault import STATUS
from fixtures.wild.registry import FAULTS
from tests.journeys.conftest import Opening
from tests.support.demo_site import Site

DEAD, SLOWED = "shiqiao", "haifeng"
COUNT_LAYOUT_SHIFT = """
    window.shift = 0
    new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.shift += entry.value })
      .observe({ type: 'layout-shift', buffered: true })
"""


def _json(url: str) -> dict[str, object]:
    with urllib.request.urlopen(url) as answer:
        return dict(json.load(answer))


def _holders(site: Site, key: str) -> set[str]:
    """The libraries that truly hold an edition of the demo consortium."""
    return {ref[0] for ref, edition in site.consortium.truth().items() if edition == key}


def test_every_member_is_harvested_whole(site: Site) -> None:
    assert len(site.outcomes) == 8
    for outcome in site.outcomes.values():
        assert outcome.status == "complete", outcome
        counted = outcome.new + outcome.changed + outcome.unchanged + outcome.deleted + outcome.unreadable
        assert outcome.seen == counted
    assert sum(outcome.new for outcome in site.outcomes.values()) >= 2_000


@pytest.mark.parametrize(
    ("query", "title", "why"),
    [
        ("紅樓夢校注", "紅樓夢校注", "Traditional characters"),
        ("红楼梦校注", "紅樓夢校注", "Simplified finds Traditional"),
        ("Yuval Noah Harari sapiens", "Sapiens", "an author in the wrong order"),
        ("Nỗi buồn chiến tranh", "Nỗi buồn chiến tranh", "a Vietnamese title"),
        ("noi buon chien tranh", "Nỗi buồn chiến tranh", "without its diacritics"),
    ],
)
def test_a_search_finds_the_edition_once_with_all_its_holders(site: Site, query: str, title: str, why: str) -> None:
    found = _json(f"{site.url}/api/search?q={quote(query)}&size=50")
    hits = [hit for hit in found["hits"] if hit["title"] == title]  # type: ignore[index,attr-defined,union-attr]
    expected = [edition for edition in load_editions() if edition.title == title]
    assert expected, why
    held = sorted(sorted(hit["libraries"]) for hit in hits)
    assert held == sorted(sorted(_holders(site, edition.key)) for edition in expected), why


@pytest.mark.parametrize("name", ["查良鏞", "Louis Cha"])
def test_a_writer_is_found_by_a_name_that_only_authority_records_give(site: Site, name: str) -> None:
    found = _json(f"{site.url}/api/search?creator={quote(name)}&size=50")
    creators = [hit["creators"] for hit in found["hits"]]  # type: ignore[attr-defined,index]
    assert len(creators) >= 10
    assert all("金庸" in names for names in creators), "what is shown is what the records say"


@pytest.mark.parametrize("language", ["", "en/"])
def test_a_patron_goes_from_the_front_page_to_live_answers(site: Site, open_page: Opening, language: str) -> None:
    with open_page() as page:
        page.goto(f"{site.url}/{language}")
        page.locator("input[name=q]").fill("红楼梦校注")
        page.locator("input[name=q]").press("Enter")
        expect(page.locator(".row").first).to_contain_text("紅樓夢")
        page.locator(".row .title a").first.click()
        expect(page.locator("h1")).to_contain_text("紅樓夢")
        expect(page.locator("#holdings .st.asking")).to_have_count(0)
        assert page.locator("#holdings .lib").count() == page.locator("#answer .shelf i").count()


def test_a_dead_library_costs_a_sentence_not_the_page(site: Site, open_page: Opening) -> None:
    edition = _edition_at(site, DEAD, among=4)
    with open_page() as page:
        page.goto(f"{site.url}/en/editions/{edition}")
        dead = page.locator(f"#at-{DEAD}")
        expect(dead.locator(".st.unknown").first).to_have_text("Could not ask")
        assert dead.locator(".st.available, .st.on_loan").count() == 0
        address = dead.get_by_role("link", name="Check the library's own catalogue").get_attribute("href")
        assert address is not None
        assert quote(site.consortium[DEAD].base_url, safe="") in address
        assert page.locator("#holdings .st:not(.unknown, .asking, .no_service)").count() > 0
        expect(page.locator("#answer .live")).to_contain_text("1 could not be asked")


def test_nothing_moves_when_answers_come(site: Site, open_page: Opening) -> None:
    edition = _edition_at(site, SLOWED, among=4, place=-1)
    server = site.consortium[SLOWED].server
    server.switch(FAULTS["slow"], verbs=frozenset({STATUS}))  # else all answer before the page is sent
    try:
        with open_page() as page:
            page.add_init_script(COUNT_LAYOUT_SHIFT)
            page.goto(f"{site.url}/editions/{edition}")
            expect(page.locator("#answer")).to_have_attribute("data-done", "true")
            assert page.evaluate("window.shift") < 0.02
    finally:
        server.off()


def test_without_javascript_a_page_says_who_has_not_answered_and_a_reload_tells(site: Site, open_page: Opening) -> None:
    edition = _edition_at(site, DEAD, among=4)
    with open_page(javascript=False) as page:
        page.goto(f"{site.url}/en/editions/{edition}")
        words = page.locator(f"#at-{DEAD} .st").first.inner_text()
        assert words in ("Asking", "Could not ask")
        page.get_by_role("link", name="Ask again").click()
        expect(page.locator("#holdings .lib").first).to_be_visible()


def test_a_facet_narrows_and_a_chip_widens(site: Site, open_page: Opening) -> None:
    with open_page() as page:
        page.goto(f"{site.url}/en/search?q=紅樓夢")
        before = page.locator("h1 small").inner_text()
        page.locator(".facets a", has_text="National Repository Library").click()
        expect(page.locator(".chip")).to_contain_text("National Repository Library")
        assert page.locator("h1 small").inner_text() != before
        page.locator(".chip").click()
        expect(page.locator("h1 small")).to_have_text(before)


def test_the_members_page_shows_every_member(site: Site, open_page: Opening) -> None:
    with open_page() as page:
        page.goto(f"{site.url}/en/libraries")
        expect(page.locator("table.members tbody tr")).to_have_count(8)


def test_an_unknown_address_is_a_page_with_a_way_home(site: Site, browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    answer = page.goto(f"{site.url}/en/editions/nosuch")
    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_role("link", name="To the front page")).to_be_visible()
    context.close()


def _edition_at(site: Site, library: str, among: int, place: int = 0) -> str:
    """The id of a book that a library and several others hold, at a place in the order of how many do."""
    found = _json(f"{site.url}/api/search?library={library}&format=book&sort=libraries&size=50")
    hits = [hit for hit in found["hits"] if len(hit["libraries"]) >= among]  # type: ignore[attr-defined]
    return str(hits[place]["id"])

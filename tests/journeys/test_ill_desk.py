"""An ILL librarian's morning in the browser; and for every rule of lending a case of the demo that it decides."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from indexer.engine import Clause, SearchRequest
from indexer.holdings.coverage import Issue
from indexer.record import Edition
from mappings.lending import Service
from search_api.lending.lenders import Desk, lenders
from search_api.lending.reasons import Lenders, Rule, Wanted, Why
from search_api.lending.room import LendingRoom
from search_api.services import open_services
from search_api.staff.access import COOKIE, Role
from tests.journeys.conftest import Opening
from tests.support.demo_site import Site, in_a_thread
from tests.support.staff import Person, person_of


@pytest.fixture(scope="module")
def hsu(site: Site) -> Person:
    """The ILL librarian of a city library."""
    return person_of(site.settings, Role.ILL, library="daolang", name="hsu")


@pytest.fixture
def at_the_desk(site: Site, hsu: Person, open_page: Opening) -> Any:
    """A page of somebody who has logged in."""

    @contextmanager
    def opening(path: str, **more: Any) -> Iterator[Page]:
        with open_page(**more) as page:
            page.context.add_cookies([{"name": COOKIE, "value": hsu.session, "url": site.url}])
            page.goto(f"{site.url}{path}")
            yield page

    return opening


def test_a_morning_at_the_desk(at_the_desk: Any) -> None:
    with at_the_desk("/staff/lenders") as page:
        expect(page.get_by_role("heading", level=1)).to_have_text("館際互借")
        expect(page.get_by_label("申請館")).to_have_value("daolang")
        page.get_by_label("書名或刊名").fill("紅樓夢校注")
        page.get_by_label("需用日").fill("2099-12-20")
        page.get_by_role("button", name="查詢可申請的館").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("紅樓夢校注")
        row = page.locator(".lender").filter(has_text="海風市立圖書館")
        expect(row.get_by_text("公共圖書館互借協定，互惠")).to_be_visible()
        expect(row.get_by_text("中南線書車可送達（週二、週五）")).to_be_visible()
        expect(page.locator(".outs")).to_contain_text("稻浪市立圖書館申請館自己的館藏")
        can, out = page.locator(".lender").count(), page.locator(".outs li").count()
        expect(page.locator(".live")).to_contain_text(f"{can + out}館收藏：{can}館可申請，{out}館不列入")
        with page.expect_download() as download:
            page.get_by_role("link", name="產生ISO 18626申請").click()
        assert b"supplierInfo" in download.value.path().read_bytes()
        row.get_by_role("link", name="向海風市立圖書館申請").click()
        expect(page.get_by_role("heading", name="調書單")).to_be_visible()
        expect(page.locator("#form textarea")).to_have_value(re_of("申請類別：借書"))
        mail = page.get_by_role("link", name="用郵件軟體開啟").get_attribute("href") or ""
        assert mail.startswith("mailto:ill@haifeng.example?subject=")
        page.get_by_role("button", name="已送出，記入統計").click()
        expect(page.get_by_text("已記入統計。")).to_be_visible()
        page.get_by_role("link", name="回到順位").click()
        asked = page.locator(".lender").filter(has_text="海風市立圖書館").locator("dl")
        expect(asked).to_contain_text("1件")


def test_an_article_is_asked_of_those_whose_holdings_cover_it(at_the_desk: Any) -> None:
    query = "issn=0305-7410&year=1998&volume=155&issue=3&pages=511-530&article=Taiwan&needed_by=2099-12-20"
    with at_the_desk(f"/en/staff/lenders?{query}", javascript=False) as page:
        expect(page.get_by_role("heading", level=1)).to_contain_text("The China quarterly")
        expect(page.get_by_label("Service")).to_have_value("")  # as it needs: an article is copied
        expect(page.locator(".lenders")).to_contain_text("cover the issue")
        expect(page.locator(".wanted")).to_contain_text("Pages: 511-530")
        page.locator(".lender").first.get_by_role("link").click()
        expect(page.locator("#form textarea")).to_have_value(re_of("Kind of request: journal copy"))


def test_a_list_is_spread_over_the_libraries(at_the_desk: Any) -> None:
    with at_the_desk("/staff/lenders/batch", javascript=False, width=390) as page:
        page.get_by_label("想要的資料").fill("紅樓夢校注 / 曹雪芹 / 1984\n沒有這本書 / 無名氏\n978-0\n1Q84")
        page.get_by_role("button", name="分配").click()
        expect(page.locator(".live")).to_contain_text("共4筆")
        rows = page.locator(".batch tbody tr")
        expect(rows).to_have_count(4)
        expect(rows.nth(1)).to_contain_text("查無此資料")
        expect(rows.nth(2)).to_contain_text("無法辨識")


def test_the_rules_and_the_counts_can_be_read(at_the_desk: Any) -> None:
    with at_the_desk("/en/staff/lenders/policies", javascript=False) as page:
        expect(page.get_by_role("row", name="Theme collections for universities")).to_contain_text("one way")
        page.goto(page.url.replace("policies", "counts"))
        expect(page.get_by_role("heading", level=1)).to_have_text("Counts of requests")


def re_of(text: str) -> re.Pattern[str]:
    return re.compile(re.escape(text))


AUTUMN, SUMMER = date(2026, 11, 23), date(2026, 7, 10)


@dataclass(frozen=True)
class Case:
    """A question to the demo consortium: who asks which library for what."""

    title: str
    borrower: str
    lender: str
    service: Service = "loan"
    today: date = AUTUMN
    needed_by: date | None = date(2026, 12, 20)
    year: int | None = None
    volume: str = ""
    live: bool = False
    asked: int = 0  # requests to the lender of late


DECIDED: list[tuple[Rule | Why, Case]] = [
    (Rule.OWN_LIBRARY, Case("100万回生きたねこ", "daolang", "daolang")),
    (Rule.AGREEMENT, Case("100万回生きたねこ", "daolang", "riverside")),
    (Rule.DOES_NOT_LEND, Case("13.67", "ntl", "haifeng")),
    (Rule.DOES_NOT_COPY, Case("100万回生きたねこ", "daolang", "fengdao", "copy")),
    (Rule.NOT_TO_US, Case("13.67", "shancheng", "haifeng")),
    (Rule.FORMAT_NOT_LENT, Case("The 6 unaccompanied cello suites", "daolang", "fenggu")),
    (Rule.ITEM_TYPES_NOT_LENT, Case("13.67", "daolang", "ntl")),
    (Rule.COLLECTION_NOT_LENT, Case("Aku ini binatang jalang", "daolang", "haifeng", "copy")),
    (Rule.SHELF_NOT_LENT, Case("The Chicago manual of style", "shancheng", "daolang")),
    (Rule.CLOSED, Case("1Q84", "daolang", "fenggu", today=SUMMER, needed_by=date(2026, 7, 25))),
    (Rule.NOT_COVERED, Case("Gairm", "daolang", "ntl", "copy", year=2010)),
    (Rule.ONLINE_ONLY, Case("Archives direct", "daolang", "fenggu")),
    (Rule.VOLUME_NOT_HELD, Case("十三經注疏", "haifeng", "ntl", volume="v.9")),
    (Rule.ON_SITE_ONLY, Case("Kanban in action", "daolang", "haifeng", live=True)),
    (Rule.NO_COPY_LEFT, Case("Campbell biology", "daolang", "shancheng", live=True)),
    (Why.AGREEMENT, Case("11元的鐵道旅行", "daolang", "ntl")),
    (Why.RECIPROCAL, Case("100万回生きたねこ", "daolang", "haifeng")),
    (Why.RULE_FOR_US, Case("100万回生きたねこ", "daolang", "haifeng")),
    (Why.COLLECTION_LENT, Case("Aku ini binatang jalang", "shancheng", "haifeng")),
    (Why.COVERS, Case("The China quarterly", "daolang", "ntl", "copy", year=1998)),
    (Why.COVERAGE_UNREAD, Case("The China quarterly", "daolang", "shancheng", "copy", year=1998)),
    (Why.SAME_COURIER, Case("100万回生きたねこ", "daolang", "haifeng")),
    (Why.SAME_REGION, Case("100万回生きたねこ", "shancheng", "ntl")),
    (Why.NEAR, Case("100万回生きたねこ", "shancheng", "daolang")),
    (Why.FAR, Case("100万回生きたねこ", "shancheng", "riverside")),
    (Why.FREE, Case("100万回生きたねこ", "daolang", "haifeng")),
    (Why.COSTS, Case("11元的鐵道旅行", "daolang", "ntl")),
    (Why.COSTS_NOT_STATED, Case("100万回生きたねこ", "daolang", "fenggu")),
    (Why.USUAL_DAYS, Case("100万回生きたねこ", "daolang", "haifeng")),
    (Why.DAYS_NOT_STATED, Case("1Q84", "daolang", "shiqiao")),
    (Why.IN_TIME, Case("100万回生きたねこ", "daolang", "haifeng")),
    (Why.TOO_LATE, Case("100万回生きたねこ", "shancheng", "riverside", needed_by=date(2026, 12, 1))),
    (Why.CLOSED_UNTIL, Case("1Q84", "daolang", "fenggu", today=date(2026, 8, 26), needed_by=None)),
    (Why.SEVERAL_COPIES, Case("100万回生きたねこ", "daolang", "fenggu")),
    (Why.NO_AGREEMENT, Case("13.67", "daolang", "shancheng")),
    (Why.NOT_STATED, Case("100万回生きたねこ", "daolang", "fenggu")),
    (Why.BY_ARRANGEMENT, Case("100万回生きたねこ", "daolang", "fenggu", "copy")),
    (Why.LICENSED, Case("Archives direct", "daolang", "haifeng", "copy")),
    (Why.LAST_RESORT, Case("11元的鐵道旅行", "daolang", "ntl")),
    (Why.ASKED_MUCH, Case("100万回生きたねこ", "daolang", "haifeng", asked=40)),
    (Why.ASKED_LITTLE, Case("100万回生きたねこ", "daolang", "fengdao", asked=-1)),
    (Why.NOT_ASKED, Case("100万回生きたねこ", "daolang", "haifeng")),
    (Why.AVAILABLE_NOW, Case("100万回生きたねこ", "daolang", "haifeng", live=True)),
    (Why.ON_REQUEST, Case("Atkins' physical chemistry", "daolang", "shancheng", live=True)),
    (Why.TO_BE_COPIED, Case("13.67", "daolang", "ntl", "copy", live=True)),
    (Why.ON_LOAN, Case("13.67", "daolang", "fengdao", live=True)),
    (Why.AWAY, Case("Norwegian wood", "daolang", "shancheng", live=True)),
    (Why.WAITING, Case("AI superpowers", "daolang", "ntl", live=True)),
    (Why.COULD_NOT_ASK, Case("1Q84", "daolang", "shiqiao", live=True)),
    (Why.NO_LIVE_STATUS, Case("82年生的金智英", "daolang", "fenggu", live=True)),
    (Why.UNCLEAR, Case("Introduction to algorithms", "daolang", "ntl", live=True)),
]  # fmt: skip

NO_POLICY = {
    Rule.NO_MEMBER: "a library that has left",
    Rule.NOT_THERE: "a record that its own system lost since the harvest",
    Why.KEPT_ANSWER: "a system that answered an hour ago",
    Why.WHOLE_SET: "a set of which no volume is out today",
    Why.SOME_COPIES_NOT_LENT: "copies of one record in two branches",
}
"""What no policy of the demo decides: what happens to libraries, systems and copies."""


def test_every_rule_and_every_reason_has_its_case() -> None:
    named = [(type(one), one) for one, _ in DECIDED] + [(type(one), one) for one in NO_POLICY]
    assert set(named) == {(type(one), one) for one in (*Rule, *Why)}
    assert len(named) == len(set(named))


@pytest.fixture(scope="module")
def decided(site: Site) -> dict[Case, list[tuple[Edition, Lenders]]]:
    """What the desk says of each case, for every edition of the title that the lender holds."""
    return in_a_thread(_ask_all(site, [case for _, case in DECIDED]))


async def _ask_all(site: Site, cases: list[Case]) -> dict[Case, list[tuple[Edition, Lenders]]]:
    services = await open_services(site.settings)
    try:
        room = LendingRoom.open(services)
        editions: dict[Case, list[Edition]] = {}
        for case in cases:
            found = await services.engine.search(SearchRequest((Clause(case.title, "title"),), limit=50))
            editions[case] = [
                hit.edition
                for hit in found.hits
                if hit.edition.title and hit.edition.title.proper == case.title and case.lender in hit.edition.libraries
            ]
        live = {edition.id: edition for case in cases if case.live for edition in editions[case]}
        answers = await services.checker.answers(list(live.values()))
        told: dict[Case, list[tuple[Edition, Lenders]]] = {}
        for case in cases:
            load = dict.fromkeys(services.libraries, 1) if case.asked < 0 else {}
            desk = Desk(services.libraries, room.agreements, {**load, case.lender: max(0, case.asked)})
            wanted = Wanted(
                case.today,
                case.service,
                case.borrower,
                volume=case.volume,
                issue=Issue(year=case.year),
                needed_by=case.needed_by,
            )
            told[case] = [
                (one, lenders([one], desk, wanted, [a for a in answers if case.live and a.edition == one.id]))
                for one in editions[case]
            ]
        return told
    finally:
        await services.close()


@pytest.mark.parametrize(("decides", "case"), DECIDED, ids=lambda value: getattr(value, "value", ""))
def test_the_demo_has_a_case_for_every_rule(
    decided: dict[Case, list[tuple[Edition, Lenders]]], decides: Rule | Why, case: Case
) -> None:
    told: list[Rule | Why] = []
    for _, found in decided[case]:
        told += [one.rule for one in found.excluded if one.library == case.lender]
        for one in found.lenders:
            if one.library == case.lender:
                told += [reason.why for reason in (*one.reasons_for, *one.reasons_against)]
    assert any(type(one) is type(decides) and one is decides for one in told), f"{case.lender} says {told}"

"""Holdings and answers on the edition page: rows stay, badges fill in, unknown is never available or unavailable."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from indexer.record import Edition, Holding, Item, Link, Member, Sourced
from mappings.library import Harvest, Library
from search_api.availability.status import Answer, AnswerState, ItemState, ItemStatus
from search_api.labels import Labels
from search_api.live_view import Ahead, LiveView
from search_api.texts import texts

NOW = datetime(2026, 11, 21, 10, 24, tzinfo=UTC)


def library(code: str, region: str = "north") -> Library:
    return Library(
        code=code,
        name={"zh-Hant": f"{code}圖書館", "en": f"{code.title()} Library"},
        region=region,
        kind="city",
        record_url=f"http://{code}.example/record/{{local_id}}",
        harvest=Harvest(protocol="marc-dump", files=("x.mrc",)),
    )


LIBRARIES = {
    code: library(code, region) for code, region in (("aspen", "north"), ("beech", "south"), ("cork", "south"))
}


def edition(*codes: str, items: int = 2) -> Edition:
    return Edition(
        id="e1",
        members=tuple(Member(code, f"{code}-1", f"{code}-local") for code in codes),
        holdings=tuple(
            Holding(
                library=code,
                record=f"{code}-1",
                local_id=f"{code}-local",
                location="STACK",
                call_number="857.49 5514",
                items=tuple(Item(barcode=f"{code}{n}") for n in range(items)),
            )
            for code in codes
        ),
    )


def answer(code: str, state: AnswerState, *items: ItemStatus) -> Answer:
    return Answer("e1", code, (f"{code}-local",), state, items, as_of=NOW)


def view(language: str = "en") -> LiveView:
    return LiveView(texts(language), Labels(LIBRARIES, language), LIBRARIES)


@pytest.mark.parametrize(
    ("state", "shape", "words"),
    [
        (AnswerState.TIMEOUT, "unknown", "Could not ask"),
        (AnswerState.ERROR, "unknown", "Could not ask"),
        (AnswerState.UNSUPPORTED, "no_service", "No live status"),
        (AnswerState.NOT_FOUND, "unknown", "Not in its system"),
    ],
)
def test_a_library_that_said_nothing_is_neither_available_nor_on_loan(
    state: AnswerState, shape: str, words: str
) -> None:
    block = view().block(edition("aspen"), "aspen", answer("aspen", state))
    assert [(copy.badge.shape, copy.badge.words) for copy in block.copies] == [(shape, words)]
    assert not block.answered


def test_a_library_not_yet_answering_is_being_asked() -> None:
    block = view().block(edition("aspen"), "aspen", None)
    assert block.copies[0].badge.shape == "asking"


def test_copies_are_matched_by_barcode_and_counted() -> None:
    said = answer(
        "aspen",
        AnswerState.OK,
        ItemStatus(ItemState.AVAILABLE, barcode="aspen0"),
        ItemStatus(ItemState.AVAILABLE, barcode="aspen1"),
    )
    block = view().block(edition("aspen"), "aspen", said)
    assert [copy.badge.words for copy in block.copies] == ["Available (2)"]
    assert block.copies[0].call_number == "857.49 5514"
    assert block.record_url == "http://aspen.example/record/aspen-local"


def test_a_loan_shows_when_it_ends_and_who_waits() -> None:
    said = answer(
        "aspen", AnswerState.OK, ItemStatus(ItemState.ON_LOAN, barcode="aspen0", due=date(2026, 11, 27), queue=2)
    )
    copy = view("zh-Hant").block(edition("aspen", items=1), "aspen", said).copies[0]
    assert (copy.badge.words, copy.note) == ("已借出，11月27日到期", "2人預約")


def test_a_loan_without_a_date_shows_none() -> None:
    said = answer("aspen", AnswerState.OK, ItemStatus(ItemState.ON_LOAN, barcode="aspen0"))
    copy = view().block(edition("aspen", items=1), "aspen", said).copies[0]
    assert (copy.badge.words, copy.note) == ("On loan", "")


def test_a_kept_answer_carries_its_time_and_its_own_shape() -> None:
    said = answer("aspen", AnswerState.STALE, ItemStatus(ItemState.AVAILABLE, barcode="aspen0"))
    badge = view().block(edition("aspen"), "aspen", said).copies[0].badge
    assert badge.shape == "kept"
    assert badge.words.startswith("Available (1) at ")


def test_copies_only_the_live_system_knows_get_rows_of_their_own() -> None:
    said = answer(
        "aspen",
        AnswerState.OK,
        ItemStatus(ItemState.AVAILABLE, barcode="aspen0"),
        ItemStatus(ItemState.ON_LOAN, barcode="new", call_number="857.49 B"),
    )
    block = view().block(edition("aspen"), "aspen", said)
    assert [(c.badge.shape, c.call_number) for c in block.copies] == [
        ("available", "857.49 5514"),
        ("on_loan", "857.49 B"),
    ]


def test_the_summary_says_nothing_final_while_a_library_is_asked() -> None:
    summary = view().summary(
        edition("aspen", "beech"),
        {"aspen": answer("aspen", AnswerState.OK, ItemStatus(ItemState.ON_LOAN, barcode="aspen0"))},
        NOW,
    )
    assert summary.answer == "asking 1"
    assert "none can lend" not in summary.answer


def test_the_summary_adds_up() -> None:
    answers = {
        "aspen": answer("aspen", AnswerState.OK, ItemStatus(ItemState.AVAILABLE, barcode="aspen0")),
        "beech": answer("beech", AnswerState.TIMEOUT),
        "cork": answer("cork", AnswerState.UNSUPPORTED),
    }
    summary = view("zh-Hant").summary(edition("aspen", "beech", "cork"), answers, NOW)
    assert summary.held == "3館收藏"
    assert summary.answer == "1館可借"
    assert summary.asked.endswith("查詢：1館已回覆，1館無法查詢，1館未提供即時狀態。")
    assert [badge.shape for badge in summary.shelf] == ["available", "unknown", "no_service"]


def test_no_library_can_lend_is_said_only_when_every_library_answered_so() -> None:
    out = ItemStatus(ItemState.ON_LOAN)
    everyone = {code: answer(code, AnswerState.OK, out) for code in ("aspen", "beech")}
    assert view().summary(edition("aspen", "beech"), everyone, NOW).answer == "none can lend now"
    everyone["beech"] = answer("beech", AnswerState.TIMEOUT)
    assert view().summary(edition("aspen", "beech"), everyone, NOW).answer == ""


SPINES = [
    (AnswerState.OK, [ItemState.AVAILABLE, ItemState.ON_LOAN], "available", "one copy to take home is enough"),
    (AnswerState.OK, [ItemState.ON_LOAN], "on_loan", "out"),
    (AnswerState.OK, [ItemState.NOT_FOR_LOAN], "onsite", "there, but not to take home: as its badge says"),
    (AnswerState.OK, [ItemState.IN_TRANSIT], "away", "on its way"),
    (AnswerState.OK, [], "unknown", "an answer without copies says nothing"),
    (AnswerState.STALE, [ItemState.AVAILABLE], "kept", "a kept answer is not now"),
    (AnswerState.TIMEOUT, [], "unknown", "no answer"),
]


@pytest.mark.parametrize(("state", "items", "shape", "why"), SPINES)
def test_a_spine_has_the_shape_of_the_best_copy(
    state: AnswerState, items: list[ItemState], shape: str, why: str
) -> None:
    said = answer("aspen", state, *(ItemStatus(item) for item in items))
    assert [badge.shape for badge in view().summary(edition("aspen"), {"aspen": said}, NOW).shelf] == [shape], why


def test_an_answer_without_copies_has_a_badge_that_promises_nothing() -> None:
    bare = Edition(id="e1", members=(Member("aspen", "a1", "a1"),))
    for online in (AnswerState.OK, AnswerState.PARTIAL):
        [copy] = view().block(bare, "aspen", answer("aspen", online)).copies
        assert (copy.badge.shape, copy.badge.words) == ("unknown", "Status unknown")


def test_a_library_that_does_not_answer_says_since_when() -> None:
    failing = replace(answer("aspen", AnswerState.TIMEOUT), failing_since=NOW)
    assert view("zh-Hant").block(edition("aspen"), "aspen", failing).since == f"{texts('en').time(NOW)}起未回應"
    answered = replace(failing, state=AnswerState.OK)
    assert view().block(edition("aspen"), "aspen", answered).since == "", "it answers again"
    assert view().block(edition("aspen"), "aspen", None).since == ""


LINKS = [
    (Link("https://x.example/1", kind="fulltext"), ("aspen",), "https://x.example/1", "its readers read it here"),
    (Link("https://x.example/1", kind="fulltext"), ("beech",), "", "another library's readers do"),
    (Link("https://x.example/1", kind="cover"), ("aspen",), "", "a picture of the cover is not the text"),
    (Link("javascript:alert(1)", kind="fulltext"), ("aspen",), "", "no web address"),
]


@pytest.mark.parametrize(("link", "libraries", "expected", "why"), LINKS)
def test_where_a_library_has_it_on_line_its_block_leads_there(
    link: Link, libraries: tuple[str, ...], expected: str, why: str
) -> None:
    given = replace(edition("aspen"), links=(Sourced(link, libraries),))
    assert view().block(given, "aspen", None).read_url == expected, why


def test_a_holdings_statement_stands_beside_the_place() -> None:
    journal = edition("aspen", items=1)
    held = replace(journal, holdings=(replace(journal.holdings[0], summary="v.1-12 (1999-2010)"),))
    assert view().block(held, "aspen", None).copies[0].note == "v.1-12 (1999-2010)"
    waiting = answer("aspen", AnswerState.OK, ItemStatus(ItemState.ON_LOAN, barcode="aspen0", queue=2))
    assert view().block(held, "aspen", waiting).copies[0].note == "v.1-12 (1999-2010) · 2 waiting"
    assert view().block(journal, "aspen", None).copies[0].note == ""


def test_libraries_stand_by_region() -> None:
    regions = view("zh-Hant").regions(edition("cork", "beech", "aspen"), {})
    assert [(region.code, [block.code for block in region.blocks]) for region in regions] == [
        ("north", ["aspen"]),
        ("south", ["beech", "cork"]),
    ]


def test_a_record_without_holdings_still_has_a_badge() -> None:
    bare = Edition(id="e1", members=(Member("aspen", "a1", "a1"),))
    assert [copy.badge.shape for copy in view().block(bare, "aspen", None).copies] == ["asking"]


def test_a_library_with_hundreds_of_items_is_capped_and_says_so() -> None:
    many = Edition(
        id="e1",
        members=(Member("aspen", "a1", "a1"),),
        holdings=tuple(
            Holding("aspen", "a1", "a1", items=(Item(barcode=f"b{n}", volume=f"v.{n}"),)) for n in range(100)
        ),
    )
    block = view().block(many, "aspen", None)
    assert (len(block.copies), block.more) == (12, 88)


def _with(holding: Holding) -> Edition:
    return replace(edition("aspen"), holdings=(holding,))


def test_what_a_library_tells_its_readers_of_its_copies_stands_beside_them_once() -> None:
    items = (Item(barcode="1", note="Map in pocket"), Item(barcode="2", note="Map in pocket"))
    holding = Holding("aspen", "1", "1", call_number="K1", summary="v.1-3", note="Closed stacks", items=items)
    (row,) = view().block(_with(holding), "aspen", None).copies
    assert row.note == "v.1-3 · Closed stacks · Map in pocket"


def test_an_electronic_holding_says_what_of_it_is_on_line() -> None:
    holding = Holding("aspen", "1", "1", url="https://x.tw/1", coverage="1998-2004")
    (row,) = view().block(_with(holding), "aspen", None).copies
    assert row.note == "1998-2004"


@pytest.mark.parametrize(
    ("call_number", "volume", "shown"),
    [
        ("857 1", "v.2", "857 1 v.2"),
        ("PR1 v.2", "v.2", "PR1 v.2"),
        ("PR1 v.21", "v.2", "PR1 v.21 v.2"),
        ("", "v.2", "v.2"),
    ],
)
def test_a_volume_is_shown_once_with_its_call_number(call_number: str, volume: str, shown: str) -> None:
    holding = Holding("aspen", "1", "1", call_number=call_number, items=(Item(barcode="1", volume=volume),))
    (row,) = view().block(_with(holding), "aspen", None).copies
    assert row.call_number == shown


def test_what_is_on_line_from_several_sources_has_a_link_and_its_coverage_in_each_row() -> None:
    sources = tuple(
        Holding("aspen", "a1", "a1", url=f"https://x.example/{n}", coverage=coverage)
        for n, coverage in ((1, "1998-2004"), (2, "2001-"))
    )
    journal = Edition(
        id="e1",
        members=(Member("aspen", "a1", "a1"),),
        holdings=sources,
        links=(Sourced(Link("https://x.example/1", kind="fulltext"), ("aspen",)),),
    )
    block = view().block(journal, "aspen", None)
    assert [(copy.url, copy.note) for copy in block.copies] == [
        ("https://x.example/1", "1998-2004"),
        ("https://x.example/2", "2001-"),
    ]
    assert block.read_url == ""
    alone = view().block(replace(journal, holdings=sources[:1]), "aspen", None)
    assert ([copy.url for copy in alone.copies], alone.read_url) == ([""], "https://x.example/1"), "one link, not two"
    unlinked = view().block(replace(journal, holdings=sources[:1], links=()), "aspen", None)
    assert [copy.url for copy in unlinked.copies] == ["https://x.example/1"]


def test_the_system_s_volumes_are_rows_of_their_own_where_records_tell_none() -> None:
    told = (
        ItemStatus(ItemState.AVAILABLE, barcode="aspen0", volume="v.2"),
        ItemStatus(ItemState.ON_LOAN, barcode="aspen1", volume="v.1"),
    )
    block = view().block(edition("aspen"), "aspen", answer("aspen", AnswerState.OK, *told))
    assert [(copy.badge.words, copy.call_number) for copy in block.copies] == [
        ("On loan", "857.49 5514 v.1"),
        ("Available (1)", "857.49 5514 v.2"),
    ]
    assert block.figures == "v.1: On loan; v.2: 1 of 1 available now"


def test_copies_that_only_one_side_knows_say_so() -> None:
    held = edition("aspen", items=1)
    gone = held.holdings[0].items
    new = ItemStatus(ItemState.AVAILABLE, barcode="new1", call_number="857 N", catalogued=False)
    told = replace(answer("aspen", AnswerState.OK, new), missing=gone)
    only_new = view().block(held, "aspen", replace(told, items=(new, replace(new, barcode="new2", volume="v.2"))))
    assert [(copy.call_number, copy.note) for copy in only_new.copies] == [
        ("857 N", "not in the catalogue yet"),
        ("857 N v.2", "not in the catalogue yet"),
    ]
    none_left = view().block(held, "aspen", replace(told, items=()))
    assert [(copy.badge.words, copy.note) for copy in none_left.copies] == [
        ("Status unknown", "not named by its system")
    ]


def test_my_libraries_stand_first_then_those_near_each_once_and_then_the_regions() -> None:
    mine, close = Ahead("mine", "My libraries", {"cork", "elder"}), Ahead("near", "Near Cork", {"beech", "cork"})
    found = view().regions(edition("aspen", "beech", "cork"), {}, (mine, close))
    assert [(one.name, [block.code for block in one.blocks]) for one in found] == [
        ("My libraries", ["cork"]),
        ("Near Cork", ["beech"]),
        ("Northern Taiwan", ["aspen"]),
    ]


def test_a_heading_of_mine_without_a_holder_is_left_out() -> None:
    mine = Ahead("mine", "My libraries", {"elder"})
    assert [one.code for one in view().regions(edition("aspen"), {}, (mine,))] == ["north"]


def test_when_nothing_more_can_come_the_sentence_asks_nobody_any_more() -> None:
    held = edition("aspen", "beech", "cork")
    told = {"aspen": answer("aspen", AnswerState.OK, ItemStatus(ItemState.AVAILABLE))}
    assert "asking 2" in view().summary(held, told, NOW).asked
    said = view().broken(held, told, NOW)
    assert "asking" not in f"{said.answer} {said.asked}"
    assert "2 could not be asked" in said.asked
    assert "asking" not in {badge.shape for badge in said.shelf}

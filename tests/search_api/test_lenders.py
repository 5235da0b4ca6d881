"""Who could lend it, in which order, and why; and who is not asked, and why not."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from indexer.record import Edition, Format, Holding, Item
from mappings.library import Library
from search_api.availability.status import Answer, AnswerState, ItemState, ItemStatus
from search_api.lenders import Lenders, Reason, Rule, Tier, Why, lenders
from tests.support.status import edition, library


def lending(code: str, region: str = "north", order: int = 100, **policy: Any) -> Library:
    return library(code, protocol="none", region=region, order=order, lending=policy)


def held_by(*codes: str, item_type: str = "BK", edition_id: str = "e1", format: Format = Format.BOOK) -> Edition:
    holdings: dict[str, str | list[Holding]] = {
        code: [Holding(code, "r", "1", items=(Item(barcode=f"{code}1", item_type=item_type),))] for code in codes
    }
    return edition(edition_id, holdings, format=format)


def live(code: str, *items: ItemStatus, state: AnswerState = AnswerState.OK, edition_id: str = "e1") -> Answer:
    return Answer(edition_id, code, ("1",), state, items)


def item(state: ItemState, barcode: str = "", due: date | None = None, queue: int | None = None) -> ItemStatus:
    return ItemStatus(state, barcode=barcode, due=due, queue=queue)


def members(*libraries: Library) -> dict[str, Library]:
    return {one.code: one for one in libraries}


def test_without_live_answers_every_lender_stands_as_not_asked() -> None:
    found = lenders([held_by("aa")], members(lending("aa", days=3)))
    ((lender),) = found.lenders
    assert (lender.library, lender.edition, lender.tier, lender.copies, lender.days) == (
        "aa",
        "e1",
        Tier.NOT_KNOWN,
        1,
        3,
    )
    assert lender.reasons_for == (Reason(Why.USUAL_DAYS, number=3),)
    assert lender.reasons_against == (Reason(Why.NOT_ASKED),)
    assert lender.answer is None
    assert found.excluded == ()


EXCLUSIONS: list[tuple[Library, Edition, Answer | None, Rule, tuple[str, ...], str]] = [
    (lending("home"), held_by("home"), None, Rule.OWN_LIBRARY, (), "nobody borrows from himself"),
    (lending("aa", lends=False), held_by("aa"), None, Rule.DOES_NOT_LEND, (), "it lends nothing"),
    (
        lending("aa", formats_not_lent=["film"]),
        held_by("aa", format=Format.FILM),
        None,
        Rule.FORMAT_NOT_LENT,
        ("film",),
        "no films",
    ),
    (
        lending("aa", item_types_not_lent=["REF"]),
        held_by("aa", item_type="REF"),
        None,
        Rule.ITEM_TYPES_NOT_LENT,
        ("REF",),
        "reference books only",
    ),
    (
        lending("aa"),
        edition("e1", {"aa": [Holding("aa", "r", "1", url="https://e.example")]}),
        None,
        Rule.ONLINE_ONLY,
        (),
        "what is on-line is not sent by post",
    ),
    (
        lending("aa"),
        held_by("aa"),
        live("aa", item(ItemState.AVAILABLE_ONSITE)),
        Rule.ON_SITE_ONLY,
        (),
        "stays in the house",
    ),
    (lending("aa"), held_by("aa"), live("aa", item(ItemState.LOST)), Rule.NO_COPY_LEFT, (), "lost"),
    (lending("aa"), held_by("aa"), live("aa", item(ItemState.NOT_FOR_LOAN)), Rule.NO_COPY_LEFT, (), "never lent"),
    (lending("aa"), held_by("aa"), live("aa", state=AnswerState.NOT_FOUND), Rule.NOT_THERE, (), "gone from its system"),
    (lending("aa"), held_by("gone"), None, Rule.NO_MEMBER, (), "left the consortium"),
]


@pytest.mark.parametrize(("policy", "held", "answer", "rule", "values", "why"), EXCLUSIONS)
def test_each_rule_excludes_and_is_named(
    *, policy: Library, held: Edition, answer: Answer | None, rule: Rule, values: tuple[str, ...], why: str
) -> None:
    found = lenders([held], members(policy, lending("home")), [answer] if answer else [], borrower="home")
    assert found.lenders == (), why
    assert [(one.rule, one.values) for one in found.excluded] == [(rule, values)]


def test_every_rule_is_tried_above() -> None:
    assert {row[3] for row in EXCLUSIONS} | {Rule.VOLUME_NOT_HELD} == set(Rule)


def of_volumes(code: str, *volumes: str) -> Edition:
    items = tuple(Item(barcode=f"{code}{n}", volume=volume) for n, volume in enumerate(volumes))
    return edition("e1", {code: [Holding(code, "r", "1", items=items)]})


@pytest.mark.parametrize(
    ("volumes", "wanted", "asked", "why"),
    [
        (("第1冊", "第3冊"), "v.3", True, "one volume, written in two ways"),
        (("第1冊", "第2冊"), "第3冊", False, "others help nobody"),
        (("第1冊", ""), "第3冊", True, "a copy of which nobody says it may be it"),
        (("第1冊",), "", True, "none was named"),
        ((), "第3冊", True, "copies not stated are not none"),
    ],
)
def test_a_volume_that_is_wanted_is_asked_of_those_who_hold_it(
    volumes: tuple[str, ...], wanted: str, asked: bool, why: str
) -> None:
    found = lenders([of_volumes("aa", *volumes)], members(lending("aa")), volume=wanted)
    assert bool(found.lenders) is asked, why
    assert [(one.rule, one.values) for one in found.excluded] == ([] if asked else [(Rule.VOLUME_NOT_HELD, (wanted,))])


def test_reasons_are_given_for_each_volume_and_of_one_that_is_wanted_alone() -> None:
    held = of_volumes("aa", "第3冊", "第4冊")
    due = date(2026, 12, 3)
    answer = live(
        "aa",
        ItemStatus(ItemState.AVAILABLE, volume="第3冊"),
        ItemStatus(ItemState.ON_LOAN, volume="第4冊", due=due, queue=2),
    )
    of_all, of_fourth = (
        lenders([held], members(lending("aa", days=3)), [answer], volume=wanted).lenders[0] for wanted in ("", "第4冊")
    )
    assert of_all.tier is Tier.THERE
    assert of_all.reasons_for[0] == Reason(Why.AVAILABLE_NOW, number=1, volume="第3冊")
    out = (Reason(Why.ON_LOAN, day=due, volume="第4冊"), Reason(Why.WAITING, number=2, volume="第4冊"))
    assert of_all.reasons_against == out
    assert (of_fourth.tier, of_fourth.reasons_against) == (Tier.OUT, out)


TWINS: list[tuple[Library, Edition, Answer | None, str]] = [
    (lending("aa", formats_not_lent=["film"]), held_by("aa"), None, "another format"),
    (lending("aa", item_types_not_lent=["REF"]), held_by("aa"), None, "another item type"),
    (lending("aa", item_types_not_lent=[""]), held_by("aa", item_type=""), None, "a type not stated is not excluded"),
    (lending("aa"), edition("e1", {"aa": [Holding("aa", "r", "1")]}), None, "copies not stated are not none"),
    (lending("aa"), held_by("aa"), live("aa", state=AnswerState.TIMEOUT), "silence excludes nobody"),
    (lending("aa"), held_by("aa"), live("aa"), "no copy named excludes nobody"),
]


@pytest.mark.parametrize(("policy", "held", "answer", "why"), TWINS)
def test_what_is_not_stated_lets_a_library_be_asked(
    policy: Library, held: Edition, answer: Answer | None, why: str
) -> None:
    found = lenders([held], members(policy), [answer] if answer else [])
    assert [lender.library for lender in found.lenders] == ["aa"], why


def ranked(found: Lenders) -> list[str]:
    return [lender.library for lender in found.lenders]


def test_what_is_there_comes_before_what_is_not_known_before_what_is_out() -> None:
    codes = ("due-late", "due-soon", "silent", "stacks", "there", "kept", "away")
    answers = [
        live("due-late", item(ItemState.ON_LOAN, due=date(2026, 10, 1))),
        live("due-soon", item(ItemState.ON_LOAN, due=date(2026, 9, 2), queue=2)),
        live("silent", state=AnswerState.TIMEOUT),
        live("stacks", item(ItemState.ON_REQUEST)),
        live("there", item(ItemState.AVAILABLE)),
        live("kept", item(ItemState.AVAILABLE), state=AnswerState.STALE),
        live("away", item(ItemState.IN_TRANSIT)),
    ]
    found = lenders([held_by(*codes)], members(*(lending(code, days=2) for code in codes)), answers)
    assert ranked(found) == ["there", "stacks", "kept", "silent", "due-soon", "due-late", "away"]
    against = {lender.library: lender.reasons_against for lender in found.lenders}
    assert against["there"] == ()
    assert against["kept"] == (Reason(Why.KEPT_ANSWER),)
    assert against["silent"] == (Reason(Why.COULD_NOT_ASK),)
    assert against["due-soon"] == (Reason(Why.ON_LOAN, day=date(2026, 9, 2)), Reason(Why.WAITING, number=2))
    assert against["away"] == (Reason(Why.AWAY),)
    assert found.lenders[0].reasons_for[0] == Reason(Why.AVAILABLE_NOW, number=1)


ORDER: list[tuple[list[Library], list[str], str]] = [
    ([lending("far", "south"), lending("near")], ["near", "far"], "the same region"),
    ([lending("slow", days=9), lending("quick", days=2)], ["quick", "slow"], "days"),
    ([lending("unsaid"), lending("said", days=30)], ["said", "unsaid"], "days not stated come last"),
    ([lending("b1", order=20), lending("b2", order=10)], ["b2", "b1"], "the order of its file"),
    ([lending("b2"), lending("b1")], ["b1", "b2"], "the code, so that the order is always the same"),
]


@pytest.mark.parametrize(("libraries", "order", "why"), ORDER)
def test_equals_are_told_apart_by_nearness_days_and_order(libraries: list[Library], order: list[str], why: str) -> None:
    held = held_by(*(one.code for one in libraries))
    assert ranked(lenders([held], members(*libraries, lending("home")), borrower="home")) == order, why


def test_more_copies_come_first_and_those_not_lent_do_not_count() -> None:
    held = edition(
        "e1",
        {
            "aa": [Holding("aa", "r", "1", items=(Item(item_type="BK"), Item(item_type="REF"), Item(item_type="REF")))],
            "bb": [Holding("bb", "r", "1", items=(Item(item_type="BK"), Item(item_type="BK")))],
        },
    )
    found = lenders([held], members(*(lending(code, item_types_not_lent=["REF"]) for code in ("aa", "bb"))))
    assert [(lender.library, lender.copies) for lender in found.lenders] == [("bb", 2), ("aa", 1)]
    assert Reason(Why.SEVERAL_COPIES, number=2) in found.lenders[0].reasons_for
    assert Reason(Why.SOME_COPIES_NOT_LENT, number=2) in found.lenders[1].reasons_against


def test_a_reference_copy_on_the_shelf_makes_nothing_available() -> None:
    held = edition(
        "e1", {"aa": [Holding("aa", "r", "1", items=(Item("b1", item_type="BK"), Item("b2", item_type="REF")))]}
    )
    answer = live("aa", item(ItemState.ON_LOAN, "b1", date(2026, 9, 20)), item(ItemState.AVAILABLE, "b2"))
    found = lenders([held], members(lending("aa", item_types_not_lent=["REF"])), [answer])
    assert found.lenders[0].tier is Tier.OUT
    assert found.lenders[0].answer == answer, "what the library said is shown whole"
    twin = lenders([held], members(lending("aa")), [answer])
    assert twin.lenders[0].tier is Tier.THERE


def test_a_library_with_two_editions_stands_once_with_the_better_one() -> None:
    editions = [held_by("aa", edition_id="e1"), held_by("aa", edition_id="e2")]
    answers = [
        live("aa", item(ItemState.ON_LOAN), edition_id="e1"),
        live("aa", item(ItemState.AVAILABLE), edition_id="e2"),
    ]
    found = lenders(editions, members(lending("aa")), answers)
    assert [(lender.library, lender.edition) for lender in found.lenders] == [("aa", "e2")]


def test_a_library_is_excluded_only_when_nothing_it_holds_can_be_lent() -> None:
    editions = [held_by("aa", edition_id="e1", format=Format.FILM), held_by("aa", edition_id="e2")]
    found = lenders(editions, members(lending("aa", formats_not_lent=["film"])))
    assert (ranked(found), found.excluded) == (["aa"], ())
    assert found.lenders[0].edition == "e2"

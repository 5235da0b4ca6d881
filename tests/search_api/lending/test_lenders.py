"""Who could lend it, in which order, and why; and who is not asked, and why not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from indexer.holdings.coverage import Issue
from indexer.record import Edition, Format, Holding, Item
from mappings.agreements import Agreement, Agreements, Courier, Group
from mappings.library import Library
from search_api.availability.status import Answer, AnswerState, ItemState, ItemStatus
from search_api.lending.lenders import Desk, lenders
from search_api.lending.live import may_be
from search_api.lending.reasons import Lenders, Reason, Rule, Tier, Wanted, Why
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


TODAY = date(2026, 9, 1)
UNSAID = {Why.NOT_STATED, Why.COSTS_NOT_STATED, Why.DAYS_NOT_STATED}


def answered(
    editions: Sequence[Edition],
    libraries: Mapping[str, Library],
    answers: Sequence[Answer] = (),
    borrower: str = "",
    volume: str = "",
) -> Lenders:
    """The answer, without what libraries of these tests never state."""
    found = lenders(editions, Desk(libraries), Wanted(TODAY, borrower=borrower, volume=volume), answers)
    told = (
        replace(one, reasons_against=tuple(r for r in one.reasons_against if r.why not in UNSAID))
        for one in found.lenders
    )
    return Lenders(tuple(told), found.excluded)


def members(*libraries: Library) -> dict[str, Library]:
    return {one.code: one for one in libraries}


def test_without_live_answers_every_lender_stands_as_not_asked() -> None:
    found = answered([held_by("aa")], members(lending("aa", days=3)))
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


VOLUMES = [
    ("v.2", "v.2", True, "the same"),
    ("v.1", "v.2", False, "another"),
    ("v.1", "v.1-v.2", True, "a part of what is wanted"),
    ("v.3", "v.1-2", False, "no part of it"),
    ("v.1-3", "v.2", True, "more than what is wanted"),
    ("v.2", "全", True, "all of them"),
    ("v.1", "上", True, "counted in another way: ask"),
    ("上", "下", False, "the other half"),
    ("上冊", "上", True, "the same half"),
    ("", "v.2", True, "nobody says which"),
]


@pytest.mark.parametrize(("volume", "wanted", "may", "why"), VOLUMES)
def test_a_copy_may_be_of_a_volume_it_holds_or_is_a_part_of(volume: str, wanted: str, may: bool, why: str) -> None:
    assert may_be(volume, wanted) is may, why


def test_what_is_dear_comes_after_those_to_be_asked_first_agreed_or_not() -> None:
    far = lending("far", fees=[{"loan": 35, "currency": "USD"}], days=21)
    near = lending("near", lends="ask", fees=[{"loan": 80, "postage": 0}], days=4)
    agreed = Agreement(code="abroad", name={"en": "A"}, lenders=("far",), borrowers=("home",), lends=True)
    libraries = members(lending("home"), far, near)

    def order(dear_above: int | None) -> list[str]:
        above = None if dear_above is None else Decimal(dear_above)
        agreements = Agreements(agreements=(agreed,), rates={"USD": Decimal(32)}, dear_above=above)
        found = lenders([held_by("far", "near")], Desk(libraries, agreements), Wanted(TODAY, borrower="home"))
        return [one.library for one in found.lenders]

    assert order(None) == ["far", "near"], "no sum is stated: an agreement comes first"
    assert order(500) == ["near", "far"]
    assert order(2_000) == ["far", "near"]


@pytest.mark.parametrize(("volume", "number"), [("", "857 1"), ("v.2", "857 1 v.2")])
def test_a_request_for_a_whole_set_names_no_volume(volume: str, number: str) -> None:
    items = tuple(Item(barcode=one, volume=one, call_number=f"857 1 {one}") for one in ("v.1", "v.2"))
    found = answered(
        [edition("e1", {"aa": [Holding("aa", "r", "1", items=items)]})], members(lending("aa")), volume=volume
    )
    assert [one.call_number for one in found.lenders] == [number]


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
    found = answered([held], members(policy, lending("home")), [answer] if answer else [], borrower="home")
    assert found.lenders == (), why
    assert [(one.rule, one.values) for one in found.excluded] == [(rule, values)]


def serial_at(code: str, summary: str, **values: Any) -> Edition:
    return edition("e1", {code: [Holding(code, "r", "1", summary=summary, **values)]}, format=Format.SERIAL)


def agreed(**says: Any) -> Agreements:
    """An agreement between the group of home and the library aa."""
    groups = {"ours": Group(name={"en": "Ours"}, members=("home",))}
    one = {"code": "one", "name": {"en": "One"}, "lenders": "aa", "borrowers": "ours", **says}
    return Agreements(groups, (Agreement.model_validate(one),))


NOBODY = Agreements()
COPY = Wanted(TODAY, "copy", "home", issue=Issue(12, 3, 2005), pages=12)
LOAN = Wanted(TODAY, borrower="home", needed_by=date(2026, 9, 20))

MORE_EXCLUSIONS: list[tuple[dict[str, Any], Edition, Agreements, Wanted, Rule, tuple[str, ...], str]] = [
    (
        {"lends": True},
        held_by("aa"),
        agreed(lends=False),
        LOAN,
        Rule.AGREEMENT,
        (),
        "the two do not lend to each other",
    ),
    ({"copies": False}, held_by("aa"), NOBODY, COPY, Rule.DOES_NOT_COPY, (), "it lends, and makes no copies"),
    (
        {"rules": [{"to": "home", "lends": False}]},
        held_by("aa"),
        NOBODY,
        LOAN,
        Rule.NOT_TO_US,
        (),
        "others may borrow, we may not",
    ),
    (
        {"lends": True, "rules": [{"collections": ["RARE"], "lends": False}]},
        edition("e1", {"aa": [Holding("aa", "r", "1", items=(Item("b1", collection="RARE"),))]}),
        NOBODY,
        LOAN,
        Rule.COLLECTION_NOT_LENT,
        ("RARE",),
        "a collection that stays",
    ),
    (
        {"lends": True, "rules": [{"policies": ["1"], "lends": False}]},
        edition("e1", {"aa": [Holding("aa", "r", "1", items=(Item("b1", policy="1"),))]}),
        NOBODY,
        LOAN,
        Rule.SHELF_NOT_LENT,
        ("1",),
        "marked for use in the library",
    ),
    (
        {"lends": True, "rules": [{"locations": ["REF"], "lends": False}]},
        edition("e1", {"aa": [Holding("aa", "r", "1", location="REF")]}),
        NOBODY,
        LOAN,
        Rule.SHELF_NOT_LENT,
        ("REF",),
        "a shelf that stays, of a record that tells no copies",
    ),
    (
        {"closures": [{"first": "08-25", "last": "09-25"}]},
        held_by("aa"),
        NOBODY,
        LOAN,
        Rule.CLOSED,
        (),
        "opens after the day it is needed by",
    ),
    ({}, serial_at("aa", "v.13(2006)-"), NOBODY, COPY, Rule.NOT_COVERED, ("v.13(2006)-",), "begins later"),
]


@pytest.mark.parametrize(("policy", "held", "agreements", "wanted", "rule", "values", "why"), MORE_EXCLUSIONS)
def test_what_agreements_rules_days_and_statements_exclude(
    *,
    policy: dict[str, Any],
    held: Edition,
    agreements: Agreements,
    wanted: Wanted,
    rule: Rule,
    values: tuple[str, ...],
    why: str,
) -> None:
    desk = Desk(members(lending("aa", **policy), lending("home")), agreements)
    found = lenders([held], desk, wanted)
    assert found.lenders == (), why
    assert [(one.rule, one.values) for one in found.excluded] == [(rule, values)]


def test_every_rule_is_tried_above() -> None:
    rules = {row[3] for row in EXCLUSIONS} | {row[4] for row in MORE_EXCLUSIONS}
    assert rules | {Rule.VOLUME_NOT_HELD} == set(Rule)


ASKED_ALL_THE_SAME: list[tuple[dict[str, Any], Edition, Agreements, Wanted, bool, Why, str]] = [
    ({}, held_by("aa"), NOBODY, LOAN, False, Why.NOT_STATED, "nothing is stated"),
    ({"lends": True}, held_by("aa"), NOBODY, LOAN, False, Why.NO_AGREEMENT, "it lends, to us or not"),
    ({"lends": "ask"}, held_by("aa"), agreed(lends=True), LOAN, False, Why.BY_ARRANGEMENT, "its own rule says ask"),
    ({"lends": True}, held_by("aa"), agreed(lends="ask"), LOAN, False, Why.BY_ARRANGEMENT, "the agreement says ask"),
    ({}, held_by("aa"), agreed(lends=True), LOAN, True, Why.RECIPROCAL, "an agreement is enough"),
    ({}, held_by("aa"), agreed(lends=True, reciprocal=False), LOAN, True, Why.AGREEMENT, "one way"),
    ({}, held_by("aa"), agreed(copies=True), LOAN, False, Why.NOT_STATED, "an agreement on another service"),
    ({}, held_by("aa"), agreed(lends=False, formats="film"), LOAN, False, Why.NOT_STATED, "on another format"),
    ({}, held_by("aa"), agreed(lends=False, collections="R"), LOAN, False, Why.NOT_STATED, "on another collection"),
    ({"rules": [{"to": "home", "lends": True}]}, held_by("aa"), NOBODY, LOAN, True, Why.RULE_FOR_US, "we are named"),
    ({"rules": [{"to": "bb", "lends": False}]}, held_by("aa"), NOBODY, LOAN, False, Why.NOT_STATED, "others are"),
    (
        {"rules": [{"collections": "THEME", "lends": True}], "lends": False},
        edition("e1", {"aa": [Holding("aa", "r", "1", items=(Item("b1", collection="THEME"),))]}),
        NOBODY,
        LOAN,
        True,
        Why.COLLECTION_LENT,
        "one collection is lent to all, the rest to nobody",
    ),
    ({}, serial_at("aa", "some volumes"), agreed(copies=True), COPY, False, Why.COVERAGE_UNREAD, "it cannot be read"),
    ({}, serial_at("aa", ""), agreed(copies=True), COPY, False, Why.COVERAGE_UNREAD, "there is no statement"),
    ({}, serial_at("aa", "v.10-"), agreed(copies=True), COPY, True, Why.COVERS, "it covers"),
    (
        {},
        edition("e1", {"aa": [Holding("aa", "r", "1", items=(Item("b1", volume="v.12"),))]}, format=Format.SERIAL),
        agreed(copies=True),
        COPY,
        True,
        Why.COVERS,
        "the volumes on its shelves are a statement, too",
    ),
    (
        {},
        edition("e1", {"aa": [Holding("aa", "r", "1", url="https://e.example", coverage="1999-")]}),
        agreed(copies=True),
        COPY,
        False,
        Why.LICENSED,
        "what is on line may be copied, if its licence says so",
    ),
    (
        {"closures": [{"first": "08-25", "last": "09-05"}]},
        held_by("aa"),
        NOBODY,
        LOAN,
        False,
        Why.CLOSED_UNTIL,
        "opens",
    ),
    ({"days": 5}, held_by("aa"), NOBODY, LOAN, False, Why.IN_TIME, "in time"),
    ({"days": 25}, held_by("aa"), NOBODY, LOAN, False, Why.TOO_LATE, "too late, and not excluded"),
    ({"last_resort": True}, held_by("aa"), NOBODY, LOAN, False, Why.LAST_RESORT, "asked when nobody else can"),
    ({"fees": [{"loan": 100}]}, held_by("aa"), NOBODY, LOAN, False, Why.COSTS, "costs something"),
    (
        {"fees": [{"loan": 100}]},
        held_by("aa"),
        agreed(lends=True, free=True),
        LOAN,
        True,
        Why.FREE,
        "free by agreement",
    ),
]


@pytest.mark.parametrize(("policy", "held", "agreements", "wanted", "sure", "why", "because"), ASKED_ALL_THE_SAME)
def test_what_excludes_nobody_is_told_as_a_reason(
    *,
    policy: dict[str, Any],
    held: Edition,
    agreements: Agreements,
    wanted: Wanted,
    sure: bool,
    why: Why,
    because: str,
) -> None:
    desk = Desk(members(lending("aa", **policy), lending("home")), agreements)
    (lender,) = lenders([held], desk, wanted).lenders
    assert lender.sure is sure, because
    assert why in {reason.why for reason in (*lender.reasons_for, *lender.reasons_against)}


def test_whoever_does_not_lend_it_may_copy_it() -> None:
    desk = Desk(members(lending("aa", lends=False, copies=True)))
    assert lenders([held_by("aa")], desk, Wanted(TODAY)).excluded[0].copies_instead is True
    twin = Desk(members(lending("aa", lends=False)))
    assert lenders([held_by("aa")], twin, Wanted(TODAY)).excluded[0].copies_instead is False, "silence is no yes"


def test_what_stays_in_the_house_can_be_copied_there() -> None:
    answer = live("aa", item(ItemState.AVAILABLE_ONSITE))
    desk = Desk(members(lending("aa")))
    assert lenders([held_by("aa")], desk, Wanted(TODAY), [answer]).excluded[0].rule is Rule.ON_SITE_ONLY
    (lender,) = lenders([held_by("aa")], desk, Wanted(TODAY, "copy"), [answer]).lenders
    assert (lender.tier, lender.reasons_for[0]) == (Tier.THERE, Reason(Why.TO_BE_COPIED, number=1))


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
    found = answered([of_volumes("aa", *volumes)], members(lending("aa")), volume=wanted)
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
        answered([held], members(lending("aa", days=3)), [answer], volume=wanted).lenders[0] for wanted in ("", "第4冊")
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
    found = answered([held], members(policy), [answer] if answer else [])
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
    found = answered([held_by(*codes)], members(*(lending(code, days=2) for code in codes)), answers)
    assert ranked(found) == ["there", "stacks", "kept", "silent", "due-soon", "due-late", "away"]
    against = {lender.library: lender.reasons_against for lender in found.lenders}
    assert against["there"] == ()
    assert against["kept"] == (Reason(Why.KEPT_ANSWER),)
    assert against["silent"] == (Reason(Why.COULD_NOT_ASK),)
    assert against["due-soon"] == (Reason(Why.ON_LOAN, day=date(2026, 9, 2)), Reason(Why.WAITING, number=2))
    assert against["away"] == (Reason(Why.AWAY),)
    assert found.lenders[0].reasons_for[0] == Reason(Why.AVAILABLE_NOW, number=1)


POLICIES_IN_ORDER: list[tuple[dict[str, dict[str, Any]], dict[str, int], str, str]] = [
    ({"a": {"fees": [{"loan": 50}]}, "b": {"fees": [{"loan": 0}]}}, {}, "b a", "the cheaper first"),
    ({"a": {"fees": [{"loan": 5, "currency": "USD"}]}, "b": {"fees": [{"loan": 100}]}}, {}, "b a", "5 dollars are 160"),
    ({"a": {"fees": [{"loan": 1, "currency": "XTS"}]}, "b": {"fees": [{"loan": 9}]}}, {}, "b a", "worth nobody knows"),
    ({"a": {}, "b": {"fees": [{"loan": 900}]}}, {}, "b a", "a cost not stated comes after one that is"),
    ({"a": {"last_resort": True, "days": 1}, "b": {"days": 9}}, {}, "b a", "last resort"),
    ({"a": {"at_most": 3, "days": 1}, "b": {"days": 9}}, {"a": 3}, "b a", "asked as often as it should be"),
    ({"a": {"at_most": 3, "days": 1}, "b": {"days": 9}}, {"a": 2}, "a b", "asked less often"),
    ({"a": {}, "b": {}}, {"a": 3, "b": 1}, "b a", "equals: whoever was asked less"),
    ({"a": {"days": 1}, "b": {"days": 2}}, {"a": 30}, "a b", "load tells equals apart, no others"),
    ({"a": {"days": 30}, "b": {"days": 2, "lends": "ask"}}, {}, "b a", "in time before sure"),
    ({"a": {"days": 2, "open_days": ["sat"]}, "b": {"days": 3}}, {}, "b a", "days of work: on Saturdays alone"),
    ({"a": {"lends": "ask", "days": 1}, "b": {"rules": [{"to": "home", "lends": True}], "days": 9}}, {}, "b a", "sure"),
]


@pytest.mark.parametrize(("policies", "load", "order", "why"), POLICIES_IN_ORDER)
def test_policies_put_libraries_in_order(
    policies: dict[str, dict[str, Any]], load: dict[str, int], order: str, why: str
) -> None:
    codes = {code: f"{code}{code}" for code in policies}
    libraries = members(*(lending(codes[code], **policy) for code, policy in policies.items()), lending("home"))
    rates = Agreements(rates={"USD": Decimal(32)})
    desk = Desk(libraries, rates, {codes[code]: times for code, times in load.items()})
    found = lenders([held_by(*codes.values())], desk, LOAN)
    assert ranked(found) == [codes[code] for code in order.split()], why


def test_a_courier_is_nearer_than_a_neighbour_and_the_far_side_of_the_sea_is_far() -> None:
    here = {"latitude": 24.1, "longitude": 120.6}
    places = {
        "home": here,
        "van": {"latitude": 22.6, "longitude": 120.3},
        "next": {"latitude": 24.2, "longitude": 120.6},
    }
    libraries = members(
        *(library(code, protocol="none", region=code, place=place) for code, place in places.items()),
        library("sea", protocol="none", region="sea", place={"latitude": 34.0, "longitude": -117.3}),
        library("lost", protocol="none", region="lost"),
    )
    van = Courier(code="blue", name={"en": "Blue"}, members=("home", "van"), days=("fri", "tue"))
    found = lenders([held_by("van", "next", "sea", "lost")], Desk(libraries, Agreements(couriers=(van,))), LOAN)
    assert ranked(found) == ["van", "next", "lost", "sea"]
    by_code = {one.library: one for one in found.lenders}
    assert Reason(Why.SAME_COURIER, name={"en": "Blue"}, text="tue fri") in by_code["van"].reasons_for
    assert Reason(Why.NEAR, number=11) in by_code["next"].reasons_for
    assert Reason(Why.FAR, number=by_code["sea"].kilometres) in by_code["sea"].reasons_against
    assert by_code["lost"].kilometres is None


def test_whoever_was_asked_least_is_told_so_when_others_were_asked_more() -> None:
    libraries = members(lending("aa"), lending("bb"), lending("home"))
    some = lenders([held_by("aa", "bb")], Desk(libraries, asked={"aa": 4}), LOAN)
    assert [(one.library, one.asked) for one in some.lenders] == [("bb", 0), ("aa", 4)]
    assert some.lenders[0].reasons_for[-1] == Reason(Why.ASKED_LITTLE, number=0)
    none = lenders([held_by("aa", "bb")], Desk(libraries), LOAN)
    assert Why.ASKED_LITTLE not in {reason.why for one in none.lenders for reason in one.reasons_for}


@pytest.mark.parametrize(
    ("fee", "wanted", "amount", "at_least", "why"),
    [
        ({"loan": 50, "postage": 60}, LOAN, 110, False, "a loan and its parcel"),
        ({"loan": 50}, LOAN, 50, True, "postage not stated"),
        ({"copying": 10, "page": 3}, COPY, 46, False, "twelve pages"),
        ({"page": 3}, Wanted(TODAY, "copy"), 3, True, "nobody says how many pages"),
        ({"copying": 20, "page": 0}, Wanted(TODAY, "copy"), 20, False, "pages cost nothing"),
        ({"to": "bb", "loan": 5}, LOAN, None, False, "a fee for others"),
        ({"page": 3}, LOAN, None, False, "a fee for copies"),
    ],
)
def test_costs_add_up(fee: dict[str, Any], wanted: Wanted, amount: int | None, at_least: bool, why: str) -> None:
    desk = Desk(members(lending("aa", fees=[fee]), lending("home")))
    (lender,) = lenders([held_by("aa")], desk, wanted).lenders
    assert (lender.cost.amount if lender.cost else None) == amount, why
    assert lender.cost is None or lender.cost.at_least is at_least


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
    assert ranked(answered([held], members(*libraries, lending("home")), borrower="home")) == order, why


def test_more_copies_come_first_and_those_not_lent_do_not_count() -> None:
    held = edition(
        "e1",
        {
            "aa": [Holding("aa", "r", "1", items=(Item(item_type="BK"), Item(item_type="REF"), Item(item_type="REF")))],
            "bb": [Holding("bb", "r", "1", items=(Item(item_type="BK"), Item(item_type="BK")))],
        },
    )
    found = answered([held], members(*(lending(code, item_types_not_lent=["REF"]) for code in ("aa", "bb"))))
    assert [(lender.library, lender.copies) for lender in found.lenders] == [("bb", 2), ("aa", 1)]
    assert Reason(Why.SEVERAL_COPIES, number=2) in found.lenders[0].reasons_for
    assert Reason(Why.SOME_COPIES_NOT_LENT, number=2) in found.lenders[1].reasons_against


def test_a_reference_copy_on_the_shelf_makes_nothing_available() -> None:
    held = edition(
        "e1", {"aa": [Holding("aa", "r", "1", items=(Item("b1", item_type="BK"), Item("b2", item_type="REF")))]}
    )
    answer = live("aa", item(ItemState.ON_LOAN, "b1", date(2026, 9, 20)), item(ItemState.AVAILABLE, "b2"))
    found = answered([held], members(lending("aa", item_types_not_lent=["REF"])), [answer])
    assert found.lenders[0].tier is Tier.OUT
    assert found.lenders[0].answer == answer, "what the library said is shown whole"
    twin = answered([held], members(lending("aa")), [answer])
    assert twin.lenders[0].tier is Tier.THERE


def test_a_library_with_two_editions_stands_once_with_the_better_one() -> None:
    editions = [held_by("aa", edition_id="e1"), held_by("aa", edition_id="e2")]
    answers = [
        live("aa", item(ItemState.ON_LOAN), edition_id="e1"),
        live("aa", item(ItemState.AVAILABLE), edition_id="e2"),
    ]
    found = answered(editions, members(lending("aa")), answers)
    assert [(lender.library, lender.edition) for lender in found.lenders] == [("aa", "e2")]


def test_a_library_is_excluded_only_when_nothing_it_holds_can_be_lent() -> None:
    editions = [held_by("aa", edition_id="e1", format=Format.FILM), held_by("aa", edition_id="e2")]
    found = answered(editions, members(lending("aa", formats_not_lent=["film"])))
    assert (ranked(found), found.excluded) == (["aa"], ())
    assert found.lenders[0].edition == "e2"


def test_a_whole_set_on_the_shelf_comes_before_one_in_part() -> None:
    held = edition(
        "e1",
        {
            code: [Holding(code, "r", "1", items=tuple(Item(f"{code}{n}", volume=f"v.{n}") for n in (1, 2)))]
            for code in ("aa", "bb")
        },
    )

    def volumes(code: str, second: ItemState) -> Answer:
        one = ItemStatus(ItemState.AVAILABLE, barcode=f"{code}1", volume="v.1")
        return live(code, one, ItemStatus(second, barcode=f"{code}2", volume="v.2"))

    answers = [volumes("aa", ItemState.ON_LOAN), volumes("bb", ItemState.AVAILABLE)]
    found = answered([held], members(lending("aa", days=1), lending("bb", days=9)), answers)
    assert ranked(found) == ["bb", "aa"]
    assert found.lenders[0].reasons_for[0] == Reason(Why.WHOLE_SET, number=2)
    assert Why.SEVERAL_COPIES not in {one.why for one in found.lenders[0].reasons_for}, "two volumes are not two copies"


@pytest.mark.parametrize(
    ("due", "arrives", "why", "because"),
    [
        (date(2026, 9, 10), date(2026, 9, 13), Why.IN_TIME, "three days after it is back"),
        (date(2026, 9, 19), date(2026, 9, 22), Why.TOO_LATE, "back in time and not here in time"),
        (date(2026, 8, 1), date(2026, 9, 4), Why.IN_TIME, "overdue: from today at the earliest"),
        (None, None, None, "nobody says when it will be back"),
    ],
)
def test_what_is_out_arrives_after_it_is_back(
    due: date | None, arrives: date | None, why: Why | None, because: str
) -> None:
    desk = Desk(members(lending("aa", days=3), lending("home")))
    (lender,) = lenders([held_by("aa")], desk, LOAN, [live("aa", item(ItemState.ON_LOAN, due=due))]).lenders
    assert lender.arrives == arrives, because
    told = {reason.why for reason in (*lender.reasons_for, *lender.reasons_against)} & {Why.IN_TIME, Why.TOO_LATE}
    assert told == ({why} if why else set())

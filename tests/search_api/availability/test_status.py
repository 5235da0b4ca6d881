"""What live answers mean, and what they add up to."""

from __future__ import annotations

from datetime import date

import pytest

from indexer.record import Holding, Item
from search_api.availability.status import (
    Answer,
    AnswerState,
    ItemState,
    ItemStatus,
    Question,
    RecordAnswer,
    Standing,
    combined,
    is_of,
    questions,
    summarise,
    tally,
)
from tests.support.status import edition

OK, PARTIAL, NOT_FOUND, STALE = AnswerState.OK, AnswerState.PARTIAL, AnswerState.NOT_FOUND, AnswerState.STALE
TIMEOUT, ERROR, UNSUPPORTED = AnswerState.TIMEOUT, AnswerState.ERROR, AnswerState.UNSUPPORTED


def answer(state: AnswerState, *items: ItemState) -> Answer:
    return Answer("e1", "lib", ("1",), state, tuple(ItemStatus(item) for item in items))


STANDINGS = [
    (OK, [ItemState.ON_LOAN, ItemState.AVAILABLE], Standing.AVAILABLE, "one copy on the shelf is enough"),
    (OK, [ItemState.ON_REQUEST, ItemState.ON_LOAN], Standing.ON_REQUEST, "closed stacks are not the open shelf"),
    (OK, [ItemState.ONLINE], Standing.ONLINE, "read on-line"),
    (OK, [ItemState.AVAILABLE_ONSITE, ItemState.ON_LOAN], Standing.ON_SITE, "to read there"),
    (OK, [ItemState.ON_LOAN, ItemState.LOST], Standing.NOT_NOW, "every copy is out or gone"),
    (OK, [ItemState.ON_LOAN, ItemState.UNKNOWN], Standing.UNCLEAR, "the unknown copy may be there"),
    (OK, [], Standing.UNCLEAR, "known there, no copies named: neither available nor unavailable"),
    (PARTIAL, [ItemState.ON_LOAN], Standing.UNCLEAR, "a copy that was not told of may be on the shelf"),
    (PARTIAL, [ItemState.AVAILABLE], Standing.AVAILABLE, "what was told is told"),
    (NOT_FOUND, [], Standing.NOT_FOUND, "a missing id is not found, never unavailable"),
    (STALE, [ItemState.AVAILABLE], Standing.KEPT, "a kept answer is not available now"),
    (TIMEOUT, [], Standing.UNANSWERED, "silence is unknown"),
    (ERROR, [], Standing.UNANSWERED, "a failure is unknown"),
    (UNSUPPORTED, [], Standing.NO_LIVE_STATUS, "nothing was asked"),
]


@pytest.mark.parametrize(("state", "items", "standing", "why"), STANDINGS)
def test_a_library_stands_in_one_place(
    state: AnswerState, items: list[ItemState], standing: Standing, why: str
) -> None:
    assert tally(answer(state, *items)).standing is standing, why


def test_every_item_state_has_a_rank_and_the_counts_add_up() -> None:
    answers = [answer(OK, state) for state in ItemState] + [answer(state) for state in AnswerState]
    summary = summarise(answers, asking=3)
    assert summary.holders == sum(summary.counts.values()) == len(ItemState) + len(AnswerState) + 3
    assert set(summary.counts) == set(Standing)
    assert summary.asking == 3
    assert summary.available == 1
    assert summary.unanswered == 2
    assert summary.kept == 1


def test_a_summary_of_nobody_is_zero() -> None:
    assert summarise([]).holders == 0


def test_a_tally_counts_the_best_copies_and_names_the_first_due_date() -> None:
    items = (
        ItemStatus(ItemState.ON_LOAN, due=date(2026, 9, 20), queue=2),
        ItemStatus(ItemState.ON_LOAN, due=date(2026, 9, 3), queue=1),
        ItemStatus(ItemState.ON_LOAN),
        ItemStatus(ItemState.LOST, due=date(2020, 1, 1)),
    )
    figures = tally(Answer("e1", "lib", ("1",), OK, items)).whole
    assert figures is not None
    assert (figures.state, figures.copies, figures.available) == (ItemState.ON_LOAN, 4, 0)
    assert figures.first_due == date(2026, 9, 3), "the due date of a lost copy promises nothing"
    assert figures.queue == 3


def test_a_tally_without_copies_states_nothing() -> None:
    assert tally(answer(OK)).volumes == ()
    figures = tally(answer(OK)).whole
    assert figures is not None
    assert (figures.state, figures.copies, figures.first_due, figures.queue) == (ItemState.UNKNOWN, 0, None, None)


def test_different_volumes_are_never_added_together() -> None:
    items = (
        ItemStatus(ItemState.ON_LOAN, volume="第4冊", due=date(2026, 12, 3), queue=1),
        ItemStatus(ItemState.AVAILABLE, volume="第3冊"),
        ItemStatus(ItemState.ON_LOAN, volume="v.3", due=date(2026, 12, 9)),
    )
    counted = tally(Answer("e1", "lib", ("1",), OK, items))
    assert counted.standing is Standing.AVAILABLE, "some volume can be taken home"
    assert counted.whole is None, "1 of 3 would be true of no volume"
    assert [(one.volume, one.copies, one.available, str(one.first_due), one.queue) for one in counted.volumes] == [
        ("第3冊", 2, 1, "2026-12-09", None),
        ("第4冊", 1, 0, "2026-12-03", 1),
    ]


def test_copies_of_one_volume_and_copies_of_which_nobody_says_it_are_kept_apart() -> None:
    one_volume = tally(answer(OK, ItemState.AVAILABLE))
    assert (one_volume.volumes, one_volume.whole is not None) == ((), True), "not of a volume at all"
    items = (ItemStatus(ItemState.AVAILABLE, volume="上"), ItemStatus(ItemState.AVAILABLE))
    mixed = tally(Answer("e1", "lib", ("1",), OK, items))
    assert [(one.volume, one.available) for one in mixed.volumes] == [("", 1), ("上", 1)]
    assert mixed.whole is None


COMBINATIONS = [
    ([OK, OK], OK, "all answered"),
    ([OK, NOT_FOUND], OK, "a record that left does not spoil the other"),
    ([NOT_FOUND, NOT_FOUND], NOT_FOUND, "none is known"),
    ([OK, TIMEOUT], PARTIAL, "half an answer"),
    ([OK, PARTIAL], PARTIAL, "half an answer"),
    ([NOT_FOUND, ERROR], ERROR, "nothing was said of any copy"),
    ([ERROR, TIMEOUT], ERROR, "the first failure"),
    ([STALE, OK], STALE, "kept copies must not count as live ones"),
    ([STALE, TIMEOUT], STALE, "something kept is better than silence, and says its age"),
    ([], NOT_FOUND, "no number to ask with"),
]


@pytest.mark.parametrize(("states", "expected", "why"), COMBINATIONS)
def test_several_records_of_a_library_give_one_state(
    states: list[AnswerState], expected: AnswerState, why: str
) -> None:
    question = Question("e1", "lib", tuple(map(str, range(len(states)))))
    answers = [RecordAnswer(str(n), state, message="no answer") for n, state in enumerate(states)]
    state, items, message = combined(question, answers)
    assert state is expected, why
    assert items == ()
    assert message == ("no answer" if states else "the record has no number to ask with"), "said once, not for each"


def test_an_electronic_holding_is_online_whatever_the_system_says() -> None:
    online = ItemStatus(ItemState.ONLINE, local_id="9", url="https://e.example/9")
    assert combined(Question("e1", "lib", (), (online,)), []) == (OK, (online,), "")
    state, items, _ = combined(Question("e1", "lib", ("1",), (online,)), [RecordAnswer("1", TIMEOUT)])
    assert (state, items) == (PARTIAL, (online,))


def test_an_edition_asks_each_library_once_and_leaves_out_what_is_only_online() -> None:
    held = edition(
        "e1",
        {
            "b": [
                Holding("b", "r1", "1", items=(Item(),)),
                Holding("b", "r1", "1", branch="X"),
                Holding("b", "r2", "2", url="https://e.example/2"),
            ],
            "a": "7",
        },
    )
    first, second = questions(held)
    assert (first.library, first.local_ids, first.online) == ("a", ("7",), ())
    assert (second.library, second.local_ids) == ("b", ("1",))
    assert [(item.state, item.url, item.local_id) for item in second.online] == [
        (ItemState.ONLINE, "https://e.example/2", "2")
    ]


def test_a_record_with_copies_beside_its_link_is_asked() -> None:
    held = edition("e1", {"a": [Holding("a", "r1", "1", url="https://e.example"), Holding("a", "r1", "1", branch="X")]})
    (question,) = questions(held)
    assert question.local_ids == ("1",)
    assert len(question.online) == 1


@pytest.mark.parametrize(
    ("status", "item", "same"),
    [
        (ItemStatus(ItemState.AVAILABLE, barcode="31"), Item(barcode="31"), True),
        (ItemStatus(ItemState.AVAILABLE, item_id="77"), Item(item_id="77"), True),
        (ItemStatus(ItemState.AVAILABLE, item_id="http://lib.example/item/31"), Item(barcode="31"), True),
        (ItemStatus(ItemState.AVAILABLE, item_id="urn:x:epn:31"), Item(item_id="31"), True),
        (ItemStatus(ItemState.AVAILABLE, item_id="31"), Item(barcode="32"), False),
        (ItemStatus(ItemState.AVAILABLE), Item(), False),  # two copies without numbers are not the same copy
    ],
)
def test_a_live_copy_is_found_among_the_catalogued_ones(status: ItemStatus, item: Item, same: bool) -> None:
    assert is_of(status, item) is same

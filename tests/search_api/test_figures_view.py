"""One library's copies in a sentence, in both languages."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from search_api.availability.status import Answer, AnswerState, ItemState, ItemStatus
from search_api.figures_view import VOLUMES_NAMED, figures_in_words
from search_api.texts import texts

NOW = datetime(2026, 11, 21, 10, 24, tzinfo=UTC)
DUE = date(2026, 12, 3)
IN, OUT = ItemStatus(ItemState.AVAILABLE), ItemStatus(ItemState.ON_LOAN, due=DUE)
THIRD = (ItemStatus(ItemState.AVAILABLE, volume="第3冊"), ItemStatus(ItemState.ON_LOAN, volume="第3冊"))
FOURTH = ItemStatus(ItemState.ON_LOAN, volume="第4冊", due=DUE)


def answer(*items: ItemStatus, state: AnswerState = AnswerState.OK) -> Answer:
    return Answer("e1", "lib", ("1",), state, items, as_of=NOW)


@pytest.mark.parametrize(
    ("given", "en", "zh"),
    [
        (answer(IN, IN, OUT), "2 of 3 available now, first due back on 3 Dec", "3冊中2冊可借，最早12月3日到期"),
        (answer(IN), "1 of 1 available now", "1冊中1冊可借"),
        (answer(OUT), "due back on 3 Dec", "12月3日到期"),
        (answer(ItemStatus(ItemState.ON_LOAN, queue=2)), "On loan, 2 waiting", "已借出，2人預約"),
        (answer(ItemStatus(ItemState.LOST)), "Lost", "遺失"),
        (answer(*[ItemStatus(ItemState.ON_REQUEST)] * 2), "On request: 2 of 2", "可調閱：2冊中2冊"),
        (
            answer(*THIRD, FOURTH),
            "第3冊: 1 of 2 available now; 第4冊: due back on 3 Dec",
            "第3冊：2冊中1冊可借；第4冊：12月3日到期",
        ),
        (answer(*THIRD, IN), "no volume stated: 1 of 1 available now; 第3冊: 1 of 2 available now", None),
        (answer(), "Status unknown", "狀態不明"),
        (answer(IN, state=AnswerState.ERROR), "Could not ask", "無法查詢"),
        (answer(state=AnswerState.NOT_FOUND), "Not in its system", "該館系統查無此筆"),
        (answer(state=AnswerState.UNSUPPORTED), "No live status", "未提供即時狀態"),
    ],
)
def test_what_is_said_of_copies(given: Answer, en: str, zh: str | None) -> None:
    assert figures_in_words(given, texts("en")) == en
    if zh is not None:
        assert figures_in_words(given, texts("zh-Hant")) == zh


def test_a_kept_answer_says_from_when_it_is() -> None:
    t = texts("en")
    assert figures_in_words(answer(IN, state=AnswerState.STALE), t) == f"1 of 1 available now at {t.time(NOW)}"


def test_of_many_volumes_the_first_are_named_and_the_others_counted() -> None:
    volumes = (ItemStatus(ItemState.AVAILABLE, volume=f"v.{n}") for n in range(1, VOLUMES_NAMED + 4))
    said = figures_in_words(answer(*volumes), texts("en")).split("; ")
    assert said[:2] == ["v.1: 1 of 1 available now", "v.2: 1 of 1 available now"]
    assert said[VOLUMES_NAMED:] == ["and 3 more volumes"]

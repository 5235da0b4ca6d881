"""Status words of readers' pages: whole, folded, and never a part taken for the whole."""

from __future__ import annotations

import pytest

from search_api.availability.status import ItemState
from search_api.availability.words import WORDS, word_of

READ: list[tuple[str, ItemState | None, str]] = [
    ("在架", ItemState.AVAILABLE, "on the shelf"),
    ("仍在館內", ItemState.AVAILABLE, "still in"),
    ("可外借", ItemState.AVAILABLE, "may be taken home"),
    ("不可外借", ItemState.NOT_FOR_LOAN, "holds 可外借 and means the reverse"),
    ("不在架上", ItemState.MISSING, "holds 在架上 and means the reverse"),
    ("已外借", ItemState.ON_LOAN, "out"),
    ("到期日：115/09/20", ItemState.ON_LOAN, "a heading and its date"),
    ("  【限館內使用】 ", ItemState.AVAILABLE_ONSITE, "signs round it"),
    ("在預約保留架上", ItemState.ON_HOLD_SHELF, "kept for somebody"),
    ("調閱中", ItemState.IN_TRANSIT, "on its way"),
    ("傳回本館中", ItemState.IN_TRANSIT, "on its way back"),
    ("編目中", ItemState.IN_PROCESS, "not on the shelf yet"),
    ("訂購中", ItemState.ON_ORDER, "not there yet"),
    ("修補中", ItemState.IN_PROCESS, "being mended"),
    ("遺失", ItemState.LOST, "lost"),
    ("Ｏｎ　Ｓｈｅｌｆ", ItemState.AVAILABLE, "full width"),
    ("CHECKED OUT", ItemState.ON_LOAN, "capitals"),
    ("可外借嗎", None, "a longer word"),
    ("外", None, "a shorter one"),
    ("阅览中", None, "a word of no table"),
    ("", None, "no word"),
]


@pytest.mark.parametrize(("text", "state", "why"), READ)
def test_words_are_compared_whole(text: str, state: ItemState | None, why: str) -> None:
    assert WORDS.get(word_of(text)) is state, why


def test_each_word_stands_for_one_state_and_is_folded_as_it_is_looked_up() -> None:
    assert [word for word in WORDS if word_of(word) != word] == []


@pytest.mark.parametrize("code", ["-", "!", "o", "$"])
def test_a_code_of_signs_stays(code: str) -> None:
    assert word_of(f" {code} ") == code

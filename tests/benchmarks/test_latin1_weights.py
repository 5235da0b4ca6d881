"""The table that tells Latin-1 from MARC-8, counted in words spelt in both."""

from __future__ import annotations

import pytest

from benchmarks.latin1_weights import agreement, weights, words
from indexer.latin1 import WEIGHTS, ZERO


@pytest.mark.parametrize(
    ("byte", "row", "letter", "speaks", "why"),
    [
        (0xE3, 0, "o", 1, "ã before o within a word is Portuguese: São, João"),
        (0xE2, 1, "e", -1, "an acute before the last e is MARC-8's café"),
        (0xE9, 0, "z", 0, "what no word has says nothing"),
    ],
)
def test_a_letter_beside_a_byte_speaks_for_the_set_it_stands_there_in(
    byte: int, row: int, letter: str, speaks: int, why: str
) -> None:
    found = words(["João Sãos coração pãos", "café olé touché"])
    weight = ord(weights(found)[byte][row][ord(letter) - ord("a")]) - ZERO
    assert (weight > 0) - (weight < 0) == speaks, why


def test_only_words_in_latin_letters_with_a_diacritic_count() -> None:
    assert words(["Café im Haus, Москва 1984", "東京 café"]) == {"café"}


def test_the_products_own_table_agrees_with_itself() -> None:
    same, of = agreement(WEIGHTS)
    assert same == of > 1_000

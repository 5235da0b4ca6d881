"""Big5 and its extensions: what all agree on, what only one has, what is a library's own."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.big5 import Extension, _table, decoded_big5

EXTENSIONS: tuple[Extension, ...] = ("big5", "big5-hkscs", "big5-uao")


def text_and_notes(data: bytes, extension: Extension = "big5") -> tuple[str, list[str]]:
    notes: list[str] = []
    return decoded_big5(data, extension, notes), notes


@pytest.mark.parametrize(
    ("data", "text", "why"),
    [
        (b"\xac\xf5\xbc\xd3\xb9\xda / \xb1\xe4\xb3\xb7\xaa\xe0", "紅樓夢 / 曹雪芹", "frequent characters and ASCII"),
        (b"\xa1\x45", "‧", "between the parts of a foreign name, as Windows has it"),
        (b"\xc6\xe7\xc6\xe8 \xc7\xa7", "ぁあ カ", "kana as ETEN put them, not as Python's cp950 has them"),
        (b"\xc6\xcf\xc6\xd3\xc6\xde", "廴无〃", "what ETEN has and Hong Kong's has elsewhere"),
        (b"\xf9\xd6\xf9\xd8\xf9\xfe", "碁裏▓", "ETEN's seven characters and boxes, as Windows has them"),
        (b"\xa3\xe1", "€", "the euro sign"),
        (b"\xa4\xa4\x80\xa4\xe5", "中\ufffd文", "a byte that begins nothing"),
        (b"\xa4\xa4\xa4", "中\ufffd", "half a pair at the end"),
        (b"\xa4\x20\xa4\xe5", "\ufffd 文", "half a pair before a blank: the blank stays"),
    ],
)
def test_what_all_extensions_agree_on_is_read_in_each(data: bytes, text: str, why: str) -> None:
    for extension in EXTENSIONS:
        assert decoded_big5(data, extension) == text, (extension, why)


@pytest.mark.parametrize(
    ("data", "hong_kong", "uao", "why"),
    [
        (b"\x88\x62", "Ê̄", "论", "one pair of bytes, two characters"),
        (b"\x84\xf2", "\ufffd", "测", "Hong Kong's set has nothing there"),
        (b"\xfb\x5b", "囯", "啩", "the rows of a library's own characters"),
        (b"\xc8\xd6", "⺀", "ｷ", "ETEN's gap"),
    ],
)
def test_what_extensions_disagree_on_is_lost_until_a_librarys_file_says_which(
    data: bytes, hong_kong: str, uao: str, why: str
) -> None:
    text, notes = text_and_notes(data)
    assert text == "\ufffd", why
    assert notes == ['characters beyond Big5: if they are not the library\'s own, say "big5-hkscs" or "big5-uao"']
    assert decoded_big5(data, "big5-hkscs") == hong_kong
    assert decoded_big5(data, "big5-uao") == uao


def test_a_sentence_in_unicode_at_on_as_another_decoder_has_it() -> None:
    data = (
        b"\xa4\x40\xa4\x70\xac\x71\xa4\xa4\xa4\xe5\xb4\xfa\xb8\xd5\x9d\xde\xa4\x40\xa4\x70\xac\x71\xa4\xa4\xa4\xe5"
        b"\x84\xf2\x86\x49\x9d\xde\xa4\xa4\x83\xf6\xc7\x55\xb5\x75\xc6\xea\xc7\xc2\xc7\xb5\xc7\xc4\x9d\xde"
    )
    assert text_and_notes(data, "big5-uao") == ("一小段中文測試♥一小段中文测试♥中国の短いテスト♥", [])


def test_private_use_characters_are_lost_and_told() -> None:
    assert text_and_notes(b"\x82\x64", "big5-uao") == ("\ufffd", ["characters that big5-uao does not have"])


def test_the_extensions_contain_what_all_agree_on() -> None:
    common, hong_kong, uao = map(_table, EXTENSIONS)
    assert len(common) == 13_812
    assert common.items() <= hong_kong.items()
    assert common.items() <= uao.items()
    assert sum(hong_kong[pair] != uao[pair] for pair in hong_kong.keys() & uao.keys()) > 4_000


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from(sorted(_table("big5").values())), max_size=20), st.sampled_from(EXTENSIONS))
def test_text_written_in_big5_comes_back(text: str, extension: Extension) -> None:
    pairs = {character: pair for pair, character in _table(extension).items()}
    data = b"".join(pairs[character].to_bytes(2, "big") for character in text)
    assert decoded_big5(data, extension) == text

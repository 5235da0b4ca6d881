from __future__ import annotations

import contextlib
import io
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymarc.marc8 import marc8_to_unicode

from indexer.charset import CharacterSet, UnknownCharacterSet, character_set, decoded
from indexer.marc8 import decoded_marc8

DATA = Path(__file__).parents[2].parent / "shared" / "data"


@pytest.mark.parametrize(
    ("data", "says_utf8", "found", "why"),
    [
        (b"plain", False, "utf-8", "ASCII is both"),
        ("紅樓夢".encode(), False, "utf-8", "valid UTF-8 wins over a MARC-8 label"),
        (b"caf\xe2e", True, "marc-8", "diacritics placed as MARC-8 does win over a UTF-8 label"),
        (b"caf\xe2e", False, "marc-8", "MARC-8 as labelled"),
        (b"\x1b$1!Ts\x1b(B", False, "marc-8", "an escape to EACC"),
        (b"\x1b$1!Ts\x1b(B", True, "marc-8", "whatever the label says"),
        (b"caf\xe9 noir", True, "utf-8 with windows-1252", "a letter of Windows-1252 under a UTF-8 label"),
        (b"\x80 noir", True, "utf-8", "a byte that is no letter under a UTF-8 label is damage"),
        (b"f\xf8rste \xe6 og P\xe5 den", False, "latin-1", "letters that stand where no diacritic can"),
        (b"Relaxin\xe1 at Camarillo", False, "marc-8", "one diacritic on nothing proves nothing"),
        ("紅樓夢".encode() + b"\xff", True, "utf-8", "UTF-8 with a bad byte"),
        ("紅樓夢研究資料".encode("big5"), False, "big5", "Chinese in Big5"),
    ],
)
def test_the_bytes_decide_the_character_set(data: bytes, says_utf8: bool, found: str, why: str) -> None:
    assert character_set(data, says_utf8=says_utf8) == found, why


def titled(*texts: bytes) -> bytes:
    """What a record's bytes are like: each text the $a of a field."""
    return (
        b"00100nam  2200049   4500245001000000\x1e" + b"".join(b"10\x1fa" + text + b"\x1e" for text in texts) + b"\x1d"
    )


@pytest.mark.parametrize(
    ("texts", "codec", "found", "why"),
    [
        ("小王子", "big5", "big5", "three frequent characters, one with a low second byte"),
        ("紅樓夢", "big5", "big5", "high bytes only, of which the first means nothing in GB, KS and JIS"),
        ("百年孤寂", "big5", "big5", "four characters"),
        ("紅樓夢 程甲本 (清)曹雪芹著", "big5", "big5", "a brief record: few low bytes, and a dynasty"),
        ("論語", "big5", "big5", "UTF-8 for a letter stands within by chance"),
        ("家 巴金", "big5", "big5", "one character, and a name"),
        ("中文", "big5", "euc-jp?", "kana as likely: not guessed"),
        ("彷徨", "big5", "big5?", "frequent in Big5's order and not in titles: not guessed"),
        ("水滸傳", "big5", "big5?", "half of it frequent is needed where GB has a meaning for it too"),
        ("小王子", "gb2312", "gb18030?", "Simplified Chinese"),
        ("한국의역사", "euc_kr", "euc-kr?", "Korean, whose first bytes are those of Big5's frequent characters"),
        ("こころ", "euc_jp", "euc-jp?", "Japanese: its kana would be frequent characters of Big5"),
        ("源氏物語", "euc_jp", "euc-jp?", "Japanese without kana"),
    ],
)
def test_few_characters_of_two_bytes_are_proven_or_refused(texts: str, codec: str, found: str, why: str) -> None:
    data = titled(*(text.encode(codec) for text in texts.split(" ")))
    assert [_told(data, says_utf8=says_utf8) for says_utf8 in (False, True)] == [found, found], why


def _told(data: bytes, *, says_utf8: bool) -> str:
    try:
        return character_set(data, says_utf8=says_utf8)
    except UnknownCharacterSet as unknown:
        return f"{unknown.likely}?"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b"\xf6I\xf6N", "letters with marks stand like two pairs"),
        (b"Ng\xbd\xe1\xbci \xb3\xbd\xe1\xbcng", "Vietnamese: pairs of frequent characters within words"),
        (b"Ch\xb0ing Hung lou meng t\xb0u shu", "Chinese in letters: each breathing with its letter is a pair"),
        (b"Gor\xa7kij \xa5sop \xb2l", "a soft sign, a ligature, a word of two letters"),
        (b"\xc2\xc31998", "two signs together are one pair, which tells nothing"),
        (b"\xb0\xe5Alam al-kutub", "an ain and a long vowel before a word"),
    ],
)
def test_letters_of_marc8_are_not_taken_for_pairs(text: bytes, why: str) -> None:
    assert character_set(titled(text), says_utf8=False) == "marc-8", why


@pytest.mark.parametrize(
    ("data", "charset", "text", "why"),
    [
        (b"caf\xe2e", "marc-8", "café", "a combining mark precedes its letter"),
        (b"\xe5\xe2o", "marc-8", "\u1e53", "two marks on one letter are composed"),
        (b"\xb2\xa2", "marc-8", "øØ", "letters of the extended set"),
        (b"\x1b$1!Cs\x1b(B ok", "marc-8", "李 ok", "EACC and back"),
        (b"\x1b(NPRIWET\x1b(B", "marc-8", "приwет".replace("w", "в"), "Cyrillic"),
        (b"H\x1bb2\x1bsO", "marc-8", "H₂O", "subscripts, locked and back"),
        (b"\x88The \x89rest", "marc-8", "The rest", "non-sorting marks"),
        (b"a\x1b$1!C", "marc-8", "a\ufffd", "a truncated EACC character is lost, and seen to be"),
        (b"a\x1bZb", "marc-8", "a\ufffdZb", "an escape to nowhere"),
        (b"&#x200F;x", "marc-8", "\u200fx", "a character reference, as MARC-8 spells what it lacks"),
        ("臺北市".encode("big5"), "big5", "臺北市", "Big5"),
        ("嘅".encode("big5hkscs"), "big5-hkscs", "嘅", "Hong Kong's supplement, where the library says so"),
        (b"\x84\xf2\x86\x49", "big5-uao", "测试", "Simplified Chinese in Unicode-at-on, where the library says so"),
        ("東京の図書館".encode("euc_jp"), "euc-jp", "東京の図書館", "Japanese on Unix"),
        ("กรุงเทพ".encode("cp874"), "tis-620", "กรุงเทพ", "Thai"),
        (b"Truy\xea\xf2n Ki\xea\xccu", "windows-1258", "Truyện Kiều", "Vietnamese, its tones after their letters"),
        (b"\x88Le \x89caf\xc2e \xe1", "iso-5426", "Le café Æ", "UNIMARC's extended Latin"),
        ("Łódź".encode("cp1250"), "windows-1250", "Łódź", "Central European"),
        (b"caf\xe9", "latin-1", "café", "Latin-1 where the library says so"),
        (b"caf\xe9", "utf-8", "caf\ufffd", "a byte that is not UTF-8"),
    ],
)
def test_bytes_are_decoded(data: bytes, charset: str, text: str, why: str) -> None:
    assert decoded(data, charset) == text, why  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("data", "charset", "text"),
    [(b"\x1b$1!*!!0!\x1b(B", "marc-8", "\ue8d0一"), ("\ue000".encode("gb18030"), "gb18030", "\ue000")],
)
def test_characters_of_private_use_are_told(data: bytes, charset: CharacterSet, text: str) -> None:
    notes: list[str] = []
    assert decoded(data, charset, notes) == text
    assert notes == ["a character of private use, which nobody else can show"]


def test_marc8_reads_as_pymarc_reads_it_on_the_parallel_lines() -> None:
    file = DATA / "broken" / "pymarc-test_marc8.txt"
    if not file.exists():
        pytest.skip(f"{file} is not here: it holds 1,515 lines of MARC-8")
    lines = file.read_bytes().split(b"\n")
    assert len(lines) >= 1515
    for line in lines:
        with contextlib.redirect_stderr(io.StringIO()):
            assert decoded_marc8(line) == marc8_to_unicode(line, hide_utf8_warnings=True)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=60), st.sampled_from(get_args(CharacterSet)))
def test_no_bytes_fail_to_decode(data: bytes, charset: str) -> None:
    assert isinstance(decoded(data, charset), str)  # type: ignore[arg-type]
    try:
        found: str = character_set(data, says_utf8=False)
    except UnknownCharacterSet as unknown:
        found = unknown.likely
    assert isinstance(decoded(data, found), str)  # type: ignore[arg-type]


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=30).map(lambda tail: b"\x1b$1" + tail))
def test_no_eacc_fails_to_decode(data: bytes) -> None:
    assert isinstance(decoded_marc8(data), str)


@pytest.mark.parametrize("says_utf8", [True, False])
@pytest.mark.parametrize(
    ("texts", "codec", "meant"),
    [
        ("红楼梦校注 曹雪芹著 北京 人民文学出版社", "gb18030", "gb18030"),
        ("吾輩は猫である 夏目漱石著 東京 岩波書店", "euc_jp", "euc-jp"),
        ("吾輩は猫である 夏目漱石著 東京 岩波書店", "shift_jis", "shift_jis"),
        ("엄마를 부탁해 신경숙 지음 서울 창비", "euc_kr", "euc-kr"),
        ("สี่แผ่นดิน คึกฤทธิ์ ปราโมช กรุงเทพฯ", "tis_620", "tis-620"),
    ],
)
def test_sets_that_nothing_states_are_refused_by_name_whatever_the_leader_says(
    texts: str, codec: str, meant: str, says_utf8: bool
) -> None:
    data = b"\x1fa" + texts.replace(" ", "\x1e\x1fa").encode(codec) + b"\x1e\x1faEnglish subject heading"
    with pytest.raises(UnknownCharacterSet) as refused:
        character_set(data, says_utf8=says_utf8)
    assert refused.value.likely == meant


def test_latin_words_are_no_text_of_asia() -> None:
    data = "Les misérables : édition intégrale / présenté par René Journet. Paris : Éditions Gallimard".encode(
        "latin-1"
    )
    assert character_set(data, says_utf8=True) == "utf-8 with windows-1252"
    assert character_set(data, says_utf8=False) == "latin-1"

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymarc import marc8_mapping

from indexer.eacc import _CCCII, character, left_over
from indexer.marc8 import decoded_marc8

EACC: dict[int, tuple[int, int]] = marc8_mapping.CODESETS[0x31]


def decoded(text: str, *others: str) -> str:
    """The text as a record repairs it whose other texts are these."""
    result = left_over([*others, text])[-1]
    return result.text if result else text


@pytest.mark.parametrize(
    ("code", "text", "why"),
    [
        (0x215946, "譯", "EACC has it"),
        (0x215F77, "面", "EACC has it as the simplified form of 麵, CCCII in its own place"),
        (0x21542A, "致", "EACC has it as the simplified form of 緻"),
        (0x27625E, "面", "EACC's own code for it"),
        (0x455946, "譯", "a variant without an entry of its own is folded to the character"),
        (0x2D5F77, "面", "also where only CCCII has the first layer"),
        (0x212121, "", "a place without a character"),
        (0x6F7E7E, "", "Korean planes hold no variants of Chinese characters"),
    ],
)
def test_a_code_gives_its_character(code: int, text: str, why: str) -> None:
    assert character(code) == text, why


def test_every_code_of_eacc_gives_what_eacc_says() -> None:
    assert all(character(code) == chr(point) for code, (point, _) in EACC.items())


def test_every_code_of_eacc_is_decoded_from_either_half() -> None:
    for code, (point, _) in EACC.items():
        want = unicodedata.normalize("NFC", chr(point))
        for escape, sent in ((b"\x1b$1", code), (b"\x1b$)1", code | 0x808080)):
            text = decoded_marc8(escape + sent.to_bytes(3, "big"))
            assert text == want or (text.isspace() and want.isspace()), hex(code)


def test_what_is_added_to_eacc_is_not_in_it_and_stands_by_radical_and_strokes() -> None:
    first = {code: chr(EACC[code][0]) for code in sorted(EACC) if 0x213021 <= code <= 0x21627E}
    for code, added in _CCCII.items():
        assert code not in EACC
        if code < 0x213021:
            continue  # a symbol
        assert added not in first.values(), f"{added} has a place of its own there"
        before = [text for place, text in first.items() if place < code][-3:]
        after = [text for place, text in first.items() if place > code][:3]
        # Unicode's first block stands in the same order; within one number of strokes, and at 水 and 心, it may differ.
        assert min(map(ord, before)) - 60 < ord(added) < max(map(ord, after)) + 60, (added, before, after)


LEFT_OVER = [
    ("354!_w", "354面", "the pages of a book"),
    ("!_w", "面", "all that is left of the pages"),
    ("[39], 299!_w", "[39], 299面", "after brackets"),
    ("5,357!_w", "5,357面", "after a comma"),
    ("孫!T*!N|!YF.", "孫致禮譯.", "a name and a role"),
    ("!T*!N|", "致禮", "a name of its own"),
    ("黎!=~!YF.", "黎志譯.", "the full stop stays"),
    ("聯!5K!L{!WD!04!=x!L{!WD", "聯合發行中心發行", "a distributor"),
    ('簡!"<!9>!Bd!F`!UN', "簡·奧斯汀著", "a symbol first"),
    ("!<P!JE!Bd", "席爾斯", "what begins like a tag"),
    ("!<G!0s", "希代", "a publisher"),
    ("臺北縣!D,!E[!<D", "臺北縣板橋市", "a place"),
    ("Oxford University Press出版的3+B!0-!L,!5.!3,!5E!UN3+C!5+!CU1985年版本", None, "brackets that are in no table"),
]


@pytest.mark.parametrize(("text", "right", "why"), LEFT_OVER)
def test_codes_left_as_ascii_are_decoded(text: str, right: str | None, why: str) -> None:
    if right is None:
        right = "Oxford University Press出版的\ufffd世界古典名著\ufffd叢書1985年版本"
    assert decoded(text, "傲慢與偏見") == right, why


@pytest.mark.parametrize(
    ("text", "right", "why"),
    [
        ("!;E!Xi--!04!7o", "小說--中國", "a subject and its subdivision"),
        ("!;E!Xi-!04!7o", "小說-中國", "with one hyphen"),
        ("全集. !0&/!0%", "全集. 上/下", "two parts"),
        ("小說—!04!7o", "小說—中國", "a dash"),
        ("see Wow-!04s", "see Wow-!04s", "the twin: a code within a word is none"),
    ],
)
def test_codes_between_hyphens_and_slashes_are_decoded(text: str, right: str, why: str) -> None:
    assert decoded(text, "傲慢與偏見", "299!_w") == right, why


@pytest.mark.parametrize(
    ("texts", "east_asian", "right"),
    [
        (["!0M!Dr / !0M!Dr !YF"], True, ["亂棋 / 亂棋 譯"]),
        (["!0M!Dr / !0M!Dr !YF"], False, ["!0M!Dr / !0M!Dr !YF"]),
        (["!0M!Dr", "!YF"], True, ["亂棋", "譯"]),
        (["!Ay !Ya !Ho"], True, ["!Ay !Ya !Ho"]),
        (["GO! GO! !YF!T*"], True, ["GO! GO! !YF!T*"]),
        (["!00!01!02"], True, ["!00!01!02"]),
        (["!0M !0M !0M"], True, ["!0M !0M !0M"]),
    ],
)
def test_texts_of_nothing_but_codes_are_codes_where_the_language_is_stated(
    texts: list[str], east_asian: bool, right: list[str]
) -> None:
    results = left_over(texts, east_asian=east_asian)
    assert [result.text if result else text for text, result in zip(texts, results, strict=True)] == right


@pytest.mark.parametrize(
    ("text", "right", "why"),
    [
        ("!Os3330", "第3冊", "a volume between digits and a code that is made of them"),
        ("!Os12330", "第12冊", "of two digits"),
        ("!Os330", "第冊", "none: the code alone"),
        ("!Os330!_w", "第330面", "a number before what is counted"),
        ("!Os3!_w", "第3面", "digits before a code of the first plane"),
        ("!T*!N|330", "致禮冊", "at the end"),
        ("KN7!ON", "研究", "the first code in a plane of letters"),
        ("-=l!Bd", "従斯", "in one of signs"),
        ("'Xi\"@>!Bd", "说樑斯", "two of them before"),
        ("K7o!^i", "国關", "and another"),
        ("'Xi'EJ", "说楼", "a text of nothing else"),
        ("PAK7!ON", "PAK7究", "a word before: not taken along"),
        ("'Xi", "'Xi", "one alone may be meant"),
        ("KN7KSe", "KN7KSe", "letters and digits alone may be meant"),
        ("KB-03", "KB-03", "a shelf mark that is no code"),
    ],
)
def test_codes_of_planes_without_an_exclamation_mark_are_decoded_where_a_record_has_others(
    text: str, right: str, why: str
) -> None:
    assert decoded(text, "傲慢與偏見", "354!_w") == right, why
    if "!" not in text:
        assert left_over([text, "傲慢與偏見", "354面"])[0] is None, "the twin: a record without codes"


def test_digits_between_codes_are_not_counted_as_decoded() -> None:
    result = left_over(["!Os12330", "傲慢與偏見", "354!_w"])[0]
    assert result is not None
    assert (result.text, result.decoded) == ("第12冊", 2)


def test_a_variant_that_eacc_lacks_is_its_character_between_codes_that_are_known() -> None:
    lacking = next(code for code in range(0x273022, 0x27307E) if code not in EACC and character(code))
    text = f"!T*{lacking.to_bytes(3, 'big').decode()}!N|"
    assert decoded(text, "傲慢與偏見", "354!_w") == f"致{character(lacking)}禮"


def test_what_was_decoded_and_what_was_lost_are_counted() -> None:
    result = left_over(["中文3+B!0-!L,!5.!3,!5E!UN3+C!5+"])[0]
    assert result is not None
    assert (result.decoded, result.lost) == (7, 2)


@pytest.mark.parametrize(
    ("text", "right", "why"),
    [
        ("紅樓夢 354!_w", "紅樓夢 354面", "after a number, behind a blank"),
        ("紅樓夢, 354 !_w", "紅樓夢, 354 面", "by itself"),
        ("Hong lou meng !YF", "Hong lou meng 譯", "by itself behind Latin words, in a record that has others"),
        ("!T*!N|, Li", "致禮, Li", "by itself before Latin words"),
        ("$1!_w!T*(B", "面致", "between escapes that lost their first character"),
    ],
)
def test_codes_that_stand_by_themselves_are_decoded_too(text: str, right: str, why: str) -> None:
    assert decoded(text, "傲慢與偏見", "299!_w") == right, why


def test_a_record_of_nothing_but_codes_is_decoded() -> None:
    assert decoded("!Pr!EJ!9$!CV!_R!T^", "Cao, Xueqin") == "紅樓夢曹雪芹"
    assert decoded("$1!Pr!EJ!9$(B", "Cao, Xueqin") == "紅樓夢"


@pytest.mark.parametrize(
    ("text", "left", "why"),
    [
        ("see !_w", 1, "a single code, and no number before it"),
        ("!T*!N~", 2, "two, of which one is seldom in a title"),
        ("(pbk.) $1!|E(B", 1, "one between escapes, in a record of Latin letters: a currency sign, in a real record"),
        ("!03" * 5, 5, "characters that no table has"),
        ("Oklahoma!", 0, "an exclamation"),
        ("Pride and prejudice", 0, "no codes at all"),
    ],
)
def test_what_looks_like_codes_and_stays_is_counted(text: str, left: int, why: str) -> None:
    result = left_over([text, "Pride"])[0]
    assert (result.left if result else 0) == left, why
    assert result is None or result.text == text


def test_a_run_that_could_be_words_is_a_code_only_where_others_cannot_be() -> None:
    assert decoded("譯者!YF", "傲慢與偏見") == "譯者!YF"
    assert decoded("譯者!YF", "傲慢與偏見", "354!_w") == "譯者譯"


LATIN_WRITING = [
    "!GO!GO!GO!",
    "Wham!Bam!Pow! A comic",
    "Mamma!Mia!Yes!No!",
    "He said: !No!Si!Ay caramba",
    "!Viva!Viva!Viva Mexico!",
    "x!=a && y!=b!=c!=d",
    "Standard keyboard: !@#$%^&*()_+!Pr",
    "5!=120!6!=720!",
    "!xo!kung and !Kung San",
    "!!!!!!!!!!!!",
    "!00!01!02",
    "$1!|E(B (pbk.)",
    "only $5!9!1!",
    'char s[] = "!a!b!c"; /* !0!1 */',
    "RTFM!!1!eleven!!1",
    "Yes!!Yes!!Yes!!",
    "!important;!default;!x",
    "#!/bin/sh !$ !! !ls",
]
"""Exclamation marks in records of Latin letters alone."""

BESIDE_LATIN = [
    ("Tales of !Pr!EJ!9$, retold", "Tales of 紅樓夢, retold", "three codes, none odd"),
    ("Poems / '`v!2r!04", "Poems / 余光中", "the first in the plane of simplified forms"),
    ("!L}!2t!4-", "白先勇", "a name of its own"),
    ("by !CV!_R!T^", "by 曹雪芹", "a name behind a word"),
    ("354!_w", "354面", "the pages after a number"),
    ("!T*!N|!YF", "致禮譯", "a name and a role"),
]


@pytest.mark.parametrize(("text", "right", "why"), BESIDE_LATIN)
def test_codes_beside_latin_words_are_decoded_in_a_record_without_other_characters(
    text: str, right: str, why: str
) -> None:
    assert decoded(text, "Cao, Xueqin", "London : Penguin, 1973.") == right, why


def test_one_sure_run_makes_the_others_of_its_record_believed() -> None:
    assert decoded("Dream !YF", "by !CV!_R!T^") == "Dream 譯"


WRITING = [
    "衝吧!GO!GO!",
    "!GO!GO!GO走",
    "加油!OK啦",
    "學Java!OK啦",
    "真的嗎!?5元",
    "小心![1]",
    "別鬧了![sound recording]",
    "[走吧!].--",
    "棒!<br>",
    "棒!<BR>",
    "行動!A, B",
    '他說"Stop!"<',
    "快!跑!",
    "Hey!Ho! 走",
    "Yahoo!奇摩",
    "Yahoo!^_^哈哈",
    "哈!^_^",
    "哈!>_<",
    "哈!T_T",
    "真!^^",
    "若a!=b則",
    "衝吧!R&B精選",
    "學會!C#語言",
    "特價!5%",
    "快!5~8歲",
    "快!!!",
    "來!@google",
    "說!\\n你",
    "快!A+",
    "Jane Eyre! / 簡愛",
    "Standard PC Keyboard:   1234567890-=   !@#$%^&*()_+   qwertyuiop[]\\",
    "http://a.tw/#!T*!N|x/中文",
]


@pytest.mark.parametrize("text", WRITING)
def test_exclamation_marks_that_are_meant_stay(text: str) -> None:
    assert decoded(text, "中文") == text


@pytest.mark.parametrize("text", ["Oklahoma!", "Help!No!Yes!", "!Hola! !Ole!", *LATIN_WRITING])
def test_a_record_without_east_asian_characters_is_never_touched(text: str) -> None:
    assert decoded(text, "Pride and prejudice") == text


@settings(max_examples=300, deadline=None)
@given(st.lists(st.text(alphabet="!_wYF|T*N3+B譯面 .a1", max_size=30), min_size=1, max_size=4))
def test_any_texts_are_borne_and_none_grows(texts: list[str]) -> None:
    for text, result in zip(texts, left_over(texts), strict=True):
        assert result is None or len(result.text) < len(text) or (result.left and result.text == text)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from("孫致禮譯面席爾斯希代板橋市志奧斯汀著"), min_size=4, max_size=10))
def test_characters_written_as_their_codes_come_back(characters: list[str]) -> None:
    codes = {text: code for code, text in _CCCII.items()} | {
        chr(point): code for code, (point, _) in EACC.items() if 0x213021 <= code <= 0x21627E
    }
    written = "".join(codes[one].to_bytes(3, "big").decode("ascii") for one in characters)
    assert decoded("中文" + written, "354!_w") == "中文" + "".join(characters)

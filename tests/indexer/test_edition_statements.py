"""Edition statements, in the words of catalogues from Taiwan to Indonesia."""

from __future__ import annotations

import pytest

from indexer.edition_statements import EditionStatement, edition_statement

STATEMENTS = [
    ("nothing stated", "", EditionStatement()),
    ("the first edition in a word of its own", "初版", EditionStatement(1)),
    ("the first, counted", "第1版", EditionStatement(1)),
    ("a number in characters", "第三版", EditionStatement(3)),
    ("eleven, spelt in Pinyin", "Xiu ding shi yi ban", EditionStatement(11, revised=True)),
    ("one, spelt in Pinyin", "Di yi ban", EditionStatement(1)),
    ("a new edition, in Pinyin, has no number", "Xin ban", EditionStatement()),
    ("a Thai count of printings or editions, romanised", "Phim khrang thī 9", EditionStatement(weak=True)),
    ("a place before it", "北京第1版", EditionStatement(1)),
    ("the first in Taiwan of a book from elsewhere", "臺一版", EditionStatement(1)),
    ("a printing of the first", "初版三刷", EditionStatement(1, printing=True)),
    ("the first printing is none to speak of", "初版一刷", EditionStatement(1)),
    ("a printing as the mainland writes it", "第1版第12次印刷", EditionStatement(1, printing=True)),
    ("a printing of the second", "2版6刷", EditionStatement(2, printing=True)),
    ("a printing alone", "三刷", EditionStatement(printing=True)),
    ("again: a second edition or a second printing", "再版", EditionStatement(weak=True)),
    ("again, on the mainland", "第2次版", EditionStatement(weak=True)),
    ("again, but enlarged", "再版 增訂", EditionStatement(revised=True)),
    ("nobody edits a novel fifty times", "五十版", EditionStatement(weak=True, counted=50)),
    ("a handbook is enlarged ten times", "增訂十版", EditionStatement(10, revised=True)),
    ("revised, in brackets", "十版(修訂)", EditionStatement(10, revised=True)),
    ("revised, Simplified", "第2版(修订本)", EditionStatement(2, revised=True)),
    ("revised without a number", "新修版", EditionStatement(revised=True)),
    ("named after a binding or a feast: no number of editions", "典藏版", EditionStatement()),
    ("a programming language is no Roman number", "C语言版", EditionStatement()),
    ("romanised: di is no Roman 501", "Di 1 ban.", EditionStatement(1)),
    ("romanised in Wade–Giles", "Ti 1 pan.", EditionStatement(1)),
    ("romanised words", "Er ban.", EditionStatement(2)),
    ("romanised first", "Chu ban.", EditionStatement(1)),
    ("romanised again", "Zai ban.", EditionStatement(weak=True)),
    ("romanised, enlarged", "Zeng ding ban.", EditionStatement(revised=True)),
    ("romanised, revised and counted", "Xiu ding san ban.", EditionStatement(3, revised=True)),
    ("Japanese", "改訂版", EditionStatement(revised=True)),
    ("Japanese, romanised", "Dai 2-han.", EditionStatement(2)),
    ("Japanese first, romanised", "Shohan.", EditionStatement(1)),
    ("Korean", "제3판", EditionStatement(3)),
    ("Korean first", "초판", EditionStatement(1)),
    ("Korean, revised, second printing", "개정판 2쇄", EditionStatement(revised=True, printing=True)),
    ("Vietnamese reprint", "Tái bản lần thứ 12", EditionStatement(weak=True)),
    ("Vietnamese reprint that was corrected", "Tái bản lần thứ hai, có sửa chữa", EditionStatement(revised=True)),
    ("Vietnamese printing", "In lần thứ 3", EditionStatement(printing=True)),
    ("Indonesian printing", "Cetakan ke-10", EditionStatement(printing=True)),
    ("Indonesian printing, short", "Cet. 3", EditionStatement(printing=True)),
    ("Indonesian first printing", "Cetakan pertama", EditionStatement()),
    ("Indonesian edition", "Edisi ketiga", EditionStatement(3)),
    ("Indonesian edition, in figures", "Edisi ke-3", EditionStatement(3)),
    ("Thai counts editions and printings alike", "พิมพ์ครั้งที่ 3", EditionStatement(weak=True)),
    ("English", "2nd ed.", EditionStatement(2)),
    ("English, with a printing", "2nd ed., 3rd printing", EditionStatement(2, printing=True)),
    ("English in a word", "First U.S. edition", EditionStatement(1)),
    ("English and high: handbooks reach it", "12th edition", EditionStatement(12)),
    ("English, revised", "Rev. ed.", EditionStatement(revised=True)),
    ("English in words, revised", "Second edition, revised", EditionStatement(2, revised=True)),
    ("French", "2e éd.", EditionStatement(2)),
    ("a name, no number", "Bantam classic ed.", EditionStatement()),
    ("a year names no edition", "1984 ed.", EditionStatement()),
    ("German", "3. Aufl.", EditionStatement(3)),
    ("German, revised", "2., erweiterte Aufl., bearb.", EditionStatement(2, revised=True)),
]


@pytest.mark.parametrize(("why", "text", "expected"), STATEMENTS, ids=[row[1] or "empty" for row in STATEMENTS])
def test_a_statement_says(why: str, text: str, expected: EditionStatement) -> None:
    assert edition_statement(text) == expected, why

from __future__ import annotations

from benchmarks.readings_table import table
from indexer.reading_tables import FILE, is_syllable, reading_tables


def test_the_table_is_what_its_maker_writes() -> None:
    assert FILE.read_text(encoding="utf-8") == table(), "python -m benchmarks.readings_table writes it anew"


def test_a_character_has_its_usual_reading_and_an_unknown_one_none() -> None:
    characters = reading_tables().characters
    assert (characters["紅"], characters["行"]) == ("hong", "xing")
    assert characters.get("あ") is None


def test_phrases_that_begin_alike_stand_longest_first() -> None:
    rows = reading_tables().phrases["银行"]
    assert [len(phrase) for phrase, _ in rows] == sorted((len(phrase) for phrase, _ in rows), reverse=True)
    assert ("银行", ("yin", "hang")) in rows


def test_one_spelling_may_stand_for_several_syllables() -> None:
    tables = reading_tables()
    assert tables.wade_giles["chang"] == ("chang", "zhang")
    assert tables.tongyong["jhong"] == ("zhong",)
    assert tables.zhuyin["ㄏㄨㄥ"] == ("hong",)


def test_what_nobody_types_is_no_syllable() -> None:
    assert [one for one in ("hong", "e", "ng", "m", "", "hồng") if is_syllable(one)] == ["hong", "e"]

"""`python -m benchmarks.readings_table`: writes ``indexer/readings.txt`` anew from pypinyin's tables.

Reading pypinyin itself takes half a second and 60 MB, in every process of the product; the tenth of its tables that is
needed takes a fiftieth of that.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping

from pypinyin import Style
from pypinyin.phrases_dict import phrases_dict
from pypinyin.pinyin_dict import pinyin_dict
from pypinyin.style import convert

from indexer.reading_tables import FILE, is_syllable, toneless

HEADER = """\
# How Han characters and phrases read in Hanyu Pinyin without tones, and how other systems spell that: from the tables
# of pypinyin 0.55.0, https://github.com/mozillazg/python-pinyin. Made by benchmarks/readings_table.py.
# Copyright (c) 2016 mozillazg, 闲耘 <hotoo.cn@gmail.com>. The MIT License (MIT):
# Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
# documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
# rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to
# permit persons to whom the Software is furnished to do so, subject to the following conditions:
# The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
# Software.
# THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
# WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
# COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
# OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""


def table() -> str:
    """The table as the product reads it."""
    usual = {chr(code): toneless(readings.split(",")[0]) for code, readings in pinyin_dict.items()}
    sections: Mapping[str, Iterable[tuple[str, str]]] = {
        "characters": _joined(((reading, character) for character, reading in usual.items()), ""),
        "phrases": sorted(_phrases(usual)),
        "wade-giles": _joined(_wade_giles(), " "),
        "tongyong": _joined(_tongyong(), " "),
        "zhuyin": _joined(_zhuyin(), " "),
    }
    lines = (f"[{name}]\n" + "".join(f"{key}\t{value}\n" for key, value in rows) for name, rows in sections.items())
    return HEADER + "".join(lines)


def _joined(pairs: Iterable[tuple[str, str]], between: str) -> Iterator[tuple[str, str]]:
    found: dict[str, set[str]] = {}
    for key, value in pairs:
        found.setdefault(key, set()).add(value)
    return ((key, between.join(sorted(values))) for key, values in sorted(found.items()))


def _phrases(usual: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Phrases read otherwise than their characters one by one."""
    for phrase, readings in phrases_dict.items():
        syllables = [toneless(reading[0]) for reading in readings]
        if len(syllables) == len(phrase) and syllables != [usual.get(c) for c in phrase]:
            yield phrase, " ".join(syllables)


def _readings() -> Iterator[tuple[str, str]]:
    """Every reading with its tone, and the Hanyu syllable it is: one that some character usually has."""
    usual = {toneless(readings.split(",")[0]) for readings in pinyin_dict.values()}
    for reading in {reading for readings in pinyin_dict.values() for reading in readings.split(",")}:
        if is_syllable(syllable := toneless(reading)) and syllable in usual:
            yield reading, syllable


def _wade_giles() -> Iterator[tuple[str, str]]:
    """Spellings as typed, without apostrophes and diacritics."""
    for reading, syllable in _readings():
        spelled = convert(reading, Style.WADEGILES, strict=False, default=reading)
        yield toneless(spelled).replace("'", "").replace("v", "u"), syllable


def _zhuyin() -> Iterator[tuple[str, str]]:
    for reading, syllable in _readings():
        spelled = convert(reading, Style.BOPOMOFO, strict=False, default="").strip("ˉˊˇˋ˙")
        if "\u3105" <= spelled[:1] <= "\u312f":
            yield spelled, syllable


def _tongyong() -> Iterator[tuple[str, str]]:
    for reading, syllable in _readings():
        yield _in_tongyong(syllable, "\u0308" in unicodedata.normalize("NFD", reading)), syllable


def _in_tongyong(syllable: str, front: bool) -> str:
    """A Hanyu syllable in Tongyong Pinyin (Ministry of Education, 2002), without tones; ``front`` when its u is ü."""
    if syllable in {"zi", "ci", "si", "zhi", "chi", "shi", "ri"}:
        return f"{syllable.replace('zh', 'jh')}h"
    for initial, other in (("zh", "jh"), ("q", "c"), ("x", "s")):
        if syllable.startswith(initial):
            syllable = f"{other}{syllable[len(initial) :]}"
            front = front or (initial != "zh" and syllable[1] == "u")
            break
    if syllable.startswith("ju") or (front and syllable[1:2] == "u"):
        syllable = f"{syllable[0]}yu{syllable[2:]}"
    syllable = syllable.replace("iong", "yong")
    if len(syllable) > 2 and syllable.endswith(("iu", "ui")):
        syllable = f"{syllable[:-2]}{'iou' if syllable.endswith('iu') else 'uei'}"
    if syllable in {"wen", "weng"}:
        return {"wen": "wun", "weng": "wong"}[syllable]
    return "fong" if syllable == "feng" else syllable


def main() -> None:
    FILE.write_text(table(), encoding="utf-8")


if __name__ == "__main__":
    main()

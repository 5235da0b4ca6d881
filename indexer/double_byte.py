"""Text of two bytes a character (Big5, GB, EUC) in records that do not say so, however few its characters are."""

from __future__ import annotations

import re
from typing import Literal

from indexer.big5 import PAIR
from indexer.frequent import FREQUENT, in_any_form

DoubleByteSet = Literal["big5", "big5-hkscs", "gb18030", "euc-kr", "euc-jp", "shift_jis"]

_RUN = re.compile(rb"(?:[\x81-\xfe][\x40-\x7e\xa1-\xfe])+")
_LETTER = re.compile(rb"[A-Za-z]")
_MARKED_LETTER = re.compile(rb"(?<![\xe0-\xfe])[\xe0-\xfe]+[A-Za-z]")  # what MARC-8 has high bytes for, nearly always
_KANA = re.compile("[\u3041-\u30fe]")
_HANGUL = re.compile("[\uac00-\ud7a3]")
_SETS_OF_HIGH_BYTES = ("gb2312", "euc_kr", "euc_jp")

_KOREAN, _KOREAN_FOR_SURE, _SOME = 0.25, 0.45, 6
"""The share of frequent Chinese characters that makes bytes less likely to be the syllables that all of them are, when
they are few and when they are some."""


def double_bytes(data: bytes, high: bytes) -> tuple[bytes, ...]:
    """The runs of pairs in a record's bytes; none where some of its high bytes stand otherwise than in such pairs.

    ``high`` are its runs of high bytes, each with the byte after it. Runs stand for themselves in Chinese, Japanese
    and Korean, a word in brackets aside; a letter of MARC-8 that happens to be the first byte of a pair, and a
    diacritic with its letter, stand within words or alone. A single pair tells nothing.
    """
    if _MARKED_LETTER.sub(b"", high).isascii() or not PAIR.sub(b"", high).isascii():
        return ()
    runs: list[bytes] = []
    pairs = alone = together = 0
    for match in _RUN.finditer(data):
        length = len(match[0]) // 2
        runs.append(match[0])
        pairs += length
        together += length if length > 1 else 0
        alone += 0 if _touches_a_letter(data, *match.span()) else length
    return tuple(runs) if pairs >= 2 and alone * 4 >= pairs * 3 and together * 2 >= pairs else ()


def _touches_a_letter(data: bytes, start: int, end: int) -> bool:
    before = b"" if data[start - 2 : start - 1] == b"\x1f" else data[start - 1 : start]  # a subfield's code is no text
    return bool(_LETTER.match(before) or _LETTER.match(data, end))


def is_big5(runs: tuple[bytes, ...]) -> bool:
    """Whether runs of pairs are Big5 beyond doubt: its frequent characters, and such as titles are made of.

    Where every pair has a meaning in another set too, half of them have to be such, else a quarter.
    """
    characters = _characters(runs)
    if sum(0xA4 <= pair[0] <= 0xC6 for pair in characters) < 0.8 * len(characters):
        return False
    frequent = _frequent(characters, "cp950")
    if not any(_decodes(runs, codec) for codec in _SETS_OF_HIGH_BYTES):
        return frequent >= 1 and frequent * 4 >= len(characters)
    kana = len(_KANA.findall(b"".join(characters).decode("euc_jp", "replace")))
    return frequent >= 2 and frequent * 2 >= len(characters) > kana * 2


def likely_set(runs: tuple[bytes, ...]) -> DoubleByteSet | None:
    """The set in which runs of pairs make most sense, for a hint; None where none of these makes any."""
    return max(_scores(runs).items(), key=lambda scored: scored[1], default=(None, 0.0))[0]


def surely_set(runs: tuple[bytes, ...]) -> DoubleByteSet | None:
    """The set in which half of a few pairs or more are characters that titles are mostly made of, None for none."""
    best, share = max(_scores(runs).items(), key=lambda scored: scored[1], default=(None, 0.0))
    return best if share >= _MOSTLY and best != "euc-kr" else None


_MOSTLY, _WITHOUT_KANA = 0.5, 0.6


def _scores(runs: tuple[bytes, ...]) -> dict[DoubleByteSet, float]:
    """Set → the share of frequent characters there, in whatever form, of those in which the runs have a meaning."""
    characters = _characters(runs)
    text = b"".join(characters)
    if _decodes(runs, "euc_jp") and len(_KANA.findall(text.decode("euc_jp"))) * 5 > len(characters):
        return {"euc-jp": 1.0}
    codecs: tuple[tuple[DoubleByteSet, str], ...] = (
        ("big5", "cp950"),
        ("gb18030", "gbk"),
        ("euc-jp", "euc_jp"),
        ("shift_jis", "cp932"),
    )
    if not _decodes(runs, "cp950"):  # else they are plain Big5
        codecs = (*codecs, ("big5-hkscs", "big5hkscs"))
    scores: dict[DoubleByteSet, float] = {
        name: _frequent_forms(characters, codec) / len(characters) for name, codec in codecs if _decodes(runs, codec)
    }
    for name in _WIDE:  # nearly every pair has some meaning there
        if not scores.get(name, 1.0):
            del scores[name]
    if "euc-jp" in scores:  # Japanese without any kana is the rarer
        scores["euc-jp"] *= _WITHOUT_KANA
    if _decodes(runs, "euc_kr"):
        syllables = len(_HANGUL.findall(text.decode("euc_kr")))
        few = len(characters) < _SOME
        if syllables == len(characters) or (syllables * 2 >= len(characters) and not few):
            scores["euc-kr"] = (_KOREAN if few else _KOREAN_FOR_SURE) * syllables / len(characters)
    return scores


_WIDE: tuple[DoubleByteSet, ...] = ("big5-hkscs", "shift_jis")


def _characters(runs: tuple[bytes, ...]) -> list[bytes]:
    """The pairs that are no punctuation, all of them where there is nothing else."""
    pairs = [pair for run in runs for pair in PAIR.findall(run)]
    return [pair for pair in pairs if not 0xA1 <= pair[0] <= 0xA3] or pairs


def _frequent(characters: list[bytes], codec: str) -> int:
    return sum(pair.decode(codec, "replace") in FREQUENT for pair in characters)


def _frequent_forms(characters: list[bytes], codec: str) -> int:
    """How many are frequent characters in any form of theirs: 红 and 紅, 国 and 國."""
    return sum(pair.decode(codec, "replace") in in_any_form() for pair in characters)


def _decodes(runs: tuple[bytes, ...], codec: str) -> bool:
    try:
        b"".join(runs).decode(codec)
    except UnicodeDecodeError:
        return False
    return True

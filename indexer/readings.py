"""How Chinese reads in Latin letters: Hanyu Pinyin of titles and names, and the ways a typed word may mean it.

Documents carry Hanyu syllables without tones (``hong lou meng``). A query word is taken apart into the syllable
sequences it may stand for, joined (``honglou``), in Wade–Giles (``hung``), Tongyong Pinyin (``jhong``) or Zhuyin
(``ㄏㄨㄥˊ``); nothing else has to be indexed. The tables are pypinyin's (``reading_tables.py``); its calls are too slow
for a million titles.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache

from indexer.reading_tables import Syllables, reading_tables, toneless
from indexer.remembered import remembered
from indexer.variants import fold_variants

_HAN_RUN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")

_ZHUYIN_TONES = "ˉˊˇˋ˙"
_ZHUYIN_TONE = re.compile(f"[{_ZHUYIN_TONES}]")

MAX_SPELLINGS = 6
"""Sequences considered for one query word; more would only add noise."""

MAX_SPELLED_LENGTH = 48
"""Longer words are not taken apart: no joined reading of a phrase is that long."""

SURNAMES = {
    "仇": "qiu", "任": "ren", "冼": "xian", "区": "ou", "单": "shan", "朴": "piao", "曾": "zeng", "查": "zha",
    "盖": "ge", "翟": "zhai", "解": "xie", "宁": "ning", "乐": "yue", "尉迟": "yu chi",
    "万俟": "mo qi", "单于": "chan yu",
}  # fmt: skip
"""Surnames (folded) read otherwise than the character usually is."""


def _phrase_at(text: str, at: int) -> tuple[str, Syllables] | None:
    rows = reading_tables().phrases.get(text[at : at + 2])
    return next((row for row in rows if text.startswith(row[0], at)), None) if rows else None


def _run_reading(run: str) -> Iterator[str]:
    """The syllables of a run of Han characters; a character without a reading gives none.

    Phrases are sought as written, then folded: the table is Simplified, and 乾隆 must not be read as 干隆.
    """
    folded, usual = fold_variants(run), reading_tables().characters
    at = 0
    while at < len(run):
        hit = _phrase_at(run, at) or _phrase_at(folded, at)
        if hit:
            yield from hit[1]
            at += len(hit[0])
            continue
        syllable = usual.get(run[at]) or usual.get(folded[at])
        if syllable:
            yield syllable
        at += 1


def has_han(text: str) -> bool:
    """Whether a text has a Han character."""
    return not text.isascii() and _HAN_RUN.search(text) is not None


@remembered
def hanyu(text: str) -> str:
    """The Hanyu Pinyin of the Han characters in a text, without tones, a space between syllables.

    Other characters end a phrase and are left out; empty when there is no Han.
    """
    return " ".join(s for run in _HAN_RUN.findall(unicodedata.normalize("NFC", text)) for s in _run_reading(run))


@remembered
def hanyu_of_name(name: str) -> str:
    """The Hanyu Pinyin of a personal name: its surname read as surnames are (曾 zeng, 單 shan)."""
    folded = fold_variants(unicodedata.normalize("NFC", name))
    for length in (2, 1):
        if reading := SURNAMES.get(folded[:length]):
            return f"{reading} {hanyu(name[length:])}".strip()
    return hanyu(name)


@cache
def spelt_in_wade_giles() -> dict[str, str]:
    """Hanyu syllables with their Wade–Giles spelling as typed, without apostrophes and diacritics.

    Of the two that ``lu`` and ``nu`` may stand for, the one without the umlaut.
    """
    found: dict[str, str] = {}
    for spelled, meant in sorted(reading_tables().wade_giles.items(), key=lambda row: (len(row[0]), row[0])):
        for syllable in meant:
            found.setdefault(syllable, spelled)
    return found


def is_zhuyin(word: str) -> bool:
    """Whether a word begins with a Zhuyin (Bopomofo) letter."""
    return "\u3105" <= word[:1] <= "\u312f"


def _split(word: str, known: Mapping[str, Syllables]) -> list[Syllables]:
    """Every way to read a word as syllables of a table, fewest syllables first, at most `MAX_SPELLINGS`."""
    ways: list[list[Syllables]] = [[()], *([] for _ in word)]
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - 6), end):
            if ways[start] and (meant := known.get(word[start:end])):
                ways[end].extend((*way, syllable) for way in ways[start] for syllable in meant)
        ways[end] = sorted(ways[end], key=len)[:MAX_SPELLINGS]
    return ways[-1] if word else []


@cache
def _hanyu() -> Mapping[str, Syllables]:
    return reading_tables().hanyu


@lru_cache(maxsize=1 << 16)
def spellings(word: str) -> tuple[Syllables, ...]:
    """The syllable sequences a folded word may stand for: Zhuyin; Hanyu, joined or with a tone number, then Wade–Giles
    and Tongyong, which are taken apart only where that gives fewer syllables.

    Empty when it cannot be Chinese: ``spellings("xian")`` is ``(("xian",), ("xi", "an"), …)``, of ``"the"`` nothing.
    """
    if len(word) > MAX_SPELLED_LENGTH:
        return ()
    if is_zhuyin(word):
        return _of_zhuyin(word)
    if not word.isascii():
        return ()
    bare = word[:-1] if word[-1:] in tuple("12345") else word
    bare = bare.replace("v", "u") if bare.startswith(("lv", "nv")) else bare
    if not bare.isalpha():
        return ()
    tables = reading_tables()
    ways = _split(bare, _hanyu())
    ways += ((meant,) for table in (tables.wade_giles, tables.tongyong) for meant in table.get(bare, ()))
    for table in (tables.tongyong, tables.wade_giles):
        fewest = min(map(len, ways), default=len(bare))
        ways = [*(way for way in _split(bare, table) if len(way) < fewest), *ways]
    return tuple(dict.fromkeys(ways))[:MAX_SPELLINGS]


def _of_zhuyin(word: str) -> tuple[Syllables, ...]:
    """Zhuyin, its syllables parted by tone marks or by nothing."""
    ways: list[Syllables] = [()]
    for stretch in _ZHUYIN_TONE.split(word):
        if stretch:
            one = reading_tables().zhuyin.get(stretch)
            meant = [(syllable,) for syllable in one] if one else _split(stretch, reading_tables().zhuyin)
            ways = [(*way, *more) for way in ways for more in meant][:MAX_SPELLINGS]
    return tuple(dict.fromkeys(ways))


LONGEST_ZHUYIN = 3
"""Letters of a syllable in Zhuyin, without its tone."""

_INITIALS = {
    "ㄅ": "b", "ㄆ": "p", "ㄇ": "m", "ㄈ": "f", "ㄉ": "d", "ㄊ": "t", "ㄋ": "n", "ㄌ": "l", "ㄍ": "g", "ㄎ": "k",
    "ㄏ": "h", "ㄐ": "j", "ㄑ": "q", "ㄒ": "x", "ㄓ": "zh", "ㄔ": "ch", "ㄕ": "sh", "ㄖ": "r", "ㄗ": "z", "ㄘ": "c",
    "ㄙ": "s",
}  # fmt: skip
"""Zhuyin initials: one at the end of what is typed begins a syllable."""


def begun(text: str) -> tuple[str, ...]:
    """What a reading may begin with, its syllables joined, when this is typed of it: ``hong lo``, ``ㄏㄨㄥˊㄌ``.

    Empty when it cannot be the beginning of one.
    """
    words = unicodedata.normalize("NFC", text).casefold().replace("˙", "").split()
    if sum(map(len, words)) > MAX_SPELLED_LENGTH:
        return ()
    if not words or not any(map(is_zhuyin, words)):
        bare = toneless("".join(words)).replace("'", "").replace("-", "").replace(",", "")
        bare = "".join(c for c in bare if not c.isdigit())
        return (bare.replace("v", "u"),) if bare.isascii() and bare.isalpha() else ()
    tail = words[-1][-1:]
    last = _INITIALS.get(tail, "")
    ways: list[str] = [""]
    for word in (*words[:-1], words[-1].removesuffix(tail)) if last else words[:-1]:
        found = spellings(word) if word else ((),)
        ways = [way + "".join(more) for way in ways for more in found][:MAX_SPELLINGS]
    ends = (last,) if last else _unfinished(words[-1])
    return tuple(dict.fromkeys(way + end for end in ends for way in ways))


@lru_cache(maxsize=1 << 12)
def _unfinished(word: str) -> tuple[str, ...]:
    """What the reading of a Zhuyin word may begin with whose last syllable may go on: ㄩ begins yu, yue and yong.

    None that begins with another of them.
    """
    zhuyin = reading_tables().zhuyin
    found = ["".join(way) for way in spellings(word)]
    for length in range(min(LONGEST_ZHUYIN, len(word)), 0, -1):
        before, rest = word[:-length], word[-length:]
        if not _ZHUYIN_TONE.search(rest):
            ways = [()] if not before else spellings(before)
            meant = (s for spelled, ones in zhuyin.items() if spelled.startswith(rest) for s in ones)
            found += ["".join((*way, syllable)) for syllable in meant for way in ways]
    shortest = sorted(set(found), key=lambda one: (len(one), one))
    return tuple(one for at, one in enumerate(shortest) if not one.startswith(tuple(shortest[:at])))


def hanyu_of_romanised(text: str) -> str:
    """The Hanyu syllables of a text already in Latin letters and folded (``honglou meng`` → ``hong lou meng``).

    Empty when a word cannot be Chinese; of several readings the first.
    """
    found = [spellings(word) for word in text.split()]
    return " ".join(syllable for ways in found for syllable in ways[0]) if all(found) else ""

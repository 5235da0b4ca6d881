"""`python -m benchmarks.variants_table`: writes ``indexer/variants.txt`` anew from OpenCC's character dictionaries.

Characters that OpenCC links in any direction, Traditional and Simplified, Taiwan's and Hong Kong's, Japan's old and
new, fold to one, and so does whatever they are linked to in turn, but for the links in `APART`; `ADDED` are further
ones.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import opencc

from indexer.variants import FILE

HEADER = """\
# Han characters that mean the same, a line each: first the one that the others fold to. From the character dictionaries
# of OpenCC 1.4.2, https://github.com/BYVoid/OpenCC, closed transitively; benchmarks/variants_table.py, which made it,
# tells what was left out and added, and why. Copyright 2010-2026 Carbo Kuo (BYVoid) and contributors. Licensed under
# the Apache License, Version 2.0 (https://www.apache.org/licenses/LICENSE-2.0, and LICENSE of this product).
"""

TO_SIMPLIFIED = ("TSCharacters", "TSCharactersExt")
BOTH_WAYS = ("STCharacters", "JPShinjitaiCharacters", "JPShinjitaiCharactersRev")
REGIONAL = ("TWVariants", "HKVariants", "TWVariantsRev", "HKVariantsRev", "CJK_Compatibility_Ideographs")

APART: Mapping[str, str] = {
    "坏坯": "坏 is how 壞 is written; for 坯 it is so in old texts only",
    "沪濾": "沪 is Shanghai, 滬; Japan's short form of 濾 only looks like it",
    "連聯": "连 and 联 are two words in every script; Japan writes 連 for both",
    "弁辨": "辩 and 辨 are two words in every script; Japan's 弁 is mostly 辯, as in 弁護 and 弁証法",
    "弁瓣": "瓣 and 辩 are two words in every script; Japan's 弁 is mostly 辯",
    "具俱": "具 and 俱 are two words in every script",
    "呆待": "待 is only the meaning of 呆 in 呆会儿",
    "坐座": "坐 and 座 are two words in every script",
    "周賙": "周 is a common name, 賙 has a Simplified form of its own",
}
"""Links of OpenCC that are not followed, each with its why."""

ADDED: Mapping[str, str] = {
    "囯国": "printed before the reform",
    "圀国": "Empress Wu's character, kept in names: 徳川光圀",
    "戸户": "Japan's; the third code point of one door",
    "刋刊": "as typeset",
    "淸清": "as typeset in Korea and old books",
    "靑青": "as typeset in Korea and old books",
    "閒间": "how 間 was written; records have both",
    "鄕乡": "as typeset in Korea",
    "値值": "as typeset",
    "寳宝": "how 寶 is also written: 元寳",
    "竃灶": "Japan's short form of 竈",
    "竒奇": "how 奇 is also written: 今古竒觀",
    "戱戏": "how 戲 is also written",
    "戯戏": "Japan's form of 戲",
    "髙高": "in Japanese names",
    "呉吴": "Japan's form of 吳",
    "冩写": "how 寫 is also written",
    "囬回": "how 回 is also written in old titles",
    "旣既": "as typeset in Korea",
    "羣群": "how 群 is also written",
    "敎教": "as typeset in Korea and old books",
    "衞卫": "Hong Kong's and Japan's old form",
    "邉边": "in Japanese names: 渡邉",
    "嶋岛": "in Japanese names: 三嶋",
    "嶌岛": "in Japanese names",
    "﨑崎": "in Japanese names: 山﨑",
    "嵜崎": "in Japanese names",
    "濵滨": "in Japanese names",
    "冨富": "in Japanese names: 冨田",
    "𠮷吉": "in Japanese names: 𠮷田",
    "舘馆": "how 館 is also written, in names of institutions",
    "栁柳": "how 柳 is also written: 栁宗元",
    "桒桑": "in Japanese names: 桒原",
    "槗桥": "in Japanese names",
    "畧略": "how 略 is also written in old titles",
    "畊耕": "how 耕 is also written in names",
    "頴颖": "how 穎 is also written in names",
    "緖绪": "as typeset in Korea and old books: 光緖",
}
"""Pairs that OpenCC has not or not in a table, picked one by one, each with its why."""


@cache
def dictionary(name: str) -> Mapping[str, tuple[str, ...]]:
    """A character dictionary of the installed OpenCC: what each character may become, the usual first."""
    parts = Path(opencc.__file__).parent / "clib"
    with tempfile.TemporaryDirectory() as folder:
        text = Path(folder) / "text"
        source = parts / "share" / "opencc" / f"{name}.ocd2"
        command = [parts / "bin" / "opencc_dict", "-i", source, "-f", "ocd2", "-o", text, "-t", "text"]
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603  # OpenCC's own program
        rows = (line.split("\t") for line in text.read_text(encoding="utf-8").splitlines())
        return {one: tuple(c for c in others.split() if len(c) == 1) for one, others in rows if len(one) == 1}


def links(*names: str) -> Iterator[tuple[str, str]]:
    """The pairs of different characters that some dictionaries link."""
    for name in names:
        yield from ((one, other) for one, others in dictionary(name).items() for other in others if one != other)


def is_apart(one: str, other: str) -> bool:
    """Whether a link of OpenCC is not followed."""
    return f"{one}{other}" in APART or f"{other}{one}" in APART


def table() -> str:
    """The table as the product reads it."""
    lines = sorted(_line(group) for group in _groups())
    return HEADER + "".join(f"{line}\n" for line in lines)


def _groups() -> Iterator[set[str]]:
    """The characters that are linked, directly or through others."""
    neighbours: dict[str, set[str]] = defaultdict(set)
    followed = (link for link in links(*TO_SIMPLIFIED, *BOTH_WAYS, *REGIONAL) if not is_apart(*link))
    for one, other in (*followed, *map(tuple[str, str], ADDED)):
        neighbours[one].add(other)
        neighbours[other].add(one)
    while neighbours:
        group: set[str] = set()
        fresh = {next(iter(neighbours))}
        while fresh:
            group |= fresh
            fresh = set[str]().union(*(neighbours.pop(one) for one in fresh)) - group
        yield group


def _line(group: set[str]) -> str:
    """A group with the usual Simplified character first."""
    simplified = {one: others[0] for name in reversed(TO_SIMPLIFIED) for one, others in dictionary(name).items()}
    meant = Counter(simplified.get(one, one) for one in group)
    first = min(group, key=lambda one: (simplified.get(one, one) != one, _rank(one), -meant[one], one))
    return first + "".join(sorted(group - {first}))


def _rank(character: str) -> int:
    """How usual a character is in Simplified Chinese: GB 2312 has a first level, a second, and no others."""
    try:
        return 1 + (character.encode("gb2312") >= b"\xd8")
    except UnicodeEncodeError:
        return 3


def main() -> None:
    FILE.write_text(table(), encoding="utf-8")


if __name__ == "__main__":
    main()

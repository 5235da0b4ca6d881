"""Versions of one text for other readers: phonetic signs, pictures, large type, a pocket size, an abridgement.

A publisher brings them out beside each other in one year, and catalogues write the word that tells them apart into the
subtitle, the title or the edition statement, or leave it out.
"""

from __future__ import annotations

import re

_VERSIONS: tuple[tuple[str, str], ...] = (
    ("phonetic", "注音[版本]|拼音[版本]|注音读物"),
    ("pictures", "绘本版|绘本$|图画书|绘图本|图画版|连环画|漫画版|漫画本|コミック版|まんが版|만화"),
    ("illustrated", "插图[版本]|图文[版本]|彩[图绘][版本]|图解版|全彩版"),
    ("large type", "大字[版本]|大活字|큰글자|큰글씨"),
    ("large size", "大书$|机上版|豪华版"),
    ("pocket", "文库版|口袋[版书本]|袖珍[版本]|便携版|掌上版|迷你版|缩印[版本]|缩刷版"),
    ("for children", "儿童版|少儿版|少年版|青少年?版|儿童本|ジュニア版|学生版|给孩子"),
    ("abridged", r"\babridged|\bcondensed|节本|精简[版本]|缩写[版本]|简写[版本]|节录本|缩编|节译"),
    ("keepsake", "纪念[版本]|典藏[版本]|珍藏[版本]|爱藏版|收藏版|特装版"),
    ("two languages", "双语|中英对照|对照[版本]|汉英|英汉对照"),
    ("whole", r"\bunabridged|完全版|全本|足本"),
    ("simplified", "简体(?:中文)?字?[版本]|简化字本"),
    ("traditional", "[繁正]体(?:中文)?字?[版本]"),
    ("mandarin", "[国华]语(?:版|发音|配音)"),
    ("taiwanese", "[台闽]语(?:版|发音|配音)"),
    ("cantonese", "粤语(?:版|发音|配音)"),
    ("teacher", "教师[版用]"),
    ("student", "学生用"),
)
_WORDS = tuple((version, re.compile(words)) for version, words in _VERSIONS)
NONE: frozenset[str] = frozenset()
_ANY = re.compile("|".join(words for _, words in _VERSIONS))


def version_words(text: str) -> frozenset[str]:
    """Which versions a text, folded in characters, names; empty when it names none."""
    if not text or not _ANY.search(text):
        return NONE
    return frozenset(version for version, words in _WORDS if words.search(text))


_DISCS = (
    ("dvd", re.compile(r"\bdvd|数位影音光")),
    ("blu-ray", re.compile("blu ?ray|蓝光")),
    ("vcd", re.compile(r"\bvcd")),
)


def disc_words(text: str) -> frozenset[str]:
    """Which kinds of disc a folded extent names, that need players of their own."""
    if not text or ("d" not in text and "光" not in text and "ray" not in text):
        return NONE
    found = frozenset(disc for disc, words in _DISCS if words.search(text))
    return found if len(found) == 1 else NONE

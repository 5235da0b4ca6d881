"""Years counted otherwise than in the Common Era: reigns, eras, sexagenary years, the Hijra. None: not a year of it."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple


class Era(NamedTuple):
    """``offset`` added to a year of the era gives ours; ``years`` is how many it had, None where it goes on."""

    names: str  # a pattern
    offset: int
    years: int | None = None


ERAS: tuple[Era, ...] = (
    # Longest first where one begins another. One-letter forms are those catalogues of its country print.
    Era(r"(?:中華)?民[國国]?|中华民国|Min[- ]?[gk]uo|R\.?O\.?C\.?|주체|主[體体]|Juche", 1911),
    Era(r"令和?|Reiwa", 2018),
    Era(r"平成?|Heisei", 1988, 31),
    Era(r"昭和?|Sh[oōô]wa", 1925, 64),
    Era(r"大正|(?<![\u3400-\u9fff])大(?=\s?\d{1,2}(?!\d))|Taish[oōô]", 1911, 15),
    Era(r"明治?|Meiji", 1867, 45),
    Era(r"慶[應応]", 1864, 4),
    Era(r"元治", 1863, 2),
    Era(r"文久", 1860, 4),
    Era(r"万延|萬延", 1859, 2),
    Era(r"安政", 1853, 7),
    Era(r"嘉永", 1847, 7),
    Era(r"弘化", 1843, 5),
    Era(r"天保", 1829, 15),
    Era(r"文政", 1817, 13),
    Era(r"文化", 1803, 15),
    Era(r"享和", 1800, 4),
    Era(r"[寛寬]政", 1788, 13),
    Era(r"天明", 1780, 9),
    Era(r"安永", 1771, 10),
    Era(r"明和", 1763, 9),
    Era(r"[宝寶][暦曆]", 1750, 14),
    Era(r"享保", 1715, 21),
    Era(r"元[禄祿]", 1687, 17),
    Era(r"康德", 1933, 12),
    Era(r"宣[統统]", 1908, 4),
    Era(r"光[緒緖绪]", 1874, 34),
    Era(r"同治", 1861, 13),
    Era(r"咸[豐丰豊]", 1850, 11),
    Era(r"道光", 1820, 30),
    Era(r"嘉[慶庆]", 1795, 25),
    Era(r"乾隆", 1735, 61),
    Era(r"雍正", 1722, 13),
    Era(r"康熙", 1661, 61),
    Era(r"[順顺]治", 1643, 18),
    Era(r"崇[禎祯]", 1627, 17),
    Era(r"天[啟啓启]", 1620, 7),
    Era(r"[萬万][曆历暦]", 1572, 48),
    Era(r"隆[慶庆]", 1566, 6),
    Era(r"嘉靖", 1521, 45),
    Era(r"正德", 1505, 16),
    Era(r"弘治", 1487, 18),
    Era(r"成化", 1464, 23),
    Era(r"永[樂乐]", 1402, 22),
    Era(r"洪武", 1367, 31),
    Era(r"隆熙|융희", 1906, 4),
    Era(r"光武|광무", 1896, 11),
    Era(r"檀[紀纪]|[단檀]기|Tan'?gi", -2333),
    Era(r"皇[紀纪]", -660),
    Era(r"ร\.?\s?ศ\.?", 1781),
    Era(r"พ\.?\s?ศ\.?|พุทธศักราช|B\.?\s?E\.?(?=\s?\d)|佛[曆历暦紀纪元]|Ph[aậ]t l[iị]ch|P\.?L\.?(?=\s?\d)", -543),
)

_REIGNS_OF_QING = frozenset({1908, 1874, 1861, 1850, 1820, 1795, 1735, 1722, 1661, 1643})
_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
SEXAGENARY = f"[{_STEMS}][{_BRANCHES}]"
_LATE = 1500
_NAME_OF_HIJRA = r"(?i:hi(?:dj|[cjdǧ])r(?:[iîīí](?:yy?[aâā][ht]?)?|[aâā][ht]?)?|h[ée]gir[aei]?)"
_HIJRI = re.compile(
    rf"(?<!\d)(?P<before>1[0-5]\d\d)[\s\[\](年]{{0,3}}(?:A\.?\s?H\b\.?(?!\.?\s?S)|[Hh]\b\.?|{_NAME_OF_HIJRA}\b"
    r"|(?:لل)?هـ?(?!\.?\s?ش)|(?:ال)?هجري|للهجرة|回[曆历]|伊斯[蘭兰][曆历]|希吉[來来][曆历])"
    rf"|(?:\b(?:A\.?\s?)?H\.?|\b{_NAME_OF_HIJRA}|回[曆历]|伊斯[蘭兰][曆历]|希吉[來来][曆历]|هـ)[\s:]{{0,2}}(?P<after>1[0-5]\d\d)(?!\d)"
)
_SOLAR_HIJRI = re.compile(
    r"(?<!\d)(?P<year>1[0-4]\d\d)\s*(?:(?:هـ?\s?\.?\s?)?ش|A\.?\s?H\.?\s?S\b|(?i:s\.?\s?h)\b|"
    rf"{_NAME_OF_HIJRA}[ -]?(?i:[-i ]{{0,2}}sh?ams|[ck]h?ors))"
)
_FIRST_DAY_OF_THE_HIJRA = 227_015
"""As `date.toordinal` counts; the tabular calendar has 10,631 days in 30 years."""


def in_common_era(era: Era, year: int) -> int | None:
    """The year of the Common Era that a year of an era is; None when the era had no such year."""
    return year + era.offset if year > 0 and (era.years is None or year <= era.years) else None


def sexagenary_year(era: Era, name: str) -> int | None:
    """The year of a reign that the cycle of sixty names so (光緒甲申 is 1884); None when it had none or two."""
    if era.offset not in _REIGNS_OF_QING or era.years is None:
        return None
    found = [
        year
        for year in range(era.offset + 1, era.offset + era.years + 1)
        if _STEMS[(year - 4) % 10] == name[0] and _BRANCHES[(year - 4) % 12] == name[1]
    ]
    return found[0] if len(found) == 1 else None


def hijri_year(text: str) -> int | None:
    """The year of ours in which the year of the Hijra begins that a text names as one, lunar or Persian."""
    if match := _SOLAR_HIJRI.search(text):
        return int(match.group("year")) + 621
    if match := _HIJRI.search(text):
        year = int(match.group("before") or match.group("after"))
        return date.fromordinal(_FIRST_DAY_OF_THE_HIJRA + (year - 1) * 10_631 // 30).year if year <= _LATE else None
    return None

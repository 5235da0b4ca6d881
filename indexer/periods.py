"""When the bearer of a name lived, written without brackets before it or behind it: 清 蒲松齡, 杜甫 唐."""

from __future__ import annotations

import re

from indexer import surnames

_ONLY_DYNASTIES = "清|[東西后後][漢汉]|[東西][晉晋]|三[國国]|五代|[南北][朝宋]|[北東西]魏|先秦|春秋|戰國|战国|民[國国]"
_ALSO_SURNAMES = "唐|宋|元|明|金|隋|魏|秦|漢|汉|晉|晋|周|梁|齊|遼"
_ALSO_GIVEN_NAMES = frozenset("清明元晉晋周梁遼秦")
_IN_FRONT = re.compile(
    rf"(?P<period>(?P<only>{_ONLY_DYNASTIES})|{_ALSO_SURNAMES})(?P<sign>\s*[.．,，]\s*| +)(?P<name>\S+)"
)
_BEHIND = re.compile(rf"(?P<name>\S+?) *[ ,，.．] *(?P<period>{_ONLY_DYNASTIES}|{_ALSO_SURNAMES})")
_RULERS = ("宗", "祖", "帝", "王", "后", "公")


def without_period(name: str) -> str:
    """A name in characters without the dynasty that stands apart from it.

    Dynasties are surnames too, and given names in Japan: they are taken off a whole name only, and before a name of two
    characters none that is a surname (唐 魯孫), nor that of a ruler (清 高宗).
    """
    if match := _IN_FRONT.fullmatch(name):
        rest = match["name"]
        least = 2 if match["only"] or "." in match["sign"] or "．" in match["sign"] else 3
        if len(rest) >= least and surnames.is_whole_name(rest) and not rest.endswith(_RULERS):
            return rest
    elif match := _BEHIND.fullmatch(name):
        rest = match["name"]
        if len(rest) >= (3 if match["period"] in _ALSO_GIVEN_NAMES else 2) and surnames.is_whole_name(rest):
            return rest
    return name

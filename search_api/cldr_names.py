"""What languages are called in each interface language, and by those who speak them: from CLDR, by way of ISO 639."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from babel import Locale
from babel.core import UnknownLocaleError

from mappings.table import CodeTable, load_table
from search_api.texts import texts

_CHINESE = "chi"
_OWN: Mapping[str, str] = {
    _CHINESE: "zh_Hant",  # 中文 is written 中文 in both, but the library's readers write it so
    "tgl": "fil",  # CLDR has Filipino, the standard of Tagalog
}
"""MARC code → locale whose own name is meant, where ISO 639 leads elsewhere."""


@cache
def _iso_of() -> Mapping[str, tuple[str, ...]]:
    """MARC code → its codes in ISO 639, those of two letters first: CLDR names a language by its shortest code."""
    table: CodeTable = load_table("languages")
    found: dict[str, list[str]] = {}
    for iso, marc in table.sources["iso"].items():
        found.setdefault(marc, []).append(iso)
    return {marc: tuple(sorted(codes, key=len)) for marc, codes in found.items()}


def codes_of(marc: str) -> tuple[str, ...]:
    """The codes that CLDR may know a language by, the likeliest first."""
    return (*_iso_of().get(marc, ()), marc)


def name_in(marc: str, language: str) -> str:
    """What a language is called in an interface language, "" where CLDR has no name."""
    names = texts(language).locale.languages
    return next((names[code] for code in codes_of(marc) if code in names), "")


@cache
def own_name(marc: str) -> str:
    """What a language calls itself: 日本語, Tiếng Việt, မြန်မာ; "" where CLDR has none.

    Begins with a capital letter, where its script has such, as the first word of a line does.
    """
    for code in (*((_OWN[marc],) if marc in _OWN else ()), *codes_of(marc)):
        try:
            locale = Locale.parse(code)
        except (UnknownLocaleError, ValueError):
            continue
        name: str = locale.languages.get(locale.language, "")
        if name:
            return name[0].upper() + name[1:]
    return ""


@cache
def html_code(marc: str) -> str:
    """The code of a language as in ``lang``, "und" where there is none."""
    if marc == _CHINESE:
        return "zh-Hant"
    return next(iter(_iso_of().get(marc, ())), marc if name_in(marc, "en") else "und")

"""The other form of a name in characters that stands beside it: 海明威(Ernest Hemingway), 金庸(查良鏞)."""

from __future__ import annotations

import re

from indexer import surnames
from indexer.name_dress import HAN
from indexer.roles import READ
from indexer.text import has_cjk, has_han, is_romanised, trim_isbd

_IN_BRACKETS = re.compile(r"\s*[(（\[〔]\s*(?P<form>[^()（）\[\]〔〕]+)[)）\]〕]\s*$")
_LATIN_BEHIND = re.compile(rf"^(?P<name>[{HAN}\u3041-\u30ff·‧・.]{{2,}}) +(?P<form>[A-ZÀ-Þ][^\s,]*,? [^,]+)$")
_LATIN_IN_FRONT = re.compile(rf"^(?P<form>[A-ZÀ-Þ][^{HAN}]*[^{HAN}\s])\s+(?P<name>[{HAN}·‧・.]{{2,}})$")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")
_HAN_FORM = re.compile(rf"[{HAN}]{{2,6}}")
_READING = re.compile(r"[\u3041-\u30ff\uac00-\ud7a3][\u3041-\u30ff\uac00-\ud7a3 ]+")
_DATES = re.compile(
    r"[,，]?\s*(?P<dates>(?:b\.\s?|d\.\s?|ca\.\s?|fl\.\s?)?\d{3,4}\??\s?(?:[-–~]\s?(?:\d{3,4}\??)?)?)\s*$"
)
HAN_DATES = re.compile(
    r"(?=[^\d]*\d)[0-9?？~～〜–—. 約约生卒歿於于年代世紀纪活動动躍跃期公元西前民國国明治大正昭和平成至abcdfl-]{3,40}"
)
"""When someone lived, as catalogues in characters write it: 約西元前8世紀, 民38-, 1881-1936."""
_COMMA = re.compile(r",(?=\S)")
_LEAST_OF_A_NAME = 4
"""Letters of a name in another alphabet; fewer may be an abbreviation."""
_NO_NAMES = (
    *"家人師师學学生員员長者史系縣县市省國国語语文術术詩诗科業业界派戲戏劇剧樂乐法",
    *("作者", "大學", "醫學", "先生", "女士", "教授"),
)
"""What words for who someone is end with: (史學家), (高中生), (江蘇人). They tell him from others, and are no name."""


def without_other_form(name: str) -> tuple[str, str, str]:
    """A name, its other form in brackets or in another script behind it or before it, and the dates given there."""
    if (form := _IN_BRACKETS.search(name)) and form.start():
        inside = form["form"]
        other, dates = (inside.strip(), "") if _is_reading(name, inside) else other_form(inside)
        if other or _LATIN.search(inside):
            return name[: form.start()], other, dates
    if (form := _LATIN_BEHIND.match(name)) and is_romanised(form["form"]):
        return form["name"], *latin_form(form["form"])
    if (form := _LATIN_IN_FRONT.match(name)) and is_romanised(form["form"]) and " " in form["form"]:
        return form["name"], *latin_form(form["form"])
    return name, "", ""


def _is_reading(name: str, inside: str) -> bool:
    """Whether brackets hold how a name in characters is read, or the characters of one in kana or hangul."""
    return (_READING if has_han(name[:1]) else _HAN_FORM).fullmatch(inside.strip()) is not None


def other_form(text: str) -> tuple[str, str]:
    """The other form of a name, and dates, of what stands in brackets or in $c beside it; ("", "") where it is none.

    A name in Latin letters or another alphabet; in characters what can be nothing but a whole name: 查良鏞, and 陳平
    with its dates, not (畫家) or (高雄), which tell people of one name apart.
    """
    text = text[:READ].strip(" ()（）[]〔〕,，")
    if text.isascii() or not has_cjk(text[:1]):
        name, dates = latin_form(text)
        return (name, dates) if name else _in_another_alphabet(text)
    name, dates = _parted(text)
    least = 2 if dates else 3
    if len(name) >= least and surnames.is_whole_name(name) and not name.endswith(_NO_NAMES):
        return name, dates
    return "", ""


def latin_form(text: str) -> tuple[str, str]:
    """A name in Latin letters beside a Chinese one, as (name, dates): ``(Austen, Jane, 1775-1817)``."""
    name, dates = _parted(text.strip(" ()（）[]〔〕"))
    if not is_romanised(name):
        return "", ""
    return _COMMA.sub(", ", trim_isbd(name)), dates


def _in_another_alphabet(text: str) -> tuple[str, str]:
    name, dates = _parted(text)
    letters = [char for char in name if char.isalpha()]
    if len(letters) < _LEAST_OF_A_NAME or name.isupper() or has_cjk(name) or any(char.isascii() for char in letters):
        return "", ""
    return _COMMA.sub(", ", trim_isbd(name)), dates


def _parted(text: str) -> tuple[str, str]:
    """A name and the dates behind it."""
    if dates := _DATES.search(text):
        return text[: dates.start()], dates["dates"].strip()
    name, comma, dates_in_characters = text.replace("，", ",").rpartition(",")
    if comma and HAN_DATES.fullmatch(dates_in_characters := dates_in_characters.strip()):
        return name.strip(), dates_in_characters.removesuffix("年").strip(" .")
    return text, ""

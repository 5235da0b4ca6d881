"""Titles as suppliers and catalogues write them → the title alone, and what was written about the edition or the part.

Suppliers add binding, form, edition and the number in their list: 【精裝】 1.臺灣肚皮（二版）. Catalogues show a part's
number and name behind the title: 1Q84 Book 3 10月-12月. Neither is of the title a line is looked up by.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from indexer.designations import without_part
from indexer.text import has_cjk

_NUMERAL = "[0-9０-９一二三四五六七八九十]+"
_THING = (
    r"[平精線线盒膠胶][裝装]本?|軟[精皮]?[裝装]?|硬[皮殼][裝装]?|[簡简][裝装]|騎馬釘|紙本書?|电子书|電子書版?|有聲書|"
    r"附.{0,10}(?:CDs?|DVDs?|MP3|QR\s?code|光碟|光盤|音檔|學習卡|別冊|贈品|海報|貼紙)|(?:\d+\s*)?(?:CDs?|DVDs?)附?|"
    r"全新|限量|預購|首刷(?:限定)?|" + f"{_NUMERAL}刷|"
    r"pbk\.?|hbk\.?|hc|hb|pb|paperback|hard\s?(?:cover|back)|soft\s?cover|cloth|board\s?book|e-?book|kindle|epub|pdf|"
    r"trade paper(?:back)?|mass market(?: paperback)?|audio\s?(?:book|CD)|library binding"
)
_EDITION = (
    f"第?{_NUMERAL}版(?:{_NUMERAL}刷)?|(?:最?新|初|再|增訂|修訂|改訂|增补|修订|增订|增補|新裝|全新|校訂)+"
    f"(?:第?{_NUMERAL})?版|"
    r"(?:\d+(?:st|nd|rd|th)|first|second|third|fourth|fifth|new|rev(?:ised)?\.?|updated|expanded|enl(?:arged)?\.?)"
    r"(?:\s+(?:and|&)\s+\w+)?(?:\s+rev(?:ised|\.)?)?\s+ed(?:ition|n|\.)?"
)
_WORDS = rf"(?:{_THING}|{_EDITION})(?:\s*[,，、;；/+．.·]?\s*(?:{_THING}|{_EDITION}))*"
_OPEN, _CLOSE = r"[(（\[［【〔〈｛{]", r"[)）\]］】〕〉｝}]"
_BRACKETED = rf"{_OPEN}\s*(?P<said>{_WORDS})\s*{_CLOSE}"
_FRONT = re.compile(rf"\s*{_BRACKETED}\s*", re.IGNORECASE)
_BACK = re.compile(rf"\s*{_BRACKETED}\s*$", re.IGNORECASE)
_TRAILING = re.compile(rf"(?:\s*[,，;；/／]\s*|\s*--?\s+|\s+)(?P<said>{_WORDS})\s*\.?$", re.IGNORECASE)
_IS_EDITION = re.compile(_EDITION, re.IGNORECASE)
_LIST_NUMBER = re.compile(r"\s*(?:\(\d{1,4}\)|\d{1,4}[.．、)）])\s*(?=[^\W\d])")
_QUOTED = re.compile(r"\s*《([^《》]+)》\s*")
_LONGEST = 400
"""Characters of a title that are looked at."""


@dataclass(frozen=True, slots=True)
class Stripped:
    """A title alone, and the words of its edition that stood beside it."""

    title: str
    edition: str = ""


def stripped(title: str) -> Stripped:
    """A title without what suppliers add to it; whole when nothing else would be left."""
    if len(title) > _LONGEST:
        return Stripped(title)
    text, editions = title, list[str]()
    if (match := _LIST_NUMBER.match(text)) is not None:
        text = text[match.end() :]
    while True:
        match = _FRONT.match(text) or _BACK.search(text) or _TRAILING.search(text)
        rest = text[match.end() :] if match and not match.start() else text[: match.start()] if match else ""
        if match is None or not any(map(str.isalnum, rest)):
            break
        editions += [one.group() for one in _IS_EDITION.finditer(match["said"])]
        text = rest
    if (quoted := _QUOTED.fullmatch(text)) is not None:
        text = quoted[1]
    return Stripped(text.strip(), " ".join(editions))


@dataclass(frozen=True, slots=True)
class Parted:
    """A title of a part as its record has it."""

    title: str
    number: str
    name: str


_ROMAN = re.compile(r"\s+(?P<number>[IVX]{1,4}|[Ⅰ-Ⅻ])$")


def parted(title: str) -> Parted | None:
    """A title with the number and the name of its part behind it, apart; None when it has none."""
    places = [match.start() for match in re.finditer(r"\s", title[:_LONGEST].strip())]
    for place in places:
        head, name = title[:place].rstrip(), title[place:].strip()
        if not name:
            break
        bare, numbers = without_part(head)
        if not numbers and has_cjk(head) and (roman := _ROMAN.search(head)) is not None:
            bare, numbers = head[: roman.start()], (roman["number"],)
        if numbers and any(map(str.isalpha, bare)) | any(map(str.isdigit, bare)):
            return Parted(bare, head[len(bare) :].strip(), name)
    return None

"""Words by which records say what kind of thing they describe and what carries it, in the languages of catalogues."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from indexer import large_print
from indexer.marc import Field
from indexer.record import Carrier, Format
from indexer.remembered import remembered
from indexer.title_fields import parted

_ONLINE = re.compile(
    r"online|on-line|remote|internet|web ?site|e-?book|streaming|網路|網絡|網站|線上|"
    r"電子書|电子书|電子資源|電子檔|オンライン|온라인",
    re.IGNORECASE,
)
DISC = re.compile(
    r"(?<![a-z])(?:cd|dvd|vcd|cd-?rom|dvd-?rom|(?:compact|optical|sound|audio|video|computer|blu-ray)[ -]?(?:laser )?"
    r"dis[ck]s?|videodis[ck]s?|blu-ray|diskettes?)(?![a-z])|光碟|光盘|磁碟|影碟|雷射唱片|唱片|數位影音|ディスク",
    re.IGNORECASE,
)
MICRO = re.compile(r"micro(?:film|fiche|form|opaque|card)|縮影|缩微|微[捲卷片縮缩]|マイクロ", re.IGNORECASE)
_PICTURE_BOOK = re.compile(
    r"(?:兒童|儿童)?[圖图][畫画](?:故事)?[書书]|[繪绘絵]本(?:[書书])?|picture[ -]?books?(?: for children)?|그림책"
    r"|sách tranh|bilderb(?:uch|ücher)|albums illustrés",
    re.IGNORECASE,
)
COMIC = re.compile(
    r"漫[畫画](?:書|书)?|マンガ|만화|comics?(?: \(graphic works\)| books?(?:, strips, etc\.?)?)?|graphic novels?|manga"
    r"|comic books, strips, etc\.?|bandes dessinées|truyện tranh",
    re.IGNORECASE,
)
CLASS_OF_COMICS = "947.41"  # of 中文圖書分類法: comics themselves, seldom books about them
_ELECTRONIC = re.compile(r"electronic|[ée]lectronique|elektronisch|elettronic|electr[óo]nic", re.IGNORECASE)
KIT = re.compile(
    r"套\s*[(（][^()（）]*[冊册頁页][^()（）]*[+＋,，、;；及與与][^()（）]*(?:[片張张個个件組组]|CD|DVD)[^()（）]*[)）]"
    r"|\b\d+ kits?\b|[(（][^()（）]*[片張张個个件組组][^()（）]*[+＋,，、;；及與与][^()（）]*[冊册][^()（）]*[)）]"
)
"""Things of several kinds in one box: 1套(書1冊+CD1片), 1 kit. A book with a disc in its pocket is none."""
THESIS = re.compile(r"thes[ie]s|dissertation|學位論文|[碩博]士論文|学位论文|Diss\.|Luận [áv]", re.IGNORECASE)
MADE_OF_A_THESIS = re.compile(
    r"修[訂订]|改寫|改写|增[訂订]|[據据由].{0,20}(?:論文|论文).{0,6}(?:改|修|而成|出版)"
    r"|\b(?:revis(?:ed|ion)|based on|originally|expanded|rework|überarb|remani|version of)",
    re.IGNORECASE,
)
"""What a note of a thesis (502) says where the book was made of one and is none."""
_SAME_NUMBER = str.maketrans("123456789", "000000000")


@remembered
def named_by(term: str) -> Format | None:
    """A picture book or a comic where the term is its name."""
    term = term.strip(" .")
    return Format.PICTURE_BOOK if _PICTURE_BOOK.fullmatch(term) else Format.COMIC if COMIC.fullmatch(term) else None


def carrier_in_words(texts: list[str], *, electronic: bool, paper: bool) -> Carrier:
    """The carrier that descriptions name; ``electronic`` and ``paper``: what the codes let expect."""
    return _carrier_of((" ".join(texts).translate(_SAME_NUMBER), electronic, paper))  # 245 p. is on paper as 327 p. is


@remembered
def _carrier_of(words: tuple[str, bool, bool]) -> Carrier:
    text, electronic, paper = words
    for pattern, carrier in (
        (MICRO, Carrier.MICROFORM),
        (large_print.BRAILLE, Carrier.BRAILLE),
        (large_print.WORDS, Carrier.LARGE_PRINT),
        (_ONLINE, Carrier.ONLINE),
    ):
        if pattern.search(text):
            return carrier
    if not paper and DISC.search(text):
        return Carrier.DISC  # a book with a disc in its pocket stays a book
    if _ELECTRONIC.search(text):
        return Carrier.ONLINE if not DISC.search(text) else Carrier.DISC
    if electronic:
        return Carrier.DISC if DISC.search(text) else Carrier.ONLINE
    return Carrier.PRINT if paper else Carrier.UNKNOWN


HEARD = (
    *("020", "084", "245", "250", "300", "336", "338", "340", "347", "502", "504", "533", "538"),
    *("650", "653", "655", "773"),
)
"""The fields that `forms` reads in MARC21 records, but for those that say for whom a thing is."""
_PRESENT = {tag: Field(tag, " ", " ", ()) for tag in ("020", "300", "502", "504", "773")}
"""Fields that count by being there, whatever they say."""
_TOLD_BY_CODE = frozenset({"336", "338"})
_TITLE = Field("245", " ", " ", ())


def as_heard(field: Field) -> Field | None:
    """A field as far as it may tell a form: whole where any word for one stands in it, else only that it is there.

    None when it tells nothing. Of a 245 $h is left.
    """
    if field.tag != "245":
        return _as_heard(field)
    field = parted(field)
    for code, _ in field.subfields:
        if code == "h":
            return Field("245", " ", " ", (("h", field.first("h")),))
    return _TITLE


@remembered
def _as_heard(field: Field) -> Field | None:
    if field.tag in _TOLD_BY_CODE:
        return field
    tells = _TELLING.get(field.tag)
    if tells and any(tells(text.translate(_SAME_NUMBER)) for code, text in field.texts if code in "abn3h"):
        return field
    return _PRESENT.get(field.tag)


@remembered
def _tells_carrier(text: str) -> bool:
    """Whether any word for a carrier or for a kit stands in a text."""
    return large_print.is_named(text) or any(pattern.search(text) for pattern in _OF_CARRIERS)


@remembered
def _tells_kind(term: str) -> bool:
    """Whether a heading is, or holds, a word for a kind of book."""
    return large_print.is_named(term) or named_by(term) is not None or THESIS.search(term) is not None


_OF_CARRIERS = (_ONLINE, DISC, MICRO, large_print.BRAILLE, _ELECTRONIC, KIT)
_TELLING: Mapping[str, Callable[[str], bool]] = {
    **dict.fromkeys(("250", "300", "340", "347", "533", "538"), _tells_carrier),
    **dict.fromkeys(("650", "653", "655"), _tells_kind),
    "502": lambda text: MADE_OF_A_THESIS.search(text) is not None,
    "084": lambda text: text.startswith("000.00"),  # may be CLASS_OF_COMICS, its figures alike
}
"""What says whether a text of a field, its figures alike, has a word for a form."""

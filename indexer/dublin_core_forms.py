"""What kind of thing Dublin Core describes and what carries it: dc:type and dc:format."""

from __future__ import annotations

import re

from indexer import large_print
from indexer.dublin_core_imprints import Elements
from indexer.form_words import carrier_in_words
from indexer.record import Carrier, Format

_FORMATS = {  # a word of dc:type, folded, also at the end of an address: info:eu-repo/semantics/doctoralThesis
    "book": Format.BOOK,
    "monograph": Format.BOOK,
    "text": Format.BOOK,
    "圖書": Format.BOOK,
    "ebook": Format.EBOOK,
    "e-book": Format.EBOOK,
    "電子書": Format.EBOOK,
    "journal": Format.SERIAL,
    "periodical": Format.SERIAL,
    "serial": Format.SERIAL,
    "期刊": Format.SERIAL,
    "newspaper": Format.NEWSPAPER,
    "報紙": Format.NEWSPAPER,
    "thesis": Format.THESIS,
    "dissertation": Format.THESIS,
    "bachelorthesis": Format.THESIS,
    "masterthesis": Format.THESIS,
    "doctoralthesis": Format.THESIS,
    "學位論文": Format.THESIS,
    "musicalscore": Format.SCORE,
    "score": Format.SCORE,
    "map": Format.MAP,
    "cartographic": Format.MAP,
    "地圖": Format.MAP,
    "sound": Format.SOUND,
    "音樂": Format.SOUND,
    "movingimage": Format.FILM,
    "video": Format.FILM,
    "image": Format.PICTURE,
    "stillimage": Format.PICTURE,
    "software": Format.SOFTWARE,
    "manuscript": Format.MANUSCRIPT,
    "手稿": Format.MANUSCRIPT,
    "碩士論文": Format.THESIS,
    "博士論文": Format.THESIS,
    "博碩士論文": Format.THESIS,
    "article": Format.ARTICLE,
    "journalarticle": Format.ARTICLE,
    "期刊論文": Format.ARTICLE,
    "期刊文章": Format.ARTICLE,
    "電子期刊": Format.SERIAL,
    "雜誌": Format.SERIAL,
    "audiobook": Format.AUDIOBOOK,
    "有聲書": Format.AUDIOBOOK,
    "影片": Format.FILM,
    "影音資料": Format.FILM,
    "dvd": Format.FILM,
    "漫畫": Format.COMIC,
    "comic": Format.COMIC,
    "繪本": Format.PICTURE_BOOK,
    "圖畫書": Format.PICTURE_BOOK,
    "picturebook": Format.PICTURE_BOOK,
    "樂譜": Format.SCORE,
    "ebooks": Format.EBOOK,
    "cartographicmaterial": Format.MAP,
    "kit": Format.KIT,
    "game": Format.GAME,
}
_SAY_NOTHING = ("", "other", "publishedversion", "acceptedversion", "submittedversion", "updatedversion", "draft")
_ONLINE_TYPES = re.compile(r"(?:application|text|image|audio|video)/[\w.+-]+", re.IGNORECASE)
_ON_PAPER = re.compile(
    r"\bprint(?:ed)?\b|paperback|hard ?(?:cover|back)|\bpaper\b|紙本|纸本|紙質|纸质|印刷|[平精][裝装]",
    re.IGNORECASE,
)
_ELECTRONIC = re.compile(r"電子|电子|數位|数字化|digital", re.IGNORECASE)
_READ = 300  # characters
_BROAD = frozenset({Format.SOUND, Format.PICTURE, Format.FILM, Format.SERIAL, Format.EBOOK})
"""What the types of DCMI and of repositories say of things that another word names more closely: Sound, 有聲書."""


def type_word(text: str) -> str:
    """The word of a dc:type, folded: what stands last in an address."""
    return re.split(r"[/:#]", text)[-1].strip().lower().replace(" ", "")


def is_known_type(word: str) -> bool:
    """Whether a word of dc:type says a format, or is known to say none."""
    return word in _SAY_NOTHING or _named(word) is not None


def _named(word: str) -> Format | None:
    if word in _FORMATS:
        return _FORMATS[word]
    if large_print.BRAILLE.search(word):
        return Format.BRAILLE
    return Format.LARGE_PRINT if large_print.is_named(word) else None


def kind(elements: Elements, *, counted: bool) -> Format:
    """What dc:type says it is, the special before the general (``Text``, ``Sound``), a book on line being an e-book.

    Without any type, what has an ISBN or is counted in pages (``counted``) is a book; else it is OTHER.
    """
    types = elements.get("type", ())
    named = [form for text in types if (form := _named(type_word(text)))]
    if not named:
        named = [Format.OTHER if types or not counted else Format.BOOK]
    found = min(named, key=lambda form: 2 if form is Format.BOOK else form in _BROAD)
    carried = carrier(elements)
    if found is Format.BOOK:
        return _BOOK_BY_CARRIER.get(carried, found)
    return Format.EBOOK if Format.EBOOK in named and found.broader is Format.BOOK else found


_BOOK_BY_CARRIER = {
    Carrier.ONLINE: Format.EBOOK,
    Carrier.DISC: Format.EBOOK,
    Carrier.BRAILLE: Format.BRAILLE,
    Carrier.LARGE_PRINT: Format.LARGE_PRINT,
}


def carrier(elements: Elements) -> Carrier:
    """What dc:format, dcterms:medium or dc:type says carries it: a type of files, or words; else UNKNOWN.

    What stands behind a ``+`` comes with it.
    """
    types = [text[:_READ] for text in elements.get("type", ())]
    formats = [text[:_READ] for name in ("format", "medium") for text in elements.get(name, ())]
    if any(_ONLINE_TYPES.fullmatch(text) for text in formats):
        return Carrier.ONLINE
    said = carrier_in_words([re.split("[+＋]", text)[0] for text in formats], electronic=False, paper=False)
    if said is Carrier.UNKNOWN and any(map(_ON_PAPER.search, formats)):
        said = Carrier.PRINT
    if said is Carrier.UNKNOWN or said is Carrier.PRINT:
        by_type = carrier_in_words(types, electronic=False, paper=False)
        said = said if by_type is Carrier.UNKNOWN else by_type
    if said is not Carrier.UNKNOWN:
        return said
    return Carrier.ONLINE if any(map(_ELECTRONIC.search, types)) else Carrier.UNKNOWN

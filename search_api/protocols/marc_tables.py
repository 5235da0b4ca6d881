"""Where the parts of an edition stand in MARC 21: literal tables."""

from __future__ import annotations

from indexer.record import Carrier, Format

LEADER: dict[Format, tuple[str, str]] = {
    Format.BOOK: ("a", "m"),
    Format.EBOOK: ("a", "m"),
    Format.AUDIOBOOK: ("i", "m"),
    Format.SERIAL: ("a", "s"),
    Format.NEWSPAPER: ("a", "s"),
    Format.THESIS: ("a", "m"),
    Format.SCORE: ("c", "m"),
    Format.MAP: ("e", "m"),
    Format.SOUND: ("j", "m"),
    Format.FILM: ("g", "m"),
    Format.PICTURE: ("k", "m"),
    Format.SOFTWARE: ("m", "m"),
    Format.KIT: ("o", "m"),
    Format.GAME: ("r", "m"),
    Format.PICTURE_BOOK: ("a", "m"),
    Format.COMIC: ("a", "m"),
    Format.LARGE_PRINT: ("a", "m"),
    Format.BRAILLE: ("a", "m"),
    Format.ARTICLE: ("a", "a"),
    Format.MANUSCRIPT: ("t", "m"),
    Format.OTHER: ("a", "m"),
}
"""Format → leader/06 type of record and leader/07 bibliographic level."""

FORM_AT_29 = frozenset("efgkor")
"""Types of record whose form of item stands in 008/29; elsewhere it stands in 008/23."""

FORM_OF_ITEM = {
    Carrier.ONLINE: "o",
    Carrier.MICROFORM: "a",
    Carrier.LARGE_PRINT: "d",
    Carrier.BRAILLE: "f",
}

NUMBER_FIELDS: dict[str, tuple[str, str, str, str]] = {
    "isbn": ("020", "  ", "a", "z"),
    "issn": ("022", "  ", "a", "y"),
    "issn_l": ("022", "  ", "l", "m"),
    "ismn": ("024", "2 ", "a", "z"),
    "lccn": ("010", "  ", "a", "z"),
    "national": ("015", "  ", "a", "z"),
    "oclc": ("035", "  ", "a", "z"),
    "other": ("035", "  ", "a", "z"),
}
"""Kind of identifier → tag, indicators, subfield of a valid and of a cancelled or wrong one."""

CLASS_FIELDS = {"ddc": ("082", "04"), "lcc": ("050", " 4"), "udc": ("080", "  ")}
CLASS_SOURCES = {"ndc": "njb", "other": ""}
"""Schemes that MARC's list of sources calls otherwise than we do."""

TITLE_FIELDS = {
    "variant": ("246", "33"),
    "parallel": ("246", "31"),
    "cover": ("246", "34"),
    "part": ("246", "30"),
    "former": ("247", "10"),
    "contents": ("740", "02"),
}
"""Kind of title → its field."""

LINKED_TITLES = {"host": ("773", "0 "), "later": ("785", "00"), "related": ("787", "0 ")}

SUBJECT_TAGS = {
    "topic": "650",
    "person": "600",
    "corporate": "610",
    "title": "630",
    "place": "651",
    "genre": "655",
    "period": "648",
}

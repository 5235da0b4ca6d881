"""What kind of thing a record describes and what carries it: format and carrier, for both dialects.

Codes are believed in this order: physical description codes (007, UNIMARC 106–135) but for those of what comes with
the thing, form of item, carrier type (338), then the words of 300/215, 245 $h and 533. A link (856) alone makes nothing
electronic: printed books have links too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from indexer import large_print
from indexer.accompaniments import additional_forms, is_counted, is_named_beside, physical_descriptions
from indexer.carriers import FORM_OF_ITEM, of_carrier_type, of_physical_description
from indexer.extents import pages
from indexer.form_words import (
    CLASS_OF_COMICS,
    COMIC,
    DISC,
    HEARD,
    KIT,
    MADE_OF_A_THESIS,
    MICRO,
    THESIS,
    as_heard,
    carrier_in_words,
    named_by,
)
from indexer.marc import Field, Marc
from indexer.marc21_coded import audience as audience_of_marc21
from indexer.media import medium_coded, medium_named
from indexer.record import Carrier, Format
from indexer.remembered import remembered
from indexer.title_fields import parted
from indexer.unimarc_coded import audience as audience_of_unimarc

_FOR_THE_YOUNG = frozenset({"preschool", "primary", "children", "juvenile"})
_MOST_PAGES_OF_A_PICTURE_BOOK = 64
_PAPER = frozenset("acdeftpk")  # leader/06: what is on paper unless something says otherwise


class Form(NamedTuple):
    """What kind of thing it is, and what carries it."""

    format: Format
    carrier: Carrier


def marc21_form(marc: Marc) -> Form:
    """Format and carrier of a MARC21 record."""
    told = [heard for field in marc.fields(*HEARD) if (heard := as_heard(field))]
    if marc.leader[6] == "r" or any(field.tag in _HEADINGS for field in told) or marc.has_any(_READERS):
        return form_in_marc21(marc)  # titles, pages and readers count too
    control = (
        *[("006", value[:7]) for value in additional_forms(marc)],
        *[("007", value[:2]) for value in physical_descriptions(marc)],
        ("008", " " * 21 + marc.control("008")[21:34]),
    )
    return _form_told((marc.leader[6:8], control, tuple(told)))


_HEADINGS = frozenset({"650", "653"})
_READERS = frozenset({"521", "385"})


@remembered
def _form_told(told: tuple[str, tuple[tuple[str, str], ...], tuple[Field, ...]]) -> Form:
    coded, control, fields = told
    return form_in_marc21(Marc(f"      {coded}", control, fields))


def form_in_marc21(marc: Marc) -> Form:
    """The same of a record with all that it says: `marc21_form` asks for it once for many records that tell alike."""
    medium = None
    if marc.leader[6] not in "cdefgijkmopr":  # coded as text, or not at all
        title = marc.field("245")
        medium = medium_named(parted(title).first("h")) if title else None
        medium = medium or medium_coded(code for field in marc.fields("336") for code in field.all("b"))
    carrier = _marc21_carrier(marc, paper=marc.leader[6] in _PAPER and medium not in _SEEN_OR_HEARD)
    return Form(medium or _marc21_format(marc, carrier), carrier)


def _marc21_format(marc: Marc, carrier: Carrier) -> Format:
    kind, level = marc.leader[6], marc.leader[7]
    if kind in "at" or kind not in "cdefgijkmopr":
        return _of_text(marc, kind, level, carrier)
    if kind == "p" and _is_kit(marc, "300"):
        return Format.KIT
    if kind in "cd":
        return Format.SCORE
    if kind in "ef":
        return Format.MAP
    if kind == "g":
        return Format.PICTURE if marc.control("008")[33:34] in tuple("ikst") else Format.FILM
    if kind == "r" and (marc.control("008")[33:34] in ("g", "w") or _is_game(marc, "655", "300", "245")):
        return Format.GAME
    if kind in "or" and marc.control("008")[33:34] == "b":
        return Format.KIT
    if kind == "m":
        if marc.control("008")[26:27] == "g":
            return Format.GAME
        document = marc.control("008")[26:27] == "d" or any(f.first("b") == "txt" for f in marc.fields("336"))
        return Format.EBOOK if document and level == "m" else Format.SOFTWARE
    return _BY_KIND[kind]


_BY_KIND = {
    "i": Format.AUDIOBOOK,
    "j": Format.SOUND,
    "k": Format.PICTURE,
    "o": Format.KIT,
    "p": Format.MANUSCRIPT,
    "r": Format.OTHER,
}


def _is_thesis(marc: Marc) -> bool:
    """Whether a note of a thesis says that this is one: a book with an ISBN that was made of one is a book."""
    notes = marc.fields("502")
    made = notes and marc.has("020") and all(MADE_OF_A_THESIS.search(field.first("a")) for field in notes)
    return bool(notes) and not made


def _of_text(marc: Marc, kind: str, level: str, carrier: Carrier) -> Format:
    fixed = marc.control("008")
    if level in "ab" and marc.has("773"):
        return Format.ARTICLE
    if level in "sib":
        return Format.NEWSPAPER if fixed[21:22] == "n" else Format.SERIAL
    if _is_thesis(marc) or (kind in "at" and "m" in fixed[24:28]) or _names_a_thesis(marc, "655"):
        return Format.THESIS
    if kind == "t":
        return Format.MANUSCRIPT
    if _is_kit(marc, "300"):
        return Format.KIT
    if kind != "a" and not (marc.has("300") or marc.has("020")):
        return Format.OTHER
    if special := _BOOK_BY_CARRIER.get(carrier):
        return special
    if found := _special_book(_texts(marc, "655", "a")):
        return found
    terms = [*_undivided(marc, "650", "a", "x"), *_each(marc, "653", "a")]
    if (found := _special_book(terms)) and (_is_short(marc, "300") or _for_the_young(audience_of_marc21(marc))):
        return found
    if "6" in fixed[24:28] or (_is_of_comics(terms, marc, "084") and not marc.has("504")):
        return Format.COMIC
    return Format.BOOK


_SEEN_OR_HEARD = frozenset({Format.FILM, Format.SOUND, Format.AUDIOBOOK, Format.GAME, Format.KIT})


def _is_kit(marc: Marc, tag: str) -> bool:
    return any(map(KIT.search, _texts(marc, tag, "a")))


def _is_game(marc: Marc, *tags: str) -> bool:
    return any(medium_named(text) is Format.GAME for tag in tags for text in _texts(marc, tag, "ah"))


def _names_a_thesis(marc: Marc, tag: str) -> bool:
    return any(map(THESIS.search, _texts(marc, tag, "a")))


def _is_of_comics(terms: list[str], marc: Marc, tag: str) -> bool:
    """Whether subjects or classes are those of comics; what is about them has a bibliography, so the caller asks."""
    return any(COMIC.fullmatch(term.strip(" .")) for term in terms) or any(
        text.startswith(CLASS_OF_COMICS) for text in _texts(marc, tag, "a")
    )


_BOOK_BY_CARRIER = {
    Carrier.ONLINE: Format.EBOOK,
    Carrier.DISC: Format.EBOOK,
    Carrier.LARGE_PRINT: Format.LARGE_PRINT,
    Carrier.BRAILLE: Format.BRAILLE,
}


def _special_book(terms: list[str]) -> Format | None:
    """A picture book or a comic, where one of the terms is its name; else None.

    A genre says what a book is. A subject term of the same words may say what it is about, and is to be believed only
    of what is short or for the young: studies of picture books are neither.
    """
    found = set(map(named_by, terms))
    return next((special for special in (Format.PICTURE_BOOK, Format.COMIC) if special in found), None)


def _for_the_young(audience: tuple[str, ...]) -> bool:
    return not _FOR_THE_YOUNG.isdisjoint(audience)


def _undivided(marc: Marc, tag: str, main: str, topic: str) -> list[str]:
    """The headings of a field that no topic divides: 圖畫書, but not 圖畫書 -- 評論."""
    return [field.joined(main) for field in marc.fields(tag) if not field.first(topic)]


def _each(marc: Marc, tag: str, code: str) -> Iterator[str]:
    return (text for field in marc.fields(tag) for text in field.all(code))


def _is_short(marc: Marc, tag: str) -> bool:
    counted = [number for text in _texts(marc, tag, "a") if (number := pages(text))]
    return bool(counted) and max(counted) <= _MOST_PAGES_OF_A_PICTURE_BOOK


def _marc21_carrier(marc: Marc, *, paper: bool) -> Carrier:
    kind = marc.leader[6]
    for physical in physical_descriptions(marc):
        if (found := of_physical_description(physical)) is not None:
            return found
    fixed = marc.control("008")
    form = fixed[29:30] if kind in "efgkor" else fixed[23:24]
    if form in FORM_OF_ITEM and form:
        return FORM_OF_ITEM[form]
    for additional in additional_forms(marc):
        if additional[:1] == "m" and additional[6:7] in FORM_OF_ITEM and additional[6:7]:
            return FORM_OF_ITEM[additional[6]]
    found = of_carrier_type(marc, paper=paper)
    if found is Carrier.PRINT:
        said = (large_print.on_paper(field.joined(_WORDS[field.tag])) for field in marc.fields(*_OF_LETTERS))
        found = next(filter(None, said), found)
    elif found is None:
        words = _WORDS if paper else _WORDS_OF_OTHERS
        found = carrier_in_words(
            [_title_parted(field).joined(words[field.tag]) for field in marc.fields(*words)],
            electronic=form == "s",
            paper=paper,
        )
    terms = (*_texts(marc, "655", "a"), *_undivided(marc, "650", "a", "x"), *_each(marc, "653", "a"))
    large = found is Carrier.PRINT and any(map(large_print.is_named, (*terms, *_each(marc, "340", "n"))))
    return Carrier.LARGE_PRINT if large else found


_OF_LETTERS = ("300", "250", "340", "533")
"""Fields that may say that a volume (338 nc) is no ordinary print: RDA's code says nothing of its letters."""

_WORDS = {"300": "ah3", "245": "h", "338": "a", "533": "a", "250": "a", "340": "n"}
_WORDS_OF_OTHERS = {**_WORDS, "538": "ab", "347": "ab"}  # a book may come with a disc that needs a machine


def unimarc_form(marc: Marc) -> Form:
    """Format and carrier of a UNIMARC or CMARC record."""
    medium = None
    if marc.leader[6] not in "cdefgijklmr":
        medium = medium_named(" ".join((*_texts(marc, "204", "a"), *_designations(marc))))
    carrier = _unimarc_carrier(marc, paper=marc.leader[6] in "abcdefk" and medium not in _SEEN_OR_HEARD)
    return Form(medium or _unimarc_format(marc, carrier), carrier)


def _unimarc_format(marc: Marc, carrier: Carrier) -> Format:
    kind, level = marc.leader[6], marc.leader[7]
    if kind in "ab" or kind not in "cdefgijklmr":
        if level == "a" and (marc.has("461") or marc.has("463")):
            return Format.ARTICLE
        if level in "si" or marc.has("110"):
            serial = _coded(marc, "110")
            return Format.NEWSPAPER if serial[:1] == "c" else Format.SERIAL
        if marc.has("328") or "m" in _coded(marc, "105")[4:8] or any(_names_a_thesis(marc, t) for t in ("300", "608")):
            return Format.THESIS
        if kind == "b":
            return Format.MANUSCRIPT
        if _is_kit(marc, "215"):
            return Format.KIT
        if kind != "a" and not (marc.has("215") or marc.has("010")):
            return Format.OTHER
        if special := _BOOK_BY_CARRIER.get(carrier):
            return special
        return _unimarc_book(marc)
    if kind == "r" and _is_game(marc, "215", "204", "608"):
        return Format.GAME
    if kind == "l":
        document = _coded(marc, "135")[:1] in ("d", "a")
        return Format.EBOOK if document and level == "m" else Format.SOFTWARE
    return _UNIMARC_BY_KIND[kind]


def _unimarc_book(marc: Marc) -> Format:
    if found := _special_book(_texts(marc, "608", "a")):
        return found
    terms = [*_undivided(marc, "606", "a", "x"), *_each(marc, "610", "a")]
    if (found := _special_book(terms)) and (_is_short(marc, "215") or _for_the_young(audience_of_unimarc(marc))):
        return found
    return Format.COMIC if _is_of_comics(terms, marc, "681") and not marc.has("320") else Format.BOOK


_UNIMARC_BY_KIND = {
    "c": Format.SCORE,
    "d": Format.SCORE,
    "e": Format.MAP,
    "f": Format.MAP,
    "g": Format.FILM,
    "i": Format.AUDIOBOOK,
    "j": Format.SOUND,
    "k": Format.PICTURE,
    "m": Format.KIT,
    "r": Format.OTHER,
}
_ELECTRONIC = {"r": Carrier.ONLINE, "o": Carrier.DISC, "j": Carrier.DISC}  # 135 $a/1
_UNIMARC_FORM_OF_TEXT = {  # 106 $a
    "d": Carrier.LARGE_PRINT,
    "f": Carrier.BRAILLE,
    "g": Carrier.MICROFORM,
    "r": Carrier.PRINT,
}


def _unimarc_carrier(marc: Marc, *, paper: bool) -> Carrier:
    kind = marc.leader[6]
    if marc.has("130") and not (paper and is_named_beside(marc.fields("215"), MICRO)):
        return Carrier.MICROFORM
    form = _coded(marc, "106")[:1]
    if form in _UNIMARC_FORM_OF_TEXT and form:
        return _UNIMARC_FORM_OF_TEXT[form]
    if kind == "g" and _coded(marc, "115")[15:16] in ("f", "g"):
        return Carrier.DISC
    described = marc.fields("215")
    coded = _ELECTRONIC.get(_coded(marc, "135")[1:2])
    if coded is Carrier.DISC and paper and (is_counted(described) or is_named_beside(described, DISC)):
        coded = None
    if coded:
        return coded
    words = [
        *_texts(marc, "215", "ac"),
        *_designations(marc),
        *_texts(marc, "204", "a"),
        *_texts(marc, "205", "a"),
    ]
    found = carrier_in_words(words, electronic=form == "s", paper=paper)
    terms = (*_texts(marc, "608", "a"), *_undivided(marc, "606", "a", "x"), *_each(marc, "610", "a"))
    large = found is Carrier.PRINT and any(map(large_print.is_named, terms))
    return Carrier.LARGE_PRINT if large else found


def _title_parted(field: Field) -> Field:
    return parted(field) if field.tag == "245" else field


def _designations(marc: Marc) -> list[str]:
    return [parted(field).joined("b") for field in marc.fields("200")]


def _coded(marc: Marc, tag: str) -> str:
    """The uncleaned $a of a coded field: its positions count."""
    field = marc.field(tag)
    return next((value for code, value in field.subfields if code == "a"), "") if field else ""


def _texts(marc: Marc, tag: str, codes: str) -> list[str]:
    return [field.joined(codes) for field in marc.fields(tag)]

"""Latin-1 that says it is MARC-8, and MARC-8 that could be Latin-1."""

from __future__ import annotations

import unicodedata

import pytest

from fixtures.marc8 import marc8
from indexer.charset import UnknownCharacterSet, character_set, decoded, is_utf8
from indexer.latin1 import latin1_verdict
from tests.support.real_files import ABSENT, DATA, iso2709_files, iso2709_records


def told(text: bytes, *, says_utf8: bool = False, language: str = "") -> str:
    coded = f"\x1e040101s2004    xx            000 0 {language} d".encode() if language else b""
    data = coded + b"\x1e10\x1fa" + text + b"\x1e"
    try:
        return character_set(data, says_utf8=says_utf8)
    except UnknownCharacterSet as unknown:
        return f"{unknown.likely}?"


@pytest.mark.parametrize(
    ("text", "language", "found", "why"),
    [
        ("Les misérables : édition intégrale", "", "latin-1", "háčeks on r, d and g"),
        ("François Villon", "", "latin-1", "a dot above o"),
        ("El español y la niña", "", "latin-1", "an ogonek on o"),
        ("Müller für alle", "", "latin-1", "a byte that MARC-8 leaves empty"),
        ("Malmö", "", "latin-1", "a diacritic at the end of a word is on nothing"),
        ("là-bas, où l'on va", "", "latin-1", "the same, on short words"),
        ("São Paulo", "", "latin-1?", "Sô is possible: not guessed"),
        ("São Paulo", "por", "latin-1", "and in Portuguese it is not"),
        ("El niño", "", "latin-1?", "ǫ is possible, in Old Norse"),
        ("El niño", "spa", "latin-1", "and not in Spanish"),
        ("Göteborg", "", "latin-1?", "t̲ is possible, in Urdu"),
        ("Göteborg", "swe", "latin-1", "and not in Swedish"),
        ("Études", "fre", "latin-1", "a capital that MARC-8 leaves empty"),
        ("coração", "por", "latin-1", "two letters with marks in turn"),
    ],
)
def test_latin1_without_a_mark_is_told_or_refused(text: str, language: str, found: str, why: str) -> None:
    data = text.encode("latin-1")
    assert told(data, language=language) == found, why
    assert told(data, says_utf8=True, language=language) == "utf-8 with windows-1252"
    assert decoded(data, "utf-8 with windows-1252") == text


def test_a_doubtful_record_says_what_a_librarian_can_state() -> None:
    with pytest.raises(
        UnknownCharacterSet, match=r'could be MARC-8 \(records.encoding = "marc-8"\), and look like latin-1'
    ):
        character_set(b"\x1faS\xe3o Paulo", says_utf8=False)


def test_signs_of_windows_make_it_windows_1252() -> None:
    data = "L’été — “fin”".encode("cp1252")
    assert told(data) == "windows-1252"
    assert told(data, says_utf8=True) == "utf-8 with windows-1252"


@pytest.mark.parametrize(
    ("text", "language", "why"),
    [
        ("café", "", "an accent before its letter"),
        ("Les misérables : édition intégrale", "fre", "the same title in MARC-8"),
        ("François, São Paulo, Göteborg, Müller", "", "all of them"),
        ("Dvořák", "", "a háček and an accent"),
        ("Tři", "cze", "a háček that could be é, in Czech"),
        ("Dějiny", "cze", "the same"),
        ("Władysław Reymont, żyjący", "", "letters of MARC-8's own"),
        ("Truyện Kiều", "", "two marks on a letter"),
        ("ʻIlm al-tārīkh", "ara", "long vowels"),
        ("Sôseki zenshû", "", "circumflexes of an older romanisation"),
        ("G̲h̲ālib", "urd", "letters underlined"),
        ("Kr̥ṣṇa", "san", "marks below"),
        ("hǎo", "chi", "tones"),
        ("Petőfi Sándor összes művei", "", "Hungarian"),
    ],
)
def test_marc8_stays_marc8(text: str, language: str, why: str) -> None:
    data = marc8(text)
    assert told(data, language=language) == "marc-8", why
    assert decoded(data, "marc-8") == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize("text", [b"can\xe1t", b"Parker\xe1s dreams, and you\xe1re", b"Relaxin\xe1 at Camarillo"])
def test_a_grave_for_an_apostrophe_proves_nothing(text: bytes) -> None:
    assert told(text) == "marc-8"


@pytest.mark.skipif(not DATA.is_dir(), reason=ABSENT)
def test_no_real_record_in_marc8_is_taken_for_latin1() -> None:
    seen = 0
    for file in iso2709_files():
        if not file.name.endswith(".marc8.mrc"):
            continue
        for number, data in enumerate(iso2709_records(file)):
            if data.isascii() or is_utf8(data):
                continue
            assert latin1_verdict(data, says_utf8=True) == "", (file.name, number)
            seen += 1
    assert seen > 1_400


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Vũ, Trọng Phụng", "ũ and ọ could be äu and òo"),
        ("Mai Lĩnh", "one letter with a mark in the whole record"),
        ("nghĩa", "two vowels behind consonants that begin no word of Latin-1's languages"),
        ("Nguyễn", "two marks on a letter, the circumflex first"),
        ("Tố Hữu", "and letters with a horn"),
        ("Đời", "four bytes of which Big5 makes two characters"),
        ("Trần, Tuấn, São Paulo", "beside a word that could be Portuguese"),
    ],
)
@pytest.mark.parametrize("language", ["", "eng", "vie"])
def test_vietnamese_in_marc8_is_marc8_in_a_record_of_any_language(text: str, language: str, why: str) -> None:
    assert told(marc8(text), language=language) == "marc-8", why


@pytest.mark.parametrize("text", ["São Paulo", "El niño", "Göteborg", "Täubler, São Tomé"])
def test_words_that_only_may_be_vietnamese_prove_nothing(text: str) -> None:
    assert told(text.encode("latin-1")) in ("latin-1", "latin-1?")


@pytest.mark.parametrize("language", ["pol", "cze", "hun", "rum", "tur", "lav", "lit", "slo", "hrv", "slv", "vie"])
@pytest.mark.parametrize("text", ["São", "Mały Książę", "Köln", "Mai Lĩnh", "Děti", "București"])
def test_a_record_in_a_language_that_latin1_cannot_write_is_never_refused(text: str, language: str) -> None:
    assert told(marc8(text), language=language) == "marc-8"

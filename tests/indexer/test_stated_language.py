"""Which set a record's text is in by the language it states; what is stated in no language stays as it was."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixtures.marc8 import marc8
from indexer.charset import UnknownCharacterSet, character_set, decoded, likely_character_set
from indexer.stated_language import languages
from mappings.library import Records
from tests.indexer.test_charset import titled

TITLES = [
    ("pol", "Wałęsa, Lech", ("cp1250", "iso8859-2"), "a ring on s in MARC-8"),
    ("pol", "Zażółć gęślą jaźń. Łódź", ("cp1250", "iso8859-2"), "every letter, where the two sets differ"),
    ("cze", "Němcová, Božena. Babička", ("cp1250", "iso8859-2"), "diaereses on m and k"),
    ("ces", "Válka s mloky a jiné příběhy", ("cp1250", "iso8859-2"), "the newer code of the language"),
    ("hun", "Őrkény István. Az ember tragédiája", ("cp1250", "iso8859-2"), "a byte that MARC-8 leaves empty"),
    ("slo", "Pavol Országh Hviezdoslav: Krvavé sonety, ľúbostné piesne", ("cp1250", "iso8859-2"), "Slovak"),
    ("hrv", "Krleža, Miroslav. Gospoda Glembajevi, drugi čin", ("cp1250", "iso8859-2"), "Croatian"),
    ("rum", "Țara mea și poveşti în lună".replace("Ț", "Ţ").replace("ș", "ş"), ("cp1250", "iso8859-2"), "Romanian"),
    ("tur", "İstanbul: Hatıralar ve Şehir", ("cp1254",), "Turkish"),
    ("tur", "Kırmızı saçlı kadın", ("cp1254",), "its letters are Icelandic in Latin-1"),
    ("lav", "Lāčplēsis, latvju tautas varonis: tautas eposs, ķēniņš", ("cp1257",), "Latvian"),
    ("lit", "Žemaitė: raštai, ąžuolų šlamėjimas", ("cp1257",), "Lithuanian"),
]
ROWS = [(language, text, codec, why) for language, text, codecs, why in TITLES for codec in codecs]


def stating(language: str, text: bytes, *, unimarc: bool = False) -> bytes:
    coded = f"1 \x1fa{language}" if unimarc else f"040101s2004    xx            000 0 {language} d"
    return (
        titled(b"").replace(b"\x1e", b"\x1e" + coded.encode() + b"\x1e", 1).replace(b"\x1fa\x1e", b"\x1fa%b\x1e" % text)
    )


def told(data: bytes, *, says_utf8: bool = False) -> str:
    try:
        return character_set(data, says_utf8=says_utf8)
    except UnknownCharacterSet as unknown:
        return f"{unknown.likely}{'|marc-8' if 'could be' in str(unknown) else ''}?"


@pytest.mark.parametrize(("unimarc", "says_utf8"), [(False, False), (False, True), (True, False)])
@pytest.mark.parametrize(("language", "text", "codec", "why"), ROWS)
def test_letters_are_those_of_the_language_stated(
    language: str, text: str, codec: str, why: str, *, unimarc: bool, says_utf8: bool
) -> None:
    data = text.encode(codec)
    found = told(stating(language, data, unimarc=unimarc), says_utf8=says_utf8)
    assert "?" not in found, why
    assert decoded(data, found) == text, why  # type: ignore[arg-type]


@pytest.mark.parametrize(("language", "text", "codec", "why"), ROWS)
def test_the_same_title_in_marc8_is_marc8(language: str, text: str, codec: str, why: str) -> None:
    data = marc8(text)
    assert told(stating(language, data)) == "marc-8", why
    assert decoded(data, "marc-8") == unicodedata.normalize("NFC", text)


def test_vietnamese_tones_stand_after_their_letters() -> None:
    data = b"Truy\xea\xf2n Ki\xea\xccu v\xe0 nh\xfd\xdeng b\xe0i th\xf5"
    assert told(stating("vie", data)) == "windows-1258"
    assert decoded(data, "windows-1258") == "Truyện Kiều và những bài thơ"


@pytest.mark.parametrize(
    ("language", "text", "found", "why"),
    [
        ("pol", "Słowacki".encode("cp1250"), "windows-1250|marc-8?", "one đ, of a Croatian perhaps: not guessed"),
        ("pol", marc8("Kierkegaard, Søren; Đinđić"), "marc-8", "letters of others in MARC-8"),
        ("cze", marc8("Köln, Göttingen, São Paulo, Malmö"), "marc-8", "names of others in MARC-8"),
        ("cze", marc8("Dostoevskiĭ, G̲h̲ālib, Sōseki, Kr̥ṣṇa, Nguyễn, i︠a︡"), "marc-8", "romanised names"),
        ("hun", b"can\xe1t, you\xe1re", "marc-8", "a grave for the apostrophe"),
        ("eng", "Wałęsa, Lech".encode("cp1250"), "marc-8", "the twin: a language that tells nothing, so as before"),
        ("pol", "Göttingen für Straße".encode("latin-1"), "latin-1|marc-8?", "what Polish cannot be is not guessed"),
        ("ger", "Göttingen für Straße".encode("latin-1"), "latin-1", "the twin: what German can be"),
        ("hun", "Petőfi".encode() + b" \xf5", "utf-8", "damaged UTF-8 is not another set"),
    ],
)
def test_what_a_language_does_not_decide_is_not_guessed(language: str, text: bytes, found: str, why: str) -> None:
    assert told(stating(language, text)) == found, why


@pytest.mark.parametrize(
    ("language", "text", "codec", "charset"),
    [
        ("heb", "סיפור על אהבה וחושך / עוז, עמוס", "cp1255", "windows-1255"),
        ("yid", "טביה דער מילכיקער", "cp1255", "windows-1255"),
        ("gre", "Η Οδύσσεια / Όμηρος", "cp1253", "windows-1253"),
        ("ara", "ألف ليلة وليلة / محفوظ، نجيب", "cp1256", "windows-1256"),
        ("per", "شاهنامه فردوسي", "cp1256", "windows-1256"),
        ("tha", "สี่แผ่นดิน", "cp874", "tis-620"),
        ("kor", "토지", "cp949", "euc-kr"),
        ("kor", "太白山脈 : 조정래 大河小說", "cp949", "euc-kr"),
        ("jpn", "源氏物語", "euc_jp", "euc-jp"),
        ("rus", "Мать", "koi8-r", "koi8-r"),
        ("rus", "Идиот", "cp866", "cp866"),
    ],
)
def test_the_hint_is_a_set_of_the_language_stated(language: str, text: str, codec: str, charset: str) -> None:
    data = stating(language, text.encode(codec))
    assert [told(data, says_utf8=says) for says in (False, True)] == [f"{charset}?"] * 2
    assert Records(encoding=charset).encoding == charset, "a library's file can state it"  # type: ignore[arg-type]
    assert decoded(text.encode(codec), charset) == text  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("heb", "ḥayim ha-ʻivri"),
        ("ara", "ʻIlm al-tārīkh"),
        ("kor", "Tʻaebaek sanmaek"),
        ("jpn", "Sōseki zenshū"),
        ("rus", "Voĭna i mir"),
        ("gre", "Odysseia ©1998 ℗1999"),
        ("tha", "Sī phǣndin"),
    ],
)
def test_romanised_text_in_marc8_is_marc8_in_every_language(language: str, text: str) -> None:
    assert told(stating(language, marc8(text))) == "marc-8"


@pytest.mark.parametrize("language", ["chi", "kor", "eng"])
def test_korean_with_ideographs_is_named_or_refused_in_a_record_of_any_language(language: str) -> None:
    data = stating(language, "한국 도서관의 역사와 문화 / 王文興".encode("cp949"))
    assert told(data) == "euc-kr?"


def test_pairs_that_make_no_sense_anywhere_are_no_marc8() -> None:
    data = titled(b"\xfe\xfe" * 7, b"\xfe\xfe" * 5)
    assert told(data) == "None?"
    with pytest.raises(UnknownCharacterSet, match="pairs that make no sense in any known set"):
        character_set(data, says_utf8=False)


def test_hong_kongs_supplement_is_named() -> None:
    assert likely_character_set(titled("香港嘅故事：啲嘢喺度".encode("big5hkscs"))) == "big5-hkscs"
    assert likely_character_set(titled("香港的故事：一些人".encode("big5"))) == "big5", "the twin without it"


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"\x1e040101s2004    xx            000 0 pol d\x1e", {"pol"}),
        (b"\x1e1 \x1facze\x1fcger\x1e", {"cze"}),
        (b'<controlfield tag="008">040101s2004    xx            000 0 hun d</controlfield>', {"hun"}),
        (b"\x1e10\x1faTur\x1e", set()),
        (b"", set()),
    ],
)
def test_the_languages_stated(data: bytes, found: set[str]) -> None:
    assert languages(data) == found


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted({row[0] for row in ROWS} | {"vie", "heb", "ara", "kor", "tha"})), st.binary(max_size=40))
def test_any_bytes_in_any_language_are_told_or_refused(language: str, data: bytes) -> None:
    found = told(stating(language, data))
    assert "?" in found or isinstance(decoded(data, found), str)  # type: ignore[arg-type]

from __future__ import annotations

import pytest

from indexer.single_byte import cyrillic_set, is_windows_1250

RUSSIAN = ["Война и мир", "Мать", "Идиот", "Мёртвые души", "Кобзарь", "ВОЙНА И МИР", "Преступление и наказание"]


@pytest.mark.parametrize("text", RUSSIAN)
@pytest.mark.parametrize("charset", ["windows-1251", "koi8-r", "cp866"])
def test_a_short_title_tells_its_cyrillic_set(text: str, charset: str) -> None:
    assert cyrillic_set(b"\x1fa" + text.encode(charset)) == charset


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ("Les misérables, Göttingen, þjóð".encode("latin-1"), "letters of ASCII stand in every word"),
        ("ÄÖÜ".encode("latin-1"), "three letters are too few"),
        ("ÄÖÜß ÅÄÖÆ".encode("latin-1"), "letters that Russian seldom has"),
        ("红楼梦 曹雪芹著 人民文学出版社".encode("gb18030"), "pairs: capitals and small letters at random"),
        ("紅樓夢研究資料".encode("big5"), "Big5"),
        ("한국의역사 문학".encode("euc_kr"), "Korean"),
        ("สี่แผ่นดิน คึกฤทธิ์".encode("cp874"), "Thai"),
        (b"\xb0\xe5Alam \xe2\xf2a", "diacritics of MARC-8"),
        ("éééé éé".encode("latin-1"), "one letter again and again"),
        (b"", "nothing"),
    ],
)
def test_other_bytes_are_not_cyrillic(data: bytes, why: str) -> None:
    assert cyrillic_set(data) is None, why


@pytest.mark.parametrize(
    "text",
    ["Příliš žluťoučký kůň", "Dějiny české literatury", "Władysław Reymont: chłopi", "Petőfi Sándor összes művei"],
)
def test_central_european_letters_tell_windows_1250(text: str) -> None:
    assert is_windows_1250(text.encode("cp1250"))


@pytest.mark.parametrize(
    "text",
    [
        "Les misérables : édition intégrale, où là déjà à la fête",
        "La virtù e la città, perché così",
        "Nærværende større bøger på Søllerød",
        "Introducción a la compañía",
        "São coleção Guimarães",
        "Català : història, però òpera",
        "Göttingen für Straße",
        "Život",
    ],
)
def test_western_letters_do_not(text: str) -> None:
    assert not is_windows_1250(text.encode("cp1252"))

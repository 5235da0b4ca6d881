from __future__ import annotations

import pytest

from indexer import unread_codes
from indexer.dublin_core import unread_codes as of_dublin_core
from tests.support.marc import marc

LDR = "=LDR  00000nam a2200000 a 4500\n"


@pytest.mark.parametrize(
    ("text", "codes", "why"),
    [
        ("=084  \\\\$a857$2xyz", ("scheme:xyz",), "a scheme nobody knows"),
        ("=084  \\\\$a857$2ncsclt", (), "the Chinese one"),
        ("=084  \\\\$a857", (), "none is named"),
        ("=650  \\7$a小說$2qqsh", ("thesaurus:qqsh",), "a thesaurus that MARC's list has not"),
        ("=650  \\7$a小說$2lcstt\n=650  \\7$aFiction$2fast\n=655  \\7$aRoman$2gnd-content", (), "three that it has"),
        ("=650  \\7$aX$2yso/fin", (), "one with its language"),
        ("=650  \\0$aFiction", (), "named by the indicator"),
        ("=041  0\\$aqz9", ("language:qz9",), "no language"),
        ("=041  0\\$ach", ("language:ch",), "of China, or Chamorro"),
        ("=041  07$ach$2iso639-1", (), "Chamorro, said so"),
        ("=041  0\\$a中文$hjpn", (), "a language by its name"),
        ("=041  0\\$aqqq", (), "three letters are kept as a language and told from there"),
        ("=041  0\\$aund", (), "undetermined says so"),
        ("=044  \\\\$czz", ("country:zz",), "a country that ISO has not"),
        ("=044  \\\\$cvn$ach", (), "two that are"),
        ("=338  \\\\$bzz", ("carrier:zz",), "no carrier of RDA's"),
        ("=338  \\\\$bnc", (), "a volume"),
        (f"{LDR}=008  040101s2004    ch     z", ("audience:z",), "no audience"),
        (f"{LDR}=008  040101s2004    ch     j", (), "for the young"),
        (f"{LDR}=008  040101s2004    ch     |", (), "not tried to code"),
        ("=LDR  00000nas a2200000 a 4500\n=008  040101s2004    ch     z", (), "008/22 of a serial is its form"),
        ("=001  1", (), "no code at all"),
    ],
)
def test_codes_of_marc21_that_nothing_can_be_made_of_are_kept(text: str, codes: tuple[str, ...], why: str) -> None:
    assert unread_codes.of_marc21(marc(text)) == codes, why


@pytest.mark.parametrize(
    ("text", "codes", "why"),
    [
        ("=681  \\\\$a857$vXYZ", ("scheme:XYZ",), "tables nobody knows"),
        ("=681  \\\\$a857$v增訂七版", (), "an edition"),
        ("=681  \\\\$a857$v7", (), "its number alone"),
        ("=686  \\\\$a857$2qq", ("scheme:qq",), "another scheme"),
        ("=606  0\\$a小說$2qqsh", ("thesaurus:qqsh",), "no thesaurus"),
        ("=606  0\\$a小說$2中文圖書標題總目", (), "Taiwan's, by its name"),
        ("=102  \\\\$aZZ", ("country:ZZ",), "no country"),
        ("=102  \\\\$aXX$aTW", ("country:XX",), "beside one that is"),
        ("=101  0\\$ach", ("language:ch",), "of China, or Chamorro"),
        ("=101  0\\$a中文", (), "a language by its name"),
        ("=100  \\\\$a20041006d2004    z  y0chiy09", ("audience:z",), "no audience"),
        ("=100  \\\\$a20041006d2004    k  y0chiy09", (), "for specialists"),
        ("=001  1", (), "no code at all"),
    ],
)
def test_codes_of_unimarc_that_nothing_can_be_made_of_are_kept(text: str, codes: tuple[str, ...], why: str) -> None:
    assert unread_codes.of_unimarc(marc(text)) == codes, why


@pytest.mark.parametrize(
    ("elements", "codes", "why"),
    [
        ({"language": ["qqq"]}, ("language:qqq",), "no language"),
        ({"language": ["cmn", "zh-TW", "中文", "und"]}, (), "Mandarin by ISO's third part, a locale, a name, nothing"),
        ({"type": ["Dataset"]}, ("format:dataset",), "no kind of thing that we tell apart"),
        ({"type": ["Text", "info:eu-repo/semantics/publishedVersion"]}, (), "a kind, and a state"),
        ({}, (), "nothing stated"),
    ],
)
def test_words_of_dublin_core_that_nothing_can_be_made_of_are_kept(
    elements: dict[str, list[str]], codes: tuple[str, ...], why: str
) -> None:
    assert of_dublin_core(elements) == codes, why


def test_a_code_may_hold_a_colon() -> None:
    assert list(unread_codes.parted(("language:a:b",))) == [("language", "a:b")]
    assert list(unread_codes.parted(())) == []

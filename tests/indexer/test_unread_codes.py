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
        ("=041  1\\$achi$h(eng) [jpn]", (), "codes in brackets"),
        ("=041  0\\$aqqq", (), "three letters are kept as a language and told from there"),
        ("=041  0\\$aund", (), "undetermined says so"),
        ("=044  \\\\$czz", ("country:zz",), "a country that ISO has not"),
        ("=044  \\\\$cvn$ach", (), "two that are"),
        ("=338  \\\\$bzz", ("carrier:zz",), "no carrier of RDA's"),
        ("=338  \\\\$bnc", (), "a volume"),
        ("=336  \\\\$bzq", ("content_type:zq",), "no content type"),
        ("=336  \\\\$btxt\n=336  \\\\$bSTI", (), "text, and pictures in capitals"),
        ("=337  \\\\$bq\n=337  \\\\$bn", ("media_type:q",), "no medium, beside one"),
        ("=385  \\\\$a兒童$2qqaud", ("thesaurus:qqaud",), "readers by a list nobody knows"),
        ("=385  \\\\$a兒童$2lcdgt\n=385  \\\\$aJugend$2gnd\n=385  \\\\$a兒童", (), "two known lists, and none"),
        ("=083  0\\$a857$2qqc", ("scheme:qqc",), "no edition of Dewey's and no scheme"),
        ("=083  0\\$a857$222/ger\n=082  04$a857$2[23]\n=082  04$a857$2ncsclt", (), "editions, and a known scheme"),
        ("=082  04$a857$2myown", ("scheme:myown",), "082 as well"),
        ("=024  7\\$aX1$2qqnum", ("number_source:qqnum",), "a number of nobody's"),
        ("=024  7\\$a10.1/x$2doi\n=024  7\\$a1$2GTIN-14", (), "two of MARC's"),
        ("=024  3\\$a1$2qqnum", (), "the indicator says what it is, not $2"),
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
        ("=102  \\\\$aTW$bzz9", ("place:zz9",), "a place by a list of their own"),
        ("=102  \\\\$aTW$bTW-TPE$bQQ-1", ("place:QQ-1",), "a part of a country, and of none"),
        ("=105  \\\\$aa   q   000ay", (), "illustrated, an examination paper, fiction"),
        (
            "=105  \\\\$a@   z  9000xd",
            ("coded_data:105/00 @", "coded_data:105/07 9", "coded_data:105/11 x"),
            "no illustration, no contents, no literary form",
        ),
        ("=105  \\\\$ay   z   000yy.", (), "nothing of all that, and a full stop behind"),
        ("=105  \\\\$a||||||||   ||", (), "not coded"),
        ("=106  \\\\$aq", ("coded_data:106/00 q",), "no form of text"),
        ("=106  \\\\$ar", (), "regular print"),
        ("=017  7\\$aX$2qqnum\n=017  7\\$aX$2doi", ("number_source:qqnum",), "a number of nobody's, beside a DOI"),
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

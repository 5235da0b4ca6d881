from __future__ import annotations

import pytest

from indexer import unimarc_coded
from indexer.dates import Years
from tests.support.marc import marc

WITHOUT = marc("=001  1\n=999  \\\\$aonly a local field")


@pytest.mark.parametrize(
    ("text", "year", "why"),
    [
        ("=100  \\\\$a20041006d2004    k  y0chiy09      e\n=210  \\\\$d2005", 2004, "100 is believed first"),
        ("=100  \\\\$a20041006u        k  y0chiy09      e\n=210  \\\\$d民93", 2004, "else the imprint"),
        ("=210  \\\\$d[19--]", None, "unknown stays unknown"),
        ("=210  1\\$d2010-\n=210  \\\\$d1990-2009", 1990, "the present publisher came after another"),
        ("=210  \\\\$6880-01$aTaibei\n=880  \\\\$6210-01/$1$d民93", 2004, "only the 880 has it"),
        ("=001  1", None, "not stated"),
    ],
)
def test_year(text: str, year: int | None, why: str) -> None:
    assert unimarc_coded.years(marc(text)).start == year, why


def test_a_year_printed_with_a_doubt_is_questionable() -> None:
    coded = "=100  \\\\$a20041006d2004    m  y0chiy09      e\n=210  \\\\$d"
    assert unimarc_coded.years(marc(f"{coded}[2004?]")) == Years(2004, None, True)
    assert unimarc_coded.years(marc(f"{coded}2004")) == Years(2004)


@pytest.mark.parametrize(
    ("text", "copyright_year", "original_year", "why"),
    [
        ("=100  \\\\$a20041006h20042003m  y0chiy09", 2003, None, "publication and copyright, coded"),
        ("=100  \\\\$a20041006e20041813m  y0chiy09", None, 1813, "a reproduction, coded"),
        ("=214  \\4$dcop. 2003\n=214  \\0$d2004", 2003, None, "214 of copyright"),
        ("=210  \\\\$d2004, c2003", 2003, None, "beside the year of publication"),
        ("=210  \\\\$d光緒30年[民國65年影印]", None, 1904, "of a facsimile, as printed"),
        ("=454  \\0$tOriginal$d1813", None, 1813, "of what it translates"),
        ("=454  \\1$1200 1$aOriginal$1210  $aLondon$d1813", None, 1813, "embedded"),
        ("=454  \\1$1200 1$aOriginal$d1813", None, None, "an embedded parallel title is no date"),
        ("=001  1", None, None, "nothing stated"),
    ],
)
def test_copyright_and_original_years(
    text: str, copyright_year: int | None, original_year: int | None, why: str
) -> None:
    record = marc(text)
    assert (unimarc_coded.copyright_year(record), unimarc_coded.original_year(record)) == (
        copyright_year,
        original_year,
    ), why


def test_languages_and_country() -> None:
    record = marc("=101  1\\$achi.$ceng\n=102  \\\\$atw.")
    assert unimarc_coded.languages(record) == ("chi",)
    assert unimarc_coded.original_languages(record) == ("eng",)
    assert unimarc_coded.country(record) == "ch"
    assert (
        unimarc_coded.languages(WITHOUT),
        unimarc_coded.original_languages(WITHOUT),
        unimarc_coded.country(WITHOUT),
    ) == ((), (), "")


def test_an_unknown_country_code_is_no_country() -> None:
    assert unimarc_coded.country(marc("=102  \\\\$aqq")) == ""


def test_the_language_of_a_translation_in_between_is_not_the_original_one() -> None:
    retold = marc("=101  2\\$achi$beng$crus")
    assert (unimarc_coded.original_languages(retold), unimarc_coded.intermediate_languages(retold)) == (
        ("rus",),
        ("eng",),
    )
    assert unimarc_coded.intermediate_languages(marc("=101  1\\$achi$crus")) == ()


def test_subtitles_are_no_languages_of_the_text() -> None:
    film = marc("=101  1\\$ajpn$jchi$jeng")
    assert (unimarc_coded.languages(film), unimarc_coded.subtitle_languages(film)) == (("jpn",), ("chi", "eng"))
    assert unimarc_coded.subtitle_languages(WITHOUT) == ()


@pytest.mark.parametrize(
    ("text", "readers", "why"),
    [
        ("=100  \\\\$a20041006d2004    b  y0chiy09", ("preschool",), "100/17"),
        ("=100  \\\\$a20041006d2004    abcy0chiy09", ("juvenile", "preschool", "primary"), "up to three"),
        ("=100  \\\\$a20041006d2004       y0chiy09", (), "blank"),
        ("=100  \\\\$a20041006d2004    u  y0chiy09", (), "unknown"),
        ("=333  \\\\$a適讀年齡: 10歲以上", ("children", "teens", "adults"), "in words"),
        ("=001  1", (), "nothing stated"),
    ],
)
def test_audience(text: str, readers: tuple[str, ...], why: str) -> None:
    assert unimarc_coded.audience(marc(text)) == readers, why


@pytest.mark.parametrize(
    ("text", "languages", "country", "why"),
    [
        ("=102  \\\\$aXX$aTW", (), "ch", "the first that is one"),
        ("=102  \\\\$aZZ", (), "", "none"),
        ("=101  0\\$a中文", ("chi",), "", "by its name"),
        ("=101  0\\$ach", (), "", "China, or Chamorro: not guessed"),
        ("=001  1", (), "", "nothing stated"),
    ],
)
def test_languages_and_countries_that_are_no_codes(
    text: str, languages: tuple[str, ...], country: str, why: str
) -> None:
    assert (unimarc_coded.languages(marc(text)), unimarc_coded.country(marc(text))) == (languages, country), why

from __future__ import annotations

import pytest

from indexer import marc21_coded
from indexer.dates import Years
from tests.support.marc import marc

LDR = "=LDR  00000nam a2200000 a 4500\n"
WITHOUT = marc("=001  1\n=999  \\\\$aonly a local field")


@pytest.mark.parametrize(
    ("text", "year", "why"),
    [
        ("=008  040101s2004    ch            000 0 chi d\n=260  \\\\$c2005", 2004, "008 is believed first"),
        (
            "=008  040101suuuu    ch            000 0 chi d\n=260  \\\\$c民93",
            2004,
            "the imprint where 008 knows nothing",
        ),
        ("=008  short\n=264  \\4$c©2003\n=264  \\1$c2004", 2004, "publication before copyright"),
        ("=264  \\4$c©2003", 2003, "copyright where nothing else is known"),
        (
            "=260  \\\\$6880-01$aTaibei\n=880  \\\\$6260-01/$1$a臺北 :$b聯經,$c民93",
            2004,
            "only the 880 has the date",
        ),
        ("=260  \\\\$6880-01$aTaibei$c2004\n=880  \\\\$6260-01/$1$a臺北", 2004, "only the romanised field has it"),
        ("=880  \\1$6264-00/$1$a臺北 :$b聯經,$c2004", 2004, "an unlinked 880 stands for its field"),
        ("=260  \\\\$6880-01$aTaibei\n=880  \\\\$6260-01/$1$a臺北 :$b聯經", None, "neither form has a date"),
        ("=008  040101s19uu    ch            000 0 chi d\n=260  \\\\$c[19--]", None, "unknown stays unknown"),
        ("=001  1", None, "not stated"),
    ],
)
def test_year(text: str, year: int | None, why: str) -> None:
    assert marc21_coded.years(marc(text)).start == year, why


@pytest.mark.parametrize(
    ("text", "years", "why"),
    [
        ("=008  040101s1999    ch\n=260  \\\\$c[1999?]", Years(1999, None, True), "008 has no sign for a doubt"),
        ("=008  040101s1999    ch\n=260  \\\\$c1999", Years(1999), "no doubt"),
        ("=008  040101s1999    ch\n=260  \\\\$c[1980?]", Years(1999), "a doubt about another year"),
        ("=008  040101q19901995ch\n=260  \\\\$c[between 1990 and 1995]", Years(), "a span is no year"),
        ("=008  040101q19901990ch", Years(1990, None, True), "questionable by its code"),
        ("=264  \\1$c[ca. 1850]", Years(1850, None, True), "about"),
        ("=260  3\\$c2010-\n=260  \\\\$c1990-2009", Years(1990), "the present publisher came after another"),
        ("=264  31$c2010-\n=264  \\1$c1990-2009", Years(1990), "the same in 264"),
        ("=260  \\\\$c2010-\n=260  \\\\$c1990-2009", Years(2010), "nobody says which came first"),
        ("=008  040101m19992004ch", Years(1999, 2004), "over several years"),
    ],
)
def test_years_and_doubts(text: str, years: Years, why: str) -> None:
    assert marc21_coded.years(marc(text)) == years, why


@pytest.mark.parametrize(
    ("text", "year", "why"),
    [
        ("=264  \\1$c2004\n=264  \\4$c©2003", 2003, "264 of copyright"),
        ("=260  \\\\$c2004, c2003.", 2003, "beside the year of publication"),
        ("=260  \\\\$cc2003.", 2003, "alone"),
        ("=260  \\\\$cp1998.", 1998, "of a sound recording"),
        ("=260  \\\\$ccop. 1998.", 1998, "in the older word"),
        ("=008  040101t20042003ch", 2003, "coded"),
        ("=008  040101r20042003ch\n=260  \\\\$c2004", None, "a reprint's second date is another"),
        ("=260  \\\\$c2004", None, "none"),
        ("=264  \\4$6880-01\n=880  \\4$6264-01/$1$c©2003", 2003, "only the 880 has it"),
        ("=880  \\\\$6260-00/$1$c民93, c2003", 2003, "an unlinked 880 marks it"),
        ("=001  1", None, "nothing stated"),
    ],
)
def test_copyright_year(text: str, year: int | None, why: str) -> None:
    assert marc21_coded.copyright_year(marc(text)) == year, why


@pytest.mark.parametrize(
    ("text", "year", "why"),
    [
        ("=008  040101r20041813ch", 1813, "a reprint, coded"),
        ("=534  \\\\$pOriginally published:$cLondon : Egerton, 1813.", 1813, "in the note on the original"),
        ("=765  0\\$tOriginal$dLondon, 1813", 1813, "of what it translates"),
        ("=260  \\\\$c光緒30年[民國65年影印]", 1904, "of a facsimile, as printed"),
        ("=534  \\\\$6880-01$pOriginal\n=880  \\\\$6534-01/$1$c民國20年", 1931, "only the 880 has it"),
        ("=008  040101t20041813ch", None, "a year of copyright is another"),
        ("=534  \\\\$pOriginally published:$tNo date", None, "not dated"),
        ("=001  1", None, "nothing stated"),
    ],
)
def test_original_year(text: str, year: int | None, why: str) -> None:
    assert marc21_coded.original_year(marc(text)) == year, why


@pytest.mark.parametrize(
    ("text", "languages", "originals", "why"),
    [
        ("=008  040101s2004    ch            000 0 chi d", ("chi",), (), "008"),
        ("=008  040101s2004    ch            000 0 chi d\n=041  1\\$achi$aeng$hjpn", ("chi", "eng"), ("jpn",), "041"),
        ("=041  0\\$aengfre", ("eng", "fre"), (), "written together"),
        ("=041  07$azh$2iso639-1", ("chi",), (), "ISO 639-1"),
        ("=041  07$acmn$2iso639-3", ("chi",), (), "Mandarin in ISO 639-3"),
        ("=041  0\\$ach", (), (), "China, or Chamorro: not guessed"),
        ("=041  07$ach$2iso639-1", ("cha",), (), "Chamorro, said so"),
        ("=041  0\\$azh", ("chi",), (), "two letters that are no country's"),
        ("=041  0\\$a中文$h日文", ("chi",), ("jpn",), "by their names"),
        ("=041  1\\$achi$h(eng) [jpn]", ("chi",), ("eng", "jpn"), "in brackets"),
        ("=041  0\\$achi,eng", ("chi", "eng"), (), "parted by a comma"),
        ("=041  07$azh-TW$2rfc5646", ("chi",), (), "a locale"),
        ("=041  1\\$achi$beng$efre$hjpn", ("chi",), ("jpn",), "summaries and librettos are not the text"),
        (
            "=008  040101s2004    ch            000 0 mul d\n=041  0\\$achi$aeng",
            ("chi", "eng"),
            (),
            "several, which 041 names",
        ),
        ("=008  040101s2004    ch            000 0 mul d", ("mul",), (), "several, which nobody names"),
        ("=041  0\\$ascr", ("hrv",), (), "a code MARC has given up"),
        ("=008  040101s2004    ch            000 0 und d", (), (), "undetermined is not stated"),
        ("=008  040101s2004    ch            000 0 ||| d", (), (), "not coded"),
        ("=001  1", (), (), "none"),
    ],
)
def test_languages(text: str, languages: tuple[str, ...], originals: tuple[str, ...], why: str) -> None:
    assert (marc21_coded.languages(marc(text)), marc21_coded.original_languages(marc(text))) == (
        languages,
        originals,
    ), why


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("=008  040101s2004    ch            000 0 chi d", "ch"),
        ("=008  040101s2004    nyu           000 0 eng d", "nyu"),
        ("=008  040101s2004    ||            000 0 eng d\n=044  \\\\$avm", "vm"),
        ("=008  040101s2004    xx            000 0 eng d", ""),
        ("=008  040101s2004    xx            000 0 eng d\n=044  \\\\$ach", "ch"),
        ("=008  040101s2004    us            000 0 eng d", "xxu"),
        ("=008  040101s2004    cn            000 0 eng d", "cn"),
        ("=044  \\\\$ctw", "ch"),
        ("=044  \\\\$czz$ctw", "ch"),
        ("=044  \\\\$czz", ""),
        ("=001  1", ""),
    ],
)
def test_country(text: str, country: str) -> None:
    assert marc21_coded.country(marc(text)) == country


def test_subtitles_are_no_languages_of_the_text_and_a_translation_names_what_stood_between() -> None:
    film = marc("=041  1\\$ajpn$jchi$jeng$hjpn$kfre")
    assert marc21_coded.languages(film) == ("jpn",)
    assert marc21_coded.subtitle_languages(film) == ("chi", "eng")
    assert marc21_coded.original_languages(film) == ("jpn",)
    assert marc21_coded.intermediate_languages(film) == ("fre",)
    assert marc21_coded.intermediate_languages(WITHOUT) == ()
    assert marc21_coded.subtitle_languages(WITHOUT) == ()


@pytest.mark.parametrize(
    ("text", "readers", "why"),
    [
        (f"{LDR}=008  040101s2004    ch     a", ("preschool",), "008/22"),
        (f"{LDR}=008  040101s2004    ch     j", ("juvenile",), "for the young, no closer"),
        (f"{LDR}=008  040101s2004    ch      ", (), "not coded"),
        (f"{LDR}=008  040101s2004    ch     |", (), "not tried to code"),
        ("=LDR  00000nas a2200000 a 4500\n=008  040101c20049999ch     a", (), "008/22 of a serial is its form"),
        ("=LDR  00000nem a2200000 a 4500\n=008  040101s2004    ch     a", (), "of a map its projection"),
        (f"{LDR}=006  a    d", ("teens",), "of what comes with it"),
        (f"{LDR}=521  1\\$a7-10.", ("primary", "children"), "interest age: every band it touches"),
        (f"{LDR}=521  \\\\$a適讀年齡: 3-6歲", ("preschool", "primary"), "in Chinese"),
        (f"{LDR}=521  \\\\$a18歲以上", ("adults",), "from an age up"),
        (f"{LDR}=521  \\\\$a國小低年級", ("primary",), "by school"),
        (f"{LDR}=385  \\\\$aYoung adults", ("teens",), "RDA's field; adults is only part of the word"),
        (f"{LDR}=521  2\\$a10-12.", (), "school grades are no ages"),
        (f"{LDR}=521  \\\\$a兒童;青少年", ("juvenile", "teens"), "two, parted"),
        (f"{LDR}=521  \\\\$a國中及高中", ("teens",), "two that are one"),
        (f"{LDR}=385  \\\\$nage$b9-12", ("children",), "ages by the group's code"),
        (f"{LDR}=385  \\\\$noccupation$b9-12", (), "another group"),
        ("=001  1", (), "nothing stated"),
    ],
)
def test_audience(text: str, readers: tuple[str, ...], why: str) -> None:
    assert marc21_coded.audience(marc(text)) == readers, why

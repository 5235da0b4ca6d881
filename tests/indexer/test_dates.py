from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.dates import (
    Years,
    copyright_printed,
    number,
    original_printed,
    over_time,
    second_coded,
    years_coded,
    years_coded_unimarc,
    years_printed,
)


@pytest.mark.parametrize(
    ("printed", "start", "why"),
    [
        ("2004.", 2004, "the plain case"),
        ("c2004", 2004, "a copyright date stands for publication where cataloguers put it there"),
        ("[2004?]", 2004, "questionable, but stated"),
        ("[ca. 1850]", 1850, "about, but stated"),
        ("2004[民93]", 2004, "Western and ROC"),
        ("民93 [2004]", 2004, "ROC and Western"),
        ("民93", 2004, "ROC alone"),
        ("民.93", 2004, "a stop behind the era's letter"),
        ("民國‧93", 2004, "a point"),
        ("民.", None, "a form nobody has filled in"),
        ("民93, ©2003", 2004, "a year of an era before a copyright"),
        ("民93,c2003", 2004, "written close"),
        ("[民93], ©2003", 2004, "in brackets"),
        ("©2003, 民93", 2004, "the copyright first"),
        ("昭和60, c1984", 1985, "of another era"),
        ("二〇〇四年, c2003", 2004, "in Chinese digits"),
        ("1425 H, ©2003", 2004, "of the Hijra"),
        ("c2003, 2004", 2004, "of the same calendar"),
        ("c2003[民92]", 2003, "the copyright in two calendars"),
        ("1425 [c2004]", 2004, "four digits that no calendar is named for"),
        ("民國 93 年 10 月", 2004, "in full, with a month"),
        ("中華民國六十四年", 1975, "in Chinese numerals"),
        ("民國一〇二年", 2013, "in positional ones"),
        ("民102.05", 2013, "three digits, with a month"),
        ("民78-", 1989, "an open run"),
        ("民國2004", 2004, "the Western year under the Chinese name"),
        ("民前3年", 1909, "before the Republic"),
        ("1990[民79](民81印製)", 1990, "a later printing is not the publication"),
        ("1993[ 民82]", 1993, "a stray space"),
        ("昭和54", 1979, "Shōwa"),
        ("Shōwa 54 [1979]", 1979, "romanised"),
        ("平成元年", 1989, "the first year of an era is written 元"),
        ("令和2", 2020, "Reiwa"),
        ("大正10", 1921, "Taishō"),
        ("明治45", 1912, "Meiji"),
        ("光緒12", 1886, "a Qing reign"),
        ("乾隆五十六年 [1791]", 1791, "reign and Western"),
        ("民國78-民國80年", 1989, "a run that names its era twice"),
        ("昭54", 1979, "an era by its first character"),
        ("平16", 2004, "another"),
        ("平裝16", None, "which is no binding"),
        ("昭和70", None, "an era that had no such year"),
        ("光緒甲申", 1884, "a Qing reign and the cycle of sixty"),
        ("乾隆辛亥 [1791]", 1791, "the same, with ours"),
        ("光緒甲申乙酉間", 1884, "the first of two"),
        ("清光緒間", None, "a whole reign is no year"),
        ("清光緒年間刻本", None, "nor in more words"),
        ("宣統三年", 1911, "the last of them"),
        ("咸丰七年", 1857, "in simplified characters"),
        ("萬曆二十四年", 1596, "a Ming reign"),
        ("天保5", 1834, "an Edo era"),
        ("康德9", 1942, "of Manchukuo"),
        ("주체93", 2004, "of North Korea"),
        ("1425 H", 2004, "a year of the Hijra"),
        ("1425 H/2004", 2004, "with ours"),
        ("١٤٢٥ هـ", 2004, "in its own script"),
        ("AH 1300", 1882, "marked before it"),
        ("1383 ش", 2004, "a Persian solar year"),
        ("2004 (民國九十七年三刷)", 2004, "a later printing, in an era"),
        ("檀紀4287", 1954, "the Korean era"),
        ("พ.ศ. 2547", 2004, "the Buddhist era"),
        ("พ.ศ. ๒๕๔๗", 2004, "in Thai digits"),
        ("2547 [2004]", 2004, "the year that can be is believed"),
        ("1425 [2004]", 2004, "a Hijri year before the Western one"),
        ("5764 [2003 or 2004]", 2003, "a Hebrew year before two"),
        ("735-<758> [1975-<1998>]", 1975, "a Hebrew year without its thousands"),
        ("1998 [i.e. 1999]", 1999, "a corrected misprint"),
        ("二〇〇四年", 2004, "a Western year in Chinese digits"),
        ("西元2004", 2004, "marked as Western"),
        ("1982/83", 1982, "a double year begins with its first"),
        ("民93[1994]初版", 1994, "the two disagree: ours is believed"),
        ("1993[2004印]", 1993, "a later printing in brackets"),
        ("1994[民83]印刷", 1994, "the year of printing where no other is stated"),
        ("1998年第1版(2004年12月第3次印刷)", 1998, "as Chinese publishers print it"),
        ("2004年12月第3次印刷, 1998年初版", 1998, "the printing before the edition"),
        ("民國間[1912-1949]", None, "some time in a period"),
        ("民國[1912-1949]", None, "with its years alone"),
        ("[1911-1949間]", None, "the years, and the word for between"),
        ("清代[1644-1911]", None, "another period"),
        ("抗戰時期[1937-1945]", None, "and one of a war"),
        ("[1930-1935]", 1930, "the twin: years of a publication"),
        ("民國25年[1936-1940]", 1936, "a year, beside which a range stands"),
        ("民國 九 十 三 年", 2004, "blanks between the characters"),
        ("民國九 十三年", 2004, "between two"),
        ("民 國 93 年", 2004, "within the era's name"),
        ("民國 九十三年 五 月", 2004, "the twin: between a year and its month"),
        ("民國九年 三月", 1920, "which are no numeral together"),
        ("1383 sh", 2004, "a Persian year, in small letters"),
        ("1383 sheets", 1383, "a word"),
        ("Minkuo 93", 2004, "Wade-Giles"),
        ("大15", 1926, "Taishō in one character"),
        ("大16", None, "which it did not reach"),
        ("政大93", None, "a university"),
        ("民國87年1月初版, 民國93年3刷", 1998, "both in years of the Republic"),
        ("2004年12月第3次印刷", 2004, "a printing alone is all that is known"),
        ("1998 [reprinted 2004]", 1998, "an English reprint"),
        ("1998 (2004重印)", 1998, "a Chinese one"),
        ("1971影印", 1971, "a photographic reprint is an edition of its own"),
        ("光緒30年[民國65年影印]", 1976, "beside the year of what it reproduces"),
        ("清光緒三十年刊,民國65年影印", 1976, "after a comma"),
        ("民國65年據清光緒三十年刊本影印", 1976, "in a sentence"),
        ("民國65年, 影印清光緒三十年刊本", 1976, "the other way round"),
        ("清光緒三十年刊本影印", None, "when the blocks were cut says nothing of the facsimile"),
        ("清嘉慶十年刻本,民國二十年石印", 1931, "printed from stone"),
        ("民國二十年石印,清嘉慶十年刻本", 1931, "the other way round"),
        ("民國二十年石印", 1931, "the twin: nothing beside it"),
        ("民國二十年石印本, 1970影印", 1970, "both are words for reproductions: the later"),
        ("道光5年[1970年復刻]", 1970, "cut anew"),
        ("昭和10 [1975復刻]", 1975, "in Japan"),
        ("民國二十年景印清嘉慶刻本", 1931, "of a reign alone"),
        ("光緒30年[民國65年重印]", 1976, "a word for printings, generations later"),
        ("民國65年重印清光緒30年刊本", 1976, "in a sentence"),
        ("民國65年初版,民國95年重印", 1976, "of an edition that is stated it is a printing"),
        ("康熙5年刻,乾隆10年重刊", 1745, "cut again"),
        ("1904 (1976 reprint)", 1976, "in English"),
        ("1876 [facsimile 1970]", 1970, "a facsimile"),
        ("1970 facsimile of 1876", 1970, "in a sentence"),
        ("Reprint of 1876 ed., 1970", 1970, "the original first"),
        ("1876, réimpr. 1970", 1970, "in French"),
        ("1998, repr. 2004", 1998, "a printing"),
        ("1998, reprinted 2004", 1998, "in full, behind a comma"),
        ("1st ed. 1950, reprinted 1990", 1950, "of an edition that is stated it is a printing"),
        ("清光緒間刻本[1970影印]", 1970, "of the original nothing but the reign is known"),
        ("清光緒間刻本[民國65年重印]", 1976, "in another word"),
        ("[199-?] (2004重印)", None, "when it was first published is not known"),
        ("1976年據清光緒三十年(1904)刻本影印", 1976, "the original in two calendars"),
        ("光緒三十年[1904]刊民國六十五年[1976]影印", 1976, "both in two"),
        ("1950-1960, 1990復刊", 1950, "of a serial that began again"),
        ("1970 [i.e. 1971] 影印", 1971, "a misprint"),
        ("康熙61年序,雍正3年刊", 1725, "the book has a year of its own"),
        ("1971 (民60) 影印", 1971, "one year in two calendars"),
        ("2004[影印本]", 2004, "marked after the year"),
        ("c民93", 2004, "a mark of copyright before an era"),
        ("H. 1425", 2004, "the Hijra by its letter, before"),
        ("H.1425", 2004, "without a space"),
        ("1425 hijri", 2004, "in a small letter"),
        ("1425 Hijrī", 2004, "as the Library of Congress romanises it"),
        ("hijrī 1425", 2004, "before the year"),
        ("1425 Hijrah", 2004, "its noun"),
        ("1425 Hijrīyah", 2004, "its adjective"),
        ("1425 [Hijrī]", 2004, "in brackets"),
        ("[1425] Hijrī", 2004, "the year in brackets"),
        ("1425 AH", 2004, "in Latin"),
        ("1425 للهجرة", 2004, "in Arabic words"),
        ("回曆1425年", 2004, "in Chinese"),
        ("1425 hijacked", 1425, "another word"),
        ("2004再版", 2004, "so is a second edition"),
        ("c1990, 1998 printing", 1990, "a printing after the copyright"),
        ("光緒三十年(甲辰)", 1904, "reign and cycle of sixty, in brackets"),
        ("清光緒甲辰[1904]", 1904, "the dynasty before the reign"),
        ("民國卅八年", 1949, "thirty in one character"),
        ("民國元年", 1912, "the first year of the Republic"),
        ("民國一百年", 2011, "a hundred"),
        ("民國6X", None, "a decade of the Republic"),
        ("民國60-", 1971, "an open run"),
        ("民國200年", None, "which has not come"),
        ("民國初年", None, "the early Republic"),
        ("B.E. 2547", 2004, "the Buddhist era in English"),
        ("พุทธศักราช 2547", 2004, "in full"),
        ("佛元2547", 2004, "in Chinese"),
        ("主體93", 2004, "of North Korea, in Han characters"),
        ("Hijri 1425", 2004, "the Hijra in a word"),
        ("公元2004年", 2004, "ours, marked in Chinese"),
        ("二OO四年", 2004, "the letter O for zero"),
        ("MDCCLXXVI", 1776, "in Roman numerals"),
        ("M. Smith", None, "which is none"),
        ("20040930", 2004, "a day without hyphens"),
        ("04", None, "two digits may be anything"),
        ("1990s", None, "a decade"),
        ("1990年代", None, "in Chinese"),
        ("[after 1998]", None, "some time after is not known"),
        ("1998年以前", None, "nor is some time before"),
        ("9420", None, "no year at all"),
        ("[19--]", None, "a century is not a year"),
        ("[199-?]", None, "nor is a decade"),
        ("199?", None, "nor is a decade with a question mark"),
        ("[between 1990 and 1995?]", None, "nor is a guess between two"),
        ("[民7-?]", None, "nor is an ROC decade"),
        ("93", None, "ROC 93 without its era is not AD 93"),
        ("0093", None, "nor with zeros"),
        ("2547", None, "no era named: it may be anything"),
        ("9999", None, "what has not ended"),
        ("[出版年不詳]", None, "not known, in words"),
        ("n.d.", None, "not known"),
        ("", None, "not stated"),
    ],
)
def test_a_year_is_read_from_a_date_as_printed(printed: str, start: int | None, why: str) -> None:
    assert years_printed(printed).start == start, why


@pytest.mark.parametrize(
    ("printed", "years"),
    [
        ("1999-2003", Years(1999, 2003)),
        ("1985-[1990]", Years(1985, 1990)),
        ("1999-", Years(1999)),
        ("民93-95", Years(2004, 2006)),
        ("民國78年-民國80年", Years(1989, 1991)),
        ("1999[民88]-2003[民92]", Years(1999, 2003)),
        ("2004-05", Years(2004)),
        ("2003-1999", Years(2003)),
        ("1998.1-2004.12", Years(1998, 2004)),
        ("民87.1-民93.12", Years(1998, 2004)),
        ("清光緒三十年至宣統元年", Years(1904, 1909)),
        ("2543-2547 [2000-2004]", Years(2000, 2004)),
        ("1998-9999", Years(1998)),
        ("1425-1427 H", Years(2004, 2006, questionable=True)),
        ("1425-26 Hijrī", Years(2004, questionable=True)),
        ("c1998-2003", Years(1998, 2003)),
    ],
)
def test_a_range_gives_its_end_where_it_has_one(printed: str, years: Years) -> None:
    assert years_printed(printed) == years


@pytest.mark.parametrize(
    ("printed", "questionable"),
    [
        ("[2004?]", True),
        ("[ca. 1850]", True),
        ("［2004？］", True),
        ("2003 or 2004", True),
        ("[約民國70年]", True),
        ("c. 1850", True),
        ("1998頃", True),
        ("民國60?", True),
        ("1425 H", True),
        ("清康熙61年序", True),
        ("康熙61年自序", True),
        ("康熙六十一年(1722)序", True),
        ("康熙六十一年[1722]自序", True),
        ("1722 (康熙61) 跋", True),
        ("pref. 1990", True),
        ("前言1990", True),
        ("康熙61年序,雍正3年刊", False),
        ("清康熙61年序 [1970影印]", False),
        ("康熙61年刊", False),
        ("2004", False),
        ("[2004]", False),
        ("2004[民93]", False),
        ("[199-?]", False),
        ("", False),
    ],
)
def test_a_year_that_is_doubted_says_so_and_one_not_known_does_not(printed: str, questionable: bool) -> None:
    assert years_printed(printed).questionable is questionable


@pytest.mark.parametrize(
    ("printed", "year", "why"),
    [
        ("2004, c2003", 2003, "beside the year of publication"),
        ("c2003", 2003, "alone"),
        ("©2003", 2003, "by its sign"),
        ("cop. 1998", 1998, "in the older word"),
        ("℗1998", 1998, "of sound"),
        ("[1969, c1962]", 1962, "in brackets"),
        ("2004", None, "a year of publication"),
        ("版權1998", 1998, "in Chinese"),
        ("民93,c民92", 2003, "in years of the Republic"),
        ("[民93],©民92", 2003, "by its sign"),
        ("c民93", 2004, "alone"),
        ("[2004年版權]", 2004, "said after it"),
        ("2004版權頁", None, "the page it was taken from"),
        ("c. 1850", None, "circa"),
        ("Dec 2004", None, "a month is no copyright"),
        ("", None, "nothing"),
    ],
)
def test_a_year_of_copyright_is_marked(printed: str, year: int | None, why: str) -> None:
    assert copyright_printed(printed) == year, why


@pytest.mark.parametrize(
    ("kind", "first", "second", "years", "why"),
    [
        ("s", "2004", "    ", Years(2004), "single"),
        ("t", "2004", "2003", Years(2004), "publication and copyright"),
        ("r", "2004", "1890", Years(2004), "a reprint counts by its own date"),
        ("c", "1999", "9999", Years(1999), "a serial still running has no end"),
        ("d", "1999", "2004", Years(1999, 2004), "a serial that ceased"),
        ("m", "1999", "2004", Years(1999, 2004), "a set that took years"),
        ("m", "1999", "1999", Years(1999), "an end in the year of the start is no end"),
        ("e", "2004", "0930", Years(2004), "a day: month and day stand where a second year does"),
        ("p", "2004", "1998", Years(2004), "distributed after it was made"),
        ("i", "1990", "1999", Years(1990, 1999), "a collection, inclusive"),
        ("k", "1990", "1999", Years(1990, 1999), "a collection, its bulk"),
        ("u", "1990", "uuuu", Years(1990), "a serial of unknown status"),
        ("b", "    ", "    ", Years(), "before Christ"),
        ("m", "1999", "uuuu", Years(1999), "a set whose end is unknown"),
        ("s", "9420", "    ", Years(), "nonsense"),
        ("q", "1990", "1995", Years(), "questionable between two"),
        ("q", "1990", "1990", Years(1990, None, True), "one questionable year"),
        ("n", "uuuu", "uuuu", Years(), "unknown"),
        ("s", "19uu", "    ", Years(), "a century"),
        ("s", "199u", "    ", Years(), "a decade"),
        ("s", "2547", "    ", Years(), "a Buddhist year where a Western one belongs"),
        ("s", "0093", "    ", Years(), "an ROC year where a Western one belongs"),
        ("|", "||||", "||||", Years(), "not coded"),
        (" ", "2004", "    ", Years(2004), "the type left out, the date not"),
        ("", "", "", Years(), "a short 008"),
    ],
)
def test_coded_dates_of_marc21(kind: str, first: str, second: str, years: Years, why: str) -> None:
    assert years_coded(kind, first, second) == years, why


@pytest.mark.parametrize(
    ("general", "years", "why"),
    [
        ("20041006d2004    k  y0chiy09      e", Years(2004), "a monograph"),
        ("20041006a19999999m  y0chiy09      e", Years(1999), "a serial still running"),
        ("20041006b19992004m  y0chiy09      e", Years(1999, 2004), "a serial that ceased"),
        ("20041006g19992004m  y0chiy09      e", Years(1999, 2004), "a set that took years"),
        ("20041006e20041890m  y0chiy09      e", Years(2004), "a reproduction"),
        ("20041006c1999    m  y0chiy09      e", Years(1999), "a serial of unknown status"),
        ("20041006h20042003m  y0chiy09      e", Years(2004), "publication and copyright"),
        ("20041006i20041998m  y0chiy09      e", Years(2004), "released after it was made"),
        ("20041006j20040930m  y0chiy09      e", Years(2004), "a day"),
        ("20041006k19982004m  y0chiy09      e", Years(1998), "publication and printing"),
        ("20041006d199     m  y0chiy09      e", Years(), "a decade, as CMARC writes it"),
        ("20041006f19901995m  y0chiy09      e", Years(), "uncertain between two"),
        ("20041006f19901990m  y0chiy09      e", Years(1990, None, True), "one uncertain year"),
        ("20041006u        m  y0chiy09      e", Years(), "unknown"),
        ("20041006", Years(), "cut short"),
        ("", Years(), "not there"),
    ],
)
def test_coded_dates_of_unimarc(general: str, years: Years, why: str) -> None:
    assert years_coded_unimarc(general) == years, why


@pytest.mark.parametrize(
    ("numeral", "value"),
    [
        ("93", 93),
        ("元", 1),
        ("九十三", 93),
        ("九三", 93),
        ("一〇二", 102),
        ("一百零二", 102),
        ("十", 10),
        ("廿一", 21),
        ("卅", 30),
    ],
)
def test_chinese_numerals_count(numeral: str, value: int) -> None:
    assert number(numeral) == value


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="0123456789[]?-–/.ci e民國前年元昭和平成พ.ศ๒๕四九十百廿〇 u()印光緒甲申子間HهـشAc©?"))
def test_no_date_fails_or_leaves_the_range(text: str) -> None:
    years = years_printed(text)
    last = datetime.now(UTC).year + 1
    assert years.start is None or 1000 <= years.start <= last
    assert years.end is None or (years.start is not None and years.start < years.end <= last)


def test_next_year_is_believed_because_books_come_early_and_the_year_after_is_not() -> None:
    this_year = datetime.now(UTC).year
    assert years_printed(str(this_year + 1)).start == this_year + 1
    assert years_printed(str(this_year + 2)).start is None
    assert years_coded("s", str(this_year + 2), "    ") == Years()


def test_a_second_date_counts_only_for_the_types_that_give_it_the_meaning_sought() -> None:
    assert second_coded("r", "r", "1813") == 1813
    assert second_coded("r", "t", "1813") is None
    assert second_coded("r", "r", "    ") is None
    assert second_coded("r", "", "1813") is None


@pytest.mark.parametrize(
    ("printed", "original", "why"),
    [
        ("光緒30年[民國65年影印]", 1904, "before the facsimile's"),
        ("清光緒三十年刊,民國65年影印", 1904, "after a comma"),
        ("民國65年據清光緒三十年刊本影印", 1904, "in a sentence"),
        ("清光緒三十年刊本影印", 1904, "alone"),
        ("民國65[1976影印]", None, "the same year twice"),
        ("1971影印", None, "the facsimile's own"),
        ("光緒30年[民國65年印]", None, "a later printing is no facsimile"),
        ("清嘉慶十年刻本,民國二十年石印", 1805, "printed from stone"),
        ("民國二十年石印,清嘉慶十年刻本", 1805, "the other way round"),
        ("道光5年[1970年復刻]", 1825, "cut anew"),
        ("昭和10 [1975復刻]", 1935, "in Japan"),
        ("光緒30年[民國65年重印]", 1904, "a word for printings"),
        ("民國二十年景印清嘉慶十年刻本", 1805, "in a sentence"),
        ("民國二十年景印清嘉慶刻本", None, "a reign is no year"),
        ("1970 facsimile of 1876", 1876, "in English"),
        ("1876 [1970 reprint]", 1876, "a reprint"),
        ("1998 [reprinted 2004]", None, "a printing"),
        ("1976年據清光緒三十年(1904)刻本影印", 1904, "in two calendars"),
        ("清光緒間刻本[1970影印]", None, "nothing but a reign"),
        ("2004影印, c1990", None, "a year of copyright is none"),
        ("1425 [2004影印]", None, "one year in two calendars"),
        ("", None, "nothing"),
    ],
)
def test_a_facsimile_names_the_year_of_what_it_reproduces(printed: str, original: int | None, why: str) -> None:
    assert original_printed(printed) == original, why


@pytest.mark.parametrize(
    ("imprints", "years", "why"),
    [
        ((Years(2010), Years(1990, 2009)), Years(1990), "the present publisher's first, and no end"),
        ((Years(1990, 2009), Years(2010, 2015)), Years(1990, 2015), "both have ended"),
        ((Years(), Years(1990, 2009)), Years(1990, 2009), "one without a date"),
        ((), Years(), "none"),
    ],
)
def test_publishers_one_after_the_other_make_one_span(imprints: tuple[Years, ...], years: Years, why: str) -> None:
    assert over_time(imprints) == years, why

"""Whether a holdings statement covers an issue: shapes of real catalogues, and what must stay open."""

from __future__ import annotations

import random

import pytest

from indexer.holdings.coverage import Covers, Issue, any_covers, covers, first_that_covers

YES, NO, OPEN = Covers.YES, Covers.NO, Covers.OPEN


def issue(text: str) -> Issue:
    """``v12 n3 y1999``, as a row of the table names what is wanted."""
    parts = {part[0]: int(part[1:]) for part in text.split()}
    return Issue(parts.get("v"), parts.get("n"), parts.get("y"))


SHAPES: list[tuple[str, str, Covers, str]] = [
    # English captions, years in brackets at each end
    ("v.10(2003)-v.14(2007)", "v12 y2005", YES, "inside"),
    ("v.10(2003)-v.14(2007)", "v10 y2003", YES, "its first"),
    ("v.10(2003)-v.14(2007)", "v14 y2007", YES, "its last"),
    ("v.10(2003)-v.14(2007)", "v15 y2008", NO, "after it"),
    ("v.10(2003)-v.14(2007)", "v9", NO, "before it, the year not known"),
    ("v.10(2003)-v.14(2007)", "y2006", YES, "only the year is known"),
    ("v.10(2003)-v.14(2007)", "n3", OPEN, "an issue of no volume"),
    ("v.10(2003)-v.14(2007)", "v12 y1999", OPEN, "number and year contradict each other"),
    ("v.10(2003)-v.14(2007)", "v15 y2006", OPEN, "so do these"),
    ("v.1-12 (1999-2010)", "v7 y2005", YES, "years of both ends behind"),
    ("v.1-12 (1999-2010)", "y2011", NO, "years after"),
    ("v.18-62  (1993-2002)", "v40", YES, "two blanks"),
    ("v.1-59 (1922-1980)", "v60 y1981", NO, "after"),
    ("v.12:no.139-140  (1913),", "v12 n139 y1913", YES, "issues counted through within a volume; a comma at the end"),
    ("v.12:no.139-140  (1913),", "v12 n141 y1913", NO, "another of them"),
    ("v.12:no.139-140  (1913),", "v12 y1913", OPEN, "a part of the volume is there"),
    ("v.12:no.139-140  (1913),", "y1913", OPEN, "a part of the year is there"),
    ("v.1:no.1-v.12:no.4 (1999-01–2010-12)", "v6 n2 y2004", YES, "as written from 853 and 863"),
    ("v.1:no.3-v.12:no.4 (1999-03–2010-12)", "v1 n2 y1999", NO, "before its first issue: another number of its year"),
    ("v.1:no.1- (1999-01–)", "v80 y2026", YES, "no end"),
    ("v.17:no.1-3  (1993:Jan.-Mar.),", "v17 n2 y1993", YES, "months"),
    ("v.17:no.1-3  (1993:Jan.-Mar.),", "v17 n4 y1993", NO, "not that one"),
    ("v.21  (2004:May 30-Dec.)", "v22 y2005", NO, "months at the end are no open end"),
    ("v.1-3:no.26  (1767:Dec.21-1770:June 25)", "v3 n26 y1770", YES, "to an issue of a volume"),
    ("v.1-3:no.26  (1767:Dec.21-1770:June 25)", "v3 n27 y1770", NO, "after it"),
    ("Vol. 1, no. 1 (Jan. 1984)-", "v3 n1 y1986", YES, "a comma between the levels of one issue"),
    ("Vol. 9, no. 1 (Oct. 1983)-v. 22, no. 2 (Apr. 1997).", "v22 n3 y1997", NO, "after its last issue"),
    ("Vol. 9, no. 1 (Oct. 1983)-v. 22, no. 2 (Apr. 1997).", "v10 n1 y1984", YES, "inside"),
    ("v.1- July 1934-", "v5 y1938", YES, "an old way to leave it open"),
    ("no.1-12 (1952-1982)", "n5 y1960", YES, "numbers without volumes"),
    ("no.1-12 (1952-1982)", "n13 y1983", NO, "after"),
    ("no.1-12 (1952-1982)", "v3 n2 y1960", YES, "numbers that cannot be compared leave it to the year"),
    ("nos.7-8  (1922-1924)", "n9 y1925", NO, "another caption"),
    ("v.25/26-27/28  (2003/2004-2005/2006)", "v28 y2006", YES, "double volumes at the end"),
    ("v.176:no.1,3-4,6 (2006)", "v176 n4 y2006", YES, "issues in a list"),
    ("v.176:no.1,3-4,6 (2006)", "v176 n2 y2006", NO, "not in the list"),
    ("v.1,4-5", "v4", YES, "volumes in a list"),
    ("v.1,4-5", "v3", NO, "a gap"),
    ("v.1-20, 22-", "v21", NO, "a gap, then open"),
    ("v.1-20, 22-", "v90", YES, "after the gap"),
    ("v.1-5;v.7-", "v6 y1990", NO, "a semicolon"),
    ("v.1-16  (1984-1992); v.18-20 (1994-1996)", "v17 y1993", NO, "a gap of a year"),
    ("1967-1981:v.1-2", "y1970", YES, "years first"),
    ("1921:Sept.-1922:Nov.", "y1922", YES, "years with months"),
    ("1999-", "y2020", YES, "a year and all after"),
    ("1999-", "y1998", NO, "the year before"),
    ("1999+", "y2020", YES, "a plus for all after"),
    ("1984-85", "y1985", YES, "a short year"),
    ("1998/99-", "y2001", YES, "years of two"),
    ("1985,1987-1990", "y1986", NO, "years in a list"),
    ("1958-1960.", "y1959", YES, "a full stop"),
    ("v.3(1985)-current", "v30 y2012", YES, "current"),
    ("v.3 (1985) - present", "v2", NO, "present"),
    ("v.1 (1990) to date", "v30", YES, "to date"),
    ("<v.1-3>", "v2", YES, "angle brackets"),
    ("v.1-[5] [1990-1994]", "v5", YES, "square brackets"),
    # other languages
    ("Bd.1-27  (1911-1940)", "v3 y1913", YES, "German"),
    ("1. Bd. (1911)-27. Bd. (1940).", "v28 y1941", NO, "captions behind the number"),
    ("22. Jahrg., No 21 (19. Mai 1893)-23. Jahrg., No 21 (25. Mai 1894).", "v22 n30 y1893", YES, "days and months"),
    ("Jaarg.80:nr.4  (1959)", "v80 n4", YES, "Dutch"),
    ("1.1951 - 37.1987; 41.1991 -", "v38 y1988", NO, "volume and year with a point, as German catalogues write"),
    ("1.1951 - 37.1987; 41.1991 -", "v50 y2000", YES, "the same, still open"),
    ("2016, Nr. 1-", "n5 y2016", YES, "the year in front"),
    ("2003,2 -", "n3 y2003", YES, "an issue of a year"),
    ("T. 1, no 1 (21. mars 1884)-t. 6, no 12 (déc. 1889).", "v2 n5 y1885", YES, "French"),
    ("vyp.12-13  (1927),", "v12", YES, "Russian"),
    # Chinese, Japanese
    ("第1卷-", "v40", YES, "no end"),
    ("第1卷-第20卷", "v21", NO, "after"),
    ("第1卷第1期-第12卷第6期", "v12 n6", YES, "its last issue"),
    ("第1卷第1期-第12卷第6期", "v12 n7", NO, "the one after"),
    ("1卷1期(1970)-20卷4期(1989)", "v5 n2 y1974", YES, "years in brackets"),
    ("1卷1期(民59.1)-20卷4期(民78.12)", "v5 n2 y1974", YES, "years of the Republic, with months"),
    ("1卷1期(民國59年1月)-20卷12期(民國78年12月)", "v21 y1990", NO, "in full"),
    ("民國59年1月-民國78年12月", "y1980", YES, "only years"),
    ("民國88-90", "y2000", YES, "the era once"),
    ("民國88-90年", "y2002", NO, "after"),
    ("1-3期 (民國88-90)", "n2 y2000", YES, "as written from 853 and 863"),
    ("1期- (民國88-)", "n200 y2020", YES, "no end"),
    ("中華民國70年-", "y1981", YES, "the long name"),
    ("59年-78年", "y1980", OPEN, "years of which Republic it may be: a guess"),
    ("59年-78年", "y1950", OPEN, "a guess says no neither"),
    ("昭和50年-昭和63年", "y1980", YES, "Japanese eras"),
    ("第十二卷-第十五卷", "v13", YES, "Chinese numerals"),
    ("創刊號-第100期", "n50", YES, "the first issue by name"),
    ("創刊號(1981年6月)-", "y2024", YES, "the same, open"),
    ("總120期-總130期", "n125", YES, "counted through"),
    ("第１卷～第５卷", "v3", YES, "full-width figures and a wave"),
    ("第1卷至第5卷", "v6", NO, "to, in Chinese"),
    ("第3卷(1990)至今", "v20 y2007", YES, "until now"),
    ("1卷1期、1卷3期", "v1 n2", NO, "a Chinese comma"),
    ("12卷3期 (2004)", "v12 n3 y2004", YES, "one issue"),
    ("2003年春季號-2005年冬季號", "y2004", YES, "seasons"),
    ("昭和50年-平成3年", "y1989", YES, "from one era into the next"),
    ("昭和50年-平成元年", "y1990", NO, "to the first year of the next"),
    ("1990-1989", "y1950", OPEN, "backwards: one of the two is mistaken"),
    ("v.14-v.10", "v12", OPEN, "volumes backwards"),
    ("v.12:no.5-no.3", "v12 n9", OPEN, "numbers backwards"),
    ("1998-02", "y2001", OPEN, "a month, or five years"),
    ("1998-02", "y1998", YES, "either way"),
    ("1-10期", "v5", OPEN, "numbers counted through, not volumes"),
    ("1-10期", "n5", YES, "one of the numbers"),
    ("1-10期", "n11", NO, "after them"),
    # lacks
    ("v.1-20 (lacks v.5)", "v5", NO, "what is lacking"),
    ("v.1-20 (lacks v.5)", "v6", YES, "what is not"),
    ("v.1-20, lacks v.5-7, 9", "v9", NO, "a list of what lacks"),
    ("v.1-20; lacks v.5:no.3", "v5 n3", NO, "an issue that lacks"),
    ("v.1-20; lacks v.5:no.3", "v5 n2", YES, "another of the volume"),
    ("v.1-20; lacks v.5:no.3", "v5", OPEN, "one of the volume lacks: it may be the one"),
    ("v.1-20 wanting some issues", "v5", OPEN, "which lack is not said"),
    ("第1卷-第20卷(缺第5卷)", "v5", NO, "in Chinese"),
    ("第1卷-第20卷，缺第5卷", "v4", YES, "in Chinese, another"),
    ("1990-2000 (incomplete)", "y1995", OPEN, "which lack is not said"),
    # what says nothing of issues
    ("28 reels", "v1", OPEN, "films"),
    ("Microfiche 1-38 in binder", "v1", OPEN, "fiches"),
    ("館藏完整", "v1", OPEN, "words"),
    ("Catalog", "y1999", OPEN, "a word"),
    ("", "v1", OPEN, "nothing"),
    ("v.", "v1", OPEN, "a caption alone"),
    ("合訂本一冊", "v1", OPEN, "a binding"),
    ("*Continues: Chinese Republican studies newsletter.", "v1", OPEN, "a note"),
    ("Suppl.: v.1-3", "v2", OPEN, "supplements are not the journal"),
    ("v.1-3; Suppl.: v.4-5", "v4", NO, "beside what is held"),
    ("Index: 1990-2000", "y1995", OPEN, "nor are indexes"),
    ("v.1-3, some later issues", "v2", YES, "what is read is believed"),
    ("v.1-3, some later issues", "v4", OPEN, "what is not read may be it"),
    ("1st ed.  (1984/1985)", "y1984", OPEN, "an edition"),
    ("v.1-5", "y1999", OPEN, "no years to compare"),
    ("-1953.", "y1950", OPEN, "where it begins is not said"),
    ("v.1 " * 5_000, "v1", OPEN, "longer than anybody's statement"),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "wanted", "says", "why"), SHAPES)
def test_statements_are_read_as_librarians_read_them(statement: str, wanted: str, says: Covers, why: str) -> None:
    assert covers(statement, issue(wanted)) is says, why


def test_of_an_issue_of_which_nothing_is_known_nothing_is_said() -> None:
    assert covers("v.1-20 (1990-2009)", Issue()) is OPEN


@pytest.mark.parametrize(
    ("statements", "says", "why"),
    [
        (("v.1-3", "v.5-9"), YES, "one of several"),
        (("v.1-3", "v.7-9"), NO, "none of several"),
        (("v.1-3", "some"), OPEN, "one that cannot be read may be it"),
        (("", " "), OPEN, "none stated"),
        ((), OPEN, "no holding"),
    ],
)
def test_all_statements_of_a_library_count(statements: tuple[str, ...], says: Covers, why: str) -> None:
    assert any_covers(statements, Issue(volume=5)) is says, why


def test_the_statement_that_covers_is_the_one_to_tell() -> None:
    assert first_that_covers(["", "v.1-3", "v.5-9"], Issue(volume=5)) == "v.5-9"
    assert first_that_covers(["v.1-3"], Issue(volume=5)) == "v.1-3"
    assert first_that_covers([" "], Issue(volume=5)) == ""


def test_whatever_is_written_is_read_without_an_error_and_soon() -> None:
    """Statements come from eighty years of cataloguing: one must never cost the answer of the others."""
    dice = random.Random(1626)
    signs = [
        *"v.no(),;:-/[]12345678990第卷期年月民國缺~+ ",
        "v.1",
        "1999",
        "lacks",
        "no.",
        "Bd.",
        "創刊號",
        "٣",
        "²",
        "元",
    ]
    for _ in range(1_000):
        covers("".join(dice.choices(signs, k=dice.randint(1, 40))), Issue(3, 2, 1999))
    for sign in signs:
        covers((sign * 5_000)[:5_000], Issue(3, 2, 1999))

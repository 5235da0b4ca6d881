from __future__ import annotations

import pytest

from indexer.holdings.statements import MAX_STATEMENTS, statements
from tests.support.marc import marc


def stated(text: str) -> list[str]:
    read = marc(text)
    return list(statements(read.fields("853"), read.fields("863")))


MONTHLY = "=853  20$81$av.$bno.$u12$vr$i(year)$j(month)"
DAILY = "=853  2\\$83$av.$bno.$u24$vr$i(year)$j(month)$k(day)"


@pytest.mark.parametrize(
    ("text", "says", "why"),
    [
        ("=853  20$81$av.$i(year)\n=863  40$81.1$a1-12$i1999-2010", ["v.1-12 (1999-2010)"], "a range of volumes"),
        ("=853  20$81$av.$i(year)\n=863  40$81.1$a1-$i1999-", ["v.1- (1999-)"], "no end yet"),
        ("=853  20$81$av.$i(year)\n=863  40$81.1$a7$i2001", ["v.7 (2001)"], "one"),
        ("=853  20$81$av.\n=863  40$81.1$a<73>", ["v.73"], "angle brackets: the record is not closed"),
        (f"{MONTHLY}\n=863  41$81.1$a1$b3$i1999$j03", ["v.1:no.3 (1999-03)"], "an issue, its month in figures"),
        (f"{DAILY}\n=863  \\1$83.193$a33$b1$i2016$j01$k15", ["v.33:no.1 (2016-01-15)"], "with its day"),
        (
            (
                f"{DAILY}\n=863  \\1$83.193$a33$b1$i2016$j01$k15\n=863  \\1$83.194$a33$b2$i2016$j01$k30\n"
                "=863  \\1$83.195$a33$b3$i2016$j02$k15"
            ),
            ["v.33:no.1-3 (2016-01-15–2016-02-15)"],
            "issues that follow one another are a run",
        ),
        (
            f"{MONTHLY}\n=863  41$81.1$a1$b1$i1999$j01\n=863  41$81.2$a1$b4$i1999$j04",
            ["v.1:no.1 (1999-01)", "v.1:no.4 (1999-04)"],
            "a gap is not filled",
        ),
        (
            f"{MONTHLY}\n=863  40$81.1$a1-12$b1-4$i1999-2010$j01-12",
            ["v.1:no.1-v.12:no.4 (1999-01–2010-12)"],
            "from an issue of one volume to one of another",
        ),
        (f"{MONTHLY}\n=863  40$81.1$a5$b2-4$i2003$j02-04", ["v.5:no.2-4 (2003-02–2003-04)"], "within one volume"),
        (f"{MONTHLY}\n=863  40$81.1$a5-$b2-$i2003-$j02-", ["v.5:no.2- (2003-02–)"], "an issue and all after it"),
        ("=853  20$81$a(yr.)$bno.\n=863  41$81.1$a2001$b4", ["2001:no.4"], "captions in brackets are not written"),
        ("=853  20$81$aJahrg.\n=863  41$81.1$a3", ["Jahrg.3"], "captions of any language"),
        ("=853  20$81$a卷$b期$i(年)\n=863  41$81.1$a12$b3$i2004", ["12卷3期 (2004)"], "Chinese captions follow"),
        ("=853  20$81$a卷\n=863  40$81.1$a1-12", ["1-12卷"], "also after a range"),
        ("=853  20$81$a第卷\n=863  41$81.1$a3", ["第3卷"], "or stand around it"),
        ("=853  20$81$a第…冊\n=863  40$81.1$a1-12", ["第1-12冊"], "whatever is written where the number goes"),
        ("=853  20$81$a第 卷$b第 期\n=863  41$81.1$a3$b4", ["第3卷第4期"], "a blank too"),
        ("=853  20$81$a總期\n=863  41$81.1$a120", ["總120期"], "numbers counted through, in Chinese"),
        ("=853  20$81$a期\n=863  40$81.1$a1-", ["1期-"], "no end yet, in Chinese"),
        ("=853  20$81$a期$i(民國)\n=863  40$81.1$a1-3$i88-90", ["1-3期 (民國88-90)"], "years of the Republic"),
        ("=853  20$81$a期$i(民國)\n=863  40$81.1$a1-$i88-", ["1期- (民國88-)"], "years of the Republic, no end yet"),
        ("=853  20$81$a期$i(年)$j(季)\n=863  41$81.1$a1$i2003$j21", ["1期 (2003 春)"], "seasons in Chinese"),
        ("=853  20$81$av.\n=863  40$81.1$a1/2-5/6", ["v.1/2-5/6"], "numbers that appeared together"),
        ("=853  20$81$av.$gno.\n=863  41$81.1$a2$g14", ["v.2 = no.14"], "numbers counted through"),
        ("=853  20$81$i(year)\n=863  40$81.1$i1999-2003", ["1999-2003"], "years only"),
        ("=853  20$81$i(year)$j(season)\n=863  41$81.1$i2003$j21", ["2003 Spring"], "seasons have codes"),
        ("=863  40$81.1$a1-3$i1999", ["1-3 (1999)"], "without captions the numbers stand bare"),
        (f"{MONTHLY}\n=863  44$81.1$a1$b2", [], "second indicator 4: never published"),
        (f"{MONTHLY}\n=863  41$81.1$zlost", [], "no number, no statement"),
        (
            f"{MONTHLY}\n=863  41$81.10$a2\n=863  41$81.9$a1",
            ["v.1-2"],
            "in the order of their numbers, not of their digits",
        ),
        (f"{MONTHLY}\n=863  41$8x.y.z$a2", ["2"], "a link that is none"),
    ],
)
def test_numbers_are_written_as_readers_know_them(text: str, says: list[str], why: str) -> None:
    assert stated(text) == says, why


def test_captions_alone_say_nothing() -> None:
    assert stated(MONTHLY) == []


def test_thousands_of_gaps_end_in_an_ellipsis() -> None:
    many = "\n".join(f"=863  41$81.{n}$a{2 * n}" for n in range(1, 1000))
    said = stated(f"{MONTHLY}\n{many}")
    assert (len(said), said[-1]) == (MAX_STATEMENTS + 1, "…")

from __future__ import annotations

from indexer import unimarc, unimarc_access, unimarc_titles
from indexer.record import Agent, Imprint, Series, Title
from indexer.unimarc_scripts import pairs
from tests.support.marc import marc


def joined(text: str, *tags: str) -> list[tuple[str, str | None]]:
    return [(f.first("a"), r.first("a") if r else None) for f, r in pairs(marc(text), *tags)]


def test_fields_of_one_number_are_one_whichever_comes_first() -> None:
    assert joined("=200  1\\$6a01$7ba$aHong lou meng\n=200  1\\$6a01$7ea$a紅樓夢", "200") == [
        ("紅樓夢", "Hong lou meng")
    ]
    assert joined("=200  1\\$6a01$7ea$a紅樓夢\n=200  1\\$6a01$7ba$aHong lou meng", "200") == [
        ("紅樓夢", "Hong lou meng")
    ]


def test_each_of_several_finds_its_own() -> None:
    names = "=702  \\1$6a02$a張\n=702  \\1$6a03$a李\n=702  \\1$6a03$aLi\n=702  \\1$6a02$aZhang\n=702  \\1$a王"
    assert joined(names, "702") == [("張", "Zhang"), ("李", "Li"), ("王", None)]


def test_fields_without_a_number_or_in_one_script_stay_apart() -> None:
    assert joined("=200  1\\$aHong lou meng\n=200  1\\$a紅樓夢", "200") == [("Hong lou meng", None), ("紅樓夢", None)]
    assert joined("=510  1\\$6a01$a紅樓夢\n=510  1\\$6a01$a石頭記", "510") == [("紅樓夢", None), ("石頭記", None)]
    assert joined("=510  1\\$6a01$aOne\n=517  1\\$6a01$a二", "510", "517") == [("One", None), ("二", None)]
    assert joined("=001  1", "200") == []


def test_a_third_field_of_a_number_stays_by_itself() -> None:
    three = "=200  1\\$6a01$a紅樓夢\n=200  1\\$6a01$aHong lou meng\n=200  1\\$6a01$aHung lou meng"
    assert joined(three, "200") == [("紅樓夢", "Hong lou meng"), ("Hung lou meng", None)]


def test_every_field_that_is_there_in_two_scripts_is_one_value() -> None:
    record = marc(
        "=200  1\\$6a01$7ba$aHong lou meng$fCao Xueqin zhu\n=200  1\\$6a01$7ea$a紅樓夢$f曹雪芹著\n"
        "=210  \\\\$6a02$7ba$aTaibei$cLiren$d1984\n=210  \\\\$6a02$7ea$a臺北$c里仁$d1984\n"
        "=225  1\\$6a03$7ba$aZhongguo wenxue$v8\n=225  1\\$6a03$7ea$a中國文學$v8\n"
        "=510  1\\$6a04$7ba$aShitou ji\n=510  1\\$6a04$7ea$a石頭記\n"
        "=700  \\1$6a05$7ba$aCao$bXueqin\n=700  \\1$6a05$7ea$a曹$b雪芹"
    )
    assert unimarc_titles.titles(record) == (
        Title("紅樓夢", romanised="Hong lou meng"),
        Title("石頭記", romanised="Shitou ji", kind="parallel"),
    )
    assert unimarc_titles.responsibility(record) == "曹雪芹著"
    assert unimarc.imprints(record) == (Imprint("臺北", "里仁", "1984", "Taibei Liren"),)
    assert unimarc.series(record) == (Series("中國文學", "8", romanised="Zhongguo wenxue"),)
    assert unimarc_access.agents(record) == (Agent("曹雪芹", role="aut", romanised="Cao, Xueqin", main=True),)

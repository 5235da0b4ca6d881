"""Citations against what a librarian would write by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from citeproc import CitationStylesStyle

from indexer.record import Agent, Edition, Format, Imprint, Link, Sourced, Title
from mappings.table import load_table
from search_api.protocols.citations import STYLES, STYLES_FOLDER, cited
from search_api.protocols.reference import reference
from tests.support.editions import make_edition

SITE = "https://union.example.tw"
DAY = date(2026, 11, 21)
FILES = sorted(STYLES_FOLDER.glob("*.csl"))


def sourced(*values: Any) -> tuple[Sourced[Any], ...]:
    return tuple(Sourced(value, ("ntl",)) for value in values)


def an_edition(
    title: str | Title,
    *people: Agent | str,
    imprint: tuple[str, str] = ("", ""),
    year: int | None = None,
    statement: str = "",
    language: str = "eng",
    format: Format = Format.BOOK,
    end_year: int | None = None,
) -> Edition:
    made = make_edition("e1", title, creators=people, year=year, languages=[language], format=format)
    return replace(
        made,
        imprints=sourced(Imprint(*imprint)) if any(imprint) else (),
        editions=sourced(statement) if statement else (),
        end_year=end_year,
    )


def texts(edition: Edition) -> dict[str, str]:
    return {one.style: one.text for one in cited(reference(edition, SITE), DAY)}


RED = an_edition(
    "紅樓夢校注", Agent("曹雪芹", role="aut", main=True), Agent("高鶚", role="aut"), Agent("馮其庸", role="edt"),
    imprint=("臺北市", "里仁書局"), year=1984, statement="初版", language="chi",
)  # fmt: skip
SAPIENS_ZH = an_edition(
    Title("人類大歷史", other="從野獸到扮演上帝"), Agent("哈拉瑞", role="aut", main=True), Agent("林俊宏", role="trl"),
    imprint=("臺北市", "天下文化"), year=2018, statement="第二版", language="chi",
)  # fmt: skip
SAPIENS = an_edition(
    Title("Sapiens", other="a brief history of humankind"), Agent("Harari, Yuval Noah", role="aut", main=True),
    Agent("Purcell, John", role="trl"), imprint=("New York", "Harper"), year=2015,
)  # fmt: skip
ALGORITHMS = an_edition(
    "Introduction to algorithms", *(Agent(name, role="aut") for name in (
        "Cormen, Thomas H.", "Leiserson, Charles Eric", "Rivest, Ronald L.", "Stein, Clifford")),
    imprint=("Cambridge, Mass.", "MIT Press"), year=2009, statement="3rd ed.",
)  # fmt: skip
FIVE = an_edition(
    "臺灣史", *(Agent(name, role="aut") for name in ("黃秀政", "張勝彥", "吳文星", "甲乙丙", "丁戊己")),
    imprint=("臺北市", "五南"), year=2002, language="chi",
)  # fmt: skip
MAGAZINE = an_edition("天下雜誌", imprint=("臺北市", "天下雜誌社"), year=1981, end_year=9999, language="chi",
                      format=Format.SERIAL)  # fmt: skip
EDITED = an_edition("現代小說選", Agent("鄭樹森", role="edt", main=True), imprint=("臺北市", "洪範"), year=1989,
                    language="chi")  # fmt: skip
KIEU = an_edition("Truyện Kiều", Agent("Nguyễn, Du", role="aut", main=True), imprint=("Hà Nội", "Văn học"), year=1990,
                  language="vie")  # fmt: skip

FILM = an_edition("飲食男女", Agent("李安", role="drt", main=True), imprint=("臺北市", "中央電影"), year=1994,
                  language="chi", format=Format.FILM)  # fmt: skip
FILM_IN_ENGLISH = an_edition("Sense and sensibility", Agent("Lee, Ang", role="drt", main=True),
                             imprint=("Culver City", "Columbia"), year=1995, format=Format.FILM)  # fmt: skip
RECORD = an_edition("Kind of blue", Agent("Davis, Miles", role="prf", main=True), imprint=("New York", "Columbia"),
                    year=1959, format=Format.SOUND)  # fmt: skip

SIXTH = an_edition("Chemistry", Agent("Zumdahl, Steven", role="aut", main=True), imprint=("Boston", "Houghton"),
                   year=2003, statement="Sixth edition")  # fmt: skip
EXPANDED = replace(SIXTH, editions=sourced("Expanded ed"))


def on_line(*links: Sourced[Link]) -> Edition:
    return replace(an_edition("Open atlas", imprint=("Leiden", "Brill"), year=2019, format=Format.EBOOK), links=links)


OURS = Sourced(Link("https://proxy.ntl.example/login?b=1", kind="fulltext"), ("ntl",))
SHARED = Sourced(Link("https://books.example/1", kind="fulltext"), ("haifeng", "ntl"))
LASTING = Sourced(Link("https://doi.org/10.1/x", kind="fulltext"), ("ntl",))

BY_HAND = [
    (SIXTH, "apa", "Zumdahl, S. (2003). Chemistry (6th ed.). Houghton."),
    (SIXTH, "gbt7714", "ZUMDAHL S. Chemistry[M]. 6th ed. Boston: Houghton, 2003."),
    (EXPANDED, "mla", "Zumdahl, Steven. Chemistry. Expanded ed., Houghton, 2003."),
    (on_line(OURS), "gbt7714", f"Open atlas[M/OL]. Leiden: Brill, 2019[2026-11-21]. {SITE}/editions/e1."),
    (on_line(OURS, SHARED), "gbt7714", "Open atlas[M/OL]. Leiden: Brill, 2019[2026-11-21]. https://books.example/1."),
    (on_line(LASTING), "gbt7714", "Open atlas[M/OL]. Leiden: Brill, 2019[2026-11-21]. https://doi.org/10.1/x."),
    (FILM, "gbt7714", "李安, 導演. 飲食男女[Z]. 臺北市: 中央電影, 1994."),
    (FILM_IN_ENGLISH, "gbt7714", "LEE A, dir. Sense and sensibility[Z]. Culver City: Columbia, 1995."),
    (FILM, "apa", "李安（導演）（1994）。《飲食男女》［影片］。中央電影。"),
    (FILM_IN_ENGLISH, "apa", "Lee, A. (Director). (1995). Sense and sensibility [Film]. Columbia."),
    (FILM_IN_ENGLISH, "mla", "Lee, Ang, director. Sense and Sensibility. Columbia, 1995. Film."),
    (RECORD, "apa", "Davis, M. (1959). Kind of blue [Sound recording]. Columbia."),
    (RED, "apa", "曹雪芹、高鶚（1984）。《紅樓夢校注》（馮其庸編）。里仁書局。"),  # a first edition is not said
    (RED, "mla", "曹雪芹、高鶚。《紅樓夢校注》。馮其庸編，里仁書局，1984。"),
    (RED, "chicago", "曹雪芹、高鶚。《紅樓夢校注》。馮其庸編。臺北市：里仁書局，1984。"),
    (RED, "gbt7714", "曹雪芹, 高鶚. 紅樓夢校注[M]. 馮其庸, 編. 臺北市: 里仁書局, 1984."),
    (SAPIENS_ZH, "apa", "哈拉瑞（2018）。《人類大歷史：從野獸到扮演上帝》（林俊宏譯；第二版）。天下文化。"),
    (SAPIENS_ZH, "mla", "哈拉瑞。《人類大歷史：從野獸到扮演上帝》。林俊宏譯，第二版，天下文化，2018。"),
    (SAPIENS_ZH, "chicago", "哈拉瑞。《人類大歷史：從野獸到扮演上帝》。林俊宏譯。第二版。臺北市：天下文化，2018。"),
    (SAPIENS_ZH, "gbt7714", "哈拉瑞. 人類大歷史：從野獸到扮演上帝[M]. 林俊宏, 譯. 第二版. 臺北市: 天下文化, 2018."),
    (SAPIENS, "apa", "Harari, Y. N. (2015). Sapiens: A brief history of humankind (J. Purcell, Trans.). Harper."),
    (SAPIENS, "mla",
     "Harari, Yuval Noah. Sapiens: A Brief History of Humankind. Translated by John Purcell, Harper, 2015."),
    (SAPIENS, "chicago",
     "Harari, Yuval Noah. Sapiens: A Brief History of Humankind. Translated by John Purcell. New York: Harper, 2015."),
    (SAPIENS, "gbt7714",
     "HARARI Y N. Sapiens: A brief history of humankind[M]. PURCELL J, trans. New York: Harper, 2015."),
    (ALGORITHMS, "apa",
     ("Cormen, T. H., Leiserson, C. E., Rivest, R. L., & Stein, C. (2009). Introduction to algorithms (3rd ed.). "
      "MIT Press.")),
    (ALGORITHMS, "mla", "Cormen, Thomas H., et al. Introduction to Algorithms. 3rd ed., MIT Press, 2009."),
    (ALGORITHMS, "gbt7714",
     ("CORMEN T H, LEISERSON C E, RIVEST R L, et al. Introduction to algorithms[M]. 3rd ed. Cambridge, Mass.: "
      "MIT Press, 2009.")),
    (FIVE, "apa", "黃秀政、張勝彥、吳文星、甲乙丙、丁戊己（2002）。《臺灣史》。五南。"),
    (FIVE, "mla", "黃秀政等。《臺灣史》。五南，2002。"),  # no space, no comma before 等
    (FIVE, "gbt7714", "黃秀政, 張勝彥, 吳文星, 等. 臺灣史[M]. 臺北市: 五南, 2002."),
    (MAGAZINE, "apa", "《天下雜誌》（1981–）。天下雜誌社。"),
    (MAGAZINE, "gbt7714", "天下雜誌[J]. 臺北市: 天下雜誌社, 1981–."),
    (EDITED, "apa", "鄭樹森（編）（1989）。《現代小說選》。洪範。"),
    (EDITED, "chicago", "鄭樹森編。《現代小說選》。臺北市：洪範，1989。"),
    (KIEU, "mla", "Nguyễn, Du. Truyện Kiều. Văn học, 1990."),  # capitals of titles are an English custom
]  # fmt: skip


@pytest.mark.parametrize(("edition", "style", "expected"), BY_HAND, ids=lambda one: one if one in STYLES else "")
def test_a_citation_is_what_a_librarian_writes(edition: Edition, style: str, expected: str) -> None:
    assert texts(edition)[style] == expected


def test_an_edition_without_year_says_so_where_the_style_wants_it() -> None:
    undated = an_edition("夜航船", Agent("張岱", role="aut", main=True), language="chi")
    assert texts(undated) == {
        "apa": "張岱（無日期）。《夜航船》。",
        "mla": "張岱。《夜航船》。",
        "chicago": "張岱。《夜航船》。",
        "gbt7714": "張岱. 夜航船[M].",
    }


def test_an_edition_of_which_nothing_is_known_still_has_a_citation() -> None:
    assert all(text for text in texts(make_edition("e1")).values())


def test_titles_are_set_in_italics_and_nothing_a_record_says_becomes_markup() -> None:
    hostile = an_edition('<script>alert(1)</script> & <span class="nocase">x</span> \ue000y\ue001', "A & B <i>")
    for one in cited(reference(hostile, SITE), DAY):
        without = one.html.replace("<i>", "").replace("</i>", "")
        assert "<" not in without
        assert "\ue000" not in one.text
        assert "alert(1)" in one.text
    mla = next(one for one in cited(reference(SAPIENS, SITE), DAY) if one.style == "mla")
    assert "<i>Sapiens: A Brief History of Humankind</i>" in mla.html


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_style_is_valid_csl(file: Path) -> None:
    CitationStylesStyle(str(file), validate=True)  # warns, and warnings are errors


def test_every_style_is_there_for_both_families_of_scripts() -> None:
    assert {file.stem for file in FILES} == {f"{style}{family}" for style in STYLES for family in ("", "-cjk")}


@pytest.mark.parametrize("role", sorted(load_table("relators").labels))
def test_whatever_somebody_did_an_edition_can_be_cited(role: str) -> None:
    edition = an_edition("Title", Agent("Doe, Jane", role=role), Agent("某人", role=role), year=2000)
    assert all("Title" in text for text in texts(edition).values())

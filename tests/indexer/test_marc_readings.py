"""Records in ideographs whose 880s tell how they read, as the National Diet Library sends them since 2012."""

from __future__ import annotations

import time

import pytest

from indexer.marc import Field, Marc
from indexer.record import Agent, Imprint, Record, Series, Subject, Title
from tests.support.marc import read_text

_OWN = """=100  1\\$6880-02$a夏目, 漱石$d1867-1916
=245  10$6880-01$a吾輩は猫である
=264  \\1$6880-05$a東京 :$b岩波書店
=490  0\\$6880-03$a岩波文庫 ;$v5
=650  \\7$6880-04$a日本文学$2ndlsh"""
_KANA = """=880  10$6245-01/$1$aワガハイ ワ ネコ デ アル
=880  1\\$6100-02/$1$aナツメ, ソウセキ
=880  \\1$6264-05/$1$aトウキョウ :$bイワナミ ショテン
=880  0\\$6490-03/$1$aイワナミ ブンコ ;$v5
=880  \\7$6650-04/$1$aニホン ブンガク$2ndlsh"""
_LETTERS = """=880  10$6245-01/(B$aWagahai wa neko de aru
=880  1\\$6100-02/(B$aNatsume, Sōseki$d1867-1916
=880  \\1$6264-05/(B$aTōkyō :$bIwanami Shoten
=880  0\\$6490-03/(B$aIwanami bunko ;$v5
=880  \\7$6650-04/(B$aNihon bungaku$2ndlsh"""


@pytest.mark.parametrize(
    ("readings", "kana", "why"),
    [
        (_KANA, True, "in kana"),
        (_LETTERS, False, "in letters"),
        (f"{_KANA}\n{_LETTERS}", True, "in kana, then in letters"),
        (f"{_LETTERS}\n{_KANA}", True, "in letters, then in kana"),
    ],
)
def test_ideographs_are_the_value_and_readings_stand_beside(readings: str, kana: bool, why: str) -> None:
    record = read_text(f"{_OWN}\n{readings}")
    title = Title("吾輩は猫である", romanised="Wagahai wa neko de aru")
    assert record.titles == ((title, Title("ワガハイ ワ ネコ デ アル", kind="variant")) if kana else (title,)), why
    [agent] = record.agents
    assert (agent.name, agent.romanised, agent.dates) == ("夏目漱石", "Natsume, Sōseki", "1867-1916"), why
    assert agent.original == ("ナツメ, ソウセキ" if kana else ""), why
    in_kana = ("イワナミ ブンコ", "ニホン ブンガク") if kana else ("", "")
    assert record.series == (Series("岩波文庫", "5", "Iwanami bunko", in_kana[0]),), why
    assert record.subjects == (Subject("日本文学", "ndlsh", romanised="Nihon bungaku", reading=in_kana[1]),), why
    [imprint] = record.imprints
    assert (imprint.place, imprint.publisher, imprint.romanised.lower()) == (
        "東京",
        "岩波書店",
        "tōkyō iwanami shoten",
    ), why


def test_without_readings_nothing_stands_beside() -> None:
    assert _told(read_text(_OWN)) == (
        (Title("吾輩は猫である"),),
        (Agent("夏目漱石", dates="1867-1916", main=True),),
        (Series("岩波文庫", "5"),),
        (Subject("日本文学", "ndlsh"),),
        (Imprint("東京", "岩波書店"),),
    )


def test_the_same_book_romanised_by_the_library_of_congress_reads_alike() -> None:
    romanised = """=100  1\\$6880-02$aNatsume, Sōseki$d1867-1916
=245  10$6880-01$aWagahai wa neko de aru
=264  \\1$6880-05$aTōkyō :$bIwanami Shoten
=490  0\\$6880-03$aIwanami bunko ;$v5
=650  \\7$6880-04$aNihon bungaku$2ndlsh"""
    vernacular = """=880  10$6245-01/$1$a吾輩は猫である
=880  1\\$6100-02/$1$a夏目, 漱石$d1867-1916
=880  \\1$6264-05/$1$a東京 :$b岩波書店
=880  0\\$6490-03/$1$a岩波文庫 ;$v5
=880  \\7$6650-04/$1$a日本文学$2ndlsh"""
    assert _told(read_text(f"{romanised}\n{vernacular}")) == _told(read_text(f"{_OWN}\n{_LETTERS}"))


def test_the_same_in_unimarc() -> None:
    own = "=200  1\\$6880-01$a吾輩は猫である\n=225  0\\$6880-02$a岩波文庫$v5\n=606  \\\\$6880-03$a日本文学$2ndlsh"
    kana = "=880  0\\$6225-02/$1$aイワナミ ブンコ$v5\n=880  \\\\$6606-03/$1$aニホン ブンガク$2ndlsh"
    record = read_text(f"{own}\n{kana}", dialect="unimarc")
    assert record.series == (Series("岩波文庫", "5", "Iwanami bunko", "イワナミ ブンコ"),)
    assert record.subjects == (Subject("日本文学", "ndlsh", romanised="Nihon bungaku", reading="ニホン ブンガク"),)
    twin = read_text(own, dialect="unimarc")
    assert (twin.series, twin.subjects) == ((Series("岩波文庫", "5"),), (Subject("日本文学", "ndlsh"),))


@pytest.mark.parametrize(
    ("text", "reading", "why"),
    [
        ("=830  \\0$6880-01$a岩波文庫 ;$v5\n=880  \\0$6830-01/$1$aイワナミ ブンコ ;$v5", "イワナミ ブンコ", "traced"),
        (
            "=490  1\\$a岩波文庫 ;$v5\n=830  \\0$6880-01$a岩波文庫 ;$v5\n=880  \\0$6830-01/$1$aイワナミ ブンコ ;$v5",
            "イワナミ ブンコ",
            "of the traced form, beside the one on the piece",
        ),
        (
            "=800  1\\$6880-01$a夏目漱石.$t全集 ;$v5\n=880  1\\$6800-01/$1$aナツメ ソウセキ.$tゼンシュウ ;$v5",
            "ゼンシュウ",
            "under a name",
        ),
        ("=490  0\\$a岩波文庫 ;$v5", "", "the twin"),
    ],
)
def test_a_series_in_ideographs_keeps_how_it_reads(text: str, reading: str, why: str) -> None:
    [series] = read_text(f"=245  00$a書\n{text}").series
    assert (series.number, series.reading) == ("5", reading), why


def test_hangul_beside_ideographs_is_another_title_and_the_same_person() -> None:
    record = read_text(
        "=100  1\\$6880-02$a金富軾\n=245  10$6880-01$a朝鮮史\n=650  \\7$6880-03$a歷史"
        "\n=880  10$6245-01/$1$a조선사\n=880  1\\$6100-02/$1$a김부식\n=880  \\7$6650-03/$1$a역사"
    )
    assert record.titles == (Title("朝鮮史"), Title("조선사", kind="variant"))
    assert record.agents == (Agent("金富軾", main=True, original="김부식"),)
    assert record.subjects == (Subject("歷史", romanised="역사"),)


def _told(record: Record) -> tuple[object, ...]:
    return record.titles, record.agents, record.series, record.subjects, record.imprints


def test_thousands_of_readings_of_one_long_field_are_taken_at_once() -> None:
    own = Field("245", "1", "0", (("6", "880-01"), ("a", "猫" * 100_000)))
    others = [Field("880", "1", "0", (("6", "245-01/$1"), ("a", f"고양이{number}"))) for number in range(5_000)]
    begun = time.process_time()
    assert sum(1 for _ in Marc(" " * 24, [], [own, *others]).pairs("245")) == 5_001
    assert time.process_time() - begun < 30  # script of the field looked at for each of them: minutes

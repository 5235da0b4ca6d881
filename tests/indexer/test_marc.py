from __future__ import annotations

import pytest

from indexer.marc import Field, Marc
from tests.support.marc import fields, marc


def test_a_field_gives_its_subfields_cleaned_and_in_order() -> None:
    field = Field("245", "1", "0", (("a", " A  title "), ("b", ""), ("a", "again"), ("c", "x")))
    assert field.first("a") == "A title"
    assert field.first("z") == ""
    assert field.all("ac") == ["A title", "again", "x"]
    assert field.joined("ab", " + ") == "A title + again"


def test_a_linked_880_is_paired_by_its_occurrence_number() -> None:
    record = marc("=245  10$6880-02$aTitle\n=100  1\\$6880-01$aName\n=880  1\\$6100-01/$1$a名\n=880  10$6245-02/$1$a題")
    assert [(f.first("a"), r and r.first("a")) for f, r in record.pairs("100", "245")] == [
        ("名", "Name"),
        ("題", "Title"),
    ]


def test_an_880_with_a_direction_code_is_paired_too() -> None:
    record = marc("=245  10$6880-01$aShalom\n=880  10$6245-01/(2/r$aשלום")
    assert [(f.first("a"), r and r.first("a")) for f, r in record.pairs("245")] == [("שלום", "Shalom")]


def test_an_880_that_is_unlinked_or_points_nowhere_is_a_field_of_its_own() -> None:
    record = marc("=700  1\\$aName\n=880  1\\$6700-00/$1$a無連結\n=880  1\\$6700-09/$1$a指向無處")
    assert [(f.tag, f.first("a")) for f, _ in record.pairs("700")] == [
        ("700", "Name"),
        ("700", "無連結"),
        ("700", "指向無處"),
    ]
    assert [(f.tag, f.first("a")) for f in record.unlinked("700")] == [("700", "無連結"), ("700", "指向無處")]
    assert record.unlinked("245") == []


def test_two_880_of_one_occurrence_are_both_there() -> None:
    record = marc("=245  10$6880-01$aTitle\n=880  10$6245-01$a一\n=880  10$6245-01$a二")
    assert [f.first("a") for f, _ in record.pairs("245")] == ["一", "二"]


def test_an_880_that_names_no_field_is_of_no_field_and_told() -> None:
    for text in ("=880  10$a無", "=880  10$6880-01$a無", "=245  10$6880-02$aT\n=880  10$6880-01$a無"):
        record = marc(text)
        assert [field.first("a") for field in record.orphans] == ["無"]
        assert not any(field.first("a") == "無" for field, _ in record.pairs("245"))
        assert record.repairs == ("880: does not say which field it is of; kept as a note",)
    assert (marc("=245  10$aT").orphans, marc("=245  10$aT").repairs) == ((), ())


@pytest.mark.parametrize(
    ("text", "tag", "told", "why"),
    [
        (
            "=245  10$aHong lou meng\n=880  10$6245-00/$1$a紅樓夢",
            "245",
            [("紅樓夢", "Hong lou meng")],
            "of what is once",
        ),
        ("=245  10$6880-01$aHong\n=880  10$6245-09$a紅", "245", [("紅", "Hong")], "it points nowhere"),
        ("=100  1\\$aCao\n=880  1\\$6100-00$a曹", "100", [("曹", "Cao")], "the main entry is one"),
        (
            "=245  10$aHong lou meng\n=880  10$6245-00/$1$a紅樓夢\n=880  10$6245-00/$1$a红楼梦",
            "245",
            [("紅樓夢", "Hong lou meng"), ("红楼梦", None)],
            "the first of two: the other is a title of its own",
        ),
        (
            "=245  10$aHong lou meng\n=880  10$6245-00$aStory of the stone\n=880  10$6245-00/$1$a紅樓夢",
            "245",
            [("紅樓夢", "Hong lou meng"), ("Story of the stone", None)],
            "the first in another script",
        ),
        ("=245  10$a紅樓夢\n=880  10$6245-00$a石頭記", "245", [("紅樓夢", None), ("石頭記", None)], "no other script"),
        (
            "=245  10$6880-01$aHong\n=880  10$6245-01$a紅\n=880  10$6245-00$a石",
            "245",
            [("紅", "Hong"), ("石", None)],
            "its place is taken",
        ),
        ("=700  1\\$aCao\n=880  1\\$6700-00$a曹", "700", [("Cao", None), ("曹", None)], "there may be many: no guess"),
        ("=245  10$6880-01$aHong\n=880  10$6880-01$a紅", "245", [("紅", "Hong")], "it repeats the field's own link"),
        (
            "=245  10$6880-01$aHong\n=500  \\\\$6880-01$aNote\n=880  10$6880-01$a紅",
            "245",
            [("Hong", None)],
            "two fields ask for that number",
        ),
    ],
)
def test_an_880_that_is_not_linked_is_paired_where_only_one_field_can_be_meant(
    text: str, tag: str, told: list[tuple[str, str | None]], why: str
) -> None:
    assert [(f.first("a"), r and r.first("a")) for f, r in marc(text).pairs(tag)] == told, why


def test_the_original_script_comes_first_even_where_it_is_the_regular_field() -> None:
    record = marc("=245  10$6880-01$a紅樓夢\n=880  10$6245-01$aHong lou meng")
    assert [(f.first("a"), r and r.first("a")) for f, r in record.pairs("245")] == [("紅樓夢", "Hong lou meng")]


def test_ignored_fields_are_not_there() -> None:
    record = Marc("", [("001", "1")], [Field("245", " ", " ", (("a", "T"),))], ignore=["245"])
    assert (record.field("245"), record.has("245"), record.has("001")) == (None, False, True)


def test_the_880s_of_ignored_fields_are_not_there_either() -> None:
    lines = "=500  \\\\$6880-01$aNote\n=880  \\\\$6500-01$a附註\n=880  \\\\$6500-00$a又\n=880  10$6245-00$a題"
    leader, control, data = fields(lines)
    record = Marc(leader, control, data, ignore=["500"])
    assert (list(record.pairs("500")), record.orphans) == ([], ())
    assert [field.first("a") for field, _ in record.pairs("245")] == ["題"]
    assert [field.first("a") for field, _ in marc(lines).pairs("500")] == ["附註", "又"]


def test_a_value_is_found_by_its_path() -> None:
    record = marc("=001   12 \n=090  \\\\$c77$aX")
    assert (record.value("001"), record.value("090$c"), record.value("999$c"), record.value("002")) == (
        "12",
        "77",
        "",
        "",
    )


@pytest.mark.parametrize(
    ("readings", "told", "why"),
    [
        (
            "=880  10$6245-01/$1$aネコ デ アル",
            [("猫である", "Neko de aru"), ("ネコ デ アル", None)],
            "kana tell how the ideographs read, and are no original script; they stay findable",
        ),
        (
            "=880  10$6245-01/$1$aネコ デ アル\n=880  10$6245-01/(B$aNeko de aru.",
            [("猫である", "Neko de aru."), ("ネコ デ アル", None)],
            "the record's own letters go before ours",
        ),
        (
            "=880  10$6245-01/(B$aNeko de aru.\n=880  10$6245-01/$1$aネコ デ アル",
            [("猫である", "Neko de aru."), ("ネコ デ アル", None)],
            "whichever comes first",
        ),
        (
            "=880  10$6245-01/$1$a貓",
            [("猫である", "貓"), ("貓", None)],
            "other ideographs are no reading; the field's own stand first",
        ),
        (
            "=880  10$6245-01/$1$a고양이\n=880  10$6245-01/(B$aNeko de aru",
            [("猫である", "Neko de aru"), ("고양이", None)],
            "another script, and letters",
        ),
        (
            "=880  10$6245-00/$1$aネコ デ アル",
            [("猫である", "Neko de aru"), ("ネコ デ アル", None)],
            "linked by no number",
        ),
    ],
)
def test_an_880_in_kana_is_the_reading_of_its_field(
    readings: str, told: list[tuple[str, str | None]], why: str
) -> None:
    record = marc(f"=245  10$6880-01$a猫である\n{readings}")
    assert [(f.first("a"), r and r.first("a")) for f, r in record.pairs("245")] == told, why


def test_a_name_is_there_once_however_many_readings_it_has() -> None:
    record = marc(
        "=100  1\\$6880-02$a夏目漱石\n=880  1\\$6100-02/$1$aナツメ, ソウセキ\n=880  1\\$6100-02/(B$aNatsume, Sōseki"
    )
    assert [(f.first("a"), r and r.first("a")) for f, r in record.pairs("100")] == [("夏目漱石", "Natsume, Sōseki")]
    without = marc("=100  1\\$6880-02$a夏目漱石\n=880  1\\$6100-02/$1$aナツメ, ソウセキ")
    assert [(f.first("a"), r and r.first("a")) for f, r in without.pairs("100")] == [("夏目漱石", "Natsume, Sōseki")]


@pytest.mark.parametrize(
    ("field", "other", "told", "why"),
    [
        ("Neko de aru", "猫である", ("猫である", "Neko de aru"), "romanised, as the Library of Congress has it"),
        ("Neko de aru [猫]", "猫である", ("猫である", "Neko de aru [猫]"), "romanised, with an ideograph among it"),
        ("1984", "1984년", ("1984년", "1984"), "no letter at all"),
        ("ネコ", "猫", ("猫", "ネコ"), "the reading in the field, the writing in its 880"),
        ("Война и мир", "Voĭna i mir", ("Война и мир", "Voĭna i mir"), "the other way round"),
    ],
)
def test_the_original_script_stands_first(field: str, other: str, told: tuple[str, str], why: str) -> None:
    record = marc(f"=245  10$6880-01$a{field}\n=880  10$6245-01$a{other}")
    assert [(f.first("a"), r and r.first("a")) for f, r in record.pairs("245")] == [told], why


def test_numbers_and_dates_in_a_reading_stay_as_they_are() -> None:
    record = marc("=100  1\\$6880-02$a夏目漱石$d1867-1916\n=880  1\\$6100-02/$1$aナツメ, ソウセキ$0(JP-ToTJN)00054222")
    [(_, romanised)] = record.pairs("100")
    assert romanised is not None
    assert romanised.all("a0") == ["Natsume, Sōseki", "(JP-ToTJN)00054222"]


def test_a_title_in_kana_is_the_original_of_its_letters() -> None:
    record = marc("=245  10$6880-01$aKitchin\n=880  10$6245-01/$1$aキッチン")
    assert [(f.first("a"), r and r.first("a")) for f, r in record.pairs("245")] == [("キッチン", "Kitchin")]

from __future__ import annotations

from indexer.marc import Field, Marc
from tests.support.marc import marc


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
    record = marc("=245  10$aTitle\n=880  10$6245-00/$1$a無連結\n=880  10$6245-09/$1$a指向無處")
    assert [(f.tag, f.first("a")) for f, _ in record.pairs("245")] == [
        ("245", "Title"),
        ("245", "無連結"),
        ("245", "指向無處"),
    ]


def test_two_880_of_one_occurrence_are_both_there() -> None:
    record = marc("=245  10$6880-01$aTitle\n=880  10$6245-01$a一\n=880  10$6245-01$a二")
    assert [f.first("a") for f, _ in record.pairs("245")] == ["一", "二"]


def test_an_880_without_a_link_is_left_alone() -> None:
    assert list(marc("=880  10$a無").pairs("245")) == []


def test_the_original_script_comes_first_even_where_it_is_the_regular_field() -> None:
    record = marc("=245  10$6880-01$a紅樓夢\n=880  10$6245-01$aHong lou meng")
    assert [(f.first("a"), r and r.first("a")) for f, r in record.pairs("245")] == [("紅樓夢", "Hong lou meng")]


def test_ignored_fields_are_not_there() -> None:
    record = Marc("", [("001", "1")], [Field("245", " ", " ", (("a", "T"),))], ignore=["245"])
    assert (record.field("245"), record.has("245"), record.has("001")) == (None, False, True)


def test_a_value_is_found_by_its_path() -> None:
    record = marc("=001   12 \n=090  \\\\$c77$aX")
    assert (record.value("001"), record.value("090$c"), record.value("999$c"), record.value("002")) == (
        "12",
        "77",
        "",
        "",
    )

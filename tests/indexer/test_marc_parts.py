from __future__ import annotations

import pytest

from indexer.marc import Marc
from indexer.marc_parts import MAX_PARTS, Part, altered_first, altered_last, label, less, only, parts, pieces, without
from tests.support.marc import fields, marc

TEXT = "=001  7\n=245  10$6880-01$aT1$b (pbk.)\n=650  \\0$aA\n=650  \\0$aB\n=880  10$6245-01/$1$a題"


def named(record: Marc, name: str) -> Part:
    [part] = [part for part in parts(record) if part.label == name]
    return part


def test_fields_are_called_by_tag_number_and_occurrence() -> None:
    assert [part.label for part in parts(marc(TEXT))] == ["LDR", "001", "245", "650[1]", "650[2]", "880-01"]


def test_of_very_many_fields_those_of_a_tag_are_one_part() -> None:
    many = "=245  10$aT\n" + "=650  \\0$aA\n" * MAX_PARTS
    assert [part.label for part in parts(marc(many))] == ["LDR", "245", f"650 ({MAX_PARTS} fields)"]


LABELS = [
    ([], "008", "nothing in particular: the field"),
    (["a", "b"], "008$a$b", "subfields"),
    ([7, 8, 9, 10], "008/07-10", "characters in a row"),
    ([6, 8, 9], "008/06,08-09", "characters apart"),
]


@pytest.mark.parametrize(("told", "name", "why"), LABELS)
def test_pieces_are_written_as_cataloguers_write_them(told: list[str | int], name: str, why: str) -> None:
    assert label(Part("008", control=(0,)), told) == name, why


def test_a_part_can_be_taken_away_and_the_others_stay() -> None:
    record = marc(TEXT)
    left = without(record, named(record, "650[1]"))
    assert [field.first("a") for field in left.fields("650")] == ["B"]
    assert left.control("001") == "7"
    assert without(record, named(record, "001")).control("001") == ""
    assert without(record, named(record, "LDR")).leader.strip() == ""


def test_parts_can_stand_alone() -> None:
    record = marc(TEXT)
    alone = only(record, [named(record, "650[2]")])
    assert (len(alone.data_fields), alone.control_fields, alone.leader) == (1, (), record.leader)


def test_links_between_fields_are_no_pieces() -> None:
    record = marc(TEXT)
    assert pieces(record, named(record, "245")) == ["a", "b"]
    assert pieces(record, named(record, "001")) == [0]


def test_a_piece_becomes_another_of_its_kind_or_goes() -> None:
    record = marc(TEXT)
    part = named(record, "245")
    for change, code, text in (
        (altered_first, "a", "TT1"),
        (altered_last, "a", "T2"),
        (altered_last, "b", "(pbkk.)"),
        (less, "b", ""),
    ):
        field = change(record, part, code).field("245")
        assert field is not None
        assert field.first(code) == text
    assert less(record, named(record, "001"), 0).control("001") == "~"


def test_nothing_of_the_record_itself_changes() -> None:
    record = marc(TEXT)
    less(record, named(record, "245"), "a")
    assert list(record.data_fields) == fields(TEXT)[2]

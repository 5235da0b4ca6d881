from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from mappings.item_columns import CODES, ItemColumns, subfields

COLUMNS = ItemColumns.model_validate(
    {
        "control_number": "書目號",
        "branch": "館別",
        "call_number": ["分類號", "著者號"],
        "volume": "部冊號",
        "barcode": "登錄號",
        "gone": {"狀態": ["註銷"]},
    }
)


def test_a_row_becomes_the_subfields_of_one_field() -> None:
    row = {
        "書目號": "7",
        "館別": "HFC",
        "分類號": "857.7",
        "著者號": " 8354 ",
        "部冊號": "v.2",
        "登錄號": "B1",
        "狀態": "在架",
    }
    assert subfields(row, COLUMNS) == (("a", "HFC"), ("c", "857.7"), ("c", "8354"), ("h", "v.2"), ("j", "B1"))


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"書目號": "7"}, "a row that says nothing of a copy"),
        ({"書目號": "7", "館別": " ", "登錄號": ""}, "blank cells"),
        ({"書目號": "7", "登錄號": "B1", "狀態": "註銷"}, "a copy that left"),
    ],
)
def test_a_row_without_a_copy_has_none(row: dict[str, str], why: str) -> None:
    assert subfields(row, COLUMNS) == (), why


def test_a_flag_other_than_zero_says_that_a_copy_left() -> None:
    columns = ItemColumns(control_number="id", barcode=("b",), gone={"withdrawn": ()})
    assert subfields({"b": "1", "withdrawn": "0"}, columns) == (("j", "1"),)
    assert subfields({"b": "1", "withdrawn": "1"}, columns) == ()


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ({"control_number": "id"}, "at least one of branch"),
        ({"control_number": "id", "volume": "v"}, "at least one of branch"),
        ({"barcode": "b"}, "control_number"),
        ({"control_number": "id", "barcode": "b", "shelf": "s"}, "shelf"),
    ],
)
def test_columns_that_cannot_be_used_stop_the_start(keys: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        ItemColumns.model_validate(keys)


def test_every_column_has_its_subfield() -> None:
    assert set(CODES) == set(ItemColumns.model_fields) - {"control_number", "gone"}

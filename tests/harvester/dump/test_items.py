from __future__ import annotations

import io

from harvester.dump.archive import Stream
from harvester.dump.items import ItemTable
from indexer.holdings.records import HoldingsRecord
from indexer.read import read_either
from mappings.item_columns import ItemColumns
from tests.support.oai import dump_library

COLUMNS = ItemColumns(
    control_number="書目號", barcode="登錄號", branch="館別", call_number=("分類號", "著者號"), gone={"狀態": ("註銷",)}
)
TABLE = """館藏清冊,,,,,
書目號,登錄號,館別,分類號,著者號,狀態
7,B1,總館,857.7,8765,
8,B2,總館,,,
7,B3,分館,857.7,8765,在架
7,B4,分館,857.7,8765,註銷
"""


def test_rows_become_copies_of_the_record_they_name() -> None:
    stream = Stream("items.csv", io.BytesIO(TABLE.encode("big5")))
    records = list(ItemTable("testlib", COLUMNS).records(stream))
    assert [record.identifier for record in records] == ["items:7", "items:8"]
    found = read_either(records[0], dump_library("x", items=COLUMNS.model_dump()))
    assert isinstance(found, HoldingsRecord)
    assert found.belongs_to == "7"
    copies = [(one.branch, item.barcode, item.call_number) for one in found.holdings for item in one.items]
    assert copies == [("總館", "B1", "857.7 8765"), ("分館", "B3", "857.7 8765")]

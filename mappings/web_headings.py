"""The headings that catalogues in Taiwan and elsewhere put over the columns of their lists of copies.

Headings are compared whole, folded (one width, one case, no spaces, no colon): 館藏狀態 is no 狀態.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

FieldName = Literal[
    "status",
    "due",
    "queue",
    "branch",
    "location",
    "call_number",
    "volume",
    "barcode",
    "item_id",
    "note",
    "record",
]
"""What a copy's row may say; ``record``: the number of the record that it belongs to."""

HEADINGS: Mapping[FieldName, tuple[str, ...]] = {
    "status": (
        *("館藏狀態", "處理狀態", "狀態", "狀態/到期日", "目前狀態", "目前狀態/到期日", "目前狀態/預計歸還日期"),
        *(
            "借閱狀態",
            "流通狀態",
            "館藏流通狀態",
            "圖書狀況",
            "圖書狀況/到期日",
            "館藏現況",
            "館藏現況說明",
            "館藏狀況",
        ),
        *("現況", "現況/異動日", "狀態(說明)", "狀態說明", "館藏狀態(月-日-西元年)", "館藏狀況(月-日-西元年)"),
        *("可借狀態", "館藏狀態/到期日", "處理情形", "圖書狀況book status", "status", "availability", "item status"),
    ),
    "due": (
        "到期日",
        "到期日期",
        "應還日",
        "應還日期",
        "應還期限",
        "還書期限",
        "預計歸還日",
        "預計歸還日期",
        "due date",
        "due",
    ),
    "queue": ("預約人數", "預約數", "預約冊數", "被預約數", "等候人數", "holds", "requests", "hold queue"),
    "branch": ("館別", "分館", "館藏館", "典藏館", "所屬館別", "分館/專室", "館藏地/館別", "library", "branch"),
    "location": (
        *(
            "館藏地",
            "館藏地/室",
            "館藏室",
            "館藏地/館藏室",
            "館藏位置",
            "館藏地/區域",
            "館藏地點",
            "典藏地",
            "典藏地名稱",
        ),
        *("典藏地點", "典藏區域", "書架位置", "現行位置", "館藏地/區域location", "location", "collection"),
    ),
    "call_number": (
        *("索書號", "索書號/部冊號", "索書號/期刊合訂本卷期", "索書號(卷期)", "索書號call no."),
        *("call no.", "call number", "call #"),
    ),
    "volume": ("部冊", "部冊號", "冊次", "卷期", "卷冊", "卷/期", "冊號", "volume", "vol.", "vol"),
    "barcode": ("條碼", "條碼號", "條碼編號", "登錄號", "登錄號/條碼號", "館藏條碼", "barcode", "barcode no."),
    "item_id": ("館藏流水號", "item id", "item no."),
    "note": ("附註", "備註", "館藏附註", "註記", "說明", "note", "notes"),
    "record": (),
}

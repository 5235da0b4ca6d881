"""Status words that libraries write for readers, and the states they stand for.

A table of what is usual in Taiwan and in English. Words are compared whole and never as part of others: 不可外借 holds
可外借. What stands in neither this table nor the library's own is unknown, and is shown in the library's words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from search_api.availability.due import without_dates
from search_api.availability.status import ItemState

_WORDS: Mapping[ItemState, tuple[str, ...]] = {
    ItemState.AVAILABLE: (
        *(
            "在架",
            "在架上",
            "架上",
            "在架可借",
            "在架可外借",
            "仍在館內",
            "在館",
            "在館內",
            "在館可借",
            "可外借",
            "可借",
            "可借閱",
        ),
        *("可流通", "可供外借", "館藏在架"),
        *(
            "available",
            "on shelf",
            "available on shelf",
            "in",
            "in library",
            "checked in",
            "on the shelf",
            "not checked out",
        ),
    ),
    ItemState.ON_REQUEST: ("可調閱", "閉架調閱", "書庫調閱", "on request", "available on request", "closed stacks"),
    ItemState.ONLINE: ("線上閱讀", "電子資源", "online", "available online"),
    ItemState.AVAILABLE_ONSITE: (
        *(
            "限館內使用",
            "限館內閱覽",
            "限館內閱讀",
            "館內閱覽",
            "館內使用",
            "僅限館內閱覽",
            "限內閱",
            "內閱",
            "參考書限館內",
        ),
        *("in library use only", "library use only", "lib use only", "reference", "reference only", "on-site use only"),
    ),
    ItemState.ON_LOAN: (
        *(
            "已外借",
            "已借出",
            "借出",
            "外借中",
            "借閱中",
            "已被外借",
            "借出中",
            "出借中",
            "到期日",
            "到期",
            "應還日",
            "應還日期",
        ),
        *("還書日", "預計歸還日", "已借出到期日", "逾期", "逾期未還"),
        *("checked out", "on loan", "charged", "due", "due date", "loaned", "out", "overdue"),
    ),
    ItemState.ON_HOLD_SHELF: (
        *("在預約保留架上", "在預約保留架", "預約保留中", "預約保留", "保留架", "預約待取", "待取", "預約書待取"),
        *("on hold shelf", "on holdshelf", "awaiting pickup", "held", "on hold"),
    ),
    ItemState.IN_TRANSIT: (
        *("調閱中", "傳回本館中", "傳送中", "運送中", "轉送中", "通閱中", "調撥中", "移送中", "通閱傳送中"),
        *("in transit", "transit", "in transfer"),
    ),
    ItemState.IN_PROCESS: (
        *(
            "編目中",
            "處理中",
            "整理中",
            "新書處理中",
            "修補中",
            "裝訂中",
            "送修中",
            "修復中",
            "加工中",
            "待上架",
            "典藏處理中",
        ),
        *("in process", "in processing", "cataloging", "cataloguing", "at bindery", "bindery", "in repair", "mending"),
    ),
    ItemState.ON_ORDER: ("訂購中", "採購中", "採訪中", "已訂購", "on order", "ordered"),
    ItemState.RECALLED: ("催還中", "已催還", "recalled"),
    ItemState.NOT_FOR_LOAN: ("不可外借", "不外借", "不得外借", "不流通", "非流通", "not for loan", "non-circulating"),
    ItemState.MISSING: (
        "尋找中",
        "協尋中",
        "找不到",
        "不在架上",
        "不在架",
        "missing",
        "not on shelf",
        "search in progress",
    ),
    ItemState.LOST: ("遺失", "已遺失", "報失", "讀者遺失", "賠書中", "lost", "declared lost", "lost and paid"),
    ItemState.WITHDRAWN: ("報廢", "已報廢", "註銷", "已註銷", "淘汰", "撤架", "withdrawn", "discarded"),
    ItemState.CHECK_WITH_LIBRARY: (
        "請洽館員",
        "請洽櫃台",
        "請洽服務台",
        "ask at desk",
        "check with library",
        "check shelves",
    ),
}

WORDS: Mapping[str, ItemState] = {word: state for state, words in _WORDS.items() for word in words}
"""Folded as ``word_of`` folds."""

_ROUND = re.compile(r"^[\s:;,.!/|()\[\]【】「」《》、。‧·*-]+|[\s:;,.!/|()\[\]【】「」《》、。‧·*-]+$")


def word_of(text: str, form: str = "") -> str:
    """A status as it can be looked up: no dates, no signs round it, one width and case. ``form``: of its dates.

    A code of signs alone (``-``, ``!``) stays as it is.
    """
    text = " ".join(unicodedata.normalize("NFKC", without_dates(text, form)).casefold().split())
    return _ROUND.sub("", text) or text

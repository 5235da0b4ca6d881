"""The names of fields that may stand before a colon in a query, in the languages patrons type them in."""

from __future__ import annotations

from collections.abc import Mapping

from indexer.engine import SearchField

_NAMES: Mapping[SearchField, str] = {
    "title": "title ti 題名 题名 書名 书名 刊名 標題名 タイトル 書誌名",
    "creator": "creator author au name 作者 著者 責任者 责任者 作家 譯者 译者",
    "subject": "subject su 主題 主题 標題 标题 件名",
    "series": "series se 叢書 丛书 集叢",
    "publisher": "publisher pub 出版者 出版社 出版",
    "isbn": "isbn",
    "issn": "issn",
    "number": "number oclc lccn barcode 條碼 条码 號碼 号码",
    "call_number": "call callnumber call_number call-number shelfmark 索書號 索书号 請求記号",
}

FIELD_NAMES: Mapping[str, SearchField] = {name: field for field, names in _NAMES.items() for name in names.split()}
"""Name in lower case → field."""

"""The character sets that a library's file may say its records are in."""

from __future__ import annotations

from typing import Literal

StatedCharacterSet = Literal[
    "utf-8",
    "marc-8",
    "big5",
    "big5-hkscs",
    "big5-uao",
    "gb18030",
    "euc-jp",
    "shift_jis",
    "euc-kr",
    "tis-620",
    "windows-1258",
    "iso-5426",
    "latin-1",
    "windows-1250",
    "windows-1252",
    "windows-1251",
    "cp866",
    "koi8-r",
    "iso-8859-2",
    "windows-1253",
    "windows-1254",
    "windows-1255",
    "windows-1256",
    "windows-1257",
]
"""One of them; what each is stands in ``indexer/charset.py``."""

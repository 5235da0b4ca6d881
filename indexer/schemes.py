"""Which classification scheme a code or a cataloguer's words mean."""

from __future__ import annotations

import re

_CODES = {
    "ncsclt": "ncsclt",
    "ccl": "ncsclt",
    "csclt": "ncsclt",
    "ddc": "ddc",
    "dcc": "ddc",
    "lcc": "lcc",
    "ndc": "ndc",
    "njb": "ndc",
    "kdc": "kdc",
    "kdcp": "kdc",
    "udc": "udc",
    "clc": "clc",
    "cclc": "clc",
}
"""By the letters a code begins with: editions follow them (``ddc22``, ``njb/09``, ``dcc22`` as some type it)."""

_WORDS = (
    # Told apart by one character: of Taiwan (圖書分類法), of the mainland (圖書館分類法), 何日章's (十進分類法).
    (re.compile(r"何日章|中[國国][圖图][書书]十[進进]"), "ho"),
    (re.compile(r"中[國国][圖图][書书][館馆]分[類类]法|中[圖图]法"), "clc"),
    (re.compile(r"中[文國国][圖图][書书]分[類类]法|[賴赖]永祥|增[訂订][七八]版|新[訂订].版|2007\s?年版"), "ncsclt"),
    (re.compile(r"杜威|dewey", re.IGNORECASE), "ddc"),
    (re.compile(r"[國国][會会][圖图][書书][館馆]分[類类]"), "lcc"),
    (re.compile(r"日本十[進进]"), "ndc"),
    (re.compile(r"[國国][際际]十[進进]"), "udc"),
)
_CODE = re.compile(r"[a-z]+")
_THESAURI = {
    "lc": "lcsh",
    "csh": "csht",  # CMARC's code of 中文圖書標題總目
    "中文圖書標題總目": "csht",
    "中文圖書標題表": "csht",
    "cst": "lcstt",  # CMARC's code of 中文主題詞表
    "中文主題詞表": "lcstt",
}
"""Thesauri by what cataloguers write → MARC's code."""


def scheme_named(text: str) -> str:
    """The scheme a source code or a name means (``ncsclt``, ``njb/09``, 中國圖書分類法, 增訂七版); else ""."""
    plain = text.strip().lower()
    if code := _CODE.match(plain):
        return _CODES.get(code.group(), "")
    return next((scheme for pattern, scheme in _WORDS if pattern.search(plain)), "")


def thesaurus_named(text: str) -> str:
    """MARC's code of the thesaurus that a $2 names, in lower case; one that no table knows as it is written."""
    plain = text.strip(" .,;").lower()
    return _THESAURI.get(plain, plain)

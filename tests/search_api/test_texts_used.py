"""Nothing half translated: every text that is used is there, every one there is used, and every language has it whole.

Also what no catalogue says of itself: the words that Taiwan's libraries do not use, and Chinese where none belongs.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from mappings.table import load_table
from search_api import texts as module
from search_api.labels import TABLES
from search_api.text_catalogues import TextCatalogue, read_catalogue
from search_api.texts import DOMAINS, LABEL_LANGUAGES, LABELS, LANGUAGES

PACKAGE = Path(module.__file__).parent
TRANSLATED = [(domain, code) for domain, codes in DOMAINS.items() for code in codes if code != "en"]

MAINLAND = {
    "搜索": "查詢",
    "鏈接": "連結",
    "打印": "列印",
    "用戶": "讀者、使用者",
    "默認": "預設",
    "數據庫": "資料庫",
    "數據": "資料",
    "信息": "訊息、資訊",
    "軟件": "軟體",
    "硬件": "硬體",
    "網絡": "網路",
    "服務器": "伺服器",
    "程序": "程式",
    "文件夾": "資料夾",
    "登錄": "登入",
    "註冊表": "登錄檔",
    "屏幕": "螢幕",
    "鼠標": "滑鼠",
    "界面": "介面",
    "菜單": "選單",
    "視頻": "影片",
    "音頻": "音訊",
    "質量": "品質",
    "郵箱": "電子郵件",
    "短信": "簡訊",
    "導出": "匯出",
    "導入": "匯入",
    "複製件": "複本",
    "激活": "啟用",
    "刷新": "重新整理",
    "緩存": "快取",
    "代碼": "代碼、代號",
    "字符": "字元",
    "字段": "欄位",
    "館際互借費": "",
    "點擊": "點選、按",
}
"""Mainland word → the word that Taiwan uses."""

ALLOWED = {"代碼"}
"""In use on both sides after all."""

_LITERAL = re.compile(r"""["']([a-z][a-z_]*\.[a-z][a-z0-9_]*)["']""")
_PATTERN = re.compile(r"""f["']([a-z][a-z_]*\.[a-z0-9_]*\{[^"'\n]*)["']""")
_JOINED = re.compile(r"""["']([a-z][a-z_]*\.[a-z0-9_]*)["']\s*(?:~|\+)""")
_WORD = re.compile(r"[a-z0-9]+")


@cache
def catalogue(domain: str, language: str) -> TextCatalogue:
    return read_catalogue(module.LOCALE_FOLDER / language / f"{domain}.po")


@cache
def keys() -> frozenset[str]:
    return frozenset(key for domain in DOMAINS for key in catalogue(domain, LANGUAGES[0]).entries)


@cache
def source() -> str:
    files = [*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.html"), *PACKAGE.rglob("*.xml"), *PACKAGE.rglob("*.txt")]
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def test_every_text_that_is_used_is_there() -> None:
    sections = {key.partition(".")[0] for key in keys()}
    called = set(re.findall(r"""\bt\(\s*["']([a-z_]+\.[a-z0-9_]+)["']\s*[,)]""", source()))
    assert len(called) > 200
    assert {key for key in called if key.partition(".")[0] in sections} - keys() == set()
    assert {key.partition(".")[0] for key in called} <= sections


def test_every_text_that_is_there_is_used() -> None:
    literal = set(_LITERAL.findall(source()))
    made = [re.sub(r"\\\{.*?\\\}", "(.+)", re.escape(found)) for found in set(_PATTERN.findall(source()))]
    made += [re.escape(found) + "(.+)" for found in set(_JOINED.findall(source()))]
    patterns = [re.compile(one) for one in made]
    words = set(_WORD.findall(source())) | set(_WORD.findall(_of_other_packages()))

    def is_made(key: str) -> bool:
        found = (pattern.fullmatch(key) for pattern in patterns)
        return any(
            match and all(part in words for group in match.groups() for part in group.split("_")) for match in found
        )

    assert sorted(key for key in keys() - literal if not is_made(key)) == []


def _of_other_packages() -> str:
    root = PACKAGE.parent
    return "\n".join(
        file.read_text(encoding="utf-8")
        for name in ("indexer", "harvester", "mappings")
        for file in root.glob(f"{name}/**/*.py")
    )


@pytest.mark.parametrize(("domain", "language"), TRANSLATED)
def test_every_text_is_translated(domain: str, language: str) -> None:
    found = catalogue(domain, language).entries
    today = catalogue(domain, LANGUAGES[0]).entries
    assert sorted(key for key in today if key not in found or not found[key].forms) == []
    outdated = [key for key in today if key in found and found[key].english != today[key].english]
    assert outdated == [], "translated from other words than those of today: run make texts"
    assert found.keys() == today.keys(), "run make texts"


@pytest.mark.parametrize("language", LABEL_LANGUAGES)
def test_every_label_is_translated(language: str) -> None:
    found = catalogue(LABELS, language).entries
    wanted = {f"{table}.{code}": label["en"] for table in TABLES for code, label in load_table(table).labels.items()}
    assert {key: entry.english[0] for key, entry in found.items()} == wanted, "run make texts"
    assert sorted(key for key, entry in found.items() if not entry.forms) == []


@pytest.mark.parametrize(("domain", "language"), [*TRANSLATED, *((LABELS, code) for code in LABEL_LANGUAGES)])
def test_only_what_is_called_alike_everywhere_is_left_in_english(domain: str, language: str) -> None:
    same = {
        key: entry.forms[0]
        for key, entry in catalogue(domain, language).entries.items()
        if entry.forms and entry.forms[0] == entry.english[0] and re.search(r"[a-z]{3}", entry.forms[0])
    }
    known = {"Braille", "API", "sponsor", "moderator", "OpenURL", "Parameter"}
    plain = {key: text for key, text in same.items() if re.sub(r"\{\w+\}", "", text).strip(" :()") not in known}
    assert {key: text for key, text in plain.items() if re.search(r"[a-z]{3}", re.sub(r"\{\w+\}", "", text))} == {}


@pytest.mark.parametrize("domain", DOMAINS)
def test_chinese_texts_have_the_words_of_taiwans_libraries(domain: str) -> None:
    said = {key: " ".join(entry.forms) for key, entry in catalogue(domain, LANGUAGES[0]).entries.items()}
    for word in MAINLAND.keys() - ALLOWED:
        assert [key for key, text in said.items() if word in text] == [], f"{word}: say {MAINLAND[word]}"


@pytest.mark.parametrize("language", ["vi", "id", "th"])
def test_no_chinese_is_left_where_none_is_read(language: str) -> None:
    left = {
        key: text
        for domain in ("patron", LABELS)
        for key, entry in catalogue(domain, language).entries.items()
        for text in entry.forms
        if re.search("[\u3400-\u9fff\uff00-\uffef\u3000-\u303f]", text)
    }
    assert set(left) <= {"reason.parts_correspond"}


def test_characters_are_those_of_the_language() -> None:
    """Simplified characters in Chinese, Chinese-only punctuation in Japanese: both come of copying."""
    chinese = " ".join(text for entry in catalogue("patron", "zh-Hant").entries.values() for text in entry.forms)
    assert set(chinese) & set("们这个还书馆检录档显网页语读") - set("書") == set()
    japanese = " ".join(text for entry in catalogue("patron", "ja").entries.values() for text in entry.forms)
    assert set(japanese) & set("圖書館檢關說區臺") - set("書館") == set()

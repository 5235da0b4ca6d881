from __future__ import annotations

from pathlib import Path

import pytest

from indexer.record import Carrier, Format
from mappings.library import load_libraries
from mappings.table import LANGUAGES, CodeTable, TableInvalid, load_table

NAMES = ("languages", "countries", "formats", "regions", "carriers", "relators")


@pytest.mark.parametrize("name", NAMES)
def test_every_table_loads_and_has_a_label_in_each_language(name: str) -> None:
    table = load_table(name)
    assert len(table) > 0
    for code in table:
        assert all(table.label(code, language) for language in LANGUAGES)
    assert not table.unseen


def test_every_format_carrier_and_region_in_use_has_a_label() -> None:
    assert set(load_table("formats")) == {str(value) for value in Format}
    assert set(load_table("carriers")) == {str(value) for value in Carrier}
    assert {library.region for library in load_libraries().values()} <= set(load_table("regions"))


@pytest.mark.parametrize(
    ("table", "code", "chinese", "english"),
    [
        ("formats", "book", "圖書", "Book"),
        ("formats", "thesis", "學位論文", "Thesis"),
        ("regions", "islands", "離島", "Offshore islands"),
        ("languages", "vie", "越南文", "Vietnamese"),
        ("countries", "ch", "臺灣", "Taiwan"),
        ("relators", "trl", "譯者", "translator"),
    ],
)
def test_labels_are_what_taiwan_says(table: str, code: str, chinese: str, english: str) -> None:
    loaded = load_table(table)
    assert (loaded.label(code), loaded.label(code, "en")) == (chinese, english)


def test_an_unknown_code_is_shown_as_it_is_and_counted() -> None:
    table = CodeTable("t", {"a": {"zh-Hant": "甲", "en": "A"}})
    assert [table.label("zz", "en"), table.label("zz", "en")] == ["zz", "zz"]
    assert table.unseen == {"zz": 2}


def test_an_unknown_code_gets_the_default_where_there_is_one_and_is_counted_too() -> None:
    table = CodeTable("t", {"a": {"zh-Hant": "甲", "en": "A"}}, default={"zh-Hant": "其他", "en": "Other"})
    assert (table.label("zz", "en"), table.unseen) == ("Other", {"zz": 1})


def test_other_peoples_codes_are_translated_and_unknown_ones_counted() -> None:
    countries = load_table("countries")
    assert (countries.translated("unimarc", "tw"), countries.translated("unimarc", "qq")) == ("ch", "")
    assert countries.unseen == {"unimarc:qq": 1}
    with pytest.raises(KeyError):
        countries.translated("nobody", "tw")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[labels", "not readable as TOML"),
        ("", "labels: give at least one code"),
        ("colour = 1\n[labels]\na = { zh-Hant = 'x', en = 'y' }", "colour: unknown"),
        ("[labels]\na = { en = 'y' }", "labels.a"),
        ("[labels]\na = { zh-Hant = ' ', en = 'y' }", "labels.a"),
        ("default = 3\n[labels]\na = { zh-Hant = 'x', en = 'y' }", "default = 3"),
        ("[labels]\na = { zh-Hant = 'x', en = 'y' }\n[from.iso]\nb = 'zz'", "from.iso.b = 'zz'"),
        ("[labels]\na = { zh-Hant = 'x', en = 'y' }\n[from]\niso = 3", "from.iso = 3"),
    ],
)
def test_a_wrong_table_stops_with_file_and_key(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "bad.toml").write_text(text, encoding="utf-8")
    with pytest.raises(TableInvalid, match=r"bad\.toml") as raised:
        load_table("bad", tmp_path)
    assert says in str(raised.value)


def test_a_missing_table_says_which(tmp_path: Path) -> None:
    with pytest.raises(TableInvalid, match=r"none\.toml"):
        load_table("none", tmp_path)

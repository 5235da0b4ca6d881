from __future__ import annotations

from pathlib import Path

import pytest

from mappings.library import LibraryInvalid, load_libraries, load_library

GOOD = """
code = "haven"
name = { "zh-Hant" = "港灣圖書館", en = "Haven Library" }
region = "north"
kind = "city"

[harvest]
protocol = "oai-pmh"
url = "http://127.0.0.1:1/oai"
"""


def file_of(folder: Path, text: str, name: str = "haven.toml") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def test_a_library_is_its_file(tmp_path: Path) -> None:
    library = load_library(file_of(tmp_path, GOOD))
    assert (library.code, library.label("en"), library.label("xx")) == ("haven", "Haven Library", "港灣圖書館")
    assert library == load_library(file_of(tmp_path, GOOD))


def test_what_a_file_leaves_out_has_careful_values(tmp_path: Path) -> None:
    library = load_library(file_of(tmp_path, GOOD))
    assert (library.records.dialect, library.records.encoding, library.records.local_id) == ("auto", "auto", "001")
    assert (library.availability.protocol, library.lending.lends) == ("none", True)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (GOOD + "\n[records]\nholdings = 'shelf'\n", "records.holdings"),
        (GOOD + "\n[records]\nholdigs = 'none'\n", "records.holdigs"),
        (GOOD.replace('url = "http://127.0.0.1:1/oai"', ""), "harvest.url is required"),
        (GOOD.replace('"oai-pmh"', '"marc-dump"'), "harvest.files is required"),
        (GOOD + "\n[availability]\nprotocol = 'daia'\n", "availability.url is required for daia"),
        (GOOD.replace('kind = "city"', 'kind = "palace"'), "kind"),
        (GOOD.replace('code = "haven"', 'code = "harbour"'), "must be the file's name"),
        (GOOD.replace('{ "zh-Hant" = "港灣圖書館", en = "Haven Library" }', "{}"), "name"),
        ("code = ", "not readable as TOML"),
    ],
)
def test_a_wrong_file_stops_with_file_key_and_what_is_allowed(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(LibraryInvalid, match=r"haven\.toml") as raised:
        load_library(file_of(tmp_path, text))
    assert says in str(raised.value)


def test_a_folder_without_libraries_is_a_mistake_not_an_empty_consortium(tmp_path: Path) -> None:
    with pytest.raises(LibraryInvalid, match="holds no library"):
        load_libraries(tmp_path)


def test_the_demo_consortium_loads_in_the_order_of_its_codes() -> None:
    libraries = load_libraries()
    assert list(libraries) == sorted(libraries)
    assert len(libraries) >= 8

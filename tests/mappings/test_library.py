from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from mappings.item_field import ItemField
from mappings.library import LibraryInvalid, Preset, load_libraries, load_library, named

GUIDE = Path(__file__).parents[2] / "docs" / "holdings.md"

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
    assert (library.code, library.label("en"), library.label("ja")) == ("haven", "Haven Library", "港灣圖書館")
    assert library == load_library(file_of(tmp_path, GOOD))


def test_what_a_file_leaves_out_has_careful_values(tmp_path: Path) -> None:
    library = load_library(file_of(tmp_path, GOOD))
    assert (library.records.dialect, library.records.encoding, library.records.local_id) == ("auto", "auto", "001")
    assert (library.availability.protocol, library.lending.lends) == ("none", None)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (GOOD + "\n[records]\nholdings = 'shelf'\n", "records.holdings"),
        (GOOD + "\n[records]\nignore_fields = ['500', '500$a']\n", "records.ignore_fields.1 = '500$a'"),
        (GOOD + "\n[records]\nignore_fields = ['50']\n", "must be the tag of a field"),
        (GOOD + "\n[records]\nignore_fields = ['LDR']\n", "not the leader"),
        (GOOD + "\n[records]\nignore_fields = ['５００']\n", "must be the tag of a field"),
        (GOOD + "\n[records]\nignore_fields = ['5x5']\n", "records.ignore_fields.0 = '5x5'"),
        (GOOD + "\n[records]\nignore_fields = ['XXX']\n", "5XX for all of 500–599"),
        (GOOD + "\n[records]\nignore_fields = ['Ava']\n", "must be the tag of a field"),
        (GOOD + "\n[records]\nlocal_id = '9XX$a'\n", "records.local_id = '9XX$a'"),
        (GOOD + "\n[records]\nlocal_id = '999 c'\n", "a tag, or a tag and a subfield such as 999$c"),
        (GOOD + "\n[records]\nholdigs = 'none'\n", "records.holdigs = 'none': no such key; allowed are branches, "),
        (f"colour = 'red'\n{GOOD}", "colour = 'red': no such key; allowed are availability, code, "),
        (GOOD + "\n[[records.item_fields]]\ntag = '949'\nbarcod = 'i'\n", "no such key; allowed are"),
        ('code = "haven"', "name: is required; region: is required"),
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
    with pytest.raises(LibraryInvalid, match="nosuch: no such folder"):
        load_libraries(tmp_path / "nosuch")


def test_the_demo_consortium_loads_in_the_order_of_its_codes() -> None:
    libraries = load_libraries()
    assert list(libraries) == sorted(libraries)
    assert len(libraries) >= 8


OWN = """
[[records.item_fields]]
tag = "949"
branch = "m"
location = "l"
call_number = "a"
barcode = "i"
gone = { s = ["w"] }
"""
CHOSEN = "\n[records]\nholdings = 'none'\n"


def test_a_library_may_say_itself_which_subfield_holds_what(tmp_path: Path) -> None:
    library = load_library(file_of(tmp_path, GOOD + CHOSEN + OWN))
    (field,) = library.records.item_fields
    assert (field.tag, field.branch, field.barcode, field.describes) == ("949", "m", "i", "item")
    assert field.gone == {"s": ("W",)}
    assert library == load_library(file_of(tmp_path, GOOD + CHOSEN + OWN))


def test_without_such_fields_only_the_preset_is_read(tmp_path: Path) -> None:
    assert load_library(file_of(tmp_path, GOOD)).records.item_fields == ()


def test_fields_to_ignore_are_tags(tmp_path: Path) -> None:
    file = tmp_path / "haven.toml"
    file.write_text(GOOD + "\n[records]\nignore_fields = ['500', 'AVA', 'a01']\n", encoding="utf-8")
    assert load_library(file).records.ignore_fields == ("500", "AVA", "a01")
    file.write_text(GOOD, encoding="utf-8")
    assert load_library(file).records.ignore_fields == ()


@pytest.mark.parametrize(
    ("written", "range_", "why"),
    [
        ("5xx", ("500", "599", 100), "as cataloguers write all notes"),
        ("9XX", ("900", "999", 100), "in capitals"),
        ("59x", ("590", "599", 10), "ten of them"),
        ("590", ("590", "590", 1), "one is one"),
    ],
)
def test_fields_to_ignore_may_be_a_range_of_tags(
    tmp_path: Path, written: str, range_: tuple[str, str, int], why: str
) -> None:
    found = load_library(file_of(tmp_path, f"{GOOD}\n[records]\nignore_fields = ['{written}', '{range_[0]}']\n"))
    tags = found.records.ignore_fields
    assert (tags[0], tags[-1], len(tags)) == range_, why


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (OWN.replace('tag = "949"', 'tag = "94"'), "records.item_fields.0.tag = '94'"),
        (OWN.replace('tag = "949"', 'tag = "9XX"'), "records.item_fields.0.tag = '9XX'"),
        (OWN.replace('tag = "949"', ""), "records.item_fields.0.tag"),
        (OWN.replace('branch = "m"', 'branch = "m n"'), "records.item_fields.0.branch = 'm n'"),
        (OWN.replace('branch = "m"', 'branch = "mm"'), "names subfield m twice"),
        (OWN.replace('barcode = "i"', 'barkode = "i"'), "records.item_fields.0.barkode"),
        (OWN + 'describes = "volume"\n', "'item' or 'holding'"),
        (OWN + "branch_length = 99\n", "records.item_fields.0.branch_length = 99"),
        ('[[records.item_fields]]\ntag = "949"\nnote = "z"\n', "give the subfields of at least one of branch"),
        (
            '[[records.item_fields]]\ntag = "949"\nbarcode = "i"\nbranch_length = 2\n',
            "give the subfield of the location",
        ),
        (
            '[[records.item_fields]]\ntag = "949"\nbarcode = "i"\npublic_marks = ["."]\n',
            "give the subfield of the note",
        ),
    ],
)
def test_a_wrong_item_field_stops_with_its_number_key_and_what_is_allowed(
    tmp_path: Path, wrong: str, says: str
) -> None:
    with pytest.raises(LibraryInvalid, match=r"haven\.toml") as raised:
        load_library(file_of(tmp_path, GOOD + CHOSEN + wrong))
    assert says in str(raised.value)


def test_with_fields_of_its_own_a_library_says_whether_a_preset_is_read_too(tmp_path: Path) -> None:
    with pytest.raises(LibraryInvalid, match='say holdings = "none", or the preset'):
        load_library(file_of(tmp_path, GOOD + OWN))


@pytest.mark.parametrize("name", [*get_args(Preset), *ItemField.model_fields])
def test_the_guide_names_every_preset_and_every_key_of_an_item_field(name: str) -> None:
    assert name == "tag" or f"`{name}`" in GUIDE.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("language", "name", "why"),
    [
        ("zh-Hant", "河灣市立圖書館", "it is given"),
        ("ja", "河灣市立圖書館", "names of Taiwan stand in characters in Japanese print"),
        ("vi", "Riverton City Library", "nobody there reads characters"),
    ],
)
def test_a_name_that_a_language_lacks_stands_in_one_its_readers_read(language: str, name: str, why: str) -> None:
    assert named({"zh-Hant": "河灣市立圖書館", "en": "Riverton City Library"}, language) == name, why


def test_a_name_in_a_single_language_stands_in_it_everywhere() -> None:
    assert named({"fr": "Bibliothèque"}, "th") == "Bibliothèque"

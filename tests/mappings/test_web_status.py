from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from mappings.availability import Availability
from mappings.library import Library, LibraryInvalid, load_library
from mappings.web_presets import PRESETS
from mappings.web_status import Web

PERMISSION = "letter of the director, 2026-03-01"
HEAD = """
code = "haifeng"
name.zh-Hant = "海風市立圖書館"
region = "north"
kind = "city"
harvest = { protocol = "oai-pmh", url = "https://oai.example.org/" }
"""

TABLES = f"""
[availability]
protocol = "web"
url = "https://opac.example.org"
[availability.web]
permission = "{PERMISSION}"
"""


def web(**keys: Any) -> Web:
    return Web.model_validate({"permission": PERMISSION, "path": "/record/{local_id}", **keys})


def loaded(folder: Path, text: str) -> Library:
    file = folder / "haifeng.toml"
    file.write_text(HEAD + text, encoding="utf-8")
    return load_library(file)


def test_a_librarys_file_without_its_permission_is_refused_in_clear_words(tmp_path: Path) -> None:
    with pytest.raises(
        LibraryInvalid, match=r"availability\.web\.permission = '': .*only with its library's permission"
    ):
        loaded(tmp_path, '[availability]\nprotocol = "web"\nurl = "https://opac.example.org"\nweb.preset = "hylib"\n')


def test_a_librarys_file_with_its_permission_is_read(tmp_path: Path) -> None:
    service = loaded(tmp_path, TABLES + 'preset = "hylib"\n').availability
    assert service.web is not None
    assert service.web.permission == PERMISSION


@pytest.mark.parametrize("permission", ["", "   ", "yes", "granted"])
def test_a_permission_says_who_gave_it_and_when(permission: str) -> None:
    with pytest.raises(ValueError, match="say who gave it and when"):
        web(permission=permission)


def test_pages_are_asked_more_gently_than_services_unless_the_file_says_otherwise() -> None:
    keys = {"protocol": "web", "url": "https://opac.example.org", "web": {"permission": PERMISSION, "preset": "t2"}}
    gentle = Availability.model_validate(keys)
    assert (gentle.per_second, gentle.at_once, gentle.batch_size) == (2.0, 2, 1)
    assert Availability.model_validate({**keys, "per_second": 0.5}).per_second == 0.5
    service = Availability.model_validate({"protocol": "daia", "url": "https://opac.example.org"})
    assert (service.per_second, service.at_once) == (None, 4)


def test_the_keys_of_pages_are_wanted_where_pages_are_asked() -> None:
    with pytest.raises(ValueError, match=r"availability\.web is required for web"):
        Availability.model_validate({"protocol": "web", "url": "https://opac.example.org"})


def test_a_page_is_of_one_record() -> None:
    keys = {"protocol": "web", "url": "https://opac.example.org", "web": {"permission": PERMISSION, "preset": "t2"}}
    with pytest.raises(ValueError, match="batch_size must be 1"):
        Availability.model_validate({**keys, "batch_size": 20})


@pytest.mark.parametrize("preset", sorted(PRESETS))
def test_every_preset_is_whole(preset: str) -> None:
    assert Web.model_validate({"permission": PERMISSION, "preset": preset}).path


def test_a_librarys_own_keys_go_before_the_presets_and_leave_the_others() -> None:
    keys = {"path": "/webpac/bookDetail.do?id={local_id}", "fields": {"status": "現況"}}
    own = Web.model_validate({"permission": PERMISSION, "preset": "hylib-jsp", **keys})
    assert (own.path, own.copies) == ("/webpac/bookDetail.do?id={local_id}", "table.order")
    assert own.headings["status"] == ("現況",)
    assert "索書號" in own.headings["call_number"]
    hylib = Web.model_validate({"permission": PERMISSION, "preset": "hylib", "fields": {"due": "dueDate"}})
    assert (hylib.fields["due"], hylib.fields["barcode"]) == (("dueDate",), ("barcode",))


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"path": ""}, "path is required"),
        ({"path": "record"}, "must begin with / or"),
        ({"path": "https://elsewhere.example/{local_id}"}, "must begin with / or"),
        ({"path": "/record"}, "names no record"),
        ({"path": "/record/{bookid}"}, r"\{bookid\}: nothing is known by that name"),
        ({"path": "/search?i={isbn}"}, "needs availability.web.title"),
        ({"path": "/record/{local_id}/{page}"}, "needs availability.web.page_size"),
        ({"form": {"id": "{local_id}"}}, 'sent with method = "POST"'),
        ({"method": "POST", "form": {"a": "b"}, "body": {"a": "b"}}, "either"),
        ({"copies": "table["}, "is not a CSS selector"),
        ({"more": "a["}, "is not a CSS selector"),
        ({"title": "h2["}, "is not a CSS selector"),
        ({"only": {"branch": "("}}, "is not a regular expression"),
        ({"only": {"colour": "red"}}, "Input should be 'status'"),
        ({"way": "rows", "fields": {"status": "td"}}, "copies is required"),
        ({"way": "json", "copies": "data.items"}, "fields.status is required"),
        ({"before": {"patterns": {"token": "csrf"}}}, "needs a group"),
        ({"before": {"path": "/{token}"}}, r"\{token\}: nothing is known by that name"),
        ({"max_pages": 21}, "less than or equal to 20"),
    ],
)
def test_what_cannot_work_stops_the_start_up(keys: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        web(**keys)


def test_a_key_that_is_unknown_is_named_with_those_that_are_allowed(tmp_path: Path) -> None:
    text = TABLES + 'path = "/{local_id}"\n'
    with pytest.raises(LibraryInvalid, match=r"availability\.web\.pth = 'x': no such key; allowed are after, before"):
        loaded(tmp_path, text + 'pth = "x"\n')
    with pytest.raises(
        LibraryInvalid, match=r"availability\.web\.before\.pth = 'x': no such key; allowed are keep_sec"
    ):
        loaded(tmp_path, text + 'before = { pth = "x" }\n')


def test_the_examples_of_the_documentation_are_files_that_are_read(tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "docs/availability/web.md").read_text(encoding="utf-8")
    examples = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    assert len(examples) >= 5
    for example in examples:
        assert loaded(tmp_path, example).availability.web is not None
    named = set(re.findall(r"^\| `([a-z0-9-]+)` \|", text, re.MULTILINE))
    assert set(PRESETS) <= named

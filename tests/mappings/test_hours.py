"""Opening hours as a library's file states them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from mappings.hours import CLOSED, Hours
from mappings.library import LibraryInvalid, load_library

SATURDAY = date(2026, 11, 21)
FILE = """
code = "riverton"
name = { en = "Riverton" }
region = "south"
kind = "city"

[harvest]
protocol = "oai-pmh"
url = "https://lib.example.org/oai"
"""


def test_a_day_has_the_hours_stated_for_its_weekday() -> None:
    hours = Hours(fri="08:30-12:00,13:30-24:00", sat="09:00-17:00", sun="closed")
    assert hours.on(SATURDAY) == "09:00-17:00"
    assert hours.on(date(2026, 11, 20)) == "08:30-12:00, 13:30-24:00"
    assert hours.on(date(2026, 11, 22)) == CLOSED


def test_a_day_of_which_nothing_is_stated_is_not_known_to_be_closed() -> None:
    assert Hours().on(SATURDAY) == ""
    assert Hours().week == ("",) * 7


def test_a_closure_closes_every_weekday() -> None:
    hours = Hours.model_validate({"sat": "09:00-17:00", "closures": [{"first": "11-20", "last": "11-22"}]})
    assert hours.on(SATURDAY) == CLOSED
    assert hours.on(date(2026, 11, 28)) == "09:00-17:00"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("9-17", "no minutes"),
        ("09:00-25:00", "no such hour"),
        ("17:00-09:00", "ends before it begins"),
        ("09:00-12:00, 11:00-17:00", "spans that overlap"),
        ("open", "a word nobody can read as hours"),
        ("24:00-24:00", "nothing between"),
    ],
)
def test_hours_that_cannot_be_read_stop_the_start_with_file_and_key(tmp_path: Path, text: str, why: str) -> None:
    file = tmp_path / "riverton.toml"
    file.write_text(f'{FILE}\n[hours]\nmon = "{text}"\n', encoding="utf-8")
    with pytest.raises(LibraryInvalid, match=r"riverton\.toml: hours\.mon = "):
        load_library(file)


def test_an_unknown_day_is_named_with_what_is_allowed(tmp_path: Path) -> None:
    file = tmp_path / "riverton.toml"
    file.write_text(f'{FILE}\n[hours]\nmonday = "09:00-17:00"\n', encoding="utf-8")
    with pytest.raises(LibraryInvalid, match=r"hours\.monday = .*no such key; allowed are .*mon"):
        load_library(file)

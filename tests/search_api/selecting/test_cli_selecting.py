"""`allshelves overlap`: the same report in the terminal, and its files."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner, Result

from search_api.cli import app
from search_api.settings import Settings
from tests.support.catalogue import RED, UNHELD

Run = Callable[..., Result]


@pytest.fixture
def run(stocked: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.setenv("ALLSHELVES_HOME", str(stocked.home))
    monkeypatch.setenv("ALLSHELVES_LIBRARIES", str(stocked.libraries))
    monkeypatch.chdir(tmp_path)

    def invoke(*arguments: str) -> Result:
        return CliRunner().invoke(app, ["overlap", *arguments])

    return invoke


LIST = f"書名,ISBN,定價\n紅樓夢,{RED},NT$500\n新書,{UNHELD},NT$350\n,9.78957E+12,\n"


def test_a_file_is_checked_and_told_in_tables(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "書單.csv"
    file.write_bytes(LIST.encode("cp950"))
    told = run(str(file), "--library", "alpha", "--csv", "a.csv", "--xlsx", "a.xlsx")
    assert told.exit_code == 0, told.output
    assert "title: 書名; isbn: ISBN; price: 定價" in told.output
    for words in ("This edition is held", "Held by nobody", "NT$350", "Skip: Your library has 2 copies"):
        assert words in told.output
    rows = list(csv.DictReader(io.StringIO((tmp_path / "a.csv").read_text("utf-8-sig"))))
    assert [row["Advice"] for row in rows] == ["Skip", "Buy", "Correct first"]
    assert openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0].max_row == 4


def test_a_rule_is_given_by_options(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text(RED)
    assert "Buy: Held by 3" in run(str(file), "--fewer-than", "4", "--scope", "consortium").output
    assert "Skip: Held by 3" in run(str(file), "-n", "3", "--scope", "consortium").output


@pytest.mark.parametrize(
    ("data", "options", "said"),
    [
        (b"%PDF-1.4", (), "This is a PDF"),
        (b"a,b\nc,d\n", ("--columns", "isbn=Z"), "The list has no column 'Z'"),
        (b"x", ("--library", "nosuch"), "no library 'nosuch'"),
    ],
)
def test_what_cannot_be_checked_is_said_in_one_line(
    *, run: Run, tmp_path: Path, data: bytes, options: tuple[str, ...], said: str
) -> None:
    file = tmp_path / "a"
    file.write_bytes(data)
    told = run(str(file), *options)
    assert told.exit_code == 2
    assert said in " ".join(told.output.split())

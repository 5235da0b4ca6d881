"""`allshelves last-copies` over a small catalogue: what it lists, writes and refuses."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path

import pytest
from openpyxl import load_workbook

from search_api.settings import Settings
from tests.search_api.test_cli import Deployment


@pytest.fixture
def deployment(filled: Settings) -> Deployment:
    return Deployment(filled.home, filled.libraries)


def test_what_only_one_library_holds_is_listed_with_its_call_number(deployment: Deployment) -> None:
    ended = deployment.run("last-copies", "alpha")
    assert (ended.code, ended.out.splitlines()[0]) == (0, "Held by Alpha Library only: 1")
    assert "Sapiens: a brief history of humankind" in ended.out
    assert "CB113" in ended.out
    assert "紅樓夢" not in ended.out


def test_a_library_that_holds_nothing_alone_has_none(deployment: Deployment) -> None:
    assert deployment.run("last-copies", "beta").out.startswith("Held by Beta Library only: 0")


def test_a_part_is_what_a_search_finds(deployment: Deployment) -> None:
    assert ": 0" in deployment.run("last-copies", "alpha", "--within", "language=chi").out
    assert ": 1" in deployment.run("last-copies", "alpha", "--within", "language=eng&year_from=2000", "--works").out


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_all_of_them_go_into_a_file(deployment: Deployment, tmp_path: Path, kind: str) -> None:
    file = tmp_path / f"last.{kind}"
    ended = deployment.run("last-copies", "alpha", "--file", str(file), ALLSHELVES_LANGUAGE="zh-Hant")
    assert (ended.code, ended.out.strip()) == (0, f"已將1種寫入{file}。")
    if kind == "csv":
        heading, line = csv.reader(io.StringIO(file.read_text(encoding="utf-8-sig")))
    else:
        heading, line = (list(row) for row in load_workbook(file).worksheets[0].iter_rows(values_only=True))
    assert (line[heading.index("題名")], line[heading.index("索書號")]) == (
        "Sapiens a brief history of humankind",
        "CB113",
    )


@pytest.mark.parametrize(
    ("arguments", "said", "why"),
    [
        (("nobody",), "no library 'nobody'", "no member"),
        (("alpha", "--file", "last.pdf"), "ends neither in .csv nor in .xlsx", "no kind of file we write"),
        (("alpha", "--within", "colour=red"), "no parameter 'colour'", "no parameter of a search"),
        (("alpha", "--within", "紅樓夢"), "no parameter '紅樓夢'", "words are no parameter"),
        (("alpha", "--within", "year_from=x"), "year_from", "no year"),
    ],
)
def test_what_cannot_be_asked_is_said(deployment: Deployment, arguments: tuple[str, ...], said: str, why: str) -> None:
    ended = deployment.run("last-copies", *arguments)
    assert ended.code == 2, why
    assert said in " ".join(ended.err.replace("│", " ").split()), why


def test_without_an_index_it_is_said_what_to_do(deployment: Deployment, tmp_path: Path) -> None:
    shutil.copytree(deployment.libraries, tmp_path / "libraries")
    ended = Deployment(tmp_path / "state", tmp_path / "libraries").run("last-copies", "alpha")
    assert (ended.code, "allshelves index" in ended.err) == (2, True)

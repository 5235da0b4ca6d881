"""The members' files, as a process that runs for ever reads them."""

from __future__ import annotations

from pathlib import Path

import pytest

from mappings.library import LibraryInvalid
from search_api.commands.harvest import LibraryFiles
from tests.support.catalogue import write_libraries


def test_files_are_read_again_only_when_one_has_changed(tmp_path: Path) -> None:
    files = LibraryFiles(write_libraries(tmp_path / "libraries"))
    first = files()
    assert list(first) == ["alpha", "beta", "delta", "gamma"]
    assert files() is first
    (tmp_path / "libraries" / "beta.toml").unlink()
    assert list(files()) == ["alpha", "delta", "gamma"]


def test_a_mistake_is_told_once_and_mended_when_the_file_is(tmp_path: Path) -> None:
    files = LibraryFiles(write_libraries(tmp_path / "libraries"))
    before = files()
    file = tmp_path / "libraries" / "alpha.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text + "\nnonsense = 1\n", encoding="utf-8")
    with pytest.raises(LibraryInvalid, match=r"alpha\.toml"):
        files()
    assert files() is before
    file.write_text(text + "\n# mended\n", encoding="utf-8")
    assert files() == before


def test_a_file_that_goes_while_it_is_looked_at_is_looked_for_again(tmp_path: Path) -> None:
    files = LibraryFiles(write_libraries(tmp_path / "libraries"))
    link = tmp_path / "libraries" / "omega.toml"
    link.symlink_to(tmp_path / "nowhere.toml")
    for _ in range(2):
        with pytest.raises(LibraryInvalid, match=r"omega\.toml"):
            files()
    link.unlink()
    assert "alpha" in files()

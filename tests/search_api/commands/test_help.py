"""What `allshelves` says before any command is run."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import import_module
from importlib.metadata import version

from search_api import cli

HEAVY = ("aiohttp", "lxml", "pydantic", "sqlalchemy", "tantivy")


def allshelves(*arguments: str) -> subprocess.CompletedProcess[str]:
    """A run of its own, whose last line tells which of the heavy libraries it imported."""
    program = (
        "import sys; from search_api import cli\n"
        "try: cli.main()\n"
        f"finally: print('imported', *sorted({set(HEAVY)} & sys.modules.keys()))"
    )
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ALLSHELVES_")}
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**environment, "COLUMNS": "300"},
    )


def test_the_help_lists_every_command_with_its_docstring_and_imports_no_library_for_it() -> None:
    said = allshelves("--help").stdout
    assert said.splitlines()[-1] == "imported"
    for name, module in cli.COMMANDS.items():
        function = getattr(import_module(f"search_api.commands.{module}"), name.replace("-", "_"))
        assert f"{name} " in said
        assert (function.__doc__ or "").split(".")[0] in said


def test_a_command_that_is_run_is_the_one_of_its_module() -> None:
    said = allshelves("rebuild", "--help")
    assert (said.returncode, "--reread" in said.stdout) == (0, True)
    assert said.stdout.splitlines()[-1] != "imported"


def test_a_mistyped_command_is_not_guessed_but_the_nearest_is_told() -> None:
    said = allshelves("rebiuld")
    assert (said.returncode, "rebuild" in said.stderr) == (2, True)


def test_the_version_is_told_without_a_command() -> None:
    assert allshelves("--version").stdout.splitlines() == [f"allshelves {version('allshelves')}", "imported"]

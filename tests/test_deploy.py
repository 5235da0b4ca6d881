"""What is shipped to run it by: units and image name commands and folders there are."""

from __future__ import annotations

import configparser
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from search_api.cli import COMMANDS

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"


@pytest.mark.parametrize("name", ["work", "serve"])
def test_a_unit_starts_a_command_there_is_and_leaves_it_time_to_end(name: str) -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(DEPLOY / f"allshelves-{name}.service")
    program, command = unit["Service"]["ExecStart"].split()
    assert program.endswith("/.venv/bin/allshelves")
    assert command == name
    assert command in COMMANDS
    assert int(unit["Service"].get("TimeoutStopSec", "90")) >= 60


def test_the_image_holds_every_package_of_the_product() -> None:
    lines = (DEPLOY / "Dockerfile").read_text().splitlines()
    copied = {line.split()[1] for line in lines if line.startswith("COPY ") and len(line.split()) == 3}
    found = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]["find"]["include"]
    assert {name.rstrip("*") for name in found} - copied == {"fixtures"}, "the demo is not part of it"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="this machine has no systemd")
def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    for name in ("work", "serve"):
        text = (DEPLOY / f"allshelves-{name}.service").read_text()
        unit = tmp_path / f"allshelves-{name}.service"
        unit.write_text(text.replace("/opt/allshelves/.venv/bin/allshelves", "/bin/sh"))  # a program that is there
        command = ["systemd-analyze", "verify", "--man=no", str(unit)]
        said = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert (said.returncode, said.stderr) == (0, "")
